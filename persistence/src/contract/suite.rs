//! One macro for each port: it makes every case a test of its own, on a fixture of its own.

#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    ($fixture:expr; $($module:ident { $($case:ident)* })*) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let fixture = $fixture;
                $crate::contract::$module::$case(&fixture).await;
            }
        )*)*
    };
}

/// The cases of [`Journal`](crate::journal::Journal), which every domain with entities passes.
#[macro_export]
macro_rules! journal_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            appending {
                an_unknown_entity_is_empty
                what_is_appended_is_loaded
                a_commit_of_many_events_keeps_their_order
                a_stale_writer_is_told_the_head
                a_stale_writer_is_refused_after_an_archive
                a_gap_is_refused
                an_unknown_entity_has_no_predecessor
                a_commit_that_is_sent_twice_is_written_once
                entities_do_not_see_each_other
                what_can_never_be_written_is_refused_and_harms_nothing
                any_json_comes_back_as_it_was
                a_large_event_comes_back
                everything_is_there_after_reopening
            }
            loading {
                a_snapshot_shortens_the_tail
                a_snapshot_of_another_version_is_ignored
                a_refused_commit_leaves_the_snapshot
                events_after_a_number_are_paged
                archived_events_stay_readable
                nothing_is_archived_without_a_snapshot
                a_long_journal_is_archived_whole
            }
            marks {
                the_most_overdue_come_first
                each_commit_sets_or_clears_the_due_time
                the_relay_mark_only_moves_forward
                a_kind_that_nobody_is_told_of_leaves_the_relay_no_work
                entities_are_listed_by_kind
                many_heads_are_told_at_once
            }
            concurrency {
                two_flushes_of_one_entity_stay_in_order
                of_two_writers_of_one_number_one_wins
                a_refused_commit_does_not_harm_its_neighbours
                two_hundred_entities_write_at_once
                readers_never_see_half_a_commit
            }
        }
    };
}

/// The cases of [`ProductStore`](crate::stores::ProductStore) beyond its journal.
#[macro_export]
macro_rules! product_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            products {
                products_are_found_by_id_and_handle
                variants_are_found_by_id_and_sku
                holds_outlive_the_product_that_forgot_them
                a_handle_is_given_once
                followers_see_every_change_in_order
                positions_are_never_given_twice
                a_refused_commit_writes_no_rows
                rows_are_there_after_reopening
            }
        }
    };
}

/// The cases of [`OrderStore`](crate::stores::OrderStore) beyond its journal.
#[macro_export]
macro_rules! order_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            orders {
                orders_are_found_by_id
                claims_outlive_the_discount_that_forgot_them
                order_numbers_start_at_1001_and_go_on
                an_order_number_is_given_once
                orders_of_an_owner_are_paged_from_the_newest
                orders_of_an_address_are_found_until_they_are_claimed_or_erased
            }
        }
    };
}

/// The cases of [`OutboxStore`](crate::outbox::OutboxStore), on the store that keeps its journals.
#[macro_export]
macro_rules! outbox_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            outbox {
                marks_and_deliveries_are_written_together
                what_waits_names_the_types_of_its_events
                a_line_is_delivered_in_order
                a_failed_one_holds_back_what_comes_after_it
                what_is_parked_lets_the_next_one_go
                a_settled_delivery_is_sent_again_when_asked
                the_log_is_paged_from_the_newest
                settled_deliveries_are_forgotten
                the_backlog_is_counted
                endpoints_are_kept_and_replaced_by_version
                a_removed_endpoint_takes_its_deliveries_along
            }
        }
    };
}

/// The cases of stores that several nodes open at once, with personal values in their journals.
#[macro_export]
macro_rules! nodes_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            nodes {
                two_nodes_race_for_every_number
                two_nodes_share_many_entities
                a_node_reads_what_another_wrote
            }
        }
    };
}

/// The same for [`OrderStore`](crate::stores::OrderStore).
#[macro_export]
macro_rules! order_nodes_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture; nodes { two_nodes_never_take_the_same_order_number } }
    };
}

