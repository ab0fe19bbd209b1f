pub mod confirm;
pub mod create;
pub mod remove;
