//! The end of an account, as far as its own store is concerned.

use souk_domain::id::AccountId;
use souk_persistence::accounts::{AccountRecord, Change};

use super::error::AccountError;
use super::service::{Accounts, refusal};

impl Accounts {
    /// The account, for whoever shows its password once more.
    ///
    /// # Errors
    /// `WrongPassword`; `TooManyTries`.
    pub async fn confirmed_by_password(&self, id: AccountId, password: String) -> Result<AccountRecord, AccountError> {
        self.check_password(id, password).await?;
        self.account(id).await
    }

    /// Deletes the record with all that is its own. Its tokens are not taken any more.
    ///
    /// # Errors
    /// `NotFound` for one that is gone.
    pub async fn delete(&self, id: AccountId) -> Result<(), AccountError> {
        let changes = vec![Change::Delete { id, at: self.clock.now() }, self.own_entry("account_deleted", id, "")];
        self.write_or(changes, refusal).await
    }
}
