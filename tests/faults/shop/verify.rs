//! What clients were told, against what is there.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::stream::{StreamExt, iter};

use super::super::support::buyer::Order;
use super::super::support::client::Client;
use super::super::support::wait::eventually;
use super::load::{Bought, GOODS, Ledger};

const AT_ONCE: usize = 8;
/// An order whose steps failed for long is taken up again this late.
const AT_REST: Duration = Duration::from_secs(90);

/// `stock` units of the goods were there at the beginning.
pub async fn verify(client: &Client, ledger: &Ledger, room: &str, seen: &[(u64, String)], stock: i64) {
    iter(&ledger.orders).for_each_concurrent(AT_ONCE, |bought| verify_order(client, bought)).await;
    let sold: i64 = ledger.orders.iter().map(|bought| bought.quantity).sum();
    eventually("nothing but what was ordered is taken", AT_REST, async || {
        let left = client.available(GOODS).await;
        if left == stock - sold { Ok(()) } else { Err(format!("{left} are left of {stock}, {sold} were sold")) }
    })
    .await;

    let mut told = BTreeMap::new();
    for (seq, text) in &ledger.messages {
        assert_eq!(told.insert(*seq, text.as_str()), None, "two messages were told the number {seq}");
    }
    let messages = client.messages(room).await;
    let there: BTreeMap<u64, &str> = messages
        .iter()
        .map(|message| (message["seq"].as_u64().expect("a number"), message["text"].as_str().expect("a text")))
        .collect();
    assert_eq!(there, told, "each message once, under the number that was acknowledged");
    let seen: BTreeMap<u64, &str> =
        seen.iter().filter(|(_, text)| !text.is_empty()).map(|(seq, text)| (*seq, text.as_str())).collect();
    assert_eq!(seen, told, "who listened all the time saw every message");

    for (cart, quantity) in &ledger.carts {
        let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
        assert_eq!(shown["lines"][0]["quantity"], *quantity, "{shown}");
    }
}

async fn verify_order(client: &Client, bought: &Bought) {
    let Bought { cart, order, quantity } = bought;
    let shown = eventually("a paid order is confirmed", AT_REST, async || {
        let answer = client.order(order).await;
        if answer.json()["status"] == "confirmed" { Ok(answer.json()) } else { Err(answer.to_string()) }
    })
    .await;
    assert_eq!(shown["lines"][0]["quantity"], *quantity, "{shown}");
    let again = Order::from(&client.place_to_the_end(cart, "the-key").await);
    assert_eq!((&again.id, &again.key), (&order.id, &order.key), "the same key is the same order");
}
