//! Errors of SQLite in the words of the ports, and what can go wrong when a store is opened.

use std::path::PathBuf;

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

/// Primary result codes (<https://www.sqlite.org/rescode.html>).
const BUSY: i32 = 5;
const NOMEM: i32 = 7;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const CONSTRAINT: i32 = 19;
const NOTADB: i32 = 26;

/// Why a data folder or a store in it could not be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data folder {path} is a file: move it away, or name another folder (SOUK_DATA_DIR)")]
    NotAFolder { path: PathBuf },
    #[error("the data folder {path} cannot be created: {reason}; name a folder that can be written (SOUK_DATA_DIR)")]
    NotCreatable { path: PathBuf, reason: String },
    #[error(
        "the data folder {path} cannot be written: {reason}; make it writable, or name another one (SOUK_DATA_DIR)"
    )]
    ReadOnly { path: PathBuf, reason: String },
    #[error(
        "the data folder {path} is in use by {owner}: a data folder belongs to one process; stop that one, \
         or name another folder (SOUK_DATA_DIR)"
    )]
    InUse { path: PathBuf, owner: String },
    #[error("{path} does not exist: check the data folder (SOUK_DATA_DIR)")]
    Missing { path: PathBuf },
    #[error(
        "{file} was written by a newer version (its schema is at {version}, this program knows {known}): use that version"
    )]
    NewerSchema { file: PathBuf, version: i64, known: i64 },
    #[error("{file} has an older schema than this program needs: start the server once, or run the migrations")]
    OlderSchema { file: PathBuf },
    #[error(
        "{file} has another schema than this program made (migration {version} differs): it belongs to another domain or build"
    )]
    OtherSchema { file: PathBuf, version: i64 },
    #[error("{file} is damaged or no SQLite database: {reason}; restore it from a backup")]
    Damaged { file: PathBuf, reason: String },
    #[error("{file} cannot be opened: {reason}")]
    Failed { file: PathBuf, reason: String },
}

impl OpenError {
    pub(super) fn of(file: PathBuf, error: &Error) -> Self {
        let reason = describe(error);
        match primary_code(error) {
            Some(CORRUPT | NOTADB) => Self::Damaged { file, reason },
            Some(READONLY) => Self::ReadOnly { path: file, reason },
            _ => Self::Failed { file, reason },
        }
    }
}

/// None: no error of SQLite.
fn primary_code(error: &Error) -> Option<i32> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    let code: i32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// A sentence for logs and errors that names the cause where it is one that an operator can remove.
pub(crate) fn describe(error: &Error) -> String {
    let cause = match primary_code(error) {
        Some(FULL) => "the disk is full",
        Some(READONLY) => "the file is read-only",
        Some(IOERR) => "the disk reports an error",
        Some(CORRUPT | NOTADB) => "the file is damaged",
        Some(BUSY) => "the file is locked by another process",
        Some(CANTOPEN) => "the file cannot be opened",
        Some(NOMEM) => "out of memory",
        _ => return error.to_string(),
    };
    format!("{cause}: {error}")
}

/// The fault lies with the machine and not with what was written, so trying a part of it is no use.
pub(super) fn is_environmental(error: &Error) -> bool {
    match error {
        Error::Database(_) => {
            matches!(primary_code(error), Some(FULL | READONLY | IOERR | CORRUPT | NOTADB | BUSY | CANTOPEN | NOMEM))
        }
        _ => true,
    }
}

/// A full disk stops a commit before its last frame is in the log, so it can never come back.
pub(super) fn is_full_disk(error: &Error) -> bool {
    primary_code(error) == Some(FULL)
}

/// What was written breaks a rule of the schema; the transaction can go on without it.
pub(super) fn is_broken_rule(error: &Error) -> bool {
    primary_code(error) == Some(CONSTRAINT)
}

/// The connection itself is of no more use.
pub(super) fn is_broken_connection(error: &Error) -> bool {
    !matches!(error, Error::Database(_) | Error::RowNotFound | Error::ColumnDecode { .. } | Error::Decode(_))
}

/// The file is no database any more.
pub(crate) fn is_damage(error: &Error) -> bool {
    matches!(primary_code(error), Some(CORRUPT | NOTADB))
}
