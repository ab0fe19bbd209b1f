//! The catalogue: products as actors, and the ways to read them that never enter a mailbox.
//!
//! * [`entity`]: what a product writes and publishes
//! * [`views`]: each product as the world sees it, already serialised
//! * [`products`]: the calls: import, hold, release, sell
//! * [`import`]: brings products from a file in
//! * [`listing`]: lists and search
//! * [`follower`]: keeps the search index behind the journals

pub mod entity;
pub mod follower;
pub mod import;
pub mod listing;
pub mod products;
pub mod views;
