//! What is asked about payments.

use async_trait::async_trait;

use super::domains::Payments;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::rows::PaymentRow;
use crate::sql::records::StoredPayment;
use crate::stores::PaymentStore;

#[async_trait]
impl PaymentStore for SqliteStore<Payments> {
    async fn payment_by_provider_ref(&self, provider_ref: &str) -> Result<Option<PaymentRow>, StoreError> {
        let query = sqlx::query_as("select * from payment_rows where provider_ref = ?1 order by id limit 1");
        let row: Option<StoredPayment> = self.database.optional(query.bind(provider_ref)).await?;
        row.map(StoredPayment::decode).transpose()
    }
}
