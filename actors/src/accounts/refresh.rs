//! The next access token of a session, and its next refresh token.

use souk_domain::account::rotation::{Shown, Verdict, judge};
use souk_persistence::accounts::{Change, Refused, SessionRecord, TokenRecord};

use super::error::AccountError;
use super::secrets;
use super::service::{Accounts, refusal};
use super::sign_in::Opened;
use crate::runtime::error::Unavailable;

/// Two who exchange one token at once: the second looks again, and finds it exchanged.
const TRIES: usize = 3;

impl Accounts {
    /// # Errors
    /// `SessionOver` for a token that is none, or one whose session is over, also because it was used twice.
    pub async fn refresh(&self, token: &str) -> Result<Opened, AccountError> {
        let digest = secrets::digest(token);
        for _ in 0..TRIES {
            let now = self.clock.now();
            let known = self.store.token(&digest).await?.ok_or(AccountError::SessionOver)?;
            let TokenRecord { session, rotated_at } = known;
            let shown = Shown { rotated_at, ended_at: session.ended_at, expires_at: session.expires_at };
            match judge(&shown, now) {
                Verdict::Over => return Err(AccountError::SessionOver),
                Verdict::Reused => return Err(self.reused(&session).await),
                Verdict::AccessOnly => {
                    let account = self.account(session.account_id).await?;
                    return Ok(Opened { account, session, token: None });
                }
                Verdict::Rotate => {
                    let next = secrets::text(secrets::secret(&*self.chance));
                    let expires_at = self.expiry(session.created_at, now);
                    let rotate = Change::Rotate { from: digest, to: secrets::digest(&next), at: now, expires_at };
                    match self.write(vec![rotate]).await {
                        Err(Refused::Spent) => {}
                        Err(refused) => return Err(refusal(refused)),
                        Ok(written) => {
                            written?;
                            let account = self.account(session.account_id).await?;
                            return Ok(Opened { account, session, token: Some(next) });
                        }
                    }
                }
            }
        }
        Err(AccountError::Unavailable(Unavailable::Busy))
    }

    /// Two have the token, and nobody knows which of them is its owner: the session ends for both.
    async fn reused(&self, session: &SessionRecord) -> AccountError {
        let SessionRecord { id, account_id, .. } = *session;
        let end = Change::EndSession { id, account_id, at: self.clock.now() };
        let subject = Some(id.to_string());
        let entry = self.entry("refresh_token_reused", Some(account_id.to_string()), subject, "the session is ended");
        match self.write(vec![end, entry]).await {
            Ok(Err(error)) => error,
            // Refused: it has ended meanwhile.
            Ok(Ok(())) | Err(_) => AccountError::SessionOver,
        }
    }
}
