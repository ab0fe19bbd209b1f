//! Access tokens: JSON Web Tokens signed with EdDSA (RFC 8037), for 15 minutes.
//!
//! The algorithm is pinned, so a token cannot choose how it is checked. The newest key signs; all known
//! keys verify, so that keys can be changed while tokens are out.

use std::collections::HashMap;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use souk_actors::viewer::{Identity, Role};
use souk_domain::time::Timestamp;
use souk_persistence::stores::SigningKeyRecord;

use crate::config::TokenConfig;

/// How long a token is valid.
pub const LIFE_SECONDS: i64 = 15 * 60;
/// Clocks of nodes differ: a token is valid this long before it was issued. Checks have no leeway.
const NOT_BEFORE_SECONDS: i64 = 60;
/// The start of a PKCS #8 document of an Ed25519 key (RFC 8410, section 7); the 32 bytes of the seed follow.
const PKCS8_HEAD: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// As in [`Identity`].
    sub: String,
    name: String,
    role: Role,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is for somebody else")]
    Foreign,
    #[error("the token was signed with an unknown key")]
    UnknownKey,
    #[error("this is not a token of this shop")]
    Malformed,
}

/// A key of the store cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("signing key {kid} is not an Ed25519 seed of 32 bytes")]
pub struct BadKey {
    pub kid: String,
}

pub struct Tokens {
    issuer: String,
    audience: String,
    header: Header,
    signing: EncodingKey,
    verifying: HashMap<String, DecodingKey>,
    validation: Validation,
    jwks: JwkSet,
}

impl Tokens {
    /// `keys` are the store's, newest first.
    ///
    /// # Errors
    /// A key that is none, or no key at all.
    pub fn new(config: &TokenConfig, keys: &[SigningKeyRecord]) -> Result<Self, BadKey> {
        let newest = keys.first().ok_or_else(|| BadKey { kid: "(none)".to_owned() })?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(newest.kid.clone());
        let mut verifying = HashMap::new();
        let mut jwks = JwkSet { keys: Vec::new() };
        for record in keys {
            let jwk = public_key(record)?;
            let bad = |_| BadKey { kid: record.kid.clone() };
            verifying.insert(record.kid.clone(), DecodingKey::from_jwk(&jwk).map_err(bad)?);
            jwks.keys.push(jwk);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["iss", "aud", "exp", "nbf", "sub"]);
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        let (issuer, audience) = (config.issuer.clone(), config.audience.clone());
        Ok(Self { issuer, audience, header, signing: signing_key(newest)?, verifying, validation, jwks })
    }

    /// A token for somebody, issued now, for 15 minutes.
    ///
    /// # Panics
    /// Never with the keys that `new` has checked.
    pub fn issue(&self, who: &Identity, now: Timestamp) -> String {
        self.issue_for(who, now, LIFE_SECONDS)
    }

    /// The same for another time, in seconds: for the command line.
    ///
    /// # Panics
    /// Never with the keys that `new` has checked.
    pub fn issue_for(&self, who: &Identity, now: Timestamp, life_seconds: i64) -> String {
        let iat = now.as_millis().div_euclid(1_000);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: who.id.clone(),
            name: who.name.clone(),
            role: who.role,
            iat,
            nbf: iat - NOT_BEFORE_SECONDS,
            exp: iat + life_seconds,
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing).expect("a checked key signs")
    }

    /// Who a token stands for.
    ///
    /// # Errors
    /// Why it stands for nobody.
    pub fn verify(&self, token: &str) -> Result<Identity, TokenFault> {
        self.verify_until(token).map(|(identity, _)| identity)
    }

    /// The same, and when the token ends: a socket outlives it.
    ///
    /// # Errors
    /// Why it stands for nobody.
    pub fn verify_until(&self, token: &str) -> Result<(Identity, Timestamp), TokenFault> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Malformed)?;
        let kid = header.kid.as_deref().ok_or(TokenFault::Malformed)?;
        let key = self.verifying.get(kid).ok_or(TokenFault::UnknownKey)?;
        match jsonwebtoken::decode::<Claims>(token, key, &self.validation) {
            Ok(data) => {
                let Claims { sub: id, name, role, exp, .. } = data.claims;
                Ok((Identity { id, name, role }, Timestamp::from_millis(exp.saturating_mul(1_000))))
            }
            Err(error) => Err(match error.kind() {
                ErrorKind::ExpiredSignature => TokenFault::Expired,
                ErrorKind::ImmatureSignature => TokenFault::NotYetValid,
                ErrorKind::InvalidAudience | ErrorKind::InvalidIssuer => TokenFault::Foreign,
                _ => TokenFault::Malformed,
            }),
        }
    }

    /// The public keys, as `/.well-known/jwks.json` has them.
    pub fn jwks(&self) -> &JwkSet {
        &self.jwks
    }
}

fn signing_key(record: &SigningKeyRecord) -> Result<EncodingKey, BadKey> {
    if record.secret.len() != 32 {
        return Err(BadKey { kid: record.kid.clone() });
    }
    Ok(EncodingKey::from_ed_der(&[PKCS8_HEAD.as_slice(), &record.secret].concat()))
}

fn public_key(record: &SigningKeyRecord) -> Result<Jwk, BadKey> {
    let bad = |_| BadKey { kid: record.kid.clone() };
    let mut jwk = Jwk::from_encoding_key(&signing_key(record)?, Algorithm::EdDSA).map_err(bad)?;
    debug_assert!(matches!(jwk.algorithm, AlgorithmParameters::OctetKeyPair(_)));
    jwk.common.key_id = Some(record.kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
    Ok(jwk)
}

#[cfg(test)]
mod tests {
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
}
