//! The rows of one handle become a product.

use std::collections::{BTreeSet, HashMap};

use souk_domain::money::Currency;
use souk_domain::product::state::Status;
use souk_domain::product::view::ProductOption;

use crate::description;

use super::header::{Column, OPTION_SLOTS};
use super::row::Row;
use super::variant::{self, MAX_TEXT, OptionNames};
use super::{ImportedImage, ImportedProduct, ImportedVariant, RowError};

/// Shopify's own limits.
pub(super) const MAX_VARIANTS: usize = 2_048;
pub(super) const MAX_IMAGES: usize = 250;
const MAX_TAGS: usize = 250;
const MAX_ALT: usize = 512;

/// What has been read of a product so far. Its size is bounded by the limits above.
pub(super) struct Block {
    pub handle: String,
    /// None when the first row can't carry a product; the other rows are still checked.
    product: Option<ImportedProduct>,
    option_names: OptionNames,
    variants: Vec<ImportedVariant>,
    images: Vec<ImportedImage>,
    lines_by_sku: HashMap<String, u64>,
    lines_by_options: HashMap<Vec<(String, String)>, u64>,
}

/// A handle in its normal form: trimmed and in lower case.
///
/// # Errors
/// When it is missing, too long, or has other characters than `a-z`, `0-9` and `-`.
pub(super) fn handle(row: &Row<'_>) -> Result<String, RowError> {
    let text = row.get_up_to(Column::Handle, MAX_TEXT)?;
    let handle = text.to_ascii_lowercase();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if handle.is_empty() {
        Err(row.error(Column::Handle, "the handle is missing"))
    } else if !handle.bytes().all(allowed) || !handle.bytes().any(|byte| byte != b'-') {
        let reason = format!("{text:?} is not a handle: use the letters a to z, digits and hyphens");
        Err(row.error(Column::Handle, reason))
    } else {
        Ok(handle)
    }
}

impl Block {
    /// Begins with the first row, which describes the product and its first variant.
    pub fn start(handle: String, row: &Row<'_>, currency: Currency, errors: &mut Vec<RowError>) -> Self {
        let mut names_are_usable = true;
        let option_names = option_names(row).unwrap_or_else(|error| {
            errors.push(error);
            names_are_usable = false;
            OptionNames::default()
        });
        let product = product(&handle, row, errors).filter(|_| names_are_usable);
        let mut block = Self {
            handle,
            product,
            option_names,
            variants: Vec::new(),
            images: Vec::new(),
            lines_by_sku: HashMap::new(),
            lines_by_options: HashMap::new(),
        };
        if names_are_usable {
            block.add_variant(row, currency, errors);
        }
        block.add_image(row, errors);
        block
    }

    pub fn add(&mut self, row: &Row<'_>, currency: Currency, errors: &mut Vec<RowError>) {
        if variant::is_variant(row) {
            self.add_variant(row, currency, errors);
        } else if row.get(Column::ImageSrc).is_empty() {
            errors.push(row.error(Column::Handle, "the row has neither a variant nor an image"));
        }
        self.add_image(row, errors);
    }

    /// The product with what could be read of it; none, with its reason, when nothing of it can be sold.
    pub fn finish(self, errors: &mut Vec<RowError>) -> Option<ImportedProduct> {
        let Self { handle, product, option_names, variants, images, lines_by_sku: _, lines_by_options: _ } = self;
        let mut product = product?;
        if variants.is_empty() {
            let reason = format!("the product {handle} is left out: it has no variant that can be read");
            errors.push(RowError { line: product.line, column: String::new(), reason });
            return None;
        }
        product.options = product_options(&option_names, &variants);
        product.images = in_order(images, &variants);
        product.variants = variants;
        Some(product)
    }

