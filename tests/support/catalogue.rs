//! CSV files in the form that Shopify exports.

use std::path::{Path, PathBuf};

/// The columns of [`Csv`].
pub const COLUMNS: [&str; 13] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Variant SKU",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Price",
];

/// A file that grows row by row.
#[derive(Debug, Clone)]
pub struct Csv(String);

impl Csv {
    pub fn new() -> Self {
        Self(format!("{}\n", COLUMNS.join(",")))
    }

    /// A product with a single variant; its title is the handle.
    pub fn product(self, handle: &str, quantity: u32, price: &str) -> Self {
        let quantity = quantity.to_string();
        self.row(&[
            ("Handle", handle),
            ("Title", handle),
            ("Vendor", "Test"),
            ("Type", "Things"),
            ("Published", "true"),
            ("Variant Inventory Tracker", "shopify"),
            ("Variant Inventory Qty", &quantity),
            ("Variant Price", price),
        ])
    }

    /// A row of what is given; the other columns are empty.
    pub fn row(mut self, fields: &[(&str, &str)]) -> Self {
        let field = |column| fields.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| value);
        assert!(fields.iter().all(|(name, _)| COLUMNS.contains(name)), "an unknown column: {fields:?}");
        let row: Vec<_> = COLUMNS.into_iter().map(|column| quoted(field(column))).collect();
        self.0.push_str(&row.join(","));
        self.0.push('\n');
        self
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.clone().into_bytes()
    }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// The real exports where they lie beside the repository, or else the fixture that stands in for them.
pub fn real_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let real = ["apparel.csv", "home-and-garden.csv"].map(|name| root.join("../shared/data/shopify").join(name));
    if real.iter().all(|file| file.is_file()) {
        return real.into();
    }
    println!("the sample exports are not there: the fixture stands in for them");
    vec![root.join("tests/fixtures/catalogue.csv")]
}
