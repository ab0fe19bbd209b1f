//! A folder with many finished orders. A first few are bought over HTTP; their journals are then written again and
//! again under new names, through the ports of the stores: the same events by the same rules, whatever those are.
//! Products hold and sell by their own aggregate, and the provider is really asked. Each cart, order and payment is
//! one commit here, where a live one has several.
//!
//! * `course`: how many at once
//! * `template`: an order that was bought, as a pattern for others
//! * `names`: what differs from one order to the next
//! * `goods`: the products that are sold

mod course;
mod goods;
mod names;
mod template;

pub use course::fill;
