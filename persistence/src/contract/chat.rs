//! Rooms have no queries beyond their journals, but a row that must be writable.

use std::collections::BTreeMap;

use souk_domain::id::room_id;

use super::fixture::{Fixture, append, holds_numbered, numbered};
use crate::journal::EntityId;
use crate::rows::{RoomRow, Row};
use crate::stores::ChatStore;

pub async fn rooms_are_written_with_their_row<F: Fixture<Store: ChatStore>>(fixture: &F) {
    let store = fixture.open().await;
    let id = room_id("direct", "a,b");
    let entity = EntityId::new(id);
    for seq in 1..=3 {
        let row = RoomRow {
            id,
            seq,
            kind: "direct".to_owned(),
            subject_id: None,
            members: BTreeMap::from([("acct_1".to_owned(), seq), ("guest_\"2\"".to_owned(), 0)]),
        };
        append(&store, numbered(&entity, seq - 1, 1).with_rows([Row::Room(row)])).await;
    }
    holds_numbered(&store, &entity, 3).await;
    fixture.close(store).await;
}
