//! How long it takes, and how much memory, across a kill: `SOUK_TEST_MOVE_FROM=FOLDER scripts/stores run cargo test
//! --release --workspace --test moving -- --ignored --nocapture`, where the folder holds a large shop of embedded stores.

use std::path::Path;
use std::time::{Duration, Instant};

use super::stores::{Far, copying};
use super::support::process::Process;
use super::support::wait::eventually;

/// A data folder to be moved, such as one that the checkout bench has filled.
const FROM: &str = "SOUK_TEST_MOVE_FROM";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a large shop in SOUK_TEST_MOVE_FROM"]
async fn a_large_shop_moves_there_and_back_in_bounded_memory() {
    let from = std::env::var_os(FROM).unwrap_or_else(|| panic!("{FROM} names no data folder"));
    let far = Far::new();
    timed("there", Path::new(&from), &far.config(), true).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    timed("back", &far.config(), &folder.path().join("back"), false).await;
}

async fn timed(what: &str, from: &Path, to: &Path, is_killed: bool) {
    let (started, mut peak) = (Instant::now(), 0);
    if is_killed {
        let first = copying(from, to);
        let told = eventually("some of it is over", Duration::from_secs(3600), async || {
            peak = peak.max(resident(&first));
            let told = first.stderr();
            if told.matches(" records in ").count() >= 2 { Ok(told) } else { Err(told) }
        })
        .await;
        println!("{what}: killed after {:?}\n{told}", started.elapsed());
        first.kill();
    }
    let mut second = copying(from, to);
    let status = eventually("it is over", Duration::from_secs(4 * 3600), async || {
        peak = peak.max(resident(&second));
        second.status().ok_or_else(String::new)
    })
    .await;
    println!(
        "{what}: {:?}, most memory {} MiB\n{}\n{}",
        started.elapsed(),
        peak / 1024,
        second.stderr(),
        second.stdout()
    );
    assert!(status.success(), "{what} failed");
}

/// KiB; 0 once it has ended.
fn resident(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
