//! What a cart refuses, and what its checkout does.

use std::time::Duration;

use souk_actors::carts::service::CartError;
use souk_actors::customers::carts::CurrentCartError;
use souk_actors::orders::checkout::PlaceError;
use souk_actors::runtime::error::Unavailable;
use souk_domain::cart::command::{CartRefusal, PriceChange};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::eligible::Hindrance;
use souk_domain::pricing::reason::ReasonCode;

use super::{Code, FieldError, Problem};

const SOON: Duration = Duration::from_secs(1);

impl From<CartError> for Problem {
    fn from(error: CartError) -> Self {
        let invalid = |pointer: &str, detail: &str| Self::invalid_body(vec![FieldError::invalid(pointer, detail)]);
        match error {
            CartError::Refused(refusal) => refusal.into(),
            CartError::CurrencyNotSold => invalid("/currency", "the shop does not sell in this currency"),
            CartError::VariantUnknown => invalid("/variant_id", "no variant on sale has this id"),
            CartError::DiscountUnknown { index } => {
                let fault = FieldError::invalid(format!("/discount_codes/{index}"), "no discount has this code");
                Self::new(Code::DiscountUnknown).errors(vec![fault])
            }
            CartError::DiscountHindered { code, hindrance } => hindered(&code, hindrance),
            CartError::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<CurrentCartError> for Problem {
    fn from(error: CurrentCartError) -> Self {
        match error {
            CurrentCartError::Cart(error) => error.into(),
            CurrentCartError::Account(error) => error.into(),
        }
    }
}

impl From<CartRefusal> for Problem {
    fn from(refusal: CartRefusal) -> Self {
        match refusal {
            CartRefusal::NotFound | CartRefusal::LineNotFound => Self::not_found(),
            // Ids are the server's own, so two carts never meet in one.
            CartRefusal::AlreadyExists => Self::new(Code::Internal),
            CartRefusal::InCheckout { order_id } => Self::new(Code::CartInCheckout).order_id(order_id),
            CartRefusal::Completed => Self::new(Code::CartCompleted),
            CartRefusal::TooManyLines => Self::new(Code::TooManyLines),
            CartRefusal::QuantityTooLarge => Self::new(Code::QuantityTooLarge),
            CartRefusal::ShippingOptionUnknown => {
                let detail = "no shipping option for the cart's address has this id";
                Self::invalid_body(vec![FieldError::invalid("/shipping_option_id", detail)])
            }
            CartRefusal::TooManyDiscountCodes => {
                Self::invalid_body(vec![FieldError::invalid("/discount_codes", "more than a cart can have")])
            }
            CartRefusal::Incomplete { fields } => {
                let missing =
                    |field: &String| FieldError::missing(format!("/{field}"), "the cart needs it for an order");
                Self::new(Code::CartIncomplete).errors(fields.iter().map(missing).collect())
            }
            CartRefusal::Empty => Self::new(Code::CartEmpty),
            // Only a checkout compares prices; see `refused_checkout`, which knows the currency.
            CartRefusal::PriceChanged { items: _, total: _ } => Self::new(Code::PriceChanged),
            CartRefusal::NotOnSale { variant_ids } => {
                let items: Vec<_> = variant_ids.iter().map(|id| serde_json::json!({ "variant_id": id })).collect();
                Self::new(Code::NotOnSale).items(&items)
            }
            // The checkout prices the cart again by itself.
            CartRefusal::ChangedMeanwhile => Unavailable::Busy.into(),
            CartRefusal::KeyReused => Self::new(Code::IdempotencyKeyReused),
        }
    }
}

/// Why a code cannot be put on a cart.
fn hindered(code: &str, hindrance: Hindrance) -> Problem {
    let (problem, reason) = match hindrance {
        Hindrance::NotBegun => (Code::DiscountNotBegun, ReasonCode::DiscountNotBegun),
        Hindrance::Ended => (Code::DiscountEnded, ReasonCode::DiscountEnded),
        Hindrance::AddressUnknown => (Code::DiscountNotApplicable, ReasonCode::DiscountNeedsAddress),
        Hindrance::Country => (Code::DiscountNotApplicable, ReasonCode::DiscountCountry),
        Hindrance::Minimum => (Code::DiscountNotApplicable, ReasonCode::DiscountMinimum),
        Hindrance::NoMatchingLine => (Code::DiscountNotApplicable, ReasonCode::DiscountNoMatchingLine),
    };
    Problem::new(problem).items(&[serde_json::json!({ "code": code, "reason": reason })])
}

/// Why an order was not placed. Amounts are in the shop's currency.
pub fn refused_checkout(error: PlaceError, currency: Currency) -> Problem {
    match error {
        // The cart is named in the body here, not in the path.
        PlaceError::Cart(CartError::Refused(CartRefusal::NotFound)) => Problem::not_found().detail("no such cart"),
        PlaceError::Cart(CartError::Refused(CartRefusal::PriceChanged { items, total })) => {
            let money = |amount| Money::new(amount, currency);
            let item = |PriceChange { variant_id, old, new }: PriceChange| serde_json::json!({ "variant_id": variant_id, "old": money(old), "new": money(new) });
            let items: Vec<_> = items.into_iter().map(item).collect();
            Problem::new(Code::PriceChanged).items(&items).detail(format!("the total is {} now", money(total)))
        }
        PlaceError::Cart(error) => error.into(),
        PlaceError::OutOfStock(items) => Problem::new(Code::OutOfStock).items(&items),
        PlaceError::DiscountUsedUp(codes) => {
            let items: Vec<_> = codes.iter().map(|code| serde_json::json!({ "code": code })).collect();
            Problem::new(Code::DiscountUsedUp).items(&items)
        }
        PlaceError::InProgress { order_id } => Problem::new(Code::InProgress).order_id(order_id).retry_after(SOON),
        PlaceError::Unavailable(cause) => cause.into(),
    }
}
