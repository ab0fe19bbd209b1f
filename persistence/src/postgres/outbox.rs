//! The outbox beside the journals of orders: a statement for a whole batch of marks, deliveries or outcomes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Deserialize;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_domain::time::Timestamp;

use super::columns::{Columns, Kind};
use super::domains::Orders;
use super::endpoints;
use super::journal::rows;
use super::store::PostgresStore;
use super::text;
use crate::error::StoreError;
use crate::journal::{EntityId, Recorded};
use crate::leases::Holder;
use crate::outbox::{
    Backlog, Consumer, Delivery, EndpointRecord, NewDelivery, OutboxStore, Outcome, Retention, Waiting,
};
use crate::sealing::KeySource;
use crate::sql::cell::Cell;
use crate::sql::deliveries::{StoredDelivery, consumer_names, delivery_cells, mark_cells, outcome_cells};
use crate::sql::events;

/// The commits with events above the mark, longest waiting first. The types are read here and not there: the server's
/// JSON functions stumble over escapes that JSON allows.
const WAITING: &str = "
    with waiting as materialized (
        select number, id, relayed_to, head, unrelayed_since from entities
        where unrelayed_since is not null order by unrelayed_since, number limit $1
    )
    select id, head, relayed_to, first, events, unrelayed_since, number
    from waiting join archived_commits on entity = number and first + count - 1 > relayed_to
    union all
    select id, head, relayed_to, first, events, unrelayed_since, number
    from waiting join commits on entity = number and first + count - 1 > relayed_to
    order by unrelayed_since, number, first";

const JOURNALS: &str = "
    with wanted as materialized (select number, id from entities where id = any($1))
    select id, first, at, events from wanted join archived_commits on entity = number
    union all
    select id, first, at, events from wanted join commits on entity = number
    order by 1, 2";

/// $1 to $7 deliveries, $8 and $9 marks. A delivery waits with what stands before it in its line.
const RELAY: &str = "
    with put as (
        insert into deliveries (id, consumer, endpoint, entity, seq, kind, state, next_at, created_at)
        select n.id, n.consumer, n.endpoint, n.entity, n.seq, n.kind, 'pending',
               greatest(n.created_at, (
                   select max(next_at) from deliveries as before
                   where before.state = 'pending' and before.entity = n.entity and before.consumer = n.consumer
                     and before.endpoint = n.endpoint)),
               n.created_at
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
            with ordinality as n (id, consumer, endpoint, entity, seq, kind, created_at, place)
        order by n.place
        on conflict (id) do nothing
    ),
    marks as materialized (
        select number, least(m.mark, head) as mark
        from unnest($8::text[], $9::bigint[]) as m (id, mark) join entities on entities.id = m.id
    ),
    moved as (
        update entities set
            relayed_to = marks.mark,
            unrelayed_since = case when marks.mark < entities.head then entities.unrelayed_since end
        from marks where entities.number = marks.number and entities.relayed_to < marks.mark
        returning entities.number
    )
    select count(*) from moved";

const DUE: &str = "
    select * from deliveries as it
    where state = 'pending' and consumer = $1 and endpoint = $2 and next_at <= $3 and not exists (
        select 1 from deliveries as before
        where before.state = 'pending' and before.entity = it.entity and before.consumer = it.consumer
          and before.endpoint = it.endpoint and before.position < it.position)
    order by next_at, position limit $4";

/// $1 delivery, $2 now, $3 until, $4 lease, $5 node. The lease's row is locked, so that it cannot change hands before
/// this is written.
const CLAIM: &str = "
    with held as materialized (
        select 1 from leases where name = $4 and holder = $5::uuid and ends_at > clock_timestamp() for share
    )
    update deliveries set next_at = $3
    where id = $1 and state = 'pending' and next_at <= $2 and exists (select 1 from held)";

const OUTCOMES: [Kind; 7] =
    [Kind::Text, Kind::Text, Kind::Integer, Kind::Integer, Kind::Integer, Kind::Text, Kind::Integer];

const SETTLE: &str = "
    update deliveries set
        state = o.state, next_at = o.next_at, attempts = o.attempts, attempted_at = o.attempted_at,
        last_error = o.last_error, last_status = o.last_status
    from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
        as o (id, state, next_at, attempts, attempted_at, last_error, last_status)
    where deliveries.id = o.id and deliveries.state = 'pending'
    returning deliveries.id";

