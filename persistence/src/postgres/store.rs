//! A store of a domain: its pools, with the ports that the other files here give it.

use std::marker::PhantomData;

use super::database::Database;
use super::domains::{Accounts, Domain, Orders, Payments};
use super::errors::OpenError;
use super::opening::Server;
use super::options::PostgresOptions;
use super::schema;
use crate::sealing::Keyring;

pub type PostgresOrderStore = PostgresStore<Orders>;
pub type PostgresPaymentStore = PostgresStore<Payments>;
pub type PostgresAccountStore = PostgresStore<Accounts>;

#[derive(Debug)]
pub struct PostgresStore<D> {
    pub(super) database: Database,
    pub(super) keyring: Keyring,
    domain: PhantomData<fn() -> D>,
}

impl<D: Domain> PostgresStore<D> {
    /// Connects to the server and opens the domain's schema; creates it and brings it up to date where the options say
    /// so. Needs a running tokio runtime, which the writer lives on.
    ///
    /// # Errors
    /// What is wrong with the URL, the server or the schema, with the key of the configuration and what to do.
    pub async fn open(options: &PostgresOptions) -> Result<Self, OpenError> {
        let database = Database::open::<D>(options).await?;
        Ok(Self { database, keyring: Keyring::shared(), domain: PhantomData })
    }

    /// Brings the schema up to date, whatever the options say of when to do it.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn migrate(options: &PostgresOptions) -> Result<(), OpenError> {
        let server = Server::new(options, D::NAME)?;
        let mut session = server.session(options.connect_timeout).await?;
        server.check(&mut session, options).await?;
        drop(session);
        schema::migrate(&server, D::migrator(), options.connect_timeout).await
    }

    /// Waits for what is under way, writes all that waits and closes the connections. Later calls are told that the
    /// store is closed.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// Writes that wait for their turn.
    pub fn waiting_writes(&self) -> usize {
        self.database.waiting_writes()
    }
}
