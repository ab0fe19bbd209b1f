//! The audit's chain. Whoever adds to it has it alone until its transaction ends, so the newest record stays the newest
//! until the next is written.

use souk_domain::account::audit::{Chain, Entry};
use sqlx::Error;
use sqlx::postgres::PgConnection;

use crate::postgres::text;

pub(super) async fn record(connection: &mut PgConnection, entry: &Entry) -> Result<(), Error> {
    // The schema's own lock: there is no row to lock before the first record.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('souk audit ' || current_schema(), 0))")
        .execute(&mut *connection)
        .await?;
    let head: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, hash from audit_head").fetch_optional(&mut *connection).await?;
    let mut chain = match head {
        Some((seq, hash)) => {
            let hash = hash.try_into().map_err(|_| Error::Decode("the audit's head has not 32 bytes".into()))?;
            Chain { seq: seq.cast_unsigned(), hash }
        }
        None => Chain::default(),
    };
    let record = chain.append(entry.clone());
    let Entry { at, action, actor, subject, detail } = &record.entry;
    let (seq, hash) = (record.seq.cast_signed(), record.hash.to_vec());
    sqlx::query(
        "insert into audit (seq, at, action, actor, subject, detail, hash) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(seq)
    .bind(at.as_millis())
    .bind(text::kept(action))
    .bind(actor.as_deref().map(text::kept))
    .bind(subject.as_deref().map(text::kept))
    .bind(text::kept(detail))
    .bind(&hash)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into audit_head (one, seq, hash) values (1, $1, $2)
         on conflict (one) do update set seq = excluded.seq, hash = excluded.hash",
    )
    .bind(seq)
    .bind(hash)
    .execute(connection)
    .await
    .map(|_| ())
}
