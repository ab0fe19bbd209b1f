//! A new password, by whoever knows the old one or reads the account's mail.

use souk_domain::account::email;
use souk_domain::id::{AccountId, SessionId};
use souk_persistence::accounts::{Change, NoteKind, Purpose, Secret};

use super::error::AccountError;
use super::passwords::hasher::Verified;
use super::service::{Accounts, SignedIn};

impl Accounts {
    /// Whoever is signed in shows that they are more than somebody at an open screen.
    ///
    /// # Errors
    /// `WrongPassword`; `TooManyTries`.
    pub(super) async fn check_password(&self, id: AccountId, password: String) -> Result<(), AccountError> {
        let account = self.account(id).await?;
        let whence = id.to_string();
        self.attempts.begin(&account.email, &whence, self.clock.now()).map_err(AccountError::TooManyTries)?;
        let verified = self.hasher.verify(password, Some(account.password.0)).await;
        if verified.is_err() {
            self.attempts.undecided(&account.email, &whence);
        }
        match verified? {
            Verified::Wrong => {
                self.record("password_refused", Some(whence.clone()), Some(whence), "").await;
                Err(AccountError::WrongPassword)
            }
            Verified::Right | Verified::RightButOld => {
                self.attempts.succeeded(&account.email, &whence);
                Ok(())
            }
        }
    }

    /// Changes the password; every other session ends.
    ///
    /// # Errors
    /// `WrongPassword`, or a new one that is not taken.
    pub async fn change_password(&self, who: SignedIn, current: String, new: String) -> Result<(), AccountError> {
        self.check_password(who.account, current).await?;
        let account = self.account(who.account).await?;
        let hash = self.hashed(new, &[&account.email, &account.name]).await?;
        self.set_password(who.account, Some(who.session), hash, "password_changed", None).await
    }

    /// Sends a mail with which the password can be set, if the address is that of an account. It takes as long if it
    /// is not, and says the same.
    ///
    /// # Errors
    /// `TooManyTries` where many mails were asked for, whether there is an account or not.
    pub async fn ask_for_reset(&self, email: &str, network: &str) -> Result<(), AccountError> {
        let email = email::normalised(email).ok_or(AccountError::EmailInvalid)?;
        self.attempts.mail(&email, network, self.clock.now()).map_err(AccountError::TooManyTries)?;
        let asked = self.send_reset(&email, network).await;
        self.mailed(asked, &email, network)
    }

    async fn send_reset(&self, email: &str, network: &str) -> Result<(), AccountError> {
        let account = self.store.account_by_email(email).await?;
        let subject = account.as_ref().map(|account| account.id.to_string());
        let mut changes = vec![self.entry("reset_asked_for", None, subject, network)];
        changes.extend(account.map(|account| self.note(NoteKind::ResetPassword, account.id, email)));
        self.write_or(changes, super::service::refusal).await
    }

    /// Sets the password by the link of a mail. Every session ends, every other link is spent, and the address is
    /// confirmed: mail there was read.
    ///
    /// # Errors
    /// `LinkInvalid`, or a password that is not taken.
    pub async fn reset_password(&self, token: &str, new: String) -> Result<(), AccountError> {
        let link = self.link(token, Purpose::ResetPassword).await?;
        let account = self.account(link.account_id).await.map_err(|_| AccountError::LinkInvalid)?;
        if account.email != link.email {
            return Err(AccountError::LinkInvalid);
        }
        let hash = self.hashed(new, &[&account.email, &account.name]).await?;
        let spend = Change::Spend { digest: link.digest };
        self.set_password(account.id, None, hash, "password_reset", Some(spend)).await
    }

    /// `stays`: the one session that goes on.
    async fn set_password(
        &self,
        id: AccountId,
        stays: Option<SessionId>,
        hash: String,
        action: &str,
        spend: Option<Change>,
    ) -> Result<(), AccountError> {
        self.change(id, |account, now| {
            account.password = Secret(hash.clone());
            if spend.is_some() {
                account.email_confirmed_at = account.email_confirmed_at.or(Some(now));
            }
            let mut changes: Vec<Change> = spend.iter().cloned().collect();
            changes.extend([
                Change::SpendAll { account_id: id },
                Change::EndSessions { account_id: id, except: stays, at: now },
                self.note(NoteKind::PasswordChanged, id, &account.email),
                self.own_entry(action, id, ""),
            ]);
            Ok(changes)
        })
        .await
        .map(|_| ())
    }
}
