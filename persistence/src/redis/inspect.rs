//! What a server must be before anything is kept on it. Looked at again after each lost connection, because it may be
//! another server then, or be set up in another way.

use std::collections::HashMap;
use std::sync::Arc;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Cmd, FromRedisValue, Value, cmd, from_redis_value};

use super::errors::{OpenError, answer};
use super::keys::Keys;
use super::link::Inspect;
use super::options::{RedisDurability, RedisOptions};
use super::scripts::Scripts;

/// The form in which everything is kept. Raised when an older program could not read it.
const FORMAT: u32 = 1;

/// `#!lua` and `SET ... NX GET` are of this version.
const OLDEST: (u32, u32) = (7, 0);
const OLDEST_WITH_WAITAOF: (u32, u32) = (7, 2);

/// What is asked of a server.
#[derive(Debug, Clone)]
struct Demands {
    durability: RedisDurability,
    replicas: u32,
    format_key: String,
}

pub(super) fn inspection(options: &RedisOptions, keys: &Keys, scripts: &Arc<Scripts>) -> Inspect {
    let demands = Demands { durability: options.durability, replicas: options.replicas, format_key: keys.format() };
    let scripts = Arc::clone(scripts);
    Box::new(move |connection, address| {
        let (demands, scripts) = (demands.clone(), Arc::clone(&scripts));
        Box::pin(async move {
            let mut server = Server { connection, address };
            server.check(&demands).await?;
            server.format(&demands).await?;
            server.load(&scripts).await
        })
    })
}

struct Server {
    connection: MultiplexedConnection,
    address: String,
}

impl Server {
    async fn check(&mut self, demands: &Demands) -> Result<(), OpenError> {
        let info: String = self.ask(&cmd("INFO")).await?;
        let info: HashMap<&str, &str> = info.lines().filter_map(|line| line.trim_end().split_once(':')).collect();
        let is = |key: &str| info.get(key).copied().unwrap_or_default();
        if is("loading") == "1" {
            return Err(self.not_ready("it is loading its data"));
        }
        let version = is("redis_version");
        if parsed(version) < OLDEST {
            return Err(self.unfit(&format!("it is version {version}"), "take Redis 7.0 or newer"));
        }
        if demands.replicas > 0 && parsed(version) < OLDEST_WITH_WAITAOF {
            let fault = format!("it is version {version}, which has no WAITAOF");
            return Err(self.unfit(&fault, "take Redis 7.2 or newer, or ask for no replicas"));
        }
        if is("cluster_enabled") == "1" {
            return Err(self.unfit("it is part of a cluster", "name a server that is not, with replicas if need be"));
        }
        if is("role") != "master" {
            return Err(self.unfit("it is a replica", "name the server that it follows"));
        }
        if is("maxmemory_policy") != "noeviction" {
            let fault =
                format!("it forgets keys when its memory is full (maxmemory-policy {})", is("maxmemory_policy"));
            return Err(self.unfit(&fault, "set maxmemory-policy noeviction"));
        }
        if is("aof_enabled") != "1" {
            return Err(self.unfit("it loses everything since its last dump (appendonly no)", "set appendonly yes"));
        }
        self.check_sync(demands.durability).await
    }

    async fn check_sync(&mut self, durability: RedisDurability) -> Result<(), OpenError> {
        const ACCEPT: &str = "or accept that the last second of messages can be lost";
        let asked: Result<HashMap<String, String>, OpenError> =
            self.ask(cmd("CONFIG").arg("GET").arg("appendfsync")).await;
        let sync = match (asked, durability) {
            (Ok(mut settings), _) => settings.remove("appendfsync").unwrap_or_default(),
            (Err(error), RedisDurability::LastSecondMayBeLost) if !error.is_passing() => {
                tracing::warn!(%error, "how often redis syncs its disk cannot be seen");
                return Ok(());
            }
            (Err(error), _) if error.is_passing() => return Err(error),
            (Err(error), _) => {
                let fault = format!("how often it syncs its disk cannot be seen ({error})");
                return Err(self.unfit(&fault, &format!("let this user call CONFIG GET, {ACCEPT}")));
            }
        };
        match (sync.as_str(), durability) {
            ("always", _) | ("everysec", RedisDurability::LastSecondMayBeLost) => Ok(()),
            (sync, RedisDurability::EachWrite) => {
                let fault = format!("it acknowledges what is not on its disk (appendfsync {sync})");
                Err(self.unfit(&fault, &format!("set appendfsync always, {ACCEPT}")))
            }
            (sync, RedisDurability::LastSecondMayBeLost) => {
                let fault = format!("it never syncs its disk by itself (appendfsync {sync})");
                Err(self.unfit(&fault, "set appendfsync always, or everysec"))
            }
        }
    }

    /// The format that the data has; an empty server gets this program's.
    async fn format(&mut self, demands: &Demands) -> Result<(), OpenError> {
        let key = &demands.format_key;
        // Read first: a server without memory left can still be read.
        let mut found: Option<String> = self.ask(cmd("GET").arg(key)).await?;
        if found.is_none() {
            found = self.ask(cmd("SET").arg(key).arg(FORMAT).arg("NX").arg("GET")).await?;
        }
        let Some(found) = found else { return Ok(()) };
        match found.parse::<u32>() {
            Ok(FORMAT) => Ok(()),
            Ok(0) | Err(_) => {
                let fault = format!("its key {key} holds {found:?} and not the format of a shop");
                Err(self.unfit(&fault, "choose another prefix, or another database"))
            }
            Ok(_) => Err(OpenError::NewerFormat { address: self.address.clone(), found, known: FORMAT }),
        }
    }

    async fn load(&mut self, scripts: &Scripts) -> Result<(), OpenError> {
        let commands = scripts.loading();
        let loaded = self.connection.req_packed_commands(&commands, 0, commands.len()).await;
        let loaded = loaded.map_err(|error| OpenError::connecting(self.address.clone(), &error))?;
        for value in loaded {
            if let Err(fault) = answer(value) {
                return Err(self.unfit(fault.reason(), "let this user call SCRIPT LOAD and EVALSHA"));
            }
        }
        Ok(())
    }

    async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, OpenError> {
        let failed = |error: redis::RedisError| OpenError::connecting(self.address.clone(), &error);
        let value = self.connection.req_packed_command(command).await.map_err(failed)?;
        if let Value::ServerError(error) = value {
            return Err(OpenError::connecting(self.address.clone(), &error.into()));
        }
        from_redis_value(value).map_err(|error| failed(error.into()))
    }

    fn unfit(&self, fault: &str, remedy: &str) -> OpenError {
        OpenError::Unfit { address: self.address.clone(), fault: fault.to_owned(), remedy: remedy.to_owned() }
    }

    fn not_ready(&self, reason: &str) -> OpenError {
        OpenError::NotReady { address: self.address.clone(), reason: reason.to_owned() }
    }
}

/// The first two numbers of a version.
fn parsed(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
