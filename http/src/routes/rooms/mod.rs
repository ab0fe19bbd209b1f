pub mod list;
pub mod open;
pub mod read;
