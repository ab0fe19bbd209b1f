//! Sends the mails about accounts. What is to be sent lies in the store from the moment that it was answered, so no
//! crash loses it; whoever takes a mail has it alone for a while, so two nodes do not both send it. A link gets its
//! secret here: the one in the mail is the only copy.

use std::sync::Arc;
use std::time::Duration;

use souk_integrations::mail::MailFault;
use souk_integrations::mail::account::{AccountMail, AccountMailSender, AccountTopic};
use souk_persistence::accounts::{Change, Note, NoteKind, OneTime, Purpose};
use tokio::task::JoinHandle;

use super::error::AccountError;
use super::secrets;
use super::service::{Accounts, refusal};

/// Whoever takes a mail has it alone for as long as sending may take, and so much longer. So long, at most, a mail waits
/// that a crash cut off.
const LEEWAY: Duration = Duration::from_secs(10);
/// Looks without news that often.
const WITHOUT_NEWS: Duration = Duration::from_secs(1);

impl Accounts {
    pub fn send_notes(&self, sender: Arc<dyn AccountMailSender>) -> JoinHandle<()> {
        let accounts = self.clone();
        tokio::spawn(async move {
            loop {
                let sent = accounts.send_next(&*sender).await;
                if let Err(error) = &sent {
                    tracing::warn!(?error, "mails about accounts could not be read or settled");
                }
                if !matches!(sent, Ok(true)) {
                    let _ = tokio::time::timeout(WITHOUT_NEWS, accounts.told.notified()).await;
                }
            }
        })
    }

    /// Sends what has been due for longest, and returns whether there was anything. Each mail is taken when its turn comes,
    /// so that none waits taken behind a slow one.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn send_next(&self, sender: &dyn AccountMailSender) -> Result<bool, AccountError> {
        let now = self.clock.now();
        let until = now.plus(self.settings.mail_timeout).plus(LEEWAY);
        let Some(note) = self.store.take_notes(now, until, 1).await?.pop() else { return Ok(false) };
        // Whoever was paused for longer than it has it alone does not send what another one sends by now.
        if self.clock.now() >= note.next_at {
            return Ok(true);
        }
        let settled = match self.send(sender, &note).await {
            Ok(()) => Change::Told { id: note.id },
            Err(MailFault::Refused { reason, .. }) => {
                tracing::warn!(note = %note.id, kind = note.kind.as_str(), reason, "a mail is given up");
                Change::Told { id: note.id }
            }
            Err(MailFault::Failed { reason, .. }) => self.later(&note, &reason),
        };
        self.write_or(vec![settled], refusal).await?;
        Ok(true)
    }

    async fn send(&self, sender: &dyn AccountMailSender, note: &Note) -> Result<(), MailFault> {
        let failed = |error: AccountError| MailFault::Failed { reason: format!("{error:?}"), status: None };
        let account = match self.account(note.account_id).await {
            Ok(account) => account,
            Err(AccountError::NotFound) => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let (topic, purpose) = match note.kind {
            NoteKind::ConfirmEmail => (AccountTopic::ConfirmEmail, Some(Purpose::ConfirmEmail)),
            NoteKind::ResetPassword => (AccountTopic::ResetPassword, Some(Purpose::ResetPassword)),
            NoteKind::ChangeEmail => (AccountTopic::ChangeEmail, Some(Purpose::ChangeEmail)),
            NoteKind::EmailChanged => (AccountTopic::EmailChanged, None),
            NoteKind::PasswordChanged => (AccountTopic::PasswordChanged, None),
            NoteKind::SecondFactorChanged => (AccountTopic::SecondFactorChanged, None),
        };
        let token = match purpose {
            Some(purpose) => Some(self.issue(note, purpose).await.map_err(failed)?),
            None => None,
        };
        let (id, to, name, at) = (note.id.to_string(), note.email.clone(), account.name, note.created_at);
        let sending = sender.send_account(AccountMail { id, topic, to, name, token, at });
        tokio::time::timeout(self.settings.mail_timeout, sending).await.unwrap_or_else(|_| {
            Err(MailFault::Failed { reason: "the mail server took too long".to_owned(), status: None })
        })
    }

    /// A secret for the link of a mail. It counts before it is on its way.
    async fn issue(&self, note: &Note, purpose: Purpose) -> Result<String, AccountError> {
        let token = secrets::text(secrets::secret(&*self.chance));
        let good_for = match purpose {
            Purpose::ConfirmEmail | Purpose::ChangeEmail => self.settings.confirm_within,
            Purpose::ResetPassword => self.settings.reset_within,
        };
        let link = OneTime {
            digest: secrets::digest(&token),
            purpose,
            account_id: note.account_id,
            email: note.email.clone(),
            expires_at: self.clock.now().plus(good_for),
        };
        self.write_or(vec![Change::Issue(link)], refusal).await?;
        Ok(token)
    }

    fn later(&self, note: &Note, reason: &str) -> Change {
        let (id, attempts) = (note.id, note.attempts.saturating_add(1));
        let kind = note.kind.as_str();
        match self.settings.mail_retries.get(note.attempts as usize) {
            Some(wait) => {
                tracing::info!(note = %id, kind, attempts, reason, "a mail failed, trying again later");
                let next_at = self.clock.now().plus(*wait).plus(self.chance.jitter(*wait / 10));
                Change::TellLater { id, attempts, next_at }
            }
            None => {
                tracing::warn!(note = %id, kind, attempts, reason, "a mail is given up");
                Change::Told { id }
            }
        }
    }
}
