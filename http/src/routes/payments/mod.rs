pub mod confirm;
pub mod get;
pub mod webhook;
