//! What can be asked of a cart, and what it says.

use serde::{Deserialize, Serialize};

use super::state::{Cart, CartLine};
use crate::address::Address;
use crate::id::{AccountId, CartId, OrderId, ProductId, VariantId};
use crate::money::Currency;
use crate::time::Timestamp;

/// A command and who gives it.
#[derive(Debug, Clone)]
pub struct CartRequest {
    pub by: Requester,
    pub command: CartCommand,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requester {
    /// Somebody from outside, with an identity if a token was shown. A cart with an owner is only its owner's.
    Person(Option<String>),
    /// The shop itself: the cart's own process, or its order.
    Shop,
}

#[derive(Debug, Clone)]
pub enum CartCommand {
    Create {
        id: CartId,
        owner: Option<String>,
        currency: Currency,
    },
    /// Adds to what is there. Product, title and price are the server's own, never the caller's.
    AddLine {
        offer: Offer,
        quantity: u32,
    },
    SetQuantity {
        variant_id: VariantId,
        quantity: u32,
    },
    RemoveLine {
        variant_id: VariantId,
    },
    Update(Box<CartUpdate>),
    StartCheckout(Box<StartCheckout>),
    /// A cart without an account becomes one's own. Whoever calls knows the cart's id, which is its key.
    Claim {
        owner: AccountId,
    },
    /// Its lines go to another cart of the same account; nothing is done with this one any more.
    HandOver {
        to: CartId,
        owner: AccountId,
    },
    /// The lines of a cart that was handed over, once.
    TakeOver {
        from: CartId,
        lines: Vec<CartLine>,
    },
    /// The order exists: what the cart's own process reports.
    OrderPlaced {
        order_id: OrderId,
    },
    EndCheckout {
        order_id: OrderId,
        outcome: CheckoutOutcome,
    },
}

/// A variant as it is on sale now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub title: String,
    /// Minor units.
    pub unit_price: i64,
    /// The weight of one unit.
    pub grams: u32,
    /// What discounts may be limited to.
    pub handle: String,
    pub vendor: String,
    pub categories: Vec<String>,
}

/// What is given is set, what is not stays.
#[derive(Debug, Clone, Default)]
pub struct CartUpdate {
    pub email: Option<String>,
    pub shipping_address: Option<Address>,
    pub shipping_option_id: Option<String>,
    /// The ids that can be chosen for the address as it will stand.
    pub shipping_option_ids: Vec<String>,
    /// All codes of the cart, in the shop's own spelling, each once.
    pub discount_codes: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
pub struct StartCheckout {
    /// The order it becomes unless the key is known already.
    pub order_id: OrderId,
    pub key: String,
    pub fingerprint: String,
    /// The version of the cart that was priced.
    pub seen_version: u64,
    /// The offers of the cart's lines as they are now; a line without one is no longer sold.
    pub offers: Vec<Offer>,
    /// What it costs by these offers and by the server's own rules at `priced_at`. Minor units.
    pub total: i64,
    pub priced_at: Timestamp,
    /// What the cart cost when it was last changed, by the same rules: what the buyer was shown.
    pub shown_total: i64,
    /// What the buyer saw, where it said so.
    pub expected_total: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutOutcome {
    Completed,
    Reopened,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CartRefusal {
    NotFound,
    AlreadyExists,
    InCheckout {
        order_id: OrderId,
    },
    Completed,
    LineNotFound,
    TooManyLines,
    /// A line would hold more than a line can.
    QuantityTooLarge,
    ShippingOptionUnknown,
    TooManyDiscountCodes,
    /// Fields that an order needs.
    Incomplete {
        fields: Vec<String>,
    },
    Empty,
    /// The cart shows the new prices from now on. No items: only the total differs from the expected one.
    PriceChanged {
        items: Vec<PriceChange>,
        total: i64,
    },
    /// Lines that are no longer sold.
    NotOnSale {
        variant_ids: Vec<VariantId>,
    },
    KeyReused,
    /// The cart changed after it was priced: price it again. Never remembered.
    ChangedMeanwhile,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    pub variant_id: VariantId,
    pub old: i64,
    pub new: i64,
}

#[derive(Debug, Clone)]
pub enum CartAnswer {
    Cart(Box<Cart>),
    Checkout(Box<CheckoutAnswer>),
}

/// What an idempotency key stands for now, and the cart it was asked of.
#[derive(Debug, Clone)]
pub struct CheckoutAnswer {
    pub outcome: Result<OrderId, CartRefusal>,
    pub cart: Cart,
}

impl From<(&Offer, u32)> for CartLine {
    fn from((offer, quantity): (&Offer, u32)) -> Self {
        let Offer { variant_id, product_id, title, unit_price, grams, handle, vendor, categories } = offer.clone();
        Self { variant_id, product_id, title, quantity, unit_price, grams, handle, vendor, categories }
    }
}
