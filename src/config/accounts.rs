//! The section `accounts`.

use std::num::NonZero;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use souk_actors::accounts::passwords::Costs;
use souk_actors::accounts::passwords::hasher::HasherSettings;
use souk_actors::accounts::settings::AccountSettings;
use souk_domain::account::email;

use super::outbox::{MailConfig, within};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsConfig {
    pub first_admin: String,
    pub hash_memory_kib: u32,
    pub hash_passes: u32,
    pub hash_threads: usize,
    pub hash_waiting: usize,
    pub session_days: u64,
    pub session_longest_days: u64,
    pub confirm_hours: u64,
    pub reset_minutes: u64,
    pub staff_needs_second_factor: bool,
}

impl AccountsConfig {
    /// # Errors
    /// A key and what is wrong with it.
    pub fn validate(&self) -> Result<(), (String, String)> {
        let Self { first_admin, hash_memory_kib, hash_passes, hash_threads, hash_waiting, .. } = self;
        if !first_admin.is_empty() && email::normalised(first_admin).is_none() {
            return Err(("accounts.first_admin".to_owned(), format!("{first_admin:?} is no email address")));
        }
        within("accounts.hash_memory_kib", u64::from(*hash_memory_kib), 7 * 1024, 128 * 1024)?;
        within("accounts.hash_passes", u64::from(*hash_passes), 1, 10)?;
        within("accounts.hash_threads", *hash_threads as u64, 0, 256)?;
        within("accounts.hash_waiting", *hash_waiting as u64, 1, 10_000)?;
        within("accounts.session_days", self.session_days, 1, 366)?;
        within("accounts.session_longest_days", self.session_longest_days, 1, 3_660)?;
        within("accounts.confirm_hours", self.confirm_hours, 1, 24 * 30)?;
        within("accounts.reset_minutes", self.reset_minutes, 1, 24 * 60)
    }

    pub fn settings(&self, mail: &MailConfig) -> AccountSettings {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = if self.hash_threads == 0 { (cores / 2).max(1) } else { self.hash_threads };
        let costs = Costs { memory_kib: self.hash_memory_kib, passes: self.hash_passes };
        AccountSettings {
            hasher: HasherSettings { costs, threads, waiting: self.hash_waiting },
            session_idle: Duration::from_hours(24 * self.session_days),
            session_longest: Duration::from_hours(24 * self.session_longest_days),
            confirm_within: Duration::from_hours(self.confirm_hours),
            reset_within: Duration::from_mins(self.reset_minutes),
            staff_needs_second_factor: self.staff_needs_second_factor,
            shop: mail.shop_name.clone(),
            mail_retries: mail.retry_seconds.iter().copied().map(Duration::from_secs).collect(),
            mail_timeout: Duration::from_secs(mail.timeout_seconds),
        }
    }
}
