//! The folders of embedded stores. Several stores may lie in one; it is locked once, by the first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use souk_persistence::sqlite::{DataFolder, OpenError};

use super::open::Access;

pub(super) struct Folders {
    access: Access,
    open: BTreeMap<PathBuf, DataFolder>,
}

impl Folders {
    pub fn new(access: Access) -> Self {
        Self { access, open: BTreeMap::new() }
    }

    /// # Errors
    /// What is wrong with the folder, and what to do.
    pub fn folder(&mut self, path: &Path) -> Result<DataFolder, OpenError> {
        // Two ways of writing one path must not meet at its lock. A folder that is still to be made has one way.
        let known = |path: &Path| std::fs::canonicalize(path).ok().and_then(|path| self.open.get(&path).cloned());
        if let Some(folder) = known(path) {
            return Ok(folder);
        }
        let folder = match self.access {
            Access::Writing => DataFolder::open(path)?,
            Access::Reading => DataFolder::open_read_only(path)?,
        };
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.open.insert(path, folder.clone());
        Ok(folder)
    }
}
