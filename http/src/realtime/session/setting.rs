//! What a session needs of the process around it.

use std::sync::Arc;

use axum::extract::FromRef;
use souk_actors::accounts::guard::Origin;
use souk_actors::marketplace::Marketplace;
use souk_actors::viewer::Identity;
use tokio::time::Instant;

use super::refusal::Refusal;
use crate::problem::{Code, Problem};
use crate::realtime::node::Realtime;
use crate::state::{App, Edge};
use crate::token::{Bearer, TokenFault};

/// Cheap to clone.
#[derive(Clone)]
pub struct Setting {
    pub market: Arc<Marketplace>,
    pub edge: Arc<Edge>,
    pub realtime: Realtime,
}

impl FromRef<App> for Setting {
    fn from_ref(app: &App) -> Self {
        Self { market: Arc::clone(&app.market), edge: Arc::clone(&app.edge), realtime: app.realtime.clone() }
    }
}

impl Setting {
    /// Who a token stands for, until when, and by what it can be revoked.
    ///
    /// # Errors
    /// `token_expired`, or `token_invalid` for whatever else is wrong with it.
    pub fn verify(&self, token: &str) -> Result<(Identity, Instant, Option<Origin>), Refusal> {
        let Bearer { identity, ends_at, origin, .. } = self.edge.tokens.bearer(token).map_err(refusal)?;
        let left = ends_at.since(self.market.clock.now());
        if left.is_zero() {
            return Err(Code::TokenExpired.into());
        }
        Ok((identity, Instant::now() + left, origin))
    }

    /// Whether a token of this origin still counts.
    pub fn allows(&self, origin: Option<Origin>) -> bool {
        origin.is_none_or(|origin| self.market.accounts.guard.allows(&origin))
    }
}

fn refusal(fault: TokenFault) -> Refusal {
    match fault {
        TokenFault::Expired | TokenFault::Revoked => Code::TokenExpired.into(),
        TokenFault::NotYetValid | TokenFault::Foreign | TokenFault::UnknownKey | TokenFault::Malformed => {
            Problem::new(Code::TokenInvalid).detail(fault.to_string()).into()
        }
    }
}
