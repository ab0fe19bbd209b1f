//! What is said when something cannot be done: problem+json (RFC 9457) with a stable code.
//!
//! * [`table`]: every code ([`code`]) with its status, its meaning, and whether a retry is safe
//! * [`answer`]: a problem on its way to the client
//! * [`document`]: `docs/errors.md` and the page `/errors`, made from the table
//! * [`fields`]: what is wrong with a field of a body or a parameter
//! * [`carts`], `orders`, `payments`, `rooms`, [`webhooks`], `unavailable`: the problem of each refusal

pub mod accounts;
pub mod answer;
pub mod carts;
pub mod code;
pub mod document;
pub mod fields;
mod orders;
mod payments;
mod rooms;
pub mod table;
mod unavailable;
pub mod webhooks;

pub use answer::Problem;
pub use code::Code;
pub use fields::FieldError;
