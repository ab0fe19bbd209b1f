//! One open file: its writer, its readers, and the way to close it.

use std::path::{Path, PathBuf};

use futures::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::query::QueryAs;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow};
use sqlx::{ConnectOptions, FromRow, Sqlite, SqliteConnection};
use tokio::sync::oneshot;

use super::errors::OpenError;
use super::folder::DataFolder;
use super::options::SqliteOptions;
use super::queue::{Limits, PlainWrite};
use super::readers::{Reader, Readers};
use super::writer::Writer;
use crate::error::{AppendError, StoreError};
use crate::sealing::Sealed;
use crate::sql::encoding::EncodedCommit;
use crate::sql::versions::{self, APPLIED, Stranger};

const OPENED_READ_ONLY: &str = "the store was opened for reading only";

#[derive(Debug)]
pub(super) struct Database {
    /// None: opened for reading only.
    writer: Option<Writer>,
    readers: Readers,
}

impl Database {
    /// Opens the file, creates it if it is missing, and brings its schema up to date. In a folder that
    /// was opened for reading the file must be there with the right schema.
    pub(super) async fn open(
        folder: &DataFolder,
        file: &str,
        migrator: &Migrator,
        options: &SqliteOptions,
    ) -> Result<Self, OpenError> {
        let path = folder.path().join(file);
        let common = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout)
            .row_buffer_size(256)
            .pragma("temp_store", "memory")
            // An error of the disk under a memory map is a signal that ends the process.
            .pragma("mmap_size", "0")
            .disable_statement_logging();
        let reader_cache = (options.cache_kib / 4).max(64);
        let reading = common.clone().read_only(true).pragma("cache_size", format!("-{reader_cache}"));
        let reading = reading.thread_name(thread_name(file, "r"));
        let readers = Readers::new(reading.clone(), options.readers);

        if folder.is_read_only() {
            if !path.exists() {
                return Err(OpenError::Missing { path });
            }
            let mut connection = reading.connect().await.map_err(|error| OpenError::of(path.clone(), &error))?;
            let version = check_schema(&mut connection, &path, migrator).await?;
            if version != versions::newest(migrator) {
                return Err(OpenError::OlderSchema { file: path });
            }
            return Ok(Self { writer: None, readers });
        }

        let writing = common
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("synchronous", options.synchronous.pragma())
            .pragma("cache_size", format!("-{}", options.cache_kib))
            .pragma("wal_autocheckpoint", options.checkpoint_pages.to_string())
            // After a burst the log shrinks to this again, in bytes.
            .pragma("journal_size_limit", (64 * 1024 * 1024).to_string())
            .thread_name(thread_name(file, "w"));
        let connection = prepare(&writing, &path, migrator).await?;
        readers.open_one().await.map_err(|error| OpenError::of(path.clone(), &error))?;
        let limits = Limits { writes: options.batch_commits.max(1), bytes: options.batch_bytes };
        let writer = Writer::start(file.to_owned(), folder.clone(), writing, connection, options.queue.max(1), limits);
        Ok(Self { writer: Some(writer), readers })
    }

    pub(super) async fn append(&self, Sealed { commit, new_keys }: Sealed) -> Result<(), AppendError> {
        let writer = self.writer.as_ref().ok_or_else(|| AppendError::NotDone(OPENED_READ_ONLY.to_owned()))?;
        let commit = EncodedCommit::new(commit, &new_keys).map_err(AppendError::NotDone)?;
        writer.append(commit).await
    }

    /// Runs the statements in the writer's next transaction and returns their result once it is
    /// durable. They may run twice: a first transaction that is rolled back leaves no trace.
    pub(super) async fn write<T, F>(&self, statements: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let writer = self.writer.as_ref().ok_or_else(|| StoreError::Unavailable(OPENED_READ_ONLY.to_owned()))?;
        let (answer, outcome) = oneshot::channel();
        writer.send(Box::new(Statements { statements, result: None, answer })).await?;
        let unanswered = || Err(StoreError::Unavailable("the writer stopped before it answered".to_owned()));
        outcome.await.unwrap_or_else(|_| unanswered())
    }

    pub(super) async fn reader(&self) -> Result<Reader, StoreError> {
        self.readers.acquire().await
    }

    pub(super) async fn all<T>(&self, query: QueryAs<'_, Sqlite, T, SqliteArguments>) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let mut reader = self.reader().await?;
        let rows = query.fetch_all(&mut *reader).await;
        rows.map_err(|error| reader.failed(error))
    }

    pub(super) async fn optional<T>(
        &self,
        query: QueryAs<'_, Sqlite, T, SqliteArguments>,
    ) -> Result<Option<T>, StoreError>
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let mut reader = self.reader().await?;
        let row = query.fetch_optional(&mut *reader).await;
        row.map_err(|error| reader.failed(error))
    }

    /// Waits for reads and writes that are under way, copies the log into the file and closes it.
    /// What comes later is told that the store is closed.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }

    /// Writes that wait for their turn.
    pub(super) fn waiting_writes(&self) -> usize {
        self.writer.as_ref().map_or(0, Writer::waiting)
    }
}

