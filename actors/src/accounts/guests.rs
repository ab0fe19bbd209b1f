//! Identities without an account.

use souk_domain::id::GuestId;
use souk_persistence::accounts::GuestRecord;

use super::error::AccountError;
use super::service::Accounts;
use crate::viewer::{Identity, Role};

pub const MAX_NAME_CHARS: usize = 100;

impl Accounts {
    /// Somebody who wants to be known by a name, and no more.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn create_guest(&self, name: String) -> Result<Identity, AccountError> {
        let id = GuestId::from_uuid(self.chance.sortable()).to_string();
        let guest = GuestRecord { id: id.clone(), name: name.clone(), created_at: self.clock.now() };
        self.store.insert_guest(guest).await?;
        Ok(Identity { id, name, role: Role::Guest })
    }
}
