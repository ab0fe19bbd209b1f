//! The sections of each domain, in the order in which they are moved: what is referred to comes first.

use super::section::Kind::{Bytes, Flag, Integer, Json, Text, Uuid};
use super::section::{Field, Section, What};

/// A domain as a whole.
#[derive(Debug, PartialEq, Eq)]
pub struct MovedDomain {
    /// As in the configuration: `orders`.
    pub name: &'static str,
    pub sections: &'static [Section],
}

/// `name, what, key; field Kind, ...`
macro_rules! section {
    ($name:literal, $what:expr, $key:literal; $($field:ident $kind:ident),* $(,)?) => {
        Section {
            name: $name,
            what: $what,
            key: $key,
            fields: &[$(Field { name: stringify!($field), kind: $kind }),*],
        }
    };
}

const ARCHIVED: Section = section!("archived_commits", What::Commits { archived: true }, 2;
    entity Text, first Integer, count Integer, commit_id Uuid, at Integer, events Json);
const COMMITS: Section = section!("commits", What::Commits { archived: false }, 2;
    entity Text, first Integer, count Integer, commit_id Uuid, at Integer, events Json);
const MARKS: Section = section!("marks", What::Marks, 1; entity Text, due_at Integer, relayed_to Integer);
const SNAPSHOTS: Section =
    section!("snapshots", What::Snapshots, 1; entity Text, seq Integer, version Integer, state Json);
/// With the first number of the commit that it came with, which MongoDB keeps.
const SNAPSHOTS_OF_PRODUCTS: Section = section!("snapshots", What::Snapshots, 1;
    entity Text, seq Integer, version Integer, state Json, first Integer);
const PERSON_KEYS: Section = section!("person_keys", What::Rows, 1; id Uuid, person Text, secret Bytes);

pub static PRODUCTS: MovedDomain = MovedDomain {
    name: "products",
    sections: &[
        section!("handles", What::Rows, 1; handle Text, product_id Text),
        ARCHIVED,
        COMMITS,
        MARKS,
        SNAPSHOTS_OF_PRODUCTS,
        section!("product_rows", What::Rows, 1; id Text, seq Integer, handle Text, view Json),
        section!("variant_rows", What::Rows, 1; id Text, product_id Text, sku Text),
        section!("hold_rows", What::Rows, 2; product_id Text, order_id Text, state Text, lines Json),
    ],
};

pub static ORDERS: MovedDomain = MovedDomain {
    name: "orders",
    sections: &[
        PERSON_KEYS,
        ARCHIVED,
        COMMITS,
        MARKS,
        SNAPSHOTS,
        section!("order_rows", What::Rows, 1;
            id Text, seq Integer, number Integer, cart_id Text, owner Text, payment_id Text, status Text,
            total Integer, currency Text, placed_at Integer, items_count Integer, email_digest Bytes),
        section!("discount_claim_rows", What::Rows, 2; discount_id Text, order_id Text, state Text),
        section!("order_numbers", What::Counters, 1; one Integer, next Integer),
        section!("webhook_endpoints", What::Rows, 1;
            id Text, version Integer, url Text, description Text, events Json, secrets Json, disabled_because Text,
            created_at Integer, changed_at Integer),
        section!("deliveries", What::Rows, 1;
            position Integer, id Text, consumer Text, endpoint Text, entity Text, seq Integer, kind Text, state Text,
            attempts Integer, next_at Integer, created_at Integer, attempted_at Integer, last_error Text,
            last_status Integer),
    ],
};

pub static PAYMENTS: MovedDomain = MovedDomain {
    name: "payments",
    sections: &[
        ARCHIVED,
        COMMITS,
        MARKS,
        SNAPSHOTS,
        section!("payment_rows", What::Rows, 1;
            id Text, seq Integer, order_id Text, status Text, amount Integer, captured Integer, refunded Integer,
            currency Text, provider_ref Text),
    ],
};

pub static CHAT: MovedDomain = MovedDomain {
    name: "chat",
    sections: &[
        PERSON_KEYS,
        ARCHIVED,
        COMMITS,
        MARKS,
        SNAPSHOTS,
        section!("room_rows", What::Rows, 1;
            id Text, seq Integer, kind Text, subject_id Text, members Json, at Integer),
        section!("room_reads", What::Rows, 2; member Text, room_id Text, seq Integer),
    ],
};

pub static ACCOUNTS: MovedDomain = MovedDomain {
    name: "accounts",
    sections: &[
        section!("guests", What::Rows, 1; id Text, name Text, created_at Integer),
        section!("accounts", What::Rows, 1;
            id Text, version Integer, email Text, email_confirmed_at Integer, name Text, role Text, permissions Json,
            password Text, second_factor Json, cart_id Text, epoch Integer, created_at Integer),
        section!("sessions", What::Rows, 1;
            id Text, account_id Text, user_agent Text, created_at Integer, used_at Integer, expires_at Integer,
            ended_at Integer),
        section!("refresh_tokens", What::Rows, 1; digest Bytes, session_id Text, rotated_at Integer),
        section!("one_time_secrets", What::Rows, 1;
            digest Bytes, purpose Text, account_id Text, email Text, expires_at Integer),
        section!("notes", What::Rows, 1;
            id Text, account_id Text, kind Text, email Text, attempts Integer, created_at Integer, next_at Integer),
        section!("addresses", What::Rows, 1;
            id Text, account_id Text, address Json, is_default Flag, created_at Integer),
        section!("revocations", What::Rows, 1; account_id Text, epoch Integer, at Integer),
        section!("api_keys", What::Rows, 1;
            id Text, name Text, prefix Text, digest Bytes, scopes Json, created_by Text, created_at Integer,
            expires_at Integer),
        section!("signing_keys", What::Rows, 1; kid Text, secret Bytes, created_at Integer, ends_at Integer),
        section!("shop_secrets", What::Rows, 1; name Text, secret Bytes),
        section!("audit", What::Rows, 1;
            seq Integer, at Integer, action Text, actor Text, subject Text, detail Text, hash Bytes),
        section!("audit_head", What::Counters, 1; one Integer, seq Integer, hash Bytes),
    ],
};
