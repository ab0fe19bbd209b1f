//! Moving house: from one store to another, whichever engines they are on.

use std::collections::BTreeMap;

use souk_domain::time::Timestamp;

use super::fixture::{Fixture, VERSION, append, entity, events_after, head, load, numbered, refused};
use super::furnished::{Furnished, people};
use crate::accounts::AccountStore;
use crate::journal::{Commit, EntityId, Journal};
use crate::moving::transfer::{Note, compare, counts, digest, is_empty, transfer};
use crate::moving::{Movable, Record, Section, Value, pages};

/// Journals of every shape: archived in part, with snapshots, due, relayed in part, with personal values.
async fn filled<S: Furnished>(store: &S) -> Vec<EntityId> {
    let entities: Vec<EntityId> = (1..=40).map(|number| entity(S::KIND, number)).collect();
    for (number, id) in (1_u64..).zip(&entities) {
        append(store, numbered(id, 0, 2).told_to_nobody()).await;
        append(store, numbered(id, 2, number).told_to_nobody().with_snapshot(VERSION, &format!(r#"{{"n":{number}}}"#)))
            .await;
        let last = numbered(id, 2 + number, 1);
        append(store, if number % 4 == 0 { last.due(5_000 + number as i64) } else { last.told_to_nobody() }).await;
        if number % 3 == 0 {
            store.archive(id, 2 + number).await.expect("archived");
        }
    }
    let long = entity(S::KIND, 99);
    for seq in 0..300 {
        append(store, numbered(&long, seq, 1).told_to_nobody()).await;
    }
    store.furnish().await;
    entities.into_iter().chain([long]).collect()
}

/// One that nothing else looks like: escapes and quotes.
fn odd(entity: &EntityId, predecessor: u64) -> Commit {
    let event = r#"{"type":"odd.v1","text":"\u0000 \\ \" é ☕","big":18446744073709551615,"n":1.10}"#;
    Commit { events: vec![event.to_owned()], ..numbered(entity, predecessor, 1).told_to_nobody() }
}

async fn move_all(near: &dyn Movable, far: &dyn Movable) {
    let mut note = Note::new("the-move".to_owned(), counts(near).await.expect("counts"));
    note.write(far).await.expect("noted");
    transfer(near, far, &mut note, &mut |_| {}).await.expect("moved");
    far.set_note(None).await.expect("the note is taken away");
}

async fn assert_same(near: &dyn Movable, far: &dyn Movable) {
    let (digests, differences) = compare(near, far, &mut |_| {}).await.expect("both are read");
    assert_eq!(differences, [], "the two stores differ");
    assert!(digests.iter().any(|digest| digest.records > 0), "there was nothing to move");
}

async fn entities_of(store: &impl Journal, kind: &str) -> Vec<EntityId> {
    store.entities(kind, None, 1000).await.expect("entities")
}

pub async fn all_of_it_is_there_after_a_move<Near, Far>(near: &Near, far: &Far)
where
    Near: Fixture<Store: Furnished>,
    Far: Fixture<Store: Furnished>,
{
    let (from, to) = (near.open().await, far.open().await);
    assert!(is_empty(&to).await.expect("read"), "a new store is empty");
    let entities = filled(&from).await;
    append(&from, odd(&entities[0], head(&from, &entities[0]).await)).await;
    assert!(!is_empty(&from).await.expect("read"));
    move_all(&from, &to).await;
    assert_same(&from, &to).await;
    far.close(to).await;

    let to = far.open().await;
    let kind = <Near::Store as Furnished>::KIND;
    assert_eq!(entities_of(&from, kind).await, entities_of(&to, kind).await);
    for id in &entities {
        let (was, is) = (load(&from, id).await, load(&to, id).await);
        assert_eq!((was.head, was.at, was.commit_id), (is.head, is.at, is.commit_id), "{id}");
        assert_eq!((was.snapshot, was.tail), (is.snapshot, is.tail), "{id}");
        assert_eq!(
            events_after(&from, id, 0, usize::MAX).await,
            events_after(&to, id, 0, usize::MAX).await,
            "the whole journal of {id}"
        );
    }
    let due = Timestamp::from_millis(5_020);
    assert_eq!(from.due(due, 100).await.expect("due"), to.due(due, 100).await.expect("due"));
    let unrelayed = async |store: &dyn Journal| -> BTreeMap<EntityId, (u64, u64)> {
        let unrelayed = store.unrelayed(100).await.expect("unrelayed");
        unrelayed.into_iter().map(|mark| (mark.entity, (mark.relayed_to, mark.head))).collect()
    };
    assert_eq!(unrelayed(&from).await, unrelayed(&to).await);

    // Life goes on there: behind the newest commit and nowhere else, and what is archived stays so.
    for id in entities.iter().take(6) {
        let newest = head(&to, id).await;
        refused(&to, numbered(id, newest - 1, 1), newest).await;
        append(&to, numbered(id, newest, 2).with_snapshot(VERSION, "{}")).await;
        to.archive(id, newest).await.expect("archived");
        assert_eq!(events_after(&to, id, 0, usize::MAX).await.len() as u64, newest + 2, "{id}");
    }
    near.close(from).await;
    far.close(to).await;
}

pub async fn a_page_may_come_twice<Near, Far>(near: &Near, far: &Far)
where
    Near: Fixture<Store: Furnished>,
    Far: Fixture<Store: Furnished>,
{
    let (from, to) = (near.open().await, far.open().await);
    filled(&from).await;
    for section in from.domain().sections {
        let records = all(&from, section).await;
        let half = records.len() / 2;
        let pages = [&records[..half], &records[..half], &records[half..], &records[half..]];
        for page in pages.into_iter().filter(|page| !page.is_empty()) {
            to.import(section, page.to_vec()).await.expect("taken in");
        }
    }
    assert_same(&from, &to).await;
    near.close(from).await;
    far.close(to).await;
}

pub async fn a_move_that_was_cut_off_goes_on<Near, Far>(near: &Near, far: &Far)
where
    Near: Fixture<Store: Furnished>,
    Far: Fixture<Store: Furnished>,
{
    let (from, to) = (near.open().await, far.open().await);
    filled(&from).await;
    let (counts, sections) = (counts(&from).await.expect("counts"), from.domain().sections);
    // Cut off in the middle of each section: behind some record, whose successors may have been written or not.
    for (number, section) in sections.iter().enumerate() {
        let records = all(&from, section).await;
        let middle = records.len() / 2;
        let written = (middle + number % 2).min(records.len());
        if written > 0 {
            to.import(section, records[..written].to_vec()).await.expect("taken in");
        }
        let after = middle.checked_sub(1).map(|last| section.key_of(&records[last]).to_vec());
        let note = Note { section: number, after, ..Note::new("the-move".to_owned(), counts.clone()) };
        note.write(&to).await.expect("noted");
        let read = Note::of(&to).await.expect("read").expect("there is a note");
        assert_eq!(read, note);
        // From there: all that comes behind that record, and of the others nothing that changes anything.
        let rest = after_key(&from, section, read.after.as_deref()).await;
        assert!(rest.len() >= records.len() - middle, "{}: something was left out", section.name);
        if !rest.is_empty() {
            to.import(section, rest).await.expect("taken in");
        }
        let (one, other) = (digest(&from, section, &mut |_| {}).await, digest(&to, section, &mut |_| {}).await);
        assert_eq!(one.expect("read"), other.expect("read"), "{}", section.name);
    }
    to.set_note(None).await.expect("taken away");
    assert_eq!(Note::of(&to).await.expect("read"), None);
    assert_same(&from, &to).await;
    near.close(from).await;
    far.close(to).await;
}

/// Accounts have no journals, and as many kinds of records as all others together.
pub async fn people_are_there_after_a_move<Near, Far>(near: &Near, far: &Far)
where
    Near: Fixture<Store: AccountStore + Movable>,
    Far: Fixture<Store: AccountStore + Movable>,
{
    let (from, to) = (near.open().await, far.open().await);
    people(&from).await;
    for (section, count) in from.domain().sections.iter().zip(counts(&from).await.expect("counts")) {
        assert!(count > 0, "nothing in {}", section.name);
    }
    for section in from.domain().sections {
        to.import(section, all(&from, section).await).await.expect("taken in");
    }
    assert!(!is_empty(&to).await.expect("read"));
    // All of it a second time.
    move_all(&from, &to).await;
    assert_same(&from, &to).await;
    let (was, is) = (from.audit_head().await.expect("audit"), to.audit_head().await.expect("audit"));
    assert_eq!(was, is, "the chain goes on where it was");
    let found = to.accounts_like("ada", None, 100).await.expect("accounts");
    assert!(found == from.accounts_like("ada", None, 100).await.expect("accounts"));
    near.close(from).await;
    far.close(to).await;
}

async fn all(store: &dyn Movable, section: &'static Section) -> Vec<Record> {
    after_key(store, section, None).await
}

async fn after_key(store: &dyn Movable, section: &'static Section, after: Option<&[Value]>) -> Vec<Record> {
    let (mut pages, mut received) = pages();
    let giving = async move {
        store.export(section, after, &mut pages).await?;
        pages.flush().await
    };
    let taking = async {
        let mut records = Vec::new();
        while let Some(page) = received.recv().await {
            records.extend(page);
        }
        records
    };
    let (given, records) = futures::join!(giving, taking);
    given.unwrap_or_else(|error| panic!("{} does not read: {error}", section.name));
    records
}
