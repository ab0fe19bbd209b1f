//! Mails about orders and accounts.
//!
//! * [`port`]: what is asked of a sender of mails
//! * [`account`]: those about accounts
//! * [`templates`]: the words, plain and HTML; a folder can replace them
//! * [`view`]: what the templates see of an order
//! * [`message`]: the finished mail
//! * [`sender`]: into files, or through an SMTP server

pub mod account;
pub mod message;
pub mod port;
pub mod sender;
pub mod templates;
#[cfg(test)]
mod tests;
pub mod view;

pub use port::{MailFault, MailSender, OrderMail, is_mailed};
pub use sender::{Mailer, MailerConfig, Transport};
