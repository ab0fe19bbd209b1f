//! The products of a fill: each holds and sells for many orders in one commit.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use souk_domain::aggregate::{Aggregate, Seq, handle};
use souk_domain::id::{OrderId, ProductId};
use souk_domain::product::command::ProductCommand;
use souk_domain::product::state::{HeldLine, Product};
use souk_domain::product::view::ProductView;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal, Relay, Snapshot};
use souk_persistence::rows::{HoldRow, HoldState, ProductRow, Row};
use uuid::Uuid;

const PAGE: usize = 500;

pub struct Good {
    entity: EntityId,
    id: ProductId,
    state: Product,
    head: Seq,
    /// Orders that are not in the journal yet, with what they bought.
    pub sold_to: Vec<(OrderId, Vec<HeldLine>)>,
}

/// Every product of the store.
///
/// # Errors
/// When one cannot be read.
pub async fn read(journal: &dyn Journal) -> anyhow::Result<BTreeMap<ProductId, Good>> {
    let (mut goods, mut after) = (BTreeMap::new(), None);
    loop {
        let page = journal.entities("prod", after.as_ref(), PAGE).await?;
        let Some(last) = page.last().cloned() else { return Ok(goods) };
        for entity in page {
            let good = Good::read(journal, entity).await?;
            goods.insert(good.id, good);
        }
        after = Some(last);
    }
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
        let id = state.id.with_context(|| format!("{entity} was never created"))?;
        Ok(Self { entity, id, state, head: loaded.head, sold_to: Vec::new() })
    }

    /// Holds and sells for all that bought, in one commit with the snapshot after it; none when nobody did.
    ///
    /// # Errors
    /// When the product does not have so many.
    pub fn commit(&mut self, now: Timestamp) -> anyhow::Result<Option<Commit>> {
        let (mut events, mut rows) = (Vec::new(), Vec::new());
        for (order, lines) in std::mem::take(&mut self.sold_to) {
            let hold = ProductCommand::Hold { order, lines: lines.clone(), not_after: now };
            for command in [hold, ProductCommand::Sell { order }] {
                let decided = handle(&mut self.state, &command, now);
                for event in decided.map_err(|refusal| anyhow!("{} refuses: {refusal:?}", self.id))? {
                    events.push(serde_json::to_string(&event)?);
                }
            }
            rows.push(Row::Hold(HoldRow { product_id: self.id, order_id: order, state: HoldState::Sold, lines }));
        }
        if events.is_empty() {
            return Ok(None);
        }
        let predecessor = self.head;
        self.head += events.len() as Seq;
        let view = ProductView::of(&self.state, self.head).context("a product that was sold has a view")?;
        rows.push(Row::Product(Box::new(ProductRow {
            id: self.id,
            seq: self.head,
            handle: view.handle.clone(),
            view,
        })));
        let state = serde_json::to_string(&self.state)?;
        Ok(Some(Commit {
            entity: self.entity.clone(),
            predecessor,
            commit_id: Uuid::new_v4(),
            at: now,
            events,
            snapshot: Some(Snapshot { version: Product::SNAPSHOT_VERSION, state }),
            due_at: self.state.due_at(),
            relay: Relay::Nobody,
            rows,
        }))
    }
}
