//! A hot SKU, and what each node shows of it.

use std::time::{Duration, Instant};

use futures::stream::{StreamExt, iter};
use serde_json::json;

use super::cluster::Cluster;
use super::support::buyer::{Order, contact};
use super::support::catalogue::Csv;
use super::support::live::Live;
use super::support::wait::{SOON, eventually};

const UNITS: usize = 60;
const BUYERS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_sku_is_sold_exactly_by_two_nodes() {
    let goods = Csv::new().product("hot", UNITS as u32, "25.00");
    let cluster = Cluster::open(&goods, &[("CHECKOUT__HOLD_SECONDS", "300")]).await;
    let client = cluster.anywhere();
    let hot = client.variant("hot").await;
    let first = client.filled_cart(&[(&hot, 1)]).await;
    let mut details = contact();
    details["shipping_option_id"] = json!(client.shipping_option(&first).await);
    let (client, hot, details) = (&client, &hot, &details);
    // Every request of a cart goes to any node, and finds what the one before it has written.
    let others = iter(1..BUYERS).map(|_| async move {
        let cart = client.new_cart().await;
        client.add_line(&cart, hot, 1).await.expect(200);
        client.change_cart(&cart, details.clone()).await.expect(200);
        cart
    });
    let mut carts: Vec<String> = others.buffer_unordered(16).collect().await;
    carts.push(first);

    let started = Instant::now();
    let placed = iter(carts).map(|cart| async move { client.place_to_the_end(&cart, "one").await });
    let placed: Vec<_> = placed.buffer_unordered(64).collect().await;
    println!("{BUYERS} buyers were answered by two nodes in {:?}", started.elapsed());
    let (sold, refused): (Vec<_>, Vec<_>) = placed.iter().partition(|answer| answer.is(201));
    refused.iter().for_each(|answer| drop(answer.expect_problem(409, "out_of_stock")));
    assert_eq!((sold.len(), refused.len()), (UNITS, BUYERS - UNITS));

    let orders: Vec<Order> = sold.iter().map(|answer| Order::from(answer)).collect();
    let mut numbers: Vec<String> = orders.iter().map(|order| order.body["number"].to_string()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), UNITS, "an order number is given once");
    iter(&orders)
        .for_each_concurrent(16, |order| async move {
            let paid = client.confirm_to_the_end(order, "tok_ok").await.expect(200);
            assert_eq!(paid["status"], "captured", "{paid}");
            client.until_status(order, "confirmed").await;
        })
        .await;
    for number in 0..2 {
        cluster.client(number).until_available("hot", 0).await;
    }
    cluster.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_sells_the_followers_of_the_other_see() {
    let cluster = Cluster::open(&Csv::new().product("lamp", 10, "25.00"), &[]).await;
    let (here, there) = (cluster.client(0), cluster.client(1));
    let lamp = here.variant("lamp").await;
    let mut live = Live::connect(&cluster.node(1).base).await;
    let topic = format!("product:{}", lamp.product_id);
    let start = live.subscribe(&topic, None).await;
    assert_eq!(start["state"]["variants"][0]["available"], 10, "{start}");

    let order = here.ordered(&[(&lamp, 3)]).await;
    let started = Instant::now();
    live.next_that("7 available", |frame| frame["state"]["variants"][0]["available"] == 7).await;
    println!("a follower of the other node saw it {:?} after the answer", started.elapsed());
    there.until_available("lamp", 7).await;
    // The other node answers for the order as the first one does, and takes the money.
    there.until_status(&order, "awaiting_payment").await;
    assert_eq!(there.confirm_to_the_end(&order, "tok_ok").await.expect(200)["status"], "captured");
    here.until_status(&order, "confirmed").await;

    // Without the bus it takes a second, not for ever.
    cluster.bus.cut();
    there.ordered(&[(&lamp, 2)]).await;
    here.ordered(&[(&lamp, 1)]).await;
    let within = Duration::from_secs(5);
    let seen = tokio::time::timeout(
        within,
        live.next_that("4 available", |frame| frame["state"]["variants"][0]["available"] == 4),
    );
    seen.await.expect("the other node's followers see it without a bus");
    for client in [&here, &there] {
        eventually("both show it", SOON, async || match client.available("lamp").await {
            4 => Ok(()),
            left => Err(format!("{left} are available")),
        })
        .await;
    }
    cluster.bus.mend();
    cluster.close_and_check().await;
}
