//! Access tokens: JSON Web Tokens signed with EdDSA (RFC 8037), for 15 minutes.
//!
//! The algorithm is pinned, so a token cannot choose how it is checked. The newest key signs; all known
//! keys verify, so that keys can be changed while tokens are out. New keys, and what was revoked, are looked up in the
//! [`Guard`], which reads them from the store every second.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use souk_actors::accounts::api_keys::PREFIX;
use souk_actors::accounts::guard::{Guard, Origin};
use souk_actors::viewer::{Identity, Role};
use souk_domain::account::role::{Permission, Permissions, Standing};
use souk_domain::id::{ApiKeyId, SessionId};
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{AccountRecord, ApiKeyRecord};
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
    /// Of staff with an account; the token of a script has all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<Permission>>,
    /// The session that it comes from, and the account's epoch: by them it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epoch: Option<u64>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Somebody with a valid token, and what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    pub identity: Identity,
    pub standing: Standing,
    /// None: a guest, a script or a program.
    pub origin: Option<Origin>,
    pub api_key: Option<ApiKeyId>,
    pub ends_at: Timestamp,
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
    #[error("the token was revoked")]
    Revoked,
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
    validation: Validation,
    keys: ArcSwap<Keys>,
    guard: OnceLock<Arc<Guard>>,
}

/// The keys, made ready.
struct Keys {
    header: Header,
    signing: EncodingKey,
    verifying: HashMap<String, DecodingKey>,
    jwks: JwkSet,
    /// What they were made of, by which new ones are noticed.
    source: Arc<Vec<SigningKeyRecord>>,
}

impl Keys {
    fn new(source: Arc<Vec<SigningKeyRecord>>) -> Result<Self, BadKey> {
        let newest = source.first().ok_or_else(|| BadKey { kid: "(none)".to_owned() })?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(newest.kid.clone());
        let mut verifying = HashMap::new();
        let mut jwks = JwkSet { keys: Vec::new() };
        for record in source.iter() {
            let jwk = public_key(record)?;
            let bad = |_| BadKey { kid: record.kid.clone() };
            verifying.insert(record.kid.clone(), DecodingKey::from_jwk(&jwk).map_err(bad)?);
            jwks.keys.push(jwk);
        }
        let signing = signing_key(newest)?;
        Ok(Self { header, signing, verifying, jwks, source })
    }
}

