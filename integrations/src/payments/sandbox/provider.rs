//! The sandbox as a provider: each answer waits until what it tells is in the file.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use souk_domain::money::Money;
use souk_domain::time::Timestamp;
use sqlx::Connection;
use tokio::sync::{Notify, broadcast, mpsc, watch};

use super::super::port::{
    CreateIntent, Intent, IntentChanged, IntentRef, Method, PaymentProvider, ProviderError, Refund,
};
use super::change::Change;
use super::late;
use super::ledger::{Challenge, Ledger};
use super::store::{self, StoreError};
use super::webhook::Webhook;
use super::writer::{self, Write};

/// Tells the time. Waiting is done by tokio's timers.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The payment sandbox. Its tokens: `tok_ok` is captured, `tok_declined` declined, `tok_challenge` asks the buyer
/// to act, and `tok_late` is captured by itself after some time.
pub struct Sandbox {
    shared: Arc<Shared>,
    wake: Arc<Notify>,
}

pub(super) struct Shared {
    ledger: Mutex<Numbered>,
    writes: mpsc::Sender<Write>,
    committed: watch::Receiver<u64>,
    webhook: Arc<Webhook>,
    clock: Clock,
    late: Duration,
}

/// The ledger and the number of its latest step.
struct Numbered {
    ledger: Ledger,
    number: u64,
}

impl Sandbox {
    /// Opens `sandbox.db` in a folder, which is made if it isn't there, and goes on where it stopped. Needs a
    /// tokio runtime. `late` is how long `tok_late` takes.
    ///
    /// # Errors
    /// When the file can't be opened or read.
    pub async fn open(folder: &Path, late: Duration, clock: Clock) -> Result<Self, StoreError> {
        let mut connection = store::open(folder).await?;
        let ledger = store::load(&mut connection).await?;
        let (writes, queue) = mpsc::channel(writer::BATCH);
        let (progress, committed) = watch::channel(0);
        let webhook = Arc::new(Webhook::new());
        tokio::spawn(writer::run(connection, queue, progress, Arc::clone(&webhook)));
        let ledger = Mutex::new(Numbered { ledger, number: 0 });
        let shared = Arc::new(Shared { ledger, writes, committed, webhook, clock, late });
        let wake = Arc::new(Notify::new());
        tokio::spawn(late::run(Arc::downgrade(&shared), Arc::clone(&wake)));
        Ok(Self { shared, wake })
    }

    /// The books of a sandbox that need not be running, for offline checks.
    ///
    /// # Errors
    /// When there is no such file or it can't be read.
    pub async fn read_books(folder: &Path) -> Result<Vec<Intent>, StoreError> {
        let mut connection = store::open_to_read(folder).await?;
        let books = store::load(&mut connection).await?.books();
        connection.close().await?;
        Ok(books)
    }

    /// Every intent with its amounts, by reference.
    ///
    /// # Errors
    /// As every call, when the file can't be written.
    pub async fn books(&self) -> Result<Vec<Intent>, ProviderError> {
        self.shared.step(|ledger, _| Ok((ledger.books(), Change::default()))).await
    }

    /// What the buyer does at the `action_url`: passing captures, failing declines. An intent that waits for no
    /// challenge stays as it is, and its answer tells how it is.
    ///
    /// # Errors
    /// Refused with `intent_unknown`, or as every call.
    pub async fn resolve_challenge(&self, intent: &IntentRef, outcome: Challenge) -> Result<Intent, ProviderError> {
        self.shared.step(|ledger, now| ledger.resolve_challenge(intent, outcome, now)).await
    }

    /// Commits what is under way and closes the file. Calls after it answer that nothing was done.
    pub async fn close(&self) {
        let mut committed = self.shared.committed.clone();
        if self.shared.writes.send(Write::Close).await.is_ok() {
            while committed.changed().await.is_ok() {}
        }
        self.wake.notify_one();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The late captures find that the sandbox is gone.
        self.wake.notify_one();
    }
}

#[async_trait]
impl PaymentProvider for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError> {
        self.shared.step(|ledger, now| ledger.create(&request, now)).await
    }

    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError> {
        let late = self.shared.late;
        let answer = self.shared.step(|ledger, now| ledger.confirm(intent, key, method, late, now)).await;
        self.wake.notify_one();
        answer
    }

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        self.shared.step(|ledger, _| ledger.retrieve(intent)).await
    }

    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.shared.step(|ledger, now| ledger.cancel(intent, key, now)).await
    }

    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        self.shared.step(|ledger, now| ledger.refund(intent, key, amount, now)).await
    }

    fn subscribe(&self) -> broadcast::Receiver<IntentChanged> {
        self.shared.webhook.subscribe()
    }
}

impl Shared {
    pub async fn capture_late(&self) -> Result<(), ProviderError> {
        while self.step(|ledger, now| ledger.capture_late(now)).await? > 0 {}
        Ok(())
    }

    pub fn next_late(&self) -> Option<Duration> {
        self.lock().ledger.next_late((self.clock)())
    }

    /// Takes a step in the ledger and waits until it is written, and with it all that it was decided on: also an
    /// answer that changes nothing may tell of a change that isn't in the file yet.
    async fn step<T>(
        &self,
        decide: impl FnOnce(&mut Ledger, Timestamp) -> Result<(T, Change), ProviderError>,
    ) -> Result<T, ProviderError> {
        let closed = || ProviderError::NotDone("the sandbox is closed".to_owned());
        // Room in the queue comes first, so that no step is taken that can't be written.
        let room = self.writes.reserve().await.map_err(|_| closed())?;
        let (answer, number) = {
            let mut numbered = self.lock();
            let answer = decide(&mut numbered.ledger, (self.clock)()).map(|(answer, change)| {
                if !change.is_empty() {
                    numbered.number += 1;
                    // Sent under the lock: the file gets the steps in the ledger's order.
                    room.send(Write::Step { number: numbered.number, change });
                }
                answer
            });
            (answer, numbered.number)
        };
        let mut committed = self.committed.clone();
        match committed.wait_for(|committed| *committed >= number).await {
            Ok(_) => answer,
            Err(_) => Err(ProviderError::Unknown("the sandbox stopped while it wrote".to_owned())),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
