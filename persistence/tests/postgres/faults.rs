//! What can happen to a commit on its way: each outcome is told as what it is.

use std::time::{Duration, Instant};

use futures::future::join_all;
use souk_domain::id::{CartId, OrderId};
use souk_domain::time::Timestamp;
use souk_persistence::contract::fixture::{append, entity, head, holds_numbered, load, numbered};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::postgres::{PostgresOptions, PostgresOrderStore};
use souk_persistence::rows::{OrderRow, Row};
use souk_persistence::stores::OrderStore;
use uuid::Uuid;

use crate::proxy::{Proxy, Wire};
use crate::server::{address, execute, options, options_at, session, url};

async fn open(options: &PostgresOptions) -> PostgresOrderStore {
    PostgresOrderStore::open(options).await.expect("the store opens")
}

fn order(number: u64) -> OrderRow {
    OrderRow {
        id: OrderId::from_uuid(Uuid::from_u128(number.into())),
        seq: 1,
        number,
        cart_id: CartId::from_uuid(Uuid::from_u128(7)),
        owner: None,
        payment_id: None,
        status: "awaiting_payment".to_owned(),
        total: 1_999,
        currency: "EUR".to_owned(),
        items_count: None,
        email_digest: None,
        placed_at: Timestamp::from_millis(1_700_000_000_123),
    }
}

#[tokio::test]
async fn a_row_that_breaks_a_rule_harms_its_own_commit_alone() {
    let options = options();
    let store = open(&options).await;
    let write = |row: OrderRow| {
        let entity = EntityId::new(row.id);
        store.append(numbered(&entity, 0, 1).with_rows([Row::Order(Box::new(row))]))
    };
    write(order(1)).await.expect("written");
    // Ten that are sent together; the third takes a number that is taken.
    let rows = (2..12).map(|number| if number == 4 { OrderRow { number: 1, ..order(4) } } else { order(number) });
    let outcomes = join_all(rows.map(write)).await;
    for (number, outcome) in (2..).zip(outcomes) {
        let id = order(number).id;
        if number == 4 {
            assert!(matches!(&outcome, Err(AppendError::NotDone(reason)) if reason.contains("number")), "{outcome:?}");
            assert_eq!(head(&store, &EntityId::new(id)).await, 0);
        } else {
            outcome.expect("written");
            assert!(store.order(id).await.expect("read").is_some());
        }
    }
    store.close().await;
}

#[tokio::test]
async fn a_row_with_the_same_key_twice_is_the_later_one() {
    let options = options();
    let store = open(&options).await;
    let (first, second) = (order(1), OrderRow { status: "confirmed".to_owned(), ..order(1) });
    let rows = [first, second.clone()].map(|row| Row::Order(Box::new(row)));
    append(&store, numbered(&EntityId::new(second.id), 0, 2).with_rows(rows)).await;
    assert_eq!(store.order(second.id).await.expect("read"), Some(second));
    store.close().await;
}

#[tokio::test]
async fn a_row_that_somebody_holds_is_waited_for_so_long_and_no_longer() {
    let options = PostgresOptions { lock_timeout: Duration::from_millis(300), ..options() };
    let store = open(&options).await;
    let (held, free) = (entity("ord", 1), entity("ord", 2));
    append(&store, numbered(&held, 0, 1)).await;
    let mut session = session(&options, "orders").await;
    execute(&mut session, format!("begin; select from entities where id = '{held}' for update")).await;
    let begin = Instant::now();
    let outcome = store.append(numbered(&held, 1, 1)).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{outcome:?}");
    assert!(begin.elapsed() >= Duration::from_millis(300), "{:?}", begin.elapsed());
    append(&store, numbered(&free, 0, 1)).await;
    execute(&mut session, "rollback".to_owned()).await;
    append(&store, numbered(&held, 1, 1)).await;
    holds_numbered(&store, &held, 2).await;
    store.close().await;
}

