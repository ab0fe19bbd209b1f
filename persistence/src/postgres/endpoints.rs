//! Where webhooks go: plain records in the orders' schema.

use souk_domain::id::EndpointId;

use super::database::Database;
use super::journal::rows;
use super::text;
use crate::error::StoreError;
use crate::outbox::EndpointRecord;
use crate::sql::deliveries::StoredEndpoint;

pub(super) async fn all(database: &Database) -> Result<Vec<EndpointRecord>, StoreError> {
    let query = sqlx::query_as("select * from webhook_endpoints order by id");
    let rows: Vec<StoredEndpoint> = database.all(query).await?;
    rows.into_iter().map(decode).collect()
}

pub(super) async fn one(database: &Database, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError> {
    let query = sqlx::query_as("select * from webhook_endpoints where id = $1").bind(id.to_string());
    let row: Option<StoredEndpoint> = database.optional(query).await?;
    row.map(decode).transpose()
}

fn decode(row: StoredEndpoint) -> Result<EndpointRecord, StoreError> {
    let StoredEndpoint { url, description, disabled_because, .. } = row;
    let disabled_because = disabled_because.map(text::given);
    let row = StoredEndpoint { url: text::given(url), description: text::given(description), disabled_because, ..row };
    row.decode()
}

/// $10: how many there may be.
const INSERT: &str = "
    insert into webhook_endpoints
        (id, version, url, description, events, secrets, disabled_because, created_at, changed_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9 where (select count(*) from webhook_endpoints) < $10";

pub(super) async fn insert(database: &Database, record: EndpointRecord, most: usize) -> Result<bool, StoreError> {
    let record = StoredEndpoint::encode(record)?;
    let inserted = database.transaction(move |connection| {
        Box::pin(async move {
            sqlx::query("lock table webhook_endpoints in share row exclusive mode").execute(&mut *connection).await?;
            let query = bind(INSERT, &record).bind(rows(most));
            query.execute(connection).await.map(|done| done.rows_affected() == 1)
        })
    });
    inserted.await
}

const REPLACE: &str = "
    update webhook_endpoints set
        version = $2, url = $3, description = $4, events = $5, secrets = $6, disabled_because = $7,
        created_at = $8, changed_at = $9
    where id = $1 and version = $2 - 1";

pub(super) async fn replace(database: &Database, record: EndpointRecord) -> Result<bool, StoreError> {
    let record = StoredEndpoint::encode(record)?;
    Ok(database.execute(bind(REPLACE, &record)).await? == 1)
}

/// $1 to $9.
fn bind<'q>(
    statement: &'static str,
    record: &StoredEndpoint,
) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let StoredEndpoint { id, version, url, description, events, secrets, disabled_because, created_at, changed_at } =
        record;
    sqlx::query(statement)
        .bind(id)
        .bind(version)
        .bind(text::kept(url))
        .bind(text::kept(description))
        .bind(events)
        .bind(secrets)
        .bind(disabled_because.as_deref().map(text::kept))
        .bind(created_at)
        .bind(changed_at)
}

const REMOVE: &str = "
    with forgotten as (delete from deliveries where endpoint = $1 and endpoint <> '')
    delete from webhook_endpoints where id = $1";

pub(super) async fn remove(database: &Database, id: EndpointId) -> Result<bool, StoreError> {
    Ok(database.execute(sqlx::query(REMOVE).bind(id.to_string())).await? == 1)
}
