//! Writes as they go to the server: one command for a whole batch, acknowledged by a majority and its journals.
//!
//! The driver's own bulk calls are not used: a commit whose outcome is unknown is sent again as it is, and its id
//! tells whether it was there already. So nothing depends on sessions or on the driver's retries.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};

use super::errors::Fault;
use crate::error::StoreError;

/// What the server says about the members of a batch.
#[derive(Debug, Default)]
pub(super) struct Reply {
    pub errors: Vec<WriteError>,
    /// It was written, but not by a majority in time: what has no error of its own is unknown.
    pub concern: Option<String>,
}

#[derive(Debug)]
pub(super) struct WriteError {
    pub index: usize,
    pub code: i32,
    pub message: String,
}

#[derive(Debug, Clone)]
pub(super) struct Commands {
    pub database: Database,
    /// Of each read and of each attempt to write.
    pub timeout: Duration,
}

impl Commands {
    /// Inserts the documents, each for itself.
    pub(super) async fn insert(&self, collection: &str, documents: Vec<Document>) -> Result<Reply, Fault> {
        self.write(doc! { "insert": collection, "ordered": false, "documents": documents }).await
    }

    /// Carries out updates (`q`, `u`), each for itself. `q` names an `_id`, so each finds one document at most.
    pub(super) async fn update(&self, collection: &str, mut updates: Vec<Document>) -> Result<Reply, Fault> {
        if updates.is_empty() {
            return Ok(Reply::default());
        }
        // Or FerretDB, having found that one, keeps its place in the collection until the whole command is done, and
        // comes to a stop for good when a hundred places are kept.
        updates.iter_mut().for_each(|update| drop(update.insert("multi", true)));
        self.write(doc! { "update": collection, "ordered": false, "updates": updates }).await
    }

    pub(super) async fn delete(&self, collection: &str, filter: Document) -> Result<Reply, Fault> {
        let deletes = vec![doc! { "q": filter, "limit": 0 }];
        self.write(doc! { "delete": collection, "deletes": deletes }).await
    }

    async fn write(&self, mut command: Document) -> Result<Reply, Fault> {
        let patience = i64::try_from(self.timeout.as_millis()).unwrap_or(i64::MAX);
        // As an integer of 32 bits, which is what the server expects here.
        let patience = i32::try_from(patience).unwrap_or(i32::MAX);
        command.insert("writeConcern", doc! { "w": "majority", "j": true, "wtimeout": patience });
        let answer = tokio::time::timeout(self.timeout, self.database.run_command(command).into_future()).await;
        match answer {
            Ok(Ok(reply)) => Ok(Reply::of(&reply)),
            Ok(Err(error)) => Err(Fault::from(&error)),
            Err(_) => Err(Fault::Unknown(self.too_slow())),
        }
    }

    /// A read, within the time that it may take.
    pub(super) async fn read<T>(
        &self,
        question: impl Future<Output = mongodb::error::Result<T>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(self.timeout, question).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(StoreError::Unavailable(self.too_slow())),
        }
    }

    fn too_slow(&self) -> String {
        format!("MongoDB did not answer within {} ms", self.timeout.as_millis())
    }
}

impl Reply {
    fn of(reply: &Document) -> Self {
        let errors = reply.get_array("writeErrors").ok().into_iter().flatten().filter_map(Bson::as_document);
        let errors = errors.map(|error| WriteError {
            index: integer(error, "index").and_then(|index| usize::try_from(index).ok()).unwrap_or(usize::MAX),
            code: integer(error, "code").and_then(|code| i32::try_from(code).ok()).unwrap_or_default(),
            message: error.get_str("errmsg").unwrap_or_default().to_owned(),
        });
        let concern = reply.get_document("writeConcernError").ok();
        Self {
            errors: errors.collect(),
            concern: concern.map(|error| error.get_str("errmsg").unwrap_or("no majority in time").to_owned()),
        }
    }

    /// An error where a majority did not acknowledge, or a member failed with another code than these.
    pub(super) fn expect_only(self, codes: &[i32]) -> Result<Self, Fault> {
        if let Some(concern) = self.concern {
            return Err(Fault::Unknown(concern));
        }
        match self.errors.iter().find(|error| !codes.contains(&error.code)) {
            Some(error) => Err(Fault::NotDone(format!("{} ({})", error.message, error.code))),
            None => Ok(self),
        }
    }
}

/// A number, in whichever of its forms the server chose.
pub(super) fn integer(document: &Document, key: &str) -> Option<i64> {
    match document.get(key)? {
        Bson::Int32(number) => Some((*number).into()),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number) => Some(*number as i64),
        _ => None,
    }
}
