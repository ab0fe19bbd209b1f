//! The few pages that the edge has itself: plain HTML without any script.

pub mod docs;
pub mod errors;
pub mod home;
mod layout;
pub mod markup;
pub mod style;
