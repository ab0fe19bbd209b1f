//! A server that fails in the middle of it: what was acknowledged is there, nothing is there twice, and the store goes on
//! by itself.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use souk_domain::aggregate::Seq;
use souk_persistence::contract::fixture::{VERSION, append, entity, events_after, holds_numbered, load, numbered};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::{EntityId, Journal, Loaded};
use souk_persistence::redis::{RedisAccess, RedisChatStore, RedisOptions};
use souk_persistence::stores::PersonalData;

use crate::chat::Redis;
use crate::proxy::Proxy;
use crate::server::{Own, prefix};

fn options(url: impl Into<String>) -> RedisOptions {
    let access = RedisAccess { answer_timeout: Duration::from_secs(1), ..RedisAccess::new(url) };
    RedisOptions { prefix: prefix(), ..RedisOptions::new(access) }
}

/// A writer as an actor is one: after an unknown outcome it reads the journal and looks for its own commit.
struct Room {
    id: EntityId,
    head: Seq,
    unknown: u32,
    not_done: u32,
}

impl Room {
    fn new(number: u128) -> Self {
        Self { id: entity("room", number), head: 0, unknown: 0, not_done: 0 }
    }

    /// Writes the next event, whatever it takes.
    async fn write(&mut self, store: &RedisChatStore) {
        let commit = numbered(&self.id, self.head, 1);
        for _ in 0..2_000 {
            match store.append(commit.clone()).await {
                Ok(()) => {
                    self.head += 1;
                    return;
                }
                Err(AppendError::NotDone(_)) => {
                    self.not_done += 1;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(AppendError::Unknown(_)) => {
                    self.unknown += 1;
                    let loaded = self.loaded(store).await;
                    if loaded.head == self.head + 1 {
                        assert_eq!(loaded.commit_id, Some(commit.commit_id), "nobody else writes to {}", self.id);
                        self.head += 1;
                        return;
                    }
                    assert_eq!(loaded.head, self.head, "{} has lost something that was acknowledged", self.id);
                }
                // It was on its way when the journal was read, and has arrived since.
                Err(AppendError::Conflict { head }) => {
                    assert!(self.unknown > 0 && head == self.head + 1, "{} is told {head}", self.id);
                    assert_eq!(self.loaded(store).await.commit_id, Some(commit.commit_id));
                    self.head += 1;
                    return;
                }
            }
        }
        panic!("{} can't be written for 20 seconds", self.id);
    }

    async fn loaded(&self, store: &RedisChatStore) -> Loaded {
        for _ in 0..2_000 {
            match store.load(&self.id, VERSION).await {
                Ok(loaded) => return loaded,
                Err(StoreError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(error) => panic!("{}: {error}", self.id),
            }
        }
        panic!("{} can't be read for 20 seconds", self.id);
    }
}

/// Rooms that write while `faults` happen; afterwards each has exactly what was acknowledged.
async fn write_through(store: &Arc<RedisChatStore>, faults: impl Future<Output = ()>) -> (u32, u32) {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writers: Vec<_> = (0..16)
        .map(|number| {
            let (store, stopped) = (Arc::clone(store), stopped.clone());
            tokio::spawn(async move {
                let mut room = Room::new(number);
                while !*stopped.borrow() {
                    room.write(&store).await;
                }
                // Once more when all is well again.
                room.write(&store).await;
                room
            })
        })
        .collect();
    faults.await;
    stop.send_replace(true);
    let (mut unknown, mut not_done) = (0, 0);
    for room in join_all(writers).await {
        let room = room.expect("a writer ends");
        holds_numbered(&**store, &room.id, room.head).await;
        unknown += room.unknown;
        not_done += room.not_done;
    }
    (unknown, not_done)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_lose_nothing_and_double_nothing() {
    let server = Own::start(&[]).await;
    let proxy = Proxy::start(&server.address()).await;
    let options = options(format!("redis://{}", proxy.address()));
    let store = Arc::new(RedisChatStore::open(&options).await.expect("the store opens"));
    let faults = async {
        for round in 0..20 {
            tokio::time::sleep(Duration::from_millis(20 + 7 * round)).await;
            // A cut by the clock may meet nobody: a fast server has answered before.
            if round % 2 == 0 { proxy.cut() } else { proxy.cut_before_an_answer().await }
        }
    };
    let (unknown, not_done) = write_through(&store, faults).await;
    println!("20 cuts: {unknown} unknown outcomes, {not_done} certainly not done");
    assert!(unknown > 0, "no cut came while something was on its way");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_lost_are_found_in_the_journal() {
    let server = Own::start(&[]).await;
    let proxy = Proxy::start(&server.address()).await;
    let options = options(format!("redis://{}", proxy.address()));
    let store = Arc::new(RedisChatStore::open(&options).await.expect("the store opens"));
    let faults = async {
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            proxy.swallow_answers(true);
            tokio::time::sleep(Duration::from_millis(100)).await;
            proxy.cut();
            proxy.swallow_answers(false);
        }
    };
    let (unknown, _) = write_through(&store, faults).await;
    assert!(unknown > 0, "no answer was lost");
    store.close().await;
}

/// Whoever comes while the server is away is told that nothing was written. The first ones may find out with their own
/// commit on its way.
async fn is_told_that_nobody_is_there(store: &RedisChatStore) {
    let room = entity("room", 99);
    for _ in 0..200 {
        match store.append(numbered(&room, 0, 1)).await {
            Err(AppendError::NotDone(_)) => return,
            Err(AppendError::Unknown(_)) => {}
            told => panic!("a server that is away has answered: {told:?}"),
        }
    }
    panic!("nobody was told that the server is away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_has_what_it_acknowledged() {
    let server = Own::start(&[]).await;
    let store = Arc::new(RedisChatStore::open(&options(server.url())).await.expect("the store opens"));
    let faults = async {
        let mut server = server;
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            server.kill();
            is_told_that_nobody_is_there(&store).await;
            server.run().await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        server
    };
    let kept = std::cell::Cell::new(None);
    write_through(&store, async { kept.set(Some(faults.await)) }).await;
    store.close().await;
    drop(kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_told_at_once_and_found_again() {
    let mut server = Own::start(&[]).await;
    let store = RedisChatStore::open(&options(server.url())).await.expect("the store opens");
    append(&store, numbered(&entity("room", 1), 0, 1)).await;
    server.kill();
    let started = tokio::time::Instant::now();
    let outcomes = join_all((0..200).map(|number| store.append(numbered(&entity("room", number + 2), 0, 1)))).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(AppendError::NotDone(_) | AppendError::Unknown(_)))));
    let read = store.load(&entity("room", 1), VERSION).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    assert!(started.elapsed() < Duration::from_secs(5), "they waited for {:?}", started.elapsed());
    server.run().await;
    let mut room = Room { head: 1, ..Room::new(1) };
    room.write(&store).await;
    holds_numbered(&store, &room.id, 2).await;
    store.close().await;
}

#[tokio::test]
async fn a_server_without_memory_refuses_and_still_reads() {
    let server = Own::start(&[]).await;
    let options = options(server.url());
    let store = RedisChatStore::open(&options).await.expect("the store opens");
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 3)).await;
    server.command(&["CONFIG", "SET", "maxmemory", "1mb"]).await;
    server.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let outcome = store.append(numbered(&room, 3, 1)).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(text)) if text.contains("no memory left")), "{outcome:?}");
    holds_numbered(&store, &room, 3).await;
    // Another process finds it so.
    let other = RedisChatStore::open(&options).await.expect("a full server can be opened and read");
    assert_eq!(load(&other, &room).await.tail.len(), 3);
    server.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
    append(&store, numbered(&room, 3, 1)).await;
    other.close().await;
    store.close().await;
}

