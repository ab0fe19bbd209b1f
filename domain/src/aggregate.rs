//! The one shape that every live thing has.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

use crate::time::Timestamp;

/// The number of an event in its entity's journal: 1, 2, 3... without gaps. 0 stands before the first.
pub type Seq = u64;

/// A live thing that decides by pure rules. Its default value is the thing that does not exist yet.
pub trait Aggregate: Default + Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Raise it whenever the serialised form of the state changes: older snapshots are then dropped and rebuilt.
    const SNAPSHOT_VERSION: u32;

    type Command: Debug + Send + Sync + 'static;
    /// Serialised with a tag that names its form (`held.v1`). A form that was ever written stays readable.
    type Event: Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Why a command was not taken: an answer, not a fault.
    type Refusal: Debug + Clone + PartialEq + Send + Sync + 'static;
    /// What the sender of an accepted command is told.
    type Answer: Debug + Clone + Send + Sync + 'static;

    /// Decides what happens. `now` is never before the time of the newest event. No events and no
    /// refusal means that the command had its effect before: it is answered the same way again.
    fn decide(&self, command: &Self::Command, now: Timestamp) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Applies one event. Total: it never fails, whatever the state.
    fn evolve(&mut self, event: &Self::Event);

    /// The answer to a command that was accepted, read from the state right after its events.
    fn answer(&self, command: &Self::Command) -> Self::Answer;

    /// When the entity wants to be woken although nobody calls it; kept in the store with each commit.
    fn due_at(&self) -> Option<Timestamp> {
        None
    }
}

/// Decides and applies: what tests and replays need.
///
/// # Errors
/// The refusal of `decide`; the state is then unchanged.
pub fn handle<A: Aggregate>(state: &mut A, command: &A::Command, now: Timestamp) -> Result<Vec<A::Event>, A::Refusal> {
    let events = state.decide(command, now)?;
    for event in &events {
        state.evolve(event);
    }
    Ok(events)
}
