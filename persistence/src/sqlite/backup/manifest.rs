//! What a backup holds.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::BackupError;

const NAME: &str = "backup.json";
const VERSION: u32 = 1;

/// Written last, so a folder without it is no backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: u32,
    /// RFC 3339.
    pub taken_at: String,
    /// The version of the program that took it.
    pub program: String,
    pub files: Vec<BackedUp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    pub name: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl BackedUp {
    /// Measures a file of the backup.
    pub(super) fn measure(folder: &Path, name: &str) -> Result<Self, BackupError> {
        let path = folder.join(name);
        let mut file = File::open(&path).map_err(BackupError::of(&path))?;
        let (mut digest, mut bytes) = (Context::new(&SHA256), 0);
        let mut part = vec![0; 256 * 1024];
        loop {
            let count = file.read(&mut part).map_err(BackupError::of(&path))?;
            if count == 0 {
                break;
            }
            digest.update(&part[..count]);
            bytes += count as u64;
        }
        Ok(Self { name: name.to_owned(), bytes, sha256: hex::encode(digest.finish()) })
    }

    /// The file must be what it was.
    pub(super) fn verify(&self, folder: &Path) -> Result<(), BackupError> {
        let Self { name, bytes, sha256 } = self;
        let altered = |fault: String| BackupError::Altered { file: folder.join(name).display().to_string(), fault };
        // A name that leads out of the folder is none that we wrote.
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(altered("its name is no name of a file".to_owned()));
        }
        let found = Self::measure(folder, name)?;
        if found.bytes != *bytes {
            return Err(altered(format!("{} bytes instead of {bytes}", found.bytes)));
        }
        if found.sha256 != *sha256 {
            return Err(altered("another content".to_owned()));
        }
        Ok(())
    }
}

impl Manifest {
    pub(super) fn new(taken_at: String, files: Vec<BackedUp>) -> Self {
        Self { version: VERSION, taken_at, program: env!("CARGO_PKG_VERSION").to_owned(), files }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(NAME);
        let json = serde_json::to_vec_pretty(self)
            .map_err(|error| BackupError::File { path: path.clone(), reason: error.to_string() })?;
        let mut file = File::create_new(&path).map_err(BackupError::of(&path))?;
        file.write_all(&json).and_then(|()| file.sync_all()).map_err(BackupError::of(&path))?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::of(folder))
    }

    pub(super) fn read(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(NAME);
        let json = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => BackupError::Unfinished(folder.to_owned()),
            _ => BackupError::of(&path)(error),
        })?;
        let manifest: Self = serde_json::from_slice(&json)
            .map_err(|error| BackupError::File { path: path.clone(), reason: error.to_string() })?;
        if manifest.version > VERSION {
            let reason =
                format!("a backup of form {}, this program knows {VERSION}: use a newer one", manifest.version);
            return Err(BackupError::File { path, reason });
        }
        Ok(manifest)
    }
}
