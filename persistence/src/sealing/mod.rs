//! Personal values are kept sealed with a key of the person they belong to. Without the key nobody can
//! read them any more: erasing a person is deleting their keys, and their journals still replay.
//!
//! What goes in is `{"$personal": value, "$of": "guest_..."}`, anywhere in an event or a snapshot; what
//! is kept is `{"$sealed": "...", "$key": "..."}`; what comes out of an erased one is `"$erased"`. A
//! value that does not say whose it is stays as it is.
//!
//! * `key`: a person's key, and how it seals (AES-256-GCM, bound to the entity)
//! * `keyring`: the keys that are in use
//! * `source`: where keys are read that are not at hand
//! * `walk`: finding the values in JSON

mod key;
mod keyring;
mod source;
mod walk;

pub(crate) use key::PersonKey;
pub(crate) use keyring::{Keyring, Sealed};
pub(crate) use source::KeySource;
