//! Fills a cart, orders it, pays or does not. What has no final answer is asked again under the same key, also after
//! the process it was asked of has died.

use std::sync::Mutex;

use futures::future::join_all;
use souk_actors::carts::service::{CartChange, CartError};
use souk_actors::carts::view::CartView;
use souk_actors::orders::checkout::{PlaceError, PlaceOrder};
use souk_actors::orders::view::OrderView;
use souk_actors::runtime::error::CallError;
use souk_actors::viewer::Viewer;
use souk_domain::cart::command::CartRefusal;
use souk_domain::cart::state::CartStatus;
use souk_domain::id::{CartId, OrderId, PaymentId};
use souk_domain::order::state::OrderStatus;
use souk_domain::payment::state::PaymentMethod;
use souk_integrations::payments::port::IntentRef;

use super::Visit;
use crate::history::Answer;
use crate::house::{CODE, address};
use crate::world::lock;

/// Late cards are the most interesting: their money may come after the order's end.
const TOKENS: [&str; 6] = ["tok_ok", "tok_ok", "tok_declined", "tok_challenge", "tok_late", "tok_late"];

pub struct Buyer {
    name: String,
    memory: Mutex<Memory>,
}

#[derive(Default, Clone)]
struct Memory {
    cart: Option<CartId>,
    ready: bool,
    keys: u64,
    /// The key of a checkout that has no final answer yet.
    key: Option<String>,
    /// Keys of this cart that have one.
    old_keys: Vec<(CartId, String)>,
    order: Option<Open>,
}

/// An order whose end is not known yet.
#[derive(Clone)]
struct Open {
    id: OrderId,
    payment: PaymentId,
    viewer: Viewer,
    gave_up: bool,
}

impl Buyer {
    pub fn new(number: usize) -> Self {
        Self { name: format!("buyer{number}"), memory: Mutex::default() }
    }

    pub async fn live(&self, visit: &Visit) {
        loop {
            visit.think(1_200).await;
            let Memory { cart, ready, key, order, .. } = lock(&self.memory).clone();
            match (cart, order, key) {
                (None, ..) => self.take_cart(visit).await,
                (Some(_), Some(order), _) => self.go_on(visit, &order).await,
                (Some(cart), None, Some(key)) => self.check_out(visit, cart, &key).await,
                (Some(cart), None, None) if ready => self.edit_or_check_out(visit, cart).await,
                (Some(cart), None, None) => self.prepare(visit, cart).await,
            }
            if visit.site.world.happens(150) {
                self.ask_again(visit).await;
            }
        }
    }

    async fn take_cart(&self, visit: &Visit) {
        if let Ok(cart) = visit.market.carts.create(None, None).await {
            self.saw_cart(visit, &cart);
            let mut memory = lock(&self.memory);
            (memory.cart, memory.ready) = (Some(cart.id), false);
        }
    }

    /// An address and something in it.
    async fn prepare(&self, visit: &Visit, cart: CartId) {
        let change = CartChange {
            email: Some(format!("{}@example.com", self.name)),
            shipping_address: Some(address()),
            shipping_option_id: Some("standard".into()),
            discount_codes: visit.site.world.happens(400).then(|| vec![CODE.to_owned()]),
        };
        let carts = &visit.market.carts;
        let updated = carts.update(cart, None, change).await;
        let filled = carts.add_line(cart, None, visit.any_variant(), self.quantity(visit)).await;
        for view in [&updated, &filled].into_iter().flatten() {
            self.saw_cart(visit, view);
        }
        lock(&self.memory).ready = updated.is_ok() && filled.is_ok();
    }

