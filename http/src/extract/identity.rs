//! Who asks, by the access token in `Authorization: Bearer` (RFC 6750).

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::http::header;
use axum::http::request::Parts;
use souk_actors::viewer::{Identity, Role};

use crate::problem::{Code, Problem};
use crate::state::Edge;
use crate::token::TokenFault;

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

impl<S> FromRequestParts<S> for OptionalCaller
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        identify(parts, &edge).map(Self)
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        identify(parts, &edge)?.map(Self).ok_or_else(|| Problem::new(Code::CredentialsMissing))
    }
}

/// Somebody who runs the shop.
#[derive(Debug, Clone)]
pub struct Staff(pub Identity);

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Caller(identity) = Caller::from_request_parts(parts, state).await?;
        if identity.role == Role::Staff { Ok(Self(identity)) } else { Err(Problem::new(Code::Forbidden)) }
    }
}

fn identify(parts: &Parts, edge: &Edge) -> Result<Option<Identity>, Problem> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let invalid = || Problem::new(Code::TokenInvalid);
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(invalid().detail("the scheme must be Bearer"));
    }
    match edge.tokens.verify(token.trim()) {
        Ok(identity) => {
            within_limits(parts, edge, &identity.id)?;
            Ok(Some(identity))
        }
        Err(TokenFault::Expired) => Err(Problem::new(Code::TokenExpired)),
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
