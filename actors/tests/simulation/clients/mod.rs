//! Those who use the shop. Each kind is one file; a client's memory outlives the process it talks to, so that what
//! was not answered before a crash is asked again after it, under the same key.
//!
//! * [`buyer`]: carts, checkouts, payments, cancellations
//! * [`chatter`]: posts messages, again after errors
//! * [`reader`]: follows a room, and comes back with the last number it saw
//! * [`seller`]: prices and stock
//! * [`staff`]: gives money back
//! * [`rival`]: another writer on the same stores, so that commits conflict

pub mod buyer;
pub mod chatter;
pub mod reader;
pub mod rival;
pub mod seller;
pub mod staff;

use std::sync::Arc;
use std::time::Duration;

use souk_actors::marketplace::Marketplace;
use souk_actors::viewer::{Identity, Role};
use souk_domain::id::{ProductId, RoomId, VariantId};

use crate::house::Site;

/// What every client needs: where it is, and the process that it talks to in this life.
#[derive(Clone)]
pub struct Visit {
    pub site: Site,
    pub market: Arc<Marketplace>,
    pub goods: Arc<[Goods]>,
    pub room: RoomId,
}

/// Something on sale.
#[derive(Debug, Clone)]
pub struct Goods {
    pub handle: String,
    pub product: ProductId,
    pub variant: VariantId,
}

impl Visit {
    /// Does something else for a while.
    pub async fn think(&self, most_millis: u64) {
        let millis = 1 + self.site.world.below(most_millis);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    pub fn any_variant(&self) -> VariantId {
        // The first is hot: half of all go there.
        let world = &self.site.world;
        let place = if world.happens(500) { 0 } else { world.below(self.goods.len() as u64) as usize };
        self.goods[place].variant
    }
}

pub fn person(name: &str) -> Identity {
    Identity { id: format!("guest_{name}"), name: name.to_owned(), role: Role::Guest }
}
