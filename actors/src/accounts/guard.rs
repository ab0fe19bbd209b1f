//! What was revoked, in memory: every request is checked against it, and no request waits for a store. Read again from
//! the store every second, so that it holds for what another node revoked; what this node revokes counts at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;
use souk_persistence::accounts::records::Digest;
use souk_persistence::accounts::{ApiKeyRecord, Security, SigningKeyRecord};
use tokio::task::JoinHandle;

use super::secrets::digest;
use super::service::Accounts;

const READ_EVERY: Duration = Duration::from_secs(1);
/// Longer than an access token lives, and than clocks differ.
const REMEMBERED: Duration = Duration::from_secs(20 * 60);
/// Of ended sessions and of accounts. Where there are more, every token from before that moment is refused, and
/// whoever has a session gets a new one.
const MOST: usize = 100_000;

#[derive(Default)]
pub struct Guard {
    state: ArcSwap<State>,
}

#[derive(Default)]
struct State {
    sessions: BTreeSet<SessionId>,
    accounts: BTreeMap<AccountId, u64>,
    api_keys: BTreeMap<Digest, ApiKeyRecord>,
    signing_keys: Arc<Vec<SigningKeyRecord>>,
    /// Tokens issued before are refused.
    none_before: Option<Timestamp>,
}

/// What an access token says of where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub account: AccountId,
    pub session: SessionId,
    /// The account's when the token was issued.
    pub epoch: u64,
    pub issued_at: Timestamp,
}

impl Guard {
    /// Whether a token of this origin still counts.
    pub fn allows(&self, origin: &Origin) -> bool {
        let state = self.state.load();
        let Origin { account, session, epoch, issued_at } = origin;
        !state.sessions.contains(session)
            && state.accounts.get(account).is_none_or(|least| epoch >= least)
            && state.none_before.is_none_or(|before| *issued_at >= before)
    }

    /// The record of a program's key, if there was one at the last reading that had not ended.
    pub fn api_key(&self, text: &str) -> Option<ApiKeyRecord> {
        self.state.load().api_keys.get(&digest(text)).cloned()
    }

    /// The keys that sign and verify tokens, newest first; empty before they were first read. The same `Arc` until
    /// they change.
    pub fn signing_keys(&self) -> Arc<Vec<SigningKeyRecord>> {
        Arc::clone(&self.state.load().signing_keys)
    }

    fn take(&self, security: Security, now: Timestamp) {
        let Security { sessions, accounts, api_keys, signing_keys } = security;
        let before = self.state.load_full();
        let too_many = sessions.len() >= MOST || accounts.len() >= MOST;
        let signing_keys = if *before.signing_keys == signing_keys {
            Arc::clone(&before.signing_keys)
        } else {
            Arc::new(signing_keys)
        };
        self.state.store(Arc::new(State {
            sessions: sessions.into_iter().collect(),
            accounts: accounts.into_iter().collect(),
            api_keys: api_keys.into_iter().map(|key| (key.digest, key)).collect(),
            signing_keys,
            none_before: if too_many { Some(now) } else { before.none_before },
        }));
    }
}

impl Accounts {
    /// Reads what was revoked. A store that cannot be asked leaves what was known.
    pub async fn read_security(&self) {
        let now = self.clock.now();
        match self.store.security(now.minus(REMEMBERED), now, MOST).await {
            Ok(security) => self.guard.take(security, now),
            Err(error) => tracing::warn!(%error, "what was revoked could not be read"),
        }
    }

    /// Reads it again and again, and clears away what is over.
    pub fn watch_security(&self) -> JoinHandle<()> {
        let accounts = self.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(READ_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            for tick in 0_u64.. {
                ticks.tick().await;
                accounts.read_security().await;
                if tick.is_multiple_of(600) {
                    accounts.clear_away().await;
                }
            }
        })
    }

    async fn clear_away(&self) {
        let before = self.clock.now().minus(Duration::from_hours(24));
        match self.store.sweep(before).await {
            Ok(work) if work.rows > 0 => tracing::debug!(rows = work.rows, "sessions and links that are over are gone"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "sessions that are over could not be cleared away"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn origin(account: u128, session: u128, epoch: u64, issued_at: i64) -> Origin {
        Origin {
            account: AccountId::from_uuid(Uuid::from_u128(account)),
            session: SessionId::from_uuid(Uuid::from_u128(session)),
            epoch,
            issued_at: Timestamp::from_millis(issued_at),
        }
    }

    #[test]
    fn what_was_revoked_is_not_allowed() {
        let guard = Guard::default();
        assert!(guard.allows(&origin(1, 1, 0, 0)));
        let gone = origin(1, 1, 3, 0);
        guard.take(
            Security { sessions: vec![gone.session], accounts: vec![(gone.account, 3)], ..Security::default() },
            Timestamp::from_millis(10),
        );
        assert!(!guard.allows(&gone), "its session has ended");
        assert!(guard.allows(&origin(1, 2, 3, 0)));
        assert!(!guard.allows(&origin(1, 2, 2, 0)), "an earlier epoch");
        assert!(guard.allows(&origin(2, 2, 0, 0)));
    }

    #[test]
    fn more_than_can_be_remembered_refuses_everything_from_before() {
        let guard = Guard::default();
        let sessions = (0..MOST as u128).map(|n| SessionId::from_uuid(Uuid::from_u128(n))).collect();
        guard.take(Security { sessions, ..Security::default() }, Timestamp::from_millis(1_000));
        assert!(!guard.allows(&origin(7, u128::MAX, 9, 999)));
        assert!(guard.allows(&origin(7, u128::MAX, 9, 1_000)));
        guard.take(Security::default(), Timestamp::from_millis(2_000));
        assert!(!guard.allows(&origin(7, u128::MAX, 9, 999)), "and keeps doing so");
    }
}
