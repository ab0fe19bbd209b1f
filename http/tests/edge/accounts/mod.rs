//! Accounts, from a password to the end.

mod customers;
mod leaving;
mod links;
pub mod mails;
pub mod people;
mod second_factor;
mod sessions;
mod staff;
