//! What one client saw, added up over all.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// The calls of a checkout, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    CreateCart,
    FirstLine,
    SecondLine,
    Contact,
    Shipping,
    Place,
    Pay,
    Read,
}

impl Call {
    pub const ALL: [Self; 8] = [
        Self::CreateCart,
        Self::FirstLine,
        Self::SecondLine,
        Self::Contact,
        Self::Shipping,
        Self::Place,
        Self::Pay,
        Self::Read,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::CreateCart => "create cart",
            Self::FirstLine => "first line",
            Self::SecondLine => "second line",
            Self::Contact => "email and address",
            Self::Shipping => "shipping option",
            Self::Place => "place the order",
            Self::Pay => "pay",
            Self::Read => "read the order",
        }
    }

    pub fn expected(self) -> u16 {
        match self {
            Self::CreateCart | Self::Place => 201,
            Self::FirstLine | Self::SecondLine | Self::Contact | Self::Shipping | Self::Pay | Self::Read => 200,
        }
    }
}

/// Why a checkout did not come to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// 503: too much at once, said in an orderly way.
    Unavailable,
    /// Any other answer than the expected one, or none.
    Wrong(String),
}

#[derive(Debug, Default)]
pub struct Tally {
    /// Of the complete checkouts, in microseconds.
    pub checkouts: Vec<u32>,
    /// Of each call that was answered, in microseconds.
    pub calls: [Vec<u32>; Call::ALL.len()],
    pub requests: u64,
    pub faults: Faults,
}

#[derive(Debug, Default, Clone)]
pub struct Faults {
    pub unavailable: u64,
    /// How often what happened.
    pub wrong: BTreeMap<String, u64>,
}

impl Tally {
    pub fn answered(&mut self, call: Call, took: Duration) {
        self.requests += 1;
        self.calls[call as usize].push(micros(took));
    }

    pub fn ended(&mut self, outcome: Result<(), Fault>, took: Duration) {
        match outcome {
            Ok(()) => self.checkouts.push(micros(took)),
            Err(Fault::Unavailable) => self.faults.unavailable += 1,
            Err(Fault::Wrong(what)) => *self.faults.wrong.entry(what).or_default() += 1,
        }
    }

    pub fn add(&mut self, other: Self) {
        let Self { checkouts, calls, requests, faults } = other;
        self.checkouts.extend(checkouts);
        for (ours, theirs) in self.calls.iter_mut().zip(calls) {
            ours.extend(theirs);
        }
        self.requests += requests;
        self.faults.add(&faults);
    }
}

impl Faults {
    pub fn add(&mut self, other: &Self) {
        self.unavailable += other.unavailable;
        for (what, times) in &other.wrong {
            *self.wrong.entry(what.clone()).or_default() += times;
        }
    }

    pub fn wrong(&self) -> u64 {
        self.wrong.values().sum()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unavailable > 0 {
            writeln!(f, "{:>8} times 503", self.unavailable)?;
        }
        self.wrong.iter().try_for_each(|(what, times)| writeln!(f, "{times:>8} times {what}"))
    }
}

fn micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}
