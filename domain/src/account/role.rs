//! What somebody may do: by role what is their own, by permission what is not.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An identity without an account.
    Guest,
    Customer,
    /// Sells in the shop: sees and changes only what is its own.
    Seller,
    /// Works for the shop, within permissions.
    Staff,
    /// Runs the shop: has every permission.
    Admin,
}

/// What staff may do with what is not their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Give money back.
    Refunds,
    /// Where webhooks go, and what became of deliveries.
    Webhooks,
    /// See accounts, change roles below staff.
    Accounts,
    /// Keys of other programs, and the one that signs tokens.
    ApiKeys,
    /// Read the audit.
    Audit,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Guest, Self::Customer, Self::Seller, Self::Staff, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Customer => "customer",
            Self::Seller => "seller",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }

    /// Whether somebody of this role works for the shop.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Staff | Self::Admin)
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.as_str() == text);
        known.ok_or_else(|| format!("{text:?} is no role: guest, customer, seller, staff or admin"))
    }
}

impl Permission {
    pub const ALL: [Self; 5] = [Self::Refunds, Self::Webhooks, Self::Accounts, Self::ApiKeys, Self::Audit];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refunds => "refunds",
            Self::Webhooks => "webhooks",
            Self::Accounts => "accounts",
            Self::ApiKeys => "api_keys",
            Self::Audit => "audit",
        }
    }
}

impl FromStr for Permission {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|permission| permission.as_str() == text);
        known.ok_or_else(|| {
            let all: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("{text:?} is no permission: {}", all.join(", "))
        })
    }
}

pub type Permissions = BTreeSet<Permission>;

/// A role with the permissions that go with it. Whoever is not staff has none, whatever is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    pub permissions: Permissions,
}

impl Standing {
    pub fn may(&self, permission: Permission) -> bool {
        match self.role {
            Role::Admin => true,
            Role::Staff => self.permissions.contains(&permission),
            Role::Guest | Role::Customer | Role::Seller => false,
        }
    }

    /// All that this standing allows.
    pub fn allowed(&self) -> Permissions {
        Permission::ALL.into_iter().filter(|permission| self.may(*permission)).collect()
    }

    /// Whether this one may change the standing of another account from `old` to `new`. Nobody gives what they do not
    /// have: admins change everybody; staff who may see accounts move others between customer and seller only.
    pub fn may_change(&self, old: &Self, new: &Self) -> bool {
        let ordinary = |standing: &Self| matches!(standing.role, Role::Customer | Role::Seller);
        match self.role {
            Role::Admin => new.role != Role::Guest && old.role != Role::Guest,
            Role::Staff => self.may(Permission::Accounts) && ordinary(old) && ordinary(new),
            Role::Guest | Role::Customer | Role::Seller => false,
        }
    }
}
