//! The section `stores` and the key `bus`: which engine keeps each domain, and what the nodes tell each other over.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize, Serializer};

/// A key and what is wrong with it.
type Fault = (String, String);

/// A value that begins so names a file that holds the URL.
const FROM_FILE: &str = "file:";

/// One URL for each domain; an empty one is SQLite in the data folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoresConfig {
    pub products: EngineUrl,
    pub accounts: EngineUrl,
    pub orders: EngineUrl,
    pub payments: EngineUrl,
    pub chat: EngineUrl,
}

/// May hold a password, which is never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct EngineUrl(String);

/// What keeps a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    /// Files in this folder, or in the data folder.
    Sqlite(Option<PathBuf>),
    Postgres(ServerUrl),
    Mongodb(ServerUrl),
    Redis(ServerUrl),
}

/// With its password, which is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(String);

impl ServerUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hide_secrets(&self.0))
    }
}

impl Engine {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
            Self::Mongodb(_) => "mongodb",
            Self::Redis(_) => "redis",
        }
    }
}

/// The schemes that a domain can be kept with.
const PRODUCTS: &[&str] = &["sqlite", "mongodb", "mongodb+srv"];
const ACCOUNTS: &[&str] = &["sqlite", "postgres", "postgresql"];
const ORDERS: &[&str] = &["sqlite", "postgres", "postgresql"];
const PAYMENTS: &[&str] = &["sqlite", "postgres", "postgresql"];
const CHAT: &[&str] = &["sqlite", "redis", "rediss"];
const BUS: &[&str] = &["redis", "rediss"];

/// What keeps each domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engines {
    pub products: Engine,
    pub accounts: Engine,
    pub orders: Engine,
    pub payments: Engine,
    pub chat: Engine,
}

/// `products sqlite, accounts sqlite, ...`.
impl fmt::Display for Engines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { products, accounts, orders, payments, chat } = self;
        let names = [products, accounts, orders, payments, chat].map(Engine::name);
        let [products, accounts, orders, payments, chat] = names;
        write!(f, "products {products}, accounts {accounts}, orders {orders}, payments {payments}, chat {chat}")
    }
}

impl StoresConfig {
    /// Takes the URLs that lie in files out of them.
    pub fn resolve(&mut self) -> Result<(), Fault> {
        let Self { products, accounts, orders, payments, chat } = self;
        let all = [
            ("stores.products", products),
            ("stores.accounts", accounts),
            ("stores.orders", orders),
            ("stores.payments", payments),
            ("stores.chat", chat),
        ];
        all.into_iter().try_for_each(|(key, url)| url.resolve(key))
    }

    /// # Errors
    /// A URL that is none, or an engine that does not keep the domain.
    pub fn engines(&self) -> Result<Engines, Fault> {
        let Self { products, accounts, orders, payments, chat } = self;
        Ok(Engines {
            products: products.engine("stores.products", PRODUCTS)?,
            accounts: accounts.engine("stores.accounts", ACCOUNTS)?,
            orders: orders.engine("stores.orders", ORDERS)?,
            payments: payments.engine("stores.payments", PAYMENTS)?,
            chat: chat.engine("stores.chat", CHAT)?,
        })
    }

    /// Nodes share their stores: a file belongs to one process.
    pub fn shared(&self) -> Result<(), Fault> {
        let Engines { products, accounts, orders, payments, chat } = self.engines()?;
        for (domain, engine, schemes) in [
            ("products", products, PRODUCTS),
            ("accounts", accounts, ACCOUNTS),
            ("orders", orders, ORDERS),
            ("payments", payments, PAYMENTS),
            ("chat", chat, CHAT),
        ] {
            if matches!(engine, Engine::Sqlite(_)) {
                let others: Vec<&str> = schemes.iter().copied().filter(|scheme| *scheme != "sqlite").collect();
                let variable = format!("SOUK_STORES__{}", domain.to_uppercase());
                let fault = format!(
                    "is SQLite, whose files belong to one process, but this node has a bus to others (SOUK_BUS): \
                     set {variable} to {}, or unset SOUK_BUS",
                    one_of(&others)
                );
                return Err((format!("stores.{domain}"), fault));
            }
        }
        Ok(())
    }
}

impl EngineUrl {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With its password.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn resolve(&mut self, key: &str) -> Result<(), Fault> {
        let Some(file) = self.0.strip_prefix(FROM_FILE) else { return Ok(()) };
        let text = std::fs::read_to_string(file)
            .map_err(|error| (key.to_owned(), format!("the file {file} that holds it cannot be read: {error}")))?;
        self.0 = text.trim().to_owned();
        Ok(())
    }

    /// # Errors
    /// When it is no URL of a bus.
    pub fn check_bus(&self) -> Result<(), Fault> {
        if self.is_empty() { Ok(()) } else { self.scheme("bus", BUS).map(|_| ()) }
    }

