//! Whether everything that was ever written keeps the rules: replays the journals and compares what
//! belongs together. It only reads, one entity at a time.
//!
//! * [`report`]: what was looked at and what is wrong
//! * `replay`: an entity from its first event, and from its snapshot
//! * `products`, `orders`, `payments`, `rooms`: the rules of each kind

mod orders;
mod payments;
mod products;
mod replay;
pub mod report;
mod rooms;

use souk_integrations::payments::port::Intent;
use souk_persistence::error::StoreError;

use crate::marketplace::Stores;
use report::Report;

/// Checks every entity of every store, and the payment provider's books against ours.
///
/// # Errors
/// When a store cannot be read.
pub async fn check(stores: &Stores, books: &[Intent]) -> Result<Report, StoreError> {
    let mut report = Report::default();
    products::check(stores, &mut report).await?;
    orders::check(stores, &mut report).await?;
    payments::check(stores, books, &mut report).await?;
    rooms::check(stores, &mut report).await?;
    Ok(report)
}
