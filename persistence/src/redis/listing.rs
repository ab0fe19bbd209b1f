//! Lists over all entities: each part has its own index, and the lists are put together here.

use redis::{FromRedisValue, Pipeline, from_redis_value};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

use super::errors::{answer, unexpected};
use super::keys::PARTS;
use super::store::Server;
use crate::error::StoreError;
use crate::journal::{Due, EntityId, Unrelayed};

/// Entities and the times they are listed by, the lowest first.
type Scored = Vec<(EntityId, f64)>;

impl Server {
    /// The newest numbers of these entities, in their order; 0 for an unknown one.
    pub async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        let mut heads = Vec::with_capacity(entities.len());
        // In parts, so that others get their turn at the server.
        for entities in entities.chunks(1000) {
            let mut commands = Pipeline::with_capacity(entities.len());
            for entity in entities {
                commands.cmd("HGET").arg(self.keys.now(entity)).arg("head");
            }
            let found: Vec<Option<Seq>> = self.answers(&commands).await?;
            heads.extend(found.into_iter().map(|head| head.unwrap_or(0)));
        }
        Ok(heads)
    }

    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let scored = self.lowest(|part| self.keys.due(part), &now.as_millis().to_string(), limit).await?;
        let due = scored.into_iter().map(|(entity, at)| Due { entity, due_at: Timestamp::from_millis(at as i64) });
        Ok(due.collect())
    }

    pub async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        let scored = self.lowest(|part| self.keys.unrelayed(part), "+inf", limit).await?;
        let mut commands = Pipeline::with_capacity(scored.len());
        for (entity, _) in &scored {
            commands.cmd("HMGET").arg(self.keys.now(entity)).arg("relayed").arg("head");
        }
        let marks: Vec<(Option<Seq>, Option<Seq>)> = self.answers(&commands).await?;
        let unrelayed = scored.into_iter().zip(marks).map(|((entity, _), (relayed_to, head))| Unrelayed {
            entity,
            relayed_to: relayed_to.unwrap_or(0),
            head: head.unwrap_or(0),
        });
        // One that was marked since it was listed has nothing left.
        Ok(unrelayed.filter(|mark| mark.relayed_to < mark.head).collect())
    }

    /// Up to `limit` entities with the lowest times of all parts, none above `highest`.
    async fn lowest(&self, key: impl Fn(u8) -> String, highest: &str, limit: usize) -> Result<Scored, StoreError> {
        let mut commands = Pipeline::with_capacity(PARTS.into());
        for part in 0..PARTS {
            let command = commands.cmd("ZRANGEBYSCORE").arg(key(part)).arg("-inf").arg(highest).arg("WITHSCORES");
            command.arg("LIMIT").arg(0).arg(bounded(limit));
        }
        let parts: Vec<Vec<(String, f64)>> = self.answers(&commands).await?;
        let mut all: Vec<(String, f64)> = parts.into_iter().flatten().collect();
        all.sort_by(|(a_id, a), (b_id, b)| a.total_cmp(b).then_with(|| a_id.cmp(b_id)));
        all.truncate(limit);
        Ok(all.into_iter().map(|(id, at)| (EntityId::new(id), at)).collect())
    }

    pub async fn entities(
        &self,
        kind: &str,
        after: Option<&EntityId>,
        limit: usize,
    ) -> Result<Vec<EntityId>, StoreError> {
        let prefix = format!("{kind}_");
        // The character after '_' is '`': the range ends with the last id that has the prefix.
        let end = format!("({kind}`");
        let mut after = after.map_or(&*prefix, |after| after.as_str().max(&prefix)).to_owned();
        // Ids spread evenly, so each part has about its share of what is asked for.
        let share = limit.div_ceil(PARTS.into()).saturating_add(8);
        let mut found: Vec<EntityId> = Vec::new();
        while found.len() < limit && format!("({after}") < end {
            let mut commands = Pipeline::with_capacity(PARTS.into());
            for part in 0..PARTS {
                let command = commands.cmd("ZRANGEBYLEX").arg(self.keys.ids(part));
                command.arg(format!("({after}")).arg(&end).arg("LIMIT").arg(0).arg(bounded(share));
            }
            let parts: Vec<Vec<String>> = self.answers(&commands).await?;
            // Beyond the last id of a part that has more, that part may have ids that are not here.
            let full = parts.iter().filter(|ids| ids.len() >= share).filter_map(|ids| ids.last());
            let through = full.min().cloned();
            let mut ids: Vec<String> = parts.into_iter().flatten().collect();
            ids.retain(|id| through.as_ref().is_none_or(|through| id <= through));
            ids.sort();
            found.extend(ids.into_iter().map(EntityId::new));
            match through {
                Some(through) => after = through,
                None => break,
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Sends commands that read, and takes each answer in the form that it has.
    pub async fn answers<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<Vec<T>, StoreError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let answers = self.send(commands).await?.into_iter();
        let answers =
            answers.map(|value| from_redis_value(answer(value)?).map_err(|error| unexpected("a list", &error)));
        answers.collect()
    }
}

pub(super) fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