    async fn edit_or_check_out(&self, visit: &Visit, cart: CartId) {
        let (carts, variant) = (&visit.market.carts, visit.any_variant());
        let edited = match visit.site.world.below(8) {
            0 => carts.add_line(cart, None, variant, self.quantity(visit)).await,
            1 => carts.set_quantity(cart, None, variant, self.quantity(visit)).await,
            2 => carts.remove_line(cart, None, variant).await,
            3 => carts.view(cart, None).await,
            _ => {
                let key = {
                    let mut memory = lock(&self.memory);
                    memory.keys += 1;
                    let key = format!("{}-{}", self.name, memory.keys);
                    memory.key = Some(key.clone());
                    key
                };
                return self.check_out(visit, cart, &key).await;
            }
        };
        match edited {
            Ok(view) => self.saw_cart(visit, &view),
            Err(CartError::Refused(CartRefusal::Completed)) => self.leave_cart(),
            Err(_) => {}
        }
    }

    /// One request, or two of the same at once.
    async fn check_out(&self, visit: &Visit, cart: CartId, key: &str) {
        visit.site.world.history().asked(cart, key);
        let times = if visit.site.world.happens(200) { 2 } else { 1 };
        let placed = join_all((0..times).map(|_| place(visit, cart, key))).await;
        for outcome in placed {
            match outcome {
                Ok(order) => {
                    self.final_answer(cart, key);
                    self.opened(visit, order);
                }
                Err(PlaceError::OutOfStock(_)) => self.final_answer(cart, key),
                Err(PlaceError::DiscountUsedUp(_)) => {
                    self.final_answer(cart, key);
                    self.leave_cart();
                }
                Err(PlaceError::Cart(CartError::Refused(refusal))) => match refusal {
                    // The order of another key is open or done; it may be one whose answer was lost.
                    CartRefusal::InCheckout { .. } | CartRefusal::Completed => self.leave_cart(),
                    CartRefusal::Empty => {
                        self.final_answer(cart, key);
                        lock(&self.memory).ready = false;
                    }
                    CartRefusal::ChangedMeanwhile => {}
                    _ => self.final_answer(cart, key),
                },
                Err(PlaceError::Cart(_) | PlaceError::InProgress { .. } | PlaceError::Unavailable(_)) => {}
            }
        }
    }

    fn final_answer(&self, cart: CartId, key: &str) {
        let mut memory = lock(&self.memory);
        memory.key = None;
        if !memory.old_keys.iter().any(|(_, known)| known == key) {
            memory.old_keys.push((cart, key.to_owned()));
        }
    }

    fn opened(&self, visit: &Visit, order: OrderView) {
        let viewer = Viewer { person: None, key: order.access_key };
        visit.site.world.history().order(order.id, order.status);
        let mut memory = lock(&self.memory);
        memory.order.get_or_insert(Open { id: order.id, payment: order.payment.id, viewer, gave_up: false });
    }

    /// Pays, once or several times at once; looks; cancels; or lets it expire.
    async fn go_on(&self, visit: &Visit, order: &Open) {
        let world = &visit.site.world;
        match world.below(10) {
            _ if order.gave_up => {}
            0..4 => self.pay(visit, order).await,
            4 => {
                let cancelled = visit.market.orders.cancel(order.id, &order.viewer).await;
                world.note(format_args!("{} cancels {}: {}", self.name, order.id, cancelled.is_ok()));
                if let Ok(view) = cancelled {
                    world.history().order(view.id, view.status);
                }
            }
            5 => {
                if let Some(open) = lock(&self.memory).order.as_mut() {
                    open.gave_up = true;
                }
            }
            _ => {}
        }
        let Ok(view) = visit.market.orders.view(order.id, &order.viewer).await else { return };
        world.history().order(view.id, view.status);
        if view.payment.status == "requires_action" && world.happens(700) {
            self.answer_challenge(visit, order).await;
        }
        if view.status != OrderStatus::AwaitingPayment {
            world.note(format_args!("{} knows that {} is {:?}", self.name, view.id, view.status));
            lock(&self.memory).order = None;
            // A late payment attempt finds the door closed or is given back.
            if view.status != OrderStatus::Confirmed && world.happens(300) {
                self.pay(visit, order).await;
            }
            if view.status == OrderStatus::Confirmed {
                self.leave_cart();
            }
        }
    }

