//! Why a call was not answered. All of these may be tried again; a refusal by a rule may not.

/// The entity could not be asked, or the answer did not come. Whether the command had its effect is
/// not known for `Crashed` and `TimedOut`: repeat it only with the same key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    #[error("too many calls are waiting")]
    Busy,
    #[error("the entity crashed and is being restarted")]
    Crashed,
    #[error("no answer in time")]
    TimedOut,
    #[error("the process is stopping")]
    Stopping,
    #[error("the store is not available")]
    Store,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError<R> {
    /// An answer by the rules of the domain.
    Refused(R),
    Unavailable(Unavailable),
}

impl<R> From<Unavailable> for CallError<R> {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}
