//! What the world sees of an account.

use serde::Serialize;
use souk_domain::account::role::{Permission, Role};
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{AccountRecord, SessionRecord};
use utoipa::ToSchema;

use super::service::Accounts;
use crate::viewer::Identity;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    #[schema(example = "acct_01h455vb4pex5vsknk084sn02q")]
    pub id: String,
    pub name: String,
    /// None: a guest.
    #[schema(example = "ada@example.com")]
    pub email: Option<String>,
    /// Whether somebody has shown that mail there reaches them.
    pub email_confirmed: bool,
    pub role: Role,
    /// What this account may do with what is not its own.
    pub permissions: Vec<Permission>,
    /// Whether a code is asked for beside the password.
    pub second_factor: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

impl AccountView {
    pub fn guest(identity: &Identity) -> Self {
        let Identity { id, name, role } = identity.clone();
        let (email, permissions, created_at) = (None, Vec::new(), None);
        Self { id, name, email, email_confirmed: false, role, permissions, second_factor: false, created_at }
    }
}

impl Accounts {
    pub fn view(&self, account: &AccountRecord) -> AccountView {
        AccountView {
            id: account.id.to_string(),
            name: account.name.clone(),
            email: Some(account.email.clone()),
            email_confirmed: account.email_confirmed_at.is_some(),
            role: account.role,
            permissions: self.standing(account).allowed().into_iter().collect(),
            second_factor: account.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some()),
            created_at: Some(account.created_at),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionItem {
    #[schema(example = "sess_01h455vb4pex5vsknk084sn02q")]
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
    /// What the device said it is.
    pub user_agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl SessionItem {
    pub fn of(session: SessionRecord, current: bool) -> Self {
        let SessionRecord { id, created_at, used_at, user_agent, account_id: _, expires_at: _, ended_at: _ } = session;
        Self { id: id.to_string(), created_at, last_used_at: used_at, user_agent, current }
    }
}
