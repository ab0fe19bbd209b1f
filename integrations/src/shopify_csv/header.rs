//! Which column is where, by the names of older and newer exports.

use super::error::FileError;

/// The columns that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    ProductType,
    CustomProductType,
    ProductCategory,
    StandardProductType,
    Tags,
    Published,
    Status,
    Option1Name,
    Option1Value,
    Option2Name,
    Option2Value,
    Option3Name,
    Option3Value,
    Sku,
    Grams,
    InventoryTracker,
    InventoryQuantity,
    InventoryPolicy,
    Price,
    CompareAtPrice,
    ImageSrc,
    ImagePosition,
    ImageAlt,
    VariantImage,
}

/// Name and value of each option slot.
pub(super) const OPTION_SLOTS: [(Column, Column); 3] = [
    (Column::Option1Name, Column::Option1Value),
    (Column::Option2Name, Column::Option2Value),
    (Column::Option3Name, Column::Option3Value),
];

const REQUIRED: [(Column, &str); 3] =
    [(Column::Handle, "Handle"), (Column::Title, "Title"), (Column::Price, "Variant Price")];

/// In lower case; the older name first.
const USED: &[(&str, Column)] = &[
    ("handle", Column::Handle),
    ("url handle", Column::Handle),
    ("title", Column::Title),
    ("body (html)", Column::Body),
    ("body html", Column::Body),
    ("description", Column::Body),
    ("vendor", Column::Vendor),
    ("type", Column::ProductType),
    ("custom product type", Column::CustomProductType),
    ("product category", Column::ProductCategory),
    ("standard product type", Column::StandardProductType),
    ("standardized product type", Column::StandardProductType),
    ("tags", Column::Tags),
    ("published", Column::Published),
    ("published on online store", Column::Published),
    ("status", Column::Status),
    ("option1 name", Column::Option1Name),
    ("option1 value", Column::Option1Value),
    ("option2 name", Column::Option2Name),
    ("option2 value", Column::Option2Value),
    ("option3 name", Column::Option3Name),
    ("option3 value", Column::Option3Value),
    ("variant sku", Column::Sku),
    ("sku", Column::Sku),
    ("variant grams", Column::Grams),
    ("weight value (grams)", Column::Grams),
    ("variant inventory tracker", Column::InventoryTracker),
    ("inventory tracker", Column::InventoryTracker),
    ("variant inventory qty", Column::InventoryQuantity),
    ("inventory quantity", Column::InventoryQuantity),
    ("variant inventory policy", Column::InventoryPolicy),
    ("continue selling when out of stock", Column::InventoryPolicy),
    ("variant price", Column::Price),
    ("price", Column::Price),
    ("variant compare at price", Column::CompareAtPrice),
    ("compare-at price", Column::CompareAtPrice),
    ("image src", Column::ImageSrc),
    ("product image url", Column::ImageSrc),
    ("image position", Column::ImagePosition),
    ("image alt text", Column::ImageAlt),
    ("variant image", Column::VariantImage),
    ("variant image url", Column::VariantImage),
];

/// Columns of Shopify that the shop has no use for: nobody needs a warning about them.
const UNUSED: &[&str] = &[
    "collection",
    "template suffix",
    "published scope",
    "published at",
    "variant fulfillment service",
    "fulfillment service",
    "variant requires shipping",
    "requires shipping",
    "variant taxable",
    "charge tax",
    "variant tax code",
    "tax code",
    "variant barcode",
    "variant barcodes",
    "barcode",
    "barcodes",
    "variant weight unit",
    "weight unit for display",
    "gift card",
    "seo title",
    "seo description",
    "cost per item",
    "option1 linked to",
    "option2 linked to",
    "option3 linked to",
    "unit price total measure",
    "unit price total measure unit",
    "unit price base measure",
    "unit price base measure unit",
];

/// Families of columns: one for each market, sales channel or label.
const UNUSED_PREFIXES: &[&str] =
    &["google shopping / ", "price / ", "compare at price / ", "compare-at price / ", "included / ", "metafield: "];

const METAFIELD: &str = ".metafields.";

#[derive(Debug)]
pub(super) struct Header {
    names: Vec<String>,
    places: [Option<usize>; Column::VariantImage as usize + 1],
    pub warnings: Vec<String>,
}

impl Header {
    pub fn new(names: Vec<String>) -> Result<Self, FileError> {
        let names: Vec<String> = names.into_iter().map(|name| name.trim().to_owned()).collect();
        let mut header = Self { names, places: [None; _], warnings: Vec::new() };
        let mut seen = std::collections::HashSet::new();
        for (place, name) in header.names.iter().enumerate() {
            let lower = name.to_lowercase();
            if lower.is_empty() {
                header.warnings.push(format!("column {} has no name and is not read", place + 1));
                continue;
            }
            let used = USED.iter().find(|(known, _)| *known == lower).map(|(_, column)| *column);
            let place_of = used.map(|column| &mut header.places[column as usize]);
            let taken = place_of.is_some_and(|slot| slot.replace(place).is_some());
            if used.is_none() && !is_unused(&lower) {
                header.warnings.push(format!("the column {name:?} is not known and not read"));
            }
            if taken || !seen.insert(lower) {
                return Err(FileError::DuplicateColumn { name: name.clone() });
            }
        }
        let missing: Vec<_> =
            REQUIRED.iter().filter(|(column, _)| header.place(*column).is_none()).map(|(_, name)| *name).collect();
        if missing.is_empty() { Ok(header) } else { Err(header.refuse(missing)) }
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    /// The column as the file writes it, or as Shopify does where the file doesn't have it.
    pub fn name(&self, column: Column) -> String {
        match self.place(column) {
            Some(place) => self.names[place].clone(),
            None => USED.iter().find(|(_, known)| *known == column).map_or("", |(name, _)| name).to_owned(),
        }
    }

    pub fn name_at(&self, place: usize) -> String {
        self.names.get(place).cloned().unwrap_or_default()
    }

    fn refuse(self, missing: Vec<&'static str>) -> FileError {
        let other = |name: &String| name.chars().find(|c| matches!(c, ';' | '\t' | '|'));
        match self.names.first().and_then(other) {
            Some(found) if self.names.len() == 1 => FileError::Delimiter { found },
            _ => FileError::MissingColumns { missing },
        }
    }
}

fn is_unused(lower: &str) -> bool {
    UNUSED.contains(&lower)
        || UNUSED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
        || lower.contains(METAFIELD)
}
