//! Fields that name a person. They are marked in the type, so that stores can seal them with the
//! person's key, logs cannot print them, and an erased person still replays.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A personal value, or what is left of it once the person was erased.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Personal<T> {
    Known {
        value: T,
        /// Whose it is: an account, a guest, or the cart of somebody without a name. With their key it
        /// is sealed where it is kept. None: not said yet, or written before it was.
        of: Option<String>,
    },
    Erased,
}

impl<T> Personal<T> {
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Erased => None,
        }
    }

    /// The same value, said to be this person's.
    #[must_use]
    pub fn belonging_to(self, person: impl Into<String>) -> Self {
        match self {
            Self::Known { value, .. } => Self::Known { value, of: Some(person.into()) },
            Self::Erased => Self::Erased,
        }
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self::Known { value, of: None }
    }
}

/// Never shows the value: debug output ends up in logs.
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known { .. } => "<personal>",
            Self::Erased => "<erased>",
        })
    }
}

/// In JSON a known value is `{"$personal": value, "$of": "guest_..."}`: stores find it by these names.
impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known { value, of } => {
                let mut map = serializer.serialize_map(Some(1 + usize::from(of.is_some())))?;
                map.serialize_entry("$personal", value)?;
                if let Some(of) = of {
                    map.serialize_entry("$of", of)?;
                }
                map.end()
            }
            Self::Erased => serializer.serialize_str("$erased"),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Known {
        #[serde(rename = "$personal")]
        value: T,
        #[serde(rename = "$of", default)]
        of: Option<String>,
    },
    Erased(Mark),
}

#[derive(Deserialize)]
enum Mark {
    #[serde(rename = "$erased")]
    Erased,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Known { value, of } => Self::Known { value, of },
            Written::Erased(Mark::Erased) => Self::Erased,
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

    #[test]
    fn says_whose_it_is() {
        let name = Personal::from("Ada".to_owned()).belonging_to("guest_1");
        let text = serde_json::to_string(&name).unwrap();
        assert_eq!(text, r#"{"$personal":"Ada","$of":"guest_1"}"#);
        assert_eq!(serde_json::from_str::<Personal<String>>(&text).unwrap(), name);
        assert_eq!(Personal::<String>::Erased.belonging_to("guest_1"), Personal::Erased);
    }
}
