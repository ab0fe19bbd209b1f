//! Reads the product CSV that Shopify exports, as a stream of products.
//!
//! The format is described at <https://help.shopify.com/en/manual/products/import-export/using-csv>;
//! column names from before and after Shopify renamed them are both understood.
//!
//! * `reader`: [`ShopifyCsv`], the iterator; the place to start
//! * `records`: bytes to records, with a bound on each
//! * `header`: which column is where
//! * `row`: one record by the names of its columns
//! * `block`: the rows of one handle become a product
//! * `variant`: one row becomes a variant
//! * `product`: what comes out
//! * `error`: what is wrong with a file or a row

mod block;
mod error;
mod header;
mod product;
mod reader;
pub(crate) mod records;
mod row;
#[cfg(test)]
mod tests;
mod variant;

pub use error::{FileError, RowError};
pub use product::{ImportItem, ImportedImage, ImportedProduct, ImportedVariant};
pub use reader::ShopifyCsv;
