//! What came back from a request.

use reqwest::header::HeaderMap;
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    /// The request.
    pub what: String,
    /// None: the connection broke before there was an answer.
    pub status: Option<u16>,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn is(&self, status: u16) -> bool {
        self.status == Some(status)
    }

    pub fn is_lost(&self) -> bool {
        self.status.is_none()
    }

    /// Whether it is neither the end of the matter nor a refusal: asked again with the same key, it will be one.
    pub fn is_to_be_repeated(&self) -> bool {
        self.is_lost() || self.is(503) || (self.is(409) && self.code() == "in_progress")
    }

    /// Null when the body is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The stable code of a problem; empty when it is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert!(self.is(status), "expected {status}: {self}");
        self.json()
    }

    /// The body, or none when the connection broke; any other status is a failure.
    #[track_caller]
    pub fn unless_lost(&self, status: u16) -> Option<Value> {
        if self.is_lost() { None } else { Some(self.expect(status)) }
    }

    /// A problem in the form of RFC 9457.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        assert!(self.is(status), "expected {status} {code}: {self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{self}");
        assert_eq!(problem["status"], status, "{self}");
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "no title: {self}");
        problem
    }

    /// A problem that names the field at fault.
    #[track_caller]
    pub fn expect_fault(&self, status: u16, code: &str, pointer: &str) -> Value {
        let problem = self.expect_problem(status, code);
        let faults = problem["errors"].as_array().cloned().unwrap_or_default();
        assert!(faults.iter().any(|fault| fault["pointer"] == pointer), "no fault at {pointer}: {self}");
        problem
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, status, headers: _, text } = self;
        let shown: String = text.chars().take(2_000).collect();
        match status {
            Some(status) => write!(f, "{what} -> {status} {shown}"),
            None => write!(f, "{what} -> no answer: {shown}"),
        }
    }
}
