//! Sends mails: into files, or through an SMTP server.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::account::{AccountMail, AccountMailSender, AccountView};
use super::message::message;
use super::port::{MailFault, MailSender, OrderMail};
use super::templates::Templates;
use super::view::MailView;

pub struct MailerConfig {
    /// Such as `Souk <orders@example.com>`.
    pub from: String,
    /// What the shop is called in the mails.
    pub shop: String,
    /// Where buyers reach the shop; links begin with it.
    pub public_url: String,
    /// Files in it replace the templates of the same name.
    pub templates: Option<PathBuf>,
    pub transport: Transport,
}

pub enum Transport {
    /// A file `<id>.eml` for each mail, on the disk before it counts as sent.
    File(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Transport {
    /// Whether [`Transport::smtp`] would take the URL. Needs no runtime.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_smtp(url: &str) -> Result<(), String> {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(|_| ()).map_err(|error| error.to_string())
    }

    /// `smtps://user:password@host`, or `smtp://...?tls=required` for STARTTLS. Needs a running
    /// tokio runtime, which the pool of connections lives on.
    ///
    /// # Errors
    /// What is wrong with the URL.
    pub fn smtp(url: &str, timeout: Duration) -> Result<Self, String> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| error.to_string())?;
        Ok(Self::Smtp(builder.timeout(Some(timeout)).build()))
    }
}

pub struct Mailer {
    from: Mailbox,
    shop: String,
    public_url: String,
    templates: Templates,
    transport: Transport,
}

impl Mailer {
    /// # Errors
    /// The key of the section `mail` that is at fault, and why.
    pub fn new(config: MailerConfig) -> Result<Self, (&'static str, String)> {
        let MailerConfig { from, shop, public_url, templates, transport } = config;
        let from = from.parse().map_err(|error| ("from", format!("{from:?} is no mail address: {error}")))?;
        let templates = Templates::load(templates.as_deref()).map_err(|fault| ("templates", fault))?;
        if let Transport::File(folder) = &transport {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|error| ("transport", format!("{} cannot be made: {error}", folder.display())))?;
        }
        Ok(Self { from, shop, public_url, templates, transport })
    }

    async fn deliver(&self, id: &str, message: Message) -> Result<(), MailFault> {
        match &self.transport {
            Transport::File(folder) => write(folder, id, &message.formatted()).await,
            Transport::Smtp(transport) => transport.send(message).await.map(|_| ()).map_err(|error| fault(&error)),
        }
    }

    /// # Errors
    /// Why there can be no such mail: its buyer was erased, or the address is none.
    fn compose(&self, mail: &OrderMail) -> Result<Message, MailFault> {
        let refused = |reason: String| MailFault::Refused { reason, status: None };
        let erased = || refused("the buyer was erased".to_owned());
        let placement = mail.moment.order.placement.as_ref().ok_or_else(erased)?;
        let to = placement.email.known().ok_or_else(erased)?;
        let view = MailView::of(mail, &self.shop, &self.public_url).ok_or_else(erased)?;
        let words = self.templates.render(mail.notice, &view).map_err(refused)?;
        message(&self.from, to, &mail.id, mail.at, words).map_err(refused)
    }
}

#[async_trait]
impl MailSender for Mailer {
    async fn send(&self, mail: OrderMail) -> Result<(), MailFault> {
        self.deliver(&mail.id, self.compose(&mail)?).await
    }
}

#[async_trait]
impl AccountMailSender for Mailer {
    async fn send_account(&self, mail: AccountMail) -> Result<(), MailFault> {
        let refused = |reason: String| MailFault::Refused { reason, status: None };
        let view = AccountView::of(&mail, &self.shop, &self.public_url);
        let words = self.templates.account(mail.topic, &view).map_err(refused)?;
        let message = message(&self.from, &mail.to, &mail.id, mail.at, words).map_err(refused)?;
        self.deliver(&mail.id, message).await
    }
}

/// Under another name first, so that whoever picks the file up never sees half of it; file and folder are synced,
/// because the delivery is settled after this and not sent again.
async fn write(folder: &Path, id: &str, bytes: &[u8]) -> Result<(), MailFault> {
    let (path, unfinished) = (folder.join(format!("{id}.eml")), folder.join(format!(".{id}.tmp")));
    let written = async {
        let mut file = File::create(&unfinished).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&unfinished, &path).await?;
        File::open(folder).await?.sync_all().await
    };
    let failed = |error: std::io::Error| MailFault::Failed { reason: format!("no file: {error}"), status: None };
    written.await.map_err(failed)
}

/// A refusal (5xx, RFC 5321 section 4.2.1) stays one. The server's words may repeat the address, so only its code is
/// kept.
fn fault(error: &SmtpError) -> MailFault {
    let status = error.status().map(u16::from);
    match status {
        Some(code) if error.is_permanent() => {
            MailFault::Refused { reason: format!("the mail server refused it with {code}"), status }
        }
        Some(code) => MailFault::Failed { reason: format!("the mail server put it off with {code}"), status },
        None if error.is_timeout() => MailFault::Failed { reason: "the mail server is silent".to_owned(), status },
        None => MailFault::Failed { reason: "no mail server could be reached".to_owned(), status },
    }
}
