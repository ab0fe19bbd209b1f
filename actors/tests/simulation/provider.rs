//! A payment provider with books of its own. Calls may fail before or after they had their effect; news may be
//! lost, come twice, or late; a card may be declined, ask for a challenge, or be captured long after it was taken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use souk_actors::runtime::world::Clock;
use souk_domain::money::Money;
use souk_domain::time::Timestamp;
use souk_integrations::payments::port::{
    CreateIntent, Intent, IntentRef, IntentStatus, Method, PaymentProvider, ProviderError, Refund, WebhookFault,
    WebhookHint,
};
use tokio::sync::broadcast;

use crate::world::{World, lock};

/// The longest that an ordinary call takes, in milliseconds.
const CALL_MILLIS: u64 = 60;
/// The longest that a late card takes until it is captured or declined.
pub const LATEST: Duration = Duration::from_secs(45);
const LOOK_EVERY: Duration = Duration::from_millis(700);

pub struct Provider {
    world: Arc<World>,
    ledger: Mutex<Ledger>,
    news: broadcast::Sender<IntentRef>,
}

#[derive(Default)]
struct Ledger {
    intents: BTreeMap<IntentRef, Intent>,
    /// What each idempotency key was used for, and the intent it was used on.
    keys: BTreeMap<String, (String, IntentRef)>,
    late: Vec<(Timestamp, IntentRef)>,
}

impl Provider {
    pub fn new(world: &Arc<World>) -> Arc<Self> {
        let (news, _) = broadcast::channel(256);
        Arc::new(Self { world: Arc::clone(world), ledger: Mutex::default(), news })
    }

    pub fn books(&self) -> Vec<Intent> {
        lock(&self.ledger).intents.values().cloned().collect()
    }

    /// Intents that changed without a call, as webhooks would tell.
    pub fn news(&self) -> broadcast::Receiver<IntentRef> {
        self.news.subscribe()
    }

    /// Runs while the house does: what was late becomes due, and its news go out.
    pub async fn work(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.settle_late();
        }
    }

    /// The buyer passes or fails the challenge of an intent.
    pub fn resolve_challenge(&self, reference: &IntentRef, passed: bool) {
        if let Some(intent) = lock(&self.ledger).intents.get_mut(reference)
            && intent.status == IntentStatus::RequiresAction
        {
            if passed { capture(intent) } else { intent.status = declined() }
        }
        self.world.note(format_args!("provider: challenge of {reference} passed: {passed}"));
        self.tell(reference);
    }

    fn settle_late(&self) {
        let now = self.world.now();
        let mut settled = Vec::new();
        {
            let mut ledger = lock(&self.ledger);
            let (due, later) = std::mem::take(&mut ledger.late).into_iter().partition(|(at, _)| *at <= now);
            ledger.late = later;
            let due: Vec<(Timestamp, IntentRef)> = due;
            for (_, reference) in due {
                if let Some(intent) = ledger.intents.get_mut(&reference) {
                    if self.world.happens(800) {
                        capture(intent)
                    } else {
                        intent.status = declined()
                    }
                    settled.push((reference, intent.captured));
                }
            }
        }
        for (reference, captured) in settled {
            self.world.note(format_args!("provider: late {reference} settled with {captured}"));
            self.tell(&reference);
        }
    }

    /// News may be lost, doubled, or overtaken by others.
    fn tell(&self, reference: &IntentRef) {
        for _ in 0..self.world.one_of(&[0, 1, 1, 1, 2]) {
            let (news, changed, delay) = (self.news.clone(), reference.clone(), self.world.below(3_000));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                let _ = news.send(changed);
            });
        }
    }

    /// A call that may fail on the way there, and on the way back.
    async fn call<T>(
        &self,
        what: &str,
        act: impl FnOnce(&mut Ledger) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let fails = self.world.weather().map_or(0, |weather| weather.provider_fails);
        self.world.pause(CALL_MILLIS).await;
        if self.world.happens(fails) {
            self.world.note(format_args!("provider: {what} never arrives"));
            let known = self.world.happens(500);
            let error = if known { ProviderError::NotDone } else { ProviderError::Unknown };
            return Err(error("simulated".into()));
        }
        let outcome = act(&mut lock(&self.ledger));
        let word = if outcome.is_ok() { "done" } else { "refused" };
        self.world.note(format_args!("provider: {what} {word}"));
        self.world.pause(CALL_MILLIS).await;
        if self.world.happens(fails) {
            self.world.note(format_args!("provider: the answer to {what} is lost"));
            return Err(ProviderError::Unknown("simulated".into()));
        }
        outcome
    }
}

