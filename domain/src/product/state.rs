//! A product as its journal tells it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::{Image, ProductOption};
use crate::id::{OrderId, ProductId, VariantId};
use crate::money::Money;
use crate::time::Timestamp;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Draft,
    Active,
    Archived,
}

/// What sellers write about a product. The body is sanitised before it gets here.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
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
}

/// A variant without its stock: what a seller or a file can say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantDetails {
    pub id: VariantId,
    pub sku: Option<String>,
    pub title: String,
    pub options: BTreeMap<String, String>,
    pub grams: u32,
}

/// Units of one SKU. `on_hand + sold = stocked + adjusted`, and `0 <= held <= on_hand`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    pub on_hand: i64,
    pub held: i64,
    pub sold: i64,
    pub stocked: i64,
    pub adjusted: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub id: VariantId,
    pub sku: Option<String>,
    pub title: String,
    pub options: BTreeMap<String, String>,
    pub grams: u32,
    pub price: Money,
    pub compare_at_price: Option<Money>,
    /// None: stock is not tracked and never runs out.
    pub stock: Option<Stock>,
    /// The number that the last imported file gave, from which the next file's delta is taken.
    pub last_imported: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLine {
    pub variant: VariantId,
    pub quantity: u32,
}

/// Units set aside for an order. Only the order ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub lines: Vec<HeldLine>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// None: not created yet.
    pub id: Option<ProductId>,
    pub created_at: Timestamp,
    pub version: u64,
    pub details: Details,
    pub variants: Vec<Variant>,
    pub holds: BTreeMap<OrderId, Hold>,
    /// Orders that were released before their hold came: a late hold of theirs is refused until then.
    pub tombstones: BTreeMap<OrderId, Timestamp>,
}

impl Variant {
    /// On hand less held; none when stock is not tracked.
    pub fn available(&self) -> Option<i64> {
        self.stock.map(|stock| stock.on_hand - stock.held)
    }

    pub(super) fn new(details: VariantDetails, price: Money, compare_at_price: Option<Money>, tracked: bool) -> Self {
        let VariantDetails { id, sku, title, options, grams } = details;
        let stock = tracked.then(Stock::default);
        Self { id, sku, title, options, grams, price, compare_at_price, stock, last_imported: None }
    }

    pub fn details(&self) -> VariantDetails {
        VariantDetails {
            id: self.id,
            sku: self.sku.clone(),
            title: self.title.clone(),
            options: self.options.clone(),
            grams: self.grams,
        }
    }
}

impl Product {
    pub fn variant(&self, id: VariantId) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    pub(super) fn variant_mut(&mut self, id: VariantId) -> Option<&mut Variant> {
        self.variants.iter_mut().find(|variant| variant.id == id)
    }
}
