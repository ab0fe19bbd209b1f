//! Notices as bytes: what goes over the wire in one message of a channel.
//!
//! One byte version, 16 bytes of the node that speaks, then for each notice its number (8 bytes, 0 for a signal), the
//! length of its name (2 bytes), its name, the length of its payload (4 bytes), its payload. Numbers are big endian. A
//! message without notices says that its node has dropped some.

use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use souk_domain::aggregate::Seq;
use uuid::Uuid;

use super::port::Notice;

const VERSION: u8 = 1;
const HEADER: usize = 17;
/// Of one notice beside its name and payload.
const OVERHEAD: usize = 14;
/// A message is full when it has this many bytes.
pub(super) const FULL: usize = 256 * 1024;
/// A payload beyond this is left out: whoever hears of the number reads the journal.
pub(super) const MOST_PAYLOAD: usize = 1024 * 1024;

/// A message that is being put together.
pub(super) struct Message {
    bytes: BytesMut,
}

impl Message {
    pub fn from_node(node: Uuid) -> Self {
        let mut bytes = BytesMut::with_capacity(HEADER + 256);
        bytes.put_u8(VERSION);
        bytes.put_slice(node.as_bytes());
        Self { bytes }
    }

    /// Whether there is room for another one.
    pub fn has_room(&self, notice: &Notice) -> bool {
        self.bytes.len() == HEADER || self.bytes.len() + OVERHEAD + notice.payload.len() <= FULL
    }

    /// False: nobody can be told of it, because its name or its signal is too long.
    pub fn push(&mut self, notice: &Notice) -> bool {
        let Notice { channel: _, about, seq, payload } = notice;
        let Ok(name) = u16::try_from(about.len()) else { return false };
        let payload = if payload.len() <= MOST_PAYLOAD { payload.as_ref() } else { &[] };
        if payload.len() != notice.payload.len() && seq.is_none() {
            return false;
        }
        self.bytes.put_u64(seq.unwrap_or(0));
        self.bytes.put_u16(name);
        self.bytes.put_slice(about.as_bytes());
        self.bytes.put_u32(payload.len() as u32);
        self.bytes.put_slice(payload);
        true
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    pub fn finish(self) -> Bytes {
        self.bytes.freeze()
    }
}

/// What another node said on a channel; none of its own, and none that is not understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Notices(Vec<Notice>),
    /// It has dropped some.
    Gap,
    /// By this node itself.
    Own,
}

/// # Errors
/// What is wrong with the bytes: they come from another version, or from somebody else.
pub(super) fn read(node: Uuid, channel: &Arc<str>, mut bytes: Bytes) -> Result<Said, String> {
    if bytes.len() < HEADER {
        return Err(format!("{} bytes are no message of a node", bytes.len()));
    }
    let version = bytes.get_u8();
    if version != VERSION {
        return Err(format!("a message of version {version}, this node speaks {VERSION}"));
    }
    if bytes.split_to(16).as_ref() == node.as_bytes() {
        return Ok(Said::Own);
    }
    if bytes.is_empty() {
        return Ok(Said::Gap);
    }
    let mut notices = Vec::new();
    while !bytes.is_empty() {
        notices.push(notice(channel, &mut bytes).ok_or("a message ends in the middle of a notice")?);
    }
    Ok(Said::Notices(notices))
}

fn notice(channel: &Arc<str>, bytes: &mut Bytes) -> Option<Notice> {
    let seq: Seq = bytes.try_get_u64().ok()?;
    let name = usize::from(bytes.try_get_u16().ok()?);
    let name = take(bytes, name)?;
    let about = std::str::from_utf8(&name).ok()?.into();
    let payload = bytes.try_get_u32().ok()? as usize;
    let payload = take(bytes, payload)?;
    Some(Notice { channel: Arc::clone(channel), about, seq: (seq > 0).then_some(seq), payload })
}

fn take(bytes: &mut Bytes, count: usize) -> Option<Bytes> {
    (bytes.len() >= count).then(|| bytes.split_to(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(about: &str, seq: Option<Seq>, payload: Vec<u8>) -> Notice {
        Notice { channel: "rooms".into(), about: about.into(), seq, payload: payload.into() }
    }

    #[test]
    fn what_is_said_is_heard_by_others_only() {
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let said = [notice("room_1", Some(9), b"[{}]".to_vec()), notice("żółć", None, Vec::new())];
        let mut message = Message::from_node(here);
        assert!(said.iter().all(|notice| message.push(notice)));
        let bytes = message.finish();
        let channel: Arc<str> = "rooms".into();
        assert_eq!(read(there, &channel, bytes.clone()), Ok(Said::Notices(said.to_vec())));
        assert_eq!(read(here, &channel, bytes.clone()), Ok(Said::Own));
        assert_eq!(read(there, &channel, Message::from_node(here).finish()), Ok(Said::Gap));
        for cut in (0..HEADER).chain(HEADER + 1..bytes.len()).filter(|cut| *cut != bytes.len() - 14 - 6) {
            let _ = read(there, &channel, bytes.slice(..cut));
        }
        assert!(read(there, &channel, bytes.slice(..bytes.len() - 1)).is_err());
        assert!(read(there, &channel, Bytes::from_static(&[9; 40])).is_err());
    }

    #[test]
    fn what_is_too_long_is_told_by_its_number() {
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let long = vec![7; MOST_PAYLOAD + 1];
        let mut message = Message::from_node(here);
        assert!(message.push(&notice("prod_1", Some(3), long.clone())));
        assert!(!message.push(&notice("room_1", None, long)), "a signal has no number to be told by");
        assert!(!message.push(&notice(&"x".repeat(70_000), Some(1), Vec::new())));
        let heard = read(there, &"rooms".into(), message.finish());
        assert_eq!(heard, Ok(Said::Notices(vec![notice("prod_1", Some(3), Vec::new())])));
    }
}
