//! How each change is written. Changes of one call stand in a savepoint: where one is refused, none was made. What is
//! counted or read before it is written is locked first, because other nodes write too.

use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;
use sqlx::{Error, Postgres};

use super::audit;
use crate::accounts::records::Digest;
use crate::accounts::{
    AccountRecord, AddressRecord, ApiKeyRecord, Change, Note, OneTime, Refused, SessionRecord, SigningKeyRecord,
};
use crate::postgres::text;

/// The outcome of one change or of all.
pub(super) type Written = Result<(), Refused>;

type Statement<'q> = Query<'q, Postgres, PgArguments>;

pub(super) async fn write_all(connection: &mut PgConnection, changes: &[Change]) -> Result<Written, Error> {
    execute(connection, sqlx::query("savepoint changes")).await?;
    let mut outcome = Ok(());
    for change in changes {
        outcome = write(connection, change).await?;
        if outcome.is_err() {
            execute(connection, sqlx::query("rollback to changes")).await?;
            break;
        }
    }
    execute(connection, sqlx::query("release changes")).await?;
    Ok(outcome)
}

async fn write(connection: &mut PgConnection, change: &Change) -> Result<Written, Error> {
    match change {
        Change::Insert(account) => insert(connection, account).await,
        Change::Replace(account) => replace(connection, account).await,
        Change::Delete { id, at } => {
            let revoke = sqlx::query(REVOKE).bind(id.to_string()).bind(i64::MAX).bind(at.as_millis());
            execute(connection, revoke).await?;
            let delete = sqlx::query("delete from accounts where id = $1").bind(id.to_string());
            one_or(connection, delete, Refused::Gone).await
        }
        Change::Revoke { id, epoch, at } => {
            let epoch = i64::try_from(*epoch).unwrap_or(i64::MAX);
            let revoke = sqlx::query(REVOKE).bind(id.to_string()).bind(epoch).bind(at.as_millis());
            any(connection, revoke).await
        }
        Change::OpenSession { session, token } => open_session(connection, session, token).await,
        Change::Rotate { from, to, at, expires_at } => {
            let spend = sqlx::query(SPEND_TOKEN).bind(from.to_vec()).bind(at.as_millis());
            if execute(connection, spend).await? == 0 {
                return Ok(Err(Refused::Spent));
            }
            let next = sqlx::query(NEXT_TOKEN).bind(to.to_vec()).bind(from.to_vec());
            execute(connection, next).await?;
            let used = sqlx::query(USED).bind(from.to_vec()).bind(at.as_millis()).bind(expires_at.as_millis());
            any(connection, used).await
        }
        Change::EndSession { id, account_id, at } => {
            let end =
                sqlx::query("update sessions set ended_at = $3 where id = $1 and account_id = $2 and ended_at is null");
            let end = end.bind(id.to_string()).bind(account_id.to_string()).bind(at.as_millis());
            one_or(connection, end, Refused::Gone).await
        }
        Change::EndSessions { account_id, except, at } => {
            let end = sqlx::query(
                "update sessions set ended_at = $3 where account_id = $1 and id is distinct from $2 and ended_at is null",
            );
            let except = except.map(|id| id.to_string());
            any(connection, end.bind(account_id.to_string()).bind(except).bind(at.as_millis())).await
        }
        Change::Issue(OneTime { digest, purpose, account_id, email, expires_at }) => {
            let issue = sqlx::query(
                "insert into one_time_secrets (digest, purpose, account_id, email, expires_at)
                 values ($1, $2, $3, $4, $5)",
            );
            let issue = issue.bind(digest.to_vec()).bind(purpose.as_str()).bind(account_id.to_string());
            any(connection, issue.bind(text::kept(email)).bind(expires_at.as_millis())).await
        }
        Change::Spend { digest } => {
            let spend = sqlx::query("delete from one_time_secrets where digest = $1").bind(digest.to_vec());
            one_or(connection, spend, Refused::Spent).await
        }
        Change::SpendAll { account_id } => {
            let spend = sqlx::query("delete from one_time_secrets where account_id = $1").bind(account_id.to_string());
            any(connection, spend).await
        }
        Change::Tell(note) => tell(connection, note).await,
        Change::Told { id } => {
            any(connection, sqlx::query("delete from notes where id = $1").bind(id.to_string())).await
        }
        Change::TellLater { id, attempts, next_at } => {
            let later = sqlx::query("update notes set attempts = $2, next_at = $3 where id = $1");
            any(connection, later.bind(id.to_string()).bind(i64::from(*attempts)).bind(next_at.as_millis())).await
        }
        Change::PutAddress { record, most } => put_address(connection, record, *most).await,
        Change::RemoveAddress { id, account_id } => {
            let remove = sqlx::query("delete from addresses where id = $1 and account_id = $2");
            one_or(connection, remove.bind(id.to_string()).bind(account_id.to_string()), Refused::Gone).await
        }
        Change::InsertApiKey { record, most } => insert_api_key(connection, record, *most).await,
        Change::RemoveApiKey { id } => {
            let remove = sqlx::query("delete from api_keys where id = $1").bind(id.to_string());
            one_or(connection, remove, Refused::Gone).await
        }
        Change::RotateSigningKey { key, others_until } => {
            let retire = sqlx::query("update signing_keys set ends_at = $1 where ends_at is null or ends_at > $1");
            execute(connection, retire.bind(others_until.as_millis())).await?;
            let SigningKeyRecord { kid, secret, created_at, ends_at } = key;
            let insert =
                sqlx::query("insert into signing_keys (kid, secret, created_at, ends_at) values ($1, $2, $3, $4)");
            let insert = insert.bind(kid).bind(secret).bind(created_at.as_millis());
            any(connection, insert.bind(ends_at.map(|at| at.as_millis()))).await
        }
        Change::Record(entry) => audit::record(connection, entry).await.map(Ok),
    }
}

