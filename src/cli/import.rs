//! `souk import products FILE --format shopify-csv [--dry-run]`, and the choice of what is imported.

use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use souk_actors::catalogue::import::{ImportCounts, Importer};
use souk_integrations::shopify_csv::{RowError, ShopifyCsv};

use crate::config::Config;
use crate::stores::{House, Telling};

#[derive(Debug, Args)]
pub struct ImportArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Products with their variants, prices, pictures and stock.
    Products {
        file: PathBuf,
        #[arg(long, value_enum)]
        format: ProductFormat,
        /// Say what would happen and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Accounts of another shop: a CSV file with the columns email, name and hash (argon2, bcrypt, bcrypt_sha256 or
    /// pbkdf2_sha256, as Django writes them).
    Accounts {
        file: PathBuf,
        /// Say what would happen and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProductFormat {
    /// The product CSV that Shopify exports.
    ShopifyCsv,
}

pub async fn run(config: &Config, arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Products { file, format, dry_run } => products(config, file, format, dry_run).await,
        What::Accounts { file, dry_run } => super::import_accounts::run(config, &file, dry_run).await,
    }
}

async fn products(config: &Config, file: PathBuf, format: ProductFormat, dry_run: bool) -> anyhow::Result<ExitCode> {
    let reader = File::open(&file).with_context(|| format!("{} cannot be opened", file.display()))?;
    if reader.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("{} is a folder", file.display());
    }
    let bytes = reader.metadata().map(|metadata| metadata.len()).unwrap_or_default();
    let ProductFormat::ShopifyCsv = format;
    let csv =
        ShopifyCsv::new(BufReader::new(reader), config.shop.currency).with_context(|| file.display().to_string())?;
    for warning in csv.warnings() {
        eprintln!("{}: {warning}", file.display());
    }
    let house = House::start(config, None, Telling::Nobody).await?;
    let outcome = import(&house, csv, &file, bytes, dry_run).await;
    house.stop().await;
    let counts = outcome?;
    println!("{}{counts}", if dry_run { "dry run, nothing changed: " } else { "" });
    Ok(if counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import(
    house: &House,
    mut csv: ShopifyCsv<BufReader<File>>,
    file: &Path,
    bytes: u64,
    dry_run: bool,
) -> anyhow::Result<ImportCounts> {
    let progress = progress(bytes);
    let mut importer = Importer::new(&house.market, dry_run);
    while let Some(item) = csv.next() {
        for error in &item.errors {
            importer.refuse();
            report(&progress, file, error);
        }
        if let Some(product) = item.product {
            for error in importer.take(product).await? {
                report(&progress, file, &error);
            }
        }
        progress.set_position(csv.bytes_read());
    }
    progress.finish_and_clear();
    Ok(importer.counts())
}

fn report(progress: &ProgressBar, file: &Path, error: &RowError) {
    progress.suspend(|| eprintln!("{}: {error}", file.display()));
}

/// A bar on a terminal, nothing elsewhere.
fn progress(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
