//! Leases on the server's clock.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::domains::JournalDomain;
use super::store::PostgresStore;
use super::text;
use crate::error::StoreError;
use crate::leases::{Leases, Term};

/// $1 name, $2 node, $3 milliseconds. No row: another has it. The clock is read when the row is ours to look at, not when
/// the statement began.
const ACQUIRE: &str = "
    insert into leases as it (name, holder, term, ends_at)
    values ($1, $2::uuid, 1, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (name) do update set
        holder = excluded.holder,
        term = it.term + case when it.holder is distinct from excluded.holder then 1 else 0 end,
        ends_at = clock_timestamp() + $3 * interval '1 millisecond'
    where it.holder = excluded.holder or it.ends_at <= clock_timestamp()
    returning term";

const RELEASE: &str = "update leases set holder = null, ends_at = '-infinity' where name = $1 and holder = $2::uuid";

#[async_trait]
impl<D: JournalDomain> Leases for PostgresStore<D> {
    async fn acquire(&self, lease: &str, node: Uuid, time: Duration) -> Result<Option<Term>, StoreError> {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let query = sqlx::query_as(ACQUIRE).bind(text::kept(lease)).bind(node.simple().to_string()).bind(millis);
        let term: Vec<(i64,)> = self.database.returning(query).await?;
        Ok(term.first().map(|(term,)| term.cast_unsigned()))
    }

    async fn release(&self, lease: &str, node: Uuid) -> Result<(), StoreError> {
        let query = sqlx::query(RELEASE).bind(text::kept(lease)).bind(node.simple().to_string());
        self.database.execute(query).await.map(|_| ())
    }
}