    fn engine(&self, key: &str, schemes: &[&str]) -> Result<Engine, Fault> {
        if self.is_empty() {
            return Ok(Engine::Sqlite(None));
        }
        let (scheme, rest) = self.scheme(key, schemes)?;
        match scheme {
            "sqlite" => sqlite(key, rest),
            "postgres" | "postgresql" => Ok(Engine::Postgres(ServerUrl(self.0.clone()))),
            "mongodb" | "mongodb+srv" => Ok(Engine::Mongodb(ServerUrl(self.0.clone()))),
            "redis" | "rediss" => Ok(Engine::Redis(ServerUrl(self.0.clone()))),
            other => Err((key.to_owned(), format!("{other:?} has no engine"))),
        }
    }

    /// The scheme and what comes after it.
    fn scheme(&self, key: &str, schemes: &[&str]) -> Result<(&str, &str), Fault> {
        let fault = |what: String| Err((key.to_owned(), format!("{what}; it can be {}", one_of(schemes))));
        match self.0.split_once("://") {
            Some((scheme, rest)) if schemes.contains(&scheme) => Ok((scheme, rest)),
            Some((scheme, _)) => fault(format!("{scheme:?} does not keep this")),
            None => fault("is no URL".to_owned()),
        }
    }

    fn shown(&self) -> String {
        hide_secrets(&self.0)
    }
}

fn sqlite(key: &str, folder: &str) -> Result<Engine, Fault> {
    if folder.ends_with(".db") || folder.contains('?') {
        let fault = "sqlite:// is followed by the folder of the files, whose names are fixed, such as sqlite://data";
        return Err((key.to_owned(), fault.to_owned()));
    }
    Ok(Engine::Sqlite((!folder.is_empty()).then(|| PathBuf::from(folder))))
}

/// `mongodb://... or postgres://...`.
fn one_of(schemes: &[&str]) -> String {
    schemes.iter().map(|scheme| format!("{scheme}://...")).collect::<Vec<_>>().join(" or ")
}

/// The URL without the password between `:` and `@`, and without any parameter that names one.
pub fn hide_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.is_empty() { String::new() } else { "(hidden)".to_owned() };
    };
    let (before, query) = match rest.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (rest, None),
    };
    // A password may hold an `@`: the host begins after the last one.
    let authority = match before.rsplit_once('@') {
        Some((who, host)) => {
            let name = who.split(':').next().unwrap_or_default();
            let password = if who.contains(':') { ":(hidden)" } else { "" };
            format!("{name}{password}@{host}")
        }
        None => before.to_owned(),
    };
    let parameter = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if names_a_secret(name) => format!("{name}=(hidden)"),
        _ => pair.to_owned(),
    };
    let query = query.map(|query| query.split('&').map(parameter).collect::<Vec<_>>().join("&"));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{authority}{query}")
}

fn names_a_secret(parameter: &str) -> bool {
    let parameter = parameter.to_ascii_lowercase();
    ["password", "passwd", "secret", "token"].iter().any(|word| parameter.contains(word))
}

impl fmt::Debug for EngineUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Serialize for EngineUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> EngineUrl {
        EngineUrl(text.to_owned())
    }

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        for (url, shown) in [
            ("", ""),
            ("postgres://souk:s3cr3t@db:5432/souk", "postgres://souk:(hidden)@db:5432/souk"),
            ("postgres://souk:a@b:c@db/souk?sslmode=require", "postgres://souk:(hidden)@db/souk?sslmode=require"),
            ("postgres://db/souk?user=u&password=s3cr3t", "postgres://db/souk?user=u&password=(hidden)"),
            ("redis://:s3cr3t@cache:6379/0", "redis://:(hidden)@cache:6379/0"),
            (
                "mongodb://db1,db2/souk?tlsCertificateKeyFilePassword=x",
                "mongodb://db1,db2/souk?tlsCertificateKeyFilePassword=(hidden)",
            ),
            ("mongodb://souk@db/souk", "mongodb://souk@db/souk"),
            ("s3cr3t", "(hidden)"),
        ] {
            assert_eq!(hide_secrets(url), shown);
        }
    }

    #[test]
    fn a_scheme_that_does_not_fit_is_told_with_those_that_do() {
        let (key, fault) = url("mysql://db/souk").engine("stores.orders", &["sqlite", "postgres"]).unwrap_err();
        assert_eq!(key, "stores.orders");
        assert!(fault.contains("mysql") && fault.contains("sqlite://") && fault.contains("postgres://"), "{fault}");
        let (_, fault) = url("orders.db").engine("stores.orders", &["sqlite"]).unwrap_err();
        assert!(fault.contains("no URL"), "{fault}");
        let (_, fault) = url("sqlite://data/orders.db").engine("stores.orders", &["sqlite"]).unwrap_err();
        assert!(fault.contains("folder"), "{fault}");
    }

    #[test]
    fn an_embedded_store_is_in_the_data_folder_or_in_one_of_its_own() {
        let engine = |text| url(text).engine("stores.chat", &["sqlite"]).unwrap();
        assert_eq!(engine(""), Engine::Sqlite(None));
        assert_eq!(engine("sqlite://"), Engine::Sqlite(None));
        assert_eq!(engine("sqlite:///srv/souk"), Engine::Sqlite(Some("/srv/souk".into())));
    }
}
