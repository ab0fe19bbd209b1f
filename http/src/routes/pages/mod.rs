//! The few pages that the edge has itself: plain HTML without any script.

pub mod docs;
pub mod errors;
mod layout;
pub mod markup;
pub mod style;
