//! What can be wrong when a store is opened. Each message names the key of the configuration and says what to do.

use std::io::ErrorKind;

use sqlx::Error;
use sqlx::postgres::PgDatabaseError;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{key}: this is no URL of PostgreSQL: {reason}; it looks like postgres://user:password@host:5432/database")]
    NoUrl { key: String, reason: String },
    #[error("{key}: the schema {name:?} has a name that is not allowed; use lower case letters, digits and _")]
    BadSchemaName { key: String, name: String },
    #[error("{key}: nobody answers at {place}: {reason}; check host and port, and that the server runs")]
    NoAnswer { key: String, place: String, reason: String },
    #[error(
        "{key}: no safe connection to {place}: {reason}; check sslmode and sslrootcert in the URL, and the server's \
         certificate"
    )]
    NoTls { key: String, place: String, reason: String },
    #[error("{key}: {place} turns us away: {reason}; check user and password in the URL")]
    Denied { key: String, place: String, reason: String },
    #[error("{key}: there is no such database at {place}: {reason}; create it, or name another one in the URL")]
    NoDatabase { key: String, place: String, reason: String },
    #[error("{key}: {place} has no room: {reason}; raise its max_connections, or lower our pools (section `postgres`)")]
    Full { key: String, place: String, reason: String },
    #[error("{key}: {place} runs PostgreSQL {version}; 13 or newer is needed")]
    TooOld { key: String, place: String, version: String },
    #[error("{key}: {place} has the encoding {encoding}; create a database with the encoding UTF8")]
    NotUtf8 { key: String, place: String, encoding: String },
    #[error("{key}: {place} is a standby, which cannot be written; name the primary server")]
    Standby { key: String, place: String },
    #[error(
        "{key}: {place} has {setting} = {value}, so a power cut may take what was acknowledged; set it to on, or accept \
         the loss (postgres.durable = false)"
    )]
    NotDurable { key: String, place: String, setting: &'static str, value: String },
    #[error(
        "{key}: {place} does not let us {what}: {reason}; as its owner run: create schema if not exists {schema} \
         authorization \"{user}\""
    )]
    NoRights { key: String, place: String, what: &'static str, schema: String, user: String, reason: String },
    #[error(
        "{key}: the schema {schema} of {place} was written by a newer version (it is at {version}, this program knows \
         {known}): use that version"
    )]
    NewerSchema { key: String, place: String, schema: String, version: i64, known: i64 },
    #[error(
        "{key}: the schema {schema} of {place} is older than this program needs (it is at {version} of {known}): run \
         `souk migrate`"
    )]
    OlderSchema { key: String, place: String, schema: String, version: i64, known: i64 },
    #[error(
        "{key}: the schema {schema} of {place} is not what this program made (migration {version} differs): it belongs \
         to another domain or build; name another one (postgres.schema)"
    )]
    OtherSchema { key: String, place: String, schema: String, version: i64 },
    #[error(
        "{key}: somebody else has been changing the schema {schema} of {place} for {seconds} seconds; wait until that \
         node is done, then start again"
    )]
    BeingMigrated { key: String, place: String, schema: String, seconds: u64 },
    #[error("{key}: {place} cannot be used: {reason}")]
    Failed { key: String, place: String, reason: String },
}

/// Where a server is, without its password.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub key: String,
    /// `souk@db:5432/souk`
    pub place: String,
    pub user: String,
    pub schema: String,
}

impl Place {
    /// Key, place and schema, as the errors name them.
    pub(super) fn named(&self) -> (String, String, String) {
        (self.key.clone(), self.place.clone(), self.schema.clone())
    }

    /// What is wrong when no session came about.
    pub(super) fn no_session(&self, error: &Error) -> OpenError {
        let (key, place, reason) = (self.key.clone(), self.place.clone(), described(error));
        match error {
            // What rustls has to say of a certificate comes as this.
            Error::Io(error) if error.kind() == ErrorKind::InvalidData => OpenError::NoTls { key, place, reason },
            Error::Io(_) => OpenError::NoAnswer { key, place, reason },
            Error::PoolTimedOut => OpenError::NoAnswer { key, place, reason: "no answer in time".to_owned() },
            Error::Tls(_) => OpenError::NoTls { key, place, reason },
            // <https://www.postgresql.org/docs/current/errcodes-appendix.html>
            Error::Database(_) => match code(error) {
                Some("28000" | "28P01") => OpenError::Denied { key, place, reason },
                Some("3D000") => OpenError::NoDatabase { key, place, reason },
                Some("53300") => OpenError::Full { key, place, reason },
                Some("42501") => OpenError::Denied { key, place, reason },
                _ => OpenError::Failed { key, place, reason },
            },
            _ => OpenError::Failed { key, place, reason },
        }
    }

    /// What is wrong when a statement failed that was about `what`.
    pub(super) fn failed(&self, what: &'static str, error: &Error) -> OpenError {
        let Self { key, place, user, schema } = self.clone();
        let reason = described(error);
        match code(error) {
            Some("42501") => OpenError::NoRights { key, place, what, schema, user, reason },
            _ => OpenError::Failed { key, place, reason },
        }
    }
}

pub(super) fn code(error: &Error) -> Option<&str> {
    Some(error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?.code())
}

/// With the causes below it, which say more than the error itself does.
pub(super) fn described(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
