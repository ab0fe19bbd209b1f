//! A product with its variants and their stock.
//!
//! * [`state`]: the product as its journal tells it
//! * [`event`]: what can happen to it
//! * [`command`]: what can be asked of it, what it refuses and answers
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself
//! * `import`: what a catalogue file changes
//! * [`view`]: what the world sees of it

pub mod command;
mod decide;
pub mod event;
mod import;
pub mod state;
#[cfg(test)]
mod tests;
pub mod view;
