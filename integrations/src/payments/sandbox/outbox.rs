//! The webhooks that are yet to be taken, in memory as in the file: what was not accepted before a restart is sent
//! after it.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use souk_domain::time::Timestamp;

use super::super::port::IntentRef;
use super::change::WebhookRow;
use super::ledger::name;

/// Events that may wait; more are not announced, and whoever misses one asks.
const MAX_WAITING: usize = 10_000;
/// An event is given up after so many tries, which takes about half an hour.
const MAX_ATTEMPTS: i64 = 36;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How much later an overtaken event is sent.
pub(super) const OVERTAKEN_BY: Duration = Duration::from_millis(500);

/// How a change is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announcing {
    Once,
    Twice,
    /// What was before is told after what is now.
    OutOfOrder,
    Never,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Whether anybody is told at all.
    pub open: bool,
    waiting: HashMap<String, WebhookRow>,
    due: BTreeSet<(i64, String)>,
}

impl Outbox {
    pub fn restore(&mut self, row: WebhookRow) {
        if let Some(before) = self.waiting.insert(row.id.clone(), row.clone()) {
            self.due.remove(&(before.next_at, before.id));
        }
        self.due.insert((row.next_at, row.id));
    }

    /// The events of a change, to be written with it.
    pub fn announce(
        &mut self,
        intent: &IntentRef,
        kind: &str,
        announcing: Announcing,
        now: Timestamp,
    ) -> Vec<WebhookRow> {
        if !self.open || self.waiting.len() >= MAX_WAITING {
            return vec![];
        }
        let event = |kind: &str, twice, send_at: Timestamp| WebhookRow {
            id: name("evt", now),
            intent: intent.0.clone(),
            kind: kind.to_owned(),
            created_at: now.as_millis(),
            twice,
            attempts: 0,
            next_at: send_at.as_millis(),
        };
        let rows = match announcing {
            Announcing::Once => vec![event(kind, false, now)],
            Announcing::Twice => vec![event(kind, true, now)],
            Announcing::OutOfOrder => {
                vec![event(kind, false, now), event("processing", false, now.plus(OVERTAKEN_BY))]
            }
            Announcing::Never => vec![],
        };
        rows.iter().cloned().for_each(|row| self.restore(row));
        rows
    }

    /// Up to `limit` events whose time has come, the longest due first.
    pub fn due(&self, now: Timestamp, limit: usize) -> Vec<WebhookRow> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now.as_millis()).take(limit);
        due.filter_map(|(_, id)| self.waiting.get(id).cloned()).collect()
    }

    /// How long until the next event is to be sent.
    pub fn next(&self, now: Timestamp) -> Option<Duration> {
        self.due.first().map(|(at, _)| Timestamp::from_millis(*at).since(now))
    }

    /// It was taken. The row as it is now, if it is to be sent once more.
    pub fn sent(&mut self, id: &str, now: Timestamp) -> Option<WebhookRow> {
        let row = self.forget(id)?;
        row.twice.then(|| {
            let again = WebhookRow { twice: false, next_at: now.as_millis(), ..row };
            self.restore(again.clone());
            again
        })
    }

    /// It was not taken. The row as it is now; none when it is given up.
    pub fn failed(&mut self, id: &str, now: Timestamp) -> Option<WebhookRow> {
        let row = self.forget(id)?;
        let attempts = row.attempts + 1;
        (attempts < MAX_ATTEMPTS).then(|| {
            let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.clamp(1, 16));
            let next_at = now.plus(doubled.min(LONGEST_PAUSE)).as_millis();
            let later = WebhookRow { attempts, next_at, ..row };
            self.restore(later.clone());
            later
        })
    }

    fn forget(&mut self, id: &str) -> Option<WebhookRow> {
        let row = self.waiting.remove(id)?;
        self.due.remove(&(row.next_at, row.id.clone()));
        Some(row)
    }
}

impl Announcing {
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Twice => "twice",
            Self::OutOfOrder => "out_of_order",
            Self::Never => "never",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Once, Self::Twice, Self::OutOfOrder, Self::Never].into_iter().find(|known| known.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(announcing: Announcing) -> (Outbox, Vec<WebhookRow>) {
        let mut outbox = Outbox { open: true, ..Outbox::default() };
        let rows = outbox.announce(&IntentRef("sbx_1".into()), "captured", announcing, Timestamp::from_millis(0));
        (outbox, rows)
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_event_that_is_not_taken_comes_again_later_and_later_and_then_no_more() {
        let (mut outbox, rows) = outbox(Announcing::Once);
        let (mut now, mut pauses) = (at(0), Vec::new());
        while let Some(row) = outbox.due(now, 10).first().cloned() {
            assert_eq!(row.id, rows[0].id);
            let Some(later) = outbox.failed(&row.id, now) else { break };
            pauses.push(later.next_at - now.as_millis());
            assert!(outbox.due(at(later.next_at - 1), 10).is_empty(), "not before its time");
            now = at(later.next_at);
        }
        assert_eq!((pauses[0], pauses[1], pauses.len()), (500, 1_000, MAX_ATTEMPTS as usize - 1));
        assert_eq!((pauses.last(), outbox.next(now)), (Some(&60_000), None));
    }

    #[test]
    fn each_way_of_announcing() {
        let (mut twice, rows) = outbox(Announcing::Twice);
        assert!(twice.sent(&rows[0].id, at(1)).is_some(), "once more");
        assert!(twice.sent(&rows[0].id, at(1)).is_none() && twice.next(at(1)).is_none(), "and that is all");
        let (outbox_, rows) = outbox(Announcing::OutOfOrder);
        assert_eq!(outbox_.due(at(0), 10), [rows[0].clone()]);
        let kinds: Vec<_> = outbox_.due(at(1_000), 10).into_iter().map(|row| row.kind).collect();
        assert_eq!(kinds, ["captured", "processing"], "the older news is the later one");
        assert_eq!(outbox(Announcing::Never).1, []);
    }
}
