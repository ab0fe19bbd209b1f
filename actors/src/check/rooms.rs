//! Rule 5: messages have one order, each number once, and a client id is one message for a day.

use std::collections::BTreeMap;

use souk_domain::room::event::RoomEvent;
use souk_domain::room::state::{CLIENT_ID_LIFE, MAX_CLIENT_IDS, Room};
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use super::Checked;
use super::replay::replay;
use super::report::Report;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    let mut sent: BTreeMap<(String, String), Timestamp> = BTreeMap::new();
    let each = |seq, _at, event: &RoomEvent, report: &mut Report| {
        let RoomEvent::Message { message } = event else { return };
        if message.seq != seq {
            report.violated(id, "a message carries its number", format!("message {} is event {seq}", message.seq));
        }
        let key = (message.author.id.clone(), message.client_id.clone());
        let before = sent.insert(key, message.sent_at);
        // A room remembers so many; beyond that a doubled one is within its stated bound.
        let doubled = before.is_some_and(|at| message.sent_at.since(at) < CLIENT_ID_LIFE);
        if doubled && sent.len() < MAX_CLIENT_IDS {
            report.violated(id, "one client id, one message", format!("{:?} again as {seq}", message.client_id));
        }
    };
    replay::<Room>(&*checked.stores.chat, id, report, each).await?;
    Ok(())
}
