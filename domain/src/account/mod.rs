//! Accounts: who somebody is and what they may do. Plain records, so there are no events here, only rules.
//!
//! * [`email`]: an address as it is compared
//! * [`password`]: which passwords are taken
//! * [`role`]: roles, permissions, and who may give them to whom
//! * [`rotation`]: what becomes of a refresh token that is shown
//! * [`throttle`]: how long somebody waits after wrong passwords
//! * [`audit`]: the chain of what was recorded

pub mod audit;
pub mod email;
pub mod password;
pub mod role;
pub mod rotation;
#[cfg(test)]
mod tests;
pub mod throttle;
