//! Fields that name a person. They are marked in the type, so that stores can seal them with the
//! person's key, logs cannot print them, and an erased person still replays.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A personal value, or what is left of it once the person was erased.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal<T> {
    #[serde(rename = "$personal")]
    Known(T),
    #[serde(rename = "$erased")]
    Erased,
}

impl<T> Personal<T> {
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Erased => None,
        }
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

/// Never shows the value: debug output ends up in logs.
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "<personal>",
            Self::Erased => "<erased>",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_marked_in_json_and_hidden_in_debug_output() {
        let name = Personal::from("Ada".to_owned());
        assert_eq!(serde_json::to_string(&name).unwrap(), r#"{"$personal":"Ada"}"#);
        assert_eq!(format!("{name:?}"), "<personal>");
        assert_eq!(serde_json::from_str::<Personal<String>>(r#""$erased""#).unwrap(), Personal::Erased);
    }
}
