//! A node is killed under load, or paused and wakes: the other goes on with what it was at, and nothing is doubled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use super::cluster::Cluster;
use super::support::answer::Answer;
use super::support::buyer::{Order, Variant, contact};
use super::support::catalogue::Csv;
use super::support::client::Client;
use super::support::wait::eventually;

const BUYERS: usize = 8;
/// Within which the other node has gone on with everything.
const TAKEN_OVER: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_node_was_at_is_finished_by_the_other_within_seconds() {
    let goods = Csv::new().product("plain", 100_000, "25.00").product("hot", 40, "25.00");
    let mut cluster = Cluster::open(&goods, &[("CHECKOUT__HOLD_SECONDS", "300")]).await;
    let load = Load::start(&cluster.anywhere()).await;
    load.until(30).await;
    cluster.kill(0);
    let killed = Instant::now();
    load.until(load.count() + 20).await;
    let orders = load.end().await;
    assert!(orders.len() > 30, "{} orders", orders.len());
    let client = cluster.client(1);
    for order in &orders {
        let rest = TAKEN_OVER.saturating_sub(killed.elapsed()).max(Duration::from_secs(1));
        until_rest(&client, order, rest).await;
    }
    println!("{} orders came to rest {:?} after one of two nodes was killed", orders.len(), killed.elapsed());
    // It comes back, and both go on.
    cluster.start(0).await;
    let order = cluster.anywhere().ordered(&[(&client.variant("plain").await, 1)]).await;
    assert_eq!(cluster.anywhere().confirm_to_the_end(&order, "tok_ok").await.expect(200)["status"], "captured");
    cluster.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_was_paused_does_no_harm_when_it_wakes() {
    let pause = if std::env::var_os("SOUK_LONG").is_some() { 30 } else { 6 };
    let goods = Csv::new().product("plain", 100_000, "25.00").product("hot", 40, "25.00");
    let settings = [("CHECKOUT__HOLD_SECONDS", "300"), ("NODES__LEASE_SECONDS", "2")];
    let cluster = Cluster::open(&goods, &settings).await;
    let load = Load::start(&cluster.anywhere()).await;
    load.until(20).await;
    cluster.signal(0, "STOP");
    // A balancer that checks its nodes takes this one out.
    cluster.balance_to(&[1]);
    let paused = Instant::now();
    // What was under way there is given up by its clients when they have waited long enough; the rest goes on here.
    while paused.elapsed() < Duration::from_secs(pause) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    cluster.signal(0, "CONT");
    let woken = Instant::now();
    load.until(load.count() + 20).await;
    cluster.balance_to(&[0, 1]);
    load.until(load.count() + 20).await;
    let orders = load.end().await;
    for client in [cluster.client(0), cluster.client(1)] {
        for order in &orders {
            until_rest(&client, order, TAKEN_OVER).await;
        }
    }
    println!("{} orders came to rest {:?} after a node woke from {pause} s", orders.len(), woken.elapsed());
    cluster.close_and_check().await;
}

/// Buyers that order and pay on and on, each request anywhere.
struct Load {
    buyers: JoinSet<Vec<Order>>,
    stop: Arc<AtomicBool>,
    done: tokio::sync::watch::Sender<usize>,
}

impl Load {
    async fn start(client: &Client) -> Self {
        let goods = [client.variant("plain").await, client.variant("hot").await];
        let cart = client.filled_cart(&[(&goods[0], 1)]).await;
        let mut details = contact();
        details["shipping_option_id"] = json!(client.shipping_option(&cart).await);
        let (mut buyers, stop, done) =
            (JoinSet::new(), Arc::new(AtomicBool::new(false)), tokio::sync::watch::Sender::new(0));
        for number in 0..BUYERS {
            let (client, goods, details) = (client.clone(), goods.clone(), details.clone());
            let (stop, done) = (Arc::clone(&stop), done.clone());
            buyers.spawn(async move {
                let mut orders = Vec::new();
                for round in number.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    orders.extend(buy(&client, &goods[round % 2], &details).await);
                    done.send_modify(|count| *count += 1);
                }
                orders
            });
        }
        Self { buyers, stop, done }
    }

    fn count(&self) -> usize {
        *self.done.borrow()
    }

    async fn until(&self, count: usize) {
        let mut done = self.done.subscribe();
        let reached = tokio::time::timeout(Duration::from_secs(90), done.wait_for(|reached| *reached >= count)).await;
        assert!(reached.is_ok(), "{count} purchases do not come about, only {}", self.count());
    }

    async fn end(mut self) -> Vec<Order> {
        self.stop.store(true, Ordering::Relaxed);
        let mut orders = Vec::new();
        while let Some(bought) = self.buyers.join_next().await {
            orders.extend(bought.expect("a buyer comes to an end"));
        }
        orders
    }
}

/// None: it was sold out. Each call is repeated until it has an answer.
async fn buy(client: &Client, variant: &Variant, details: &serde_json::Value) -> Option<Order> {
    let cart = loop {
        let created = client.post("/api/v1/carts", json!({})).await;
        if created.is(201) {
            break created.json()["id"].as_str().expect("a cart has an id").to_owned();
        }
    };
    // Setting a quantity again is the same; adding may have happened already, and two are as good as one.
    insist(|| client.add_line(&cart, variant, 1)).await.expect(200);
    insist(|| client.change_cart(&cart, details.clone())).await.expect(200);
    let placed = client.place_to_the_end(&cart, "the-key").await;
    if placed.is(409) {
        placed.expect_problem(409, "out_of_stock");
        return None;
    }
    let order = Order::from(&placed);
    let paid = client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    assert_eq!(paid["status"], "captured", "{paid}");
    Some(order)
}

async fn insist<Call: Future<Output = Answer>>(mut call: impl FnMut() -> Call) -> Answer {
    for _ in 0..400 {
        let answer = call().await;
        if !answer.is_to_be_repeated() {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no answer in 400 tries");
}

/// Paid orders become confirmed.
async fn until_rest(client: &Client, order: &Order, within: Duration) {
    eventually("a paid order is confirmed", within, async || {
        let answer = client.order(order).await;
        if answer.json()["status"] == "confirmed" { Ok(()) } else { Err(answer.to_string()) }
    })
    .await;
}
