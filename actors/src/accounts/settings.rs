//! What can be chosen about accounts.

use std::time::Duration;

use super::passwords::Costs;
use super::passwords::hasher::HasherSettings;

#[derive(Debug, Clone)]
pub struct AccountSettings {
    pub hasher: HasherSettings,
    /// A session that is not used for so long ends.
    pub session_idle: Duration,
    /// And one that is, after so long.
    pub session_longest: Duration,
    /// How long a link is good that confirms an address, or changes it.
    pub confirm_within: Duration,
    /// And one that resets a password.
    pub reset_within: Duration,
    /// Whether staff without an authenticator are only customers.
    pub staff_needs_second_factor: bool,
    /// What the shop is called.
    pub shop: String,
    /// How long after each failed try a mail is tried again; after the last it is given up.
    pub mail_retries: Vec<Duration>,
    /// How long sending one may take.
    pub mail_timeout: Duration,
}

impl Default for AccountSettings {
    fn default() -> Self {
        let seconds = |all: &[u64]| all.iter().copied().map(Duration::from_secs).collect();
        Self {
            hasher: HasherSettings { costs: Costs::default(), threads: 1, waiting: 64 },
            session_idle: Duration::from_hours(30 * 24),
            session_longest: Duration::from_hours(180 * 24),
            confirm_within: Duration::from_hours(72),
            reset_within: Duration::from_hours(1),
            staff_needs_second_factor: false,
            shop: "Souk".to_owned(),
            mail_retries: seconds(&[30, 300, 1_800, 7_200, 21_600]),
            mail_timeout: Duration::from_secs(20),
        }
    }
}
