//! Who asks, by the access token or the key in `Authorization: Bearer` (RFC 6750).

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::http::header;
use axum::http::request::Parts;
use souk_actors::accounts::service::SignedIn;
use souk_actors::viewer::Identity;
use souk_domain::id::AccountId;

use crate::problem::{Code, Problem};
use crate::state::Edge;
use crate::token::{Bearer, TokenFault};

/// Somebody with a valid token.
#[derive(Debug, Clone)]
pub struct Caller(pub Identity);

/// The same, or nobody. A token that is not valid is refused all the same: whoever sends one means to
/// be somebody.
#[derive(Debug, Clone)]
pub struct OptionalCaller(pub Option<Identity>);

impl OptionalCaller {
    pub fn id(&self) -> Option<&str> {
        self.0.as_ref().map(|identity| identity.id.as_str())
    }
}

/// Somebody who is signed in to an account.
#[derive(Debug, Clone, Copy)]
pub struct Account(pub SignedIn);

impl Account {
    pub fn id(&self) -> AccountId {
        self.0.account
    }
}

/// Somebody who works for the shop, or a program with a key. What they may is declared in the URL table.
#[derive(Debug, Clone)]
pub struct Staff(pub Arc<Bearer>);

impl<S> FromRequestParts<S> for OptionalCaller
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        let bearer = known(parts, &edge)?;
        Ok(Self(bearer.map(|bearer| bearer.identity.clone())))
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let OptionalCaller(identity) = OptionalCaller::from_request_parts(parts, state).await?;
        identity.map(Self).ok_or_else(missing)
    }
}

impl<S> FromRequestParts<S> for Account
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        let bearer = known(parts, &edge)?.ok_or_else(missing)?;
        let origin = bearer.origin.ok_or_else(|| Problem::new(Code::Forbidden).detail("this needs an account"))?;
        Ok(Self(SignedIn { account: origin.account, session: origin.session }))
    }
}

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        let bearer = known(parts, &edge)?.ok_or_else(missing)?;
        if bearer.standing.role.is_staff() { Ok(Self(bearer)) } else { Err(Problem::new(Code::Forbidden)) }
    }
}

fn missing() -> Problem {
    Problem::new(Code::CredentialsMissing)
}

/// Who the URL table found, so that a token is verified once.
fn known(parts: &Parts, edge: &Edge) -> Result<Option<Arc<Bearer>>, Problem> {
    match parts.extensions.get::<Arc<Bearer>>() {
        Some(bearer) => Ok(Some(Arc::clone(bearer))),
        None => identify(parts, edge),
    }
}

/// Who asks. The call is counted for them.
///
/// # Errors
/// A token or key that is not valid; one call too many.
pub fn identify(parts: &Parts, edge: &Edge) -> Result<Option<Arc<Bearer>>, Problem> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let invalid = || Problem::new(Code::TokenInvalid);
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(invalid().detail("the scheme must be Bearer"));
    }
    match edge.tokens.bearer(token.trim()) {
        Ok(bearer) => {
            within_limits(parts, edge, &bearer.identity.id)?;
            Ok(Some(Arc::new(bearer)))
        }
        Err(fault @ (TokenFault::Expired | TokenFault::Revoked)) => {
            Err(Problem::new(Code::TokenExpired).detail(fault.to_string()))
        }
        Err(fault) => Err(invalid().detail(fault.to_string())),
    }
}

/// Counts the call for its account too, wherever it came from.
fn within_limits(parts: &Parts, edge: &Edge, account: &str) -> Result<(), Problem> {
    let Some(limits) = &edge.limits else { return Ok(()) };
    let path = parts.extensions.get::<MatchedPath>().map_or_else(|| parts.uri.path(), MatchedPath::as_str);
    let verdict = limits.check_account(&parts.method, path, account);
    match verdict.and_then(|verdict| Some((verdict.wait?, verdict))) {
        Some((wait, verdict)) => Err(Problem::limited(verdict, wait)),
        None => Ok(()),
    }
}
