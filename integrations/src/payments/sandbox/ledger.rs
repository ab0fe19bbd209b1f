//! The sandbox's rules, in memory. Each step changes the ledger and says what has to be written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::time::Duration;

use souk_domain::money::{MAX_AMOUNT, Money};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::super::port::{Challenge, CreateIntent, Intent, IntentRef, IntentStatus, Method, ProviderError, Refund};
use super::change::{CaptureRow, Change, IntentRow, KeyRow, RefundRow, WebhookRow};
use super::outbox::{Announcing, Outbox};
use super::tokens::Token;

/// How many late intents are captured in one step.
const LATE_BATCH: usize = 256;
const MAX_KEY: usize = 255;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    intents: BTreeMap<IntentRef, Account>,
    keys: HashMap<String, KeyRow>,
    late: BTreeSet<(Timestamp, IntentRef)>,
    pub outbox: Outbox,
}

/// An intent and what moved on it.
#[derive(Debug)]
struct Account {
    merchant_reference: String,
    amount: Money,
    status: IntentStatus,
    captured: i64,
    refunded: i64,
    announcing: Announcing,
}

#[derive(Clone, Copy)]
enum Operation {
    Create,
    Confirm,
    Cancel,
    Refund,
}

pub(super) type Step<T> = Result<(T, Change), ProviderError>;

impl Ledger {
    pub fn create(&mut self, request: &CreateIntent, now: Timestamp) -> Step<Intent> {
        let CreateIntent { key, amount, merchant_reference } = request;
        let asked = format!("{amount} {merchant_reference}");
        if let Some(known) = self.used(key, Operation::Create, None, &asked)? {
            return Ok((self.show(&IntentRef(known.intent))?, Change::default()));
        }
        if !(1..=MAX_AMOUNT).contains(&amount.amount) {
            return Err(refused("amount_invalid", format!("{amount} can't be paid")));
        }
        let reference = IntentRef(name("sbx", now));
        let account = Account {
            merchant_reference: merchant_reference.clone(),
            amount: *amount,
            status: IntentStatus::RequiresMethod,
            captured: 0,
            refunded: 0,
            announcing: Announcing::Once,
        };
        self.intents.insert(reference.clone(), account);
        let mut change = Change::default();
        self.remember(key, Operation::Create, &reference, asked, None, &mut change);
        self.write(&reference, now, &mut change);
        Ok((self.show(&reference)?, change))
    }

    pub fn confirm(
        &mut self,
        intent: &IntentRef,
        key: &str,
        method: &Method,
        late: Duration,
        now: Timestamp,
    ) -> Step<Intent> {
        let Method::SandboxCard { token } = method else {
            return Err(refused("method_unknown", "the sandbox takes its own cards only".to_owned()));
        };
        let mut change = Change::default();
        let known = self.used(key, Operation::Confirm, Some(intent), token)?;
        let status = &self.account(intent)?.status;
        match status {
            IntentStatus::Captured | IntentStatus::Processing { .. } => return Ok((self.show(intent)?, change)),
            _ if known.is_some() => return Ok((self.show(intent)?, change)),
            IntentStatus::Cancelled => return Err(refused("intent_cancelled", format!("{intent} was cancelled"))),
            IntentStatus::RequiresMethod | IntentStatus::Declined { .. } | IntentStatus::RequiresAction => {}
        }
        let token_kind = Token::read(token)
            .ok_or_else(|| refused("unknown_token", "the sandbox doesn't know this token".to_owned()))?;
        match token_kind {
            Token::Ok | Token::Slow | Token::Silent | Token::Fails => self.capture(intent, now, &mut change)?,
            Token::Declined => self.set(intent, declined("the card was declined"))?,
            Token::Challenge => self.set(intent, IntentStatus::RequiresAction)?,
            Token::Late(announcing) => {
                self.account_mut(intent)?.announcing = announcing;
                let ready_at = now.plus(late);
                self.late.insert((ready_at, intent.clone()));
                self.set(intent, IntentStatus::Processing { ready_at: Some(ready_at) })?;
            }
        }
        self.remember(key, Operation::Confirm, intent, token.clone(), None, &mut change);
        self.write(intent, now, &mut change);
        Ok((self.show(intent)?, change))
    }