/// What stands behind a delivery that is tried again later waits as long, so that it is not looked at in vain.
const HOLD_BACK: &str = "
    with failed as materialized (
        select position, entity, consumer, endpoint, next_at from deliveries where id = any($1) and state = 'pending'
    )
    update deliveries set next_at = failed.next_at from failed
    where deliveries.state = 'pending' and deliveries.entity = failed.entity
      and deliveries.consumer = failed.consumer and deliveries.endpoint = failed.endpoint
      and deliveries.position > failed.position and deliveries.next_at < failed.next_at";

/// The second condition on the state is what makes the partial index fit.
const FORGET: &str = "
    delete from deliveries where position in (
        select position from deliveries where state = 'delivered' and state <> 'pending' and attempted_at < $1
        union all
        select position from deliveries where state = 'parked' and state <> 'pending' and attempted_at < $2
        limit $3)";

const BACKLOG: &str = "
    select (select count(*) from (select 1 from deliveries where state = 'pending' limit $1) as counted),
           (select count(*) from (
               select 1 from deliveries where state = 'parked' and state <> 'pending' limit $1) as counted),
           (select min(created_at) from deliveries where state = 'pending')";

/// All that is read of an event to know whether anybody wants it.
#[derive(Deserialize)]
struct Tagged {
    #[serde(rename = "type", default)]
    kind: String,
}

fn columns<'c, const N: usize>(kinds: [Kind; N], rows: &'c [[Cell; N]]) -> Result<Columns<'c>, StoreError> {
    let mut columns = Columns::new(kinds);
    rows.iter().try_for_each(|row| columns.push(row)).map_err(StoreError::Unavailable)?;
    Ok(columns)
}

fn decode(row: StoredDelivery) -> Result<Delivery, StoreError> {
    let delivery = row.decode()?;
    Ok(Delivery { last_error: delivery.last_error.map(text::given), ..delivery })
}

