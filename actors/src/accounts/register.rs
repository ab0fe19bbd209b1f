//! A new account.

use souk_domain::account::role::{Permissions, Role};
use souk_domain::account::{email, password};
use souk_domain::id::AccountId;
use souk_persistence::accounts::{AccountRecord, Change, NoteKind, Secret};

use super::error::AccountError;
use super::service::{Accounts, refusal};
use super::sign_in::{Device, Opened};

/// Who registers.
pub struct Newcomer {
    pub email: String,
    pub password: String,
    pub name: String,
}

impl Accounts {
    /// Makes the account, signs it in and sends a mail that confirms its address.
    ///
    /// # Errors
    /// An address that is none or taken, or a password that is not taken.
    pub async fn register(&self, newcomer: Newcomer, device: &Device) -> Result<Opened, AccountError> {
        let account = self.new_account(newcomer, Role::Customer, Permissions::new()).await?;
        let (session, token, open) = self.open_session(account.id, device);
        let changes = vec![
            Change::Insert(Box::new(account.clone())),
            open,
            self.note(NoteKind::ConfirmEmail, account.id, &account.email),
            self.own_entry("registered", account.id, &device.network),
        ];
        self.write_or(changes, refusal).await?;
        Ok(Opened { account, session, token: Some(token) })
    }

    /// Makes an account without signing it in: for whoever has the machine.
    ///
    /// # Errors
    /// As for [`Accounts::register`].
    pub async fn create(
        &self,
        newcomer: Newcomer,
        role: Role,
        permissions: Permissions,
        actor: &str,
    ) -> Result<AccountRecord, AccountError> {
        let now = self.clock.now();
        let account = self.new_account(newcomer, role, permissions).await?;
        let account = AccountRecord { email_confirmed_at: Some(now), ..account };
        let subject = Some(account.id.to_string());
        let entry = self.entry("account_created", Some(actor.to_owned()), subject, role.as_str());
        self.write_or(vec![Change::Insert(Box::new(account.clone())), entry], refusal).await?;
        Ok(account)
    }

    async fn new_account(
        &self,
        newcomer: Newcomer,
        role: Role,
        permissions: Permissions,
    ) -> Result<AccountRecord, AccountError> {
        let Newcomer { email, password, name } = newcomer;
        let email = email::normalised(&email).ok_or(AccountError::EmailInvalid)?;
        let password = self.hashed(password, &[&email, &name]).await?;
        Ok(AccountRecord {
            id: AccountId::from_uuid(self.chance.sortable()),
            version: 1,
            email,
            email_confirmed_at: None,
            name,
            role,
            permissions,
            password: Secret(password),
            second_factor: None,
            cart_id: None,
            epoch: 0,
            created_at: self.clock.now(),
        })
    }

    /// The hash of a new password, if it is taken. Both the estimate and the hash are work for other threads.
    pub(super) async fn hashed(&self, password: String, own: &[&str]) -> Result<String, AccountError> {
        let own: Vec<&str> = own.iter().copied().chain([self.settings.shop.as_str()]).collect();
        password::check(&password, &own).map_err(AccountError::Password)?;
        Ok(self.hasher.hash(password, self.chance.random().into_bytes()).await?)
    }
}
