//! What has to hold: after every crash the rules of the shop, at the end also what the clients were told, the
//! provider's books to the cent, and that everything came to rest.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use souk_actors::check::check;
use souk_domain::aggregate::Aggregate;
use souk_domain::cart::state::Cart;
use souk_domain::id::{CartId, OrderId, PaymentId};
use souk_domain::order::event::OrderEvent;
use souk_domain::order::process;
use souk_domain::order::state::{Order, OrderStatus};
use souk_domain::payment::process as payment_process;
use souk_domain::payment::state::{Payment, Standing};
use souk_domain::product::state::Product;
use souk_domain::room::event::RoomEvent;
use souk_persistence::journal::EntityId;

use crate::clients::buyer::place;
use crate::clients::staff::{Asked, refund};
use crate::clients::{Goods, Visit};
use crate::history::{Answer, Message, Refunded};
use crate::house::{GRACE, HOLD, Site};
use crate::provider::LATEST;
use crate::stores::MemoryStore;

/// Simulated time in which everything has to come to rest once nothing fails any more: a hold that was just taken,
/// its grace, the latest money, and as much again as processes may wait between two tries.
const PATIENCE: Duration = HOLD.saturating_add(GRACE).saturating_add(LATEST).saturating_add(Duration::from_secs(60));

/// How many of what there were.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub orders: u64,
    pub confirmed: u64,
    pub expired: u64,
    pub cancelled: u64,
    pub out_of_stock: u64,
    pub used_up: u64,
    pub refunded: u64,
    pub messages: u64,
}

/// The rules that hold at every moment, also in the middle of everything.
pub fn after_a_crash(site: &Site) {
    let weather = site.world.weather();
    site.world.set_weather(None);
    replay(site);
    site.world.set_weather(weather);
}

/// Needs calm weather: then no store ever waits, and any executor will do.
fn replay(site: &Site) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let report = runtime.block_on(check(&site.stores.ports(), &site.provider.books())).expect("nothing fails");
    for violation in report.violations {
        site.world.history().violated(format!("souk check: {violation}"));
    }
}