#[tokio::test]
async fn a_server_that_became_a_replica_refuses() {
    let server = Own::start(&["--replica-read-only", "yes"]).await;
    let store = RedisChatStore::open(&options(server.url())).await.expect("the store opens");
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    server.command(&["REPLICAOF", "127.0.0.1", "1"]).await;
    let outcome = store.append(numbered(&room, 1, 1)).await;
    assert!(matches!(&outcome, Err(AppendError::NotDone(text)) if text.contains("replica")), "{outcome:?}");
    server.command(&["REPLICAOF", "NO", "ONE"]).await;
    append(&store, numbered(&room, 1, 1)).await;
    holds_numbered(&store, &room, 2).await;
    store.close().await;
}

/// Whoever comes back after the server was changed must not go on as before.
#[tokio::test]
async fn a_new_connection_looks_at_the_server_again() {
    let server = Own::start(&[]).await;
    let proxy = Proxy::start(&server.address()).await;
    let store = RedisChatStore::open(&options(format!("redis://{}", proxy.address()))).await.expect("the store opens");
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    server.command(&["CONFIG", "SET", "appendfsync", "everysec"]).await;
    proxy.cut();
    let mut said = String::new();
    for _ in 0..100 {
        match store.append(numbered(&room, 1, 1)).await {
            Err(AppendError::NotDone(text)) if text.contains("appendfsync everysec") => {
                said = text;
                break;
            }
            Err(AppendError::NotDone(_) | AppendError::Unknown(_)) => {
                tokio::time::sleep(Duration::from_millis(20)).await
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(said.contains("set appendfsync always"), "{said}");
    server.command(&["CONFIG", "SET", "appendfsync", "always"]).await;
    let mut room = Room { head: 1, ..Room::new(1) };
    room.write(&store).await;
    store.close().await;
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_given_to_it_again() {
    let server = Own::start(&[]).await;
    let store = RedisChatStore::open(&options(server.url())).await.expect("the store opens");
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    for head in 1..4 {
        server.command(&["SCRIPT", "FLUSH"]).await;
        append(&store, numbered(&room, head, 1)).await;
        server.command(&["SCRIPT", "FLUSH"]).await;
        assert_eq!(load(&store, &room).await.head, head + 1);
    }
    store.close().await;
}

/// What a snapshot covers leaves the stream by itself, and what is beyond the bound is given up.
#[tokio::test]
async fn history_is_packed_by_itself_and_kept_up_to_its_bound() {
    let fixture = Redis::new();
    let options = RedisOptions { stream_events: 50, archive_commits: 300, ..fixture.options.clone() };
    let store = RedisChatStore::open(&options).await.expect("the store opens");
    let room = entity("room", 1);
    for head in 0..1_000 {
        let commit = numbered(&room, head, 1);
        append(&store, if head % 100 == 99 { commit.with_snapshot(VERSION, "{}") } else { commit }).await;
    }
    append(&store, numbered(&room, 1_000, 5)).await;
    // The stream has the newest 50 to 150, the archive up to 300 more, in chunks of at most 128.
    let first = async || events_after(&store, &room, 0, 1).await[0].seq;
    let mut kept = first().await;
    for _ in 0..500 {
        if kept >= 522 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        kept = first().await;
    }
    assert!((522..=778).contains(&kept), "the oldest that is kept is {kept}");
    let events = events_after(&store, &room, 0, usize::MAX).await;
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (kept..=1_005).collect::<Vec<_>>());
    assert_eq!(load(&store, &room).await.tail.len(), 5);
    let error = store.load(&room, VERSION + 1).await.map(|_| ()).expect_err("its beginning is gone");
    assert!(matches!(&error, StoreError::Damaged(text) if text.contains("given up")), "{error}");
    store.close().await;
}

#[tokio::test]
async fn an_erased_person_leaves_the_servers_log_too() {
    let server = Own::start(&[]).await;
    let store = RedisChatStore::open(&options(server.url())).await.expect("the store opens");
    let room = entity("room", 1);
    let mut commit = numbered(&room, 0, 1);
    commit.events = vec![r#"{"by":"guest_1","text":{"$of":"guest_1","$personal":"hello"}}"#.to_owned()];
    append(&store, commit).await;
    assert_eq!(store.erase_person("guest_1").await.expect("erased"), 1);
    for _ in 0..500 {
        if !server.keeps("guest_1\r") {
            store.close().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the log still has the person's key");
}
