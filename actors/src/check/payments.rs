//! Rule 2 from the other side: our payments against the provider's own books.

use std::collections::BTreeMap;

use souk_domain::payment::state::Payment;
use souk_integrations::payments::port::Intent;
use souk_persistence::error::StoreError;

use super::replay::{Replayed, entities, replay};
use super::report::Report;
use crate::marketplace::Stores;

pub async fn check(stores: &Stores, books: &[Intent], report: &mut Report) -> Result<(), StoreError> {
    let books: BTreeMap<&str, &Intent> = books.iter().map(|intent| (intent.reference.0.as_str(), intent)).collect();
    let mut after = None;
    loop {
        let page = entities(&*stores.payments, "pay", after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.clone());
        for id in &page {
            if let Some(payment) = replay::<Payment>(&*stores.payments, id, report, |_, _, _, _| {}).await? {
                check_payment(&payment, &books, report);
            }
        }
    }
}

fn check_payment(payment: &Replayed<Payment>, books: &BTreeMap<&str, &Intent>, report: &mut Report) {
    let Replayed { id, state, .. } = payment;
    report.rule(id, "captured is the amount, refunded at most that", state.check());
    let Some(intent) = &state.intent else { return };
    let Some(theirs) = books.get(intent.reference.as_str()) else {
        report.violated(id, "the provider knows the payment", &intent.reference);
        return;
    };
    // The provider may know of a capture or a refund that is on its way to us, never the other way round.
    let at_rest = souk_domain::payment::process::next_step(state).is_none();
    if state.captured > theirs.captured || state.refunded > theirs.refunded {
        let detail = format!(
            "ours {} and {}, theirs {} and {}",
            state.captured, state.refunded, theirs.captured, theirs.refunded
        );
        report.violated(id, "what we call captured and refunded is so at the provider", detail);
    } else if at_rest && state.is_captured() && (state.captured, state.refunded) != (theirs.captured, theirs.refunded) {
        let detail = format!(
            "ours {} and {}, theirs {} and {}",
            state.captured, state.refunded, theirs.captured, theirs.refunded
        );
        report.violated(id, "our books are the provider's", detail);
    }
}