    pub fn retrieve(&self, intent: &IntentRef) -> Step<Intent> {
        Ok((self.show(intent)?, Change::default()))
    }

    pub fn cancel(&mut self, intent: &IntentRef, key: &str, now: Timestamp) -> Step<Intent> {
        let mut change = Change::default();
        self.used(key, Operation::Cancel, Some(intent), "")?;
        match &self.account(intent)?.status {
            // What is processing is out of the merchant's hands, as with providers in the world outside.
            IntentStatus::Captured | IntentStatus::Cancelled | IntentStatus::Processing { .. } => {
                return Ok((self.show(intent)?, change));
            }
            IntentStatus::RequiresMethod | IntentStatus::Declined { .. } | IntentStatus::RequiresAction => {}
        }
        self.set(intent, IntentStatus::Cancelled)?;
        self.remember(key, Operation::Cancel, intent, String::new(), None, &mut change);
        self.write(intent, now, &mut change);
        Ok((self.show(intent)?, change))
    }

    pub fn refund(&mut self, intent: &IntentRef, key: &str, amount: Money, now: Timestamp) -> Step<Refund> {
        let mut change = Change::default();
        let asked = amount.to_string();
        if let Some(KeyRow { refund: Some(reference), .. }) = self.used(key, Operation::Refund, Some(intent), &asked)? {
            return Ok((Refund { reference, amount, intent: self.show(intent)? }, change));
        }
        let account = self.account_mut(intent)?;
        let left = Money::new(account.captured - account.refunded, account.amount.currency);
        if amount.currency != left.currency || amount.amount <= 0 {
            return Err(refused("amount_invalid", format!("{amount} can't be refunded of {left}")));
        }
        if amount.amount > left.amount {
            return Err(refused("refund_exceeds_capture", format!("{amount} is more than the {left} left")));
        }
        account.refunded += amount.amount;
        let reference = name("sbr", now);
        let (refunded_at, row) = (now.as_millis(), reference.clone());
        change.refunds.push(RefundRow { reference: row, intent: intent.0.clone(), amount: amount.amount, refunded_at });
        self.remember(key, Operation::Refund, intent, asked, Some(reference.clone()), &mut change);
        Ok((Refund { reference, amount, intent: self.show(intent)? }, change))
    }

    /// The buyer passes or fails the challenge. An intent that waits for none stays as it is.
    pub fn resolve_challenge(&mut self, intent: &IntentRef, outcome: Challenge, now: Timestamp) -> Step<Intent> {
        let mut change = Change::default();
        if self.account(intent)?.status == IntentStatus::RequiresAction {
            match outcome {
                Challenge::Pass => self.capture(intent, now, &mut change)?,
                Challenge::Fail => self.set(intent, declined("the challenge was failed"))?,
            }
            self.write(intent, now, &mut change);
            self.announce(intent, now, &mut change)?;
        }
        Ok((self.show(intent)?, change))
    }

    /// Captures the late intents whose time has come; how many there were.
    pub fn capture_late(&mut self, now: Timestamp) -> Step<usize> {
        let mut change = Change::default();
        let mut count = 0;
        while count < LATE_BATCH && self.late.first().is_some_and(|(ready_at, _)| *ready_at <= now) {
            let Some((_, intent)) = self.late.pop_first() else { break };
            self.capture(&intent, now, &mut change)?;
            self.write(&intent, now, &mut change);
            self.announce(&intent, now, &mut change)?;
            count += 1;
        }
        Ok((count, change))
    }

