//! The configuration: the commented default, then a file, then the environment.

mod accounts;
pub mod engines;
mod outbox;
pub mod payments;
mod secret;
pub mod stores;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::{Deserialize, Serialize};
use souk_actors::marketplace::AccountParts;
use souk_actors::orders::service::CheckoutTimes;
use souk_actors::outbox::settings::OutboxParts;
use souk_actors::runtime::entity::Limits;
use souk_domain::pricing::rules::PriceRules;
use souk_http::config::{EdgeConfig, LimitsConfig, ServerConfig, ServicesConfig, TlsConfig, TokenConfig};
use souk_http::domains::Domains;
use souk_http::middleware::forwarded::ProxyHeader;
use souk_http::realtime::config::RealtimeConfig;
use souk_http::storefront::config::{PaidWith, Place, StorefrontConfig};
use souk_persistence::outbox::OutboxStore;
use souk_persistence::sqlite::{SqliteOptions, Synchronous};

use self::accounts::AccountsConfig;
use self::engines::{MongodbConfig, NodesConfig, PostgresConfig, RedisConfig};
use self::outbox::{MailConfig, OutboxConfig, WebhooksConfig, check_public_url};
use payments::{PaymentsConfig, ProviderName, SandboxConfig, StripeConfig};
use stores::{EngineUrl, Engines, StoresConfig};

/// The manual and the default at once.
pub const DEFAULT: &str = include_str!("default.toml");

