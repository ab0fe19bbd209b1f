//! What a room writes beside its journal, and what it publishes: each event is an entry of its topic,
//! encoded once for all who follow.

use std::sync::Arc;

use souk_domain::planted::{self, Bug};
use souk_domain::room::state::Room;
use souk_persistence::journal::Journal;
use souk_persistence::rows::{RoomRow, Row};

use super::view::RoomEventView;
use crate::runtime::entity::{Committed, Entity};
use crate::topics::hub::{Hub, entry_frame};
use crate::topics::topic::Topic;

pub struct RoomEntity {
    pub journal: Arc<dyn Journal>,
    pub hub: Hub,
}

impl Entity for RoomEntity {
    type Aggregate = Room;
    type Step = ();
    const KIND: &'static str = "room";

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, change: &Committed<'_, Room>) -> Vec<Row> {
        let Some(opening) = &change.state.opening else { return vec![] };
        let members = change.state.members.iter().cloned().collect();
        let (kind, subject_id) = (opening.kind.as_str().to_owned(), opening.subject_id.clone());
        vec![Row::Room(RoomRow { id: opening.id, seq: change.seq(), kind, subject_id, members, at: change.at })]
    }

    fn publish(&self, change: &Committed<'_, Room>) {
        let Some(room_id) = change.state.opening.as_ref().map(|opening| opening.id) else { return };
        let topic = Topic::Room(room_id);
        if self.hub.has_followers(topic) {
            let told = if planted::is(Bug::EntriesUnpublished) { 1 } else { change.events.len() };
            for (seq, event) in (change.first..).zip(&change.events[..told]) {
                self.hub.publish_entry(topic, seq, &entry_frame(topic, seq, &RoomEventView::of(room_id, event)));
            }
        }
    }
}
