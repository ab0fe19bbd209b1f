//! The first connection to a server: what is read from the URL, what is set for each session, and what the server must
//! be like.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};

use super::errors::{OpenError, Place};
use super::options::{Access, Durability, PostgresOptions};

const OLDEST: i32 = 130_000;

/// How to connect, and how to speak of it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub connect: PgConnectOptions,
    pub place: Place,
}

impl Server {
    /// Reads the URL. What libpq reads from the environment (`PGPASSWORD`, `PGPASSFILE`) fills what it leaves out.
    #[expect(clippy::result_large_err, reason = "once at a start, and then it is shown")]
    pub(super) fn new(options: &PostgresOptions, domain: &str) -> Result<Self, OpenError> {
        let key = options.key.clone();
        let prefix = &options.schema;
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let named = prefix.bytes().next().is_some_and(letter)
            && prefix.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
            && prefix.len() <= 40;
        if !named {
            return Err(OpenError::BadSchemaName { key, name: prefix.clone() });
        }
        let schema = format!("{prefix}_{domain}");
        let connect = PgConnectOptions::from_str(&options.url)
            .map_err(|error| OpenError::NoUrl { key: key.clone(), reason: super::errors::described(&error) })?;
        let user = connect.get_username().to_owned();
        let host = connect.get_socket().map_or_else(|| connect.get_host().into(), |path| path.to_string_lossy());
        let database = connect.get_database().unwrap_or(&user);
        let place = format!("{user}@{host}:{}/{database}", connect.get_port());
        for file in files(&options.url) {
            if let Err(error) = std::fs::File::open(file) {
                return Err(OpenError::NoTls { key, place, reason: format!("{file} cannot be read: {error}") });
            }
        }
        let millis = |duration: Duration| duration.as_millis().to_string();
        let connect = connect
            .application_name(&format!("souk {domain}"))
            .options([
                ("search_path", schema.as_str()),
                ("statement_timeout", &millis(options.statement_timeout)),
                ("lock_timeout", &millis(options.lock_timeout)),
                // A node that fell asleep between two statements must not hold the others up.
                ("idle_in_transaction_session_timeout", &millis(options.statement_timeout)),
                ("default_transaction_isolation", "read committed"),
                ("default_transaction_read_only", if options.access == Access::Read { "on" } else { "off" }),
                // Every statement has its index. What the planner knows of a table that was small a minute ago must
                // not mislead it, and planning a large statement again costs more than it could find.
                ("enable_seqscan", "off"),
                ("plan_cache_mode", "force_generic_plan"),
            ])
            .disable_statement_logging();
        Ok(Self { connect, place: Place { key, place, user, schema } })
    }

    /// A connection of its own, outside of the pools.
    pub(super) async fn session(&self, timeout: Duration) -> Result<PgConnection, OpenError> {
        let connected = tokio::time::timeout(timeout, self.connect.connect()).await;
        connected.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|error| self.place.no_session(&error))
    }

    /// # Errors
    /// What the server lacks.
    pub(super) async fn check(&self, session: &mut PgConnection, options: &PostgresOptions) -> Result<(), OpenError> {
        let (key, place) = (self.place.key.clone(), self.place.place.clone());
        let settings = sqlx::query_as(
            "select current_setting('server_version_num')::int, current_setting('server_version'),
                    current_setting('server_encoding'), pg_is_in_recovery(), current_setting('fsync'),
                    current_setting('synchronous_commit')",
        );
        let settings: (i32, String, String, bool, String, String) =
            settings.fetch_one(session).await.map_err(|error| self.place.failed("read its settings", &error))?;
        let (number, version, encoding, standby, fsync, synchronous_commit) = settings;
        if number < OLDEST {
            return Err(OpenError::TooOld { key, place, version });
        }
        if encoding != "UTF8" {
            return Err(OpenError::NotUtf8 { key, place, encoding });
        }
        if options.access == Access::Read {
            return Ok(());
        }
        if standby {
            return Err(OpenError::Standby { key, place });
        }
        if options.durability == Durability::Required {
            for (setting, value) in [("fsync", fsync), ("synchronous_commit", synchronous_commit)] {
                // `local`, `remote_write` and `remote_apply` wait for our own disk as `on` does.
                if value == "off" {
                    return Err(OpenError::NotDurable { key, place, setting, value });
                }
            }
        }
        Ok(())
    }
}

/// The files that the URL names, for a message that says which one is missing.
fn files(url: &str) -> impl Iterator<Item = &str> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(name, _)| matches!(*name, "sslrootcert" | "sslcert" | "sslkey"));
    // One with escapes is left to the library, whose message is shorter.
    named.map(|(_, file)| file).filter(|file| !file.contains('%'))
}