    async fn pay(&self, visit: &Visit, order: &Open) {
        let world = &visit.site.world;
        let method = PaymentMethod::SandboxCard { token: world.one_of(&TOKENS).into() };
        let times = world.one_of(&[1, 1, 1, 2, 3]);
        let confirm = || visit.market.payments.confirm(order.payment, &order.viewer, method.clone());
        for confirmed in join_all((0..times).map(|_| confirm())).await {
            match confirmed {
                Ok(view) => {
                    world.note(format_args!("{} paid {}: {}", self.name, order.payment, view.status));
                    if view.status == "captured" {
                        world.history().captured.insert(order.payment, ());
                    }
                }
                Err(CallError::Refused(_) | CallError::Unavailable(_)) => {}
            }
        }
    }

    async fn answer_challenge(&self, visit: &Visit, order: &Open) {
        let Ok(view) = visit.market.payments.view(order.payment, &order.viewer).await else { return };
        if let Some(reference) = view.action_url.as_deref().and_then(|url| url.strip_prefix("/challenges/")) {
            let passed = visit.site.world.happens(700);
            visit.site.provider.resolve_challenge(&IntentRef(reference.to_owned()), passed);
        }
    }

    /// A key that has its answer is sent again, as by a tab that was left open.
    async fn ask_again(&self, visit: &Visit) {
        let old = lock(&self.memory).old_keys.clone();
        if !old.is_empty() {
            let (cart, key) = &old[visit.site.world.below(old.len() as u64) as usize];
            // Whoever wrote first has the answer to it in the history; it is compared there.
            let _ = place(visit, *cart, key).await;
        }
    }

    fn leave_cart(&self) {
        let mut memory = lock(&self.memory);
        (memory.cart, memory.key, memory.ready) = (None, None, false);
    }

    fn saw_cart(&self, visit: &Visit, view: &CartView) {
        let lines = view.lines.iter().map(|line| (line.variant_id, line.quantity)).collect();
        visit.site.world.history().cart(view.id, view.version, lines);
        if view.status == CartStatus::Completed {
            self.leave_cart();
        }
    }

    fn quantity(&self, visit: &Visit) -> u32 {
        u32::try_from(1 + visit.site.world.below(3)).unwrap_or(1)
    }
}

/// Asks for the order of a cart under a key, and puts a final answer into the history.
pub async fn place(visit: &Visit, cart_id: CartId, key: &str) -> Result<OrderView, PlaceError> {
    let request =
        PlaceOrder { cart_id, person: None, key: key.into(), fingerprint: "body".into(), expected_total: None };
    let outcome = visit.market.checkout.place(request).await;
    let world = &visit.site.world;
    let answer = match &outcome {
        Ok(order) => Answer::Placed { order: order.id, number: order.number },
        Err(PlaceError::OutOfStock(items)) => Answer::Refused(format!("out of stock: {items:?}")),
        Err(PlaceError::DiscountUsedUp(codes)) => Answer::Refused(format!("used up: {codes:?}")),
        // Not kept with the key: it is no final answer.
        Err(PlaceError::Cart(CartError::Refused(
            CartRefusal::InCheckout { .. } | CartRefusal::NotFound | CartRefusal::ChangedMeanwhile,
        ))) => {
            return outcome;
        }
        Err(PlaceError::Cart(CartError::Refused(refusal))) => Answer::Refused(format!("{refusal:?}")),
        Err(PlaceError::Cart(_) | PlaceError::InProgress { .. } | PlaceError::Unavailable(_)) => return outcome,
    };
    world.note(format_args!("{key} of {cart_id}: {answer:?}"));
    world.history().answered(cart_id, key, answer);
    outcome
}
