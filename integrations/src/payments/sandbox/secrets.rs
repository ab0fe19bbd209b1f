//! The keys that the sandbox and the shop both know, made at the first start and kept beside `sandbox.db`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

const FILE: &str = "sandbox.keys";

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Lets the shop in at the sandbox.
    pub api_key: String,
    /// Signs the sandbox's webhooks.
    pub webhook_secret: String,
}

impl Secrets {
    /// The secrets of a folder. They are made when it has none; only their owner can read the file.
    ///
    /// # Errors
    /// When the file can't be read, written or understood.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(FILE);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = Self { api_key: random("sk_sandbox"), webhook_secret: random("whsec") };
                // Complete before it has its name: a start that is cut off leaves no half of it.
                let draft = folder.join(format!("{FILE}.new"));
                let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
                file.write_all(&serde_json::to_vec_pretty(&made).map_err(io::Error::other)?)?;
                file.sync_all()?;
                std::fs::rename(&draft, &path)?;
                Ok(made)
            }
            Err(error) => Err(error),
        }
    }
}

fn random(prefix: &str) -> String {
    format!("{prefix}_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn they_are_made_once_and_only_their_owner_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let made = Secrets::of_folder(folder.path()).unwrap();
        assert!(Secrets::of_folder(folder.path()).unwrap() == made, "the same at the next start");
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = Secrets::of_folder(tempfile::tempdir().unwrap().path()).unwrap();
        assert!(other.api_key != made.api_key && other.webhook_secret != made.webhook_secret);
    }
}
