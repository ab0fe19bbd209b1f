//! What clients were told, against what is there after the restart.

use std::collections::BTreeMap;

use futures::stream::{StreamExt, iter};

use super::load::{CartRecord, HOT, Ledger, MessageRecord, OrderRecord, PLAIN, Placed, Then, refund, refused};
use super::support::answer::Answer;
use super::support::buyer::Order;
use super::support::client::Client;
use super::support::wait::{SOON, eventually};

/// Requests at once.
const AT_ONCE: usize = 16;

/// Also finishes what was cut off, the way a client does: the same request with the same key. So afterwards the
/// outcome of everything in the ledger is known.
pub async fn verify(client: &Client, staff: &Client, ledger: &mut Ledger, stock: &BTreeMap<&str, i64>, uses: usize) {
    iter(&mut ledger.orders).for_each_concurrent(AT_ONCE, |record| verify_order(client, staff, record)).await;
    let used = ledger.orders.iter().filter(|record| record.discounted && taken(record) > 0).count();
    assert!(used <= uses, "a discount with {uses} uses was used {used} times");
    for handle in [HOT, PLAIN] {
        let taken: i64 = ledger.orders.iter().filter(|record| record.handle == handle).map(taken).sum();
        client.until_available(handle, stock[handle] - taken).await;
    }
    iter(&mut ledger.messages).for_each_concurrent(AT_ONCE, |record| send_again(client, record)).await;
    verify_rooms(client, &ledger.messages).await;
    iter(&ledger.carts).for_each_concurrent(AT_ONCE, |record| verify_cart(client, record)).await;
}

/// What an order holds or has bought.
fn taken(record: &OrderRecord) -> i64 {
    match (&record.placed, record.then) {
        (Placed::Ordered(_), Then::Nothing | Then::Paid | Then::Refunded) => i64::from(record.quantity),
        _ => 0,
    }
}

async fn verify_order(client: &Client, staff: &Client, record: &mut OrderRecord) {
    // First what was acknowledged, before anything is asked again.
    if let (Placed::Ordered(order), true) = (&record.placed, record.acknowledged) {
        client.until_status(order, status(record.then)).await;
    }
    let again = client.place_to_the_end(&record.cart, &record.key).await;
    match &record.placed {
        Placed::Ordered(order) => {
            let same = Order::from(&again);
            assert_eq!((&same.id, &same.key), (&order.id, &order.key), "the same key is the same order");
        }
        Placed::SoldOut => _ = again.expect_problem(409, "out_of_stock"),
        Placed::UsedUp => _ = again.expect_problem(409, "discount_used_up"),
        Placed::Unknown if again.is(409) => record.placed = refused(&again),
        Placed::Unknown => record.placed = Placed::Ordered(Order::from(&again)),
    }
    let Placed::Ordered(order) = &record.placed else { return };
    if !record.acknowledged {
        match record.then {
            Then::Nothing => {}
            Then::Paid => pay(client, order).await,
            Then::Refunded => {
                pay(client, order).await;
                refund_to_the_end(staff, order).await.expect(201);
            }
            Then::Cancelled => _ = client.cancel(order).await.expect(200),
        }
    }
    let shown = client.until_status(order, status(record.then)).await;
    assert_eq!(shown["lines"][0]["quantity"], record.quantity, "{shown}");
    record.acknowledged = true;
}

/// Once more is not once again: what is captured stays captured once, also after it was given back.
async fn pay(client: &Client, order: &Order) {
    let paid = client.confirm_to_the_end(order, "tok_ok").await;
    let status = paid.expect(200)["status"].clone();
    assert!(status == "captured" || status == "refunded", "{paid}");
}

/// The same key until the answer is a final one.
async fn refund_to_the_end(staff: &Client, order: &Order) -> Answer {
    eventually("the refund is done", SOON, async || {
        let answer = refund(staff, order).await;
        if answer.is_to_be_repeated() { Err(answer.to_string()) } else { Ok(answer) }
    })
    .await
}

pub fn status(then: Then) -> &'static str {
    match then {
        Then::Nothing => "awaiting_payment",
        Then::Paid => "confirmed",
        Then::Refunded => "refunded",
        Then::Cancelled => "cancelled",
    }
}

/// A message that was not acknowledged is sent again under its `client_id`.
async fn send_again(client: &Client, record: &mut MessageRecord) {
    if record.seq.is_none() {
        let own = client.acting_as(&record.author.token);
        let answer = own.post_message(&record.room, &record.text, &record.client_id).await;
        assert!(answer.is(200) || answer.is(201), "{answer}");
        record.seq = answer.json()["seq"].as_u64();
    }
}

/// Each message is in its room once, under the number that was acknowledged, and nothing else is.
async fn verify_rooms(client: &Client, records: &[MessageRecord]) {
    let mut rooms: BTreeMap<&str, BTreeMap<u64, &str>> = BTreeMap::new();
    for record in records {
        let seq = record.seq.unwrap_or_else(|| panic!("an acknowledged message has a seq: {}", record.text));
        let taken = rooms.entry(&record.room).or_default().insert(seq, &record.text);
        assert_eq!(taken, None, "two messages were told the number {seq}");
    }
    for (room, expected) in rooms {
        let messages = client.messages(room).await;
        let there: Vec<_> =
            messages.iter().map(|message| (message["seq"].as_u64(), message["text"].as_str())).collect();
        let expected: Vec<_> = expected.into_iter().map(|(seq, text)| (Some(seq), Some(text))).collect();
        assert_eq!(there, expected, "the messages of {room}");
    }
}

/// At most one change more than was acknowledged: the one that was cut off.
async fn verify_cart(client: &Client, record: &CartRecord) {
    let shown = client.get(&format!("/api/v1/carts/{}", record.cart)).await.expect(200);
    let quantity = shown["lines"][0]["quantity"].as_u64().unwrap_or_else(|| panic!("no line: {shown}"));
    let expected = record.acknowledged..=record.acknowledged + 1;
    assert!(expected.contains(&quantity), "{quantity} units, expected {expected:?}");
}
