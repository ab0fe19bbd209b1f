//! * `file`: what a file may look like
//! * `rows`: what its rows may say
//! * `real_files`: the samples that Shopify publishes
//! * `bounds`: any bytes, and files of any length

mod bounds;
mod file;
mod real_files;
mod rows;

use souk_domain::money::Currency;

use super::{FileError, ImportedProduct, RowError, ShopifyCsv};

const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
                      Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,\
                      Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Image Position,\
                      Image Alt Text,Variant Image,Product Category,Status";

/// A row as column and value; the columns that are not named are empty.
fn row(fields: &[(&str, &str)]) -> String {
    for (column, _) in fields {
        assert!(HEADER.split(',').any(|name| name == *column), "{column}");
    }
    let value = |name| fields.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| value);
    let quoted = HEADER.split(',').map(|name| format!("\"{}\"", value(name).replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(",")
}

/// A product's first row with a handle, a title, a price, and these fields.
fn first_row(fields: &[(&str, &str)]) -> String {
    let given = |name: &str| fields.iter().any(|(column, _)| *column == name);
    let usual = [("Handle", "shirt"), ("Title", "Shirt"), ("Variant Price", "10")];
    let usual = usual.into_iter().filter(|(column, _)| !given(column));
    row(&usual.chain(fields.iter().copied()).collect::<Vec<_>>())
}

fn read_rows(rows: &[String]) -> (Vec<ImportedProduct>, Vec<RowError>) {
    read(format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes())
}

fn read(bytes: &[u8]) -> (Vec<ImportedProduct>, Vec<RowError>) {
    let (mut products, mut errors) = (Vec::new(), Vec::new());
    for item in ShopifyCsv::new(bytes, Currency::USD).unwrap() {
        products.extend(item.product);
        errors.extend(item.errors);
    }
    (products, errors)
}

fn refusal(bytes: &[u8]) -> FileError {
    match ShopifyCsv::new(bytes, Currency::USD) {
        Err(error) => error,
        Ok(_) => panic!("the file is accepted"),
    }
}

/// Line and column of each error.
fn places(errors: &[RowError]) -> Vec<(u64, &str)> {
    errors.iter().map(|error| (error.line, error.column.as_str())).collect()
}
