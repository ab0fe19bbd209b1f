//! What a link in a mail proves: that whoever follows it reads mail at an address.

use souk_domain::account::email;
use souk_domain::id::AccountId;
use souk_persistence::accounts::{AccountRecord, Change, NoteKind, OneTime, Purpose};

use super::error::AccountError;
use super::secrets;
use super::service::{Accounts, refusal};

impl Accounts {
    /// A link that is good now.
    pub(super) async fn link(&self, token: &str, purpose: Purpose) -> Result<OneTime, AccountError> {
        let link = self.store.one_time(&secrets::digest(token)).await?;
        let good = |link: &OneTime| link.purpose == purpose && self.clock.now() < link.expires_at;
        link.filter(good).ok_or(AccountError::LinkInvalid)
    }

    /// Sends the mail again that confirms the address.
    ///
    /// # Errors
    /// `TooManyTries` where it was sent often.
    pub async fn ask_for_confirmation(&self, id: AccountId) -> Result<(), AccountError> {
        let account = self.account(id).await?;
        if account.email_confirmed_at.is_some() {
            return Ok(());
        }
        let allowed = self.attempts.mail(&account.email, &id.to_string(), self.clock.now());
        allowed.map_err(AccountError::TooManyTries)?;
        let written = self.write_or(vec![self.note(NoteKind::ConfirmEmail, id, &account.email)], refusal).await;
        self.mailed(written, &account.email, &id.to_string())
    }

    /// The address of an account is confirmed.
    ///
    /// # Errors
    /// `LinkInvalid`, also for the link of an address that the account had before.
    pub async fn confirm_email(&self, token: &str) -> Result<AccountRecord, AccountError> {
        let link = self.link(token, Purpose::ConfirmEmail).await?;
        self.change(link.account_id, |account, now| {
            if account.email != link.email {
                return Err(AccountError::LinkInvalid);
            }
            account.email_confirmed_at = account.email_confirmed_at.or(Some(now));
            let spend = Change::Spend { digest: link.digest };
            Ok(vec![spend, self.own_entry("email_confirmed", account.id, "")])
        })
        .await
        .map_err(gone)
    }

    /// Sends a mail to a new address, whose link makes it the account's.
    ///
    /// # Errors
    /// `WrongPassword`, an address that is none. Whether another account has it turns out when the link is followed:
    /// nobody learns here who has an account.
    pub async fn ask_for_email(&self, id: AccountId, password: String, email: &str) -> Result<(), AccountError> {
        let email = email::normalised(email).ok_or(AccountError::EmailInvalid)?;
        self.check_password(id, password).await?;
        let allowed = self.attempts.mail(&email, &id.to_string(), self.clock.now());
        allowed.map_err(AccountError::TooManyTries)?;
        let changes =
            vec![self.note(NoteKind::ChangeEmail, id, &email), self.own_entry("email_change_asked_for", id, "")];
        let written = self.write_or(changes, refusal).await;
        self.mailed(written, &email, &id.to_string())
    }

    /// A mail that was counted, and could not be written because the store was away, does not count.
    pub(super) fn mailed(
        &self,
        written: Result<(), AccountError>,
        email: &str,
        network: &str,
    ) -> Result<(), AccountError> {
        if let Err(AccountError::Unavailable(_)) = written {
            self.attempts.unsent(email, network);
        }
        written
    }

    /// The address that the link was sent to is the account's from now on; the old one is told.
    ///
    /// # Errors
    /// `LinkInvalid`; `EmailTaken` when another account got it meanwhile.
    pub async fn change_email(&self, token: &str) -> Result<AccountRecord, AccountError> {
        let link = self.link(token, Purpose::ChangeEmail).await?;
        self.change(link.account_id, |account, now| {
            let old = std::mem::replace(&mut account.email, link.email.clone());
            account.email_confirmed_at = Some(now);
            Ok(vec![
                Change::Spend { digest: link.digest },
                Change::SpendAll { account_id: account.id },
                self.note(NoteKind::EmailChanged, account.id, &old),
                self.own_entry("email_changed", account.id, ""),
            ])
        })
        .await
        .map_err(gone)
    }
}

/// An account that is gone has no links.
fn gone(error: AccountError) -> AccountError {
    if error == AccountError::NotFound { AccountError::LinkInvalid } else { error }
}
