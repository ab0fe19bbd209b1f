//! A shop from one set of stores to another: what `souk copy` does.
//!
//! * `plan`: what is still to be done, and whether it may be
//! * `progress`: what is told meanwhile
//! * `carry`: from the plan to a far side that is the same
//! * `books`: the sandbox provider's files, which lie beside the stores

mod books;
mod carry;
mod plan;
mod progress;

pub use books::carry_books;
pub use carry::carry;
