//! Rule 2 from the other side: our payments against the provider's own books.

use std::collections::BTreeMap;

use souk_domain::money::Money;
use souk_domain::payment::state::{Payment, Standing};
use souk_integrations::payments::port::Intent;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use super::Checked;
use super::replay::{Replayed, replay};
use super::report::Report;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    if let Some(payment) = replay::<Payment>(&*checked.stores.payments, id, report, |_, _, _, _| {}).await? {
        check_payment(&payment, &checked.books, report);
        check_strange(&payment, checked.intents_of(id), report);
    }
    Ok(())
}

/// Money that the provider holds in the name of a payment which knows nothing of it.
fn check_strange(payment: &Replayed<Payment>, intents: &[&Intent], report: &mut Report) {
    let ours = payment.state.intent.as_ref().map(|intent| intent.reference.as_str());
    for theirs in intents {
        if theirs.captured > theirs.refunded && ours != Some(theirs.reference.0.as_str()) {
            let detail = format!("{}: {} captured, {} refunded", theirs.reference, theirs.captured, theirs.refunded);
            report.violated(&payment.id, "we know what the provider took", detail);
        }
    }
}

fn check_payment(payment: &Replayed<Payment>, books: &BTreeMap<&str, &Intent>, report: &mut Report) {
    let Replayed { id, state, .. } = payment;
    report.rule(id, "captured is the amount, refunded at most that", state.check());
    if let Standing::Mismatched { reported, captured, closed } = state.standing {
        let asked = state.opening.as_ref().map(|opening| opening.amount.to_string()).unwrap_or_default();
        let taken = Money::new(captured, reported.currency);
        let outcome = if closed { "dealt with, the journal tells how" } else { "not dealt with yet" };
        let detail = format!("asked for {asked}, the provider says {reported} and took {taken}: {outcome}");
        report.violated(id, "the provider takes what it was asked for", detail);
    }
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
