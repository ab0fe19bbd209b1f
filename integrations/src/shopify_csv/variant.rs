//! One row becomes a variant.

use std::collections::BTreeMap;

use souk_domain::money::{Currency, Money};

use super::header::{Column, OPTION_SLOTS};
use super::row::Row;
use super::{ImportedVariant, RowError};

/// The longest text of a name, an option value or an SKU, in characters: Shopify's own limit.
pub(super) const MAX_TEXT: usize = 255;
const DEFAULT_TITLE: &str = "Default Title";
const MAX_URL: usize = 2_048;
/// Far above any stock, and small enough that differences between files cannot overflow.
const MAX_QUANTITY: i64 = 1_000_000_000;
const MAX_GRAMS: u32 = 1_000_000_000;

/// The names of a product's options by slot; an empty one is not used.
#[derive(Debug, Default, Clone)]
pub(super) struct OptionNames(pub [String; 3]);

enum Policy {
    Deny,
    Continue,
}

/// Whether a row describes a variant, or only a further image.
pub(super) fn is_variant(row: &Row<'_>) -> bool {
    let columns = [Column::Price, Column::CompareAtPrice, Column::Sku, Column::InventoryQuantity];
    let values = OPTION_SLOTS.map(|(_, value)| value);
    columns.into_iter().chain(values).any(|column| !row.get(column).is_empty())
}

/// Shopify gives a product without options one option "Title" with the value "Default Title".
pub(super) fn is_default_title(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("Title") && value.eq_ignore_ascii_case(DEFAULT_TITLE)
}

/// The variant of a row without its image, or everything that is wrong with it.
pub(super) fn read(row: &Row<'_>, names: &OptionNames, currency: Currency) -> Result<ImportedVariant, Vec<RowError>> {
    let mut errors = Vec::new();
    let options = noted(options(row, names), &mut errors);
    let missing = || row.error(Column::Price, "the price is missing");
    let price = noted(money(row, Column::Price, currency).and_then(|price| price.ok_or_else(missing)), &mut errors);
    let compare_at_price = noted(money(row, Column::CompareAtPrice, currency), &mut errors);
    let sku = noted(row.get_up_to(Column::Sku, MAX_TEXT), &mut errors);
    let grams = noted(grams(row), &mut errors);
    let inventory = noted(inventory(row), &mut errors);
    match (options, price, compare_at_price, sku, grams, inventory) {
        (Some(options), Some(price), Some(compare_at_price), Some(sku), Some(grams), Some(inventory)) => {
            let used = names.0.iter().filter_map(|name| options.get(name));
            Ok(ImportedVariant {
                line: row.line,
                sku: Some(sku.to_owned()).filter(|sku| !sku.is_empty()),
                title: used.map(String::as_str).collect::<Vec<_>>().join(" / "),
                options,
                price,
                compare_at_price: compare_at_price.filter(|compare_at| compare_at.amount > price.amount),
                grams,
                inventory,
                image: None,
            })
        }
        _ => Err(errors),
    }
}

/// The address of an image; none when the field is empty.
pub(super) fn image_url(row: &Row<'_>, column: Column) -> Result<Option<String>, RowError> {
    let url = row.get_up_to(column, MAX_URL)?;
    if url.is_empty() {
        return Ok(None);
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    let broken = url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
    if scheme.is_none() || broken {
        return Err(row.error(column, format!("{url:?} is not the address of an image: it starts with https://")));
    }
    Ok(Some(url.to_owned()))
}

fn options(row: &Row<'_>, names: &OptionNames) -> Result<BTreeMap<String, String>, RowError> {
    let mut options = BTreeMap::new();
    for ((name_column, value_column), name) in OPTION_SLOTS.into_iter().zip(&names.0) {
        let given = row.get_up_to(name_column, MAX_TEXT)?;
        let value = row.get_up_to(value_column, MAX_TEXT)?;
        if name.is_empty() {
            if value.is_empty() || value.eq_ignore_ascii_case(DEFAULT_TITLE) {
                continue;
            }
            return Err(row.error(value_column, "the value belongs to an option without a name"));
        }
        if !given.is_empty() && !given.eq_ignore_ascii_case(name) {
            let reason = format!("the option is called {given:?} here and {name:?} in the product's first row");
            return Err(row.error(name_column, reason));
        }
        if value.is_empty() {
            return Err(row.error(value_column, format!("the value of {name:?} is missing")));
        }
        options.insert(name.clone(), value.to_owned());
    }
    Ok(options)
}

fn money(row: &Row<'_>, column: Column, currency: Currency) -> Result<Option<Money>, RowError> {
    let text = row.get_up_to(column, MAX_TEXT)?;
    if text.is_empty() {
        return Ok(None);
    }
    let amount = currency.parse_decimal(text).map_err(|reason| row.error(column, reason))?;
    Ok(Some(Money::new(amount, currency)))
}

/// Whole grams. Shopify converts from pounds and ounces, so its files have grams such as 453.592.
fn grams(row: &Row<'_>) -> Result<u32, RowError> {
    let text = row.get_up_to(Column::Grams, MAX_TEXT)?;
    if text.is_empty() {
        return Ok(0);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let read = || {
        let whole: u32 = whole.parse().ok().filter(|_| digits(whole) && digits(fraction))?;
        whole.checked_add(u32::from(fraction.as_bytes().first() >= Some(&b'5')))
    };
    match read() {
        Some(grams) if grams <= MAX_GRAMS => Ok(grams),
        _ => Err(row.error(Column::Grams, format!("{text:?} is not a weight in grams"))),
    }
}

fn inventory(row: &Row<'_>) -> Result<Option<i64>, RowError> {
    let quantity = quantity(row)?;
    Ok(match policy(row)? {
        Policy::Continue => None,
        Policy::Deny if row.get(Column::InventoryTracker).is_empty() => quantity,
        Policy::Deny => quantity.or(Some(0)),
    })
}

fn quantity(row: &Row<'_>) -> Result<Option<i64>, RowError> {
    let column = Column::InventoryQuantity;
    let text = row.get_up_to(column, MAX_TEXT)?;
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(quantity) if quantity < 0 => Err(row.error(column, format!("the quantity {text} is negative"))),
        Ok(quantity) if quantity <= MAX_QUANTITY => Ok(Some(quantity)),
        Ok(_) => Err(row.error(column, format!("the quantity {text} is larger than {MAX_QUANTITY}"))),
        Err(_) => Err(row.error(column, format!("{text:?} is not a whole number of units"))),
    }
}

fn policy(row: &Row<'_>) -> Result<Policy, RowError> {
    let text = row.get_up_to(Column::InventoryPolicy, MAX_TEXT)?;
    match text.to_ascii_lowercase().as_str() {
        "" | "deny" | "false" => Ok(Policy::Deny),
        "continue" | "true" => Ok(Policy::Continue),
        _ => Err(row.error(Column::InventoryPolicy, format!("{text:?} is neither deny nor continue"))),
    }
}

fn noted<T>(result: Result<T, RowError>, errors: &mut Vec<RowError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}