impl Tokens {
    /// `keys` are the store's, newest first.
    ///
    /// # Errors
    /// A key that is none, or no key at all.
    pub fn new(config: &TokenConfig, keys: &[SigningKeyRecord]) -> Result<Self, BadKey> {
        let keys = Keys::new(Arc::new(keys.to_vec()))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["iss", "aud", "exp", "nbf", "sub"]);
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        let (issuer, audience) = (config.issuer.clone(), config.audience.clone());
        Ok(Self { issuer, audience, validation, keys: ArcSwap::from_pointee(keys), guard: OnceLock::new() })
    }

    /// From now on what the guard knows counts too. Only the first guard is heeded.
    pub fn heed(&self, guard: Arc<Guard>) {
        let _ = self.guard.set(guard);
    }

    /// The keys as the store has them now.
    fn keys(&self) -> Arc<Keys> {
        let keys = self.keys.load_full();
        let Some(newest) = self.guard.get().map(|guard| guard.signing_keys()) else { return keys };
        if newest.is_empty() || Arc::ptr_eq(&newest, &keys.source) {
            return keys;
        }
        match Keys::new(newest) {
            Ok(made) => {
                let made = Arc::new(made);
                self.keys.store(Arc::clone(&made));
                made
            }
            Err(error) => {
                tracing::error!(%error, "a new signing key cannot be used, the ones before go on");
                keys
            }
        }
    }

    /// A token for somebody without an account, issued now, for 15 minutes.
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
        self.sign(&self.claims(who, now, life_seconds))
    }

    /// A token of a session.
    ///
    /// # Panics
    /// Never with the keys that `new` has checked.
    pub fn issue_to(&self, account: &AccountRecord, standing: &Standing, sid: SessionId, now: Timestamp) -> String {
        let (id, name) = (account.id.to_string(), account.name.clone());
        let who = Identity { id, name, role: standing.role };
        self.sign(&Claims {
            permissions: Some(standing.allowed().into_iter().collect()),
            sid: Some(sid),
            epoch: Some(account.epoch),
            ..self.claims(&who, now, LIFE_SECONDS)
        })
    }

    fn claims(&self, who: &Identity, now: Timestamp, life_seconds: i64) -> Claims {
        let iat = now.as_millis().div_euclid(1_000);
        Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: who.id.clone(),
            name: who.name.clone(),
            role: who.role,
            permissions: None,
            sid: None,
            epoch: None,
            iat,
            nbf: iat - NOT_BEFORE_SECONDS,
            exp: iat + life_seconds,
        }
    }

    fn sign(&self, claims: &Claims) -> String {
        let keys = self.keys();
        jsonwebtoken::encode(&keys.header, claims, &keys.signing).expect("a checked key signs")
    }

    /// Who a token stands for.
    ///
    /// # Errors
    /// Why it stands for nobody.
    pub fn verify(&self, token: &str) -> Result<Identity, TokenFault> {
        self.bearer(token).map(|bearer| bearer.identity)
    }

    /// The same, and what it allows. Keys of programs are taken too.
    ///
    /// # Errors
    /// Why it stands for nobody.
    pub fn bearer(&self, token: &str) -> Result<Bearer, TokenFault> {
        if token.starts_with(PREFIX) {
            let record = self.guard.get().and_then(|guard| guard.api_key(token)).ok_or(TokenFault::Malformed)?;
            return Ok(of_program(record));
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Malformed)?;
        let kid = header.kid.as_deref().ok_or(TokenFault::Malformed)?;
        let keys = self.keys();
        let key = keys.verifying.get(kid).ok_or(TokenFault::UnknownKey)?;
        let claims = match jsonwebtoken::decode::<Claims>(token, key, &self.validation) {
            Ok(data) => data.claims,
            Err(error) => {
                return Err(match error.kind() {
                    ErrorKind::ExpiredSignature => TokenFault::Expired,
                    ErrorKind::ImmatureSignature => TokenFault::NotYetValid,
                    ErrorKind::InvalidAudience | ErrorKind::InvalidIssuer => TokenFault::Foreign,
                    _ => TokenFault::Malformed,
                });
            }
        };
        let bearer = of_claims(claims)?;
        let is_allowed = |origin: &Origin| self.guard.get().is_none_or(|guard| guard.allows(origin));
        if bearer.origin.as_ref().is_none_or(is_allowed) { Ok(bearer) } else { Err(TokenFault::Revoked) }
    }

    /// The public keys, as `/.well-known/jwks.json` has them.
    pub fn jwks(&self) -> JwkSet {
        self.keys().jwks.clone()
    }
}

fn of_claims(claims: Claims) -> Result<Bearer, TokenFault> {
    let Claims { sub: id, name, role, permissions, sid, epoch, iat, exp, iss: _, aud: _, nbf: _ } = claims;
    let seconds = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1_000));
    let origin = match (sid, epoch) {
        (Some(session), Some(epoch)) => {
            let account = id.parse().map_err(|_| TokenFault::Malformed)?;
            Some(Origin { account, session, epoch, issued_at: seconds(iat) })
        }
        _ => None,
    };
    let permissions =
        permissions.map_or_else(|| Permission::ALL.into(), |all| all.into_iter().collect::<Permissions>());
    let standing = Standing { role, permissions };
    Ok(Bearer { identity: Identity { id, name, role }, standing, origin, api_key: None, ends_at: seconds(exp) })
}

/// A program acts as staff within its scopes.
fn of_program(record: ApiKeyRecord) -> Bearer {
    let ApiKeyRecord { id, name, scopes, expires_at, .. } = record;
    Bearer {
        identity: Identity { id: id.to_string(), name, role: Role::Staff },
        standing: Standing { role: Role::Staff, permissions: scopes },
        origin: None,
        api_key: Some(id),
        ends_at: expires_at.unwrap_or(Timestamp::from_millis(i64::MAX)),
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
mod tests;
