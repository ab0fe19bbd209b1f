//! The shop's rules: what it sells in, where it ships for how much, which tax applies where, and what it
//! takes off.

use serde::{Deserialize, Serialize};

use super::discounts::{self, Discount};
use crate::address::{Address, is_country};
use crate::money::{Currency, MAX_AMOUNT};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRules {
    pub currency: Currency,
    /// The first zone that names the destination's country counts; `*` names all.
    pub shipping_zones: Vec<ShippingZone>,
    /// The first zone that names country and region counts; where none does, there is no tax.
    pub tax_zones: Vec<TaxZone>,
    #[serde(default)]
    pub discounts: Vec<Discount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingZone {
    pub name: String,
    pub countries: Vec<String>,
    pub options: Vec<ShippingOption>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingOption {
    pub id: String,
    pub name: String,
    /// Minor units of the shop's currency. With `by_weight`: what is heavier than the last tier pays this.
    pub price: i64,
    /// Free once the lines reach this sum before discounts, in minor units.
    #[serde(default)]
    pub free_from: Option<i64>,
    /// The first tier that the weight of all units does not exceed counts. Empty: the price is flat.
    #[serde(default)]
    pub by_weight: Vec<WeightTier>,
    /// When it arrives, counted from the day after the order. None: not promised.
    #[serde(default)]
    pub days: Option<DeliveryDays>,
}

/// Working days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryDays {
    pub min: u16,
    pub max: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightTier {
    pub up_to_grams: u64,
    /// Minor units.
    pub price: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxZone {
    pub name: String,
    pub countries: Vec<String>,
    /// Empty: the whole country.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Millionths: 1_000_000 is 100 %, 88_750 is 8.875 %.
    pub rate_ppm: u32,
    /// Whether the shown prices contain the tax already.
    pub included: bool,
    /// Whether shipping is taxed as well.
    pub on_shipping: bool,
}

fn names(list: &[String], value: &str) -> bool {
    list.iter().any(|item| item == "*" || item.eq_ignore_ascii_case(value))
}

impl PriceRules {
    /// None when the shop does not ship there.
    pub fn shipping_zone(&self, address: &Address) -> Option<&ShippingZone> {
        self.shipping_zones.iter().find(|zone| names(&zone.countries, &address.country))
    }

    /// The shipping options for an address; none when the shop does not ship there.
    pub fn shipping_options(&self, address: &Address) -> &[ShippingOption] {
        self.shipping_zone(address).map_or(&[], |zone| &zone.options)
    }

    pub fn discount_of_code(&self, code: &str) -> Option<&Discount> {
        self.discounts.iter().find(|discount| discount.has_code(code))
    }

    pub fn tax_zone(&self, address: &Address) -> Option<&TaxZone> {
        self.tax_zones.iter().find(|zone| {
            let region = address.region.as_deref().unwrap_or_default();
            names(&zone.countries, &address.country) && (zone.regions.is_empty() || names(&zone.regions, region))
        })
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// A sentence that names the zone and its fault.
    pub fn validate(&self) -> Result<(), String> {
        let known = |zone: &str, countries: &[String]| match countries.iter().find(|c| *c != "*" && !is_country(c)) {
            Some(bad) => Err(format!("zone {zone:?}: {bad:?} is no country code of ISO 3166-1 alpha-2")),
            None if countries.is_empty() => Err(format!("zone {zone:?} names no country")),
            None => Ok(()),
        };
        for zone in &self.shipping_zones {
            known(&zone.name, &zone.countries)?;
            for option in &zone.options {
                if !(0..=MAX_AMOUNT).contains(&option.price) || option.free_from.is_some_and(|sum| sum < 0) {
                    return Err(format!("shipping option {:?}: amounts must not be negative or huge", option.id));
                }
                if option.days.is_some_and(|days| days.min > days.max || days.max > 365) {
                    return Err(format!("shipping option {:?}: days: min to max, at most 365", option.id));
                }
                if option.by_weight.iter().any(|tier| !(0..=MAX_AMOUNT).contains(&tier.price)) {
                    return Err(format!("shipping option {:?}: by_weight: a price is negative or huge", option.id));
                }
                if !option.by_weight.is_sorted_by(|a, b| a.up_to_grams < b.up_to_grams) {
                    return Err(format!("shipping option {:?}: by_weight: up_to_grams must grow", option.id));
                }
            }
        }
        for zone in &self.tax_zones {
            known(&zone.name, &zone.countries)?;
            if zone.rate_ppm > 1_000_000 {
                return Err(format!("tax zone {:?}: rate_ppm is above 1000000 (100 %)", zone.name));
            }
        }
        discounts::validate(&self.discounts)
    }
}