    /// How long until the next late intent is ready.
    pub fn next_late(&self, now: Timestamp) -> Option<Duration> {
        self.late.first().map(|(ready_at, _)| ready_at.since(now))
    }

    /// Every intent, by its reference.
    pub fn books(&self) -> Vec<Intent> {
        self.intents.iter().map(|(reference, account)| account.show(reference)).collect()
    }

    /// A page of the books: up to `limit` intents that come after one.
    pub fn books_after(&self, after: Option<&IntentRef>, limit: usize) -> Vec<Intent> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self.intents.range((after, Bound::Unbounded));
        rest.take(limit).map(|(reference, account)| account.show(reference)).collect()
    }

    /// Puts back an intent that was read from the file.
    pub fn restore(&mut self, intent: IntentRow, captured: i64, refunded: i64) -> Result<(), String> {
        let IntentRow {
            reference,
            merchant_reference,
            amount,
            currency,
            status,
            reason,
            ready_at,
            changed_at: _,
            announcing,
        } = intent;
        let reference = IntentRef(reference);
        let ready_at = ready_at.map(Timestamp::from_millis);
        let status = match (status.as_str(), ready_at) {
            ("requires_method", _) => IntentStatus::RequiresMethod,
            ("declined", _) => IntentStatus::Declined { reason: reason.unwrap_or_default() },
            ("requires_action", _) => IntentStatus::RequiresAction,
            ("processing", ready_at) => IntentStatus::Processing { ready_at },
            ("captured", _) => IntentStatus::Captured,
            ("cancelled", _) => IntentStatus::Cancelled,
            (other, _) => return Err(format!("{reference} has the unknown status {other:?}")),
        };
        if let IntentStatus::Processing { ready_at: Some(ready_at) } = status {
            self.late.insert((ready_at, reference.clone()));
        }
        let amount = Money::new(amount, currency.parse()?);
        let announcing =
            Announcing::named(&announcing).ok_or_else(|| format!("{reference} is announced {announcing:?}"))?;
        self.intents.insert(reference, Account { merchant_reference, amount, status, captured, refunded, announcing });
        Ok(())
    }

    pub fn restore_key(&mut self, key: KeyRow) {
        self.keys.insert(key.key.clone(), key);
    }

    pub fn restore_webhook(&mut self, webhook: WebhookRow) {
        self.outbox.restore(webhook);
    }

    /// What changed without a call of the merchant's is told by webhook.
    fn announce(&mut self, intent: &IntentRef, now: Timestamp, change: &mut Change) -> Result<(), ProviderError> {
        let account = self.account(intent)?;
        let (kind, announcing) = (status_name(&account.status), account.announcing);
        change.webhooks.extend(self.outbox.announce(intent, kind, announcing, now));
        Ok(())
    }

    /// What the key was used for before.
    fn used(
        &self,
        key: &str,
        operation: Operation,
        intent: Option<&IntentRef>,
        request: &str,
    ) -> Result<Option<KeyRow>, ProviderError> {
        if key.is_empty() || key.chars().count() > MAX_KEY {
            return Err(refused("idempotency_key_invalid", format!("a key has 1 to {MAX_KEY} characters")));
        }
        let Some(known) = self.keys.get(key) else { return Ok(None) };
        let same_intent = intent.is_none_or(|intent| intent.0 == known.intent);
        if known.operation == operation.name() && same_intent && known.request == request {
            Ok(Some(known.clone()))
        } else {
            Err(refused("idempotency_key_reused", "the key belongs to another request".to_owned()))
        }
    }

    fn remember(
        &mut self,
        key: &str,
        operation: Operation,
        intent: &IntentRef,
        request: String,
        refund: Option<String>,
        change: &mut Change,
    ) {
        let (operation, intent) = (operation.name().to_owned(), intent.0.clone());
        let row = KeyRow { key: key.to_owned(), operation, intent, request, refund };
        self.restore_key(row.clone());
        change.keys.push(row);
    }

    fn capture(&mut self, intent: &IntentRef, now: Timestamp, change: &mut Change) -> Result<(), ProviderError> {
        let account = self.account_mut(intent)?;
        account.status = IntentStatus::Captured;
        account.captured = account.amount.amount;
        let (amount, captured_at) = (account.captured, now.as_millis());
        change.captures.push(CaptureRow { intent: intent.0.clone(), amount, captured_at });
        Ok(())
    }

    fn set(&mut self, intent: &IntentRef, status: IntentStatus) -> Result<(), ProviderError> {
        self.account_mut(intent)?.status = status;
        Ok(())
    }

    fn write(&self, intent: &IntentRef, now: Timestamp, change: &mut Change) {
        if let Some(account) = self.intents.get(intent) {
            change.intents.push(account.row(intent, now));
        }
    }

    fn show(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        Ok(self.account(intent)?.show(intent))
    }

    fn account(&self, intent: &IntentRef) -> Result<&Account, ProviderError> {
        self.intents.get(intent).ok_or_else(|| unknown(intent))
    }

    fn account_mut(&mut self, intent: &IntentRef) -> Result<&mut Account, ProviderError> {
        self.intents.get_mut(intent).ok_or_else(|| unknown(intent))
    }
}

