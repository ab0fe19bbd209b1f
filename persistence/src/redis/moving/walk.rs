//! All entities, some at a time, in an order that is always the same.

use redis::{FromRedisValue, Pipeline};

use crate::error::StoreError;
use crate::journal::EntityId;
use crate::redis::keys::{PARTS, part};
use crate::redis::store::Server;

/// Entities that are looked at together. What is read of each at once is bounded too.
const AT_ONCE: usize = 32;

pub(super) struct Walk {
    part: u8,
    /// As the command takes it.
    from: String,
}

impl Walk {
    /// From this entity on, itself too; from the first.
    pub fn from(entity: Option<&str>) -> Self {
        match entity {
            Some(entity) => Self { part: part(&EntityId::new(entity)), from: format!("[{entity}") },
            None => Self { part: 0, from: "-".to_owned() },
        }
    }

    /// Nothing when there are no more.
    pub async fn next(&mut self, server: &Server) -> Result<Vec<EntityId>, StoreError> {
        while self.part < PARTS {
            let mut commands = Pipeline::with_capacity(1);
            let command = commands.cmd("ZRANGEBYLEX").arg(server.keys.ids(self.part)).arg(&self.from).arg("+");
            command.arg("LIMIT").arg(0).arg(AT_ONCE);
            let ids: Vec<String> = server.answers(&commands).await?.pop().unwrap_or_default();
            match ids.last() {
                Some(last) => {
                    self.from = format!("({last}");
                    return Ok(ids.into_iter().map(EntityId::new).collect());
                }
                None => *self = Self { part: self.part + 1, from: "-".to_owned() },
            }
        }
        Ok(Vec::new())
    }

    /// The next entities, each with the answer to the one command that `ask` adds for it. None when there are no more.
    pub async fn answers<T: FromRedisValue>(
        &mut self,
        server: &Server,
        ask: impl Fn(&mut Pipeline, &EntityId),
    ) -> Result<Option<Vec<(EntityId, T)>>, StoreError> {
        let entities = self.next(server).await?;
        if entities.is_empty() {
            return Ok(None);
        }
        let mut commands = Pipeline::with_capacity(entities.len());
        entities.iter().for_each(|entity| ask(&mut commands, entity));
        let answers: Vec<T> = server.answers(&commands).await?;
        Ok(Some(entities.into_iter().zip(answers).collect()))
    }
}
