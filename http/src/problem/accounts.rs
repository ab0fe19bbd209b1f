//! What accounts refuse.

use std::time::Duration;

use souk_actors::accounts::AccountError;
use souk_domain::account::password::{MAX_CHARS, MIN_CHARS, PasswordFault};

use super::{Code, FieldError, Problem};

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::EmailInvalid => {
                Self::invalid_body(vec![FieldError::invalid("/email", "must be an email address")])
            }
            AccountError::EmailTaken => {
                let fault = FieldError::invalid("/email", "an account has this address");
                Self::new(Code::EmailTaken).errors(vec![fault])
            }
            AccountError::Password(fault) => password("/password", fault),
            AccountError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            AccountError::SecondFactorRequired { wrong: false } => Self::new(Code::SecondFactorRequired),
            AccountError::SecondFactorRequired { wrong: true } => {
                Self::new(Code::SecondFactorRequired).detail("the code is not right, or was used before")
            }
            AccountError::SessionOver => Self::new(Code::SessionOver),
            AccountError::WrongPassword => Self::new(Code::WrongPassword),
            AccountError::LinkInvalid => Self::new(Code::LinkInvalid),
            AccountError::SecondFactorExists => Self::new(Code::SecondFactorExists),
            AccountError::CodeWrong => Self::new(Code::CodeWrong),
            AccountError::TooManyTries(wait) => {
                Self::new(Code::TooManyTries).retry_after(wait.max(Duration::from_secs(1)))
            }
            AccountError::TooMany(what) => Self::new(Code::TooMany).detail(format!("there are too many {what}")),
            AccountError::NotFound => Self::not_found(),
            AccountError::Forbidden => Self::new(Code::Forbidden),
            AccountError::Unavailable(cause) => cause.into(),
        }
    }
}

/// A new password at a field of a body.
pub fn password(pointer: &str, fault: PasswordFault) -> Problem {
    let (code, detail) = match fault {
        PasswordFault::TooShort => ("password_too_short", format!("must have at least {MIN_CHARS} characters")),
        PasswordFault::TooLong => ("password_too_long", format!("must have at most {MAX_CHARS} characters")),
        PasswordFault::TooCommon => ("password_too_common", "is among the first that somebody would guess".to_owned()),
    };
    Problem::invalid_body(vec![FieldError { pointer: pointer.to_owned(), code, detail }])
}

/// The same error where the new password is another field.
pub fn at(pointer: &str, error: AccountError) -> Problem {
    match error {
        AccountError::Password(fault) => password(pointer, fault),
        other => other.into(),
    }
}
