//! Making a backup.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::BackupError;
use super::copy::copy;
use super::hold::{Source, one_moment};
use super::manifest::{BackedUp, Manifest};

/// A finished backup.
#[derive(Debug)]
pub struct Taken {
    pub manifest: Manifest,
    /// How long writers were held.
    pub held: Duration,
    /// How long the copying took, while they went on.
    pub copied: Duration,
}

/// Copies those of the databases that are in the data folder, as they were at one moment, and those of the plain files,
/// into a new folder that only its owner can read. The shop may be open. `now` is the time of day, for the record.
///
/// # Errors
/// When a file can't be read or written; the target then has no manifest and is no backup.
pub async fn back_up(
    folder: &Path,
    databases: &[&str],
    plain: &[&str],
    target: &Path,
    now: impl FnOnce() -> String,
) -> Result<Taken, BackupError> {
    let there = |name: &&&str| folder.join(name).is_file();
    let databases: Vec<&str> = databases.iter().filter(there).copied().collect();
    let plain: Vec<&str> = plain.iter().filter(there).copied().collect();
    if databases.is_empty() {
        return Err(BackupError::NothingThere(folder.to_owned()));
    }
    make_empty(target)?;
    let mut sources = Vec::with_capacity(databases.len());
    for name in &databases {
        sources.push(Source::open(folder, name, target).await?);
    }
    let held = one_moment(folder, &mut sources).await?;
    let (taken_at, started) = (now(), Instant::now());
    let mut files = Vec::with_capacity(sources.len() + plain.len());
    for mut source in sources {
        let name = source.name.clone();
        copy(&mut source.copying, &target.join(&name)).await?;
        source.finish().await?;
        files.push(keep(target, &name)?);
    }
    for name in plain {
        let path = target.join(name);
        fs::copy(folder.join(name), &path).map_err(BackupError::of(&path))?;
        files.push(keep(target, name)?);
    }
    let manifest = Manifest::new(taken_at, files);
    manifest.write(target)?;
    Ok(Taken { manifest, held, copied: started.elapsed() })
}

/// The folder and what is in it are as secret as the shop's own: keys and personal data.
fn make_empty(target: &Path) -> Result<(), BackupError> {
    if target.exists() {
        let mut entries = fs::read_dir(target).map_err(BackupError::of(target))?;
        if entries.next().is_some() {
            return Err(BackupError::TargetInUse(target.to_owned()));
        }
    }
    DirBuilder::new().recursive(true).mode(0o700).create(target).map_err(BackupError::of(target))
}

/// On the disk, and for its owner only.
fn keep(target: &Path, name: &str) -> Result<BackedUp, BackupError> {
    let path = target.join(name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(BackupError::of(&path))?;
    File::open(&path).and_then(|file| file.sync_all()).map_err(BackupError::of(&path))?;
    BackedUp::measure(target, name)
}
