//! Whatever bytes a stranger sends: they are read without a panic, and what is made from them keeps its promises.

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use futures::FutureExt;
use proptest::prelude::*;
use serde_json::Value;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_actors::viewer::{Identity, Role};
use souk_domain::time::Timestamp;
use souk_http::config::TokenConfig;
use souk_http::extract::IdempotencyKey;
use souk_http::extract::json::parse;
use souk_http::middleware::compression::negotiate;
use souk_http::middleware::request_id::RequestId;
use souk_http::problem::Problem;
use souk_http::realtime::ws::requests::Request as Frame;
use souk_http::token::Tokens;
use souk_persistence::stores::SigningKeyRecord;

fn key_of(value: &[u8]) -> Option<Result<String, Problem>> {
    let value = HeaderValue::from_bytes(value).ok()?;
    let (mut parts, ()) = Request::builder().header("idempotency-key", value).body(()).ok()?.into_parts();
    let read = IdempotencyKey::from_request_parts(&mut parts, &()).now_or_never().expect("it waits for nothing");
    Some(read.map(|IdempotencyKey(key)| key))
}

proptest! {
    #[test]
    fn an_idempotency_key_is_short_and_visible_or_refused(value: Vec<u8>) {
        if let Some(Ok(key)) = key_of(&value) {
            prop_assert!((1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }

    #[test]
    fn a_key_is_the_same_bare_and_quoted(key in "[!#-\\[\\]-~]{1,255}") {
        prop_assert_eq!(key_of(key.as_bytes()).unwrap().unwrap(), key.clone());
        prop_assert_eq!(key_of(format!("\"{key}\"").as_bytes()).unwrap().unwrap(), key);
    }

    #[test]
    fn a_frame_is_a_request_or_a_fault(bytes: Vec<u8>) {
        let _ = Frame::read(&bytes);
        let _ = Frame::id_of(&bytes);
    }

    #[test]
    fn a_frame_that_is_json_is_a_request_or_a_fault(
        op in "(authenticate|subscribe|unsubscribe|publish|signal|ping|[a-z]{0,5})",
        id in prop_oneof![any::<u64>().prop_map(Value::from), any::<i64>().prop_map(Value::from), ".{0,5}".prop_map(Value::from)],
        topic in ".{0,40}",
        since: i64,
    ) {
        let text = serde_json::json!({ "id": id, "op": op, "topic": topic, "since": since, "token": topic }).to_string();
        let _ = Frame::read(text.as_bytes());
        prop_assert_eq!(Frame::id_of(text.as_bytes()), id.as_u64());
    }

    #[test]
    fn a_body_is_a_value_or_a_problem_of_400_or_422(bytes: Vec<u8>) {
        if let Err(problem) = parse::<Value>(&bytes) {
            prop_assert!(matches!(problem.entry().status, 400 | 422));
        }
    }

    #[test]
    fn an_encoding_is_chosen_only_where_it_was_offered(accepted in "(gzip|br|deflate|\\*|identity|;q=0|;q=1|;q=|,| |[a-z]){0,12}") {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(&accepted).unwrap());
        if negotiate(&mut headers) {
            let chosen = headers[header::ACCEPT_ENCODING].to_str().unwrap();
            prop_assert!(["gzip", "br"].contains(&chosen) && accepted.contains(chosen), "{} of {}", chosen, accepted);
        }
    }

    #[test]
    fn a_request_id_cannot_forge_a_line_of_the_log(value: Vec<u8>) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.insert("x-request-id", value);
        }
        let id = RequestId::of(&headers).as_str().to_owned();
        prop_assert!((1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
    }

    #[test]
    fn no_text_is_a_token_unless_it_was_signed(text in "[ -~]{0,200}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,60}", 3)) {
        let tokens = tokens();
        prop_assert!(tokens.verify(&text).is_err());
        prop_assert!(tokens.verify(&parts.join(".")).is_err());
    }

    #[test]
    fn a_token_with_another_byte_is_none(place: prop::sample::Index, byte in "[A-Za-z0-9_-]") {
        let tokens = tokens();
        let who = Identity { id: "guest_01h455vb4pex5vsknk084sn02q".to_owned(), name: "Ada".to_owned(), role: Role::Guest };
        let token = tokens.issue(&who, SystemClock.now());
        prop_assert!(tokens.verify(&token).is_ok());
        let place = place.index(token.len());
        // The last character of each part has bits that nothing is made from.
        let is_last = token[place + 1..].is_empty() || token[place + 1..].starts_with('.');
        if token[place..=place] != byte && !is_last {
            let other = format!("{}{byte}{}", &token[..place], &token[place + 1..]);
            prop_assert!(tokens.verify(&other).is_err(), "{}", other);
        }
    }
}

fn tokens() -> Tokens {
    let record = SigningKeyRecord {
        kid: "k".to_owned(),
        secret: vec![7; 32],
        created_at: Timestamp::from_millis(0),
        ends_at: None,
    };
    Tokens::new(&TokenConfig::default(), &[record]).expect("a key")
}
