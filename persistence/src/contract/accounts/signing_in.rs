//! Sessions, refresh tokens, links in mails, and what was revoked.

use futures::future::join_all;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;

use super::{NOW, account, commit, later, refused, session, with_account};
use crate::accounts::{AccountStore, Change, OneTime, Purpose, Refused, SessionRecord};
use crate::contract::fixture::Fixture;

fn open(number: u128, of: u128, token: u8) -> Change {
    Change::OpenSession { session: session(number, of), token: [token; 32] }
}

fn rotate(from: u8, to: u8, at: Timestamp) -> Change {
    Change::Rotate { from: [from; 32], to: [to; 32], at, expires_at: later(2_000_000) }
}

pub async fn a_refresh_token_is_exchanged_once<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    commit(&store, [open(1, 1, 1)]).await;
    let first = store.token(&[1; 32]).await.expect("token").expect("there");
    assert_eq!((first.session, first.rotated_at), (session(1, 1), None));
    let tries = join_all((2..20).map(|to| store.commit(vec![rotate(1, to, later(5))]))).await;
    let outcomes: Vec<_> = tries.into_iter().map(|outcome| outcome.expect("the store answers")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Refused::Spent))));
    let mut next = None;
    for to in 2..20_u8 {
        next = next.or(store.token(&[to; 32]).await.expect("token"));
    }
    let next = next.expect("one has the next token");
    let used = SessionRecord { used_at: later(5), expires_at: later(2_000_000), ..session(1, 1) };
    assert_eq!((next.session, next.rotated_at), (used, None));
    let spent = store.token(&[1; 32]).await.expect("token").expect("an exchanged one is still known");
    assert_eq!(spent.rotated_at, Some(later(5)));
    refused(&store, [rotate(99, 100, later(6))], Refused::Spent).await;
    fixture.close(store).await;
}

pub async fn an_ended_session_exchanges_nothing<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    with_account(&store, 2).await;
    commit(&store, [open(1, 1, 1), open(2, 1, 2)]).await;
    let end =
        |id: u128, of: u128| Change::EndSession { id: session(id, 1).id, account_id: account(of).id, at: later(7) };
    refused(&store, [end(1, 2)], Refused::Gone).await;
    commit(&store, [end(1, 1)]).await;
    refused(&store, [end(1, 1)], Refused::Gone).await;
    refused(&store, [rotate(1, 3, later(8))], Refused::Spent).await;
    assert_eq!(store.token(&[1; 32]).await.expect("token").expect("known").session.ended_at, Some(later(7)));
    refused(&store, [rotate(2, 3, later(1_000_001))], Refused::Spent).await;
    commit(&store, [rotate(2, 3, later(8))]).await;
    fixture.close(store).await;
}

pub async fn sessions_are_listed_and_ended_but_one<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    with_account(&store, 2).await;
    commit(&store, [open(1, 1, 1), open(2, 1, 2), open(3, 1, 3), open(4, 2, 4)]).await;
    let listed = async |of: u128, now: Timestamp, limit: usize| -> Vec<SessionId> {
        let sessions = store.sessions(account(of).id, now, limit).await.expect("sessions");
        sessions.into_iter().map(|session| session.id).collect()
    };
    let ids = |numbers: &[u128]| numbers.iter().map(|number| session(*number, 1).id).collect::<Vec<_>>();
    assert_eq!(listed(1, NOW, 10).await, ids(&[3, 2, 1]));
    assert_eq!(listed(1, NOW, 2).await, ids(&[3, 2]));
    assert_eq!(listed(1, later(1_000_000), 10).await, ids(&[]));
    let end = |except| Change::EndSessions { account_id: account(1).id, except, at: later(5) };
    commit(&store, [end(Some(session(2, 1).id))]).await;
    assert_eq!(listed(1, NOW, 10).await, ids(&[2]));
    assert_eq!(listed(2, NOW, 10).await, ids(&[4]));
    let security = store.security(NOW, later(6), 10).await.expect("security");
    let mut ended = security.sessions;
    ended.sort_unstable();
    assert_eq!(ended, ids(&[1, 3]));
    commit(&store, [end(None)]).await;
    assert_eq!(listed(1, NOW, 10).await, ids(&[]));
    fixture.close(store).await;
}

pub async fn what_was_revoked_is_told_for_a_while<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let revoke = |epoch: u64, at: Timestamp| Change::Revoke { id: account(1).id, epoch, at };
    let told = async |since: Timestamp| -> Vec<(AccountId, u64)> {
        store.security(since, NOW, 10).await.expect("security").accounts
    };
    commit(&store, [revoke(2, later(10))]).await;
    commit(&store, [revoke(1, later(20))]).await;
    assert_eq!(told(NOW).await, [(account(1).id, 2)], "an epoch never goes back");
    assert_eq!(told(later(19)).await, [(account(1).id, 2)]);
    assert_eq!(told(later(20)).await, []);
    commit(&store, [open(1, 1, 1), Change::EndSessions { account_id: account(1).id, except: None, at: later(5) }])
        .await;
    assert!(store.sweep(later(21)).await.expect("swept").rows >= 2);
    let security = store.security(NOW, NOW, 10).await.expect("security");
    assert!(security.accounts.is_empty() && security.sessions.is_empty());
    assert!(store.token(&[1; 32]).await.expect("token").is_none());
    fixture.close(store).await;
}

pub async fn a_link_is_good_once<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let link = |digest: u8, expires_at: Timestamp| OneTime {
        digest: [digest; 32],
        purpose: Purpose::ResetPassword,
        account_id: account(1).id,
        email: "ada1@example.com".to_owned(),
        expires_at,
    };
    for digest in 1..=4 {
        commit(&store, [Change::Issue(link(digest, later(i64::from(digest) * 100)))]).await;
    }
    assert_eq!(store.one_time(&[1; 32]).await.expect("link"), Some(link(1, later(100))));
    let spend = |digest: u8| Change::Spend { digest: [digest; 32] };
    let tries = join_all((0..8).map(|_| store.commit(vec![spend(1)]))).await;
    assert_eq!(tries.into_iter().filter(|outcome| matches!(outcome, Ok(Ok(())))).count(), 1);
    assert_eq!(store.one_time(&[1; 32]).await.expect("link"), None);
    refused(&store, [spend(9)], Refused::Spent).await;
    store.sweep(later(250)).await.expect("swept");
    assert_eq!(store.one_time(&[2; 32]).await.expect("link"), None);
    assert!(store.one_time(&[3; 32]).await.expect("link").is_some());
    commit(&store, [Change::SpendAll { account_id: account(1).id }]).await;
    assert_eq!(store.one_time(&[4; 32]).await.expect("link"), None);
    fixture.close(store).await;
}
