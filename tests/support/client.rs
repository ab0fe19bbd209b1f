//! HTTP, as a client of the shop speaks it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::answer::Answer;

/// Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Arc<str>,
    token: Option<Arc<str>>,
}

impl Client {
    pub fn new(base: &str) -> Self {
        // Only the first client of the process sets it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).no_proxy();
        Self { http: http.build().expect("an HTTP client"), base: base.into(), token: None }
    }

    /// Over TLS, trusting one certificate (PEM) and nothing else.
    pub fn trusting(base: &str, pem: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).no_proxy().tls_certs_only([root]);
        Self { http: http.build().expect("an HTTP client"), base: base.into(), token: None }
    }

    /// A client whose requests have a connection each: a balancer hands each to any node.
    pub fn unpooled(base: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).no_proxy().pool_max_idle_per_host(0);
        Self { http: http.build().expect("an HTTP client"), base: base.into(), token: None }
    }

    /// The same client with somebody's access token.
    pub fn acting_as(&self, token: &str) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &[], Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], None).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        match body {
            None => self.send_bytes(method, path, headers, Vec::new()).await,
            Some(body) => {
                let headers = [&[("content-type", "application/json")], headers].concat();
                self.send_bytes(method, path, &headers, body.to_string().into_bytes()).await
            }
        }
    }

    /// A body as it is, good or bad.
    pub async fn send_bytes(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let what = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        match receive(request).await {
            Ok((status, headers, text)) => Answer { what, status: Some(status), headers, text },
            Err(error) => Answer { what, status: None, headers: HeaderMap::new(), text: format!("{error:?}") },
        }
    }
}

async fn receive(request: reqwest::RequestBuilder) -> reqwest::Result<(u16, HeaderMap, String)> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok((status, headers, response.text().await?))
}
