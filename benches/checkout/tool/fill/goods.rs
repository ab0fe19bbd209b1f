//! The products of a fill: each holds and sells for many orders in one commit.

use anyhow::{Context, anyhow, ensure};
use souk_domain::aggregate::{Aggregate, Seq, handle};
use souk_domain::cart::command::Offer;
use souk_domain::id::{OrderId, ProductId};
use souk_domain::product::command::ProductCommand;
use souk_domain::product::state::{HeldLine, Product};
use souk_domain::product::view::ProductView;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal};
use souk_persistence::rows::{HoldRow, HoldState, ProductRow, Row};

use super::record;

const PAGE: usize = 500;

pub struct Good {
    entity: EntityId,
    id: ProductId,
    state: Product,
    head: Seq,
    pub offer: Offer,
    /// Orders that bought one each and are not in the journal yet.
    pub sold_to: Vec<OrderId>,
}

/// Every product of the store.
///
/// # Errors
/// When one cannot be read or sold.
pub async fn read(journal: &dyn Journal) -> anyhow::Result<Vec<Good>> {
    let (mut goods, mut after) = (Vec::new(), None);
    loop {
        let page = journal.entities("prod", after.as_ref(), PAGE).await?;
        let Some(last) = page.last().cloned() else { break };
        for entity in page {
            goods.push(Good::read(journal, entity).await?);
        }
        after = Some(last);
    }
    ensure!(goods.len() >= 2, "an order takes two products, and there are {}", goods.len());
    Ok(goods)
}

impl Good {
    async fn read(journal: &dyn Journal, entity: EntityId) -> anyhow::Result<Self> {
        let loaded = journal.load(&entity, Product::SNAPSHOT_VERSION).await?;
        let mut state: Product = match &loaded.snapshot {
            Some((_, text)) => serde_json::from_str(text)?,
            None => Product::default(),
        };
        for recorded in &loaded.tail {
            state.evolve(&serde_json::from_str(&recorded.event)?);
        }
        let (id, variant) = state.id.zip(state.variants.first()).with_context(|| format!("{entity} has no variant"))?;
        let offer = Offer {
            variant_id: variant.id,
            product_id: id,
            title: state.details.title.clone(),
            unit_price: variant.price.amount,
        };
        Ok(Self { entity, id, state, head: loaded.head, offer, sold_to: Vec::new() })
    }

    /// Holds and sells for all that bought, and the snapshot after it.
    ///
    /// # Errors
    /// When the product does not have so many.
    pub fn commit(&mut self, now: Timestamp) -> anyhow::Result<Option<Commit>> {
        let lines = vec![HeldLine { variant: self.offer.variant_id, quantity: 1 }];
        let (mut events, mut rows) = (Vec::new(), Vec::new());
        for order in std::mem::take(&mut self.sold_to) {
            let hold = ProductCommand::Hold { order, lines: lines.clone(), not_after: now };
            for command in [hold, ProductCommand::Sell { order }] {
                let decided = handle(&mut self.state, &command, now);
                events.extend(decided.map_err(|refusal| anyhow!("{} refuses: {refusal:?}", self.id))?);
            }
            let (product_id, order_id, lines) = (self.id, order, lines.clone());
            rows.push(Row::Hold(HoldRow { product_id, order_id, state: HoldState::Sold, lines }));
        }
        if events.is_empty() {
            return Ok(None);
        }
        let seq = self.head + events.len() as Seq;
        let view = ProductView::of(&self.state, seq).context("a product that was sold has a view")?;
        rows.push(Row::Product(Box::new(ProductRow { id: self.id, seq, handle: view.handle.clone(), view })));
        let commit = record::commit(self.entity.clone(), self.head, (&self.state, &events), now, rows)?;
        self.head = seq;
        Ok(Some(Commit { snapshot: Some(record::snapshot(&self.state)?), ..commit }))
    }
}
