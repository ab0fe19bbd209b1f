//! What an account says of itself, its cart and its address book.

use souk_domain::address::Address;
use souk_domain::id::{AccountId, AddressId, CartId};
use souk_persistence::accounts::{AccountRecord, AddressRecord, Change};

use super::error::AccountError;
use super::service::{Accounts, refusal};

/// Entries of one address book.
pub const MOST_ADDRESSES: usize = 50;

impl Accounts {
    /// # Errors
    /// When the account is gone.
    pub async fn rename(&self, id: AccountId, name: &str) -> Result<AccountRecord, AccountError> {
        self.change(id, |account, _| {
            name.clone_into(&mut account.name);
            Ok(vec![])
        })
        .await
    }

    /// The cart that it goes on with.
    ///
    /// # Errors
    /// When the account is gone.
    pub async fn set_cart(&self, id: AccountId, cart: CartId) -> Result<(), AccountError> {
        let changed = self.change(id, |account, _| {
            account.cart_id = Some(cart);
            Ok(vec![])
        });
        changed.await.map(|_| ())
    }

    /// The default one first, then the newest.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn addresses(&self, id: AccountId) -> Result<Vec<AddressRecord>, AccountError> {
        Ok(self.store.addresses(id).await?)
    }

    /// The first one is the default.
    ///
    /// # Errors
    /// `TooMany`.
    pub async fn add_address(
        &self,
        account_id: AccountId,
        address: Address,
        is_default: bool,
    ) -> Result<AddressRecord, AccountError> {
        let is_default = is_default || self.store.addresses(account_id).await?.is_empty();
        let id = AddressId::from_uuid(self.chance.sortable());
        let record = AddressRecord { id, account_id, address, is_default, created_at: self.clock.now() };
        self.put_address(record).await
    }

    /// What is none stays.
    ///
    /// # Errors
    /// `NotFound` for one that is another's, or not there.
    pub async fn change_address(
        &self,
        account_id: AccountId,
        id: AddressId,
        address: Option<Address>,
        is_default: Option<bool>,
    ) -> Result<AddressRecord, AccountError> {
        let book = self.store.addresses(account_id).await?;
        let record = book.into_iter().find(|record| record.id == id).ok_or(AccountError::NotFound)?;
        let address = address.unwrap_or_else(|| record.address.clone());
        let is_default = is_default.unwrap_or(record.is_default);
        self.put_address(AddressRecord { address, is_default, ..record }).await
    }

    async fn put_address(&self, record: AddressRecord) -> Result<AddressRecord, AccountError> {
        let put = Change::PutAddress { record: Box::new(record.clone()), most: MOST_ADDRESSES };
        self.write_or(vec![put], |_| AccountError::TooMany("addresses")).await?;
        Ok(record)
    }

    /// # Errors
    /// `NotFound` for one that is another's, or not there.
    pub async fn remove_address(&self, account_id: AccountId, id: AddressId) -> Result<(), AccountError> {
        self.write_or(vec![Change::RemoveAddress { id, account_id }], refusal).await
    }
}
