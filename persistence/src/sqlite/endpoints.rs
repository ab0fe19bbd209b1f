//! Where webhooks go: plain records in the orders' file.

use souk_domain::id::EndpointId;

use super::database::Database;
use crate::error::StoreError;
use crate::outbox::EndpointRecord;
use crate::sql::deliveries::StoredEndpoint;

pub(super) async fn all(database: &Database) -> Result<Vec<EndpointRecord>, StoreError> {
    let query = sqlx::query_as("select * from webhook_endpoints order by id");
    let rows: Vec<StoredEndpoint> = database.all(query).await?;
    rows.into_iter().map(StoredEndpoint::decode).collect()
}

pub(super) async fn one(database: &Database, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError> {
    let query = sqlx::query_as("select * from webhook_endpoints where id = ?1").bind(id.to_string());
    let row: Option<StoredEndpoint> = database.optional(query).await?;
    row.map(StoredEndpoint::decode).transpose()
}

/// ?10: how many there may be.
const INSERT: &str = "
    insert into webhook_endpoints
        (id, version, url, description, events, secrets, disabled_because, created_at, changed_at)
    select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 where (select count(*) from webhook_endpoints) < ?10";

pub(super) async fn insert(database: &Database, record: EndpointRecord, most: usize) -> Result<bool, StoreError> {
    write(database, INSERT, record, Some(i64::try_from(most).unwrap_or(i64::MAX))).await
}

const REPLACE: &str = "
    update webhook_endpoints set
        version = ?2, url = ?3, description = ?4, events = ?5, secrets = ?6, disabled_because = ?7,
        created_at = ?8, changed_at = ?9
    where id = ?1 and version = ?2 - 1";

pub(super) async fn replace(database: &Database, record: EndpointRecord) -> Result<bool, StoreError> {
    write(database, REPLACE, record, None).await
}

/// Returns whether a row was written.
async fn write(
    database: &Database,
    statement: &'static str,
    record: EndpointRecord,
    most: Option<i64>,
) -> Result<bool, StoreError> {
    let record = StoredEndpoint::encode(record)?;
    let written =
        database.write(move |connection| {
            let StoredEndpoint {
                id,
                version,
                url,
                description,
                events,
                secrets,
                disabled_because,
                created_at,
                changed_at,
            } = record.clone();
            let query = sqlx::query(statement)
                .bind(id)
                .bind(version)
                .bind(url)
                .bind(description)
                .bind(events)
                .bind(secrets)
                .bind(disabled_because)
                .bind(created_at)
                .bind(changed_at);
            let query = if let Some(most) = most { query.bind(most) } else { query };
            Box::pin(async move { query.execute(connection).await.map(|done| done.rows_affected() == 1) })
        });
    written.await
}

pub(super) async fn remove(database: &Database, id: EndpointId) -> Result<bool, StoreError> {
    let removed = database.write(move |connection| {
        Box::pin(async move {
            // The second condition is what makes the index of the log fit.
            sqlx::query("delete from deliveries where endpoint = ?1 and endpoint <> ''")
                .bind(id.to_string())
                .execute(&mut *connection)
                .await?;
            let endpoint = sqlx::query("delete from webhook_endpoints where id = ?1").bind(id.to_string());
            endpoint.execute(connection).await.map(|done| done.rows_affected() == 1)
        })
    });
    removed.await
}
