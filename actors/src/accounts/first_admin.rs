//! A shop that starts for the first time has nobody who may let others in.

use souk_domain::account::role::{Permissions, Role};

use super::error::AccountError;
use super::register::Newcomer;
use super::secrets;
use super::service::Accounts;

/// Whoever starts the shop is told this once; only a hash of the password is kept.
pub struct FirstAdmin {
    pub email: String,
    pub password: String,
}

impl Accounts {
    /// Makes an admin with a password that nobody can guess, where there never was an account. None where there was,
    /// or where another node has made it at the same moment.
    ///
    /// # Errors
    /// `EmailInvalid`; when the store cannot be asked.
    pub async fn first_admin(&self, email: &str) -> Result<Option<FirstAdmin>, AccountError> {
        // The audit only grows, so a shop whose accounts were all deleted is none that starts for the first time.
        let is_new = self.store.audit_head().await?.is_none() && self.find("", None, 1).await?.is_empty();
        if !is_new {
            return Ok(None);
        }
        let password = secrets::text(secrets::secret(&*self.chance));
        let newcomer = Newcomer { email: email.to_owned(), password: password.clone(), name: "Admin".to_owned() };
        match self.create(newcomer, Role::Admin, Permissions::new(), "first start").await {
            Ok(account) => Ok(Some(FirstAdmin { email: account.email, password })),
            Err(AccountError::EmailTaken) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::future::join_all;
    use souk_persistence::sqlite::{DataFolder, SqliteAccountStore, SqliteOptions};

    use super::*;
    use crate::accounts::passwords::Costs;
    use crate::accounts::passwords::hasher::HasherSettings;
    use crate::accounts::settings::AccountSettings;
    use crate::accounts::sign_in::{Credentials, Device};
    use crate::runtime::world::{SystemChance, SystemClock};

    #[tokio::test]
    async fn of_many_nodes_that_start_at_once_one_makes_the_first_admin() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::open(folder.path()).unwrap();
        let store = Arc::new(SqliteAccountStore::open(&data, &SqliteOptions::default()).await.unwrap());
        let node = || {
            let hasher = HasherSettings { costs: Costs { memory_kib: 64, passes: 1 }, threads: 1, waiting: 8 };
            let settings = AccountSettings { hasher, ..AccountSettings::default() };
            Accounts::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemChance), settings)
        };
        let nodes: Vec<_> = (0..8).map(|_| node()).collect();
        let made = join_all(nodes.iter().map(|node| node.first_admin("boss@example.com"))).await;
        let mut made: Vec<_> = made.into_iter().filter_map(Result::unwrap).collect();
        let FirstAdmin { email, password } = made.pop().expect("an admin");
        assert!(made.is_empty(), "{} more were made", made.len());
        let opened = nodes[3].sign_in(Credentials { email, password, code: None }, &Device::default()).await.unwrap();
        assert_eq!(opened.account.role, Role::Admin);
        assert!(node().first_admin("other@example.com").await.unwrap().is_none(), "somebody is there");
        assert!(matches!(node().first_admin("nobody").await, Ok(None)));
    }
}
