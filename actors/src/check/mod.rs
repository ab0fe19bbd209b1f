//! Whether everything that was ever written keeps the rules: replays the journals and compares what
//! belongs together. It only reads, one entity at a time.
//!
//! * [`report`]: what was looked at and what is wrong
//! * `replay`: an entity from its first event, and from its snapshot
//! * `audit`: the chain of what was recorded
//! * `products`, `orders`, `carts`, `discounts`, `payments`, `rooms`: the rules of each kind

mod audit;
mod carts;
mod discounts;
mod orders;
mod payments;
mod products;
mod replay;
pub mod report;
mod rooms;

use std::collections::{BTreeMap, BTreeSet};

use souk_domain::id::PaymentId;
use souk_integrations::payments::port::Intent;
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Journal};

use crate::marketplace::Stores;
use report::{Report, Violation};

/// What is checked: the stores, and the payment provider's books against ours.
pub struct Checked<'a> {
    pub stores: &'a Stores,
    pub books: BTreeMap<&'a str, &'a Intent>,
    /// By the payment that they are named for.
    named: BTreeMap<&'a str, Vec<&'a Intent>>,
}

impl<'a> Checked<'a> {
    pub fn new(stores: &'a Stores, books: &'a [Intent]) -> Self {
        let mut named: BTreeMap<&str, Vec<&Intent>> = BTreeMap::new();
        for intent in books {
            named.entry(intent.merchant_reference.as_str()).or_default().push(intent);
        }
        Self { stores, books: books.iter().map(|intent| (intent.reference.0.as_str(), intent)).collect(), named }
    }

    /// The provider's intents that are named for a payment.
    pub fn intents_of(&self, payment: &EntityId) -> &[&'a Intent] {
        self.named.get(payment.as_str()).map_or(&[], Vec::as_slice)
    }

    /// Payments that only the provider knows. An account may be shared with others, whose intents have other names.
    fn unknown_payments(&self, known: &BTreeSet<EntityId>) -> Vec<EntityId> {
        let named = self.named.keys().filter_map(|name| name.parse::<PaymentId>().ok()).map(EntityId::new);
        named.filter(|id| !known.contains(id)).collect()
    }
}

/// Checks every entity of every store, and the payment provider's books against ours.
///
/// # Errors
/// When a store cannot be read.
pub async fn check(stores: &Stores, books: &[Intent]) -> Result<Report, StoreError> {
    let checked = Checked::new(stores, books);
    let (mut report, mut payments) = (Report::default(), BTreeSet::new());
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
            if kind == "pay" {
                payments.extend(page);
            }
        }
    }
    for id in checked.unknown_payments(&payments) {
        check_one(&checked, &id, &mut report).await?;
    }
    audit::check(&checked, &mut report).await?;
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
    let old: BTreeSet<(&EntityId, &str)> = before.violations.iter().map(Violation::what).collect();
    let violations = now.violations.into_iter().filter(|new| old.contains(&new.what())).collect();
    Ok(Report { violations, ..before })
}

async fn check_one(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    match id.kind() {
        "prod" => products::check(checked, id, report).await,
        "ord" => orders::check(checked, id, report).await,
        "cart" => carts::check(checked, id, report).await,
        "disc" => discounts::check(checked, id, report).await,
        "pay" => payments::check(checked, id, report).await,
        "audit" => audit::check(checked, report).await,
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
