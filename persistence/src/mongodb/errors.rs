//! Failures of MongoDB in the words of the ports, and what can go wrong when the catalogue is opened.

use std::io;
use std::time::Duration;

use mongodb::error::{Error, ErrorKind};

use crate::error::StoreError;

/// Why the catalogue could not be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("stores.products is no URL of MongoDB: {reason}")]
    Url { reason: String },
    #[error("MongoDB at {hosts} did not answer: {reason}; check the address in stores.products, and that it runs")]
    Unreachable { hosts: String, reason: String },
    #[error("MongoDB at {hosts} does not let us in: {reason}; check the user and the password of stores.products")]
    Credentials { hosts: String, reason: String },
    #[error(
        "the user of stores.products may not write to the database {database}: {reason}; give it the role readWrite there"
    )]
    Rights { database: String, reason: String },
    #[error("MongoDB at {hosts} has version {version}, and {least} is the least that is supported: update it")]
    OldServer { hosts: String, version: String, least: &'static str },
    #[error("MongoDB at {hosts} would lose what was acknowledged: {reason}")]
    NotDurable { hosts: String, reason: String },
    #[error(
        "the database {database} was written by a newer version (its schema is at {version}, this program knows {known}): use that version"
    )]
    NewerSchema { database: String, version: i64, known: i64 },
    #[error(
        "the database {database} has an older schema than this program needs: start the server once, or run souk migrate"
    )]
    OlderSchema { database: String },
    #[error("another node has been bringing the schema of {database} up to date for {}: see what it says, then try again", seconds(*waited))]
    Migrating { database: String, waited: Duration },
    #[error("the database {database} cannot be opened: {reason}")]
    Failed { database: String, reason: String },
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}

/// What became of a command that was not answered with success.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// It never reached the server, or the server says that it did nothing.
    NotDone(String),
    /// It may have been carried out, now or later.
    Unknown(String),
}

impl Fault {
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::NotDone(reason) | Self::Unknown(reason) => reason,
        }
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let reason = describe(error);
        if is_certainly_not_done(error) { Self::NotDone(reason) } else { Self::Unknown(reason) }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self::Unavailable(fault.reason().to_owned())
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &*error.kind {
            ErrorKind::Bson(_) | ErrorKind::InvalidResponse { .. } => Self::Damaged(describe(&error)),
            _ => Self::Unavailable(describe(&error)),
        }
    }
}

/// Codes of <https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml>.
pub(super) mod code {
    pub const DUPLICATE_KEY: i32 = 11_000;
    pub const UNAUTHORIZED: i32 = 13;
    pub const AUTHENTICATION_FAILED: i32 = 18;
}

/// A server that has written nothing says so (from version 6.0 on).
const NO_WRITES_PERFORMED: &str = "NoWritesPerformed";

fn is_certainly_not_done(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Authentication { .. }
        | ErrorKind::InvalidArgument { .. }
        | ErrorKind::InvalidTlsConfig { .. }
        | ErrorKind::IncompatibleServer { .. }
        | ErrorKind::Shutdown
        | ErrorKind::Bson(_) => true,
        // A connection that was never made carried nothing. All else may have broken after sending.
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        // A primary that steps down may answer so after it has written a part.
        ErrorKind::Command(command) => {
            error.contains_label(NO_WRITES_PERFORMED)
                || matches!(command.code, code::UNAUTHORIZED | code::AUTHENTICATION_FAILED)
        }
        _ => false,
    }
}

/// One line without the server's address book.
pub(super) fn describe(error: &Error) -> String {
    match &*error.kind {
        ErrorKind::ServerSelection { .. } => "no server of MongoDB can be written to at the moment".to_owned(),
        ErrorKind::Command(command) => format!("{} ({} {})", command.message, command.code_name, command.code),
        kind => kind.to_string(),
    }
}
