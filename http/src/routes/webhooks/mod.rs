//! Where webhooks go, for staff.

pub mod create;
pub mod deliveries;
pub mod get;
pub mod list;
pub mod remove;
pub mod rotate;
pub mod update;
