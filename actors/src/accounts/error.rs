//! Why a call about an account is refused.

use std::time::Duration;

use souk_domain::account::password::PasswordFault;
use souk_persistence::error::StoreError;

use crate::runtime::error::Unavailable;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountError {
    EmailInvalid,
    EmailTaken,
    Password(PasswordFault),
    /// Address and password are not those of an account.
    InvalidCredentials,
    /// The password is right, and a code is needed; `wrong`: another one than was sent.
    SecondFactorRequired {
        wrong: bool,
    },
    /// The refresh token is none, or its session is over.
    SessionOver,
    /// The password of the account that is signed in is another one.
    WrongPassword,
    /// A link that was used, has expired or is none.
    LinkInvalid,
    /// There is an authenticator already.
    SecondFactorExists,
    /// There is none, or the code is not its own.
    CodeWrong,
    /// Too many wrong ones: when the next try may be made.
    TooManyTries(Duration),
    TooMany(&'static str),
    NotFound,
    Forbidden,
    Unavailable(Unavailable),
}

impl From<Unavailable> for AccountError {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the account store could not be asked");
        Self::Unavailable(Unavailable::Store)
    }
}
