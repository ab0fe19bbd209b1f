//! `souk check`: the journals replayed against the invariants.

use std::path::Path;
use std::time::Duration;

use super::process::{Process, souk};

pub async fn assert_clean(data_folder: &Path) {
    let finished = Process::start(souk(data_folder, &["check"])).finish(Duration::from_secs(120)).await;
    assert!(finished.succeeded(), "an invariant is broken: {finished}");
}
