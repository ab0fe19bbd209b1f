//! A problem on its way to the client.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use souk_domain::id::OrderId;
use utoipa::ToSchema;
use utoipa::openapi::Object;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::code::{Code, Entry};
use super::fields::FieldError;
use crate::middleware::rate_limit::Verdict;

pub const MEDIA_TYPE: &str = "application/problem+json";

/// Boxed inside, because results carry it through every handler.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    detail: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    items: Option<serde_json::Value>,
    order_id: Option<OrderId>,
    retry_after: Option<Duration>,
    limit: Option<Verdict>,
}

/// The body of every answer that is not a success (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "/errors#out_of_stock")]
    kind: String,
    /// The same for every problem of this code.
    title: &'a str,
    status: u16,
    /// What clients decide by; see `/errors` for all of them.
    #[schema(schema_with = code_schema)]
    code: &'a str,
    /// What is wrong this time, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The fields or parameters at fault.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    /// What the code is about, one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    items: Option<&'a serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    order_id: Option<OrderId>,
    /// This request, as the server's log names it.
    #[schema(example = "urn:souk:request:5f1d7a84a3b94f3e9c1f0b9a4c7f2b11")]
    instance: String,
    request_id: &'a str,
}

/// All codes of the table, so that a typed client knows them.
fn code_schema() -> Object {
    let names = super::table::TABLE.iter().map(|entry| entry.name);
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some("What clients decide by"));
    text.enum_values(Some(names)).examples(["out_of_stock"]).build()
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self(Box::new(Parts {
            code,
            detail: None,
            errors: vec![],
            items: None,
            order_id: None,
            retry_after: None,
            limit: None,
        }))
    }

    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    pub fn items(mut self, items: &impl Serialize) -> Self {
        self.0.items = serde_json::to_value(items).ok();
        self
    }

    pub fn order_id(mut self, order_id: OrderId) -> Self {
        self.0.order_id = Some(order_id);
        self
    }

    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Too many requests, by this verdict.
    pub fn limited(verdict: Verdict, wait: Duration) -> Self {
        let mut problem = Self::new(Code::RateLimited).retry_after(wait);
        problem.0.limit = Some(verdict);
        problem
    }

    pub fn limit(&self) -> Option<&Verdict> {
        self.0.limit.as_ref()
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// A body with these faults.
    pub fn invalid_body(errors: Vec<FieldError>) -> Self {
        Self::new(Code::InvalidBody).errors(errors)
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn entry(&self) -> &'static Entry {
        self.0.code.entry()
    }

    /// The body, with the id of the request it answers.
    pub fn body(&self, request_id: &str) -> Vec<u8> {
        let Parts { code, detail, errors, items, order_id, retry_after: _, limit: _ } = &*self.0;
        let entry = code.entry();
        let body = ProblemBody {
            kind: format!("/errors#{}", entry.name),
            title: entry.title,
            status: entry.status,
            code: entry.name,
            detail: detail.as_deref(),
            errors,
            items: items.as_ref(),
            order_id: *order_id,
            instance: format!("urn:souk:request:{request_id}"),
            request_id,
        };
        serde_json::to_vec(&body).expect("a problem serialises to JSON")
    }

    /// Status and headers; the body is written last, when the id of the request is known.
    fn head(&self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.entry().status).expect("the table has valid statuses");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        if self.entry().status == 401 {
            let invalid = matches!(self.0.code, Code::TokenExpired | Code::TokenInvalid);
            // RFC 6750, section 3: no error code where no token was sent.
            let challenge =
                if invalid { "Bearer realm=\"souk\", error=\"invalid_token\"" } else { "Bearer realm=\"souk\"" };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// `Retry-After` has whole seconds (RFC 9110, section 10.2.3); zero would mean at once.
fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// The problem travels beside an empty body until the boundary, which knows the id of the request,
/// writes it out.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.head();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_what_rfc_9457_and_the_contract_ask_for() {
        let order_id = "ord_00000000000000000000000007".parse().unwrap();
        let items = serde_json::json!([{"variant_id": "var_1", "available": 3}]);
        let problem = Problem::new(Code::OutOfStock).items(&items).order_id(order_id).detail("3 left");
        let body: serde_json::Value = serde_json::from_slice(&problem.body("r1")).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/errors#out_of_stock", "title": "Not enough in stock", "status": 409, "code": "out_of_stock",
                "detail": "3 left", "items": items, "order_id": "ord_00000000000000000000000007",
                "instance": "urn:souk:request:r1", "request_id": "r1",
            })
        );
    }

    #[test]
    fn retry_after_is_rounded_up_and_never_zero() {
        for (millis, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2")] {
            let response = Problem::new(Code::RateLimited).retry_after(Duration::from_millis(millis)).into_response();
            assert_eq!(response.headers()[header::RETRY_AFTER], seconds);
        }
    }
}
