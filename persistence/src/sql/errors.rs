//! Errors of a database in the words of the ports.

use sqlx::Error;

use crate::error::StoreError;
use crate::sqlite::errors::{describe, is_damage};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let unreadable = matches!(error, Error::ColumnDecode { .. } | Error::Decode(_));
        if unreadable || is_damage(&error) {
            Self::Damaged(describe(&error))
        } else {
            Self::Unavailable(describe(&error))
        }
    }
}
