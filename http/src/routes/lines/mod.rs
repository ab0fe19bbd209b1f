pub mod add;
pub mod remove;
pub mod set;
