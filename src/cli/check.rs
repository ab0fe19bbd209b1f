//! `souk check`: replays every journal and checks the invariants, on a folder that may be in use.

use std::process::ExitCode;
use std::time::Duration;

use souk_actors::check::{check, check_again};
use souk_persistence::sqlite::DataFolder;

use crate::config::Config;
use crate::open::Embedded;
use crate::payments::books;

/// Violations that are printed; the last line has their number.
const MOST_LINES: usize = 1_000;
/// How often a suspect is looked at again, and how long a shop that is open has in between to finish what it was at.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::open_read_only(&config.data_dir)?;
    let path = folder.path().to_owned();
    let embedded = Embedded::open(folder, &config.sqlite_options()).await?;
    let stores = embedded.stores();
    let mut report = check(&stores, &books(config, &path).await?).await?;
    for _ in 0..LOOKS {
        if report.violations.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        report = check_again(&stores, &books(config, &path).await?, report).await?;
    }
    embedded.close().await;
    for violation in report.violations.iter().take(MOST_LINES) {
        println!("{violation}");
    }
    println!("{report}");
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