/// The cases of [`PaymentStore`](crate::stores::PaymentStore) beyond its journal.
#[macro_export]
macro_rules! payment_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture; payments { payments_are_found_by_the_providers_name } }
    };
}

/// The cases of [`ChatStore`](crate::stores::ChatStore) beyond its journal.
#[macro_export]
macro_rules! chat_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            chat {
                rooms_are_written_with_their_row
                an_inbox_has_the_rooms_of_a_member
                what_was_read_never_goes_back
            }
        }
    };
}

/// The cases of [`PersonalData`](crate::stores::PersonalData), for each store that keeps personal values.
#[macro_export]
macro_rules! person_nodes_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture; persons { a_person_erased_elsewhere_is_forgotten_when_told } }
    };
}

/// How nodes share deliveries: by a lease, or because there is only one.
#[macro_export]
macro_rules! claim_contract {
    ($fixture:expr, $case:ident) => {
        $crate::contract_cases! { $fixture; outbox { $case } }
    };
}

#[macro_export]
macro_rules! person_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            persons {
                personal_values_come_back
                an_erased_person_is_erased_everywhere
                a_person_can_come_back_after_being_erased
                persons_who_write_at_once_all_read_back
            }
        }
    };
}

/// The cases of [`AccountStore`](crate::stores::AccountStore).
#[macro_export]
macro_rules! account_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            accounts {
                guests_are_kept
                a_deleted_guest_is_gone
                the_newest_signing_key_comes_first
                a_new_signing_key_retires_the_others
                accounts_come_back_as_they_were
                an_address_belongs_to_one_account
                of_many_who_register_an_address_one_gets_it
                a_stale_record_replaces_nothing
                changes_are_written_together_or_not_at_all
                a_deleted_account_takes_along_what_is_its_own
                accounts_are_found_by_a_part_of_address_or_name
                a_refresh_token_is_exchanged_once
                an_ended_session_exchanges_nothing
                sessions_are_listed_and_ended_but_one
                what_was_revoked_is_told_for_a_while
                a_link_is_good_once
                an_address_book_has_one_default_and_an_end
                a_mail_waits_until_it_is_taken
                keys_of_programs_are_kept_until_they_end
                a_secret_of_the_shop_is_made_once
                what_is_recorded_is_one_chain
                the_audit_is_paged_both_ways
                a_refused_change_is_not_recorded
            }
        }
    };
}

/// The cases of [`Movable`](crate::moving::Movable), from one store to another of its domain.
#[macro_export]
macro_rules! moving_contract {
    ($near:expr, $far:expr) => {
        $crate::moving_contract! { $near, $far;
            all_of_it_is_there_after_a_move
            a_page_may_come_twice
            a_move_that_was_cut_off_goes_on
        }
    };
    ($near:expr, $far:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let (near, far) = ($near, $far);
                $crate::contract::moving::$case(&near, &far).await;
            }
        )*
    };
}

/// The cases of [`Leases`](crate::leases::Leases), for each store that nodes share.
#[macro_export]
macro_rules! lease_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            leases {
                a_lease_has_one_holder
                a_lease_that_ran_out_goes_to_the_next_one
                a_stale_holder_is_told_and_takes_nothing_back
                a_lease_given_back_is_free_at_once
                of_many_who_ask_at_once_one_gets_it
                leases_do_not_know_each_other
            }
        }
    };
}

/// The cases of [`Bus`](crate::bus::Bus), on a [`BusFixture`](crate::contract::BusFixture).
#[macro_export]
macro_rules! bus_contract {
    ($fixture:expr) => {
        $crate::contract_cases! { $fixture;
            bus {
                the_others_hear_what_they_joined_in_order
                signals_travel_without_a_number
                who_left_hears_no_more
                many_channels_are_joined_at_once
                large_payloads_arrive_or_their_number_does
                a_lost_connection_is_told_and_mended
                the_listener_ends_with_the_bus
            }
        }
    };
}
