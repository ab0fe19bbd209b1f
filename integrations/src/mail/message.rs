//! The finished mail (RFC 5322): two forms of the same words, and nothing that differs from one attempt to the next.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use souk_domain::time::Timestamp;

use super::templates::Rendered;

/// # Errors
/// A sentence when the address or the words cannot be a mail's.
pub fn message(from: &Mailbox, to: &str, id: &str, at: Timestamp, words: Rendered) -> Result<Message, String> {
    let Rendered { subject, plain, html } = words;
    // Without the address itself: the reason ends up in a log.
    let to = to.parse().map_err(|_| "the buyer's address cannot be mailed to".to_owned())?;
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0));
    let parts = MultiPart::alternative()
        .boundary(format!("souk-{id}"))
        .singlepart(SinglePart::plain(plain))
        .singlepart(SinglePart::html(html));
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .date(date)
        .multipart(parts);
    let mut message = message.map_err(|error| error.to_string())?;
    // RFC 3834, section 5: so that nobody's holiday answers it.
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    message.headers_mut().insert_raw(automatic);
    Ok(message)
}