#[async_trait]
impl OutboxStore for PostgresStore<Orders> {
    async fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        let query = sqlx::query_as(WAITING).bind(rows(limit));
        let found: Vec<(String, i64, i64, i64, String)> = self.database.all(query).await?;
        let mut waiting: Vec<Waiting> = Vec::new();
        for (id, head, relayed_to, first, array) in found {
            let tags: Vec<Tagged> = serde_json::from_str(&array)
                .map_err(|error| StoreError::Damaged(format!("the events of {id} from {first} on: {error}")))?;
            if waiting.last().is_none_or(|last| last.entity.as_str() != id) {
                waiting.push(Waiting { entity: EntityId::new(id), head: head.cast_unsigned(), types: Vec::new() });
            }
            if let Some(last) = waiting.last_mut() {
                let numbered = (first.cast_unsigned()..).zip(tags.into_iter().map(|tag| tag.kind));
                last.types.extend(numbered.filter(|(seq, _)| *seq > relayed_to.cast_unsigned()));
            }
        }
        Ok(waiting)
    }

    async fn journals(&self, entities: &[EntityId]) -> Result<Vec<(EntityId, Vec<Recorded>)>, StoreError> {
        let ids: Vec<&str> = entities.iter().map(EntityId::as_str).collect();
        let found: Vec<(String, i64, i64, String)> = self.database.all(sqlx::query_as(JOURNALS).bind(ids)).await?;
        let mut journals: BTreeMap<EntityId, Vec<Recorded>> = BTreeMap::new();
        for (id, first, at, events) in found {
            let entity = EntityId::new(id);
            let journal = journals.entry(entity.clone()).or_default();
            events::extend(journal, &entity, (first, at, events)).map_err(StoreError::Damaged)?;
        }
        let mut journals: Vec<_> = journals.into_iter().collect();
        self.unseal_all(&mut journals).await?;
        Ok(journals)
    }

    async fn relay(&self, marks: Vec<(EntityId, Seq)>, deliveries: Vec<NewDelivery>) -> Result<(), StoreError> {
        let deliveries: Vec<_> = deliveries.into_iter().map(delivery_cells).collect();
        let mut marks: Vec<_> = marks.into_iter().map(mark_cells).collect();
        // In the order in which the writer of commits locks them.
        marks.sort_by(|[one, _], [other, _]| one.text().cmp(&other.text()));
        let kinds = [Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Integer, Kind::Text, Kind::Integer];
        let (deliveries, marks) = (columns(kinds, &deliveries)?, columns([Kind::Text, Kind::Integer], &marks)?);
        let query = marks.bind(deliveries.bind(sqlx::query_as(RELAY)));
        let _moved: Vec<(i64,)> = self.database.returning(query).await?;
        Ok(())
    }

    async fn due(&self, consumer: Consumer, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let (consumer, endpoint) = consumer_names(consumer);
        let query = sqlx::query_as(DUE).bind(consumer).bind(endpoint).bind(now.as_millis()).bind(rows(limit));
        let due: Vec<StoredDelivery> = self.database.all(query).await?;
        due.into_iter().map(decode).collect()
    }

    async fn claim(
        &self,
        id: DeliveryId,
        holder: Holder,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let Holder { lease, node } = holder;
        let query = sqlx::query(CLAIM).bind(id.to_string()).bind(now.as_millis()).bind(until.as_millis());
        let query = query.bind(text::kept(lease)).bind(node.simple().to_string());
        Ok(self.database.execute(query).await? > 0)
    }

    async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), StoreError> {
        let outcomes: Vec<_> = outcomes.into_iter().map(outcome_cells).collect();
        let settled = self.database.transaction(move |connection| {
            Box::pin(async move {
                let columns = columns(OUTCOMES, &outcomes).map_err(|error| sqlx::Error::Encode(error.into()))?;
                let query = columns.bind(sqlx::query_as(SETTLE));
                let settled: Vec<(String,)> = query.fetch_all(&mut *connection).await?;
                let settled: Vec<String> = settled.into_iter().map(|(id,)| id).collect();
                sqlx::query(HOLD_BACK).bind(settled).execute(connection).await.map(|_| ())
            })
        });
        settled.await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let query = sqlx::query_as("select * from deliveries where id = $1").bind(id.to_string());
        let row: Option<StoredDelivery> = self.database.optional(query).await?;
        row.map(decode).transpose()
    }

    async fn log(&self, endpoint: EndpointId, before: Option<i64>, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let query = sqlx::query_as(
            "select * from deliveries where endpoint = $1 and endpoint <> '' and position < $2
             order by position desc limit $3",
        );
        let query = query.bind(endpoint.to_string()).bind(before.unwrap_or(i64::MAX)).bind(rows(limit));
        let found: Vec<StoredDelivery> = self.database.all(query).await?;
        found.into_iter().map(decode).collect()
    }

    async fn resend(&self, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>, StoreError> {
        let query = sqlx::query_as(
            "update deliveries set state = 'pending', next_at = $2, attempts = 0 where id = $1 returning *",
        );
        let rows: Vec<StoredDelivery> =
            self.database.returning(query.bind(id.to_string()).bind(now.as_millis())).await?;
        rows.into_iter().next().map(decode).transpose()
    }

    async fn forget(&self, retention: Retention, limit: usize) -> Result<u64, StoreError> {
        let Retention { delivered_before, parked_before } = retention;
        let query =
            sqlx::query(FORGET).bind(delivered_before.as_millis()).bind(parked_before.as_millis()).bind(rows(limit));
        self.database.execute(query).await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        let query = sqlx::query_as(BACKLOG).bind(Backlog::MOST.cast_signed());
        let counted: Option<(i64, i64, Option<i64>)> = self.database.optional(query).await?;
        let (pending, parked, oldest) = counted.unwrap_or_default();
        Ok(Backlog {
            pending: pending.cast_unsigned(),
            parked: parked.cast_unsigned(),
            oldest: oldest.map(Timestamp::from_millis),
        })
    }

    async fn endpoints(&self) -> Result<Vec<EndpointRecord>, StoreError> {
        endpoints::all(&self.database).await
    }

    async fn endpoint(&self, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError> {
        endpoints::one(&self.database, id).await
    }

    async fn insert_endpoint(&self, record: EndpointRecord, most: usize) -> Result<bool, StoreError> {
        endpoints::insert(&self.database, record, most).await
    }

    async fn replace_endpoint(&self, record: EndpointRecord) -> Result<bool, StoreError> {
        endpoints::replace(&self.database, record).await
    }

    async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError> {
        endpoints::remove(&self.database, id).await
    }
}
