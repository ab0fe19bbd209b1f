//! Servers and schemas that are not as they should be: each error names the key and says what to do.

use souk_persistence::contract::fixture::{VERSION, append, entity, holds_numbered, load, numbered};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::Journal;
use souk_persistence::postgres::{
    Access, Durability, Migrations, PostgresAccountStore, PostgresOptions, PostgresOrderStore, PostgresPaymentStore,
};

use crate::server::{execute, new_user, options, options_at, session, url, url_with, variable};

/// The store must not open, and say all of these.
async fn refused(options: &PostgresOptions, said: &[&str]) {
    let error = PostgresOrderStore::open(options).await.expect_err("the store must not open").to_string();
    assert!(error.starts_with("stores.orders: "), "{error}");
    for part in said {
        assert!(error.contains(part), "{error:?} does not say {part:?}");
    }
    // The password of the URL is nobody's business.
    let password = options.url.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
    if let Some((_, password)) = password.and_then(|(user, _)| user.split_once(':')) {
        assert!(!error.contains(password), "{error:?} holds the password");
    }
}

#[tokio::test]
async fn a_url_that_is_none() {
    for url in ["", "orders", "postgres://", "postgres://host:port/db", "postgres://db/souk?sslmode=maybe"] {
        let error = PostgresOrderStore::open(&options_at(url.to_owned())).await.expect_err(url).to_string();
        assert!(error.starts_with("stores.orders: "), "{url:?}: {error}");
    }
    refused(&options_at("mysql//db".to_owned()), &["no URL of PostgreSQL", "postgres://user:password@host"]).await;
    let options = PostgresOptions { schema: "a\"; drop".to_owned(), ..options() };
    refused(&options, &["name that is not allowed"]).await;
}

#[tokio::test]
async fn nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    refused(&options_at(format!("postgres://souk:s3cr3t@{free}/souk")), &["nobody answers", "check host and port"])
        .await;
}

#[tokio::test]
async fn a_wrong_password_user_or_database() {
    refused(&options_at(url_with("postgres", "wr0ng-one", "postgres")), &["turns us away", "check user and password"])
        .await;
    refused(&options_at(url_with("nobody", "wr0ng-one", "postgres")), &["turns us away"]).await;
    let (user, password) = new_user().await;
    let nowhere = options_at(url_with(&user, &password, "nowhere"));
    refused(&nowhere, &["no such database", "nowhere", "create it"]).await;
}

#[tokio::test]
async fn certificates_are_checked() {
    let root = variable("SOUK_TEST_POSTGRES_ROOT_CERT");
    for (mode, expected) in [(format!("verify-full&sslrootcert={root}"), true), ("disable".to_owned(), false)] {
        let (user, password) = new_user().await;
        let options = options_at(format!("{}?sslmode={mode}", url_with(&user, &password, "postgres")));
        let mut session = session(&options, "orders").await;
        execute(&mut session, format!("create schema {}_orders authorization {user}", options.schema)).await;
        let store = PostgresOrderStore::open(&options).await.expect("opens");
        append(&store, numbered(&entity("ord", 1), 0, 1)).await;
        let safe: (Option<bool>,) = sqlx::query_as(
            "select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where usename = $1",
        )
        .bind(&user)
        .fetch_one(&mut session)
        .await
        .expect("sessions");
        assert_eq!(safe.0, Some(expected), "sslmode={mode}");
        store.close().await;
    }
    let unknown = format!("{}?sslmode=verify-full", url());
    refused(&options_at(unknown), &["no safe connection", "check sslmode and sslrootcert"]).await;
    let missing = format!("{}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem", url());
    let error = PostgresOrderStore::open(&options_at(missing)).await.expect_err("no root").to_string();
    assert!(error.starts_with("stores.orders: ") && error.contains("/nowhere/ca.pem"), "{error}");
}

#[tokio::test]
async fn a_newer_or_another_schema_is_left_alone() {
    let options = options();
    PostgresOrderStore::open(&options).await.expect("opens").close().await;
    let mut session = session(&options, "orders").await;
    let copy = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                values (9999, 'of tomorrow', true, '\\x00', 0)";
    execute(&mut session, copy.to_owned()).await;
    refused(&options, &["newer version", "it is at 9999", "use that version"]).await;
    let migrated = PostgresOrderStore::migrate(&options).await.expect_err("newer").to_string();
    assert!(migrated.contains("newer version"), "{migrated}");

    execute(&mut session, "delete from _sqlx_migrations where version = 9999".to_owned()).await;
    execute(&mut session, "update _sqlx_migrations set checksum = '\\x00' where version = 2".to_owned()).await;
    refused(&options, &["migration 2 differs", "postgres.schema"]).await;
    let tables: (i64,) = sqlx::query_as("select count(*) from entities").fetch_one(&mut session).await.expect("tables");
    assert_eq!(tables.0, 0, "the schema is as it was");
}

