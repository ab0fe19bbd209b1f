//! Commits as documents.
//!
//! ```text
//! { _id: the commit's id, entity, first, last, at,
//!   events: "[...]",                              not in the stub of an archived one
//!   holds: [{ order, state, lines: "[...]" }],    answers for holds, for good
//!   unfollowed: true,                             until what follows from it is written, and then gone
//!   follow: { due_at?, relay, products: [{ id, row: { seq, handle, view } }],
//!             variants: [{ id, row: { seq, product_id, sku? } }] } }
//! ```
//! Numbers are integers of 64 bits, times milliseconds since 1970. JSON is kept as text, byte for byte.

use mongodb::bson::{Bson, Document, doc};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use souk_domain::aggregate::Seq;
use uuid::Uuid;

use super::commands::integer;
use crate::error::StoreError;
use crate::journal::{Commit, EntityId, Relay, Snapshot};
use crate::rows::{HoldRow, HoldState, ProductRow, Row, VariantRow};

/// A document may have 16 MiB; what is not text in it is small.
const MOST_BYTES: usize = 16 * 1024 * 1024 - 64 * 1024;

/// A commit made ready for the writer.
#[derive(Debug, Clone)]
pub(super) struct EncodedCommit {
    pub entity: EntityId,
    pub predecessor: Seq,
    pub last: Seq,
    pub id: String,
    pub document: Document,
    pub follow: Follow,
    /// About as large as what is written.
    pub bytes: usize,
}

/// What follows from a commit once it is there.
#[derive(Debug, Clone)]
pub(super) struct Follow {
    /// The commit's `_id`.
    pub commit: String,
    pub entity: EntityId,
    pub predecessor: Seq,
    pub last: Seq,
    pub at: i64,
    pub due_at: Option<i64>,
    pub relay: Relay,
    /// Only known to the process that wrote the commit: it can always be made again.
    pub snapshot: Option<Snapshot>,
    /// `{ id, row }`.
    pub products: Vec<Document>,
    pub variants: Vec<Document>,
}

impl EncodedCommit {
    /// # Errors
    /// A sentence when the commit can never be written.
    pub(super) fn new(commit: Commit) -> Result<Self, String> {
        let Commit { entity, predecessor, commit_id, at, events, snapshot, due_at, relay, rows } = commit;
        if events.is_empty() {
            return Err("a commit needs at least one event".to_owned());
        }
        let count = events.len() as i64;
        let last = i64::try_from(predecessor).ok().and_then(|predecessor| predecessor.checked_add(count));
        let last = last.ok_or_else(|| format!("the predecessor {predecessor} is too large"))?;
        let events = join(&events)?;
        if let Some(snapshot) = &snapshot {
            check_json(&snapshot.state).map_err(|error| format!("the snapshot is no JSON: {error}"))?;
        }
        let id = commit_id.simple().to_string();
        let mut follow = Follow {
            commit: id.clone(),
            entity: entity.clone(),
            predecessor,
            last: last.cast_unsigned(),
            at: at.as_millis(),
            due_at: due_at.map(|due_at| due_at.as_millis()),
            relay,
            snapshot,
            products: Vec::new(),
            variants: Vec::new(),
        };
        let holds = follow.take_rows(rows)?;

        let text: usize = follow
            .products
            .iter()
            .filter_map(|row| row.get_document("row").ok()?.get_str("view").ok())
            .map(str::len)
            .sum();
        let held: usize =
            holds.iter().filter_map(|hold| hold.get_str("lines").ok()).map(|lines| lines.len() + 64).sum();
        let bytes = events.len() + text + held + 256;
        if bytes > MOST_BYTES {
            return Err(format!("the commit has {bytes} bytes, and a document of MongoDB may have {MOST_BYTES}"));
        }
        let mut document = doc! {
            "_id": &id, "entity": entity.as_str(), "first": last - count + 1, "last": last, "at": follow.at,
            "events": events, "unfollowed": true, "follow": follow.encode(),
        };
        if !holds.is_empty() {
            document.insert("holds", holds);
        }
        Ok(Self { entity, predecessor, last: last.cast_unsigned(), id, document, follow, bytes })
    }
}

