//! The read-only connections of a file, opened when they are first needed. No clock is involved: a
//! reader is waited for as long as the caller likes.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::errors::is_broken_connection;
use crate::error::StoreError;

#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    idle: Arc<Mutex<Vec<SqliteConnection>>>,
    permits: Arc<Semaphore>,
    count: u32,
}

/// A connection on loan. It goes back when this is dropped.
pub(super) struct Reader {
    connection: Option<SqliteConnection>,
    idle: Arc<Mutex<Vec<SqliteConnection>>>,
    _permit: OwnedSemaphorePermit,
}

/// Why something could not be read.
pub(super) enum ReadError {
    Sqlite(sqlx::Error),
    Damaged(String),
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions, count: usize) -> Self {
        let count = u32::try_from(count.clamp(1, 1024)).unwrap_or(1);
        let permits = Arc::new(Semaphore::new(count as usize));
        Self { options, idle: Arc::default(), permits, count }
    }

    /// As long as one connection is open the shared memory of the log stays. Without it, each new
    /// connection of the writer would build it again, and that needs room on a disk that may be full.
    pub(super) async fn open_one(&self) -> Result<(), sqlx::Error> {
        let connection = self.options.connect().await?;
        lock(&self.idle).push(connection);
        Ok(())
    }

    pub(super) async fn acquire(&self) -> Result<Reader, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let idle = lock(&self.idle).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(Reader { connection: Some(connection), idle: Arc::clone(&self.idle), _permit: permit })
    }

    /// Waits for the readers that are on loan and closes all.
    pub(super) async fn close(&self) {
        let Ok(all) = self.permits.acquire_many(self.count).await else { return };
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *lock(&self.idle));
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "could not close a reader");
            }
        }
    }
}

impl Reader {
    /// Takes a reader out of use when its error says that it is broken.
    pub(super) fn failed(mut self, error: impl Into<ReadError>) -> StoreError {
        match error.into() {
            ReadError::Sqlite(error) => {
                if is_broken_connection(&error) {
                    self.connection = None;
                }
                error.into()
            }
            ReadError::Damaged(what) => StoreError::Damaged(what),
        }
    }
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("a reader on loan has its connection")
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("a reader on loan has its connection")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.idle).push(connection);
        }
    }
}

/// A list of connections is never half changed, so a panic elsewhere does not spoil it.
fn lock(idle: &Mutex<Vec<SqliteConnection>>) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}
