//! Accounts of another shop, with the hashes that it kept. Whoever is imported signs in with the password of before;
//! its hash is written anew then.

use std::fmt;

use souk_domain::account::email;
use souk_domain::account::role::{Permissions, Role};
use souk_domain::id::AccountId;
use souk_persistence::accounts::{AccountRecord, Change, Refused, Secret};

use super::error::AccountError;
use super::guests::MAX_NAME_CHARS;
use super::passwords::Hash;
use super::service::Accounts;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ImportedAccounts {
    pub created: u64,
    /// Their address has an account already; it stays as it is.
    pub known: u64,
    pub refused: u64,
}

impl fmt::Display for ImportedAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, known, refused } = self;
        write!(f, "{created} accounts created, {known} known before, {refused} refused")
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Created,
    Known,
    /// The column at fault, and why.
    Refused(&'static str, String),
}

impl Accounts {
    /// Takes one account in; with `dry_run` only says what would become of it.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn import(&self, address: &str, name: &str, hash: &str, dry_run: DryRun) -> Result<Taken, AccountError> {
        let Some(email) = email::normalised(address) else {
            return Ok(Taken::Refused("email", "is no email address".to_owned()));
        };
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
            return Ok(Taken::Refused("name", format!("must have 1 to {MAX_NAME_CHARS} characters")));
        }
        if let Err(fault) = Hash::parse(hash) {
            return Ok(Taken::Refused("hash", fault.to_string()));
        }
        if self.store.account_by_email(&email).await?.is_some() {
            return Ok(Taken::Known);
        }
        if dry_run == DryRun::Yes {
            return Ok(Taken::Created);
        }
        let account = AccountRecord {
            id: AccountId::from_uuid(self.chance.sortable()),
            version: 1,
            email,
            email_confirmed_at: None,
            name: name.to_owned(),
            role: Role::Customer,
            permissions: Permissions::new(),
            password: Secret(hash.to_owned()),
            second_factor: None,
            cart_id: None,
            epoch: 0,
            created_at: self.clock.now(),
        };
        let entry = self.entry("account_imported", None, Some(account.id.to_string()), "");
        match self.write(vec![Change::Insert(Box::new(account)), entry]).await {
            Ok(written) => written.map(|()| Taken::Created),
            Err(Refused::EmailTaken) => Ok(Taken::Known),
            Err(refused) => Err(super::service::refusal(refused)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryRun {
    Yes,
    No,
}
