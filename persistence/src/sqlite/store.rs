//! A store of a domain: its file, with the ports that the other files here give it.

use std::marker::PhantomData;

use super::database::Database;
use super::domains::{Accounts, Chat, Domain, Orders, Payments, Products};
use super::errors::OpenError;
use super::folder::DataFolder;
use super::options::SqliteOptions;
use crate::sealing::Keyring;

pub type SqliteProductStore = SqliteStore<Products>;
pub type SqliteOrderStore = SqliteStore<Orders>;
pub type SqlitePaymentStore = SqliteStore<Payments>;
pub type SqliteChatStore = SqliteStore<Chat>;
pub type SqliteAccountStore = SqliteStore<Accounts>;

#[derive(Debug)]
pub struct SqliteStore<D> {
    pub(super) database: Database,
    pub(super) keyring: Keyring,
    domain: PhantomData<fn() -> D>,
}

impl<D: Domain> SqliteStore<D> {
    /// Opens the domain's file in the folder; creates it and brings its schema up to date unless the
    /// folder was opened for reading. Needs a running tokio runtime, which the writer lives on.
    ///
    /// # Errors
    /// When the file cannot be opened or written, is damaged, or has a newer or another schema.
    pub async fn open(folder: &DataFolder, options: &SqliteOptions) -> Result<Self, OpenError> {
        let database = Database::open(folder, D::FILE, D::migrator(), options).await?;
        Ok(Self { database, keyring: Keyring::default(), domain: PhantomData })
    }

    /// Waits for what is under way, writes all that waits, copies the log into the file and closes it.
    /// Later calls are told that the store is closed.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// Writes that wait for their turn.
    pub fn waiting_writes(&self) -> usize {
        self.database.waiting_writes()
    }
}
