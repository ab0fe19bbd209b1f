//! The archive: older commits of a room, packed many into one, so that what is kept in memory stays small.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use redis::Value;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use souk_domain::aggregate::Seq;
use tokio::sync::{mpsc, oneshot};

use super::errors::{Fault, answer, unexpected};
use super::options::RedisOptions;
use super::reading::{Entry, array};
use super::store::Server;
use crate::error::StoreError;
use crate::journal::EntityId;

/// Of one chunk: so many commits, or so many bytes before they are packed.
pub(super) const CHUNK_COMMITS: usize = 128;
pub(super) const CHUNK_BYTES: usize = 256 * 1024;
/// A chunk that unpacks to more than this is damaged: the largest commit is far smaller.
const MOST_UNPACKED: u64 = 1 << 30;

/// Packs the history of rooms.
#[derive(Debug, Clone)]
pub(super) struct Archiver {
    server: Arc<Server>,
    stream_events: u64,
    archive_commits: u64,
}

/// What the task that packs is told.
#[derive(Debug)]
pub(super) enum Trim {
    /// A snapshot covers this room up to here.
    Covered(EntityId, Seq),
    Close(oneshot::Sender<()>),
}

/// A commit in a chunk.
#[derive(Serialize)]
struct Packing<'a> {
    first: Seq,
    at: i64,
    commit: &'a str,
    events: &'a RawValue,
}

#[derive(Deserialize)]
struct Unpacking<'a> {
    first: Seq,
    at: i64,
    commit: &'a str,
    #[serde(borrow)]
    events: &'a RawValue,
}

/// A commit as it was.
pub(super) struct Unpacked {
    pub first: Seq,
    pub at: i64,
    pub commit: String,
    /// A JSON array.
    pub events: String,
}

impl Archiver {
    pub fn new(server: Arc<Server>, options: &RedisOptions) -> Self {
        let RedisOptions { stream_events, archive_commits, .. } = *options;
        Self { server, stream_events, archive_commits }
    }

    /// Packs what the newest snapshots cover, one room at a time.
    pub async fn run(self, mut trims: mpsc::Receiver<Trim>) {
        while let Some(trim) = trims.recv().await {
            match trim {
                Trim::Covered(entity, through) => {
                    let through = through.saturating_sub(self.stream_events);
                    if through == 0 {
                        continue;
                    }
                    if let Err(error) = self.archive(&entity, through).await {
                        tracing::warn!(%entity, %error, "its history was not packed; the next snapshot tries again");
                    }
                }
                Trim::Close(done) => {
                    trims.close();
                    // An error: nobody waits any more.
                    let _ = done.send(());
                }
            }
        }
    }

    /// Moves commits that lie wholly at or below `through` and the newest snapshot. Returns how many.
    pub async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        let mut moved = 0;
        loop {
            let commits = self.oldest(entity, through).await?;
            let (Some(first), Some(last)) = (commits.first(), commits.last()) else { return Ok(moved) };
            let (first, last) = (first.first, last.last);
            let chunk = pack(entity, &commits)?;
            let keys = &self.server.keys;
            let keys = [keys.now(entity), keys.log(entity), keys.archive(entity)];
            let numbers = [first, last, commits.len() as u64].map(|number| number.to_string().into_bytes());
            let [first, last, count] = numbers;
            let arguments = [first, last, count, chunk, self.archive_commits.to_string().into_bytes()];
            let answered = self.server.run(&self.server.scripts.archive, &keys, &arguments).await?;
            // Where somebody else has moved them, the next look begins behind them.
            if answered == Value::Int(1) {
                moved += commits.len() as u64;
            }
        }
    }

    /// The oldest commits in the stream that may be moved, at most a chunk of them.
    async fn oldest(&self, entity: &EntityId, through: Seq) -> Result<Vec<Entry>, StoreError> {
        let mut commands = redis::Pipeline::with_capacity(2);
        commands.cmd("HGET").arg(self.server.keys.now(entity)).arg("seq");
        commands.cmd("XRANGE").arg(self.server.keys.log(entity)).arg("-").arg("+").arg("COUNT").arg(CHUNK_COMMITS);
        let answers = self.server.send(&commands).await?;
        let answers = answers.into_iter().map(answer).collect::<Result<Vec<_>, Fault>>()?;
        let [snapshot, entries] =
            <[Value; 2]>::try_from(answers).map_err(|answers| unexpected(entity.as_str(), &answers.len()))?;
        let snapshot: Option<Seq> =
            redis::from_redis_value(snapshot).map_err(|error| unexpected(entity.as_str(), &error))?;
        // Only what a snapshot covers.
        let through = through.min(snapshot.unwrap_or(0));
        let mut commits: Vec<Entry> = Vec::new();
        let mut bytes = 0;
        for entry in array(entity, entries)? {
            let entry = Entry::read(entity, entry)?;
            bytes += entry.events.len();
            if entry.last > through || (bytes > CHUNK_BYTES && !commits.is_empty()) {
                break;
            }
            if let Some(before) = commits.last().filter(|before| before.last + 1 != entry.first) {
                let (before, first) = (before.last, entry.first);
                return Err(StoreError::Damaged(format!("{entity} has event {first} after event {before}")));
            }
            commits.push(entry);
        }
        Ok(commits)
    }
}

pub(super) fn pack(entity: &EntityId, commits: &[Entry]) -> Result<Vec<u8>, StoreError> {
    let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("a commit of {entity}: {error}"));
    let mut packing = Vec::with_capacity(commits.len());
    for Entry { first, last: _, commit, at, events } in commits {
        let events: &RawValue = serde_json::from_str(events).map_err(|error| damaged(&error))?;
        packing.push(Packing { first: *first, at: *at, commit, events });
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let json = serde_json::to_vec(&packing).map_err(|error| damaged(&error))?;
    encoder.write_all(&json).and_then(|()| encoder.finish()).map_err(|error| damaged(&error))
}

/// The commits of a chunk.
pub(super) fn unpack(entity: &EntityId, chunk: &[u8]) -> Result<Vec<Unpacked>, StoreError> {
    let damaged =
        |error: &dyn std::fmt::Display| StoreError::Damaged(format!("a chunk of {entity}'s archive: {error}"));
    let mut json = String::new();
    ZlibDecoder::new(chunk).take(MOST_UNPACKED).read_to_string(&mut json).map_err(|error| damaged(&error))?;
    let commits: Vec<Unpacking<'_>> = serde_json::from_str(&json).map_err(|error| damaged(&error))?;
    let unpacked = commits.into_iter().map(|Unpacking { first, at, commit, events }| Unpacked {
        first,
        at,
        commit: commit.to_owned(),
        events: events.get().to_owned(),
    });
    Ok(unpacked.collect())
}