#[async_trait]
impl PaymentProvider for Provider {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError> {
        self.call(&format!("create {}", request.key), |ledger| ledger.create(&request)).await
    }

    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError> {
        let Method::SandboxCard { token } = method else { return Err(refused("method_unknown")) };
        let late_at = self
            .world
            .now()
            .plus(Duration::from_millis(500 + self.world.below(u64::try_from(LATEST.as_millis()).unwrap_or(u64::MAX))));
        self.call(&format!("confirm {key} with {token}"), |ledger| ledger.confirm(intent, key, token, late_at)).await
    }

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        self.call(&format!("retrieve {intent}"), |ledger| ledger.show(intent)).await
    }

    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.call(&format!("cancel {key}"), |ledger| ledger.cancel(intent, key)).await
    }

    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        self.call(&format!("refund {key} {amount}"), |ledger| ledger.refund(intent, key, amount)).await
    }

    fn signature_header(&self) -> &'static str {
        "simulated-signature"
    }

    /// News come without the edge here.
    fn read_webhook(&self, _signature: &str, _body: &[u8], _now: Timestamp) -> Result<WebhookHint, WebhookFault> {
        Err(WebhookFault::Forged)
    }
}

impl Ledger {
    fn create(&mut self, request: &CreateIntent) -> Result<Intent, ProviderError> {
        let CreateIntent { key, amount, merchant_reference } = request;
        if let Some(known) = self.used(key, &format!("create {amount}"))? {
            return self.show(&known);
        }
        let reference = IntentRef(format!("sim_{:06}", self.intents.len() + 1));
        let intent = Intent {
            reference: reference.clone(),
            merchant_reference: merchant_reference.clone(),
            status: IntentStatus::RequiresMethod,
            amount: *amount,
            captured: 0,
            refunded: 0,
            client: serde_json::json!({}),
            action_url: None,
        };
        self.intents.insert(reference.clone(), intent);
        self.keys.insert(key.clone(), (format!("create {amount}"), reference.clone()));
        self.show(&reference)
    }

    fn confirm(
        &mut self,
        reference: &IntentRef,
        key: &str,
        token: &str,
        late_at: Timestamp,
    ) -> Result<Intent, ProviderError> {
        let known = self.used(key, &format!("confirm {token}"))?;
        let intent = self.intents.get_mut(reference).ok_or_else(unknown)?;
        match intent.status {
            _ if known.is_some() => return Ok(intent.clone()),
            IntentStatus::Captured | IntentStatus::Processing { .. } => return Ok(intent.clone()),
            IntentStatus::Cancelled => return Err(refused("intent_cancelled")),
            IntentStatus::RequiresMethod | IntentStatus::Declined { .. } | IntentStatus::RequiresAction => {}
        }
        match token {
            "tok_ok" => capture(intent),
            "tok_challenge" => {
                intent.status = IntentStatus::RequiresAction;
                intent.action_url = Some(format!("/challenges/{reference}"));
            }
            "tok_late" => {
                intent.status = IntentStatus::Processing { ready_at: Some(late_at) };
                self.late.push((late_at, reference.clone()));
            }
            _ => intent.status = declined(),
        }
        self.keys.insert(key.to_owned(), (format!("confirm {token}"), reference.clone()));
        self.show(reference)
    }

    fn cancel(&mut self, reference: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.used(key, "cancel")?;
        let intent = self.intents.get_mut(reference).ok_or_else(unknown)?;
        match intent.status {
            IntentStatus::Captured | IntentStatus::Cancelled | IntentStatus::Processing { .. } => {}
            IntentStatus::RequiresMethod | IntentStatus::Declined { .. } | IntentStatus::RequiresAction => {
                intent.status = IntentStatus::Cancelled;
                self.keys.insert(key.to_owned(), ("cancel".into(), reference.clone()));
            }
        }
        self.show(reference)
    }

    fn refund(&mut self, reference: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        let known = self.used(key, &format!("refund {amount}"))?;
        let intent = self.intents.get_mut(reference).ok_or_else(unknown)?;
        if known.is_none() {
            if amount.amount <= 0 || amount.amount > intent.captured - intent.refunded {
                return Err(refused("refund_exceeds_capture"));
            }
            intent.refunded += amount.amount;
            self.keys.insert(key.to_owned(), (format!("refund {amount}"), reference.clone()));
        }
        Ok(Refund { reference: format!("refund of {key}"), amount, intent: self.show(reference)? })
    }

    fn used(&self, key: &str, request: &str) -> Result<Option<IntentRef>, ProviderError> {
        match self.keys.get(key) {
            None => Ok(None),
            Some((known, intent)) if known == request => Ok(Some(intent.clone())),
            Some(_) => Err(refused("idempotency_key_reused")),
        }
    }

    fn show(&self, reference: &IntentRef) -> Result<Intent, ProviderError> {
        self.intents.get(reference).cloned().ok_or_else(unknown)
    }
}

fn capture(intent: &mut Intent) {
    intent.status = IntentStatus::Captured;
    intent.captured = intent.amount.amount;
}

fn declined() -> IntentStatus {
    IntentStatus::Declined { reason: "declined".into() }
}

fn refused(code: &'static str) -> ProviderError {
    ProviderError::Refused { code, reason: "simulated".into() }
}

fn unknown() -> ProviderError {
    refused("intent_unknown")
}
