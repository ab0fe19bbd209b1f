//! What a handler takes from a request. Each of them refuses with a problem, never with plain text.
//!
//! * [`json`][]: the body
//! * [`path`][]: ids in the path
//! * [`query`][]: parameters; [`place`][]: where a page begins
//! * [`bounded`][]: numbers and texts that know their bounds
//! * [`identity`][]: who asks, by token
//! * [`device`][]: where a request comes from; [`password`][]: what is never shown
//! * [`order_key`][]: the access key of a guest's order
//! * [`idempotency_key`][]: the name of a request that may be sent again
//! * [`conditional`][]: what the client has already

pub mod bounded;
pub mod conditional;
pub mod device;
pub mod idempotency_key;
pub mod identity;
pub mod json;
pub mod order_key;
pub mod password;
pub mod path;
pub mod place;
pub mod query;

pub use bounded::{Text, Whole};
pub use conditional::IfNoneMatch;
pub use device::From;
pub use idempotency_key::IdempotencyKey;
pub use identity::{Account, Caller, OptionalCaller, Staff};
pub use json::{JsonBody, OptionalJsonBody, RawBody};
pub use order_key::OrderViewer;
pub use password::Password;
pub use path::PathIds;
pub use query::Parameters;
