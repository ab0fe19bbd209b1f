//! Servers that nothing is kept on, and data that is damaged: each is told with what to do, and nothing is harmed.

use std::time::Duration;

use souk_persistence::contract::Fixture;
use souk_persistence::contract::fixture::{VERSION, append, entity, holds_numbered, numbered};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::Journal;
use souk_persistence::redis::{OpenError, RedisAccess, RedisChatStore, RedisDurability, RedisOptions};

use crate::chat::Redis;
use crate::server::{Own, address, prefix, url};

fn options(url: impl Into<String>) -> RedisOptions {
    let access = RedisAccess { open_timeout: Duration::ZERO, ..RedisAccess::new(url) };
    RedisOptions { prefix: prefix(), ..RedisOptions::new(access) }
}

/// It must be refused with all of these words.
async fn refused(options: &RedisOptions, words: &[&str]) -> OpenError {
    let error = RedisChatStore::open(options).await.map(|_| ()).expect_err("it should be refused");
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "does not say {word:?}: {text}");
    }
    error
}

#[tokio::test]
async fn a_url_that_is_none_is_told() {
    for (url, word) in [
        ("", "must look like"),
        ("localhost:6379", "must look like"),
        ("http://localhost", "must look like"),
        ("redis://localhost:6379/seven", "database number"),
        ("redis://localhost/?tls=no", "\"tls\" is not known"),
        ("rediss://localhost/#insecure", "#"),
        ("rediss://localhost/?ca=/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("unix:///run/redis.sock", "socket file"),
    ] {
        refused(&options(url), &["URL", word]).await;
    }
    let braces = RedisOptions { prefix: "a{b}".to_owned(), ..options(url()) };
    refused(&braces, &["prefix"]).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_nobody_waits_for_ever() {
    // Nobody listens on port 1.
    let mut options = options("redis://user:secret@127.0.0.1:1");
    let error = refused(&options, &["127.0.0.1:1", "cannot be reached"]).await;
    assert!(!format!("{error} {error:?} {options:?}").contains("secret"), "the password is not told");
    options.access.open_timeout = Duration::from_millis(300);
    let within = tokio::time::timeout(Duration::from_secs(10), RedisChatStore::open(&options)).await;
    assert!(within.expect("it gives up in time").is_err());
}

#[tokio::test]
async fn a_wrong_password_is_told() {
    let wrong = url().replacen("://:", "://:not-", 1);
    let error = refused(&options(wrong), &["refuses", "credentials"]).await;
    assert!(matches!(error, OpenError::Refused { .. }), "{error:?}");
    let none = format!("redis://{}", address(&url()));
    refused(&options(none), &["refuses", "credentials"]).await;
}

#[tokio::test]
async fn a_server_that_forgets_is_not_trusted() {
    for (settings, words) in [
        (["--appendfsync", "everysec"], ["appendfsync everysec", "set appendfsync always"]),
        (["--appendfsync", "no"], ["appendfsync no", "set appendfsync always"]),
        (["--maxmemory-policy", "allkeys-lru"], ["allkeys-lru", "set maxmemory-policy noeviction"]),
        (["--appendonly", "no"], ["appendonly no", "set appendonly yes"]),
        (["--cluster-enabled", "yes"], ["cluster", "name a server"]),
        (["--replicaof", "127.0.0.1 1"], ["replica", "name the server"]),
    ] {
        let server = Own::start(&settings).await;
        let error = refused(&options(server.url()), &words).await;
        assert!(matches!(error, OpenError::Unfit { .. }), "{error:?}");
        assert_eq!(server.command(&["DBSIZE"]).await, redis::Value::Int(0), "{settings:?}: nothing was written");
    }
}

#[tokio::test]
async fn losing_the_last_second_can_be_accepted_but_no_more() {
    let accepted = |url: String| RedisOptions { durability: RedisDurability::LastSecondMayBeLost, ..options(url) };
    let server = Own::start(&["--appendfsync", "everysec"]).await;
    let store = RedisChatStore::open(&accepted(server.url())).await.expect("it is accepted");
    append(&store, numbered(&entity("room", 1), 0, 1)).await;
    store.close().await;
    let server = Own::start(&["--appendfsync", "no"]).await;
    refused(&accepted(server.url()), &["appendfsync no", "everysec"]).await;

    // One who may not look at the settings.
    let server = Own::start(&["--user", "shop", "on", ">secret", "~*", "&*", "+@all", "-config"]).await;
    let url = server.url().replacen("://", "://shop:secret@", 1);
    refused(&options(url.clone()), &["cannot be seen", "CONFIG GET"]).await;
    RedisChatStore::open(&accepted(url)).await.expect("it is accepted").close().await;
}

#[tokio::test]
async fn replicas_that_are_asked_for_need_a_server_that_can_wait_for_them() {
    let options = RedisOptions { replicas: 1, ..options(url()) };
    match RedisChatStore::open(&options).await {
        // Before 7.2.
        Err(error) => assert!(error.to_string().contains("WAITAOF"), "{error}"),
        // There is no replica: whatever is written, nobody is told that it is safe.
        Ok(store) => {
            let outcome = store.append(numbered(&entity("room", 1), 0, 1)).await;
            assert!(matches!(outcome, Err(AppendError::Unknown(_))), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn data_of_a_newer_version_is_left_alone() {
    let server = Own::start(&[]).await;
    let options = options(server.url());
    let key = format!("{}:format", options.prefix);
    server.command(&["SET", &key, "2"]).await;
    let error = refused(&options, &["newer version", "format 2", "use that version"]).await;
    assert!(matches!(error, OpenError::NewerFormat { .. }), "{error:?}");
    server.command(&["SET", &key, "somebody's"]).await;
    refused(&options, &["somebody's", "prefix"]).await;
    assert_eq!(server.command(&["DBSIZE"]).await, redis::Value::Int(1));
}

/// The name of a key of the only room under a prefix.
async fn key(server: &Own, options: &RedisOptions, what: &str) -> String {
    let keys = server.command(&["KEYS", &format!("{}:*:{what}:room_*", options.prefix)]).await;
    let keys: Vec<String> = redis::from_redis_value(keys).expect("names");
    assert_eq!(keys.len(), 1, "{keys:?}");
    keys.into_iter().next().expect("one")
}

#[tokio::test]
async fn a_journal_with_a_gap_is_damaged_and_says_where() {
    let server = Own::start(&[]).await;
    let options = options(server.url());
    let store = RedisChatStore::open(&options).await.expect("the store opens");
    let room = entity("room", 1);
    for predecessor in 0..6 {
        append(&store, numbered(&room, predecessor, 1)).await;
    }
    let log = key(&server, &options, "log").await;
    server.command(&["XDEL", &log, "3-0"]).await;
    for error in [
        store.load(&room, VERSION).await.map(|_| ()).expect_err("a gap"),
        store.events_after(&room, 0, 10).await.map(|_| ()).expect_err("a gap"),
    ] {
        let StoreError::Damaged(text) = &error else { panic!("{error:?}") };
        assert!(text.contains(room.as_str()) && text.contains("event 4 after event 2"), "{text}");
    }
    // What lies behind it is read, and other rooms don't mind.
    assert_eq!(store.events_after(&room, 3, 10).await.expect("the rest").len(), 3);
    append(&store, numbered(&entity("room", 2), 0, 1)).await;

    server.command(&["XDEL", &log, "6-0"]).await;
    let error = store.events_after(&room, 3, 10).await.map(|_| ()).expect_err("the end is missing");
    assert!(error.to_string().contains("stands at 6, but its events end at 5"), "{error}");
    store.close().await;
}

#[tokio::test]
async fn a_room_that_lost_its_head_takes_nothing_more() {
    let server = Own::start(&[]).await;
    let options = options(server.url());
    let store = RedisChatStore::open(&options).await.expect("the store opens");
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 3)).await;
    append(&store, numbered(&room, 3, 3)).await;
    let now = key(&server, &options, "now").await;
    server.command(&["DEL", &now]).await;
    let outcome = store.append(numbered(&room, 0, 1)).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(text)) if text.contains("DAMAGED")), "{outcome:?}");
    assert_eq!(server.command(&["XLEN", &key(&server, &options, "log").await]).await, redis::Value::Int(2));
    store.close().await;
}

#[tokio::test]
async fn only_rooms_are_kept() {
    let fixture = Redis::new();
    let store = fixture.open().await;
    let product = souk_persistence::rows::VariantRow {
        id: "var_00000000000000000000000001".parse().expect("an id"),
        product_id: "prod_00000000000000000000000001".parse().expect("an id"),
        sku: None,
    };
    let commit = numbered(&entity("room", 1), 0, 1).with_rows([souk_persistence::rows::Row::Variant(product)]);
    let outcome = store.append(commit).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(text)) if text.contains("only rooms")), "{outcome:?}");
    holds_numbered(&store, &entity("room", 1), 0).await;
    fixture.close(store).await;
}

#[tokio::test]
async fn a_certificate_is_checked() {
    let tls = std::env::var("SOUK_TEST_REDIS_TLS_URL").expect("run scripts/stores --test redis");
    let root = std::env::var("SOUK_TEST_REDIS_ROOT_CERT").expect("run scripts/stores --test redis");
    let _ = rustls::crypto::ring::default_provider().install_default();
    refused(&options(tls.clone()), &["certificate"]).await;
    let trusted = options(format!("{tls}/?ca={root}"));
    let store = RedisChatStore::open(&trusted).await.expect("the certificate is trusted");
    append(&store, numbered(&entity("room", 1), 0, 1)).await;
    holds_numbered(&store, &entity("room", 1), 1).await;
    store.close().await;
}
