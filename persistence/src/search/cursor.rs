//! Where the next page goes on: strictly after the last item by (sort key, id).
//!
//! A cursor holds values, not an offset, so products that come and go elsewhere do not shift it. It is
//! hex, which every URL takes as it is, and has the hash of the question, because a position in one list
//! means nothing in another.

use super::page::Filters;
use super::query::{ProductQuery, SearchError};
use super::text_query::Stage;

/// Moves with the layout below.
const VERSION: u8 = 1;
/// Version, stage, hash, id, kind of key.
const HEAD_BYTES: usize = 1 + 1 + 8 + 16 + 1;
const NUMBER: u8 = b'n';
const TEXT: u8 = b't';
/// No cursor of ours is longer; anything beyond is refused before it is read.
const MAX_BYTES: usize = 256;

/// What pages are ordered by, ascending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Number(u64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The stage of the first page, so that all pages are of one list.
    pub stage: Stage,
    pub key: Key,
    pub id: u128,
}

impl Cursor {
    pub fn write(&self, question: u64) -> String {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + 8);
        bytes.push(VERSION);
        bytes.push(self.stage as u8);
        bytes.extend(question.to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
        match &self.key {
            Key::Number(number) => {
                bytes.push(NUMBER);
                bytes.extend(number.to_be_bytes());
            }
            Key::Text(text) => {
                bytes.push(TEXT);
                bytes.extend(text.as_bytes());
            }
        }
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// # Errors
    /// [`SearchError::BadCursor`] for any text that [`Cursor::write`] did not make for this question.
    pub fn read(text: &str, question: u64, by_text: bool) -> Result<Self, SearchError> {
        let malformed = SearchError::BadCursor("it is not one that a page gave");
        let bytes = from_hex(text).ok_or(malformed.clone())?;
        let (head, key) = bytes.split_at_checked(HEAD_BYTES).ok_or(malformed.clone())?;
        let [VERSION, stage, rest @ ..] = head else { return Err(malformed) };
        let stage = *Stage::ALL.get(usize::from(*stage)).ok_or(malformed.clone())?;
        let (hash, rest) = rest.split_first_chunk::<8>().ok_or(malformed.clone())?;
        let (id, kind) = rest.split_first_chunk::<16>().ok_or(malformed.clone())?;
        if u64::from_be_bytes(*hash) != question {
            return Err(SearchError::BadCursor("it belongs to another query, filter or sort"));
        }
        let key = match (kind, by_text) {
            ([NUMBER], false) => Key::Number(u64::from_be_bytes(key.try_into().map_err(|_| malformed)?)),
            ([TEXT], true) => Key::Text(String::from_utf8(key.to_vec()).map_err(|_| malformed)?),
            _ => return Err(malformed),
        };
        Ok(Self { stage, key, id: u128::from_be_bytes(*id) })
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * MAX_BYTES {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// A hash of all that decides what is in a list and in which order: not the cursor, not the limit. The
/// same on every node and after every restart (FNV-1a, 64 bit).
pub fn question(query: &ProductQuery, words: &[String], filters: &Filters) -> u64 {
    // Text without words finds nothing, no text finds everything.
    let blank = query.query.as_deref().is_none_or(|text| text.trim().is_empty());
    let described = format!("{blank} {words:?} {filters:?} {:?}", query.sort);
    described.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = Key> {
        prop_oneof![any::<u64>().prop_map(Key::Number), "\\PC{0,24}".prop_map(Key::Text)]
    }

    proptest! {
        #[test]
        fn reads_what_it_wrote(key in keys(), id: u128, question: u64, stage in 0..3usize) {
            let by_text = matches!(key, Key::Text(_));
            let cursor = Cursor { stage: Stage::ALL[stage], key, id };
            let text = cursor.write(question);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
            prop_assert_eq!(Cursor::read(&text, question, by_text).unwrap(), cursor);
            prop_assert!(Cursor::read(&text, question, !by_text).is_err());
            prop_assert!(Cursor::read(&text, question ^ 1, by_text).is_err());
            prop_assert!(Cursor::read(&text[1..], question, by_text).is_err());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}", hex in "[0-9a-f]{0,120}", by_text: bool) {
            prop_assert!(Cursor::read(&text, 7, by_text).is_err());
            let _ = Cursor::read(&hex, 7, by_text);
            let _ = Cursor::read(&format!("0100000000000000000007{hex}"), 7, by_text);
        }
    }
}
