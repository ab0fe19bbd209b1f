//! Telling the other nodes that a person was erased, so that they forget the keys that they remember, and what is alive
//! with them of the person's data. A notice that is lost costs a minute: then a node forgets by itself.

use std::sync::Arc;

use souk_persistence::bus::{Bus, Notice};

/// The channel.
pub(super) const ERASED: &str = "erased";

/// `ids` are persons, and entities that know them.
pub fn tell_erased<'a>(bus: &dyn Bus, ids: impl IntoIterator<Item = &'a str>) {
    let channel: Arc<str> = ERASED.into();
    let notice =
        |id: &str| Notice { channel: Arc::clone(&channel), about: id.into(), seq: None, payload: bytes::Bytes::new() };
    bus.publish(ids.into_iter().map(notice).collect());
}
