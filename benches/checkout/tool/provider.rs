//! The payment provider that the shop asks, and where it runs.

use std::fmt;

use super::process::Process;

pub enum Provider {
    /// Part of the server's process: the thread of its file is counted apart, the rest is the server's.
    Inside,
}

impl Provider {
    /// Starts it where it is a process of its own.
    pub fn start() -> Self {
        Self::Inside
    }

    /// Its own process.
    pub fn process(&self) -> Option<&Process> {
        match self {
            Self::Inside => None,
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside => f.write_str("the sandbox, inside the server's process"),
        }
    }
}