    fn add_variant(&mut self, row: &Row<'_>, currency: Currency, errors: &mut Vec<RowError>) {
        let mut variant = match variant::read(row, &self.option_names, currency) {
            Ok(variant) => variant,
            Err(found) => return errors.extend(found),
        };
        // A variant without its picture can still be sold.
        variant.image = variant::image_url(row, Column::VariantImage).unwrap_or_else(|error| {
            errors.push(error);
            None
        });
        if self.variants.len() == MAX_VARIANTS {
            let reason = format!("a product has at most {MAX_VARIANTS} variants");
            return errors.push(RowError { line: row.line, column: String::new(), reason });
        }
        if let Some(line) = variant.sku.as_ref().and_then(|sku| self.lines_by_sku.get(sku)) {
            return errors.push(row.error(Column::Sku, format!("line {line} has the same SKU")));
        }
        let choice: Vec<_> = variant.options.clone().into_iter().collect();
        if let Some(line) = self.lines_by_options.get(&choice) {
            return errors.push(row.error(Column::Option1Value, format!("line {line} has the same option values")));
        }
        self.lines_by_options.insert(choice, row.line);
        self.lines_by_sku.extend(variant.sku.clone().map(|sku| (sku, row.line)));
        self.variants.push(variant);
    }

    fn add_image(&mut self, row: &Row<'_>, errors: &mut Vec<RowError>) {
        let url = match variant::image_url(row, Column::ImageSrc) {
            Ok(Some(url)) => url,
            Ok(None) => return,
            Err(error) => return errors.push(error),
        };
        if self.images.iter().any(|image| image.url == url) {
            return;
        }
        if self.images.len() == MAX_IMAGES {
            return errors.push(row.error(Column::ImageSrc, format!("a product has at most {MAX_IMAGES} images")));
        }
        let text = row.get(Column::ImagePosition);
        let in_file = self.images.len() + 1;
        let position = match text.parse::<u32>() {
            Ok(position) if position > 0 => position,
            _ => {
                if !text.is_empty() {
                    let reason = "the position is not a whole number from 1: the image keeps its place in the file";
                    errors.push(row.error(Column::ImagePosition, reason));
                }
                u32::try_from(in_file).unwrap_or(u32::MAX)
            }
        };
        let alt = text_or_empty(row, Column::ImageAlt, MAX_ALT, errors);
        self.images.push(ImportedImage { url, alt, position });
    }
}

/// What the first row says about the product itself; none when it can't be one.
fn product(handle: &str, row: &Row<'_>, errors: &mut Vec<RowError>) -> Option<ImportedProduct> {
    let title = match row.get_up_to(Column::Title, MAX_TEXT) {
        Ok("") => Err(row.error(Column::Title, "the title is missing in the product's first row")),
        title => title,
    };
    let title = title.map_err(|error| errors.push(error)).ok();
    let description_html = description::sanitise(row.get(Column::Body)).unwrap_or_else(|reason| {
        errors.push(row.error(Column::Body, reason));
        String::new()
    });
    let mut product_type = text_or_empty(row, Column::ProductType, MAX_TEXT, errors);
    if product_type.is_empty() {
        product_type = text_or_empty(row, Column::CustomProductType, MAX_TEXT, errors);
    }
    let tags = tags(row, errors);
    let vendor = text_or_empty(row, Column::Vendor, MAX_TEXT, errors);
    let status = status(row, errors);
    Some(ImportedProduct {
        line: row.line,
        handle: handle.to_owned(),
        title: title?.to_owned(),
        description_html,
        vendor,
        categories: categories(row, &product_type, &tags),
        product_type,
        tags,
        status,
        images: Vec::new(),
        options: Vec::new(),
        variants: Vec::new(),
    })
}

fn text_or_empty(row: &Row<'_>, column: Column, most: usize, errors: &mut Vec<RowError>) -> String {
    row.get_up_to(column, most).map_err(|error| errors.push(error)).unwrap_or_default().to_owned()
}

