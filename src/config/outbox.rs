//! The sections `outbox`, `mail` and `webhooks`: what the world outside is told, and how.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use souk_actors::outbox::settings::{OutboxSettings, Pace};
use souk_integrations::mail::account::AccountMailSender;
use souk_integrations::mail::{MailSender, Mailer, MailerConfig, Transport};
use souk_integrations::webhooks::HttpWebhooks;
use souk_integrations::webhooks::client::{HttpWebhooksConfig, Reach, Transport as HttpTransport};

/// A key and what is wrong with it.
type Fault = (String, String);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxConfig {
    pub relay_batch: usize,
    pub keep_delivered_hours: u64,
    pub keep_parked_days: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub transport: MailTransport,
    pub from: String,
    pub shop_name: String,
    pub smtp_url: SmtpUrl,
    pub templates: String,
    pub timeout_seconds: u64,
    pub concurrency: usize,
    pub retry_seconds: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    File,
    Smtp,
    Off,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    pub allow_private: bool,
    pub allow_http: bool,
    pub timeout_seconds: u64,
    pub max_response_bytes: usize,
    pub concurrency: usize,
    pub retry_seconds: Vec<u64>,
    pub max_endpoints: usize,
    pub rotation_hours: u64,
}

/// May hold a password, so it is never shown.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct SmtpUrl(String);

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.shown())
    }
}

impl Serialize for SmtpUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.shown())
    }
}

impl SmtpUrl {
    fn shown(&self) -> &str {
        if self.0.is_empty() { "" } else { "(hidden)" }
    }
}

impl OutboxConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        within("outbox.relay_batch", self.relay_batch as u64, 1, 10_000)?;
        within("outbox.keep_delivered_hours", self.keep_delivered_hours, 1, 24 * 366)?;
        within("outbox.keep_parked_days", self.keep_parked_days, 1, 3_660)
    }

    pub fn settings(&self, mail: &MailConfig, webhooks: &WebhooksConfig) -> OutboxSettings {
        let pace = |concurrency: usize, retries: &[u64], default: Pace| Pace {
            concurrency,
            retries: retries.iter().copied().map(Duration::from_secs).collect(),
            ..default
        };
        let default = OutboxSettings::default();
        OutboxSettings {
            relay_batch: self.relay_batch,
            keep_delivered: Duration::from_hours(self.keep_delivered_hours),
            keep_parked: Duration::from_hours(self.keep_parked_days * 24),
            mail: pace(mail.concurrency, &mail.retry_seconds, default.mail),
            webhooks: pace(webhooks.concurrency, &webhooks.retry_seconds, default.webhooks),
            max_endpoints: webhooks.max_endpoints,
            rotation: Duration::from_hours(webhooks.rotation_hours),
        }
    }
}

impl MailConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        within("mail.timeout_seconds", self.timeout_seconds, 1, 600)?;
        within("mail.concurrency", self.concurrency as u64, 1, 64)?;
        retries("mail.retry_seconds", &self.retry_seconds)?;
        let missing = self.transport == MailTransport::Smtp && self.smtp_url.0.is_empty();
        if missing {
            return Err(("mail.smtp_url".into(), "is needed for the transport \"smtp\"".into()));
        }
        // The rest is checked where it is used: a sender into nowhere finds every mistake in it.
        self.mailer("http://localhost", Transport::File(std::env::temp_dir())).map(|_| ())?;
        match self.transport {
            MailTransport::Smtp => {
                Transport::check_smtp(&self.smtp_url.0).map_err(|fault| ("mail.smtp_url".into(), fault))
            }
            MailTransport::File | MailTransport::Off => Ok(()),
        }
    }

    /// None where mails are off. Needs a running tokio runtime for the transport `smtp`.
    pub fn sender(&self, public_url: &str, data_dir: &Path) -> Result<Option<Arc<dyn MailSender>>, Fault> {
        Ok(self.open(public_url, data_dir)?.map(|mailer| Arc::new(mailer) as Arc<dyn MailSender>))
    }

    /// The same for mails about accounts.
    pub fn account_sender(
        &self,
        public_url: &str,
        data_dir: &Path,
    ) -> Result<Option<Arc<dyn AccountMailSender>>, Fault> {
        Ok(self.open(public_url, data_dir)?.map(|mailer| Arc::new(mailer) as Arc<dyn AccountMailSender>))
    }

    fn open(&self, public_url: &str, data_dir: &Path) -> Result<Option<Mailer>, Fault> {
        let transport = match self.transport {
            MailTransport::Off => return Ok(None),
            MailTransport::File => Transport::File(data_dir.join("mail")),
            MailTransport::Smtp => self.smtp()?,
        };
        Ok(Some(self.mailer(public_url, transport)?))
    }

    fn smtp(&self) -> Result<Transport, Fault> {
        let timeout = Duration::from_secs(self.timeout_seconds);
        Transport::smtp(&self.smtp_url.0, timeout).map_err(|fault| ("mail.smtp_url".into(), fault))
    }

    fn mailer(&self, public_url: &str, transport: Transport) -> Result<Mailer, Fault> {
        let templates = (!self.templates.is_empty()).then(|| PathBuf::from(&self.templates));
        let config = MailerConfig {
            from: self.from.clone(),
            shop: self.shop_name.clone(),
            public_url: public_url.to_owned(),
            templates,
            transport,
        };
        Mailer::new(config).map_err(|(key, fault)| (format!("mail.{key}"), fault))
    }
}

impl WebhooksConfig {
    pub fn validate(&self) -> Result<(), Fault> {
        within("webhooks.timeout_seconds", self.timeout_seconds, 1, 600)?;
        within("webhooks.max_response_bytes", self.max_response_bytes as u64, 0, 16 * 1024 * 1024)?;
        within("webhooks.concurrency", self.concurrency as u64, 1, 256)?;
        within("webhooks.max_endpoints", self.max_endpoints as u64, 0, 1_000)?;
        within("webhooks.rotation_hours", self.rotation_hours, 0, 24 * 366)?;
        retries("webhooks.retry_seconds", &self.retry_seconds)
    }

    pub fn sender(&self) -> Result<HttpWebhooks, Fault> {
        let config = HttpWebhooksConfig {
            reach: if self.allow_private { Reach::Anywhere } else { Reach::PublicOnly },
            transport: if self.allow_http { HttpTransport::HttpToo } else { HttpTransport::HttpsOnly },
            timeout: Duration::from_secs(self.timeout_seconds),
            max_response_bytes: self.max_response_bytes,
        };
        HttpWebhooks::new(config).map_err(|fault| ("webhooks".to_owned(), fault))
    }
}

/// Buyers follow links that begin with it.
pub fn check_public_url(url: &str) -> Result<(), Fault> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(['?', '#', '"', '<', '>', '@']) && !rest.contains(char::is_whitespace)
    });
    if plain {
        Ok(())
    } else {
        Err(("public_url".into(), format!("{url:?} must be http:// or https:// with a host and perhaps a path")))
    }
}

pub(super) fn within(key: &str, value: u64, least: u64, most: u64) -> Result<(), Fault> {
    if (least..=most).contains(&value) { Ok(()) } else { Err((key.to_owned(), format!("must be {least} to {most}"))) }
}

fn retries(key: &str, seconds: &[u64]) -> Result<(), Fault> {
    let fits = seconds.len() <= 50 && seconds.iter().all(|wait| (1..=30 * 24 * 3_600).contains(wait));
    if fits { Ok(()) } else { Err((key.to_owned(), "must be at most 50 times of 1 second to 30 days".to_owned())) }
}