/// The server ends one of two transactions that wait for each other; ours is sent again.
#[tokio::test]
async fn a_deadlock_is_certainly_not_done() {
    let options = options();
    let store = open(&options).await;
    let (one, two) = (entity("ord", 1), entity("ord", 2));
    append(&store, numbered(&one, 0, 1)).await;
    append(&store, numbered(&two, 0, 1)).await;
    let mut session = session(&options, "orders").await;
    // So that ours is the one that is ended: the server looks after this long, whoever comes first.
    execute(&mut session, "set deadlock_timeout = '30s'; set lock_timeout = '5s'; begin".to_owned()).await;
    execute(&mut session, format!("select from entities where id = '{two}' for update")).await;
    let both = async { futures::join!(store.append(numbered(&one, 1, 1)), store.append(numbered(&two, 1, 1))) };
    let rival = async {
        // Once the batch holds the first and waits for the second.
        let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%moved as%'
                     and pg_blocking_pids(pid) @> array[pg_backend_pid()]";
        loop {
            let (waiting,): (i64,) = sqlx::query_as(waits).fetch_one(&mut session).await.expect("activity");
            if waiting > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        execute(&mut session, format!("select from entities where id = '{one}' for update")).await;
        execute(&mut session, "rollback".to_owned()).await;
    };
    let ((first, second), ()) = futures::join!(both, rival);
    for (order, outcome) in [(&one, first), (&two, second)] {
        match outcome {
            Ok(()) => holds_numbered(&store, order, 2).await,
            Err(AppendError::NotDone(_)) => holds_numbered(&store, order, 1).await,
            other => panic!("{order} got {other:?}"),
        }
        append(&store, numbered(order, head(&store, order).await, 1)).await;
    }
    store.close().await;
}

async fn behind_a_wire() -> (Proxy, PostgresOptions) {
    let proxy = Proxy::to(address()).await;
    let options = options_at(url().replace(&address(), &format!("127.0.0.1:{}", proxy.port)));
    let (statement_timeout, connect_timeout) = (Duration::from_secs(3), Duration::from_secs(10));
    (proxy, PostgresOptions { statement_timeout, connect_timeout, ..options })
}

/// The answer is lost, the commit is not: whoever looks finds it by its id.
#[tokio::test]
async fn a_connection_that_breaks_after_the_commit_was_sent_leaves_the_outcome_unknown() {
    let (wire, options) = behind_a_wire().await;
    let store = open(&options).await;
    let order = entity("ord", 1);
    for fault in [Wire::BreaksBeforeTheAnswer, Wire::SilentAfterTheQuestion] {
        let sent = loop {
            wire.set(Wire::Whole);
            let before = head(&store, &order).await;
            append(&store, numbered(&order, before, 1)).await;
            wire.set(fault);
            let sent = numbered(&order, before + 1, 1);
            match store.append(sent.clone()).await {
                Err(AppendError::Unknown(_)) => break sent,
                // So slow a machine that the connection was asked first whether it still lives.
                Err(AppendError::NotDone(_)) => {}
                outcome => panic!("{fault:?} gave {outcome:?}"),
            }
        };
        wire.set(Wire::Whole);
        assert_eq!(load(&store, &order).await.commit_id, Some(sent.commit_id), "{fault:?}");
        let newest = sent.predecessor + 1;
        let again = store.append(sent).await;
        assert!(matches!(again, Err(AppendError::Conflict { head }) if head == newest), "{again:?}");
    }
    let newest = head(&store, &order).await;
    append(&store, numbered(&order, newest, 1)).await;
    holds_numbered(&store, &order, newest + 1).await;
    store.close().await;
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_nothing_done_and_is_found_again() {
    let (wire, options) = behind_a_wire().await;
    let store = open(&options).await;
    let order = entity("ord", 1);
    append(&store, numbered(&order, 0, 1)).await;
    wire.set(Wire::Broken);
    // Connections that were open when it went: what was sent over them is unknown, though it did not arrive.
    let first = store.append(numbered(&order, 1, 1)).await;
    assert!(matches!(first, Err(AppendError::Unknown(_) | AppendError::NotDone(_))), "{first:?}");
    for _ in 0..3 {
        let outcome = store.append(numbered(&order, 1, 1)).await;
        assert!(matches!(outcome, Err(AppendError::NotDone(_) | AppendError::Unknown(_))), "{outcome:?}");
    }
    let outcome = store.append(numbered(&order, 1, 1)).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "by now no connection is left: {outcome:?}");
    let read = store.head(&order).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    wire.set(Wire::Whole);
    append(&store, numbered(&order, 1, 1)).await;
    holds_numbered(&store, &order, 2).await;
    store.close().await;
}

/// A session that the server ends in the middle of a batch: nothing of it is written, and nobody is told that it was.
#[tokio::test]
async fn a_session_that_is_ended_by_the_server_is_no_success() {
    let options = options();
    let store = open(&options).await;
    let order = entity("ord", 1);
    append(&store, numbered(&order, 0, 1)).await;
    let mut holder = session(&options, "orders").await;
    execute(&mut holder, format!("begin; select from entities where id = '{order}' for update")).await;
    let append_it = store.append(numbered(&order, 1, 1));
    let end_it = async {
        let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                   where pg_blocking_pids(pid) @> array[pg_backend_pid()]";
        loop {
            let (ended,): (i64,) = sqlx::query_as(end).fetch_one(&mut holder).await.expect("ended");
            if ended > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        execute(&mut holder, "rollback".to_owned()).await;
    };
    let (outcome, ()) = futures::join!(append_it, end_it);
    assert!(matches!(outcome, Err(AppendError::Unknown(_))), "{outcome:?}");
    holds_numbered(&store, &order, 1).await;
    append(&store, numbered(&order, 1, 1)).await;
    store.close().await;
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let options = options();
    let store = open(&options).await;
    let (first, _) = futures::join!(store.append(numbered(&entity("ord", 1), 0, 1)), store.close());
    first.expect("what was sent before the close is written");
    let outcome = store.append(numbered(&entity("ord", 1), 1, 1)).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(reason)) if reason.contains("closed")), "{outcome:?}");
    assert!(matches!(store.head(&entity("ord", 1)).await, Err(StoreError::Unavailable(_))));
}
