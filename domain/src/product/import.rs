//! What a catalogue file changes: the difference between the file and the product, as events.

use std::collections::BTreeMap;

use super::event::ProductEvent;
use super::state::{Details, Product, Variant, VariantDetails};
use crate::id::{ProductId, VariantId};
use crate::money::Money;
use crate::time::Timestamp;

/// A product as a file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedProduct {
    pub details: Details,
    pub variants: Vec<ImportedVariant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVariant {
    /// The id it gets if the product has no such variant yet.
    pub candidate: VariantId,
    pub sku: Option<String>,
    pub title: String,
    pub options: BTreeMap<String, String>,
    pub grams: u32,
    pub price: Money,
    pub compare_at_price: Option<Money>,
    /// None: stock is not tracked.
    pub inventory: Option<i64>,
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Variants whose number in the file is below what orders hold: their stock stays as it was.
    pub refused: Vec<RefusedVariant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedVariant {
    /// The place of the variant in the import, from 0.
    pub index: usize,
    pub requested: i64,
    pub held: i64,
}

pub(super) fn decide(product: &Product, id: ProductId, import: &ImportedProduct, now: Timestamp) -> Vec<ProductEvent> {
    let mut events = Vec::new();
    if product.id.is_none() {
        events.push(ProductEvent::Created { id, at: now, details: import.details.clone() });
    } else if product.details != import.details {
        events.push(ProductEvent::DetailsChanged { details: import.details.clone() });
    }
    for variant in &import.variants {
        match matching(product, variant) {
            None => add(variant, &mut events),
            Some(known) => change(known, variant, &mut events),
        }
    }
    events
}

pub(super) fn report(product: &Product, import: &ImportedProduct) -> ImportReport {
    let refused = import.variants.iter().enumerate().filter_map(|(index, variant)| {
        let known = matching(product, variant)?;
        let requested = variant.inventory.filter(|&number| known.last_imported != Some(number))?;
        Some(RefusedVariant { index, requested, held: known.stock.map_or(0, |stock| stock.held) })
    });
    ImportReport { refused: refused.collect() }
}

/// The same choice of options is the same variant, whatever its SKU.
fn matching<'a>(product: &'a Product, imported: &ImportedVariant) -> Option<&'a Variant> {
    product.variants.iter().find(|variant| variant.options == imported.options)
}

fn add(imported: &ImportedVariant, events: &mut Vec<ProductEvent>) {
    let id = imported.candidate;
    events.push(ProductEvent::VariantAdded {
        variant: imported.details(id),
        price: imported.price,
        compare_at_price: imported.compare_at_price,
        tracked: imported.inventory.is_some(),
    });
    if let Some(number) = imported.inventory {
        events.push(ProductEvent::Stocked { variant: id, quantity: number, imported: Some(number) });
    }
}

fn change(known: &Variant, imported: &ImportedVariant, events: &mut Vec<ProductEvent>) {
    let variant = known.id;
    if known.details() != imported.details(variant) {
        events.push(ProductEvent::VariantChanged { variant: imported.details(variant) });
    }
    if (known.price, known.compare_at_price) != (imported.price, imported.compare_at_price) {
        let (price, compare_at_price) = (imported.price, imported.compare_at_price);
        events.push(ProductEvent::Repriced { variant, price, compare_at_price });
    }
    let Some(number) = imported.inventory.filter(|&number| known.last_imported != Some(number)) else {
        return;
    };
    match (known.stock, known.last_imported) {
        // Sales since the last file must not come back, so only the file's own change counts.
        (Some(stock), Some(last)) => {
            let delta = number - last;
            if stock.on_hand + delta >= stock.held {
                events.push(ProductEvent::StockAdjusted { variant, delta, imported: Some(number) });
            }
        }
        (Some(_), None) | (None, _) => {
            events.push(ProductEvent::Stocked { variant, quantity: number, imported: Some(number) });
        }
    }
}

impl ImportedVariant {
    fn details(&self, id: VariantId) -> VariantDetails {
        VariantDetails {
            id,
            sku: self.sku.clone(),
            title: self.title.clone(),
            options: self.options.clone(),
            grams: self.grams,
        }
    }
}
