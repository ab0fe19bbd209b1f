//! What a buyer's browser has to know of the shop itself.

use std::sync::Arc;

use serde::Serialize;
use souk_domain::money::Money;
use souk_domain::pricing::rules::{DeliveryDays, PriceRules, ShippingOption, ShippingZone};
use utoipa::ToSchema;

use super::catalogue::Collection;
use super::config::{PaidWith, Place, StorefrontConfig};
use super::language::Language;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopView {
    #[schema(example = "Souk")]
    pub name: String,
    /// What it sells in; the first is what a new cart has.
    pub currencies: Vec<String>,
    /// Languages of its pages, as in RFC 5646.
    pub languages: Vec<&'static str>,
    /// Where it ships, the first match counts.
    pub shipping_zones: Vec<ShopShippingZone>,
    pub payment: ShopPayment,
    /// Days in which a buyer may send something back; null: nothing is promised.
    #[schema(required)]
    pub returns_days: Option<u16>,
    #[schema(value_type = Vec<Collection>)]
    pub collections: Arc<Vec<Collection>>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopShippingZone {
    pub name: String,
    /// ISO 3166-1 alpha-2; null: every country.
    #[schema(required)]
    pub countries: Option<Vec<String>>,
    pub options: Vec<ShopShippingOption>,
}

/// What a shipping option costs before a cart is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopShippingOption {
    pub id: String,
    pub name: String,
    /// What the lightest parcel costs.
    pub from_price: Money,
    /// Free once the lines reach this sum before discounts.
    #[schema(required)]
    pub free_from: Option<Money>,
    /// Working days until it arrives; null: not promised.
    #[schema(required)]
    pub days: Option<DeliveryDays>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopPayment {
    /// `sandbox` or `stripe`.
    pub provider: &'static str,
    /// The provider's key for browsers; null where it has none.
    #[schema(required)]
    pub publishable_key: Option<String>,
}

impl ShopView {
    pub fn of(config: &StorefrontConfig, place: &Place, rules: &PriceRules, collections: Arc<Vec<Collection>>) -> Self {
        let Place { name, public_url: _, provider } = place;
        let StorefrontConfig { returns_days } = config;
        Self {
            name: name.clone(),
            currencies: vec![rules.currency.code().to_owned()],
            languages: Language::ALL.map(Language::tag).to_vec(),
            shipping_zones: rules.shipping_zones.iter().map(|zone| ShopShippingZone::of(zone, rules)).collect(),
            payment: match provider {
                PaidWith::Sandbox => ShopPayment { provider: "sandbox", publishable_key: None },
                PaidWith::Stripe { publishable_key } => {
                    ShopPayment { provider: "stripe", publishable_key: Some(publishable_key.clone()) }
                }
            },
            returns_days: (*returns_days > 0).then_some(*returns_days),
            collections,
        }
    }
}

impl ShopShippingZone {
    fn of(zone: &ShippingZone, rules: &PriceRules) -> Self {
        let ShippingZone { name, countries, options } = zone;
        let everywhere = countries.iter().any(|country| country == "*");
        Self {
            name: name.clone(),
            countries: (!everywhere).then(|| countries.clone()),
            options: options.iter().map(|option| ShopShippingOption::of(option, rules)).collect(),
        }
    }
}

impl ShopShippingOption {
    fn of(option: &ShippingOption, rules: &PriceRules) -> Self {
        let (from_price, _) = option.price_for(0, 0);
        let money = |amount| Money::new(amount, rules.currency);
        let ShippingOption { id, name, price: _, free_from, by_weight: _, days } = option;
        Self {
            id: id.clone(),
            name: name.clone(),
            from_price: money(from_price),
            free_from: free_from.map(money),
            days: *days,
        }
    }
}
