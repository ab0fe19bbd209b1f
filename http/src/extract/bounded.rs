//! Numbers and texts that know their bounds, so that a body which is read is a body that can be used.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const LEAST: u32, const MOST: u32>(pub u32);

/// A text of `LEAST` to `MOST` characters, none of them a control character but line breaks and tabs.
/// Blanks around it are cut off before it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const LEAST: usize, const MOST: usize>(pub String);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(WholeVisitor::<LEAST, MOST>).map(Self)
    }
}

struct WholeVisitor<const LEAST: u32, const MOST: u32>;

impl<const LEAST: u32, const MOST: u32> Visitor<'_> for WholeVisitor<LEAST, MOST> {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LEAST} to {MOST}")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u32, E> {
        let fits = u32::try_from(number).ok().filter(|number| (LEAST..=MOST).contains(number));
        fits.ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
        let fits = u32::try_from(number).ok().filter(|number| (LEAST..=MOST).contains(number));
        fits.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }
}

impl<'de, const LEAST: usize, const MOST: usize> Deserialize<'de> for Text<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let trimmed = text.trim();
        let count = trimmed.chars().count();
        if !(LEAST..=MOST).contains(&count) {
            let expected = format!("{LEAST} to {MOST} characters");
            return Err(D::Error::invalid_length(count, &expected.as_str()));
        }
        if trimmed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(D::Error::custom("control characters are not taken"));
        }
        Ok(Self(if trimmed.len() == text.len() { text } else { trimmed.to_owned() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        let read = |json: &str| serde_json::from_str::<Whole<1, 999>>(json).map(|whole| whole.0);
        assert_eq!((read("1").unwrap(), read("999").unwrap()), (1, 999));
        for bad in ["0", "-1", "1000", "1000000000000", "18446744073709551615"] {
            assert!(read(bad).unwrap_err().to_string().starts_with("invalid value: integer"), "{bad}");
        }
        for bad in ["1.0", "\"1\"", "null", "1e30", "100000000000000000000000000000"] {
            assert!(read(bad).unwrap_err().to_string().starts_with("invalid type"), "{bad}");
        }
    }

    #[test]
    fn texts() {
        let read = |text: &str| serde_json::from_value::<Text<1, 3>>(text.into()).map(|text| text.0);
        assert_eq!(read(" äöü ").unwrap(), "äöü");
        assert!(read("   ").unwrap_err().to_string().starts_with("invalid length 0"));
        assert!(read("abcd").unwrap_err().to_string().starts_with("invalid length 4"));
        assert!(read("a\u{0}b").is_err());
    }
}
