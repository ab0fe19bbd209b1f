//! The server of the tests, and schemas on it.

use std::time::Duration;

use souk_persistence::postgres::PostgresOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

pub fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run these tests with `scripts/stores --test postgres`"))
}

/// The superuser's URL. What the tests make there is left behind: it is a database that may be thrown away.
pub fn url() -> String {
    variable("SOUK_TEST_POSTGRES_URL")
}

/// A schema that nobody else uses.
pub fn options() -> PostgresOptions {
    options_at(url())
}

pub fn options_at(url: String) -> PostgresOptions {
    let schema = format!("t{}", &Uuid::new_v4().simple().to_string()[..16]);
    // Small pools and much patience: many tests run at once, on machines that do other things too.
    let connect_timeout = Duration::from_secs(60);
    PostgresOptions { schema, readers: 3, writers: 3, connect_timeout, ..PostgresOptions::new("stores.orders", url) }
}

/// A session of the superuser that sees the tables of a schema.
pub async fn session(options: &PostgresOptions, domain: &str) -> PgConnection {
    let connect: PgConnectOptions = url().parse().expect("a URL");
    let connect = connect.options([("search_path", format!("{}_{domain}", options.schema))]);
    connect.connect().await.expect("the server answers")
}

pub async fn execute(session: &mut PgConnection, statements: String) {
    sqlx::raw_sql(AssertSqlSafe(statements.clone()))
        .execute(session)
        .await
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// The URL with another user, password or database.
pub fn url_with(user: &str, password: &str, database: &str) -> String {
    let url = url();
    let (_, host) = url.rsplit_once('@').expect("a URL with a user");
    let (host, _) = host.split_once('/').expect("a URL with a database");
    format!("postgres://{user}:{password}@{host}/{database}")
}

/// `host:port`
pub fn address() -> String {
    let url = url();
    let (_, host) = url.rsplit_once('@').expect("a URL with a user");
    host.split_once('/').expect("a URL with a database").0.to_owned()
}

/// A user who may log in, and nothing else.
pub async fn new_user() -> (String, String) {
    let user = format!("u{}", &Uuid::new_v4().simple().to_string()[..16]);
    let password = "p%40ss".to_owned();
    let connect: PgConnectOptions = url().parse().expect("a URL");
    let mut session = connect.connect().await.expect("the server answers");
    execute(&mut session, format!("create user {user} password 'p@ss'")).await;
    session.close().await.expect("closed");
    (user, password)
}
