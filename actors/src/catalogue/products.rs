//! The calls that change products. Each may be sent twice without harm.

use std::sync::Arc;

use souk_domain::aggregate::{Aggregate, handle};
use souk_domain::id::{OrderId, ProductId};
use souk_domain::product::command::{
    ImportReport, ImportedProduct, ProductAnswer, ProductCommand, ProductRefusal, Shortage,
};
use souk_domain::product::state::{HeldLine, Product};
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::HoldState;
use souk_persistence::stores::ProductStore;

use super::entity::ProductEntity;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};
use crate::runtime::world::Chance;

#[derive(Clone)]
pub struct Products {
    pub directory: Directory<ProductEntity>,
    pub store: Arc<dyn ProductStore>,
    pub chance: Arc<dyn Chance>,
}

pub type ProductError = CallError<ProductRefusal>;

/// What an import did to one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub id: ProductId,
    pub outcome: ImportOutcome,
    pub report: ImportReport,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    Created,
    Changed,
    Unchanged,
}

impl Products {
    /// Creates the product of this handle, or changes what differs and nothing else.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn import(&self, product: ImportedProduct) -> Result<Imported, ProductError> {
        let candidate = ProductId::from_uuid(self.chance.sortable());
        let id = self.store.reserve_handle(&product.details.handle, candidate).await.map_err(unavailable)?;
        let entity = EntityId::new(id);
        let before = self.directory.read(&entity, |_, seq| seq).await?;
        let command = ProductCommand::Import { id, product: Box::new(product) };
        let report = match self.directory.call(&entity, command).await? {
            ProductAnswer::Imported(report) => report,
            ProductAnswer::Done => ImportReport { refused: vec![] },
        };
        let after = self.directory.read(&entity, |_, seq| seq).await?;
        let outcome = match (before, after) {
            (0, _) => ImportOutcome::Created,
            (before, after) if before == after => ImportOutcome::Unchanged,
            _ => ImportOutcome::Changed,
        };
        Ok(Imported { id, outcome, report })
    }

    /// What [`Products::import`] would do, without doing it.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn preview(&self, product: &ImportedProduct) -> Result<Imported, ProductError> {
        let known = self.store.product_by_handle(&product.details.handle).await.map_err(unavailable)?;
        let Some(known) = known else {
            let id = ProductId::from_uuid(self.chance.sortable());
            return Ok(Imported { id, outcome: ImportOutcome::Created, report: ImportReport { refused: vec![] } });
        };
        let command = ProductCommand::Import { id: known.id, product: Box::new(product.clone()) };
        let decided = move |state: &Product, _| {
            let mut state = state.clone();
            let now = state.created_at;
            let changed = handle(&mut state, &command, now).is_ok_and(|events| !events.is_empty());
            (changed, state.answer(&command))
        };
        let (changed, answer) = self.directory.read(&EntityId::new(known.id), decided).await?;
        let outcome = if changed { ImportOutcome::Changed } else { ImportOutcome::Unchanged };
        let report = match answer {
            ProductAnswer::Imported(report) => report,
            ProductAnswer::Done => ImportReport { refused: vec![] },
        };
        Ok(Imported { id: known.id, outcome, report })
    }

    /// Sets units aside for an order. The inner error says what is left of the lines that asked for too much.
    ///
    /// # Errors
    /// Why it could not be asked; then nobody knows whether the units are held.
    pub async fn hold(
        &self,
        product: ProductId,
        order: OrderId,
        lines: Vec<HeldLine>,
        not_after: Timestamp,
    ) -> Result<Result<(), Vec<Shortage>>, Unavailable> {
        let sold_out =
            |lines: &[HeldLine]| lines.iter().map(|line| Shortage { variant_id: line.variant, available: 0 }).collect();
        let command = ProductCommand::Hold { order, lines: lines.clone(), not_after };
        match self.directory.call_internal(&EntityId::new(product), command).await {
            Ok(_) => Ok(Ok(())),
            Err(CallError::Refused(ProductRefusal::OutOfStock(items))) => Ok(Err(items)),
            Err(CallError::Refused(ProductRefusal::TooManyHolds)) => Err(Unavailable::Busy),
            Err(CallError::Refused(
                ProductRefusal::NotFound | ProductRefusal::HoldTooLate | ProductRefusal::HoldUnknown,
            )) => Ok(Err(sold_out(&lines))),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }

    /// Gives an order's units back.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn release(&self, product: ProductId, order: OrderId, not_after: Timestamp) -> Result<(), Unavailable> {
        match self.directory.call_internal(&EntityId::new(product), ProductCommand::Release { order, not_after }).await
        {
            Ok(_) | Err(CallError::Refused(_)) => Ok(()),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }

    /// Turns an order's hold into a sale. A hold that the product no longer has in memory is looked up
    /// in the store before it is called unknown.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn sell(&self, product: ProductId, order: OrderId) -> Result<Sale, Unavailable> {
        match self.directory.call_internal(&EntityId::new(product), ProductCommand::Sell { order }).await {
            Ok(_) => Ok(Sale::Sold),
            Err(CallError::Refused(_)) => {
                let hold = self.store.hold(product, order).await.map_err(|_| Unavailable::Store)?;
                Ok(if hold.is_some_and(|hold| hold.state == HoldState::Sold) { Sale::Sold } else { Sale::NoHold })
            }
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    Sold,
    NoHold,
}

fn unavailable(error: StoreError) -> ProductError {
    tracing::warn!(%error, "the product store could not be asked");
    CallError::Unavailable(Unavailable::Store)
}
