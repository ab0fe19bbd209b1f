//! The data folder. It belongs to one process: a lock file is held for as long as anything in it is open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::errors::OpenError;

const LOCK_FILE: &str = "souk.lock";

/// An open data folder. Every store that was opened in it keeps it locked until it is dropped.
#[derive(Debug, Clone)]
pub struct DataFolder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// None: opened for reading, which takes no lock.
    _lock: Option<File>,
}

impl DataFolder {
    /// Creates the folder if it is missing and locks it.
    ///
    /// # Errors
    /// When it cannot be created or written, is a file, or is in use by another process.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        match fs::create_dir_all(path) {
            Ok(()) => {}
            Err(_) if path.is_file() => return Err(OpenError::NotAFolder { path: path.to_owned() }),
            Err(error) => return Err(OpenError::NotCreatable { path: path.to_owned(), reason: error.to_string() }),
        }
        let lock = Self::lock(path)?;
        Ok(Self(Arc::new(Inner { path: path.to_owned(), _lock: Some(lock) })))
    }

    /// A folder whose stores are only read, and must be there. No lock: whoever writes may go on.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref().to_owned();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self(Arc::new(Inner { path, _lock: None }))),
            Ok(_) => Err(OpenError::NotAFolder { path }),
            Err(_) => Err(OpenError::Missing { path }),
        }
    }

    pub fn path(&self) -> &Path {
        &self.0.path
    }

    pub fn is_read_only(&self) -> bool {
        self.0._lock.is_none()
    }

    fn lock(path: &Path) -> Result<File, OpenError> {
        let file = path.join(LOCK_FILE);
        // Not truncated here: until the lock is ours, the text in it names its owner.
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&file);
        let mut lock = opened.map_err(|error| match error.kind() {
            ErrorKind::IsADirectory => OpenError::Failed { file: file.clone(), reason: error.to_string() },
            _ => OpenError::ReadOnly { path: path.to_owned(), reason: error.to_string() },
        })?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let owner = fs::read_to_string(&file).unwrap_or_default();
                let owner = match owner.trim() {
                    "" => "another process".to_owned(),
                    id => format!("process {id}"),
                };
                return Err(OpenError::InUse { path: path.to_owned(), owner });
            }
            Err(TryLockError::Error(error)) => return Err(OpenError::Failed { file, reason: error.to_string() }),
        }
        let written = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
        written.map_err(|error| OpenError::ReadOnly { path: path.to_owned(), reason: error.to_string() })?;
        Ok(lock)
    }
}
