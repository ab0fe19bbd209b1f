//! The audit's chain.

use futures::future::join_all;
use souk_domain::account::audit::{Chain, Entry};

use super::{NOW, account, commit, later, refused, with_account};
use crate::accounts::{AccountStore, Change, Refused};
use crate::contract::fixture::Fixture;

fn entry(number: i64) -> Entry {
    Entry {
        at: later(number),
        action: "signed_in".to_owned(),
        actor: (number % 2 == 0).then(|| "acct_1".to_owned()),
        subject: (number % 3 == 0).then(|| "sess_☕".to_owned()),
        detail: format!("number {number}"),
    }
}

pub async fn what_is_recorded_is_one_chain<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert_eq!(store.audit_head().await.expect("head"), None);
    commit(&store, (1..=3).map(|number| Change::Record(entry(number)))).await;
    let at_once = join_all((4..=30).map(|number| store.commit(vec![Change::Record(entry(number))]))).await;
    assert!(at_once.into_iter().all(|outcome| outcome.expect("the store answers").is_ok()));
    fixture.close(store).await;
    let store = fixture.open().await;
    let records = store.audit_after(0, 100).await.expect("audit");
    assert_eq!(records.len(), 30);
    assert_eq!(records[..3].iter().map(|record| record.entry.clone()).collect::<Vec<_>>(), [1, 2, 3].map(entry));
    let mut chain = Chain::default();
    for record in &records {
        assert_eq!(chain.check(record), Ok(()));
    }
    let head = store.audit_head().await.expect("head").expect("there is one");
    assert_eq!((head.seq, head.hash), (chain.seq, chain.hash));
    fixture.close(store).await;
}

pub async fn the_audit_is_paged_both_ways<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    commit(&store, (1..=10).map(|number| Change::Record(entry(number)))).await;
    let seqs = |records: Vec<souk_domain::account::audit::AuditRecord>| {
        records.into_iter().map(|record| record.seq).collect::<Vec<_>>()
    };
    assert_eq!(seqs(store.audit_before(None, 3).await.expect("audit")), [10, 9, 8]);
    assert_eq!(seqs(store.audit_before(Some(8), 3).await.expect("audit")), [7, 6, 5]);
    assert!(store.audit_before(Some(1), 3).await.expect("audit").is_empty());
    assert_eq!(seqs(store.audit_after(8, 3).await.expect("audit")), [9, 10]);
    fixture.close(store).await;
}

pub async fn a_refused_change_is_not_recorded<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let again = [Change::Record(entry(1)), Change::Insert(Box::new(account(1)))];
    refused(&store, again, Refused::EmailTaken).await;
    assert_eq!(store.audit_head().await.expect("head"), None);
    commit(&store, [Change::Record(entry(2)), Change::Delete { id: account(1).id, at: NOW }]).await;
    assert_eq!(store.audit_after(0, 10).await.expect("audit").len(), 1, "the audit outlives the account");
    fixture.close(store).await;
}
