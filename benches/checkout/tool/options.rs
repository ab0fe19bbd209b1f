//! What can be asked for.

use std::path::PathBuf;

use clap::Parser;

use super::provider::Place;

/// Measures complete checkouts against `souk serve` over loopback.
#[derive(Debug, Clone, Parser)]
#[command(name = "checkout")]
pub struct Options {
    /// Clients of the closed loop, each with one connection; several runs, separated by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64], value_parser = clients)]
    pub clients: Vec<usize>,
    /// Length of a round. The open loop runs for two.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,
    /// Rounds for each number of clients; the one with the median rate is shown.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    pub rounds: u16,
    /// Checkouts a second that the open loop starts; without it 80 % of the best closed loop.
    #[arg(long, value_parser = rate)]
    pub rate: Option<f64>,
    /// Finished orders in a second folder, whose rate is compared with that of the empty one.
    #[arg(long, default_value_t = 0)]
    pub fill: u32,
    /// Where the data folders are made, and stay. Without it: a temporary place that is removed.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// The server on core 0 and the load on core 1.
    #[arg(long)]
    pub pin: bool,
    /// Where the payment provider runs.
    #[arg(long, value_enum, default_value_t = Place::Inside)]
    pub provider: Place,
    /// Products in the catalogue.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub products: u32,
    /// Units of each product.
    #[arg(long, default_value_t = 10_000_000)]
    pub stock: u32,
    /// Do not replay the journals at the end: the verdict is then missing.
    #[arg(long)]
    pub skip_check: bool,
    /// Cargo passes it to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn clients(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(clients @ 1..=4096) => Ok(clients),
        _ => Err("must be 1 to 4096".to_owned()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.1..=1_000_000.0).contains(&rate) => Ok(rate),
        _ => Err("must be 0.1 to 1000000".to_owned()),
    }
}
