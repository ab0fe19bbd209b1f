//! Databases of a shop's own on the servers that `scripts/stores` started.

use std::process::Command;

use uuid::Uuid;

/// The settings that put every domain on a server of its kind.
#[derive(Debug, Clone)]
pub struct Engines {
    settings: Vec<(String, String)>,
    redis: String,
}

impl Engines {
    /// # Panics
    /// When the servers were not started.
    pub fn new() -> Self {
        let server = |name: &str| {
            let variable = format!("SOUK_TEST_{name}_URL");
            std::env::var(&variable).unwrap_or_else(|_| panic!("{variable} is not set: run this by scripts/stores"))
        };
        Self::at(&server("POSTGRES"), &server("MONGODB"), &server("REDIS"))
    }

    /// On these servers, which their URLs name.
    pub fn at(postgres: &str, mongodb: &str, redis: &str) -> Self {
        let name = format!("souk_{}", Uuid::new_v4().simple());
        create_database(postgres, &name);
        let postgres = with_database(postgres, &name);
        let set = |key: &str, value: &str| (format!("SOUK_{key}"), value.to_owned());
        let settings = vec![
            set("STORES__PRODUCTS", &with_database(mongodb, &name)),
            set("STORES__ACCOUNTS", &postgres),
            set("STORES__ORDERS", &postgres),
            set("STORES__PAYMENTS", &postgres),
            set("STORES__CHAT", redis),
            // Redis has no databases of a name: each shop's keys and channels begin with one.
            set("REDIS__PREFIX", &name),
        ];
        Self { settings, redis: redis.to_owned() }
    }

    /// None where the tester wants embedded stores: `SOUK_TEST_SHOP=engines` asks for these.
    pub fn wanted() -> Option<Self> {
        std::env::var("SOUK_TEST_SHOP").is_ok_and(|shop| shop == "engines").then(Self::new)
    }

    pub fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    /// The server that can carry the bus: its URL.
    pub fn redis(&self) -> &str {
        &self.redis
    }
}

fn create_database(server: &str, name: &str) {
    let statement = format!("create database {name}");
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--dbname", server, "--command", &statement]);
    let output = psql.output().unwrap_or_else(|error| panic!("psql does not start: {error}"));
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
}

/// The same server, another database: what stands between the host and the parameters.
fn with_database(url: &str, database: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_else(|| panic!("{url} is no URL"));
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let host = place.split('/').next().unwrap_or_default();
    let parameters = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
    format!("{scheme}://{host}/{database}{parameters}")
}
