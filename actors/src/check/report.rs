//! What was looked at and what is wrong.

use std::fmt;

use souk_persistence::journal::EntityId;

/// Violations that are kept; more are only counted.
const MOST: usize = 1_000;

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
    pub fn is_of(&self, entity: &EntityId, rule: &str) -> bool {
        self.entity == *entity && self.rule == rule
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
