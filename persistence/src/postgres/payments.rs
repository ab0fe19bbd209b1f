//! What is asked about payments.

use async_trait::async_trait;

use super::domains::Payments;
use super::store::PostgresStore;
use super::text;
use crate::error::StoreError;
use crate::rows::PaymentRow;
use crate::sql::records::StoredPayment;
use crate::stores::PaymentStore;

#[async_trait]
impl PaymentStore for PostgresStore<Payments> {
    async fn payment_by_provider_ref(&self, provider_ref: &str) -> Result<Option<PaymentRow>, StoreError> {
        let query = sqlx::query_as("select * from payment_rows where provider_ref = $1 order by id limit 1");
        let row: Option<StoredPayment> = self.database.optional(query.bind(text::kept(provider_ref))).await?;
        let Some(mut row) = row else { return Ok(None) };
        row.provider_ref = row.provider_ref.map(text::given);
        row.decode().map(Some)
    }
}
