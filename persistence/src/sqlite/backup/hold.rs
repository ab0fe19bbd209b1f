//! The moment of a backup. The folder's lock is against a second server; what keeps a file still is SQLite's own lock for
//! writing, which its writers wait for as they do for each other.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::try_join_all;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::time::Instant;

use super::BackupError;

/// Between two tries to get a lock. A busy writer leaves a gap of less than a millisecond between its transactions.
const BETWEEN_TRIES: Duration = Duration::from_micros(200);
/// How long writers are held while the locks of all files are got together: a file's writer may be waiting for the disk, and
/// those of the others would wait with it. So it is short at first, and all go on before it is tried again; where the
/// files are never free together for long, it is twice as long after every few tries.
const SHORTEST_HOLD: Duration = Duration::from_millis(2);
const LONGEST_HOLD: Duration = Duration::from_millis(250);
const TRIES_OF_A_LENGTH: u32 = 16;
const ATTEMPTS: u32 = 200;

/// A file that is being backed up.
pub(super) struct Source {
    pub name: String,
    path: PathBuf,
    /// Holds the writers.
    holding: SqliteConnection,
    /// The copy, with the source attached as `source`.
    pub copying: SqliteConnection,
}

impl Source {
    /// Opens both connections; nothing is held yet.
    pub async fn open(folder: &Path, name: &str, target: &Path) -> Result<Self, BackupError> {
        let (path, copy) = (folder.join(name), target.join(name));
        let options = SqliteConnectOptions::new().busy_timeout(Duration::ZERO).disable_statement_logging();
        let holding = options.clone().filename(&path).connect().await.map_err(BackupError::sql(&path))?;
        // The copy is of no use until it is whole, so it needs no journal of its own.
        let mut copying = options
            .filename(&copy)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            .connect()
            .await
            .map_err(BackupError::sql(&copy))?;
        let attached = sqlx::query("attach ?1 as source").bind(path.to_string_lossy().into_owned());
        attached.execute(&mut copying).await.map_err(BackupError::sql(&path))?;
        // The schema is read now, and not while the writers wait.
        let read = sqlx::query("select count(*) from source.sqlite_schema").execute(&mut copying).await;
        read.map_err(BackupError::sql(&path))?;
        Ok(Self { name: name.to_owned(), path, holding, copying })
    }

    /// Holds the writers of this file; false: not before `until`.
    async fn hold(&mut self, until: Option<Instant>) -> Result<bool, BackupError> {
        loop {
            match sqlx::query("begin immediate").execute(&mut self.holding).await {
                Ok(_) => return Ok(true),
                Err(error) if is_busy(&error) => {}
                Err(error) => return Err(BackupError::sql(&self.path)(error)),
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(false);
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// From here on this connection sees the file as it is now.
    async fn look(&mut self) -> Result<(), BackupError> {
        let statements = "begin; select count(*) from source.sqlite_schema";
        let read = sqlx::raw_sql(statements).execute(&mut self.copying).await;
        read.map(|_| ()).map_err(BackupError::sql(&self.path))
    }

    async fn release(&mut self) -> Result<(), BackupError> {
        sqlx::query("rollback").execute(&mut self.holding).await.map(|_| ()).map_err(BackupError::sql(&self.path))
    }

    /// The connection that held the writers is of no more use.
    pub async fn finish(self) -> Result<(), BackupError> {
        let Self { path, holding, copying, .. } = self;
        copying.close().await.map_err(BackupError::sql(&path))?;
        holding.close().await.map_err(BackupError::sql(&path))
    }
}

/// Opens a read transaction on every file while nobody writes to any. Returns how long writers were held.
pub(super) async fn one_moment(folder: &Path, sources: &mut [Source]) -> Result<Duration, BackupError> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    for attempt in 0..ATTEMPTS {
        let longest = SHORTEST_HOLD.saturating_mul(1 << (attempt / TRIES_OF_A_LENGTH).min(10)).min(LONGEST_HOLD);
        match try_moment(sources, &order, longest).await? {
            Tried::Held(held) => return Ok(held),
            // Nobody waits while the first one is waited for, so that is the one that was not free.
            Tried::Busy(place) => order[..=place].rotate_right(1),
        }
        // Writers have at least as long for themselves.
        tokio::time::sleep(longest * 2).await;
    }
    Err(BackupError::NeverFree(folder.to_owned()))
}

enum Tried {
    /// Every file, for so long.
    Held(Duration),
    /// The file at this place of the order was not free in time.
    Busy(usize),
}

async fn try_moment(sources: &mut [Source], order: &[usize], longest: Duration) -> Result<Tried, BackupError> {
    let mut since: Option<Instant> = None;
    let mut held = 0;
    for number in order {
        // While nothing is held yet, nobody is kept waiting.
        let until = since.map_or_else(|| Instant::now() + Duration::from_secs(10), |since| since + longest);
        if !sources[*number].hold(Some(until)).await? {
            break;
        }
        since.get_or_insert_with(Instant::now);
        held += 1;
    }
    let all = held == order.len();
    // Each connection has a thread of its own.
    let seen = if all { try_join_all(sources.iter_mut().map(Source::look)).await } else { Ok(Vec::new()) };
    let locked = sources.iter_mut().enumerate().filter(|(number, _)| order[..held].contains(number));
    try_join_all(locked.map(|(_, source)| source.release())).await?;
    let took = since.map_or(Duration::ZERO, |since| since.elapsed());
    seen?;
    Ok(if all { Tried::Held(took) } else { Tried::Busy(held) })
}

fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: i32 = 5;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}
