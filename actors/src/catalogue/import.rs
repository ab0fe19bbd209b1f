//! Brings products from a file in, one at a time, and counts what became of them.

use std::fmt;

use souk_domain::id::VariantId;
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::Details;
use souk_domain::product::view::Image;
use souk_integrations::shopify_csv::{self, RowError};
use souk_persistence::error::StoreError;

use super::products::{ImportOutcome, Products};
use crate::marketplace::Marketplace;
use crate::runtime::error::CallError;

/// How many products of each fate, and how many rows were left out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ImportCounts {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Rows, or parts of rows.
    pub refused: u64,
}

impl fmt::Display for ImportCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, changed, unchanged, refused } = self;
        write!(f, "{created} created, {changed} changed, {unchanged} unchanged, {refused} rows refused")
    }
}

pub struct Importer<'a> {
    products: &'a Products,
    dry_run: bool,
    counts: ImportCounts,
}

/// The file or the store gave up: the rest was not brought in.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line}, {handle}: {cause}; the log above says why. What came before is in; import the file again once it is mended"
)]
pub struct ImportFailed {
    pub line: u64,
    pub handle: String,
    pub cause: String,
}

impl<'a> Importer<'a> {
    pub fn new(market: &'a Marketplace, dry_run: bool) -> Self {
        Self { products: &market.products, dry_run, counts: ImportCounts::default() }
    }

    pub fn counts(&self) -> ImportCounts {
        self.counts
    }

    /// A row was left out before it got here.
    pub fn refuse(&mut self) {
        self.counts.refused += 1;
    }

    /// Brings one product in. Returns the rows that were left out, and why.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn take(&mut self, product: shopify_csv::ImportedProduct) -> Result<Vec<RowError>, ImportFailed> {
        let (line, handle) = (product.line, product.handle.clone());
        let failed = |cause: String| ImportFailed { line, handle: handle.clone(), cause };
        let (product, lines, mut errors) = self.convert(product).await.map_err(|e| failed(e.to_string()))?;
        if !product.variants.is_empty() {
            let imported = if self.dry_run {
                self.products.preview(&product).await
            } else {
                self.products.import(product.clone()).await
            };
            let imported = imported.map_err(|error| match error {
                CallError::Refused(refusal) => failed(format!("{refusal:?}")),
                CallError::Unavailable(cause) => failed(cause.to_string()),
            })?;
            errors.extend(imported.report.refused.iter().map(|variant| RowError {
                line: lines.get(variant.index).copied().unwrap_or(line),
                column: "Variant Inventory Qty".into(),
                reason: format!(
                    "{} is too low: {} are held by open orders; the stock stays as it was",
                    variant.requested, variant.held
                ),
            }));
            match imported.outcome {
                ImportOutcome::Created => self.counts.created += 1,
                ImportOutcome::Changed => self.counts.changed += 1,
                ImportOutcome::Unchanged => self.counts.unchanged += 1,
            }
        }
        self.counts.refused += errors.len() as u64;
        Ok(errors)
    }

    /// The file's words in the catalogue's, with the line of each variant; a SKU that belongs to
    /// another product is left out with its row.
    async fn convert(
        &self,
        product: shopify_csv::ImportedProduct,
    ) -> Result<(ImportedProduct, Vec<u64>, Vec<RowError>), StoreError> {
        let shopify_csv::ImportedProduct {
            line: _,
            handle,
            title,
            description_html,
            vendor,
            product_type,
            categories,
            tags,
            status,
            images,
            options,
            variants,
        } = product;
        let owner = self.products.store.product_by_handle(&handle).await?.map(|row| row.id);
        let (mut taken, mut lines, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for variant in variants {
            let known = match &variant.sku {
                Some(sku) => self.products.store.variant_by_sku(sku).await?,
                None => None,
            };
            match known.filter(|known| Some(known.product_id) != owner) {
                Some(known) => errors.push(RowError {
                    line: variant.line,
                    column: "Variant SKU".into(),
                    reason: format!(
                        "{:?} belongs to another product ({})",
                        variant.sku.unwrap_or_default(),
                        known.product_id
                    ),
                }),
                None => {
                    lines.push(variant.line);
                    taken.push(self.variant(variant));
                }
            }
        }
        let image = |image: shopify_csv::ImportedImage| Image { url: image.url, alt: image.alt };
        let images = images.into_iter().map(image).collect();
        let details = Details {
            handle,
            title,
            description_html,
            vendor,
            product_type,
            categories,
            tags,
            status,
            images,
            options,
        };
        Ok((ImportedProduct { details, variants: taken }, lines, errors))
    }

    fn variant(&self, variant: shopify_csv::ImportedVariant) -> ImportedVariant {
        let shopify_csv::ImportedVariant {
            line: _,
            sku,
            title,
            options,
            price,
            compare_at_price,
            grams,
            inventory,
            image: _,
        } = variant;
        let candidate = VariantId::from_uuid(self.products.chance.sortable());
        let title = if title.is_empty() { "Default".to_owned() } else { title };
        ImportedVariant { candidate, sku, title, options, grams, price, compare_at_price, inventory }
    }
}
