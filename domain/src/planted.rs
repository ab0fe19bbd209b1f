//! Bugs on purpose. A simulation that never fails proves nothing, so it has to find each of these.
//!
//! They sit where the rule that they break is kept. Without the feature `planted` [`is`] is a constant,
//! so that no build of the server has them.

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// An order that ends says that its stock went back, and it did not.
    ReleaseForgotten,
    /// Callers are answered before their commit is durable.
    AnswerBeforeCommit,
    /// A cart forgets its idempotency keys when it opens again.
    KeysForgotten,
    /// A refund that is asked for again carries another key.
    RefundKeyUnstable,
    /// A void whose outcome is unknown counts as done.
    UnknownVoidIsDone,
    /// A hold is granted without looking at the holds that are open.
    HoldIgnoresHolds,
    /// After a conflict the journal's number is taken over, but not its state.
    StaleAfterConflict,
    /// A step that failed is never tried again.
    FailedStepForgotten,
    /// A capture that is told twice counts twice.
    CaptureCountsTwice,
    /// A commit whose outcome is unknown counts as written.
    UnknownCommitIsDone,
    /// What was due when the process started is never woken.
    OverdueSkipped,
    /// An expired order gives its stock back and leaves its payment open.
    ExpiryWithoutVoid,
    /// Of the events of one commit only the first is published.
    EntriesUnpublished,
    /// The relay moves its mark before the deliveries are written.
    MarkBeforeDeliveries,
    /// A delivery counts as done although nobody took it.
    UntoldIsDelivered,
    /// A message that is sent again with the same client id is a new one.
    ClientIdIgnored,
}

impl Bug {
    pub const ALL: [Self; 16] = [
        Self::ReleaseForgotten,
        Self::AnswerBeforeCommit,
        Self::KeysForgotten,
        Self::RefundKeyUnstable,
        Self::UnknownVoidIsDone,
        Self::HoldIgnoresHolds,
        Self::StaleAfterConflict,
        Self::FailedStepForgotten,
        Self::CaptureCountsTwice,
        Self::UnknownCommitIsDone,
        Self::OverdueSkipped,
        Self::ExpiryWithoutVoid,
        Self::EntriesUnpublished,
        Self::MarkBeforeDeliveries,
        Self::UntoldIsDelivered,
        Self::ClientIdIgnored,
    ];
}

/// Whether this build can have bugs planted.
pub const POSSIBLE: bool = cfg!(feature = "planted");

#[cfg(feature = "planted")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Whether the bug is there, on this thread.
#[cfg(feature = "planted")]
pub fn is(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// Whether the bug is there: never in this build.
#[cfg(not(feature = "planted"))]
pub const fn is(_bug: Bug) -> bool {
    false
}

/// Plants a bug on this thread in place of the one before; none takes it away.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

/// Nothing can be planted in this build.
#[cfg(not(feature = "planted"))]
pub const fn plant(_bug: Option<Bug>) {}
