//! From an address and a password to a session. It takes as long whether there is such an account or not.

use souk_domain::account::email;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{AccountRecord, Change, Refused, Secret, SessionRecord};

use super::error::AccountError;
use super::passwords::hasher::Verified;
use super::secrets;
use super::service::{Accounts, refusal};
use crate::runtime::error::Unavailable;

/// Sessions of one account; another one ends the oldest.
const MOST_SESSIONS: usize = 100;
/// Of what a device says it is.
const USER_AGENT_CHARS: usize = 200;
const TRIES: usize = 5;

/// Where somebody signs in from.
#[derive(Debug, Clone, Default)]
pub struct Device {
    pub user_agent: String,
    /// The network of its address: /24 of IPv4, /48 of IPv6.
    pub network: String,
}

pub struct Credentials {
    pub email: String,
    pub password: String,
    /// Of the authenticator, or a recovery code.
    pub code: Option<String>,
}

/// A session, with its refresh token where there is a new one.
pub struct Opened {
    pub account: AccountRecord,
    pub session: SessionRecord,
    pub token: Option<String>,
}

impl Accounts {
    /// # Errors
    /// `InvalidCredentials` without saying which of both it is, `SecondFactorRequired`, `TooManyTries`.
    pub async fn sign_in(&self, credentials: Credentials, device: &Device) -> Result<Opened, AccountError> {
        let Credentials { email, password, code } = credentials;
        // What is no address is one that nobody has.
        let email = email::normalised(&email).unwrap_or_else(|| email.trim().to_lowercase());
        let begun = self.attempts.begin(&email, &device.network, self.clock.now());
        begun.map_err(AccountError::TooManyTries)?;
        let outcome = self.verify(&email, password, code, device).await;
        if let Err(AccountError::Unavailable(_)) = outcome {
            self.attempts.undecided(&email, &device.network);
        }
        outcome
    }

    async fn verify(
        &self,
        email: &str,
        password: String,
        code: Option<String>,
        device: &Device,
    ) -> Result<Opened, AccountError> {
        let account = self.store.account_by_email(email).await?;
        let kept = account.as_ref().map(|account| account.password.0.clone());
        let verified = self.hasher.verify(password.clone(), kept).await?;
        let Some(account) = account.filter(|_| verified != Verified::Wrong) else {
            return Err(self.refused(email, &device.network, "password").await);
        };
        let new_hash = match verified {
            Verified::RightButOld => Some(self.hasher.hash(password, self.chance.random().into_bytes()).await?),
            Verified::Right | Verified::Wrong => None,
        };
        self.open(account, new_hash, code.as_deref(), email, device).await
    }

    async fn open(
        &self,
        mut account: AccountRecord,
        new_hash: Option<String>,
        code: Option<&str>,
        email: &str,
        device: &Device,
    ) -> Result<Opened, AccountError> {
        for _ in 0..TRIES {
            let before = account.clone();
            if let Err(error) = self.second_factor(&mut account, code) {
                if error == (AccountError::SecondFactorRequired { wrong: false }) {
                    self.attempts.succeeded(email, &device.network);
                    return Err(error);
                }
                self.refused(email, &device.network, "code").await;
                return Err(error);
            }
            if let Some(hash) = &new_hash {
                account.password = Secret(hash.clone());
            }
            let (session, token, open) = self.open_session(account.id, device);
            let mut changes = vec![open, self.own_entry("signed_in", account.id, &device.network)];
            if account != before {
                account.version += 1;
                changes.push(Change::Replace(Box::new(account.clone())));
            }
            changes.extend(self.oldest_ends(account.id).await?);
            match self.write(changes).await {
                Ok(written) => {
                    written?;
                    self.attempts.succeeded(email, &device.network);
                    return Ok(Opened { account, session, token: Some(token) });
                }
                // A change of the account, or a code that was used twice at once: look again.
                Err(Refused::Stale) => account = self.account(account.id).await?,
                Err(refused) => return Err(refusal(refused)),
            }
        }
        Err(AccountError::Unavailable(Unavailable::Busy))
    }

    async fn refused(&self, email: &str, network: &str, what: &str) -> AccountError {
        let account = self.store.account_by_email(email).await.ok().flatten();
        let subject = account.map(|account| account.id.to_string());
        self.record("sign_in_refused", None, subject, &format!("{what} {network}")).await;
        AccountError::InvalidCredentials
    }

    async fn oldest_ends(&self, id: AccountId) -> Result<Option<Change>, AccountError> {
        let sessions = self.store.sessions(id, self.clock.now(), MOST_SESSIONS).await?;
        let oldest = sessions.last().filter(|_| sessions.len() >= MOST_SESSIONS);
        Ok(oldest.map(|session| Change::EndSession { id: session.id, account_id: id, at: self.clock.now() }))
    }

    /// A new session with its first refresh token, and the change that writes both.
    pub(super) fn open_session(&self, account_id: AccountId, device: &Device) -> (SessionRecord, String, Change) {
        let now = self.clock.now();
        let session = SessionRecord {
            id: SessionId::from_uuid(self.chance.sortable()),
            account_id,
            user_agent: device.user_agent.chars().take(USER_AGENT_CHARS).collect(),
            created_at: now,
            used_at: now,
            expires_at: self.expiry(now, now),
            ended_at: None,
        };
        let token = secrets::text(secrets::secret(&*self.chance));
        let open = Change::OpenSession { session: session.clone(), token: secrets::digest(&token) };
        (session, token, open)
    }

    pub(super) fn expiry(&self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        now.plus(self.settings.session_idle).min(created_at.plus(self.settings.session_longest))
    }
}