impl Account {
    fn show(&self, reference: &IntentRef) -> Intent {
        let Self { merchant_reference, amount, status, captured, refunded, announcing: _ } = self;
        let waits_for_buyer = *status == IntentStatus::RequiresAction;
        Intent {
            reference: reference.clone(),
            merchant_reference: merchant_reference.clone(),
            status: status.clone(),
            amount: *amount,
            captured: *captured,
            refunded: *refunded,
            client: serde_json::json!({ "intent": reference }),
            action_url: waits_for_buyer.then(|| format!("/sandbox/challenges/{reference}")),
        }
    }

    fn row(&self, reference: &IntentRef, now: Timestamp) -> IntentRow {
        let Self { merchant_reference, amount, status, captured: _, refunded: _, announcing } = self;
        let (reason, ready_at) = match status {
            IntentStatus::Declined { reason } => (Some(reason.clone()), None),
            IntentStatus::Processing { ready_at } => (None, *ready_at),
            IntentStatus::RequiresMethod
            | IntentStatus::RequiresAction
            | IntentStatus::Captured
            | IntentStatus::Cancelled => (None, None),
        };
        IntentRow {
            reference: reference.0.clone(),
            merchant_reference: merchant_reference.clone(),
            amount: amount.amount,
            currency: amount.currency.code().to_owned(),
            status: status_name(status).to_owned(),
            reason,
            ready_at: ready_at.map(Timestamp::as_millis),
            changed_at: now.as_millis(),
            announcing: announcing.name().to_owned(),
        }
    }
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
        }
    }
}

fn status_name(status: &IntentStatus) -> &'static str {
    match status {
        IntentStatus::RequiresMethod => "requires_method",
        IntentStatus::Declined { .. } => "declined",
        IntentStatus::RequiresAction => "requires_action",
        IntentStatus::Processing { .. } => "processing",
        IntentStatus::Captured => "captured",
        IntentStatus::Cancelled => "cancelled",
    }
}

/// A new name. Those of one time lie together in the file, and the rest of it can't be guessed, because whoever
/// knows an intent may pass its challenge.
pub(super) fn name(prefix: &str, now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    let nanos = u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000;
    let time = uuid::Timestamp::from_unix(uuid::NoContext, millis / 1_000, nanos);
    format!("{prefix}_{}", Uuid::new_v7(time).simple())
}

fn declined(reason: &str) -> IntentStatus {
    IntentStatus::Declined { reason: reason.to_owned() }
}

fn refused(code: &'static str, reason: String) -> ProviderError {
    ProviderError::Refused { code, reason }
}

fn unknown(intent: &IntentRef) -> ProviderError {
    refused("intent_unknown", format!("there is no intent {intent}"))
}
