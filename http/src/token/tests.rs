//! Attacks on tokens.

use super::*;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

fn record(kid: &str, byte: u8) -> SigningKeyRecord {
    SigningKeyRecord {
        kid: kid.to_owned(),
        secret: vec![byte; 32],
        created_at: Timestamp::from_millis(0),
        ends_at: None,
    }
}

fn tokens() -> Tokens {
    Tokens::new(&TokenConfig::default(), &[record("new", 1), record("old", 2)]).unwrap()
}

fn ada() -> Identity {
    Identity { id: "guest_01h455vb4pex5vsknk084sn02q".to_owned(), name: "Ada".to_owned(), role: Role::Guest }
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn claims() -> Value {
    let now = now();
    json!({ "iss": "souk", "aud": "souk", "sub": ada().id, "name": "Ada", "role": "guest",
            "iat": now, "nbf": now - 60, "exp": now + 60 })
}

fn signed(claims: &Value, kid: &str, byte: u8) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, &signing_key(&record(kid, byte)).unwrap()).unwrap()
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[test]
fn what_was_issued_is_verified_with_any_known_key() {
    let token = tokens().issue(&ada(), Timestamp::from_millis(now() * 1_000));
    assert_eq!(tokens().verify(&token), Ok(ada()));
    assert_eq!(tokens().verify(&signed(&claims(), "old", 2)), Ok(ada()));
}

#[test]
fn is_valid_for_fifteen_minutes_and_a_minute_back() {
    let tokens = tokens();
    let issued = |seconds_ago: i64| tokens.issue(&ada(), Timestamp::from_millis((now() - seconds_ago) * 1_000));
    assert!(tokens.verify(&issued(LIFE_SECONDS - 5)).is_ok());
    assert_eq!(tokens.verify(&issued(LIFE_SECONDS + 1)), Err(TokenFault::Expired));
    assert!(tokens.verify(&issued(-55)).is_ok());
    assert_eq!(tokens.verify(&issued(-65)), Err(TokenFault::NotYetValid));
}

#[test]
fn expired_by_one_second() {
    assert_eq!(tokens().verify(&signed(&with("exp", json!(now() - 1)), "new", 1)), Err(TokenFault::Expired));
}

#[test]
fn for_another_audience_or_by_another_issuer() {
    assert_eq!(tokens().verify(&signed(&with("aud", json!("other")), "new", 1)), Err(TokenFault::Foreign));
    assert_eq!(tokens().verify(&signed(&with("iss", json!("other")), "new", 1)), Err(TokenFault::Foreign));
}

#[test]
fn every_claim_is_needed() {
    for name in ["iss", "aud", "exp", "nbf", "sub"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert!(tokens().verify(&signed(&claims, "new", 1)).is_err(), "{name}");
    }
}

#[test]
fn of_an_unknown_key_or_under_the_name_of_another() {
    assert_eq!(tokens().verify(&signed(&claims(), "mine", 9)), Err(TokenFault::UnknownKey));
    assert_eq!(tokens().verify(&signed(&claims(), "new", 9)), Err(TokenFault::Malformed));
}

#[test]
fn unsigned() {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for algorithm in ["none", "None", "NONE"] {
        let head = encode(&json!({ "alg": algorithm, "typ": "JWT", "kid": "new" }));
        for signature in ["", "AAAA"] {
            let token = format!("{head}.{}.{signature}", encode(&claims()));
            assert_eq!(tokens().verify(&token), Err(TokenFault::Malformed));
        }
    }
}

#[test]
fn signed_with_the_public_key_as_a_shared_secret() {
    let jwk = public_key(&record("new", 1)).unwrap();
    let AlgorithmParameters::OctetKeyPair(pair) = &jwk.algorithm else { panic!("an Ed25519 key") };
    let public = URL_SAFE_NO_PAD.decode(&pair.x).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("new".to_owned());
    for secret in [public.as_slice(), pair.x.as_bytes()] {
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(secret)).unwrap();
        assert_eq!(tokens().verify(&token), Err(TokenFault::Malformed));
    }
}

#[test]
fn what_is_no_token() {
    for text in ["", "a", "a.b.c", "...", &"x".repeat(10_000)] {
        assert_eq!(tokens().verify(text), Err(TokenFault::Malformed));
    }
    let token = signed(&claims(), "new", 1);
    let altered = token.replacen("eyJ", "eyK", 2);
    assert!(tokens().verify(&altered).is_err());
}

#[test]
fn the_page_of_keys_has_no_secrets() {
    let page = serde_json::to_value(tokens().jwks()).unwrap();
    let key = &page["keys"][0];
    assert_eq!(
        (&key["kty"], &key["crv"], &key["alg"], &key["use"], &key["kid"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig"), &json!("new"))
    );
    assert!(key["d"].is_null() && page["keys"].as_array().unwrap().len() == 2);
}

#[test]
fn a_key_of_another_length_is_named() {
    let short = SigningKeyRecord { secret: vec![1; 31], ..record("short", 1) };
    let fault = Tokens::new(&TokenConfig::default(), &[short]).err().unwrap();
    assert!(fault.to_string().contains("short"));
}
