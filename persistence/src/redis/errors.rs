//! Errors of Redis in the words of the ports.

use redis::{RedisError, ServerError, Value};

use crate::error::{AppendError, StoreError};

/// Why a Redis server could not be opened. Each message says what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OpenError {
    #[error("the URL of Redis is not usable: {reason}")]
    Url { reason: String },
    #[error("Redis at {address} cannot be reached: {reason}; is it running, and is the URL right?")]
    Unreachable { address: String, reason: String },
    #[error("Redis at {address} refuses the user or the password: {reason}; check the credentials in the URL")]
    Refused { address: String, reason: String },
    #[error("Redis at {address} is not ready: {reason}")]
    NotReady { address: String, reason: String },
    #[error("Redis at {address} cannot keep a domain: {fault}; {remedy}")]
    Unfit { address: String, fault: String, remedy: String },
    #[error(
        "Redis at {address} was written by a newer version (its data has format {found}, this program knows {known}): use that version"
    )]
    NewerFormat { address: String, found: String, known: u32 },
}

impl OpenError {
    /// What a connection that could not be made tells about the server.
    pub(crate) fn connecting(address: String, error: &RedisError) -> Self {
        let reason = error.to_string();
        match error.code() {
            Some("LOADING" | "MASTERDOWN" | "BUSY") => Self::NotReady { address, reason },
            Some("WRONGPASS" | "NOAUTH" | "NOPERM") => Self::Refused { address, reason },
            _ if error.kind() == redis::ErrorKind::AuthenticationFailed => Self::Refused { address, reason },
            _ => Self::Unreachable { address, reason },
        }
    }

    /// It may be fit in a moment.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::NotReady { .. })
    }
}

/// What became of something that was sent.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It was not sent, or the server said that it has done nothing.
    NotDone(String),
    /// It may have been done.
    Unknown(String),
}

impl Fault {
    pub(crate) fn reason(&self) -> &str {
        let (Self::NotDone(reason) | Self::Unknown(reason)) = self;
        reason
    }
}

impl From<Fault> for AppendError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotDone(reason) => Self::NotDone(reason),
            Fault::Unknown(reason) => Self::Unknown(reason),
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotDone(reason) => Self::Unavailable(reason),
            Fault::Unknown(reason) => Self::Unavailable(format!("outcome unknown: {reason}")),
        }
    }
}

/// Codes of refusals that come before anything is done: by the server for the whole of it, or by our own scripts, which
/// look before they write. `ERR` and whatever is not here may come from the middle of a script.
const REFUSALS: [&str; 18] = [
    "ASK",
    "BUSY",
    "CLUSTERDOWN",
    "CROSSSLOT",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "MOVED",
    "NOAUTH",
    "NOPERM",
    "NOPROTO",
    "NOREPLICAS",
    "NOSCRIPT",
    "OOM",
    "READONLY",
    "TRYAGAIN",
    "WRONGPASS",
    DAMAGED,
];

/// What our scripts say when a key does not hold what it must.
pub(crate) const DAMAGED: &str = "DAMAGED";

/// An answer, or what its error means.
pub(crate) fn answer(value: Value) -> Result<Value, Fault> {
    match value {
        Value::ServerError(error) => Err(refusal(&error)),
        value => Ok(value),
    }
}

pub(crate) fn refusal(error: &ServerError) -> Fault {
    let (code, details) = (error.code(), error.details().unwrap_or_default());
    let cause = match code {
        "OOM" => "Redis has no memory left",
        "READONLY" => "Redis is a replica",
        "MISCONF" => "Redis cannot write to its disk",
        "LOADING" => "Redis is loading its data",
        "NOREPLICAS" => "Redis has not enough replicas",
        "NOPERM" => "the user of Redis may not do that",
        "MOVED" | "ASK" | "CLUSTERDOWN" | "CROSSSLOT" => "Redis is a cluster, which this program does not speak to",
        _ => "Redis answers with an error",
    };
    let reason = format!("{cause}: {code} {details}");
    if REFUSALS.contains(&code) { Fault::NotDone(reason) } else { Fault::Unknown(reason) }
}

/// An answer of another form than the command has.
pub(crate) fn unexpected(what: &str, value: &impl std::fmt::Debug) -> StoreError {
    StoreError::Damaged(format!("{what} is not what Redis should hold: {value:?}"))
}
