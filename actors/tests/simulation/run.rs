//! One seed from its beginning to its end: several lives of the process, each ended by a crash or in good order, then
//! a last one in which nothing fails any more and everything has to come to rest.

use std::sync::Arc;
use std::time::Duration;

use souk_actors::outbox::endpoints::NewEndpoint;
use souk_domain::id::{ProductId, room_id};
use souk_domain::planted::{Bug, plant};
use souk_domain::room::state::RoomKind;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::checks;
use crate::clients::buyer::Buyer;
use crate::clients::chatter::Chatter;
use crate::clients::reader::Reader;
use crate::clients::rival::Rival;
use crate::clients::seller::Seller;
use crate::clients::staff::Staff;
use crate::clients::{Goods, Visit};
use crate::history::Offer;
use crate::house::{Site, product};
use crate::receiver::HOOK;
use crate::world::{Weather, World};

/// What a seed came to.
pub struct Outcome {
    pub seed: u64,
    /// What is wrong, none if all is well.
    pub violations: Vec<String>,
    pub hash: u64,
    pub events: u64,
    /// What happened to how many, to see that a seed does anything.
    pub tally: checks::Tally,
}

/// Everyone who uses the shop.
struct Crowd {
    buyers: Vec<Arc<Buyer>>,
    chatters: Vec<Arc<Chatter>>,
    readers: Vec<Arc<Reader>>,
    seller: Arc<Seller>,
    staff: Arc<Staff>,
    rival: bool,
}

/// How a life of the process ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// At the so manieth point at which something else may happen first.
    CrashAtPoint(u64),
    CrashAfter(Duration),
    /// All that was taken in is finished.
    StopAfter(Duration),
}

pub fn run(seed: u64, bug: Option<Bug>, print: bool) -> Outcome {
    plant(bug);
    let world = World::new(seed, print);
    let site = Site::new(Arc::clone(&world));
    let goods = open_shop(&site);
    let crowd = crowd(&world, &goods);
    world.set_weather(Some(weather(&world)));
    for _ in 0..1 + world.below(3) {
        live(&site, &goods, &crowd);
        if !world.history().violations.is_empty() {
            break;
        }
    }
    if world.history().violations.is_empty() {
        last_life(&site, &goods);
    }
    plant(None);
    let (hash, events) = world.digest();
    let violations = std::mem::take(&mut world.history().violations);
    Outcome { seed, violations, hash, events, tally: checks::tally(&site) }
}

/// In fair weather, so that every seed has something to sell.
fn open_shop(site: &Site) -> Arc<[Goods]> {
    let runtime = runtime();
    let goods = runtime.block_on(async {
        site.world.begin_life(None);
        let market = site.open().await;
        let hook = NewEndpoint { url: HOOK.into(), description: "books".into(), events: vec![] };
        let outbox = market.outbox.as_ref().expect("there is one");
        outbox.endpoints.create(hook).await.expect("an endpoint");
        let mut goods = Vec::new();
        for place in 0..2 + site.world.below(2) {
            let offer = first_offer(place);
            let handle = format!("product{place}");
            let candidate =
                souk_domain::id::VariantId::from_uuid(souk_actors::runtime::world::Chance::sortable(&*site.world));
            site.world.history().offering(&handle, offer);
            let imported = market.products.import(product(&handle, candidate, offer)).await.expect("imported");
            goods.push(Goods { handle, product: imported.id, variant: candidate });
        }
        market.stop().await;
        site.world.end_life();
        goods
    });
    goods.into()
}

fn first_offer(place: u64) -> Offer {
    let place = i64::try_from(place).unwrap_or(0);
    Offer { price: 1_000 + 300 * place, inventory: 6 + 6 * place }
}

fn crowd(world: &World, goods: &[Goods]) -> Crowd {
    let buyers = (0..3 + world.below(4) as usize).map(|number| Arc::new(Buyer::new(number))).collect();
    let chatters = (0..1 + world.below(3) as usize).map(|number| Arc::new(Chatter::new(number))).collect();
    let readers = (0..1 + world.below(2)).map(|_| Arc::new(Reader::default())).collect();
    let seller = Arc::new(Seller::new((0..goods.len() as u64).map(first_offer)));
    Crowd { buyers, chatters, readers, seller, staff: Arc::default(), rival: world.happens(300) }
}

fn weather(world: &World) -> Weather {
    let of = |choices: &[u64]| world.one_of(choices);
    Weather {
        append_not_done: of(&[0, 10, 60]),
        append_unknown: of(&[0, 10, 40]),
        read_fails: of(&[0, 5, 30]),
        provider_fails: of(&[0, 30, 150]),
        slow: of(&[0, 0, 10]),
        clock_steps: of(&[0, 0, 300]),
    }
}

