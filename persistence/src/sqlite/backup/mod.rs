//! Backups of a data folder that may be in use: all files as they were at one moment.
//!
//! * `hold`: the moment: writers are held while a read transaction opens on each file
//! * `copy`: a file copied from within its read transaction
//! * `manifest`: what a backup holds, written last
//! * `take`: making a backup; `restore`: a data folder from one

mod copy;
mod hold;
mod manifest;
mod restore;
mod take;

pub use manifest::{BackedUp, Manifest};
pub use restore::restore;
pub use take::{Taken, back_up};

use std::path::PathBuf;

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path}: {reason}")]
    File { path: PathBuf, reason: String },
    #[error("{0} holds no files of a shop: check the data folder (SOUK_DATA_DIR)")]
    NothingThere(PathBuf),
    #[error("{0} is not empty: name a new folder for the backup")]
    TargetInUse(PathBuf),
    #[error("{0} already holds files of a shop: restore into an empty data folder (SOUK_DATA_DIR)")]
    FolderInUse(PathBuf),
    #[error("{0} is no finished backup: it has no backup.json, which is written last")]
    Unfinished(PathBuf),
    #[error("{file} is not what was backed up ({fault}): take another backup")]
    Altered { file: String, fault: String },
    #[error("the files of {0} are never free at one moment: another program holds them, or writes without a pause")]
    NeverFree(PathBuf),
}

impl BackupError {
    fn of(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, reason: error.to_string() }
    }

    fn sql(path: impl Into<PathBuf>) -> impl FnOnce(sqlx::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, reason: super::errors::describe(&error) }
    }
}
