//! An answer, checked for what all answers promise.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::Value;
use souk_http::problem::table::TABLE;

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let answer = Self { status: parts.status, headers: parts.headers, bytes };
        answer.keeps_its_promises();
        answer
    }

    fn keeps_its_promises(&self) {
        let request_id = self.header("x-request-id");
        assert!(!request_id.is_empty());
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert!(self.header("content-security-policy").contains("default-src 'none'"));
        // A page of the store is a page also where it says that there is nothing.
        let is_missing_page = self.status == 404 && self.header("content-type").starts_with("text/html");
        if (self.status.is_client_error() || self.status.is_server_error()) && !is_missing_page {
            assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
            let problem = self.json();
            let entry = TABLE.iter().find(|entry| problem["code"] == entry.name).expect("a code of the table");
            assert_eq!(self.status.as_u16(), entry.status);
            assert_eq!(problem["status"], entry.status);
            assert_eq!(problem["title"], entry.title);
            assert_eq!(problem["request_id"], request_id);
            assert_eq!(problem["instance"], format!("urn:souk:request:{request_id}"));
            if matches!(entry.status, 429 | 503) {
                assert!(self.header("retry-after").parse::<u64>().unwrap() >= 1);
            }
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The same, or nothing for what is no problem.
    pub fn code_or_nothing(&self) -> String {
        if self.status.is_client_error() || self.status.is_server_error() { self.code() } else { String::new() }
    }

    /// Pointer and code of the first field at fault.
    pub fn fault(&self) -> (String, String) {
        let error = self.json()["errors"][0].clone();
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (text("pointer"), text("code"))
    }

    /// # Panics
    /// With the whole answer, when it has another status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }
}
