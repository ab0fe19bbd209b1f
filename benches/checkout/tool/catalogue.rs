//! What is sold: a file in the form of a shop's export, brought in by the binary itself.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, ensure};

use super::options::Options;
use super::process;

const COLUMNS: &str =
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant Inventory Tracker,Variant Inventory Qty,Variant Price";

pub fn handle(number: u32) -> String {
    format!("load-{number:06}")
}

/// Imports the catalogue into a folder.
///
/// # Errors
/// When the import fails, or leaves something out.
pub fn import(folder: &Path, options: &Options) -> anyhow::Result<()> {
    let file = tempfile::NamedTempFile::new().context("a file for the catalogue")?;
    std::fs::write(file.path(), text(options))?;
    let path = file.path().to_str().context("the temporary folder has a name that is no text")?;
    let said = process::output(process::souk(folder, &["import", "products", path, "--format", "shopify-csv"]))?;
    let wanted = format!("{} created, 0 changed, 0 unchanged, 0 rows refused", options.products);
    ensure!(said.contains(&wanted), "the import should say {wanted:?}, and says:\n{said}");
    Ok(())
}

fn text(options: &Options) -> String {
    let mut text = format!("{COLUMNS}\n");
    for number in 0..options.products {
        let (handle, price) = (handle(number), 500 + number * 7 % 4_500);
        let (whole, cents, stock) = (price / 100, price % 100, options.stock);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{handle},Thing {number},<p>One of many.</p>,Maker {},Things,load,true,shopify,{stock},{whole}.{cents:02}",
            number % 20
        );
    }
    text
}