fn live(site: &Site, goods: &Arc<[Goods]>, crowd: &Crowd) {
    let world = &site.world;
    let end = match world.below(4) {
        0 => End::CrashAtPoint(world.below(600)),
        1 | 2 => End::CrashAfter(Duration::from_millis(1 + world.below(30_000))),
        _ => End::StopAfter(Duration::from_millis(1 + world.below(30_000))),
    };
    let runtime = runtime();
    runtime.block_on(async {
        let at_point = if let End::CrashAtPoint(point) = end { Some(point) } else { None };
        world.begin_life(at_point);
        world.note(format_args!("a life begins that ends by {end:?}"));
        let market = site.open().await;
        let visit = Visit { site: site.clone(), market, goods: Arc::clone(goods), room: room(goods) };
        let tasks = crowd.visit(&visit);
        match end {
            End::CrashAtPoint(_) => {
                // A seed that is quiet never gets there.
                let _ = tokio::time::timeout(Duration::from_secs(60), world.crashed()).await;
            }
            End::CrashAfter(time) => tokio::time::sleep(time).await,
            End::StopAfter(time) => {
                tokio::time::sleep(time).await;
                stop(&visit, tasks).await;
            }
        }
        world.end_life();
    });
    // Everything that lives in the process ends here, wherever it stood.
    drop(runtime);
    world.note(format_args!("the process is gone"));
    site.stores.decide_what_was_on_the_way();
    checks::after_a_crash(site);
    world.rest(Duration::from_millis(world.below(25_000)));
}

/// In good order: nothing is lost, and nobody stays behind.
async fn stop(visit: &Visit, tasks: Vec<JoinHandle<()>>) {
    for task in &tasks {
        task.abort();
    }
    for task in tasks {
        let _ = task.await;
    }
    let stopped = tokio::time::timeout(Duration::from_secs(120), visit.market.stop()).await;
    if stopped.is_err() {
        visit.site.world.history().violated("a process that is told to stop stops".into());
    }
    visit.site.world.note(format_args!("stopped"));
}

fn last_life(site: &Site, goods: &Arc<[Goods]>) {
    let world = &site.world;
    world.set_weather(Some(Weather::default()));
    runtime().block_on(async {
        world.begin_life(None);
        world.note(format_args!("the last life begins"));
        let market = site.open().await;
        let visit = Visit { site: site.clone(), market, goods: Arc::clone(goods), room: room(goods) };
        let provider = tokio::spawn(Arc::clone(&site.provider).work());
        if checks::comes_to_rest(site).await {
            checks::answers_stay(&visit).await;
            checks::comes_to_rest(site).await;
        }
        let weak = Arc::downgrade(&visit.market);
        stop(&visit, vec![provider]).await;
        checks::nobody_is_left(&visit);
        drop(visit);
        // Tasks that were told to end need a moment to do so.
        tokio::time::sleep(Duration::from_secs(20)).await;
        if weak.strong_count() > 0 || Handle::current().metrics().num_alive_tasks() > 0 {
            let tasks = Handle::current().metrics().num_alive_tasks();
            let what = format!("{} hold the marketplace, {tasks} tasks are alive", weak.strong_count());
            world.history().violated(format!("nothing that lives is left behind: {what}"));
        }
        world.end_life();
    });
    world.set_weather(None);
    checks::at_the_end(site, goods);
}

impl Crowd {
    fn visit(&self, visit: &Visit) -> Vec<JoinHandle<()>> {
        let mut tasks =
            vec![tokio::spawn(Arc::clone(&visit.site.provider).work()), tokio::spawn(step_clock(visit.clone()))];
        for buyer in &self.buyers {
            let (buyer, visit) = (Arc::clone(buyer), visit.clone());
            tasks.push(tokio::spawn(async move { buyer.live(&visit).await }));
        }
        for chatter in &self.chatters {
            let (chatter, visit) = (Arc::clone(chatter), visit.clone());
            tasks.push(tokio::spawn(async move { chatter.live(&visit).await }));
        }
        for reader in &self.readers {
            let (reader, visit) = (Arc::clone(reader), visit.clone());
            tasks.push(tokio::spawn(async move { reader.live(&visit).await }));
        }
        let (seller, visit_of_seller) = (Arc::clone(&self.seller), visit.clone());
        tasks.push(tokio::spawn(async move { seller.live(&visit_of_seller).await }));
        let (staff, visit_of_staff) = (Arc::clone(&self.staff), visit.clone());
        tasks.push(tokio::spawn(async move { staff.live(&visit_of_staff).await }));
        if self.rival {
            let visit = visit.clone();
            tasks.push(tokio::spawn(async move { Rival.live(&visit).await }));
        }
        tasks
    }
}

async fn step_clock(visit: Visit) {
    loop {
        visit.think(4_000).await;
        let world = &visit.site.world;
        if world.weather().is_some_and(|weather| world.happens(weather.clock_steps)) {
            world.step_clock();
        }
    }
}

fn room(goods: &[Goods]) -> souk_domain::id::RoomId {
    let product: ProductId = goods[0].product;
    room_id(RoomKind::Product.as_str(), &product.to_string())
}

/// One thread, and a clock that only moves when everybody waits.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}
