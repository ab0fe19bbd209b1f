//! Connections of one store, opened when they are first needed. Not the library's pool: that one asks the server after
//! each use whether the connection still lives, which is a round trip more for every statement.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Error, PgConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fate::is_broken_connection;

/// A connection that was idle for longer is asked whether it still lives, before it is used.
const TRUSTED: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(super) struct Pool {
    connect: PgConnectOptions,
    /// The one that was used last comes first.
    idle: Arc<Mutex<Vec<Idle>>>,
    permits: Arc<Semaphore>,
    most: u32,
    /// How long a connection may take to become free and to be made.
    timeout: Duration,
}

#[derive(Debug)]
struct Idle {
    connection: PgConnection,
    since: Instant,
}

/// A connection on loan. Whoever drops it without giving it back, because he was stopped in the middle of something,
/// closes it.
pub(super) struct Loan {
    pub connection: PgConnection,
    idle: Arc<Mutex<Vec<Idle>>>,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(connect: PgConnectOptions, most: u32, timeout: Duration) -> Self {
        let most = most.clamp(1, 10_000);
        let permits = Arc::new(Semaphore::new(most as usize));
        Self { connect, idle: Arc::default(), permits, most, timeout }
    }

    /// # Errors
    /// Nothing was sent of what the connection is for.
    pub(super) async fn acquire(&self) -> Result<Loan, Error> {
        let acquired = tokio::time::timeout(self.timeout, self.acquire_or_wait()).await;
        acquired.unwrap_or(Err(Error::PoolTimedOut))
    }

    async fn acquire_or_wait(&self) -> Result<Loan, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::PoolClosed)?;
        let connection = loop {
            let idle = lock(&self.idle).pop();
            match idle {
                Some(Idle { connection, since }) if since.elapsed() <= TRUSTED => break connection,
                Some(Idle { mut connection, .. }) => {
                    if connection.ping().await.is_ok() {
                        break connection;
                    }
                }
                None => break self.connect.connect().await?,
            }
        };
        Ok(Loan { connection, idle: Arc::clone(&self.idle), _permit: permit })
    }

    /// Waits for what is on loan and closes all.
    pub(super) async fn close(&self) {
        let Ok(all) = self.permits.acquire_many(self.most).await else { return };
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *lock(&self.idle));
        for Idle { connection, .. } in idle {
            if let Err(error) = tokio::time::timeout(self.timeout, connection.close()).await.unwrap_or(Ok(())) {
                tracing::debug!(%error, "a connection was gone before it was closed");
            }
        }
    }
}

impl Loan {
    /// The connection goes back, unless the outcome says that it is of no more use.
    pub(super) fn give_back<T>(self, outcome: Result<T, Error>) -> Result<T, Error> {
        let Self { connection, idle, _permit } = self;
        if !outcome.as_ref().is_err_and(is_broken_connection) {
            lock(&idle).push(Idle { connection, since: Instant::now() });
        }
        outcome
    }
}

/// A list of connections is never half changed, so a panic elsewhere does not spoil it.
fn lock(idle: &Mutex<Vec<Idle>>) -> MutexGuard<'_, Vec<Idle>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
