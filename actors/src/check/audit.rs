//! The audit: one chain from the first record to its head.

use souk_domain::account::audit::Chain;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use super::Checked;
use super::report::Report;

const RULE: &str = "the audit is one chain";
const AT_ONCE: usize = 1_000;

/// What stands for the audit among what is checked.
pub(super) fn id() -> EntityId {
    EntityId::new("audit_chain")
}

pub(super) async fn check(checked: &Checked<'_>, report: &mut Report) -> Result<(), StoreError> {
    let store = &checked.stores.accounts;
    // What is written after this moment is for the next check.
    let Some(head) = store.audit_head().await? else {
        let records = store.audit_after(0, 1).await?;
        if !records.is_empty() {
            report.violated(&id(), RULE, "there are records and no head");
        }
        return Ok(());
    };
    let mut chain = Chain::default();
    while chain.seq < head.seq {
        let records = store.audit_after(chain.seq, AT_ONCE).await?;
        if records.is_empty() {
            report.violated(&id(), RULE, format!("it ends at {}, its head is {}", chain.seq, head.seq));
            return Ok(());
        }
        for record in records.iter().filter(|record| record.seq <= head.seq) {
            report.rule(&id(), RULE, chain.check(record));
        }
        if records.iter().all(|record| record.seq > head.seq) {
            report.violated(&id(), RULE, format!("records up to its head {} are missing", head.seq));
            return Ok(());
        }
    }
    if chain.hash != head.hash {
        report.violated(&id(), RULE, format!("record {} is not the one that was written last", head.seq));
    }
    Ok(())
}
