//! `souk check`: replays every journal and checks the invariants, on stores that may be in use.

use std::process::ExitCode;
use std::time::Duration;

use souk_actors::check::{check, check_again};

use crate::config::Config;

use crate::payments::books;
use crate::stores::{Access, OpenStores};

/// Violations that are printed; the last line has their number.
const MOST_LINES: usize = 1_000;
/// How often a suspect is looked at again, and how long a shop that is open has in between to finish what it was at.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let open = OpenStores::open(config, Access::Reading).await?;
    let (stores, path) = (&open.stores, &config.data_dir);
    let mut report = check(stores, &books(config, path).await?).await?;
    for _ in 0..LOOKS {
        if report.violations.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        report = check_again(stores, &books(config, path).await?, report).await?;
    }
    open.close().await;
    for violation in report.violations.iter().take(MOST_LINES) {
        println!("{violation}");
    }
    println!("{report}");
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
