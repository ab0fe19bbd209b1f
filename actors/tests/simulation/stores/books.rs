//! What a store has written down: the journals, the rows and the plain records. Synchronous and without faults.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DiscountId, OrderId, PaymentId, ProductId, RoomId, VariantId};
use souk_domain::time::Timestamp;
use souk_persistence::error::AppendError;
use souk_persistence::journal::{Commit, EntityId, Loaded, Recorded, Relay, Snapshot};
use souk_persistence::rows::{DiscountClaimRow, HoldRow, OrderRow, PaymentRow, ProductRow, RoomRow, Row, VariantRow};
use souk_persistence::stores::Position;
use uuid::Uuid;

use super::outbox::Told;

#[derive(Default)]
pub struct Books {
    pub entities: BTreeMap<EntityId, Kept>,
    pub position: Position,
    pub products: BTreeMap<ProductId, (Position, ProductRow)>,
    pub variants: BTreeMap<VariantId, VariantRow>,
    pub holds: BTreeMap<(ProductId, OrderId), HoldRow>,
    pub handles: BTreeMap<String, ProductId>,
    pub orders: BTreeMap<OrderId, OrderRow>,
    pub claims: BTreeMap<(DiscountId, OrderId), DiscountClaimRow>,
    pub payments: BTreeMap<PaymentId, PaymentRow>,
    pub numbers_taken: u64,
    pub rooms: BTreeMap<RoomId, RoomRow>,
    pub reads: BTreeMap<(String, RoomId), Seq>,
    pub told: Told,
}

/// The journal of one entity.
#[derive(Default)]
pub struct Kept {
    pub events: Vec<Recorded>,
    /// The number of the first event of each commit.
    firsts: Vec<Seq>,
    archived: usize,
    at: Timestamp,
    commit_id: Option<Uuid>,
    snapshot: Option<(Seq, Snapshot)>,
    pub due_at: Option<Timestamp>,
    pub relayed_to: Seq,
}

impl Kept {
    pub fn head(&self) -> Seq {
        self.events.len() as Seq
    }

    pub fn load(&self, version: u32) -> Loaded {
        let snapshot = self.snapshot.as_ref().filter(|(_, snapshot)| snapshot.version == version);
        let after = snapshot.map_or(0, |(seq, _)| *seq);
        Loaded {
            head: self.head(),
            at: self.at,
            commit_id: self.commit_id,
            snapshot: snapshot.map(|(seq, snapshot)| (*seq, snapshot.state.clone())),
            tail: self.events.iter().filter(|event| event.seq > after).cloned().collect(),
        }
    }

    /// How many commits moved. They are read from where they were: only the port's promises are modelled.
    pub fn archive(&mut self, through: Seq) -> u64 {
        let Some((snapshot_at, _)) = &self.snapshot else { return 0 };
        let through = through.min(*snapshot_at);
        let ends = self.firsts.iter().skip(1).map(|first| first - 1).chain([self.head()]);
        let whole = ends.filter(|end| *end <= through).count();
        let moved = whole.saturating_sub(self.archived);
        self.archived += moved;
        moved as u64
    }
}

impl Books {
    /// Writes the commit with its rows if its predecessor is the newest.
    pub fn append(&mut self, commit: &Commit) -> Result<(), AppendError> {
        let head = self.entities.get(&commit.entity).map_or(0, Kept::head);
        let texts = commit.events.iter().chain(commit.snapshot.iter().map(|snapshot| &snapshot.state));
        for text in texts {
            serde_json::from_str::<IgnoredAny>(text).map_err(|error| AppendError::NotDone(error.to_string()))?;
        }
        if commit.events.is_empty() {
            return Err(AppendError::NotDone("a commit without events".into()));
        }
        if head != commit.predecessor {
            return Err(AppendError::Conflict { head });
        }
        let kept = self.entities.entry(commit.entity.clone()).or_default();
        let recorded = |(seq, event): (Seq, &String)| Recorded { seq, at: commit.at, event: event.clone() };
        kept.events.extend((head + 1..).zip(&commit.events).map(recorded));
        kept.firsts.push(head + 1);
        (kept.at, kept.commit_id, kept.due_at) = (commit.at, Some(commit.commit_id), commit.due_at);
        if commit.relay == Relay::Nobody {
            kept.relayed_to = commit.head();
        }
        if let Some(snapshot) = &commit.snapshot {
            kept.snapshot = Some((commit.head(), snapshot.clone()));
        }
        commit.rows.iter().for_each(|row| self.put(row.clone()));
        Ok(())
    }

    /// Blanks every value that is a person's, and returns how many there were.
    pub fn erase(&mut self, person: &str) -> usize {
        for order in self.orders.values_mut() {
            if order.owner.as_deref() == Some(person) || order.cart_id.to_string() == person {
                order.email_digest = None;
            }
        }
        let mut erased = 0;
        for kept in self.entities.values_mut() {
            let texts = kept.events.iter_mut().map(|recorded| &mut recorded.event);
            for text in texts.chain(kept.snapshot.iter_mut().map(|(_, snapshot)| &mut snapshot.state)) {
                let Ok(mut value) = serde_json::from_str::<Value>(text) else { continue };
                let count = erase(&mut value, person);
                if count > 0 {
                    *text = value.to_string();
                }
                erased += count;
            }
        }
        erased
    }

    fn put(&mut self, row: Row) {
        match row {
            Row::Product(row) => {
                self.position += 1;
                self.products.insert(row.id, (self.position, *row));
            }
            Row::Variant(row) => drop(self.variants.insert(row.id, row)),
            Row::Hold(row) => drop(self.holds.insert((row.product_id, row.order_id), row)),
            Row::Order(row) => drop(self.orders.insert(row.id, *row)),
            Row::DiscountClaim(row) => drop(self.claims.insert((row.discount_id, row.order_id), row)),
            Row::Payment(row) => drop(self.payments.insert(row.id, row)),
            Row::Room(row) => drop(self.rooms.insert(row.id, row)),
        }
    }
}

fn erase(value: &mut Value, person: &str) -> usize {
    match value {
        Value::Object(fields) if fields.get("$of").and_then(Value::as_str) == Some(person) => {
            *value = Value::from("$erased");
            1
        }
        Value::Object(fields) => fields.values_mut().map(|field| erase(field, person)).sum(),
        Value::Array(items) => items.iter_mut().map(|item| erase(item, person)).sum(),
        _ => 0,
    }
}
