//! What the contract cannot know: faults of the disk, of the folder, of the file.

mod faults;
mod grams;
mod moved;
mod opening;

use std::path::Path;

use super::domains::Domain;
use super::{DataFolder, SqliteOptions, SqliteStore};

async fn open<D: Domain>(path: &Path) -> SqliteStore<D> {
    let folder = DataFolder::open(path).expect("the data folder opens");
    SqliteStore::open(&folder, &SqliteOptions::default()).await.expect("the store opens")
}
