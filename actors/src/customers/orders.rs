//! Own orders, and those that were placed as a guest with the account's address.

use serde::Serialize;
use souk_domain::id::OrderId;
use souk_domain::money::Money;
use souk_domain::order::command::OrderCommand;
use souk_domain::time::Timestamp;
use souk_persistence::accounts::AccountRecord;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::OrderRow;
use utoipa::ToSchema;

use crate::marketplace::Marketplace;

/// Orders that are claimed at one time; the rest follows at the next sign-in.
const MOST_CLAIMED: usize = 100;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderItem {
    #[schema(value_type = String)]
    pub id: OrderId,
    /// What people call it.
    pub number: u64,
    #[schema(example = "confirmed")]
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    pub total: Money,
    /// Units; null for an order from before they were counted.
    pub items_count: Option<u32>,
}

impl OrderItem {
    fn of(row: OrderRow) -> Option<Self> {
        let OrderRow { id, number, status, placed_at, total, currency, items_count, .. } = row;
        let total = Money::new(total, currency.parse().ok()?);
        Some(Self { id, number, status, placed_at, total, items_count })
    }
}

impl Marketplace {
    /// The newest first; with where the next page begins.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn orders_of(
        &self,
        owner: &str,
        before: Option<(Timestamp, OrderId)>,
        limit: usize,
    ) -> Result<(Vec<OrderItem>, Option<(Timestamp, OrderId)>), StoreError> {
        let rows = self.orders.store.orders_of(owner, before, limit).await?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|row| (row.placed_at, row.id));
        Ok((rows.into_iter().filter_map(OrderItem::of).collect(), next))
    }

    /// Gives the account what was placed with its address, once mail there is known to reach it. What fails is
    /// claimed at the next sign-in.
    pub async fn claim_orders_of(&self, account: &AccountRecord) {
        if account.email_confirmed_at.is_none() {
            return;
        }
        let digest = self.email_key.digest(&account.email);
        let orders = match self.orders.store.unclaimed_orders(&digest, MOST_CLAIMED).await {
            Ok(orders) => orders,
            Err(error) => return tracing::warn!(%error, "orders of an address could not be looked for"),
        };
        for order in orders {
            let claim = OrderCommand::Claim { owner: account.id };
            if let Err(error) = self.orders.directory.call(&EntityId::new(order.id), claim).await {
                tracing::warn!(order = %order.id, ?error, "an order could not be claimed");
            }
        }
    }
}
