//! Every trouble of every engine, one after the other, under one shop that runs all the time.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::support::catalogue::Csv;
use super::super::support::engines::Engines;
use super::super::support::sandbox::Sandbox;
use super::super::support::shop::Shop;
use super::super::toxiproxy::Fault;
use super::super::victim::{Engine, postgres_url};
use super::calls::Call;
use super::follower::Follower;
use super::load::{CLIENTS, EMAIL, GOODS, Load};
use super::tally::{Counts, Tally};
use super::trouble::{Place, Trouble};
use super::verify::verify;

const STOCK: u32 = 1_000_000;
/// For whatever has to come about.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often those who need nothing of a troubled engine are served meanwhile.
const GO_ON: u64 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_needs_a_troubled_engine_is_told_to_try_again_and_the_rest_goes_on() {
    let long = std::env::var_os("SOUK_LONG").is_some();
    let mut places = Vec::new();
    for engine in [Engine::Mongodb, Engine::Postgres, Engine::Redis] {
        places.push(Place::open(engine).await);
    }
    let sandbox = Sandbox::start().await;
    let mut shop = open(&places, &sandbox).await;
    let client = shop.client();
    let guest = client.guest("Ada").await;
    let product = client.variant(GOODS).await.product_id;
    let room = client.acting_as(&guest.token).product_room(&product).await;
    let tally = Tally::new();
    let follower = Follower::start(&shop.server().base, &room, &guest.token);
    let load = Load::start(&client, &room, &guest.token, &tally).await;
    all_is_well(&tally).await;
    let status = client.get("/api/status").await.expect(200);
    let kept = [("products", "mongodb"), ("accounts", "postgres"), ("orders", "postgres"), ("payments", "postgres")];
    for (domain, engine) in kept.into_iter().chain([("chat", "redis")]) {
        assert_eq!(status["services"][domain]["store"], engine, "{status}");
    }

    for place in &mut places {
        for trouble in Trouble::all(long) {
            let what = format!("{:?}, {trouble:?}", place.engine);
            place.begin(trouble).await;
            let (began, _) = (Instant::now(), tally.next_phase());
            in_trouble(&tally, &what, place.engine, trouble).await;
            if long {
                tokio::time::sleep(Duration::from_secs(12)).await;
            }
            place.end(trouble).await;
            let lasted = began.elapsed();
            let seen = tally.next_phase();
            assert_no_wonder(&what, &seen, place.engine, trouble);
            let ended = Instant::now();
            all_is_well(&tally).await;
            let (lasted, back) = (lasted.as_secs_f64(), ended.elapsed().as_secs_f64());
            println!("{what} for {lasted:.1} s: {seen}; everybody was served again after {back:.1} s");
        }
    }

    let ledger = load.end().await;
    let last = ledger.messages.iter().map(|(seq, _)| *seq).max().expect("a message");
    let seen = follower.seen_to(last, PATIENCE).await;
    verify(&client, &ledger, &room, &seen, i64::from(STOCK)).await;
    let name = ledger.name.as_deref().expect("a name was taken");
    let session = json!({"email": EMAIL, "password": super::load::PASSWORD});
    assert_eq!(client.post("/api/v1/sessions", session).await.expect(201)["account"]["name"], name);
    println!("{} orders, {} messages", ledger.orders.len(), ledger.messages.len());
    shop.server().assert_runs();
    shop.close_and_check().await;
}

/// On all three engines, and with a bus on the one of chat.
async fn open(places: &[Place], sandbox: &Sandbox) -> Shop {
    let [mongodb, postgres, redis] = places else { panic!("three engines") };
    let postgres = postgres_url().replace(postgres.server_address(), postgres.address());
    let redis = format!("redis://{}", redis.address());
    let engines = Engines::at(&postgres, &format!("mongodb://{}", mongodb.address()), &redis);
    let shop = Shop::on(engines).set("BUS", &redis).set("CHECKOUT__HOLD_SECONDS", "3600");
    let shop = shop.set_all(sandbox.settings()).set("LOG__FILTER", "info,souk_http::middleware::access_log=error");
    shop.opened_with(&Csv::new().product(GOODS, STOCK, "12.50")).await
}

/// Everybody is served again with what they ask from here on.
async fn all_is_well(tally: &Tally) {
    tally.next_phase();
    let served =
        |counts: &Counts| counts.served.len() == CLIENTS && Call::ALL.into_iter().all(|call| counts.of(call).done >= 2);
    tally.until("everybody is served", PATIENCE, served).await;
}

/// Until the trouble was felt by those who need the engine, and the others were served all the same.
async fn in_trouble(tally: &Tally, what: &str, engine: Engine, trouble: Trouble) {
    let felt = |counts: &Counts| {
        Call::ALL.into_iter().filter(|call| call.needs(engine) && call.is_reached_without(engine)).all(|call| {
            let count = counts.of(call);
            match trouble {
                Trouble::Network(Fault::Latency) => count.done > 0 && count.slowest >= Fault::LATENCY,
                Trouble::Network(Fault::HalfAnswer) => count.refused + count.done > 0,
                _ => count.refused > 0,
            }
        })
    };
    let goes_on = |counts: &Counts| {
        let others = Call::ALL.into_iter().filter(|call| !call.needs(engine) && call.is_reached_without(engine));
        others.into_iter().all(|call| counts.of(call).done >= GO_ON)
    };
    tally.until(&format!("{what}: it is felt"), PATIENCE, felt).await;
    tally.until(&format!("{what}: the rest goes on"), PATIENCE, goes_on).await;
}

/// Nobody is told that something was done by an engine that cannot be reached.
fn assert_no_wonder(what: &str, seen: &Counts, engine: Engine, trouble: Trouble) {
    for call in Call::ALL.into_iter().filter(|call| call.needs(engine) && trouble.is_total()) {
        assert_eq!(seen.of(call).done, 0, "{what}: {call:?} was answered without its engine: {seen}");
    }
    let others = Call::ALL.into_iter().filter(|call| !call.needs(engine) && call.is_reached_without(engine));
    for call in others {
        assert_eq!(seen.of(call).refused, 0, "{what}: {call:?} needs nothing of it: {seen}");
    }
}
