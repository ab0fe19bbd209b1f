//! How a server is reached: its URL, and for how long it is waited for.

use std::fmt;
use std::time::Duration;

use redis::{Client, ConnectionAddr, IntoConnectionInfo, ProtocolVersion, TlsCertificates, parse_redis_url};

use super::errors::OpenError;

/// Parameters that a URL may have.
const CA: &str = "ca";

/// Where a Redis server is, and how long it is waited for.
#[derive(Clone)]
pub struct RedisAccess {
    /// `redis://[user[:password]@]host[:port][/database]`; `rediss://` for TLS, whose certificate must be signed by a
    /// root of the system, or by those in the PEM file that `?ca=FILE` names.
    pub url: String,
    /// For making a connection.
    pub connect_timeout: Duration,
    /// For an answer. After that the outcome of a write is unknown.
    pub answer_timeout: Duration,
    /// How long a server that cannot be reached, or is loading its data, is waited for when it is opened.
    pub open_timeout: Duration,
}

impl RedisAccess {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connect_timeout: Duration::from_secs(2),
            answer_timeout: Duration::from_secs(3),
            open_timeout: Duration::from_secs(10),
        }
    }

    /// # Errors
    /// What is wrong with the URL or the file that it names.
    pub(crate) fn client(&self) -> Result<Client, OpenError> {
        let invalid = |reason: String| OpenError::Url { reason };
        let url = parse_redis_url(&self.url).ok_or_else(|| {
            invalid("it must look like redis://user:password@host:6379/0, or rediss:// for TLS".to_owned())
        })?;
        if url.fragment().is_some() {
            return Err(invalid("a certificate that is not checked protects nothing: take the # part away".to_owned()));
        }
        let mut ca = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                CA => ca = Some(value.into_owned()),
                other => return Err(invalid(format!("the parameter {other:?} is not known; {CA:?} is"))),
            }
        }
        let info = url.into_connection_info().map_err(|error| invalid(error.to_string()))?;
        if let ConnectionAddr::Unix(path) = info.addr() {
            return Err(invalid(format!("{} is a socket file; name a host", path.display())));
        }
        // The third protocol tells when a connection is gone, so that nothing is sent into the void.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let info = info.set_redis_settings(settings);
        let client = match ca {
            None => Client::open(info),
            Some(file) => {
                let pem = std::fs::read(&file)
                    .map_err(|error| invalid(format!("the file of certificates {file} cannot be read: {error}")))?;
                Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert: Some(pem) })
            }
        };
        client.map_err(|error| invalid(error.to_string()))
    }
}

/// Without the password.
impl fmt::Debug for RedisAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url: _, connect_timeout, answer_timeout, open_timeout } = self;
        f.debug_struct("RedisAccess")
            .field("connect_timeout", connect_timeout)
            .field("answer_timeout", answer_timeout)
            .field("open_timeout", open_timeout)
            .finish_non_exhaustive()
    }
}

/// `host:port`, for messages.
pub(crate) fn address(client: &Client) -> String {
    client.get_connection_info().addr().to_string()
}
