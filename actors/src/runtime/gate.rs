//! Admission. A mailbox has no bound of its own, so every way in holds a place at the entity's gate,
//! and the gate has only so many.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Set once the entity is going to sleep: whoever comes then has to activate it anew.
const CLOSED: u32 = 1 << 31;

#[derive(Debug, Default)]
pub struct Gate(AtomicU32);

#[derive(Debug, PartialEq, Eq)]
pub enum Denied {
    Full,
    Closed,
}

impl Gate {
    /// Lets one more in, if there are fewer than `most`.
    ///
    /// # Errors
    /// Full, or closed for good.
    pub fn enter(self: &Arc<Self>, most: u32) -> Result<Pass, Denied> {
        let admit = |places: u32| (places < most).then_some(places + 1);
        match self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, admit) {
            Ok(_) => Ok(Pass(Arc::clone(self))),
            Err(places) if places & CLOSED != 0 => Err(Denied::Closed),
            Err(_) => Err(Denied::Full),
        }
    }

    /// Closes the gate if nobody is inside. Nobody gets in afterwards.
    pub fn close_if_empty(&self) -> bool {
        self.0.compare_exchange(0, CLOSED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    pub fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::AcqRel);
    }

    pub fn is_closed(&self) -> bool {
        self.0.load(Ordering::Acquire) & CLOSED != 0
    }

    /// How many are inside: waiting in the mailbox or for a flush.
    pub fn inside(&self) -> u32 {
        self.0.load(Ordering::Relaxed) & !CLOSED
    }
}

/// A place inside, given back when dropped.
#[derive(Debug)]
pub struct Pass(Arc<Gate>);

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_up_to_its_bound_and_nobody_once_closed() {
        let gate = Arc::new(Gate::default());
        let (first, _second) = (gate.enter(2).unwrap(), gate.enter(2).unwrap());
        assert_eq!(gate.enter(2).unwrap_err(), Denied::Full);
        assert!(!gate.close_if_empty(), "two are inside");
        drop(first);
        assert_eq!(gate.inside(), 1);
        gate.close();
        assert_eq!(gate.enter(2).unwrap_err(), Denied::Closed);
        assert_eq!(gate.inside(), 1);
    }
}
