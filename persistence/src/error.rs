//! What can go wrong with a store. The difference that matters everywhere: a write that was
//! *certainly not done* may be tried again, one whose outcome is *unknown* may not.

use souk_domain::aggregate::Seq;

#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Another writer was there first, or the predecessor does not exist. Nothing was written.
    #[error("the journal stands at {head}, the commit names another predecessor")]
    Conflict { head: Seq },
    /// Nothing was written.
    #[error("not written: {0}")]
    NotDone(String),
    /// It may or may not have been written: reload and look for the commit's id.
    #[error("outcome unknown: {0}")]
    Unknown(String),
}

/// A read or a plain record could not be served now.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// What is stored does not fit its own rules: a gap in a journal, text that is no JSON.
    #[error("the store is damaged: {0}")]
    Damaged(String),
}
