//! What is kept of accounts. Secrets are kept as digests, but for those that have to be used.

use serde::{Deserialize, Serialize};
use souk_domain::account::role::{Permissions, Role, Standing};
use souk_domain::address::Address;
use souk_domain::id::{AccountId, AddressId, ApiKeyId, CartId, NoteId, SessionId};
use souk_domain::time::Timestamp;

/// The SHA-256 of a secret that nobody can guess: enough to know it again, and useless to a thief.
pub type Digest = [u8; 32];

/// An identity without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestRecord {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
}

/// A key that signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    pub kid: String,
    /// The Ed25519 seed, 32 bytes.
    pub secret: Vec<u8>,
    pub created_at: Timestamp,
    /// Until when it verifies; none: it is not retired.
    pub ends_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct AccountRecord {
    pub id: AccountId,
    /// Grows with each change: whoever replaces the record names the version after the one it read.
    pub version: u64,
    /// Normalised; no two accounts have the same.
    pub email: String,
    pub email_confirmed_at: Option<Timestamp>,
    pub name: String,
    pub role: Role,
    pub permissions: Permissions,
    /// A hash with its method and costs, as it is verified.
    pub password: Secret<String>,
    pub second_factor: Option<SecondFactor>,
    /// The cart that is open.
    pub cart_id: Option<CartId>,
    /// Access tokens of an earlier epoch are not taken any more.
    pub epoch: u64,
    pub created_at: Timestamp,
}

/// A value that is kept and never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(pub T);

impl<T> std::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Codes of an authenticator (RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The shared secret in base32.
    pub secret: Secret<String>,
    /// None: shown to the owner, who has not answered with a code yet.
    pub confirmed_at: Option<Timestamp>,
    /// The step of the newest code that was taken: it and all before it are spent.
    pub spent_step: u64,
    /// SHA-256 of each recovery code that is left, in hexadecimal digits.
    pub recovery: Vec<String>,
}

/// Somebody who is signed in, on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    pub id: SessionId,
    pub account_id: AccountId,
    /// What the device says it is.
    pub user_agent: String,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
    /// When it ends if it is not used before.
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// A refresh token of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    pub session: SessionRecord,
    /// When its successor was made.
    pub rotated_at: Option<Timestamp>,
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    ConfirmEmail,
    ResetPassword,
    ChangeEmail,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::ConfirmEmail, Self::ResetPassword, Self::ChangeEmail];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
        }
    }
}

/// A secret that is good once: it goes to an address, and proves that whoever shows it reads mail there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTime {
    pub digest: Digest,
    pub purpose: Purpose,
    pub account_id: AccountId,
    /// Where it was sent.
    pub email: String,
    pub expires_at: Timestamp,
}

/// Which mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    ConfirmEmail,
    ResetPassword,
    /// To the new address: a link that makes it the account's.
    ChangeEmail,
    /// To the old one.
    EmailChanged,
    PasswordChanged,
    /// One authenticator more or less.
    SecondFactorChanged,
}

impl NoteKind {
    pub const ALL: [Self; 6] = [
        Self::ConfirmEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::EmailChanged,
        Self::PasswordChanged,
        Self::SecondFactorChanged,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::EmailChanged => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorChanged => "second_factor_changed",
        }
    }
}

/// A mail about an account that is to be sent. Links get their secret when it is sent, so none lies here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    pub account_id: AccountId,
    pub kind: NoteKind,
    pub email: String,
    /// How often it was tried in vain.
    pub attempts: u32,
    pub created_at: Timestamp,
    /// When it is sent (again).
    pub next_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRecord {
    pub id: AddressId,
    pub account_id: AccountId,
    pub address: Address,
    /// At most one of an account.
    pub is_default: bool,
    pub created_at: Timestamp,
}

/// A key of another program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Its visible beginning.
    pub prefix: String,
    pub digest: Digest,
    /// What it may do.
    pub scopes: Permissions,
    /// Who made it.
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

impl AccountRecord {
    pub fn standing(&self) -> Standing {
        Standing { role: self.role, permissions: self.permissions.clone() }
    }
}
