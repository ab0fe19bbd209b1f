//! What comes out of a file.

use std::collections::BTreeMap;

use souk_domain::money::Money;
use souk_domain::product::state::Status;
use souk_domain::product::view::ProductOption;

use super::RowError;

/// One block of rows with the same handle.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportItem {
    /// None: the block gave no product, and `errors` say why. Errors also come alone when they stand before the
    /// first block, or in the middle of a long one, so that they don't pile up.
    pub product: Option<ImportedProduct>,
    pub errors: Vec<RowError>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedProduct {
    /// The physical line of its first row.
    pub line: u64,
    pub handle: String,
    pub title: String,
    /// Sanitised: common formatting only.
    pub description_html: String,
    pub vendor: String,
    /// Empty when the file gives none.
    pub product_type: String,
    /// The product type and the last segment of the product category; where a file gives neither, the first
    /// tag, so that a catalogue that is sorted by tags only can still be browsed.
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub status: Status,
    /// In order of their position.
    pub images: Vec<ImportedImage>,
    /// Empty for a product with a single variant (Shopify's pseudo option "Title" with "Default Title").
    pub options: Vec<ProductOption>,
    /// At least one.
    pub variants: Vec<ImportedVariant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedImage {
    pub url: String,
    pub alt: String,
    /// From 1, without gaps.
    pub position: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVariant {
    /// The physical line of its row.
    pub line: u64,
    pub sku: Option<String>,
    /// The option values joined by " / "; empty for the single variant of a product without options.
    pub title: String,
    /// Option name to value.
    pub options: BTreeMap<String, String>,
    pub price: Money,
    /// Only ever above the price: Shopify shows it only then.
    pub compare_at_price: Option<Money>,
    pub grams: u32,
    /// None: stock is not tracked and never runs out.
    ///
    /// A row is tracked when it names a tracker or gives a quantity: Shopify leaves out the tracker in its own
    /// samples and means their quantities all the same. A row whose policy is to go on selling when out of stock
    /// is not tracked, because a tracked variant is never oversold.
    pub inventory: Option<i64>,
    pub image: Option<String>,
}
