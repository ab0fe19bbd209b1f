//! What is asked about payments.

use async_trait::async_trait;
use sqlx::FromRow;

use super::domains::Payments;
use super::products::parse;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::rows::PaymentRow;
use crate::stores::PaymentStore;

#[derive(FromRow)]
struct StoredPayment {
    id: String,
    seq: i64,
    order_id: String,
    status: String,
    amount: i64,
    captured: i64,
    refunded: i64,
    currency: String,
    provider_ref: Option<String>,
}

impl StoredPayment {
    fn decode(self) -> Result<PaymentRow, StoreError> {
        let Self { id, seq, order_id, status, amount, captured, refunded, currency, provider_ref } = self;
        Ok(PaymentRow {
            id: parse(&id)?,
            seq: seq.cast_unsigned(),
            order_id: parse(&order_id)?,
            status,
            amount,
            captured,
            refunded,
            currency,
            provider_ref,
        })
    }
}

#[async_trait]
impl PaymentStore for SqliteStore<Payments> {
    async fn payment_by_provider_ref(&self, provider_ref: &str) -> Result<Option<PaymentRow>, StoreError> {
        let query = sqlx::query_as("select * from payment_rows where provider_ref = ?1 order by id limit 1");
        let row: Option<StoredPayment> = self.database.optional(query.bind(provider_ref)).await?;
        row.map(StoredPayment::decode).transpose()
    }
}
