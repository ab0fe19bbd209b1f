//! The sandbox as a provider: each answer waits until what it tells is in the file.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use souk_domain::money::Money;
use souk_domain::time::Timestamp;
use sqlx::Connection;
use tokio::sync::{Notify, mpsc, watch};

use super::super::port::{
    Challenge, ChallengeDesk, CreateIntent, Intent, IntentRef, Method, PaymentProvider, ProviderError, Refund,
    WebhookFault, WebhookHint,
};
use super::change::{Change, WebhookRow};
use super::delivery::{self, WebhookTarget};
use super::late;
use super::ledger::{Ledger, Step};
use super::store::{self, StoreError};
use super::writer::{self, Write};

/// Tells the time. Waiting is done by tokio's timers.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The payment sandbox. Its tokens: `tok_ok` is captured, `tok_declined` declined, `tok_challenge` asks the buyer
/// to act, and `tok_late` is captured by itself after some time; `tokens` has those that misbehave.
pub struct Sandbox {
    pub(super) shared: Arc<Shared>,
    wake: Arc<Notify>,
    wake_delivery: Arc<Notify>,
}

pub(super) struct Shared {
    ledger: Mutex<Numbered>,
    writes: mpsc::Sender<Write>,
    committed: watch::Receiver<u64>,
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
    /// tokio runtime. `late` is how long `tok_late` takes. Nobody is told by webhook.
    ///
    /// # Errors
    /// When the file can't be opened or read.
    pub async fn open(folder: &Path, late: Duration, clock: Clock) -> Result<Self, StoreError> {
        Self::open_with(folder, late, clock, None).await
    }

    /// The same, and tells by webhook what changes without a call; what was not taken yet is sent again.
    ///
    /// # Errors
    /// As for [`Sandbox::open`].
    pub async fn open_with(
        folder: &Path,
        late: Duration,
        clock: Clock,
        target: Option<WebhookTarget>,
    ) -> Result<Self, StoreError> {
        let mut connection = store::open(folder).await?;
        let mut ledger = store::load(&mut connection).await?;
        ledger.outbox.open = target.is_some();
        let (writes, queue) = mpsc::channel(writer::BATCH);
        let (progress, committed) = watch::channel(0);
        tokio::spawn(writer::run(connection, queue, progress));
        let ledger = Mutex::new(Numbered { ledger, number: 0 });
        let shared = Arc::new(Shared { ledger, writes, committed, clock, late });
        let (wake, wake_delivery) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        tokio::spawn(late::run(Arc::downgrade(&shared), Arc::clone(&wake), Arc::clone(&wake_delivery)));
        if let Some(target) = target {
            tokio::spawn(delivery::run(Arc::downgrade(&shared), Arc::clone(&wake_delivery), target));
        }
        Ok(Self { shared, wake, wake_delivery })
    }

    /// The books of a sandbox that need not be running, for offline checks. A folder that never had one has empty
    /// books: payments that should be in them are then missed by whoever compares.
    ///
    /// # Errors
    /// When the file can't be read.
    pub async fn read_books(folder: &Path) -> Result<Vec<Intent>, StoreError> {
        if !store::is_there(folder) {
            return Ok(Vec::new());
        }
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

    /// A page of the books: up to `limit` intents that come after one.
    ///
    /// # Errors
    /// As every call, when the file can't be written.
    pub async fn books_after(&self, after: Option<&IntentRef>, limit: usize) -> Result<Vec<Intent>, ProviderError> {
        self.shared.step(|ledger, _| Ok((ledger.books_after(after, limit), Change::default()))).await
    }

    /// Commits what is under way and closes the file. Calls after it answer that nothing was done.
    pub async fn close(&self) {
        let mut committed = self.shared.committed.clone();
        if self.shared.writes.send(Write::Close).await.is_ok() {
            while committed.changed().await.is_ok() {}
        }
        self.wake.notify_one();
        self.wake_delivery.notify_one();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The late captures and the webhooks find that the sandbox is gone.
        self.wake.notify_one();
        self.wake_delivery.notify_one();
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

    fn signature_header(&self) -> &'static str {
        super::SIGNATURE_HEADER
    }

    /// Asked directly it sends none, so whatever comes is not its own.
    fn read_webhook(&self, _signature: &str, _body: &[u8], _now: Timestamp) -> Result<WebhookHint, WebhookFault> {
        Err(WebhookFault::Forged)
    }
}

#[async_trait]
impl ChallengeDesk for Sandbox {
    async fn resolve_challenge(&self, intent: &IntentRef, outcome: Challenge) -> Result<Intent, ProviderError> {
        let answer = self.shared.step(|ledger, now| ledger.resolve_challenge(intent, outcome, now)).await;
        self.wake_delivery.notify_one();
        answer
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

    pub async fn due_webhooks(&self, limit: usize) -> Result<Vec<WebhookRow>, ProviderError> {
        self.step(|ledger, now| Ok((ledger.outbox.due(now, limit), Change::default()))).await
    }

    pub fn next_webhook(&self) -> Option<Duration> {
        self.lock().ledger.outbox.next((self.clock)())
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub async fn webhook_sent(&self, id: &str) -> Result<(), ProviderError> {
        self.step(|ledger, now| settle(id, ledger.outbox.sent(id, now))).await
    }

    pub async fn webhook_failed(&self, id: &str) -> Result<(), ProviderError> {
        self.step(|ledger, now| settle(id, ledger.outbox.failed(id, now))).await
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

fn settle(id: &str, again: Option<WebhookRow>) -> Step<()> {
    let mut change = Change::default();
    match again {
        Some(row) => change.webhooks.push(row),
        None => change.settled_webhooks.push(id.to_owned()),
    }
    Ok(((), change))
}
