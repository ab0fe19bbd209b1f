//! The mails that were sent, and the links in them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use souk_integrations::mail::MailFault;
use souk_integrations::mail::account::{AccountMail, AccountMailSender, AccountTopic};

#[derive(Default)]
pub struct Mails(Mutex<Vec<AccountMail>>);

#[async_trait]
impl AccountMailSender for Mails {
    async fn send_account(&self, mail: AccountMail) -> Result<(), MailFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        Ok(())
    }
}

impl Mails {
    /// Waits for the next mail about something to somebody, and takes it.
    pub async fn next(&self, topic: AccountTopic, to: &str) -> AccountMail {
        let waited = tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                if let Some(mail) = self.take(topic, to) {
                    return mail;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("no mail {topic:?} to {to}"))
    }

    /// The secret of the link in it.
    pub async fn link(&self, topic: AccountTopic, to: &str) -> String {
        self.next(topic, to).await.token.expect("a link")
    }

    pub fn take(&self, topic: AccountTopic, to: &str) -> Option<AccountMail> {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = mails.iter().position(|mail| mail.topic == topic && mail.to == to)?;
        Some(mails.remove(place))
    }
}
