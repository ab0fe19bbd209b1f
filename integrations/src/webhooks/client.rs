//! The sender over HTTP. No redirects, no proxies, bounded in time and in what it reads; what a name leads to is
//! looked at when the connection is made, so a name that changes its mind does not get past.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};

use super::address::is_public;
use super::port::{Unsent, WebhookRequest, WebhookSender};

const USER_AGENT: &str = concat!("Souk-Webhooks/", env!("CARGO_PKG_VERSION"));
/// Idle connections that are kept to one receiver.
const IDLE_CONNECTIONS: usize = 16;

/// Which addresses may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    PublicOnly,
    /// Also the machine itself and the network it is in.
    Anywhere,
}

/// How a receiver may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    HttpsOnly,
    HttpToo,
}

#[derive(Debug, Clone, Copy)]
pub struct HttpWebhooksConfig {
    pub reach: Reach,
    pub transport: Transport,
    /// For the whole exchange.
    pub timeout: Duration,
    /// Of an answer's body that is read. What it says does not count; it is read so that the connection can be kept.
    pub max_response_bytes: usize,
}

pub struct HttpWebhooks {
    client: Client,
    config: HttpWebhooksConfig,
}

impl HttpWebhooks {
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: HttpWebhooksConfig) -> Result<Self, String> {
        // The first to name one names it for the process; all of Souk names the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(config.timeout)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .dns_resolver(Arc::new(Resolver { reach: config.reach }))
            .build();
        Ok(Self { client: client.map_err(|error| error.to_string())?, config })
    }

    fn allowed(&self, url: &str) -> Result<Url, String> {
        let url: Url = url.parse().map_err(|error| format!("it is no URL: {error}"))?;
        match (url.scheme(), self.config.transport) {
            ("https", _) | ("http", Transport::HttpToo) => {}
            ("http", Transport::HttpsOnly) => return Err("it must begin with https://".to_owned()),
            _ => return Err("it must begin with https:// or http://".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a name and a password do not belong into it".to_owned());
        }
        let host = url.host_str().unwrap_or_default();
        // A literal address does not pass the resolver. Brackets stand around one of IPv6.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let local_name = host == "localhost" || host.ends_with(".localhost");
        let local = literal.map_or(local_name, |address| !is_public(address));
        if host.is_empty() || (local && self.config.reach == Reach::PublicOnly) {
            return Err("it leads into a private network".to_owned());
        }
        Ok(url)
    }
}

#[async_trait]
impl WebhookSender for HttpWebhooks {
    async fn post(&self, request: WebhookRequest) -> Result<u16, Unsent> {
        let WebhookRequest { url, id, timestamp, body, secrets } = request;
        let url = self.allowed(&url).map_err(Unsent)?;
        let signatures: Vec<String> = secrets.iter().map(|secret| secret.sign(&id, timestamp, &body)).collect();
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures.join(" "))
            .body(body)
            .send();
        let mut response = sent.await.map_err(|error| Unsent(describe(&error)))?;
        let mut read = 0;
        // The status has come: a body that breaks off or is too long changes nothing about it.
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > self.config.max_response_bytes {
                break;
            }
        }
        Ok(response.status().as_u16())
    }

    fn check(&self, url: &str) -> Result<(), String> {
        self.allowed(url).map(|_| ())
    }
}

/// The cause too: "error sending request" alone helps nobody. Without the URL, which may hold a secret.
fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// The system's resolver, with what may not be asked left out.
struct Resolver {
    reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| reach == Reach::Anywhere || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads into a private network, or nowhere".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(reach: Reach, transport: Transport) -> HttpWebhooks {
        let timeout = Duration::from_secs(5);
        HttpWebhooks::new(HttpWebhooksConfig { reach, transport, timeout, max_response_bytes: 100 }).unwrap()
    }

    #[test]
    fn urls() {
        let strict = sender(Reach::PublicOnly, Transport::HttpsOnly);
        for good in ["https://example.com/hook?a=b", "https://8.8.8.8/", "https://[2606:4700::1111]:8443/x"] {
            assert_eq!(strict.check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "ftp://example.com",
            "http://example.com",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://user:word@example.com/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest",
            "https://[::ffff:127.0.0.1]/",
        ] {
            assert!(strict.check(bad).is_err(), "{bad}");
        }
        let open = sender(Reach::Anywhere, Transport::HttpToo);
        assert_eq!(open.check("http://127.0.0.1:8080/hook"), Ok(()));
        assert!(open.check("file:///etc/passwd").is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_when_it_is_resolved() {
        let resolve = |reach| Resolver { reach }.resolve("localhost".parse().unwrap());
        assert!(resolve(Reach::PublicOnly).await.is_err());
        assert!(resolve(Reach::Anywhere).await.is_ok_and(|mut found| found.next().is_some()));
    }
}
