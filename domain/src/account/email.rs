//! An email address as it is kept and compared.

use crate::address::is_email;

/// The same mailbox is the same text: without space around it and in lower case. Whether upper case matters before
/// the `@` is up to each mail server (RFC 5321, section 2.4); none that is in use tells two people apart by it.
///
/// None: not an address.
pub fn normalised(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    is_email(&email).then_some(email)
}