impl Follow {
    /// Takes the rows that follow, and returns those that stay in the commit.
    fn take_rows(&mut self, rows: Vec<Row>) -> Result<Vec<Document>, String> {
        let mut holds = Vec::new();
        for row in rows {
            match row {
                Row::Product(row) => {
                    let ProductRow { id, seq, handle, view } = *row;
                    let view = serde_json::to_string(&view).map_err(|error| error.to_string())?;
                    let seq = i64::try_from(seq).map_err(|_| format!("{seq} is too large to be kept"))?;
                    let row = doc! { "seq": seq, "handle": handle, "view": view };
                    self.products.push(doc! { "id": id.to_string(), "row": row });
                }
                Row::Variant(VariantRow { id, product_id, sku }) => {
                    let mut row = doc! { "seq": self.last.cast_signed(), "product_id": product_id.to_string() };
                    if let Some(sku) = sku {
                        row.insert("sku", sku);
                    }
                    self.variants.push(doc! { "id": id.to_string(), "row": row });
                }
                Row::Hold(HoldRow { product_id: _, order_id, state, lines }) => {
                    let lines = serde_json::to_string(&lines).map_err(|error| error.to_string())?;
                    let state = hold_state(state);
                    holds.push(doc! { "order": order_id.to_string(), "state": state, "lines": lines });
                }
                Row::Order(_) | Row::DiscountClaim(_) | Row::Payment(_) | Row::Room(_) => {
                    return Err("the catalogue keeps no rows of other domains".to_owned());
                }
            }
        }
        Ok(holds)
    }

    fn encode(&self) -> Document {
        let relay = match self.relay {
            Relay::Nobody => "nobody",
            Relay::Consumers => "consumers",
        };
        let mut document = doc! { "relay": relay };
        if let Some(due_at) = self.due_at {
            document.insert("due_at", due_at);
        }
        if !self.products.is_empty() {
            document.insert("products", self.products.clone());
        }
        if !self.variants.is_empty() {
            document.insert("variants", self.variants.clone());
        }
        document
    }

    /// From the document of a commit that was not followed yet.
    pub(super) fn decode(commit: &Document) -> Result<Self, StoreError> {
        let CommitRange { entity, first, last, at } = CommitRange::decode(commit)?;
        let id = text(commit, "_id")?;
        let follow = commit.get_document("follow").map_err(|_| damaged(commit, "follow"))?;
        let relay = match text(follow, "relay")?.as_str() {
            "nobody" => Relay::Nobody,
            "consumers" => Relay::Consumers,
            _ => return Err(damaged(commit, "follow.relay")),
        };
        let rows = |key: &str| -> Vec<Document> {
            let rows = follow.get_array(key).ok().into_iter().flatten();
            rows.filter_map(Bson::as_document).cloned().collect()
        };
        Ok(Self {
            commit: id,
            entity,
            predecessor: first - 1,
            last,
            at,
            due_at: integer(follow, "due_at"),
            relay,
            snapshot: None,
            products: rows("products"),
            variants: rows("variants"),
        })
    }
}

/// Which numbers of whose journal a commit has.
#[derive(Debug, Clone)]
pub(super) struct CommitRange {
    pub entity: EntityId,
    pub first: Seq,
    pub last: Seq,
    pub at: i64,
}

impl CommitRange {
    pub(super) fn decode(commit: &Document) -> Result<Self, StoreError> {
        let entity = EntityId::new(text(commit, "entity")?);
        let (first, last) = (number(commit, "first")?.cast_unsigned(), number(commit, "last")?.cast_unsigned());
        if first == 0 || last < first {
            return Err(damaged(commit, "first"));
        }
        Ok(Self { entity, first, last, at: number(commit, "at")? })
    }
}

pub(super) fn commit_id(commit: &Document) -> Option<Uuid> {
    commit.get_str("_id").ok().and_then(|id| Uuid::parse_str(id).ok())
}

pub(super) fn hold_state(state: HoldState) -> &'static str {
    match state {
        HoldState::Held => "held",
        HoldState::Sold => "sold",
        HoldState::Released => "released",
    }
}

pub(super) fn text(document: &Document, key: &str) -> Result<String, StoreError> {
    document.get_str(key).map(str::to_owned).map_err(|_| damaged(document, key))
}

pub(super) fn number(document: &Document, key: &str) -> Result<i64, StoreError> {
    integer(document, key).ok_or_else(|| damaged(document, key))
}

pub(super) fn damaged(document: &Document, key: &str) -> StoreError {
    let id = document.get("_id").map_or_else(|| "without _id".to_owned(), ToString::to_string);
    StoreError::Damaged(format!("the document {id} has no proper {key}"))
}

/// Of a number that a client names: beyond what a document holds is beyond every head all the same.
pub(super) fn bound(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX - 1)
}

fn check_json(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<IgnoredAny>(text).map(|_| ())
}

/// The events as one JSON array; each stays byte for byte what it was.
fn join(events: &[String]) -> Result<String, String> {
    for (index, event) in events.iter().enumerate() {
        check_json(event).map_err(|error| format!("event {} of the commit is no JSON: {error}", index + 1))?;
    }
    Ok(format!("[{}]", events.join(",")))
}

/// The events of a commit, in order.
pub(super) fn split(array: &str) -> Result<Vec<String>, serde_json::Error> {
    let events: Vec<&RawValue> = serde_json::from_str(array)?;
    Ok(events.into_iter().map(|event| event.get().to_owned()).collect())
}
