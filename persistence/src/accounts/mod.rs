//! Accounts are plain records, not entities: what is kept of them, and the port of their store.
//!
//! * [`records`]: what is kept
//! * [`change`]: what is written, many changes as one
//! * [`store`]: the port

pub mod change;
pub mod records;
pub mod store;

pub use change::{Change, Refused};
pub use records::{
    AccountRecord, AddressRecord, ApiKeyRecord, GuestRecord, Note, NoteKind, OneTime, Purpose, SecondFactor, Secret,
    SessionRecord, SigningKeyRecord, TokenRecord,
};
pub use store::{AccountStore, AuditHead, Security, Work};
