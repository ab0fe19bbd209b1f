//! What the world sees of a product: the body of `GET /api/v1/products/{id}`. It is published after
//! each commit, already serialised, so that a read never enters a mailbox.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::state::{Product, Status, Variant};
use crate::id::{ProductId, VariantId};
use crate::money::Money;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Image {
    pub url: String,
    pub alt: String,
}

/// A choice that a product offers, such as Size with Small and Large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductOption {
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VariantView {
    #[schema(value_type = String, example = "var_01h455vb4pex5vsknk084sn02q")]
    pub id: VariantId,
    pub sku: Option<String>,
    pub title: String,
    pub options: BTreeMap<String, String>,
    pub price: Money,
    pub compare_at_price: Option<Money>,
    /// The weight of one unit.
    #[serde(default)]
    pub grams: u32,
    /// On hand less held; none when stock is not tracked.
    pub available: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductView {
    #[schema(value_type = String, example = "prod_01h455vb4pex5vsknk084sn02q")]
    pub id: ProductId,
    pub handle: String,
    pub title: String,
    pub description_html: String,
    pub vendor: String,
    pub product_type: String,
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub status: Status,
    pub images: Vec<Image>,
    pub options: Vec<ProductOption>,
    pub variants: Vec<VariantView>,
    /// Counts changes of details and prices, not of stock.
    pub version: u64,
    /// The journal number this view was taken at; it also moves with stock.
    pub seq: u64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductSummary {
    #[schema(value_type = String, example = "prod_01h455vb4pex5vsknk084sn02q")]
    pub id: ProductId,
    pub handle: String,
    pub title: String,
    pub vendor: String,
    pub image: Option<Image>,
    /// The lowest price among the variants.
    pub price: Option<Money>,
    /// The compare-at price of the variant with the lowest price.
    pub compare_at_price: Option<Money>,
    /// The sum over the variants; none when any of them is not tracked.
    pub available: Option<i64>,
}

impl ProductView {
    /// The view of a product as it stands at journal number `seq`; none before it was created.
    pub fn of(product: &Product, seq: u64) -> Option<Self> {
        let id = product.id?;
        let details = &product.details;
        Some(Self {
            id,
            handle: details.handle.clone(),
            title: details.title.clone(),
            description_html: details.description_html.clone(),
            vendor: details.vendor.clone(),
            product_type: details.product_type.clone(),
            categories: details.categories.clone(),
            tags: details.tags.clone(),
            status: details.status,
            images: details.images.clone(),
            options: details.options.clone(),
            variants: product.variants.iter().map(VariantView::of).collect(),
            version: product.version,
            seq,
            created_at: product.created_at,
        })
    }

    pub fn summary(&self) -> ProductSummary {
        let cheapest = self.variants.iter().min_by_key(|variant| variant.price.amount);
        ProductSummary {
            id: self.id,
            handle: self.handle.clone(),
            title: self.title.clone(),
            vendor: self.vendor.clone(),
            image: self.images.first().cloned(),
            price: cheapest.map(|variant| variant.price),
            compare_at_price: cheapest.and_then(|variant| variant.compare_at_price),
            available: self.variants.iter().map(|variant| variant.available).sum(),
        }
    }

    /// Whether at least one variant can be bought now.
    pub fn in_stock(&self) -> bool {
        self.variants.iter().any(|variant| variant.available.is_none_or(|available| available > 0))
    }
}

impl VariantView {
    fn of(variant: &Variant) -> Self {
        Self {
            id: variant.id,
            sku: variant.sku.clone(),
            title: variant.title.clone(),
            options: variant.options.clone(),
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            grams: variant.grams,
            available: variant.available(),
        }
    }
}
