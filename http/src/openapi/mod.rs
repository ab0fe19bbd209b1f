//! The description of the API (OpenAPI 3.1), from the routes themselves.
//!
//! * [`base`]: what the routes are added to
//! * `common`: the problems that any request can meet
//! * `examples`: an example of every body, made from its schema
//! * `vocabulary`: what the fields of the examples say
//! * [`written`]: the finished document, also as `docs/api/openapi.json`

pub mod base;
mod common;
mod examples;
mod vocabulary;
pub mod written;

pub use base::base;
pub use written::{WRITTEN, operations};
