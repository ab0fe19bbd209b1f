//! What a product writes beside its journal, and what it publishes.

use std::sync::Arc;

use souk_domain::id::{OrderId, ProductId};
use souk_domain::product::event::ProductEvent;
use souk_domain::product::state::{HeldLine, Product};
use souk_domain::product::view::ProductView;
use souk_persistence::journal::Journal;
use souk_persistence::rows::{HoldRow, HoldState, ProductRow, Row, VariantRow};
use tokio::sync::Notify;

use super::views::{Published, Views};
use crate::runtime::entity::{Committed, Entity};
use crate::runtime::peers::News;
use crate::topics::hub::Hub;
use crate::topics::topic::Topic;

pub struct ProductEntity {
    pub journal: Arc<dyn Journal>,
    pub views: Views,
    pub hub: Hub,
    /// Tells the followers that there is something new to read.
    pub changed: Arc<Notify>,
}

impl Entity for ProductEntity {
    type Aggregate = Product;
    type Step = ();
    const KIND: &'static str = "prod";
    // A product holds nothing personal, and a hot one is followed by every node.
    const NEWS: News = News::Events;

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, change: &Committed<'_, Product>) -> Vec<Row> {
        let Some(view) = ProductView::of(change.state, change.seq()) else { return vec![] };
        let id = view.id;
        let mut rows: Vec<Row> = change.events.iter().filter_map(|event| event_row(id, event)).collect();
        let handle = view.handle.clone();
        rows.push(Row::Product(Box::new(ProductRow { id, seq: change.seq(), handle, view })));
        rows
    }

    fn publish(&self, change: &Committed<'_, Product>) {
        let Some(view) = ProductView::of(change.state, change.seq()) else { return };
        let published = Arc::new(Published::new(view));
        // The view first: whoever subscribes between the two reads the new one and may hear it again,
        // the other way round would miss it.
        self.views.publish(Arc::clone(&published));
        let topic = Topic::Product(published.view.id);
        if self.hub.has_followers(topic) {
            self.hub.publish_state(topic, published.view.seq, published.body());
        }
        self.changed.notify_one();
    }
}

fn event_row(product_id: ProductId, event: &ProductEvent) -> Option<Row> {
    let hold = |order_id: &OrderId, state, lines: &[HeldLine]| {
        Row::Hold(HoldRow { product_id, order_id: *order_id, state, lines: lines.to_vec() })
    };
    match event {
        ProductEvent::VariantAdded { variant, .. } | ProductEvent::VariantChanged { variant } => {
            Some(Row::Variant(VariantRow { id: variant.id, product_id, sku: variant.sku.clone() }))
        }
        ProductEvent::Held { order, lines } => Some(hold(order, HoldState::Held, lines)),
        ProductEvent::Released { order, lines } => Some(hold(order, HoldState::Released, lines)),
        ProductEvent::Sold { order, lines } => Some(hold(order, HoldState::Sold, lines)),
        ProductEvent::Created { .. }
        | ProductEvent::DetailsChanged { .. }
        | ProductEvent::Repriced { .. }
        | ProductEvent::Stocked { .. }
        | ProductEvent::StockAdjusted { .. }
        | ProductEvent::ReleaseNoted { .. } => None,
    }
}
