//! The body: JSON of a known shape, up to the configured size.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::config::ServerConfig;
use crate::problem::{Code, FieldError, Problem};
use crate::state::Edge;

#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T, S> FromRequest<S> for JsonBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        if !is_json(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        parse(&read(request, &edge.config.server).await?).map(Self)
    }
}

/// A body that may be left out, which is the same as `{}`.
#[derive(Debug)]
pub struct OptionalJsonBody<T>(pub T);

impl<T, S> FromRequest<S> for OptionalJsonBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if request.body().is_end_stream() {
            return parse(b"{}").map(Self);
        }
        JsonBody::from_request(request, state).await.map(|JsonBody(value)| Self(value))
    }
}

/// The bytes of a body as they were sent, for what is signed over them; up to the configured size.
#[derive(Debug)]
pub struct RawBody(pub Bytes);

impl<S> FromRequest<S> for RawBody
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        read(request, &edge.config.server).await.map(Self)
    }
}

/// `application/json` or a media type built on it (RFC 6839), in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_json =
        media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    is_json
        && parts.all(|parameter| {
            let parameter = parameter.to_ascii_lowercase();
            parameter.strip_prefix("charset=").is_none_or(|charset| charset.trim_matches('"') == "utf-8")
        })
}

/// The whole body, if it comes in time. What is there already, as most bodies are, needs no timer.
async fn read(request: Request, config: &ServerConfig) -> Result<Bytes, Problem> {
    let mut reading = pin!(collect(request, config.max_body_bytes as usize));
    match futures::poll!(reading.as_mut()) {
        Poll::Ready(bytes) => bytes,
        Poll::Pending => {
            let in_time = tokio::time::timeout(config.body_timeout(), reading).await;
            in_time.unwrap_or_else(|_| Err(Problem::new(Code::BodyTimedOut).retry_after(Duration::from_secs(1))))
        }
    }
}

async fn collect(request: Request, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Code::BodyTooLarge).detail(format!("at most {limit} bytes are taken"));
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body: Limited<Body> = Limited::new(request.into_body(), limit);
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().unwrap_or(&Bytes::new())),
            Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
            Err(_) => return Err(Problem::new(Code::MalformedRequest).detail("the body broke off")),
        }
    }
    Ok(bytes.freeze())
}

/// Reads a body.
///
/// # Errors
/// 400 where it is not JSON at all, 422 with a pointer where it is not the JSON that is asked for.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let malformed = |error: &serde_json::Error| Problem::new(Code::MalformedJson).detail(error.to_string());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| match error.inner().classify() {
            Category::Data => {
                // Reading stops at the first field at fault; what comes after it may not be JSON at all.
                let whole = serde_json::from_slice::<serde_json::Value>(bytes);
                let fault = || FieldError::from_serde(error.path(), &error.inner().to_string());
                whole.map_or_else(|error| malformed(&error), |_| Problem::invalid_body(vec![fault()]))
            }
            Category::Syntax | Category::Eof | Category::Io => malformed(error.inner()),
        })?;
    deserializer.end().map_err(|error| malformed(&error))?;
    // serde takes an array for a struct, its fields by their order, which nobody means.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let fault =
            FieldError { pointer: String::new(), code: "wrong_type", detail: "the body must be an object".to_owned() };
        return Err(Problem::invalid_body(vec![fault]));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Order {
        count: u32,
        #[serde(default)]
        address: Option<Address>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Address {
        city: String,
        #[serde(default)]
        lines: Vec<String>,
    }

    /// Code of the problem, pointer and code of its first field.
    fn fault(json: &[u8]) -> (u16, String, String) {
        let problem = parse::<Order>(json).unwrap_err();
        let body: serde_json::Value = serde_json::from_slice(&problem.body("r")).unwrap();
        let field = |name: &str| body["errors"][0][name].as_str().unwrap_or_default().to_owned();
        (problem.entry().status, field("pointer"), field("code"))
    }

    #[test]
    fn a_field_at_fault_is_pointed_at() {
        for (json, pointer, code) in [
            (r#"{"count": 1, "coupon": 2}"#, "/coupon", "unknown"),
            (r#"{"count": "1"}"#, "/count", "wrong_type"),
            (r#"{"count": 1.5}"#, "/count", "wrong_type"),
            (r#"{"count": -1}"#, "/count", "out_of_range"),
            (r#"{"count": 1000000000000}"#, "/count", "out_of_range"),
            (r#"{"count": 1, "count": 2}"#, "/count", "duplicate"),
            (r"{}", "/count", "missing"),
            (r#"{"count": 1, "address": {}}"#, "/address/city", "missing"),
            (r#"{"count": 1, "address": {"city": "A", "a/b~c": 1}}"#, "/address/a~1b~0c", "unknown"),
            (r#"{"count": 1, "address": {"city": "A", "lines": ["a", 2]}}"#, "/address/lines/1", "wrong_type"),
            (r"[1]", "", "wrong_type"),
            (r"7", "", "wrong_type"),
        ] {
            assert_eq!(fault(json.as_bytes()), (422, pointer.to_owned(), code.to_owned()), "{json}");
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = "[".repeat(100_000);
        let invalid_utf8 = [b"{\"count\": 1, \"address\": {\"city\": \"".as_slice(), &[0xff, 0xfe], b"\"}}"].concat();
        for bytes in
            [b"".as_slice(), b"{", b"nope", b"{\"count\": 1} x", b"{\"count\": NaN}", deep.as_bytes(), &invalid_utf8]
        {
            assert_eq!(fault(bytes).0, 400, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
        }
    }
}
