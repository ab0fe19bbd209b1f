//! What staff see and change about accounts.

use souk_domain::account::audit::AuditRecord;
use souk_domain::account::role::{Permissions, Role, Standing};
use souk_domain::id::AccountId;
use souk_persistence::accounts::{AccountRecord, Change};

use super::error::AccountError;
use super::service::Accounts;

/// Who changes somebody, and what they may themselves.
pub struct Actor {
    pub id: String,
    pub standing: Standing,
}

impl Accounts {
    /// Accounts with a text in address or name, newest first.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn find(
        &self,
        text: &str,
        before: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<AccountRecord>, AccountError> {
        Ok(self.store.accounts_like(text, before, limit).await?)
    }

    /// Gives an account another role or other permissions; what is none stays. Its tokens of before count no more.
    ///
    /// # Errors
    /// `Forbidden` for what the actor may not give or take.
    pub async fn change_standing(
        &self,
        actor: &Actor,
        id: AccountId,
        role: Option<Role>,
        permissions: Option<Permissions>,
    ) -> Result<AccountRecord, AccountError> {
        self.change(id, |account, now| {
            let old = account.standing();
            let new = Standing {
                role: role.unwrap_or(old.role),
                permissions: permissions.clone().unwrap_or_else(|| old.permissions.clone()),
            };
            if !actor.standing.may_change(&old, &new) {
                return Err(AccountError::Forbidden);
            }
            if new == old {
                return Ok(vec![]);
            }
            let names: Vec<_> = new.permissions.iter().map(|permission| permission.as_str()).collect();
            let detail = format!("{} {}", new.role.as_str(), names.join(","));
            (account.role, account.permissions) = (new.role, new.permissions);
            account.epoch += 1;
            let subject = Some(id.to_string());
            Ok(vec![
                Change::Revoke { id, epoch: account.epoch, at: now },
                self.entry("standing_changed", Some(actor.id.clone()), subject, detail.trim()),
            ])
        })
        .await
    }

    /// Signs an account out everywhere: its sessions end, and its tokens of before count no more.
    ///
    /// # Errors
    /// `Forbidden` for an account whose standing the actor may not change either; `NotFound`.
    pub async fn end_sessions_of(&self, actor: &Actor, id: AccountId) -> Result<(), AccountError> {
        self.change(id, |account, at| {
            let standing = account.standing();
            if !actor.standing.may_change(&standing, &standing) {
                return Err(AccountError::Forbidden);
            }
            account.epoch += 1;
            Ok(vec![
                Change::EndSessions { account_id: id, except: None, at },
                Change::Revoke { id, epoch: account.epoch, at },
                self.entry("sessions_ended", Some(actor.id.clone()), Some(id.to_string()), ""),
            ])
        })
        .await
        .map(|_| ())
    }

    /// # Errors
    /// When the store cannot be asked.
    pub async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>, AccountError> {
        Ok(self.store.audit_before(before, limit).await?)
    }
}
