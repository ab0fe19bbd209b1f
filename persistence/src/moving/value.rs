//! What a record is made of.

use serde::{Deserialize, Serialize};

use crate::error::StoreError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    #[serde(with = "hexadecimal")]
    Bytes(Vec<u8>),
}

/// The values of a section's fields, in their order.
pub type Record = Vec<Value>;

impl Value {
    pub(crate) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }

    /// None for what is no text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Integer(_) | Self::Bytes(_) => None,
        }
    }

    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Null | Self::Text(_) | Self::Bytes(_) => None,
        }
    }

    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Null | Self::Integer(_) | Self::Text(_) => None,
        }
    }

    /// About how much memory it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Integer(_) => 16,
            Self::Text(text) => text.len() + 32,
            Self::Bytes(bytes) => bytes.len() + 32,
        }
    }
}

/// A field of a record that must be there.
///
/// # Errors
/// When it is another kind of value.
pub(crate) fn text(record: &[Value], place: usize) -> Result<&str, StoreError> {
    record.get(place).and_then(Value::text).ok_or_else(|| unfit(record, place))
}

pub(crate) fn integer(record: &[Value], place: usize) -> Result<i64, StoreError> {
    record.get(place).and_then(Value::integer).ok_or_else(|| unfit(record, place))
}

pub(crate) fn bytes(record: &[Value], place: usize) -> Result<&[u8], StoreError> {
    record.get(place).and_then(Value::bytes).ok_or_else(|| unfit(record, place))
}

fn unfit(record: &[Value], place: usize) -> StoreError {
    let key = record.first().and_then(Value::text).unwrap_or("a record");
    StoreError::Damaged(format!("the record of {key} has no proper value at place {place}"))
}

mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
