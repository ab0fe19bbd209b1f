//! A data folder from a backup.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::BackupError;
use super::manifest::{BackedUp, Manifest};
use crate::sqlite::DataFolder;

/// Copies a backup into an empty data folder, which must be locked, and looks at every page of what was copied. What was
/// copied is taken away again when something is wrong with it.
///
/// # Errors
/// When the backup is unfinished or was altered, the folder is not empty, or a database is damaged.
pub async fn restore(backup: &Path, folder: &DataFolder) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup)?;
    for file in &manifest.files {
        file.verify(backup)?;
        if folder.path().join(&file.name).exists() {
            return Err(BackupError::FolderInUse(folder.path().to_owned()));
        }
    }
    let copied = copy_all(backup, folder.path(), &manifest.files).await;
    if copied.is_err() {
        for file in &manifest.files {
            // Whatever can't be removed is found by the next attempt.
            let _ = fs::remove_file(folder.path().join(&file.name));
        }
    }
    copied.map(|()| manifest)
}

async fn copy_all(backup: &Path, folder: &Path, files: &[BackedUp]) -> Result<(), BackupError> {
    for file in files {
        let path = folder.join(&file.name);
        fs::copy(backup.join(&file.name), &path).map_err(BackupError::of(&path))?;
        File::open(&path).and_then(|file| file.sync_all()).map_err(BackupError::of(&path))?;
        file.verify(folder)?;
        if path.extension().is_some_and(|extension| extension == "db") {
            check_pages(&path).await?;
        }
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::of(folder))
}

async fn check_pages(path: &Path) -> Result<(), BackupError> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::ZERO);
    let mut connection = options.disable_statement_logging().connect().await.map_err(BackupError::sql(path))?;
    let found = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut connection).await;
    let found: Vec<String> = found.map_err(BackupError::sql(path))?;
    connection.close().await.map_err(BackupError::sql(path))?;
    if found != ["ok"] {
        let fault = found.into_iter().next().unwrap_or_default();
        return Err(BackupError::Altered { file: path.display().to_string(), fault });
    }
    Ok(())
}
