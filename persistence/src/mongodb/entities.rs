//! One document for each entity: when it wants to be woken, and how far it was relayed.
//!
//! ```text
//! { _id: entity, state: { head, at, due_at? }, relay: { head, told }, relayed_to }
//! ```
//! Each field only ever grows (see `rows` for how documents are compared), so it does not matter in which order commits
//! are followed, by whom, and how often. The head here says how far the journal was followed; where it stands is what
//! the commits say. `told` is false while the consumers of the outbox have not been told up to that head; true is more.

use std::collections::BTreeMap;

use mongodb::bson::{Document, doc};
use souk_domain::aggregate::Seq;

use super::documents::{Follow, bound, number};
use super::errors::Fault;
use super::store::{ENTITIES, Shared};
use crate::error::StoreError;
use crate::journal::{EntityId, Relay};

/// What commits of one entity come to, taken together.
#[derive(Default)]
struct Entity {
    head: i64,
    state: Document,
    told: bool,
    relayed_to: i64,
}

impl Entity {
    fn follow(&mut self, commit: &Follow) {
        let head = commit.last.cast_signed();
        if head > self.head {
            self.head = head;
            self.state = doc! { "head": head, "at": commit.at };
            if let Some(due_at) = commit.due_at {
                self.state.insert("due_at", due_at);
            }
            self.told = commit.relay == Relay::Nobody;
        }
        if commit.relay == Relay::Nobody {
            self.relayed_to = self.relayed_to.max(head);
        }
    }
}

impl Shared {
    pub(super) async fn follow_entities(&self, commits: &[Follow]) -> Result<(), Fault> {
        let mut entities: BTreeMap<&EntityId, Entity> = BTreeMap::new();
        for commit in commits {
            entities.entry(&commit.entity).or_default().follow(commit);
        }
        let updates = entities.into_iter().map(|(id, Entity { head, state, told, relayed_to })| {
            let relay = doc! { "head": head, "told": told };
            let newest = doc! { "$max": { "state": state, "relay": relay, "relayed_to": relayed_to } };
            doc! { "q": { "_id": id.as_str() }, "u": newest, "upsert": true }
        });
        self.commands.update(ENTITIES, updates.collect()).await?.expect_only(&[])?;
        Ok(())
    }

    pub(super) async fn move_relay_mark(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        let found = self.first(ENTITIES, doc! { "_id": entity.as_str() }, doc! {}).await?;
        let Some(found) = found else { return Ok(()) };
        let head = number(state(&found)?, "head")?;
        let to = bound(to).min(head);
        let mut moved = doc! { "relayed_to": to };
        if to == head {
            moved.insert("relay", doc! { "head": head, "told": true });
        }
        let update = doc! { "q": { "_id": entity.as_str() }, "u": { "$max": moved } };
        self.commands.update(ENTITIES, vec![update]).await?.expect_only(&[])?;
        Ok(())
    }
}

pub(super) fn state(entity: &Document) -> Result<&Document, StoreError> {
    entity.get_document("state").map_err(|_| super::documents::damaged(entity, "state"))
}
