//! What was looked at and what is wrong.

use std::fmt;

use souk_persistence::journal::EntityId;

/// Violations that are kept; more are only counted. Many, because a busy shop has many suspects at the first look.
const MOST: usize = 100_000;

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub entity: EntityId,
    /// The rule, in words.
    pub rule: &'static str,
    /// The numbers.
    pub detail: String,
}

impl Violation {
    /// Which rule is broken by whom.
    pub fn what(&self) -> (&EntityId, &str) {
        (&self.entity, self.rule)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.entity, self.rule, self.detail)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Report {
    pub entities: u64,
    pub events: u64,
    pub violations: Vec<Violation>,
    pub more_violations: u64,
}

impl Report {
    /// Whether all rules hold, for all that was looked at.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.more_violations == 0
    }

    pub fn violated(&mut self, entity: &EntityId, rule: &'static str, detail: impl fmt::Display) {
        if self.violations.len() < MOST {
            self.violations.push(Violation { entity: entity.clone(), rule, detail: detail.to_string() });
        } else {
            self.more_violations += 1;
        }
    }

    /// Notes a rule that says itself what is wrong.
    pub fn rule(&mut self, entity: &EntityId, rule: &'static str, outcome: Result<(), String>) {
        if let Err(detail) = outcome {
            self.violated(entity, rule, detail);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let broken = self.violations.len() as u64 + self.more_violations;
        let verdict = if broken == 0 { "all rules hold".to_owned() } else { format!("{broken} violations") };
        write!(f, "checked {} entities, {} events: {verdict}", self.entities, self.events)
    }
}
