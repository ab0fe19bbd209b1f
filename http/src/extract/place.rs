//! Where a page of a list by time begins: the time and the id of the last one before it.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use souk_domain::time::Timestamp;

use crate::problem::{Code, FieldError, Problem};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    at: Timestamp,
    id: String,
}

/// The place as a text: `1700000000123-ord_...`.
pub fn cursor((at, id): (Timestamp, impl Display)) -> String {
    format!("{}-{id}", at.as_millis())
}

impl Place {
    /// With the id that the list is about.
    ///
    /// # Errors
    /// 422: a cursor of another list.
    pub fn named<I: FromStr>(self) -> Result<(Timestamp, I), Problem> {
        let foreign = |_| {
            let fault = FieldError::invalid("?cursor", "is of another list");
            Problem::new(Code::InvalidParameter).errors(vec![fault])
        };
        Ok((self.at, self.id.parse().map_err(foreign)?))
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once('-').filter(|(_, id)| id.len() <= 100);
        let read =
            parts.and_then(|(at, id)| Some(Self { at: Timestamp::from_millis(at.parse().ok()?), id: id.to_owned() }));
        read.ok_or_else(|| D::Error::custom("invalid value: not a cursor that was given"))
    }
}

#[cfg(test)]
mod tests {
    use souk_domain::id::{OrderId, RoomId};

    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let id: OrderId = "ord_00000000000000000000000007".parse().unwrap();
        let text = cursor((Timestamp::from_millis(7), id));
        let read = |text: &str| serde_json::from_value::<Place>(text.into());
        assert_eq!(read(&text).unwrap().named::<OrderId>().unwrap(), (Timestamp::from_millis(7), id));
        assert!(read(&text).unwrap().named::<RoomId>().is_err());
        for text in ["", "-", "7", "x-ord_1", "99999999999999999999-ord_1", &format!("1-{}", "x".repeat(101))] {
            assert!(read(text).is_err() || read(text).unwrap().named::<OrderId>().is_err(), "{text}");
        }
    }
}
