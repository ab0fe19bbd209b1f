//! What an error says about a write. A batch is one statement, and that statement is its whole transaction: an error
//! that the server answers with comes instead of the commit, so it is certainly not done. When no answer comes, or the
//! connection's end is the answer, the outcome is unknown.

use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Not done, because of somebody else: the same may succeed at once.
    Again,
    /// Not done, because of the server's state.
    NotDone,
    /// Not done, because of what was to be written.
    Refused,
    Unknown,
}

pub(super) fn fate(error: &Error) -> Fate {
    match error {
        Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>().map_or(Fate::Unknown, of_server),
        // Nothing was sent.
        Error::PoolTimedOut | Error::PoolClosed | Error::Encode(_) | Error::Configuration(_) => Fate::NotDone,
        _ => Fate::Unknown,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_server(error: &PgDatabaseError) -> Fate {
    // The server ends the session: this may have come just after the commit.
    if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
        return Fate::Unknown;
    }
    match error.code() {
        // deadlock_detected, serialization_failure
        "40P01" | "40001" => Fate::Again,
        // statement_completion_unknown
        "40003" => Fate::Unknown,
        code => match code.get(..2) {
            // Data exceptions, broken constraints, one row twice.
            Some("21" | "22" | "23") => Fate::Refused,
            // Of the connection: what a pooler in between says of a server that it lost.
            Some("08") => Fate::Unknown,
            // lock_not_available, query_canceled, out of memory, disk full, ...
            _ => Fate::NotDone,
        },
    }
}

/// The connection is of no more use.
pub(super) fn is_broken_connection(error: &Error) -> bool {
    match error {
        Error::Database(error) => error
            .try_downcast_ref::<PgDatabaseError>()
            .is_none_or(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
        Error::RowNotFound | Error::ColumnDecode { .. } | Error::Decode(_) | Error::Encode(_) => false,
        _ => true,
    }
}
