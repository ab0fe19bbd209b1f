//! What the world outside is told, by the real process: mails as files, webhooks to a receiver of the test's own.
//!
//! * `receiver`: listens, remembers, answers as it is told to
//! * `signature`: checks signatures from the words of the specification, with nothing of the server's code
//! * `told`: the tests

#[path = "../support/mod.rs"]
mod support;

mod receiver;
mod signature;
mod told;
