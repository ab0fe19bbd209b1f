//! The pools of one store: connections that read and connections that write, and the way to close them.

use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::{Query, QueryAs};
use sqlx::{Connection, Error, FromRow, PgConnection, Postgres};

use super::domains::Domain;
use super::errors::OpenError;
use super::opening::Server;
use super::options::{Access, Migrations, PostgresOptions};
use super::pool::{Loan, Pool};
use super::schema;
use super::statement::BatchStatement;
use super::waiting::Limits;
use super::writer::{Batches, Writer};
use crate::error::{AppendError, StoreError};
use crate::sealing::Sealed;
use crate::sql::encoding::EncodedCommit;
use crate::sql::versions;

const OPENED_READ_ONLY: &str = "the store was opened for reading only";

#[derive(Debug)]
pub(super) struct Database {
    readers: Pool,
    /// None: opened for reading only.
    writers: Option<Pool>,
    /// None: no entities, or opened for reading only.
    writer: Option<Writer>,
    patience: Duration,
}

impl Database {
    /// Connects, checks the server, brings the schema up to date where that is asked for, and starts the writer of a
    /// domain that has entities.
    pub(super) async fn open<D: Domain>(options: &PostgresOptions) -> Result<Self, OpenError> {
        let server = Server::new(options, D::NAME)?;
        let mut session = server.session(options.connect_timeout).await?;
        server.check(&mut session, options).await?;
        let version = schema::check(&mut session, &server.place, D::migrator()).await?;
        // An error: the server notices all the same.
        let _ = session.close().await;
        let known = versions::newest(D::migrator());
        if version != known {
            if options.access == Access::Read || options.migrations == Migrations::ByCommand {
                let (key, place, schema) = server.place.named();
                return Err(OpenError::OlderSchema { key, place, schema, version, known });
            }
            schema::migrate(&server, D::migrator(), options.connect_timeout).await?;
        }

        let pool = |most| Pool::new(server.connect.clone(), most, options.connect_timeout);
        let readers = pool(options.readers);
        let patience = options.patience();
        if options.access == Access::Read {
            return Ok(Self { readers, writers: None, writer: None, patience });
        }
        let writers = pool(options.writers);
        let writer = (!D::TABLES.is_empty()).then(|| {
            let limits = Limits { commits: options.batch_commits.max(1), bytes: options.batch_bytes };
            let batches = Batches {
                name: options.key.clone(),
                pool: writers.clone(),
                statement: BatchStatement::new(D::TABLES),
                patience,
            };
            Writer::start(batches, options.queue, options.writers.max(1) as usize, limits)
        });
        Ok(Self { readers, writers: Some(writers), writer, patience })
    }

    pub(super) async fn append(&self, Sealed { commit, new_keys }: Sealed) -> Result<(), AppendError> {
        let writer = self.writer.as_ref().ok_or_else(|| AppendError::NotDone(OPENED_READ_ONLY.to_owned()))?;
        let commit = EncodedCommit::new(commit, &new_keys).map_err(AppendError::NotDone)?;
        writer.append(commit).await
    }

    pub(super) async fn all<T>(&self, query: QueryAs<'_, Postgres, T, PgArguments>) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.fetch(&self.readers, query).await
    }

    pub(super) async fn optional<T>(
        &self,
        query: QueryAs<'_, Postgres, T, PgArguments>,
    ) -> Result<Option<T>, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        Ok(self.all(query).await?.into_iter().next())
    }

    /// A statement that writes and returns rows. It is a transaction of its own.
    pub(super) async fn returning<T>(&self, query: QueryAs<'_, Postgres, T, PgArguments>) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.fetch(self.writers()?, query).await
    }

    /// A statement that writes. It is a transaction of its own. Returns how many rows it changed.
    pub(super) async fn execute(&self, query: Query<'_, Postgres, PgArguments>) -> Result<u64, StoreError> {
        let mut loan = self.writers()?.acquire().await?;
        let outcome = self.within(query.execute(&mut loan.connection)).await;
        Ok(loan.give_back(outcome)?.rows_affected())
    }

    /// Statements that write together or not at all.
    pub(super) async fn transaction<T: Send>(
        &self,
        statements: impl for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, Error>> + Send,
    ) -> Result<T, StoreError> {
        let mut loan = self.writers()?.acquire().await?;
        let work = async {
            let mut transaction = loan.connection.begin().await?;
            match statements(&mut transaction).await {
                Ok(value) => transaction.commit().await.map(|()| value),
                Err(error) => {
                    // Should that fail too, the connection is broken, and says so when it is used next.
                    let _ = transaction.rollback().await;
                    Err(error)
                }
            }
        };
        let outcome = self.within(work).await;
        Ok(loan.give_back(outcome)?)
    }

    /// A connection for a read that takes as long as it takes.
    pub(super) async fn reader(&self) -> Result<Loan, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Waits for what is under way, writes all that waits and closes the connections. What comes later is told that the
    /// store is closed.
    pub(super) async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        if let Some(writers) = &self.writers {
            writers.close().await;
        }
        self.readers.close().await;
    }

    /// Writes that wait for their turn.
    pub(super) fn waiting_writes(&self) -> usize {
        self.writer.as_ref().map_or(0, Writer::waiting)
    }

    fn writers(&self) -> Result<&Pool, StoreError> {
        self.writers.as_ref().ok_or_else(|| StoreError::Unavailable(OPENED_READ_ONLY.to_owned()))
    }

    /// All rows, and so up to the server's word that the statement and its transaction are over: an error may come
    /// after the last row.
    async fn fetch<T>(&self, pool: &Pool, query: QueryAs<'_, Postgres, T, PgArguments>) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut loan = pool.acquire().await?;
        let outcome = self.within(query.fetch_all(&mut loan.connection)).await;
        Ok(loan.give_back(outcome)?)
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        within(self.patience, work).await
    }
}

/// A server that is gone without a word is not waited for longer than this.
pub(super) async fn within<T>(patience: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(patience, work).await.unwrap_or_else(|_| {
        let reason = format!("no answer within {} s", patience.as_secs());
        Err(Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, reason)))
    })
}