const REVOKE: &str = "
    insert into revocations (account_id, epoch, at) values ($1, $2, $3)
    on conflict (account_id) do update set epoch = greatest(revocations.epoch, excluded.epoch), at = greatest(revocations.at, excluded.at)";

/// $1 the token, $2 now.
const SPEND_TOKEN: &str = "
    update refresh_tokens set rotated_at = $2
    where digest = $1 and rotated_at is null
      and exists (select 1 from sessions where sessions.id = session_id and ended_at is null and expires_at > $2)";

const NEXT_TOKEN: &str = "
    insert into refresh_tokens (digest, session_id) select $1, session_id from refresh_tokens where digest = $2";

const USED: &str = "
    update sessions set used_at = $2, expires_at = $3
    where id = (select session_id from refresh_tokens where digest = $1)";

/// A rule of the schema that another node made use of first.
pub(super) fn email_is_taken(error: &Error) -> bool {
    error.as_database_error().is_some_and(|error| error.constraint() == Some("accounts_email_key"))
}

/// Returns how many rows changed.
async fn execute(connection: &mut PgConnection, statement: Statement<'_>) -> Result<u64, Error> {
    statement.execute(connection).await.map(|done| done.rows_affected())
}

async fn any(connection: &mut PgConnection, statement: Statement<'_>) -> Result<Written, Error> {
    execute(connection, statement).await.map(|_| Ok(()))
}

async fn one_or(connection: &mut PgConnection, statement: Statement<'_>, refused: Refused) -> Result<Written, Error> {
    let changed = execute(connection, statement).await?;
    Ok(if changed == 0 { Err(refused) } else { Ok(()) })
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Encode(Box::new(error)))
}

/// Binds $1 to $12.
fn account<'q>(statement: &'static str, account: &'q AccountRecord) -> Result<Statement<'q>, Error> {
    let AccountRecord {
        id,
        version,
        email,
        email_confirmed_at,
        name,
        role,
        permissions,
        password,
        second_factor,
        cart_id,
        epoch,
        created_at,
    } = account;
    Ok(sqlx::query(statement)
        .bind(id.to_string())
        .bind(version.cast_signed())
        .bind(text::kept(email))
        .bind(email_confirmed_at.map(|at| at.as_millis()))
        .bind(text::kept(name))
        .bind(role.as_str())
        .bind(json(permissions)?)
        .bind(&password.0)
        .bind(second_factor.as_ref().map(json).transpose()?)
        .bind(cart_id.map(|id| id.to_string()))
        .bind(epoch.cast_signed())
        .bind(created_at.as_millis()))
}

async fn insert(connection: &mut PgConnection, record: &AccountRecord) -> Result<Written, Error> {
    let insert = account(
        "insert into accounts (id, version, email, email_confirmed_at, name, role, permissions, password,
                               second_factor, cart_id, epoch, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (email) do nothing",
        record,
    )?;
    one_or(connection, insert, Refused::EmailTaken).await
}

