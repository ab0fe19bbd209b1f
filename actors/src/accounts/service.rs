//! What all calls about accounts share.

use std::sync::Arc;

use souk_domain::account::audit::Entry;
use souk_domain::account::role::{Role, Standing};
use souk_domain::id::{AccountId, NoteId, SessionId};
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{AccountRecord, AccountStore, Change, Note, NoteKind, Refused};
use tokio::sync::Notify;

use super::api_keys::Uses;
use super::attempts::Attempts;
use super::error::AccountError;
use super::guard::Guard;
use super::passwords::Hasher;
use super::settings::AccountSettings;
use crate::runtime::error::Unavailable;
use crate::runtime::world::{Chance, Clock};

/// How often a change is decided again because somebody else was quicker.
const TRIES: usize = 5;

#[derive(Clone)]
pub struct Accounts {
    pub store: Arc<dyn AccountStore>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub settings: Arc<AccountSettings>,
    pub hasher: Hasher,
    pub attempts: Arc<Attempts>,
    pub guard: Arc<Guard>,
    /// Wakes whoever sends the mails.
    pub told: Arc<Notify>,
    pub(super) key_uses: Arc<Uses>,
}

/// Somebody with an account, on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    pub account: AccountId,
    pub session: SessionId,
}

impl Accounts {
    pub fn new(
        store: Arc<dyn AccountStore>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        settings: AccountSettings,
    ) -> Self {
        Self {
            store,
            clock,
            chance,
            hasher: Hasher::new(settings.hasher),
            settings: Arc::new(settings),
            attempts: Arc::default(),
            guard: Arc::default(),
            told: Arc::default(),
            key_uses: Arc::default(),
        }
    }

    /// # Errors
    /// `NotFound` for one that is gone.
    pub async fn account(&self, id: AccountId) -> Result<AccountRecord, AccountError> {
        self.store.account(id).await?.ok_or(AccountError::NotFound)
    }

    /// What somebody may do now: staff without an authenticator are only customers where one is asked for.
    pub fn standing(&self, account: &AccountRecord) -> Standing {
        let has_factor = account.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
        if account.role.is_staff() && self.settings.staff_needs_second_factor && !has_factor {
            return Standing { role: Role::Customer, permissions: [].into() };
        }
        account.standing()
    }

    /// Reads an account, lets `decide` change it and name what is written with it, and writes both; again when
    /// somebody else was quicker. Returns the account as it stands then.
    pub(super) async fn change(
        &self,
        id: AccountId,
        mut decide: impl FnMut(&mut AccountRecord, Timestamp) -> Result<Vec<Change>, AccountError> + Send,
    ) -> Result<AccountRecord, AccountError> {
        for _ in 0..TRIES {
            let mut account = self.account(id).await?;
            let before = account.clone();
            let mut changes = decide(&mut account, self.clock.now())?;
            if account != before {
                account.version += 1;
                changes.insert(0, Change::Replace(Box::new(account.clone())));
            }
            if changes.is_empty() {
                return Ok(account);
            }
            match self.write(changes).await {
                Err(Refused::Stale) => {}
                Err(refused) => return Err(refusal(refused)),
                Ok(written) => return written.map(|()| account),
            }
        }
        Err(AccountError::Unavailable(Unavailable::Busy))
    }

    /// Writes changes as one. What they revoke counts here at once, and on other nodes within a second or two.
    pub(super) async fn write(&self, changes: Vec<Change>) -> Result<Result<(), AccountError>, Refused> {
        let tells = changes.iter().any(|change| matches!(change, Change::Tell(_)));
        let revokes = changes.iter().any(|change| {
            use Change::{Delete, EndSession, EndSessions, InsertApiKey, RemoveApiKey, Revoke, RotateSigningKey};
            matches!(
                change,
                Delete { .. }
                    | EndSession { .. }
                    | EndSessions { .. }
                    | Revoke { .. }
                    | InsertApiKey { .. }
                    | RemoveApiKey { .. }
                    | RotateSigningKey { .. }
            )
        });
        match self.store.commit(changes).await {
            Ok(Ok(())) => {}
            Ok(Err(refused)) => return Err(refused),
            Err(error) => return Ok(Err(error.into())),
        }
        if tells {
            self.told.notify_one();
        }
        if revokes {
            self.read_security().await;
        }
        Ok(Ok(()))
    }

    /// The same where a refusal has its own name.
    pub(super) async fn write_or(
        &self,
        changes: Vec<Change>,
        named: impl FnOnce(Refused) -> AccountError,
    ) -> Result<(), AccountError> {
        self.write(changes).await.unwrap_or_else(|refused| Err(named(refused)))
    }

    /// An entry of the audit.
    pub(super) fn entry(&self, action: &str, actor: Option<String>, subject: Option<String>, detail: &str) -> Change {
        let (action, detail) = (action.to_owned(), detail.to_owned());
        Change::Record(Entry { at: self.clock.now(), action, actor, subject, detail })
    }

    /// An entry about somebody who acts on their own account.
    pub(super) fn own_entry(&self, action: &str, account: AccountId, detail: &str) -> Change {
        self.entry(action, Some(account.to_string()), Some(account.to_string()), detail)
    }

    /// A mail to be sent as soon as it is written.
    pub(super) fn note(&self, kind: NoteKind, account_id: AccountId, email: &str) -> Change {
        let (id, now) = (NoteId::from_uuid(self.chance.sortable()), self.clock.now());
        let email = email.to_owned();
        Change::Tell(Note { id, account_id, kind, email, attempts: 0, created_at: now, next_at: now })
    }

    /// Records what staff or a program did. It was done already, so a store that does not take it is only logged.
    pub async fn record(&self, action: &str, actor: Option<String>, subject: Option<String>, detail: &str) {
        let entry = self.entry(action, actor, subject, detail);
        if let Err(error) = self.store.commit(vec![entry]).await {
            tracing::error!(%error, action, "the audit could not be written");
        }
    }
}

pub(super) fn refusal(refused: Refused) -> AccountError {
    match refused {
        Refused::EmailTaken => AccountError::EmailTaken,
        Refused::Stale => AccountError::Unavailable(Unavailable::Busy),
        Refused::Gone => AccountError::NotFound,
        Refused::Spent => AccountError::LinkInvalid,
        Refused::TooMany => AccountError::TooMany("of them"),
    }
}
