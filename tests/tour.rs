//! The whole way once, through the real process: a catalogue comes in, an order is paid, a message is delivered,
//! and all of it is there after a restart.

mod support;

use serde_json::Value;
use support::buyer::{Order, available, variant};
use support::catalogue::real_files;
use support::client::Client;
use support::live::Live;
use support::people::Guest;
use support::process::Finished;
use support::shop::Shop;
use support::wait::{SOON, eventually};

/// The goods of the tour, as both the real exports and the fixture have them.
const CANDLE: &str = "vanilla-candle";
const CANDLES_IN_STOCK: i64 = 5;
const POT: &str = "clay-plant-pot";
const LARGE_POT: usize = 1;
const LARGE_POTS_IN_STOCK: i64 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_comes_in_an_order_is_paid_a_message_is_delivered_and_all_of_it_outlives_a_restart() {
    let mut shop = Shop::new();
    let created: u64 = import_all(&shop).await.iter().map(|import| import.count_of("created")).sum();
    assert!(created > 0, "the files have products");
    shop.open().await;
    let client = shop.client();

    find_by_a_misspelled_word(&client).await;
    let order = buy_and_watch_the_stock_fall(&shop).await;
    let (room, said) = chat_between_two_guests(&shop).await;

    shop.close().await;
    shop.open().await;
    everything_is_still_there(&shop.client(), &order, &room, &said).await;

    shop.close().await;
    for again in import_all(&shop).await {
        let changes = (again.count_of("created"), again.count_of("changed"));
        assert_eq!(changes, (0, 0), "a second import of the same file changes nothing: {again}");
    }
    shop.open().await;
    everything_is_still_there(&shop.client(), &order, &room, &said).await;
    shop.close_and_check().await;
}

/// Each file, without a fault.
async fn import_all(shop: &Shop) -> Vec<Finished> {
    let mut imports = Vec::new();
    for file in real_files() {
        let finished = shop.import_file(&file).await;
        finished.assert_succeeded();
        imports.push(finished);
    }
    imports
}

async fn find_by_a_misspelled_word(client: &Client) {
    for query in ["vanila", "vanilla%20candel", "vanil"] {
        eventually(&format!("{query:?} finds the candle"), SOON, async || {
            let found = client.get(&format!("/api/v1/products?query={query}")).await.expect(200);
            let items = found["items"].as_array().unwrap_or_else(|| panic!("no items: {found}"));
            match items.first() {
                Some(first) if first["handle"] == CANDLE => Ok(()),
                _ => Err(found.to_string()),
            }
        })
        .await;
    }
}

/// Two lines, from the cart to the confirmed order.
async fn buy_and_watch_the_stock_fall(shop: &Shop) -> Order {
    let client = shop.client();
    let (candle_page, pot_page) = (client.product(CANDLE).await, client.product(POT).await);
    assert_eq!(available(&candle_page, 0), CANDLES_IN_STOCK);
    assert_eq!(available(&pot_page, LARGE_POT), LARGE_POTS_IN_STOCK);
    let (candle, pot) = (variant(&candle_page, 0), variant(&pot_page, LARGE_POT));

    let mut live = shop.live().await;
    let topic = format!("product:{}", candle.product_id);
    let state = live.subscribe(&topic, None).await;
    assert_eq!(available(&state["state"], 0), CANDLES_IN_STOCK);

    let cart = client.filled_cart(&[(&candle, 2), (&pot, 1)]).await;
    let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    assert_eq!(shown["lines"].as_array().map(Vec::len), Some(2), "{shown}");
    assert_eq!(amount(&shown["totals"]["subtotal"]), 2 * candle.price + pot.price);

    let order = Order::from(&client.place_to_the_end(&cart, "tour").await);
    assert_eq!(order.body["status"], "awaiting_payment");
    assert_eq!(amount(&order.body["totals"]["total"]), amount(&shown["totals"]["total"]));
    let left = CANDLES_IN_STOCK - 2;
    live.next_that("the fallen stock", |frame| frame["topic"] == topic && available(&frame["state"], 0) == left).await;

    let paid = client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    assert_eq!(paid["status"], "captured");
    client.until_status(&order, "confirmed").await;
    let timeline = client.timeline(&order).await;
    let entries = timeline["items"].as_array().unwrap_or_else(|| panic!("no items: {timeline}"));
    assert!(entries.len() >= 2, "{timeline}");
    for entry in entries {
        assert!(entry["at"].is_string() && entry["title"].is_string(), "{entry}");
    }
    order
}

