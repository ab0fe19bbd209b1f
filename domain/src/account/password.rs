//! Which passwords are taken: long enough and not easily guessed, and nothing about kinds of characters
//! (NIST SP 800-63B, section 3.1.1; OWASP ASVS 5.0, section 6.2).

use zxcvbn::{Score, zxcvbn};

pub const MIN_CHARS: usize = 8;
pub const MAX_CHARS: usize = 256;
/// The estimate takes longer than the length, so it sees only the beginning of a long one.
const ESTIMATED_CHARS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort,
    TooLong,
    /// Among the first million that somebody would try, also by what is known of the account.
    TooCommon,
}

/// `own` is what an attacker would try first: the account's address and name, the shop's name.
///
/// # Errors
/// Why the password is not taken.
pub fn check(password: &str, own: &[&str]) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < MIN_CHARS {
        return Err(PasswordFault::TooShort);
    }
    if length > MAX_CHARS {
        return Err(PasswordFault::TooLong);
    }
    let beginning: String = password.chars().take(ESTIMATED_CHARS).collect();
    let parts: Vec<&str> = own.iter().flat_map(|text| text.split(['@', ' ', '.'])).chain(own.iter().copied()).collect();
    if zxcvbn(&beginning, &parts).score() < Score::Two { Err(PasswordFault::TooCommon) } else { Ok(()) }
}
