//! The sections `postgres`, `mongodb`, `redis` and `nodes`: how each engine is used where a URL names it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use souk_persistence::bus::RedisBusOptions;
use souk_persistence::mongodb::MongoOptions;
use souk_persistence::postgres::{self, Durability, Migrations, PostgresOptions};
use souk_persistence::redis::{RedisAccess, RedisDurability, RedisOptions};

use crate::stores::Access;

/// A key and what is wrong with it.
type Fault = (String, String);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    pub schema: String,
    pub readers: u32,
    pub writers: u32,
    pub connect_timeout_ms: u64,
    pub statement_timeout_ms: u64,
    pub lock_timeout_ms: u64,
    pub durable: bool,
    pub migrate: Migrate,
}

/// When a schema is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Migrate {
    AtStart,
    ByCommand,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MongodbConfig {
    pub connections: u32,
    pub connect_timeout_ms: u64,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    pub prefix: String,
    pub may_lose_last_second: bool,
    pub replicas: u32,
    pub stream_events: u64,
    pub archive_commits: u64,
    pub connect_timeout_ms: u64,
    pub answer_timeout_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodesConfig {
    pub lease_seconds: u64,
}

impl PostgresConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.schema.is_empty() || self.schema.len() > 40 || !self.schema.chars().all(named) {
            let fault = "must be 1 to 40 lower case letters, digits and _";
            return Err(("postgres.schema".into(), fault.into()));
        }
        within("postgres.readers", self.readers.into(), 1, 1_000)?;
        within("postgres.writers", self.writers.into(), 1, 1_000)?;
        within("postgres.connect_timeout_ms", self.connect_timeout_ms, 100, 60_000)?;
        within("postgres.statement_timeout_ms", self.statement_timeout_ms, 100, 600_000)?;
        within("postgres.lock_timeout_ms", self.lock_timeout_ms, 10, 600_000)
    }

    /// `key` is the one that has the URL.
    pub fn options(&self, key: &str, url: &str, access: Access) -> PostgresOptions {
        let access = match access {
            Access::Writing => postgres::Access::Write,
            Access::Reading => postgres::Access::Read,
        };
        PostgresOptions {
            schema: self.schema.clone(),
            access,
            durability: if self.durable { Durability::Required } else { Durability::AsConfigured },
            migrations: match self.migrate {
                Migrate::AtStart => Migrations::WhenOpened,
                Migrate::ByCommand => Migrations::ByCommand,
            },
            readers: self.readers,
            writers: self.writers,
            connect_timeout: Duration::from_millis(self.connect_timeout_ms),
            statement_timeout: Duration::from_millis(self.statement_timeout_ms),
            lock_timeout: Duration::from_millis(self.lock_timeout_ms),
            ..PostgresOptions::new(key, url)
        }
    }
}

impl MongodbConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        within("mongodb.connections", self.connections.into(), 1, 1_000)?;
        within("mongodb.connect_timeout_ms", self.connect_timeout_ms, 100, 60_000)?;
        within("mongodb.timeout_ms", self.timeout_ms, 100, 600_000)
    }

    pub fn options(&self, url: &str) -> MongoOptions {
        MongoOptions {
            connections: self.connections,
            connect_timeout: Duration::from_millis(self.connect_timeout_ms),
            timeout: Duration::from_millis(self.timeout_ms),
            ..MongoOptions::new(url)
        }
    }
}

impl RedisConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        let named = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if self.prefix.is_empty() || self.prefix.len() > 64 || !self.prefix.chars().all(named) {
            return Err(("redis.prefix".into(), "must be 1 to 64 letters, digits and _ - .".into()));
        }
        within("redis.connect_timeout_ms", self.connect_timeout_ms, 100, 60_000)?;
        within("redis.answer_timeout_ms", self.answer_timeout_ms, 100, 60_000)?;
        within("redis.stream_events", self.stream_events, 1, 10_000_000)
    }

    fn access(&self, url: &str) -> RedisAccess {
        RedisAccess {
            connect_timeout: Duration::from_millis(self.connect_timeout_ms),
            answer_timeout: Duration::from_millis(self.answer_timeout_ms),
            ..RedisAccess::new(url)
        }
    }

    pub fn options(&self, url: &str) -> RedisOptions {
        let may_lose = self.may_lose_last_second;
        RedisOptions {
            prefix: self.prefix.clone(),
            durability: if may_lose { RedisDurability::LastSecondMayBeLost } else { RedisDurability::EachWrite },
            replicas: self.replicas,
            stream_events: self.stream_events,
            archive_commits: self.archive_commits,
            ..RedisOptions::new(self.access(url))
        }
    }

    pub fn bus(&self, url: &str) -> RedisBusOptions {
        RedisBusOptions { prefix: self.prefix.clone(), ..RedisBusOptions::new(self.access(url)) }
    }
}

impl NodesConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        within("nodes.lease_seconds", self.lease_seconds, 1, 300)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }
}

fn within(key: &str, value: u64, least: u64, most: u64) -> Result<(), Fault> {
    if (least..=most).contains(&value) { Ok(()) } else { Err((key.to_owned(), format!("must be {least} to {most}"))) }
}