/// The room, and its messages as both guests saw them.
async fn chat_between_two_guests(shop: &Shop) -> (String, Vec<Value>) {
    let client = shop.client();
    let (ada, grace) = (client.guest("Ada").await, client.guest("Grace").await);
    assert_ne!(ada.id, grace.id);
    let product = client.variant(CANDLE).await.product_id;
    let room = client.acting_as(&ada.token).product_room(&product).await;
    assert_eq!(client.acting_as(&grace.token).product_room(&product).await, room, "one subject, one room");

    let topic = format!("room:{room}");
    let (mut first, _) = enter(shop, &ada, &topic).await;
    let (mut second, second_seq) = enter(shop, &grace, &topic).await;
    for number in 0..5 {
        let by_ada = first.publish(&topic, &format!("ada-{number}"), &format!("question {number}")).await;
        assert!(by_ada.get("ok").is_some(), "{by_ada}");
        let by_grace = second.publish(&topic, &format!("grace-{number}"), &format!("answer {number}")).await;
        assert!(by_grace.get("ok").is_some(), "{by_grace}");
    }
    let (seen, also_seen) = (messages(&mut first, &topic, 10).await, messages(&mut second, &topic, 10).await);
    assert_eq!(seen, also_seen, "both see the same messages in the same order");
    assert!(seen.is_sorted_by_key(|event| event["seq"].as_u64()), "{seen:?}");

    // Grace goes away, hears what she missed when she comes back, and nothing twice.
    let last = seen.last().and_then(|event| event["seq"].as_u64()).expect("a seq");
    assert!(last >= second_seq + 10);
    drop(second);
    for number in 5..8 {
        first.publish(&topic, &format!("ada-{number}"), &format!("question {number}")).await;
    }
    let missed = messages(&mut first, &topic, 3).await;
    let mut again = shop.live().await;
    again.authenticate(&grace.token).await;
    let replay = again.subscribe(&topic, Some(last)).await;
    assert_eq!(replay["entries"].as_array(), Some(&missed), "a replay has what was missed");

    let repeated = first.publish(&topic, "ada-7", "question 7").await;
    assert!(repeated.get("ok").is_some(), "{repeated}");
    first.publish(&topic, "ada-8", "the last one").await;
    let after = messages(&mut again, &topic, 1).await;
    assert_eq!(after[0]["event"]["message"]["text"], "the last one", "a repeated client_id is one message");

    let said = client.messages(&room).await;
    let live: Vec<_> =
        seen.iter().chain(&missed).chain(&after).map(|event| event["event"]["message"].clone()).collect();
    assert_eq!(said, live, "the list has what was heard live");
    (room, said)
}

/// A session in a room, and the number it starts at.
async fn enter(shop: &Shop, guest: &Guest, topic: &str) -> (Live, u64) {
    let mut live = shop.live().await;
    live.authenticate(&guest.token).await;
    let subscribed = live.subscribe(topic, None).await;
    let seq = subscribed["seq"].as_u64().unwrap_or_else(|| panic!("no seq: {subscribed}"));
    (live, seq)
}

/// The next events of a room that are messages.
async fn messages(live: &mut Live, topic: &str, count: usize) -> Vec<Value> {
    let events = live.next_events(topic, count).await;
    assert!(events.iter().all(|event| event["event"]["type"] == "message"), "{events:?}");
    events
}

async fn everything_is_still_there(client: &Client, order: &Order, room: &str, said: &[Value]) {
    let shown = client.order(order).await.expect(200);
    assert_eq!(shown["status"], "confirmed");
    assert_eq!(shown["number"], order.body["number"]);
    assert_eq!(shown["lines"], order.body["lines"]);
    assert_eq!(available(&client.product(CANDLE).await, 0), CANDLES_IN_STOCK - 2);
    assert_eq!(available(&client.product(POT).await, LARGE_POT), LARGE_POTS_IN_STOCK - 1);
    assert_eq!(client.messages(room).await, said);
    find_by_a_misspelled_word(client).await;
}

#[track_caller]
fn amount(money: &Value) -> i64 {
    assert!(money["currency"].is_string(), "no currency: {money}");
    money["amount"].as_i64().unwrap_or_else(|| panic!("no amount: {money}"))
}
