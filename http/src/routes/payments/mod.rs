pub mod confirm;
pub mod get;
