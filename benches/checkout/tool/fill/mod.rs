//! A folder with many finished orders, as the shop itself would have left them: journals made by the domain's own
//! aggregates, written through the ports of the stores, the provider's books by the provider. Each cart, order and
//! payment is one commit here, where a live one has several.
//!
//! * `course`: which orders, how many at once
//! * `story`: the life of one order, by the rules
//! * `goods`: the products that it sells
//! * `record`: events as commits

mod course;
mod goods;
mod record;
mod story;

pub use course::fill;
