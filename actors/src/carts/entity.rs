//! What a cart publishes, and its one step: once a checkout has begun, its order is placed, by the
//! cart's own process, so that a crash in between cannot lose it.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use souk_domain::cart::command::{CartCommand, CartRequest, Requester};
use souk_domain::cart::state::Cart;
use souk_domain::id::OrderId;
use souk_domain::pricing::rules::PriceRules;
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::rows::Row;

use super::view::CartView;
use crate::marketplace::Marketplace;
use crate::runtime::entity::{Committed, Entity, StepFailed, StepFuture};
use crate::topics::hub::Hub;
use crate::topics::topic::Topic;

pub struct CartEntity {
    pub journal: Arc<dyn Journal>,
    pub hub: Hub,
    pub rules: Arc<PriceRules>,
    pub market: Weak<Marketplace>,
}

impl Entity for CartEntity {
    type Aggregate = Cart;
    /// The order to be placed.
    type Step = OrderId;
    const KIND: &'static str = "cart";

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, _change: &Committed<'_, Cart>) -> Vec<Row> {
        vec![]
    }

    fn publish(&self, change: &Committed<'_, Cart>) {
        let Some(topic) = change.state.id.map(Topic::Cart).filter(|topic| self.hub.has_followers(*topic)) else {
            return;
        };
        if let Some(view) = CartView::of(change.state, &self.rules, change.at) {
            let state: Bytes = serde_json::to_vec(&view).expect("a view serialises to JSON").into();
            self.hub.publish_state(topic, change.seq(), &state);
        }
    }

    fn next_step(&self, cart: &Cart) -> Option<OrderId> {
        cart.order_to_place
    }

    fn perform(self: Arc<Self>, _id: EntityId, cart: Cart, order_id: OrderId) -> StepFuture<Self> {
        Box::pin(async move {
            let market = self.market.upgrade().ok_or_else(|| StepFailed("stopping".into()))?;
            market.orders.place(order_id, &cart, &self.rules).await.map_err(|cause| StepFailed(cause.to_string()))?;
            Ok(vec![CartRequest { by: Requester::Shop, command: CartCommand::OrderPlaced { order_id } }])
        })
    }
}