async fn replace(connection: &mut PgConnection, record: &AccountRecord) -> Result<Written, Error> {
    let taken = sqlx::query_scalar("select exists (select 1 from accounts where email = $1 and id <> $2)");
    let taken: bool =
        taken.bind(text::kept(&record.email)).bind(record.id.to_string()).fetch_one(&mut *connection).await?;
    if taken {
        return Ok(Err(Refused::EmailTaken));
    }
    let replace = account(
        "update accounts set version = $2, email = $3, email_confirmed_at = $4, name = $5, role = $6,
            permissions = $7, password = $8, second_factor = $9, cart_id = $10, epoch = $11, created_at = $12
         where id = $1 and version = $2 - 1",
        record,
    )?;
    one_or(connection, replace, Refused::Stale).await
}

async fn open_session(
    connection: &mut PgConnection,
    session: &SessionRecord,
    token: &Digest,
) -> Result<Written, Error> {
    let SessionRecord { id, account_id, user_agent, created_at, used_at, expires_at, ended_at } = session;
    // The account may be gone by now.
    let open = sqlx::query(
        "insert into sessions (id, account_id, user_agent, created_at, used_at, expires_at, ended_at)
         select $1, $2, $3, $4, $5, $6, $7 where exists (select 1 from accounts where id = $2)",
    )
    .bind(id.to_string())
    .bind(account_id.to_string())
    .bind(text::kept(user_agent))
    .bind(created_at.as_millis())
    .bind(used_at.as_millis())
    .bind(expires_at.as_millis())
    .bind(ended_at.map(|at| at.as_millis()));
    if execute(connection, open).await? == 0 {
        return Ok(Err(Refused::Gone));
    }
    let first = sqlx::query("insert into refresh_tokens (digest, session_id) values ($1, $2)");
    any(connection, first.bind(token.to_vec()).bind(id.to_string())).await
}

async fn tell(connection: &mut PgConnection, note: &Note) -> Result<Written, Error> {
    let Note { id, account_id, kind, email, attempts, created_at, next_at } = note;
    let tell = sqlx::query(
        "insert into notes (id, account_id, kind, email, attempts, created_at, next_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.to_string())
    .bind(account_id.to_string())
    .bind(kind.as_str())
    .bind(text::kept(email))
    .bind(i64::from(*attempts))
    .bind(created_at.as_millis())
    .bind(next_at.as_millis());
    any(connection, tell).await
}

async fn put_address(connection: &mut PgConnection, record: &AddressRecord, most: usize) -> Result<Written, Error> {
    let AddressRecord { id, account_id, address, is_default, created_at } = record;
    let lock = sqlx::query("select from accounts where id = $1 for update").bind(account_id.to_string());
    execute(connection, lock).await?;
    if *is_default {
        let others = sqlx::query("update addresses set is_default = false where account_id = $1 and id <> $2");
        execute(connection, others.bind(account_id.to_string()).bind(id.to_string())).await?;
    }
    let put = sqlx::query(
        "insert into addresses (id, account_id, address, is_default, created_at)
         select $1, $2, $3, $4, $5
         where (select count(*) from addresses where account_id = $2 and id <> $1) < $6
         on conflict (id) do update set address = excluded.address, is_default = excluded.is_default
         where addresses.account_id = excluded.account_id",
    )
    .bind(id.to_string())
    .bind(account_id.to_string())
    .bind(json(address)?)
    .bind(is_default)
    .bind(created_at.as_millis())
    .bind(i64::try_from(most).unwrap_or(i64::MAX));
    one_or(connection, put, Refused::TooMany).await
}

async fn insert_api_key(connection: &mut PgConnection, record: &ApiKeyRecord, most: usize) -> Result<Written, Error> {
    let ApiKeyRecord { id, name, prefix, digest, scopes, created_by, created_at, expires_at } = record;
    execute(connection, sqlx::query("lock table api_keys in share row exclusive mode")).await?;
    let insert = sqlx::query(
        "insert into api_keys (id, name, prefix, digest, scopes, created_by, created_at, expires_at)
         select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from api_keys) < $9",
    )
    .bind(id.to_string())
    .bind(text::kept(name))
    .bind(prefix)
    .bind(digest.to_vec())
    .bind(json(scopes)?)
    .bind(text::kept(created_by))
    .bind(created_at.as_millis())
    .bind(expires_at.map(|at| at.as_millis()))
    .bind(i64::try_from(most).unwrap_or(i64::MAX));
    one_or(connection, insert, Refused::TooMany).await
}
