//! The calls on carts. Product, title and price of a line come from the catalogue, never from a caller.

use std::sync::Arc;

use souk_domain::address::Address;
use souk_domain::cart::command::{
    CartAnswer, CartCommand, CartRefusal, CartRequest, CartUpdate, CheckoutAnswer, Offer, Requester, StartCheckout,
};
use souk_domain::cart::state::Cart;
use souk_domain::id::{CartId, OrderId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::discounts::Discount;
use souk_domain::pricing::eligible::{Hindrance, hindrance};
use souk_domain::pricing::rules::PriceRules;
use souk_domain::product::state::Status;
use souk_persistence::journal::EntityId;

use super::entity::CartEntity;
use super::view::CartView;
use crate::catalogue::views::Views;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};
use crate::runtime::world::{Chance, Clock};

/// How often a checkout prices a cart that somebody else is changing, before it says "try again".
const PRICINGS: usize = 5;

#[derive(Clone)]
pub struct Carts {
    pub directory: Directory<CartEntity>,
    pub views: Views,
    pub rules: Arc<PriceRules>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartError {
    /// A rule of the cart.
    Refused(CartRefusal),
    CurrencyNotSold,
    VariantUnknown,
    /// No discount has the code at this place of the list.
    DiscountUnknown {
        index: usize,
    },
    /// It has ended or not begun, or it is not for this cart.
    DiscountHindered {
        code: String,
        hindrance: Hindrance,
    },
    Unavailable(Unavailable),
}

impl From<CallError<CartRefusal>> for CartError {
    fn from(error: CallError<CartRefusal>) -> Self {
        match error {
            CallError::Refused(refusal) => Self::Refused(refusal),
            CallError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}

impl From<Unavailable> for CartError {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

/// What a buyer changes about a cart. What is none stays.
#[derive(Debug, Clone, Default)]
pub struct CartChange {
    pub email: Option<String>,
    pub shipping_address: Option<Address>,
    pub shipping_option_id: Option<String>,
    pub discount_codes: Option<Vec<String>>,
}

/// A way to ship, with its price for this cart.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct ShippingOptionView {
    pub id: String,
    pub name: String,
    pub price: Money,
}

impl Carts {
    /// # Errors
    /// A currency the shop does not sell in.
    pub async fn create(&self, owner: Option<String>, currency: Option<Currency>) -> Result<CartView, CartError> {
        let currency = currency.unwrap_or(self.rules.currency);
        if currency != self.rules.currency {
            return Err(CartError::CurrencyNotSold);
        }
        let id = CartId::from_uuid(self.chance.random());
        let create = request(owner.as_deref(), CartCommand::Create { id, owner: owner.clone(), currency });
        self.shown(self.directory.call_new(&EntityId::new(id), create).await?)
    }

    /// A cart for whoever may see it: with an owner, only the owner.
    ///
    /// # Errors
    /// `NotFound` for one that is not there or belongs to somebody else.
    pub async fn cart(&self, id: CartId, person: Option<&str>) -> Result<Cart, CartError> {
        let cart = self.directory.read(&EntityId::new(id), |cart, _| cart.clone()).await?;
        let visible = cart.id.is_some()
            && cart.handed_to.is_none()
            && cart.owner.as_deref().is_none_or(|owner| Some(owner) == person);
        if visible { Ok(cart) } else { Err(CartError::Refused(CartRefusal::NotFound)) }
    }

    /// # Errors
    /// As for [`Carts::cart`].
    pub async fn view(&self, id: CartId, person: Option<&str>) -> Result<CartView, CartError> {
        self.seen(&self.cart(id, person).await?)
    }

    /// Adds units of a variant at its price now.
    ///
    /// # Errors
    /// A variant that is not on sale, or a rule of the cart.
    pub async fn add_line(
        &self,
        id: CartId,
        person: Option<&str>,
        variant: VariantId,
        quantity: u32,
    ) -> Result<CartView, CartError> {
        let offer = self.offer(variant).await?.ok_or(CartError::VariantUnknown)?;
        self.change(id, person, CartCommand::AddLine { offer, quantity }).await
    }

    /// # Errors
    /// A line that is not there, or a rule of the cart.
    pub async fn set_quantity(
        &self,
        id: CartId,
        person: Option<&str>,
        variant_id: VariantId,
        quantity: u32,
    ) -> Result<CartView, CartError> {
        self.change(id, person, CartCommand::SetQuantity { variant_id, quantity }).await
    }

    /// # Errors
    /// A line that is not there, or a rule of the cart.
    pub async fn remove_line(
        &self,
        id: CartId,
        person: Option<&str>,
        variant_id: VariantId,
    ) -> Result<CartView, CartError> {
        self.change(id, person, CartCommand::RemoveLine { variant_id }).await
    }

    /// # Errors
    /// A shipping option that does not go to the address, or a rule of the cart. The address itself is
    /// checked by whoever takes it in.
    pub async fn update(&self, id: CartId, person: Option<&str>, change: CartChange) -> Result<CartView, CartError> {
        let cart = self.cart(id, person).await?;
        let CartChange { email, shipping_address, shipping_option_id, discount_codes } = change;
        let discount_codes = match discount_codes {
            Some(codes) => Some(self.discount_codes(&cart, shipping_address.as_ref(), &codes)?),
            None => None,
        };
        let address = shipping_address.as_ref().or(cart.shipping_address.as_ref());
        let options = address.map_or(&[][..], |address| self.rules.shipping_options(address));
        let shipping_option_ids = options.iter().map(|option| option.id.clone()).collect();
        let update = CartUpdate { email, shipping_address, shipping_option_id, shipping_option_ids, discount_codes };
        self.change(id, person, CartCommand::Update(Box::new(update))).await
    }

    /// Codes in the shop's own spelling, each once. One that the cart has already stays, whatever became of
    /// it; a new one must be in force and for this cart as it will be.
    fn discount_codes(
        &self,
        cart: &Cart,
        address: Option<&Address>,
        codes: &[String],
    ) -> Result<Vec<String>, CartError> {
        let mut after = cart.clone();
        after.shipping_address = address.cloned().or(after.shipping_address);
        let mut accepted: Vec<String> = Vec::with_capacity(codes.len());
        for (index, code) in codes.iter().enumerate() {
            let known = cart.discount_codes.iter().find(|known| known.eq_ignore_ascii_case(code));
            let discount = self.rules.discount_of_code(code);
            let code = match (known, discount) {
                (Some(known), _) => known.clone(),
                (None, Some(discount)) => self.new_code(&after, discount)?,
                (None, None) => return Err(CartError::DiscountUnknown { index }),
            };
            if !accepted.contains(&code) {
                accepted.push(code);
            }
        }
        Ok(accepted)
    }

    fn new_code(&self, cart: &Cart, discount: &Discount) -> Result<String, CartError> {
        let code = discount.code.clone().unwrap_or_default();
        match cart.with_basket(self.clock.now(), |basket| hindrance(discount, basket)) {
            // It may turn out to be for the address once there is one.
            None | Some(Hindrance::AddressUnknown) => Ok(code),
            Some(hindrance) => Err(CartError::DiscountHindered { code, hindrance }),
        }
    }

    /// The ways to ship to the cart's address; none before it has one.
    ///
    /// # Errors
    /// As for [`Carts::cart`].
    pub async fn shipping_options(
        &self,
        id: CartId,
        person: Option<&str>,
    ) -> Result<Vec<ShippingOptionView>, CartError> {
        let cart = self.cart(id, person).await?;
        let (subtotal, grams) = cart.with_basket(self.clock.now(), |basket| (basket.subtotal(), basket.grams()));
        let options = cart.shipping_address.as_ref().map_or(&[][..], |address| self.rules.shipping_options(address));
        let view = |option: &souk_domain::pricing::rules::ShippingOption| ShippingOptionView {
            id: option.id.clone(),
            name: option.name.clone(),
            price: Money::new(option.price_for(subtotal, grams).0, self.rules.currency),
        };
        Ok(options.iter().map(view).collect())
    }

    /// Starts the order of a cart under an idempotency key; the same key gives the same outcome.
    pub(crate) async fn start_checkout(
        &self,
        id: CartId,
        person: Option<&str>,
        order_id: OrderId,
        key: (String, String),
        expected_total: Option<i64>,
    ) -> Result<CheckoutAnswer, CartError> {
        for _ in 0..PRICINGS {
            match self.price_and_start(id, person, order_id, &key, expected_total).await {
                Err(CartError::Refused(CartRefusal::ChangedMeanwhile)) => {}
                started => return started,
            }
        }
        Err(CartError::Unavailable(Unavailable::Busy))
    }

    async fn price_and_start(
        &self,
        id: CartId,
        person: Option<&str>,
        order_id: OrderId,
        (key, fingerprint): &(String, String),
        expected_total: Option<i64>,
    ) -> Result<CheckoutAnswer, CartError> {
        let cart = self.cart(id, person).await?;
        let mut offers = Vec::with_capacity(cart.lines.len());
        for line in &cart.lines {
            offers.extend(self.offer(line.variant_id).await?);
        }
        let priced_at = self.clock.now();
        let shown_total = cart.priced(&self.rules, cart.shown_at.unwrap_or(priced_at)).totals.total;
        let total = with_offers(&cart, &offers).priced(&self.rules, priced_at).totals.total;
        let start = StartCheckout {
            order_id,
            key: key.clone(),
            fingerprint: fingerprint.clone(),
            seen_version: cart.version,
            offers,
            total,
            priced_at,
            shown_total,
            expected_total,
        };
        let request = request(person, CartCommand::StartCheckout(Box::new(start)));
        match self.directory.call(&EntityId::new(id), request).await? {
            CartAnswer::Checkout(answer) => Ok(*answer),
            CartAnswer::Cart(_) => Err(CartError::Refused(CartRefusal::NotFound)),
        }
    }

    async fn change(&self, id: CartId, person: Option<&str>, command: CartCommand) -> Result<CartView, CartError> {
        self.shown(self.directory.call(&EntityId::new(id), request(person, command)).await?)
    }

    fn shown(&self, answer: CartAnswer) -> Result<CartView, CartError> {
        match answer {
            CartAnswer::Cart(cart) => self.seen(&cart),
            CartAnswer::Checkout(answer) => self.seen(&answer.cart),
        }
    }

    fn seen(&self, cart: &Cart) -> Result<CartView, CartError> {
        CartView::of(cart, &self.rules, self.clock.now()).ok_or(CartError::Refused(CartRefusal::NotFound))
    }

    /// A variant as it is on sale now; none when it is not.
    async fn offer(&self, variant_id: VariantId) -> Result<Option<Offer>, CartError> {
        let published = self.views.of_variant(variant_id).await.map_err(|_| Unavailable::Store)?;
        let Some(published) = published.filter(|published| published.view.status == Status::Active) else {
            return Ok(None);
        };
        let view = &published.view;
        let variant = view.variants.iter().find(|variant| variant.id == variant_id);
        Ok(variant.filter(|variant| variant.price.currency == self.rules.currency).map(|variant| Offer {
            variant_id,
            product_id: view.id,
            title: if view.options.is_empty() {
                view.title.clone()
            } else {
                format!("{} - {}", view.title, variant.title)
            },
            unit_price: variant.price.amount,
            grams: variant.grams,
            handle: view.handle.clone(),
            vendor: view.vendor.clone(),
            categories: view.categories.clone(),
        }))
    }
}

/// The cart with its lines as they are on sale now.
fn with_offers(cart: &Cart, offers: &[Offer]) -> Cart {
    let mut cart = cart.clone();
    for line in &mut cart.lines {
        if let Some(offer) = offers.iter().find(|offer| offer.variant_id == line.variant_id) {
            *line = (offer, line.quantity).into();
        }
    }
    cart
}

fn request(person: Option<&str>, command: CartCommand) -> CartRequest {
    CartRequest { by: Requester::Person(person.map(str::to_owned)), command }
}
