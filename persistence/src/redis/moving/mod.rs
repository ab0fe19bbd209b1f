//! What is given out to another engine, and taken in. Entities are walked part by part, in the order of their ids
//! within each.
//!
//! * `walk`: all entities, some at a time
//! * `export`: sections as they are read; `commits`: those that are streams
//! * `import`: sections as they are written

mod commits;
mod export;
mod import;
mod walk;

use async_trait::async_trait;
use redis::Pipeline;

use super::keys::PARTS;
use super::store::RedisChatStore;
use crate::error::StoreError;
use crate::moving::{Movable, MovedDomain, Pages, Record, Section, Value, What, domains};

#[async_trait]
impl Movable for RedisChatStore {
    fn domain(&self) -> &'static MovedDomain {
        &domains::CHAT
    }

    async fn count(&self, section: &Section) -> Result<u64, StoreError> {
        let server = &self.server;
        match (section.what, section.name) {
            (What::Marks, _) => {
                let mut commands = Pipeline::new();
                for part in 0..PARTS {
                    commands.cmd("ZCARD").arg(server.keys.due(part));
                    commands.cmd("ZCARD").arg(server.keys.unrelayed(part));
                }
                // About: one may be in both.
                Ok(server.answers::<u64>(&commands).await?.iter().sum())
            }
            (_, "person_keys") => {
                let mut commands = Pipeline::new();
                for part in 0..PARTS {
                    commands.cmd("HLEN").arg(server.keys.secrets(part));
                }
                Ok(server.answers::<u64>(&commands).await?.iter().sum())
            }
            _ => server.count_by_entity(section).await,
        }
    }

    async fn export(
        &self,
        section: &'static Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        self.server.export(section, after, pages).await
    }

    async fn import(&self, section: &'static Section, records: Vec<Record>) -> Result<(), StoreError> {
        self.server.import(section, &records).await
    }

    async fn note(&self) -> Result<Option<String>, StoreError> {
        let mut commands = Pipeline::new();
        commands.cmd("GET").arg(self.server.keys.moving());
        Ok(self.server.answers::<Option<String>>(&commands).await?.pop().flatten())
    }

    async fn set_note(&self, note: Option<String>) -> Result<(), StoreError> {
        let mut commands = Pipeline::new();
        match note {
            Some(note) => commands.cmd("SET").arg(self.server.keys.moving()).arg(note),
            None => commands.cmd("DEL").arg(self.server.keys.moving()),
        };
        self.server.write(&commands).await.map(|_| ())
    }
}

fn unknown(section: &Section) -> StoreError {
    StoreError::Unavailable(format!("chat has no section {}", section.name))
}