fn tags(row: &Row<'_>, errors: &mut Vec<RowError>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in row.get(Column::Tags).split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().nth(MAX_TEXT).is_some() {
            errors.push(row.error(Column::Tags, format!("a tag is longer than {MAX_TEXT} characters")));
        } else if tags.len() == MAX_TAGS {
            errors.push(row.error(Column::Tags, format!("a product has at most {MAX_TAGS} tags")));
            break;
        } else if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

fn categories(row: &Row<'_>, product_type: &str, tags: &[String]) -> Vec<String> {
    let path = [Column::ProductCategory, Column::StandardProductType].map(|column| row.get(column));
    let path = path.into_iter().find(|path| !path.is_empty()).unwrap_or_default();
    let leaf = path.rsplit('>').next().unwrap_or_default().trim();
    let mut categories: Vec<String> = Vec::new();
    for name in [product_type, leaf] {
        let known = categories.iter().any(|category| category.eq_ignore_ascii_case(name));
        if !name.is_empty() && !known && name.chars().nth(MAX_TEXT).is_none() {
            categories.push(name.to_owned());
        }
    }
    if categories.is_empty() {
        categories.extend(tags.first().cloned());
    }
    categories
}

/// The status, or where the file has none, whether the product is published. What can't be understood, and what
/// Shopify keeps out of its lists, is a draft: nothing is shown to buyers by mistake.
fn status(row: &Row<'_>, errors: &mut Vec<RowError>) -> Status {
    let (status, published) = (row.get(Column::Status), row.get(Column::Published));
    let mut unclear = |column, reason: &str| {
        errors.push(row.error(column, format!("{reason}: the product becomes a draft")));
        Status::Draft
    };
    match (status.to_ascii_lowercase().as_str(), published.to_ascii_lowercase().as_str()) {
        ("active", _) | ("", "" | "true") => Status::Active,
        ("draft" | "unlisted", _) | ("", "false") => Status::Draft,
        ("archived", _) => Status::Archived,
        ("", _) => unclear(Column::Published, "the field is neither true nor false"),
        _ => unclear(Column::Status, "the status is none of active, draft and archived"),
    }
}

fn option_names(row: &Row<'_>) -> Result<OptionNames, RowError> {
    let mut names = OptionNames::default();
    for (slot, (name_column, value_column)) in OPTION_SLOTS.into_iter().enumerate() {
        let name = row.get_up_to(name_column, MAX_TEXT)?;
        if slot == 0 && variant::is_default_title(name, row.get(value_column)) {
            continue;
        }
        if !name.is_empty() && names.0.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(row.error(name_column, "two options have the same name"));
        }
        names.0[slot] = name.to_owned();
    }
    Ok(names)
}

/// Each option with its values in the order of their first variant.
fn product_options(names: &OptionNames, variants: &[ImportedVariant]) -> Vec<ProductOption> {
    let values = |name: &str| {
        let mut seen = BTreeSet::new();
        let all = variants.iter().filter_map(|variant| variant.options.get(name));
        all.filter(|value| seen.insert(*value)).cloned().collect()
    };
    let used = names.0.iter().filter(|name| !name.is_empty());
    used.map(|name| ProductOption { name: name.clone(), values: values(name) }).collect()
}

/// By position; pictures that only a variant names come last.
fn in_order(mut images: Vec<ImportedImage>, variants: &[ImportedVariant]) -> Vec<ImportedImage> {
    images.sort_by_key(|image| image.position);
    let mut known: BTreeSet<String> = images.iter().map(|image| image.url.clone()).collect();
    for url in variants.iter().filter_map(|variant| variant.image.as_ref()) {
        if images.len() < MAX_IMAGES && known.insert(url.clone()) {
            images.push(ImportedImage { url: url.clone(), alt: String::new(), position: 0 });
        }
    }
    for (place, image) in (1..).zip(&mut images) {
        image.position = place;
    }
    images
}