/// Waits until no process has anything left to do.
pub async fn comes_to_rest(site: &Site) -> bool {
    let started = site.world.passed();
    loop {
        let restless = restless(site);
        if restless.is_empty() {
            site.world.note(format_args!("everything rests"));
            return true;
        }
        if site.world.passed().saturating_sub(started) > PATIENCE {
            let who = restless.into_iter().take(3).collect::<Vec<_>>().join("; ");
            site.world.history().violated(format!("everything comes to rest in bounded time: {who}"));
            return false;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

fn restless(site: &Site) -> Vec<String> {
    let mut restless = Vec::new();
    for (id, order) in all::<Order>(&site.stores.orders, "ord") {
        if !order.is_settled() || process::next_step(&order).is_some() {
            restless.push(format!("{id} is {:?}", order.stage));
        }
    }
    for (id, cart) in all::<Cart>(&site.stores.orders, "cart") {
        if cart.order_to_place.is_some() || cart.open_order().is_some() {
            restless.push(format!("{id} waits for {:?}", cart.order));
        }
    }
    for (id, payment) in all::<Payment>(&site.stores.payments, "pay") {
        if payment_process::next_step(&payment).is_some() || matches!(payment.standing, Standing::Processing { .. }) {
            restless.push(format!("{id} is {:?}", payment.standing));
        }
    }
    let books = site.stores.orders.books();
    let untold = books.entities.iter().filter(|(_, kept)| kept.relayed_to < kept.head());
    restless.extend(untold.map(|(id, kept)| format!("{id} is relayed to {}", kept.relayed_to)));
    restless.extend(books.told.pending().map(|it| format!("{} of {} is not told", it.kind, it.entity)));
    restless
}

/// Every key that was ever sent is sent again; the history compares.
pub async fn answers_stay(visit: &Visit) {
    let keys: Vec<(CartId, String)> = visit.site.world.history().keys.keys().cloned().collect();
    for (cart, key) in keys {
        let _ = place(visit, cart, &key).await;
    }
    let refunds: Vec<Asked> = visit.site.world.history().refunds.keys().cloned().collect();
    for asked in refunds {
        let _ = refund(visit, &asked).await;
    }
}

pub fn nobody_is_left(visit: &Visit) {
    let market = &visit.market;
    let alive = [
        market.products.directory.vitals(),
        market.carts.directory.vitals(),
        market.orders.directory.vitals(),
        market.discounts.directory.vitals(),
        market.payments.directory.vitals(),
        market.rooms.directory.vitals(),
    ];
    if alive.iter().any(|kind| kind.alive > 0 || kind.waiting > 0) || market.hub.subscriptions() > 0 {
        visit.site.world.history().violated(format!("a stopped house is empty: {alive:?}"));
    }
}

pub fn at_the_end(site: &Site, goods: &[Goods]) {
    if !site.world.history().violations.is_empty() {
        return;
    }
    replay(site);
    let orders = by_id::<Order, OrderId>(&site.stores.orders, "ord");
    let payments = by_id::<Payment, PaymentId>(&site.stores.payments, "pay");
    let mut wrong = Vec::new();
    money_and_goods(site, goods, &orders, &payments, &mut wrong);
    what_was_told(site, &orders, &payments, &mut wrong);
    refunds_as_told(site, &orders, &mut wrong);
    carts_as_told(site, &mut wrong);
    messages_as_told(site, &mut wrong);
    offers_as_told(site, goods, &mut wrong);
    site.receiver.check(&mut wrong);
    site.world.history().violations.extend(wrong);
}

/// The provider's books are ours to the cent, and every unit that left was paid for.
fn money_and_goods(
    site: &Site,
    goods: &[Goods],
    orders: &BTreeMap<OrderId, Order>,
    payments: &BTreeMap<PaymentId, Payment>,
    wrong: &mut Vec<String>,
) {
    let mut kept: BTreeMap<String, i64> = BTreeMap::new();
    for intent in site.provider.books() {
        *kept.entry(intent.merchant_reference.clone()).or_default() += intent.captured - intent.refunded;
        let known = intent.merchant_reference.parse().ok().and_then(|id: PaymentId| payments.get(&id));
        let ours = known.map(|payment| (payment.captured, payment.refunded));
        if ours != Some((intent.captured, intent.refunded)) {
            let theirs = (intent.captured, intent.refunded);
            wrong.push(format!("the provider's books are ours: {}: {theirs:?}, ours {ours:?}", intent.reference));
        }
    }
    let (mut sold, mut numbers) = (BTreeMap::new(), BTreeSet::new());
    for (id, order) in orders {
        let Some(placement) = &order.placement else { continue };
        // Also one whose money staff gave back: its units stay sold.
        let bought = matches!(order.status(), OrderStatus::Confirmed | OrderStatus::Refunded);
        let paid = kept.get(&placement.payment_id.to_string()).copied().unwrap_or(0);
        if paid != if bought { placement.totals.total - order.refunded } else { 0 } {
            wrong.push(format!("who pays gets, who does not get gets it back: {id} is {:?}, {paid}", order.status()));
        }
        if !numbers.insert(placement.number) {
            wrong.push(format!("an order number is given once: {}", placement.number));
        }
        let payment = payments.get(&placement.payment_id).cloned().unwrap_or_default();
        if !bought && payment.intent.is_some() && !payment.is_captured() && payment.standing != Standing::Voided {
            wrong.push(format!("an ended order can't be paid: {id} has a payment that is {}", payment.status()));
        }
        if !bought && payment.captured > 0 && !may_be_paid_too_late(site, *id) {
            wrong.push(format!("what was voided is not captured: {id} is {:?}", order.status()));
        }
        for line in placement.lines.iter().filter(|_| bought) {
            *sold.entry(line.variant_id).or_insert(0) += i64::from(line.quantity);
        }
    }
    for goods in goods {
        let product: Product = one(&site.stores.products, &EntityId::new(goods.product));
        let stock = product.variant(goods.variant).and_then(|variant| variant.stock).unwrap_or_default();
        let ordered = sold.get(&goods.variant).copied().unwrap_or(0);
        if stock.sold != ordered || stock.held != 0 || stock.on_hand < 0 || !product.holds.is_empty() {
            wrong.push(format!("sold is what confirmed orders took: {}: {stock:?}, ordered {ordered}", goods.handle));
        }
    }
}

/// Money may come after the end only where nobody could wait for the void any longer, or where the buyer had no
/// payment yet.
fn may_be_paid_too_late(site: &Site, order: OrderId) -> bool {
    let events = events(&site.stores.orders, &EntityId::new(order));
    let events: Vec<OrderEvent> = events.iter().filter_map(|event| serde_json::from_str(event).ok()).collect();
    events.contains(&OrderEvent::VoidGivenUp) || !events.contains(&OrderEvent::PaymentOpened)
}

fn what_was_told(
    site: &Site,
    orders: &BTreeMap<OrderId, Order>,
    payments: &BTreeMap<PaymentId, Payment>,
    wrong: &mut Vec<String>,
) {
    let history = site.world.history();
    for (id, told) in &history.orders {
        let now = orders.get(id).map(Order::status);
        let given_back = (*told, now) == (OrderStatus::Confirmed, Some(OrderStatus::Refunded));
        if now != Some(*told) && !given_back {
            wrong.push(format!("an outcome stays: {id} was told to be {told:?}, is {now:?}"));
        }
    }
    for id in history.captured.keys() {
        if !payments.get(id).is_some_and(Payment::is_captured) {
            wrong.push(format!("what was told to be captured is: {id}"));
        }
    }
    let mut of_key: BTreeMap<OrderId, &String> = BTreeMap::new();
    for ((cart, key), answer) in &history.keys {
        let Some(Answer::Placed { order, number }) = answer else { continue };
        let placement = orders.get(order).and_then(|order| order.placement.as_ref());
        if placement.is_none_or(|placement| placement.number != *number || placement.cart_id != *cart) {
            wrong.push(format!("an order that was acknowledged is there: {key} was told {order}"));
        }
        if let Some(other) = of_key.insert(*order, key) {
            wrong.push(format!("one key, one order: {other} and {key} were told {order}"));
        }
    }
}

fn carts_as_told(site: &Site, wrong: &mut Vec<String>) {
    let history = site.world.history();
    let mut journals: BTreeMap<CartId, BTreeMap<u64, Vec<_>>> = BTreeMap::new();
    for ((id, version), told) in &history.carts {
        let versions = journals.entry(*id).or_insert_with(|| {
            let (mut cart, mut versions) = (Cart::default(), BTreeMap::new());
            for event in events(&site.stores.orders, &EntityId::new(*id)) {
                if let Ok(event) = serde_json::from_str(&event) {
                    cart.evolve(&event);
                    let lines = cart.lines.iter().map(|line| (line.variant_id, line.quantity));
                    versions.insert(cart.version, lines.collect());
                }
            }
            versions
        });
        let now = versions.get(version);
        if now != Some(told) {
            wrong.push(format!("a cart is as it was told: {id} at {version}: told {told:?}, is {now:?}"));
        }
    }
}

fn messages_as_told(site: &Site, wrong: &mut Vec<String>) {
    let history = site.world.history();
    let mut kept: BTreeMap<u64, Message> = BTreeMap::new();
    let mut rooms: BTreeSet<_> = history.messages.keys().map(|(room, ..)| *room).collect();
    rooms.extend(history.read.keys().map(|(room, _)| *room));
    for room in rooms {
        for event in events(&site.stores.chat, &EntityId::new(room)) {
            if let Ok(RoomEvent::Message { message }) = serde_json::from_str(&event) {
                let text = message.text.known().cloned().unwrap_or_default();
                kept.insert(message.seq, Message { seq: message.seq, id: message.id.to_string(), text });
            }
        }
        let posted = history.messages.iter().filter(|((of, ..), _)| *of == room).map(|(_, message)| message);
        let read = history.read.iter().filter(|((of, _), _)| *of == room).map(|(_, message)| message);
        for told in posted.chain(read) {
            if kept.get(&told.seq) != Some(told) {
                wrong.push(format!("a message stays what it was: told {told:?}, is {:?}", kept.get(&told.seq)));
            }
        }
    }
}

/// What was acknowledged last, or one of those that were tried since.
fn offers_as_told(site: &Site, goods: &[Goods], wrong: &mut Vec<String>) {
    let history = site.world.history();
    for goods in goods {
        let product: Product = one(&site.stores.products, &EntityId::new(goods.product));
        let price = product.variant(goods.variant).map(|variant| variant.price.amount);
        let offers = history.offers.get(&goods.handle).map_or(&[][..], Vec::as_slice);
        if !offers.iter().any(|offer| Some(offer.price) == price) {
            wrong.push(format!("a product is as its seller said: {} costs {price:?}, told {offers:?}", goods.handle));
        }
    }
}

pub fn tally(site: &Site) -> Tally {
    let mut tally = Tally::default();
    for (_, order) in all::<Order>(&site.stores.orders, "ord") {
        tally.orders += 1;
        tally.refunded += u64::from(order.refunded > 0);
        match order.status() {
            OrderStatus::Confirmed => tally.confirmed += 1,
            OrderStatus::Expired => tally.expired += 1,
            OrderStatus::Cancelled => tally.cancelled += 1,
            OrderStatus::OutOfStock => tally.out_of_stock += 1,
            OrderStatus::DiscountUsedUp => tally.used_up += 1,
            OrderStatus::AwaitingPayment | OrderStatus::Refunded => {}
        }
    }
    tally.messages = site.stores.chat.books().entities.values().map(|room| room.events.len() as u64).sum();
    tally
}

/// What staff were told went back did, once, and nothing else but late money.
fn refunds_as_told(site: &Site, orders: &BTreeMap<OrderId, Order>, wrong: &mut Vec<String>) {
    let history = site.world.history();
    for (id, order) in orders {
        let told = history.refunds.iter().filter(|(asked, _)| asked.order == *id);
        let done: i64 =
            told.map(|(_, answer)| if let Some(Refunded::Done(amount)) = answer { *amount } else { 0 }).sum();
        let expected = if order.ending.is_some() { order.captured } else { done };
        if order.refunded != expected {
            wrong.push(format!("a refund is what was told: {id} has {} back, told {expected}", order.refunded));
        }
    }
}

fn events(store: &MemoryStore, id: &EntityId) -> Vec<String> {
    let books = store.books();
    let kept = books.entities.get(id);
    kept.into_iter().flat_map(|kept| &kept.events).map(|recorded| recorded.event.clone()).collect()
}

fn one<A: Aggregate>(store: &MemoryStore, id: &EntityId) -> A {
    let mut state = A::default();
    for event in events(store, id) {
        if let Ok(event) = serde_json::from_str(&event) {
            state.evolve(&event);
        }
    }
    state
}

fn all<A: Aggregate>(store: &MemoryStore, kind: &str) -> Vec<(EntityId, A)> {
    let ids: Vec<EntityId> = store.books().entities.keys().filter(|id| id.kind() == kind).cloned().collect();
    ids.into_iter().map(|id| (id.clone(), one(store, &id))).collect()
}

fn by_id<A: Aggregate, I: std::str::FromStr + Ord>(store: &MemoryStore, kind: &str) -> BTreeMap<I, A> {
    let parsed = |(id, state): (EntityId, A)| Some((id.as_str().parse().ok()?, state));
    all::<A>(store, kind).into_iter().filter_map(parsed).collect()
}
