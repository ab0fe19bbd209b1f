//! Whether everything that was ever written keeps the rules: replays the journals and compares what
//! belongs together. It only reads, one entity at a time.
//!
//! * [`report`]: what was looked at and what is wrong
//! * `replay`: an entity from its first event, and from its snapshot
//! * `products`, `orders`, `carts`, `discounts`, `payments`, `rooms`: the rules of each kind

mod carts;
mod discounts;
mod orders;
mod payments;
mod products;
mod replay;
pub mod report;
mod rooms;

use std::collections::{BTreeMap, BTreeSet};

use souk_integrations::payments::port::Intent;
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Journal};

use crate::marketplace::Stores;
use report::{Report, Violation};

/// What is checked: the stores, and the payment provider's books against ours.
pub struct Checked<'a> {
    pub stores: &'a Stores,
    pub books: BTreeMap<&'a str, &'a Intent>,
}

impl<'a> Checked<'a> {
    pub fn new(stores: &'a Stores, books: &'a [Intent]) -> Self {
        Self { stores, books: books.iter().map(|intent| (intent.reference.0.as_str(), intent)).collect() }
    }
}

/// Checks every entity of every store, and the payment provider's books against ours.
///
/// # Errors
/// When a store cannot be read.
pub async fn check(stores: &Stores, books: &[Intent]) -> Result<Report, StoreError> {
    let checked = Checked::new(stores, books);
    let mut report = Report::default();
    for kind in KINDS {
        let journal = journal(stores, kind);
        let mut after = None;
        loop {
            let page = journal.entities(kind, after.as_ref(), ENTITIES_AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            for id in &page {
                check_one(&checked, id, &mut report).await?;
            }
        }
    }
    Ok(report)
}

/// Looks again at the entities that broke a rule. What is read while the shop is open can be of different moments
/// for an order and its payment, so only what breaks the same rule again is true. The counts stay those of `before`.
///
/// # Errors
/// When a store cannot be read.
pub async fn check_again(stores: &Stores, books: &[Intent], before: Report) -> Result<Report, StoreError> {
    let checked = Checked::new(stores, books);
    let mut now = Report::default();
    let suspects: BTreeSet<&EntityId> = before.violations.iter().map(|violation| &violation.entity).collect();
    for id in suspects {
        check_one(&checked, id, &mut now).await?;
    }
    let persists = |new: &Violation| before.violations.iter().any(|old| old.is_of(&new.entity, new.rule));
    let violations = now.violations.into_iter().filter(persists).collect();
    Ok(Report { violations, ..before })
}

async fn check_one(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    match id.kind() {
        "prod" => products::check(checked, id, report).await,
        "ord" => orders::check(checked, id, report).await,
        "cart" => carts::check(checked, id, report).await,
        "disc" => discounts::check(checked, id, report).await,
        "pay" => payments::check(checked, id, report).await,
        "room" => rooms::check(checked, id, report).await,
        _ => Ok(()),
    }
}

/// In the order in which they are checked.
const KINDS: [&str; 6] = ["prod", "ord", "cart", "disc", "pay", "room"];
const ENTITIES_AT_ONCE: usize = 500;

fn journal<'a>(stores: &'a Stores, kind: &str) -> &'a dyn Journal {
    match kind {
        "prod" => &*stores.products,
        "pay" => &*stores.payments,
        "room" => &*stores.chat,
        _ => &*stores.orders,
    }
}
