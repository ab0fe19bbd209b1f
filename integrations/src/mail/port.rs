//! What is asked of a sender of mails.

use async_trait::async_trait;
use souk_domain::order::notice::{Moment, Notice};
use souk_domain::time::Timestamp;

/// A mail to the buyer of an order. It is made anew for each attempt, and always the same.
#[derive(Debug, Clone)]
pub struct OrderMail {
    /// Names the mail: `Message-ID`, file name.
    pub id: String,
    pub notice: Notice,
    /// The order right after what is told.
    pub moment: Moment,
    /// When it happened.
    pub at: Timestamp,
}

/// Whether buyers get a mail about it.
pub fn is_mailed(notice: Notice) -> bool {
    match notice {
        // The buyer is looking at the order at that moment, and is about to pay.
        Notice::Placed => false,
        Notice::Confirmed | Notice::Cancelled | Notice::Expired | Notice::Refunded => true,
    }
}

/// Why a mail is not on its way. `status` is the SMTP code where the server gave one. Without personal data: both end
/// up in logs and records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// It will never be taken: trying again is no use.
    #[error("{reason}")]
    Refused { reason: String, status: Option<u16> },
    /// It may be taken later.
    #[error("{reason}")]
    Failed { reason: String, status: Option<u16> },
}

#[async_trait]
pub trait MailSender: Send + Sync + 'static {
    /// Sends it. Done twice, the receiver can tell by its `Message-ID`.
    ///
    /// # Errors
    /// Why it was not taken.
    async fn send(&self, mail: OrderMail) -> Result<(), MailFault>;
}
