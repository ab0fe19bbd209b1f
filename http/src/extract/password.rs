//! A password in a body: taken as it is typed, blanks and all, and never shown.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Far beyond what is taken for a new one, and short enough to be hashed.
const MOST_CHARS: usize = 1_024;

#[derive(Clone)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() > MOST_CHARS {
            return Err(D::Error::custom(format!("invalid length, expected at most {MOST_CHARS} characters")));
        }
        Ok(Self(text))
    }
}