#[tokio::test]
async fn an_older_schema_is_migrated_when_it_is_asked_for() {
    let options = PostgresOptions { migrations: Migrations::ByCommand, ..options() };
    refused(&options, &["older than this program needs", "it is at 0", "souk migrate"]).await;
    PostgresOrderStore::migrate(&options).await.expect("migrated");
    PostgresOrderStore::migrate(&options).await.expect("a second time");
    let store = PostgresOrderStore::open(&options).await.expect("opens");
    append(&store, numbered(&entity("ord", 1), 0, 1)).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_nodes_make_the_schema_at_once() {
    let options = options();
    let nodes = (0..6).map(|_| PostgresOrderStore::open(&options));
    let stores = futures::future::join_all(nodes).await;
    for store in stores {
        store.expect("opens").close().await;
    }
}

#[tokio::test]
async fn domains_share_a_database() {
    let options = options();
    let orders = PostgresOrderStore::open(&options).await.expect("orders");
    let payments = PostgresPaymentStore::open(&options).await.expect("payments");
    let accounts = PostgresAccountStore::open(&options).await.expect("accounts");
    append(&orders, numbered(&entity("ord", 1), 0, 2)).await;
    append(&payments, numbered(&entity("ord", 1), 0, 1)).await;
    holds_numbered(&orders, &entity("ord", 1), 2).await;
    holds_numbered(&payments, &entity("ord", 1), 1).await;
    futures::join!(orders.close(), payments.close(), accounts.close());
}

#[tokio::test]
async fn a_user_without_rights_is_told_which_are_missing() {
    let (user, password) = new_user().await;
    let options = options_at(url_with(&user, &password, "postgres"));
    let schema = format!("{}_orders", options.schema);
    let remedy = format!("create schema if not exists {schema} authorization \"{user}\"");
    refused(&options, &["does not let us create a schema", &remedy]).await;

    // The schema is there, but another's.
    let mut session = session(&options, "orders").await;
    execute(&mut session, format!("create schema {schema}; grant usage on schema {schema} to {user}")).await;
    refused(&options, &["does not let us create tables", &remedy]).await;
    // What the message says helps.
    execute(&mut session, format!("drop schema {schema}")).await;
    execute(&mut session, remedy).await;
    let store = PostgresOrderStore::open(&options).await.expect("opens");
    append(&store, numbered(&entity("ord", 1), 0, 1)).await;
    store.close().await;
}

#[tokio::test]
async fn a_server_that_would_lose_commits_is_refused_unless_told_otherwise() {
    let (user, password) = new_user().await;
    let options = options_at(url_with(&user, &password, "postgres"));
    let mut session = session(&options, "orders").await;
    let schema = format!("{}_orders", options.schema);
    execute(&mut session, format!("alter user {user} set synchronous_commit = off")).await;
    execute(&mut session, format!("create schema {schema} authorization {user}")).await;
    refused(&options, &["synchronous_commit = off", "postgres.durable"]).await;
    let options = PostgresOptions { durability: Durability::AsConfigured, ..options };
    PostgresOrderStore::open(&options).await.expect("opens").close().await;
}

#[tokio::test]
async fn a_store_that_is_opened_for_reading_writes_nothing() {
    let options = options();
    let reading = PostgresOptions { access: Access::Read, ..options.clone() };
    refused(&reading, &["older than this program needs"]).await;
    let store = PostgresOrderStore::open(&options).await.expect("opens");
    append(&store, numbered(&entity("ord", 1), 0, 2)).await;
    let reader = PostgresOrderStore::open(&reading).await.expect("opens for reading");
    holds_numbered(&reader, &entity("ord", 1), 2).await;
    let outcome = reader.append(numbered(&entity("ord", 1), 2, 1)).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(reason)) if reason.contains("for reading")), "{outcome:?}");
    let outcome = reader.mark_relayed(&entity("ord", 1), 1).await;
    assert!(matches!(&outcome, Err(StoreError::Unavailable(reason)) if reason.contains("for reading")), "{outcome:?}");
    futures::join!(store.close(), reader.close());
}

#[tokio::test]
async fn a_journal_with_a_gap_names_the_entity() {
    let options = options();
    let store = PostgresOrderStore::open(&options).await.expect("opens");
    let (whole, holed) = (entity("ord", 1), entity("ord", 2));
    for order in [&whole, &holed] {
        for seq in 0..5 {
            append(&store, numbered(order, seq, 1)).await;
        }
    }
    let mut session = session(&options, "orders").await;
    let hole = format!("delete from commits using entities where entity = number and id = '{holed}' and first = 3");
    execute(&mut session, hole).await;
    let loaded = store.load(&holed, VERSION).await;
    assert!(matches!(&loaded, Err(StoreError::Damaged(what)) if what.contains(holed.as_str())), "{loaded:?}");
    let events = store.events_after(&holed, 0, 10).await;
    assert!(matches!(&events, Err(StoreError::Damaged(what)) if what.contains("event 4 after event 2")), "{events:?}");
    assert_eq!(load(&store, &whole).await.head, 5, "others are as they were");
    store.close().await;
}
