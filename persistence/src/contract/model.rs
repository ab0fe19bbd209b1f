//! Random histories against a journal in memory.

use std::collections::BTreeMap;

use super::fixture::{VERSION, entity, head, holds, load, numbered, numbered_event};
use crate::error::AppendError;
use crate::journal::{EntityId, Journal};
use souk_domain::aggregate::Seq;

/// What a writer does to one of a few entities.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Appends after a number that is this far from the head, often wrong.
    Append { entity: u8, distance: i8, events: u8, snapshot: bool, due: bool },
    /// Archives through a number that is this far from the head.
    Archive { entity: u8, distance: i8 },
    /// Marks as relayed through a number that is this far from the head.
    Relay { entity: u8, distance: i8 },
}

#[derive(Debug, Default)]
struct Model {
    events: Vec<String>,
    snapshot: Option<Seq>,
    due: bool,
    relayed_to: Seq,
}

impl Model {
    fn head(&self) -> Seq {
        self.events.len() as Seq
    }

    fn at_distance(&self, distance: i8) -> Seq {
        self.head().saturating_add_signed(i64::from(distance))
    }
}

/// The store must answer each step as the model does, and hold the same at the end.
pub async fn follows_the_model(store: &impl Journal, steps: &[Step]) {
    let mut models: BTreeMap<EntityId, Model> = BTreeMap::new();
    let id = |number: u8| entity("cart", number.into());
    for step in steps {
        match *step {
            Step::Append { entity, distance, events, snapshot, due } => {
                let model = models.entry(id(entity)).or_default();
                let predecessor = model.at_distance(distance);
                let mut commit = numbered(&id(entity), predecessor, events.max(1).into());
                let (written, newest) = (commit.events.clone(), commit.head());
                commit = if snapshot { commit.with_snapshot(VERSION, &numbered_event(newest)) } else { commit };
                commit = if due { commit.due(1) } else { commit };
                match store.append(commit).await {
                    Ok(()) => {
                        assert_eq!(predecessor, model.head(), "{step:?} was accepted");
                        model.events.extend(written);
                        model.due = due;
                        model.snapshot = if snapshot { Some(newest) } else { model.snapshot };
                    }
                    Err(AppendError::Conflict { head }) => {
                        assert_ne!(predecessor, model.head(), "{step:?} was refused");
                        assert_eq!(head, model.head(), "{step:?} was told another head");
                    }
                    Err(other) => panic!("{step:?} got {other}"),
                }
            }
            Step::Archive { entity, distance } => {
                let through = models.entry(id(entity)).or_default().at_distance(distance);
                store.archive(&id(entity), through).await.expect("archive");
            }
            Step::Relay { entity, distance } => {
                let model = models.entry(id(entity)).or_default();
                let to = model.at_distance(distance);
                store.mark_relayed(&id(entity), to).await.expect("relay mark");
                model.relayed_to = model.relayed_to.max(to.min(model.head()));
            }
        }
    }
    for (entity, model) in &models {
        compare(store, entity, model).await;
    }
    let due = store.due(souk_domain::time::Timestamp::from_millis(1), 100).await.expect("due");
    let mut due: Vec<EntityId> = due.into_iter().map(|due| due.entity).collect();
    // All at the same time: among those the order is the store's own.
    due.sort();
    let expected: Vec<EntityId> =
        models.iter().filter(|(_, model)| model.due).map(|(entity, _)| entity.clone()).collect();
    assert_eq!(due, expected, "the entities that are due");
}

async fn compare(store: &impl Journal, entity: &EntityId, model: &Model) {
    holds(store, entity, &model.events).await;
    assert_eq!(head(store, entity).await, model.head());
    let loaded = load(store, entity).await;
    assert_eq!(loaded.head, model.head());
    assert_eq!(loaded.snapshot, model.snapshot.map(|seq| (seq, numbered_event(seq))));
    let from = model.snapshot.unwrap_or(0) as usize;
    let tail: Vec<String> = loaded.tail.into_iter().map(|event| event.event).collect();
    assert_eq!(tail, model.events[from..]);
    let rebuilt = store.load(entity, VERSION + 1).await.expect("load without the snapshot");
    assert_eq!(rebuilt.tail.len(), model.events.len());
    let mark = store.unrelayed(100).await.expect("unrelayed").into_iter().find(|mark| mark.entity == *entity);
    let expected = (model.relayed_to < model.head()).then_some((model.relayed_to, model.head()));
    assert_eq!(mark.map(|mark| (mark.relayed_to, mark.head)), expected, "the relay mark of {entity}");
}