struct Statements<T, F> {
    statements: F,
    result: Option<T>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> PlainWrite for Statements<T, F>
where
    T: Send,
    F: for<'c> FnMut(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send,
{
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, Result<(), sqlx::Error>> {
        Box::pin(async move {
            self.result = Some((self.statements)(connection).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { result, answer, .. } = *self;
        let missing = || StoreError::Unavailable("the statements did not run".to_owned());
        let outcome = outcome.and_then(|()| result.ok_or_else(missing));
        // An error: nobody waits any more.
        let _ = answer.send(outcome);
    }
}

/// `orders.db-w`: tells in a list of threads what each is for. Linux shows 15 characters.
fn thread_name(file: &str, what_for: &str) -> impl Fn(u64) -> String + Send + Sync + 'static {
    let name = format!("{file}-{what_for}");
    move |_| name.clone()
}

/// Opens the writing connection and brings the schema up to date.
async fn prepare(
    options: &SqliteConnectOptions,
    path: &Path,
    migrator: &Migrator,
) -> Result<SqliteConnection, OpenError> {
    let failed = |error: sqlx::Error| OpenError::of(path.to_owned(), &error);
    let mut connection = options.connect().await.map_err(failed)?;
    check_schema(&mut connection, path, migrator).await?;
    migrator.run_direct(None, &mut connection, false).await.map_err(|error| match error {
        MigrateError::VersionMismatch(version) => OpenError::OtherSchema { file: path.to_owned(), version },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(error),
        other => OpenError::Failed { file: path.to_owned(), reason: other.to_string() },
    })?;
    // SQLite opens a file that it may not write for reading, and says so only now.
    for statement in ["begin immediate", "rollback"] {
        sqlx::query(statement).execute(&mut connection).await.map_err(failed)?;
    }
    Ok(connection)
}

/// Returns the version of the file's schema, 0 for an empty file.
async fn check_schema(connection: &mut SqliteConnection, path: &Path, migrator: &Migrator) -> Result<i64, OpenError> {
    let failed = |error: sqlx::Error| OpenError::of(path.to_owned(), &error);
    let file = || PathBuf::from(path);
    let migrated: bool =
        sqlx::query_scalar("select exists (select 1 from sqlite_schema where name = '_sqlx_migrations')")
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
    if !migrated {
        return Ok(0);
    }
    let applied = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await.map_err(failed)?;
    versions::compare(applied, migrator).map_err(|stranger| match stranger {
        Stranger::Other { version } => OpenError::OtherSchema { file: file(), version },
        Stranger::Newer { version, known } => OpenError::NewerSchema { file: file(), version, known },
    })
}
