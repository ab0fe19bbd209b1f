//! Mails about accounts.

use async_trait::async_trait;
use serde::Serialize;
use souk_domain::time::Timestamp;

use super::port::MailFault;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountTopic {
    ConfirmEmail,
    ResetPassword,
    ChangeEmail,
    EmailChanged,
    PasswordChanged,
    SecondFactorChanged,
}

impl AccountTopic {
    pub const ALL: [Self; 6] = [
        Self::ConfirmEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::EmailChanged,
        Self::PasswordChanged,
        Self::SecondFactorChanged,
    ];

    /// The name of its templates.
    pub(super) fn template(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::EmailChanged => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorChanged => "second_factor_changed",
        }
    }

    /// The page of the shop that its button leads to.
    fn page(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "account/confirm",
            Self::ResetPassword => "account/reset",
            Self::ChangeEmail => "account/email",
            Self::EmailChanged | Self::PasswordChanged | Self::SecondFactorChanged => "account",
        }
    }
}

#[derive(Clone)]
pub struct AccountMail {
    /// Names the mail: `Message-ID`, file name.
    pub id: String,
    pub topic: AccountTopic,
    pub to: String,
    pub name: String,
    /// The secret of its link, where it has one.
    pub token: Option<String>,
    /// When it was asked for.
    pub at: Timestamp,
}

#[async_trait]
pub trait AccountMailSender: Send + Sync + 'static {
    /// Sends it.
    ///
    /// # Errors
    /// Why it was not taken.
    async fn send_account(&self, mail: AccountMail) -> Result<(), MailFault>;
}

/// The fields that a template may name.
#[derive(Debug, Clone, Serialize)]
pub struct AccountView {
    pub shop: String,
    pub name: String,
    pub url: String,
}

impl AccountView {
    pub fn of(mail: &AccountMail, shop: &str, public_url: &str) -> Self {
        let page = format!("{}/{}", public_url.trim_end_matches('/'), mail.topic.page());
        let url = mail.token.as_ref().map_or(page.clone(), |token| format!("{page}?token={token}"));
        Self { shop: shop.to_owned(), name: mail.name.clone(), url }
    }
}
