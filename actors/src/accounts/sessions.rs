//! Where somebody is signed in, and how that ends.

use souk_domain::id::{AccountId, SessionId};
use souk_persistence::accounts::Change;

use super::error::AccountError;
use super::secrets;
use super::service::{Accounts, SignedIn, refusal};
use super::view::SessionItem;

/// As many as an account can have.
const MOST: usize = 100;

impl Accounts {
    /// Newest first.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn sessions(&self, who: SignedIn) -> Result<Vec<SessionItem>, AccountError> {
        let sessions = self.store.sessions(who.account, self.clock.now(), MOST).await?;
        Ok(sessions
            .into_iter()
            .map(|session| {
                let current = session.id == who.session;
                SessionItem::of(session, current)
            })
            .collect())
    }

    /// # Errors
    /// `NotFound` for one that is not the account's, or has ended.
    pub async fn end_session(&self, account_id: AccountId, id: SessionId) -> Result<(), AccountError> {
        let end = Change::EndSession { id, account_id, at: self.clock.now() };
        let entry = self.entry("signed_out", Some(account_id.to_string()), Some(id.to_string()), "");
        self.write_or(vec![end, entry], refusal).await
    }

    /// Ends the session of a refresh token, for a browser that has lost its access token. One that is none is over
    /// already.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn end_session_of(&self, token: &str) -> Result<(), AccountError> {
        let Some(known) = self.store.token(&secrets::digest(token)).await? else { return Ok(()) };
        match self.end_session(known.session.account_id, known.session.id).await {
            Err(AccountError::NotFound) => Ok(()),
            ended => ended,
        }
    }
}
