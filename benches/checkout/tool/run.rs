//! The whole course: folders, levels of the closed loop, open loop, floor, verdict.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::bodies::Bodies;
use super::buyer::Buyer;
use super::catalogue;
use super::closed;
use super::cores::Cores;
use super::fill;
use super::floor;
use super::machine::Head;
use super::measured::{Level, Quantiles, Round};
use super::open;
use super::options::Options;
use super::process;
use super::shop::{Shop, Taken};
use super::table;
use super::tally::{Faults, Tally};

/// Before the first round of a level: connections, caches and the memory of the server settle.
const WARM_UP: Duration = Duration::from_secs(1);
/// The orders that a fill repeats are bought by so many clients for so long.
const PATTERN_CLIENTS: usize = 16;
const PATTERN_TIME: Duration = Duration::from_secs(2);
/// Of the best closed loop, where no rate is given.
const OPEN_RATE: f64 = 0.8;

/// What speaks against the figures.
#[derive(Debug, Default)]
pub struct Outcome {
    pub faults: Faults,
    /// What `souk check` said, where it found something.
    pub broken: Vec<String>,
}

impl Outcome {
    /// A 503 is an orderly answer to too much at once: shown, but no failure.
    pub fn is_clean(&self) -> bool {
        self.faults.wrong.is_empty() && self.broken.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.faults)?;
        self.broken.iter().try_for_each(|said| writeln!(f, "souk check: {said}"))
    }
}

/// Where the data folders are; the temporary ones go with it.
enum DataPlace {
    Temporary(TempDir),
    Given(PathBuf),
}

impl DataPlace {
    fn of(options: &Options) -> anyhow::Result<Self> {
        Ok(match &options.data {
            Some(data) => Self::Given(data.clone()),
            // Beside the build, because a temporary folder may lie in memory, where nothing is durable.
            None => Self::Temporary(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).context("a folder")?),
        })
    }

    fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let parent = match self {
            Self::Temporary(folder) => folder.path(),
            Self::Given(folder) => folder,
        };
        let folder = parent.join(name);
        ensure!(!folder.exists(), "{} is there already, with another run's data", folder.display());
        Ok(folder)
    }
}

/// Measures and prints.
///
/// # Errors
/// When something of it could not be carried out; wrong answers are in the outcome.
pub fn run(options: &Options) -> anyhow::Result<Outcome> {
    let place = DataPlace::of(options)?;
    let empty = place.folder("empty")?;
    catalogue::import(&empty, options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime")?;
    let filled = match options.fill {
        0 => None,
        orders => {
            let folder = place.folder("filled")?;
            catalogue::import(&folder, options)?;
            buy_patterns(&folder, options, &runtime)?;
            println!("{}", fill::fill(&folder, orders)?);
            Some(folder)
        }
    };
    // After the fill, which may have all cores.
    let cores = Cores::choose(options.pin);
    print!("{}", Head::read(&empty, &cores, options.provider)?);

    let mut outcome = Outcome::default();
    let bench = Bench { options, cores: &cores, runtime: &runtime };
    let levels = bench.on_folder("catalogue only", &empty, &mut outcome)?;
    if let Some(filled) = filled {
        let name = format!("{} finished orders", options.fill);
        let with_orders = bench.on_folder(&name, &filled, &mut outcome)?;
        table::compared(options.fill, &levels, &with_orders);
    }
    Ok(outcome)
}

/// Buys what the fill is to repeat.
fn buy_patterns(folder: &Path, options: &Options, runtime: &Runtime) -> anyhow::Result<()> {
    let shop = Shop::open(folder, &Cores::Shared, options.provider)?;
    let bought = runtime.block_on(async {
        let bodies = Arc::new(Bodies::ask(shop.address, options.products).await?);
        let mut buyers = buyers(PATTERN_CLIENTS, &shop, &bodies);
        closed::round(&mut buyers, PATTERN_TIME).await
    });
    let (Tally { faults, .. }, _) = bought?;
    ensure!(faults.wrong() + faults.unavailable == 0, "the orders to be repeated could not be bought:\n{faults}");
    shop.close()
}

fn buyers(count: usize, shop: &Shop, bodies: &Arc<Bodies>) -> Vec<Buyer> {
    (0..count).map(|number| Buyer::new(number, shop.address, bodies)).collect()
}

struct Bench<'a> {
    options: &'a Options,
    cores: &'a Cores,
    /// One thread: the load is to take one core at most.
    runtime: &'a Runtime,
}

impl Bench<'_> {
    fn on_folder(&self, name: &str, folder: &Path, outcome: &mut Outcome) -> anyhow::Result<Vec<Level>> {
        let opening = Instant::now();
        let shop = Shop::open(folder, self.cores, self.options.provider)?;
        println!("\nThe shop ({name}) opened in {:.1} s", opening.elapsed().as_secs_f64());
        let levels = self.runtime.block_on(self.load(name, &shop, outcome))?;
        shop.close()?;
        if !self.options.skip_check {
            check(folder, outcome)?;
        }
        Ok(levels)
    }

    async fn load(&self, name: &str, shop: &Shop, outcome: &mut Outcome) -> anyhow::Result<Vec<Level>> {
        let bodies = Arc::new(Bodies::ask(shop.address, self.options.products).await?);
        let mut levels = Vec::new();
        for clients in &self.options.clients {
            let level = self.level(shop, &bodies, *clients).await?;
            outcome.faults.add(&level.faults);
            levels.push(level);
        }
        table::closed(name, &levels);
        let best = levels.iter().map(|level| level.median.rate).fold(0.0, f64::max);
        let rate = self.options.rate.unwrap_or(best * OPEN_RATE);
        if rate > 0.0 {
            let length = Duration::from_secs(2 * self.options.seconds);
            let open = open::run(shop.address, &bodies, rate, length).await?;
            let round = Round::new(open.tally, open.elapsed, Taken::default());
            table::open(rate, &round, Quantiles::of(open.lags));
            outcome.faults.add(&round.faults);
        }
        Ok(levels)
    }

    async fn level(&self, shop: &Shop, bodies: &Arc<Bodies>, clients: usize) -> anyhow::Result<Level> {
        let mut buyers = buyers(clients, shop, bodies);
        let (Tally { mut faults, .. }, _) = closed::round(&mut buyers, WARM_UP).await?;
        let mut rounds = Vec::new();
        for _ in 0..self.options.rounds {
            let before = shop.now()?;
            let (tally, elapsed) = closed::round(&mut buyers, Duration::from_secs(self.options.seconds)).await?;
            let round = Round::new(tally, elapsed, shop.now()?.since(&before));
            faults.add(&round.faults);
            rounds.push(round);
        }
        rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        let (slowest, fastest) = (rounds[0].rate, rounds[rounds.len() - 1].rate);
        let median = rounds.swap_remove(rounds.len() / 2);
        let before = shop.now()?;
        floor::run(shop.address, bodies, clients, median.requests).await?;
        let floor = shop.now()?.since(&before);
        Ok(Level { clients, median, slowest, fastest, faults, floor })
    }
}

/// The journals replayed: figures of a shop that lost or doubled something are worth nothing.
fn check(folder: &Path, outcome: &mut Outcome) -> anyhow::Result<()> {
    let start = Instant::now();
    let (status, said) = process::finish(process::souk(folder, &["check"]))?;
    println!("\nsouk check ({:.1} s, {status}):\n{}", start.elapsed().as_secs_f64(), said.trim_end());
    if !status.success() {
        outcome.broken.push(said);
    }
    Ok(())
}
