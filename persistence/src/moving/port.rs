//! How an adapter gives sections out and takes them in. Nobody else uses either store meanwhile.

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::domains::MovedDomain;
use super::section::Section;
use super::value::{Record, Value};
use crate::error::StoreError;
use crate::stores::Position;

/// Records of a page, or about so many bytes.
const MOST_RECORDS: usize = 1000;
const MOST_BYTES: usize = 1024 * 1024;
/// Pages that wait for whoever takes them in: what is in memory is bounded by these and by the largest record.
const WAITING: usize = 2;

/// A store that can be moved to another engine.
#[async_trait]
pub trait Movable: Send + Sync + 'static {
    fn domain(&self) -> &'static MovedDomain;

    /// How many records a section has, or about as many where counting them exactly means reading them; always the same
    /// for the same content, and 0 only where there are none.
    async fn count(&self, section: &Section) -> Result<u64, StoreError>;

    /// Gives out all records of a section in the adapter's own order, which is always the same. Where `after` names a
    /// key it may leave out what comes before it and that record; it may as well begin again.
    async fn export(
        &self,
        section: &'static Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError>;

    /// Takes records in, durably. What is there already stays as it is, so a page may come twice.
    async fn import(&self, section: &'static Section, records: Vec<Record>) -> Result<(), StoreError>;

    /// A position that every change was told at or below; followers elsewhere may have read up to it.
    async fn position(&self) -> Result<Position, StoreError> {
        Ok(0)
    }

    /// Changes are told above this position from now on.
    async fn start_above(&self, _position: Position) -> Result<(), StoreError> {
        Ok(())
    }

    /// The note that says that a move to this store is under way; none: there is no such move.
    async fn note(&self) -> Result<Option<String>, StoreError>;

    /// Writes that note, or takes it away.
    async fn set_note(&self, note: Option<String>) -> Result<(), StoreError>;
}

/// Where an adapter puts the records that it gives out.
#[derive(Debug)]
pub struct Pages {
    sender: mpsc::Sender<Vec<Record>>,
    page: Vec<Record>,
    bytes: usize,
}

/// Both ends.
pub fn pages() -> (Pages, mpsc::Receiver<Vec<Record>>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Pages { sender, page: Vec::new(), bytes: 0 }, receiver)
}

impl Pages {
    /// Waits while enough pages wait.
    ///
    /// # Errors
    /// When nobody takes them any more.
    pub async fn push(&mut self, record: Record) -> Result<(), StoreError> {
        self.bytes += record.iter().map(Value::size).sum::<usize>();
        self.page.push(record);
        if self.page.len() >= MOST_RECORDS || self.bytes >= MOST_BYTES { self.flush().await } else { Ok(()) }
    }

    /// Sends what has gathered.
    ///
    /// # Errors
    /// As for [`Pages::push`].
    pub async fn flush(&mut self) -> Result<(), StoreError> {
        let page = std::mem::take(&mut self.page);
        self.bytes = 0;
        if page.is_empty() {
            return Ok(());
        }
        let gone = |_| StoreError::Unavailable("nobody takes the records in any more".to_owned());
        self.sender.send(page).await.map_err(gone)
    }
}
