//! The version of what is stored, and the steps from one to the next. A step can be done twice, and one node at a time
//! does them: it holds a lease, by the server's clock.

use std::time::Duration;

use mongodb::bson::{Document, doc};
use tokio::time::Instant;
use uuid::Uuid;

use super::commands::{Commands, integer};
use super::connect::server_now;
use super::errors::{Fault, OpenError, code};
use super::store::{ARCHIVED, COMMITS, ENTITIES, PRODUCTS, VARIANTS};

const SCHEMA: &str = "schema";
const VERSION: &str = "version";
const LEASE: &str = "migration";

/// The newest version; [`step`] knows the way to each.
const KNOWN: i64 = 1;
/// A node that dies while it holds the lease is waited for that long.
const LEASE_MILLIS: i64 = 30_000;
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(100);

/// That the schema is the one this program knows.
pub(super) async fn check(commands: &Commands) -> Result<(), OpenError> {
    let database = commands.database.name().to_owned();
    match version(commands).await? {
        KNOWN => Ok(()),
        version if version > KNOWN => Err(OpenError::NewerSchema { database, version, known: KNOWN }),
        _ => Err(OpenError::OlderSchema { database }),
    }
}

/// Brings the schema up to date, or waits for the node that does.
pub(super) async fn prepare(commands: &Commands) -> Result<(), OpenError> {
    let started = Instant::now();
    let me = Uuid::new_v4().simple().to_string();
    loop {
        let version = version(commands).await?;
        if version > KNOWN {
            let database = commands.database.name().to_owned();
            return Err(OpenError::NewerSchema { database, version, known: KNOWN });
        }
        if version == KNOWN {
            return Ok(());
        }
        if take_lease(commands, &me).await? {
            let done = migrate(commands).await;
            let released = commands.delete(SCHEMA, doc! { "_id": LEASE, "by": &me }).await;
            done?;
            released.map_err(|fault| failed(commands, fault.reason()))?;
            return Ok(());
        }
        if started.elapsed() > PATIENCE {
            let database = commands.database.name().to_owned();
            return Err(OpenError::Migrating { database, waited: started.elapsed() });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn migrate(commands: &Commands) -> Result<(), OpenError> {
    // Again: whoever had the lease before may have done a part.
    for next in version(commands).await? + 1..=KNOWN {
        step(commands, next).await?;
        let document = doc! { "_id": VERSION, "version": next };
        let inserted = checked(commands, commands.insert(SCHEMA, vec![document]).await)?;
        if inserted > 0 {
            let update = doc! { "q": { "_id": VERSION }, "u": { "$max": { "version": next } } };
            checked(commands, commands.update(SCHEMA, vec![update]).await)?;
        }
        tracing::info!(store = "mongodb", version = next, "the schema is up to date");
    }
    Ok(())
}

async fn step(commands: &Commands, version: i64) -> Result<(), OpenError> {
    match version {
        1 => {
            // What journals rest on: see `predecessor`.
            index(commands, COMMITS, "entity_first", doc! { "entity": 1, "first": 1 }, Kind::Unique).await?;
            index(commands, COMMITS, "unfollowed", doc! { "unfollowed": 1 }, Kind::Sparse).await?;
            // The holds of orders that a product forgot.
            index(commands, COMMITS, "holds_order", doc! { "holds.order": 1 }, Kind::Sparse).await?;
            index(commands, ARCHIVED, "entity_first", doc! { "entity": 1, "first": 1 }, Kind::Unique).await?;
            index(commands, ENTITIES, "due_at", doc! { "state.due_at": 1 }, Kind::Sparse).await?;
            index(commands, ENTITIES, "relay_told", doc! { "relay.told": 1 }, Kind::Plain).await?;
            index(commands, PRODUCTS, "handle_changed", doc! { "row.handle": 1, "changed": -1 }, Kind::Plain).await?;
            index(commands, PRODUCTS, "changed", doc! { "changed": 1 }, Kind::Sparse).await?;
            index(commands, VARIANTS, "sku", doc! { "row.sku": 1, "_id": 1 }, Kind::Plain).await
        }
        _ => Err(failed(commands, &format!("no step leads to version {version} of the schema"))),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Documents without the field are not in it.
    Sparse,
    Unique,
}

async fn index(commands: &Commands, collection: &str, name: &str, key: Document, kind: Kind) -> Result<(), OpenError> {
    let mut index = doc! { "key": key, "name": name };
    match kind {
        Kind::Plain => {}
        Kind::Sparse => {
            index.insert("sparse", true);
        }
        Kind::Unique => {
            index.insert("unique", true);
        }
    }
    // No time limit: an index over a large collection takes as long as it takes, and is the same when asked for again.
    let command = doc! { "createIndexes": collection, "indexes": [index] };
    match commands.database.run_command(command).await {
        Ok(_) => Ok(()),
        Err(error) => Err(refused(commands, &Fault::from(&error), code_of(&error))),
    }
}

fn code_of(error: &mongodb::error::Error) -> i32 {
    match &*error.kind {
        mongodb::error::ErrorKind::Command(command) => command.code,
        _ => 0,
    }
}

async fn version(commands: &Commands) -> Result<i64, OpenError> {
    let found = find(commands, VERSION).await?;
    Ok(found.and_then(|document| integer(&document, "version")).unwrap_or(0))
}

async fn find(commands: &Commands, id: &str) -> Result<Option<Document>, OpenError> {
    let schema = commands.database.collection::<Document>(SCHEMA);
    let found = commands.read(async { schema.find_one(doc! { "_id": id }).await }).await;
    found.map_err(|error| failed(commands, &error.to_string()))
}

/// Whether the lease is ours now.
async fn take_lease(commands: &Commands, me: &str) -> Result<bool, OpenError> {
    let now = server_now(commands).await.map_err(|reason| failed(commands, &reason))?;
    if let Some(lease) = find(commands, LEASE).await? {
        if integer(&lease, "until").is_some_and(|until| until >= now) {
            return Ok(false);
        }
        let stale = doc! { "_id": LEASE, "by": lease.get_str("by").unwrap_or_default() };
        checked(commands, commands.delete(SCHEMA, stale).await)?;
    }
    let lease = doc! { "_id": LEASE, "by": me, "until": now + LEASE_MILLIS };
    Ok(checked(commands, commands.insert(SCHEMA, vec![lease]).await)? == 0)
}

/// How many were there already.
fn checked(commands: &Commands, outcome: Result<super::commands::Reply, Fault>) -> Result<usize, OpenError> {
    match outcome {
        Ok(reply) => {
            let code = reply.errors.iter().map(|error| error.code).find(|code| *code != code::DUPLICATE_KEY);
            let reply = reply.expect_only(&[code::DUPLICATE_KEY]);
            reply.map(|reply| reply.errors.len()).map_err(|fault| refused(commands, &fault, code.unwrap_or_default()))
        }
        Err(fault) => Err(refused(commands, &fault, 0)),
    }
}

fn refused(commands: &Commands, fault: &Fault, code: i32) -> OpenError {
    let reason = fault.reason().to_owned();
    let database = commands.database.name().to_owned();
    // The first journaled write shows whether the server can keep one.
    if reason.contains("journal") {
        return OpenError::NotDurable { hosts: database, reason: format!("{reason}; start it with journaling") };
    }
    if code == code::UNAUTHORIZED || reason.contains("not authorized") {
        return OpenError::Rights { database, reason };
    }
    OpenError::Failed { database, reason }
}

pub(super) fn failed(commands: &Commands, reason: &str) -> OpenError {
    OpenError::Failed { database: commands.database.name().to_owned(), reason: reason.to_owned() }
}
