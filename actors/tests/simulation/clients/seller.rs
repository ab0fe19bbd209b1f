//! Changes prices and stock through imports.

use std::sync::Mutex;

use souk_actors::runtime::world::Chance;
use souk_domain::id::VariantId;

use super::Visit;
use crate::history::Offer;
use crate::house::product;
use crate::world::lock;

#[derive(Default)]
pub struct Seller {
    /// What is to be said about each product, and whether the shop said that it took it.
    offers: Mutex<Vec<(Offer, bool)>>,
}

impl Seller {
    pub fn new(offers: impl IntoIterator<Item = Offer>) -> Self {
        Self { offers: Mutex::new(offers.into_iter().map(|offer| (offer, true)).collect()) }
    }

    pub async fn live(&self, visit: &Visit) {
        loop {
            visit.think(5_000).await;
            let place = visit.site.world.below(visit.goods.len() as u64) as usize;
            let offer = self.next_offer(visit, place);
            self.offer(visit, place, offer).await;
        }
    }

    /// The same again when it was not answered.
    fn next_offer(&self, visit: &Visit, place: usize) -> Offer {
        let world = &visit.site.world;
        let (offer, taken) = &mut lock(&self.offers)[place];
        if *taken {
            *taken = false;
            match world.below(2) {
                0 => offer.price = 500 + i64::try_from(world.below(2_000)).unwrap_or(0),
                _ => offer.inventory += i64::try_from(world.below(4)).unwrap_or(0),
            }
            world.history().offering(&visit.goods[place].handle, *offer);
        }
        *offer
    }

    async fn offer(&self, visit: &Visit, place: usize, offer: Offer) {
        let (world, handle) = (&visit.site.world, &visit.goods[place].handle);
        let candidate = VariantId::from_uuid(world.sortable());
        let imported = visit.market.products.import(product(handle, candidate, offer)).await;
        world.note(format_args!("{handle} is offered as {offer:?}: {}", imported.is_ok()));
        if imported.is_ok() {
            lock(&self.offers)[place].1 = true;
            world.history().offered(handle);
        }
    }
}
