//! The port of the journals. An append may be certainly not done, or done or not with nobody to say so; one of
//! unknown outcome may even be written after the answer, as by a network that delivers late.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};

use super::{MemoryStore, WRITE_MILLIS, Writer};

/// What becomes of an append whose outcome the writer is not told.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Lost,
    Written,
    WrittenLater,
}

#[async_trait]
impl Journal for MemoryStore {
    fn engine(&self) -> &'static str {
        "memory"
    }

    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        let Some(weather) = self.world().weather() else { return self.books().append(&commit) };
        let ticket = self.hand_over(&commit);
        self.world().pause(WRITE_MILLIS).await;
        if self.world().happens(weather.append_not_done) {
            self.take_back(ticket);
            self.note(&commit, "not done");
            self.world().pause(WRITE_MILLIS).await;
            return Err(AppendError::NotDone("simulated".into()));
        }
        if self.world().happens(weather.append_unknown) {
            let fate = self.world().one_of(&[Fate::Lost, Fate::Written, Fate::WrittenLater]);
            return self.unknown(ticket, &commit, fate).await;
        }
        let outcome = self.write(ticket, Writer::Actor);
        self.world().pause(WRITE_MILLIS).await;
        outcome
    }

    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        self.reading().await?;
        Ok(self.books().entities.get(entity).map(|kept| kept.load(snapshot_version)).unwrap_or_default())
    }

    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let Some(kept) = books.entities.get(entity) else { return Ok(vec![]) };
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(kept.events.iter().skip(after).take(limit).cloned().collect())
    }

    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        self.reading().await?;
        Ok(self.books().entities.get(entity).map_or(0, super::books::Kept::head))
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let due = books.entities.iter().filter_map(|(entity, kept)| {
            let due_at = kept.due_at.filter(|due_at| *due_at <= now)?;
            Some(Due { entity: entity.clone(), due_at })
        });
        let mut due: Vec<Due> = due.collect();
        due.sort_by_key(|due| due.due_at);
        due.truncate(limit);
        Ok(due)
    }

    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let of_kind = books.entities.keys().filter(|id| id.kind() == kind && after.is_none_or(|after| *id > after));
        Ok(of_kind.take(limit).cloned().collect())
    }

    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let behind = books.entities.iter().filter(|(_, kept)| kept.relayed_to < kept.head());
        let mark = |(entity, kept): (&EntityId, &super::books::Kept)| Unrelayed {
            entity: entity.clone(),
            relayed_to: kept.relayed_to,
            head: kept.head(),
        };
        Ok(behind.take(limit).map(mark).collect())
    }

    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        self.reading().await?;
        if let Some(kept) = self.books().entities.get_mut(entity) {
            kept.relayed_to = kept.relayed_to.max(to.min(kept.head()));
        }
        Ok(())
    }

    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        self.reading().await?;
        Ok(self.books().entities.get_mut(entity).map_or(0, |kept| kept.archive(through)))
    }
}

impl MemoryStore {
    fn write(&self, ticket: u64, writer: Writer) -> Result<(), AppendError> {
        let Some(commit) = self.take_back(ticket) else { return Ok(()) };
        let outcome = self.books().append(&commit);
        if outcome.is_ok() {
            self.written_by(&commit.entity, writer);
        }
        self.note(&commit, if outcome.is_ok() { "written" } else { "refused" });
        outcome
    }

    async fn unknown(&self, ticket: u64, commit: &Commit, fate: Fate) -> Result<(), AppendError> {
        match fate {
            Fate::Lost => drop(self.take_back(ticket)),
            Fate::Written => drop(self.write(ticket, Writer::Actor)),
            Fate::WrittenLater => {
                let store = self.clone();
                tokio::spawn(async move {
                    store.world().pause(WRITE_MILLIS * 4).await;
                    let _ = store.write(ticket, Writer::Unnoticed);
                });
            }
        }
        self.note(commit, "outcome unknown");
        self.world().pause(WRITE_MILLIS).await;
        Err(AppendError::Unknown("simulated".into()))
    }

    fn note(&self, commit: &Commit, outcome: &str) {
        let Commit { entity, predecessor, events, .. } = commit;
        let (name, count) = (self.0.name, events.len());
        self.world().note(format_args!("{name}: {entity} {predecessor}+{count} {outcome}"));
    }
}
