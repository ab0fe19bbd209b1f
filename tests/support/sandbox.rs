//! The payment provider as a process of its own, as shops of several nodes share one.

use tempfile::TempDir;

use super::process::{Process, souk};
use super::wait::{SOON, eventually};

/// What the shop and its provider share.
const KEYS: [(&str, &str); 2] =
    [("SOUK_SANDBOX__API_KEY", "sk_sandbox_of_the_tests"), ("SOUK_SANDBOX__WEBHOOK_SECRET", "whsec_of_the_tests")];

pub struct Sandbox {
    url: String,
    // Dropped in this order: the process before its folder.
    _process: Process,
    _folder: TempDir,
}

impl Sandbox {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = souk(folder.path(), &["sandbox"]);
        command.envs(KEYS);
        let process = Process::start(command);
        let url = eventually("the sandbox says where it listens", SOON, async || {
            let stdout = process.stdout();
            let line = stdout.split_once("listens on ").map(|(_, rest)| rest);
            line.and_then(|rest| rest.split_once('\n')).map(|(url, _)| url.trim().to_owned()).ok_or(stdout)
        })
        .await;
        Self { url, _process: process, _folder: folder }
    }

    /// What makes it the provider of a shop.
    pub fn settings(&self) -> Vec<(String, String)> {
        let all = [("SOUK_SANDBOX__URL", self.url.as_str())].into_iter().chain(KEYS);
        all.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}