/// Set for the test suites, not for the server.
const NOT_OURS: [&str; 2] = ["long", "config"];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    pub public_url: String,
    pub trusted_proxies: Vec<String>,
    pub proxy_header: ProxyHeader,
    pub cors_origins: Vec<String>,
    pub bus: EngineUrl,
    pub stores: StoresConfig,
    pub postgres: PostgresConfig,
    pub mongodb: MongodbConfig,
    pub redis: RedisConfig,
    pub nodes: NodesConfig,
    pub log: LogConfig,
    pub sqlite: SqliteConfig,
    pub shop: PriceRules,
    pub checkout: CheckoutConfig,
    pub payments: PaymentsConfig,
    pub sandbox: SandboxConfig,
    pub stripe: StripeConfig,
    pub actors: ActorsConfig,
    pub accounts: AccountsConfig,
    pub outbox: OutboxConfig,
    pub mail: MailConfig,
    pub webhooks: WebhooksConfig,
    pub server: ServerConfig,
    pub tls: TlsConfig,
    pub services: ServicesConfig,
    pub limits: LimitsConfig,
    pub tokens: TokenConfig,
    pub realtime: RealtimeConfig,
    pub storefront: StorefrontConfig,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqliteConfig {
    pub synchronous: SynchronousConfig,
    pub readers: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SynchronousConfig {
    Full,
    Normal,
    Extra,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutConfig {
    pub hold_seconds: u64,
    pub payment_grace_seconds: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorsConfig {
    pub calls_per_entity: u32,
    pub calls: usize,
    pub alive: usize,
    pub idle_seconds: u64,
    pub call_deadline_seconds: u64,
}

impl Config {
    /// Reads default, file and environment, and checks the whole.
    ///
    /// # Errors
    /// A complaint that names the key and where it was set.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut sources = Figment::from(Toml::string(DEFAULT));
        if let Some(file) = file {
            if !file.is_file() {
                bail!("the configuration file {} is not there", file.display());
            }
            sources = sources.merge(Toml::file_exact(file));
        }
        let ours =
            |key: &figment::value::UncasedStr| !NOT_OURS.iter().any(|name| key == *name) && !key.starts_with("test_");
        Self::checked(sources.merge(Env::prefixed("SOUK_").filter(ours).split("__")))
    }

    /// Reads default and file: what a command that has two shops before it takes for each. The environment is for one.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn load_file_alone(file: &Path) -> anyhow::Result<Self> {
        if !file.is_file() {
            bail!("the configuration file {} is not there", file.display());
        }
        let sources = Figment::from(Toml::string(DEFAULT)).merge(Toml::file_exact(file));
        Self::checked(sources).with_context(|| file.display().to_string())
    }

    fn checked(sources: Figment) -> anyhow::Result<Self> {
        let mut config: Self = sources.extract().map_err(|error| anyhow::anyhow!("configuration: {error}"))?;
        let files = config.stores.resolve().and_then(|()| config.bus.resolve("bus"));
        files.map_err(|(key, fault)| anyhow::anyhow!("configuration: {key}: {fault}"))?;
        config.validate()?;
        Ok(config)
    }

    /// All embedded, in this folder.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { data_dir: folder.to_owned(), ..Self::checked(Figment::from(Toml::string(DEFAULT)))? })
    }

    fn validate(&self) -> anyhow::Result<()> {
        let named = |key: &str, fault: String| anyhow::anyhow!("configuration: {key}: {fault}");
        self.edge().validate().map_err(|fault| anyhow::anyhow!("configuration: {fault}"))?;
        self.shop.validate().map_err(|fault| named("shop", fault))?;
        if self.checkout.hold_seconds == 0 {
            return Err(named("checkout.hold_seconds", "must be at least 1".into()));
        }
        self.validate_stores().map_err(|(key, fault)| named(&key, fault))?;
        self.payments.validate(&self.sandbox, &self.stripe).map_err(|(key, fault)| named(key, fault))?;
        if self.sqlite.readers == 0 || self.sqlite.readers > 64 {
            return Err(named("sqlite.readers", "must be 1 to 64".into()));
        }
        let ActorsConfig { calls_per_entity, calls, alive, idle_seconds: _, call_deadline_seconds } = self.actors;
        if calls_per_entity == 0 || calls == 0 || alive == 0 || call_deadline_seconds == 0 {
            return Err(named("actors", "every bound must be at least 1".into()));
        }
        let checked = check_public_url(&self.public_url).and_then(|()| self.accounts.validate());
        let checked = checked.and_then(|()| self.outbox.validate());
        let checked = checked.and_then(|()| self.mail.validate()).and_then(|()| self.webhooks.validate());
        checked.map_err(|(key, fault)| named(&key, fault))
    }

    /// Nodes that hear of each other share their stores, and the sandbox that plays the provider.
    fn validate_stores(&self) -> Result<(), (String, String)> {
        self.stores.engines()?;
        self.bus.check_bus()?;
        self.postgres.validate()?;
        self.mongodb.validate()?;
        self.redis.validate()?;
        self.nodes.validate()?;
        if self.bus.is_empty() {
            return Ok(());
        }
        self.stores.shared()?;
        if self.payments.provider == ProviderName::Sandbox && self.sandbox.url.is_empty() {
            let fault = "nodes share one payment provider, and a sandbox inside each would be several: run `souk sandbox` \
                         once and set SOUK_SANDBOX__URL with its keys, or set SOUK_PAYMENTS__PROVIDER=stripe";
            return Err(("sandbox.url".to_owned(), fault.to_owned()));
        }
        Ok(())
    }

    /// # Errors
    /// A complaint that names the key.
    pub fn engines(&self) -> anyhow::Result<Engines> {
        self.stores.engines().map_err(|(key, fault)| anyhow::anyhow!("configuration: {key}: {fault}"))
    }

    pub fn edge(&self) -> EdgeConfig {
        EdgeConfig {
            listen: self.listen,
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            proxy_header: self.proxy_header,
            cors_origins: self.cors_origins.clone(),
            server: self.server.clone(),
            tls: self.tls.clone(),
            services: self.services.clone(),
            limits: self.limits.clone(),
            tokens: self.tokens.clone(),
            realtime: self.realtime.clone(),
            domains: Domains::default(),
            storefront: self.storefront.clone(),
            place: self.place(),
        }
    }

    /// What buyers' browsers are told.
    fn place(&self) -> Place {
        let provider = match self.payments.provider {
            ProviderName::Sandbox => PaidWith::Sandbox,
            ProviderName::Stripe => PaidWith::Stripe { publishable_key: self.stripe.publishable_key.clone() },
        };
        let public_url = self.public_url.trim_end_matches('/').to_owned();
        Place { name: self.mail.shop_name.clone(), public_url, provider }
    }

    pub fn sqlite_options(&self) -> SqliteOptions {
        let synchronous = match self.sqlite.synchronous {
            SynchronousConfig::Full => Synchronous::Full,
            SynchronousConfig::Normal => Synchronous::Normal,
            SynchronousConfig::Extra => Synchronous::Extra,
        };
        SqliteOptions { synchronous, readers: self.sqlite.readers, ..SqliteOptions::default() }
    }

    pub fn times(&self) -> CheckoutTimes {
        CheckoutTimes {
            hold: Duration::from_secs(self.checkout.hold_seconds),
            payment_grace: Duration::from_secs(self.checkout.payment_grace_seconds),
        }
    }

    pub fn limits(&self) -> Limits {
        let ActorsConfig { calls_per_entity, calls, alive, idle_seconds, call_deadline_seconds } = self.actors;
        Limits {
            calls_per_entity,
            calls,
            alive,
            idle_after: Duration::from_secs(idle_seconds),
            call_deadline: Duration::from_secs(call_deadline_seconds),
            ..Limits::default()
        }
    }

    /// What accounts are made of. Needs a running tokio runtime.
    ///
    /// # Errors
    /// A complaint that names the key.
    pub fn accounts(&self) -> anyhow::Result<AccountParts> {
        let named = |(key, fault): (String, String)| anyhow::anyhow!("configuration: {key}: {fault}");
        let mail = self.mail.account_sender(&self.public_url, &self.data_dir).map_err(named)?;
        Ok(AccountParts { settings: self.accounts.settings(&self.mail), mail })
    }

    /// Who outside is told what. Needs a running tokio runtime.
    ///
    /// # Errors
    /// A complaint that names the key.
    pub fn outbox(&self, store: Arc<dyn OutboxStore>) -> anyhow::Result<OutboxParts> {
        let named = |(key, fault): (String, String)| anyhow::anyhow!("configuration: {key}: {fault}");
        Ok(OutboxParts {
            store,
            mail: self.mail.sender(&self.public_url, &self.data_dir).map_err(named)?,
            webhooks: Arc::new(self.webhooks.sender().map_err(named)?),
            settings: self.outbox.settings(&self.mail, &self.webhooks),
        })
    }

    /// The effective configuration as TOML, its secrets hidden.
    ///
    /// # Errors
    /// When a value has no form in TOML.
    pub fn show(&self) -> anyhow::Result<String> {
        toml::to_string_pretty(self).context("the configuration cannot be shown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_complete_and_valid() {
        let config: Config = Figment::from(Toml::string(DEFAULT)).extract().expect("every key has a default");
        config.validate().expect("the default is valid");
        assert_eq!(config.edge(), EdgeConfig::default(), "the manual says what the code does");
        let shown = config.show().unwrap();
        let again: Config = Figment::from(Toml::string(&shown)).extract().unwrap();
        assert_eq!(again.show().unwrap(), shown);
    }

    #[test]
    fn a_complaint_names_the_key() {
        let with = |line: &str| {
            let sources = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(line));
            sources
                .extract::<Config>()
                .map_err(|e| e.to_string())
                .and_then(|c| c.validate().map_err(|e| e.to_string()))
                .unwrap_err()
        };
        assert!(with("[checkout]\nhold_second = 1").contains("hold_second"));
        assert!(with("[checkout]\nhold_seconds = 0").contains("checkout.hold_seconds"));
        assert!(with("[sqlite]\nsynchronous = \"off\"").contains("off"));
        assert!(with("[payments]\ntimeout_ms = 1").contains("payments.timeout_ms"));
        assert!(with("[payments]\nprovider = \"stripe\"").contains("stripe.secret_key"));
        assert!(with("[stores]\norders = \"mysql://db/souk\"").contains("sqlite://"));
        assert!(with("[sandbox]\nurl = \"localhost:1\"").contains("sandbox.url"));
        assert!(with("[sandbox]\nurl = \"http://localhost:1\"").contains("sandbox.api_key"));
        assert!(with("[sandbox.faults]\nslow = 1001").contains("sandbox.faults.slow"));
        for (line, key) in [
            ("public_url = \"shop.example.com\"", "public_url"),
            ("[outbox]\nrelay_batch = 0", "outbox.relay_batch"),
            ("[accounts]\nhash_memory_kib = 1", "accounts.hash_memory_kib"),
            ("[accounts]\nreset_minutes = 0", "accounts.reset_minutes"),
            ("[mail]\nfrom = \"nobody\"", "mail.from"),
            ("[mail]\ntransport = \"smtp\"", "mail.smtp_url"),
            ("[mail]\ntransport = \"smtp\"\nsmtp_url = \"ftp://a\"", "mail.smtp_url"),
            ("[mail]\ntemplates = \"/nowhere/at/all\"", "mail.templates"),
            ("[mail]\ntransport = \"pigeon\"", "pigeon"),
            ("[webhooks]\nretry_seconds = [0]", "webhooks.retry_seconds"),
            ("[webhooks]\nconcurrency = 0", "webhooks.concurrency"),
            ("[stores]\nchat = \"mysql://db/souk\"", "stores.chat"),
            ("[stores]\nchat = \"file:/nowhere/at/all\"", "stores.chat"),
            ("bus = \"amqp://host\"", "bus"),
            ("bus = \"redis://host\"", "stores.products"),
        ] {
            assert!(with(line).contains(key), "{line}: {}", with(line));
        }
        let discount = |rest: &str| with(&format!("[[shop.discounts]]\nid = \"spring\"\ntitle = \"Spring\"\n{rest}"));
        let free = "effect = { kind = \"free_shipping\" }";
        assert!(discount(&format!("limit = 5\n{free}")).contains("shop: discount \"spring\": limit needs a code"));
        assert!(discount(&format!("codes = [\"A\"]\n{free}")).contains("codes"));
        assert!(discount("effect = { kind = \"percentage\", rate_ppm = 0 }").contains("effect.rate_ppm"));
        assert!(discount("effect = { kind = \"percentage\", rate = 5 }").contains("rate"));
        assert!(discount("scope = { brands = [\"x\"] }\neffect = { kind = \"free_shipping\" }").contains("brands"));
    }

    #[test]
    fn every_kind_of_discount_can_be_written() {
        let text = r#"
            [[shop.discounts]]
            id = "ten"
            title = "Ten"
            code = "TEN"
            minimum_subtotal = 100
            countries = ["DE"]
            starts_at = "2026-01-01T00:00:00Z"
            ends_at = "2027-01-01T00:00:00Z"
            combinable = true
            limit = 5
            limit_per_customer = 1
            scope = { categories = ["Ceramics"] }
            effect = { kind = "percentage", rate_ppm = 100000 }
            [[shop.discounts]]
            id = "five"
            title = "Five"
            scope = "all"
            effect = { kind = "amount", amount = 500 }
            [[shop.discounts]]
            id = "free"
            title = "Free"
            scope = { vendors = ["Kiln"] }
            effect = { kind = "free_shipping" }
            [[shop.discounts]]
            id = "third"
            title = "Third"
            scope = { products = ["pot"] }
            effect = { kind = "buy_x_get_y", buy = 2, get = 1 }
        "#;
        let sources = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(text));
        let config: Config = sources.extract().expect("every kind is read");
        config.validate().expect("valid");
        assert_eq!(config.shop.discounts.len(), 4);
        let again: Config = Figment::from(Toml::string(&config.show().unwrap())).extract().unwrap();
        assert_eq!(again.shop, config.shop);
    }

    #[test]
    fn secrets_are_not_shown() {
        let keys = "[stripe]\nsecret_key = \"sk_live_1\"\n[sandbox]\napi_key = \"k1\"\nwebhook_secret = \"w1\"";
        let config: Config = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(keys)).extract().unwrap();
        let shown = config.show().unwrap();
        assert!(!["sk_live_1", "k1", "w1"].iter().any(|secret| shown.contains(&format!("\"{secret}\""))), "{shown}");
        assert_eq!(shown.matches("(hidden)").count(), 3);
        assert!(!format!("{config:?}").contains("sk_live_1"));
    }

    #[test]
    fn a_password_is_not_shown() {
        let line = "[mail]\ntransport = \"smtp\"\nsmtp_url = \"smtps://ada:secret@mail.example.com\"";
        let config: Config = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(line)).extract().unwrap();
        for shown in [config.show().unwrap(), format!("{config:?}")] {
            assert!(shown.contains("(hidden)") && !shown.contains("secret@"), "{shown}");
        }
    }
}
