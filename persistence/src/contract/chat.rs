//! Rooms beyond their journals: the row that is written with them, and the inbox that is answered from it.

use std::collections::BTreeSet;

use souk_domain::aggregate::Seq;
use souk_domain::id::{RoomId, room_id};
use souk_domain::time::Timestamp;

use super::fixture::{Fixture, append, holds_numbered, numbered};
use crate::journal::EntityId;
use crate::rows::{InboxRow, RoomRow, Row};
use crate::stores::ChatStore;

fn row(subject: &str, seq: Seq, at: i64, members: &[&str]) -> RoomRow {
    RoomRow {
        id: room_id("direct", subject),
        seq,
        kind: "direct".to_owned(),
        subject_id: Some(subject.to_owned()),
        members: members.iter().map(|&member| member.to_owned()).collect::<BTreeSet<_>>(),
        at: Timestamp::from_millis(at),
    }
}

async fn write(store: &impl ChatStore, row: RoomRow) {
    append(store, numbered(&EntityId::new(row.id), row.seq - 1, 1).with_rows([Row::Room(row)])).await;
}

pub async fn rooms_are_written_with_their_row<F: Fixture<Store: ChatStore>>(fixture: &F) {
    let store = fixture.open().await;
    for seq in 1..=3 {
        write(&store, row("a,b", seq, 7, &["acct_1", "guest_\"2\""])).await;
    }
    holds_numbered(&store, &EntityId::new(room_id("direct", "a,b")), 3).await;
    fixture.close(store).await;
}

pub async fn an_inbox_has_the_rooms_of_a_member<F: Fixture<Store: ChatStore>>(fixture: &F) {
    let store = fixture.open().await;
    for (subject, at) in [("one", 10), ("two", 20), ("three", 20), ("four", 30)] {
        write(&store, row(subject, 1, at, &["acct_1", "guest_1"])).await;
    }
    write(&store, row("other", 1, 40, &["acct_2"])).await;
    // Something new moves a room to the front; somebody who joins finds it.
    write(&store, row("one", 2, 50, &["acct_1", "acct_3", "guest_1"])).await;
    fixture.close(store).await;
    let store = fixture.open().await;
    let inbox = async |member: &str, before: Option<(Timestamp, RoomId)>, limit: usize| -> Vec<InboxRow> {
        store.rooms_of(member, before, limit).await.expect("rooms")
    };
    let (mut before, mut rooms) = (None, Vec::new());
    loop {
        let page = inbox("acct_1", before, 2).await;
        let Some(last) = page.last() else { break };
        before = Some((last.room.at, last.room.id));
        rooms.extend(page);
    }
    // Two changed in the same millisecond: the greater id comes first.
    let mut same = [row("two", 1, 20, &["acct_1", "guest_1"]), row("three", 1, 20, &["acct_1", "guest_1"])];
    same.sort_by_key(|row| std::cmp::Reverse(row.id.to_string()));
    let [first, second] = same;
    let one = row("one", 2, 50, &["acct_1", "acct_3", "guest_1"]);
    let expected = [one.clone(), row("four", 1, 30, &["acct_1", "guest_1"]), first, second];
    assert_eq!(rooms, expected.map(|room| InboxRow { room, read: 0 }));
    assert_eq!(inbox("acct_3", None, 10).await, [InboxRow { room: one, read: 0 }]);
    assert_eq!(inbox("acct_4", None, 10).await, []);
    fixture.close(store).await;
}

pub async fn what_was_read_never_goes_back<F: Fixture<Store: ChatStore>>(fixture: &F) {
    let store = fixture.open().await;
    write(&store, row("one", 1, 10, &["acct_1", "acct_2"])).await;
    let id = room_id("direct", "one");
    for seq in [3, 7, 5] {
        store.mark_read(id, "acct_1", seq).await.expect("marked");
    }
    fixture.close(store).await;
    let store = fixture.open().await;
    let read = async |member: &str| store.rooms_of(member, None, 10).await.expect("rooms")[0].read;
    assert_eq!((read("acct_1").await, read("acct_2").await), (7, 0));
    fixture.close(store).await;
}
