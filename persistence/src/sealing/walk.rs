//! Finding personal values in JSON.

use serde_json::{Map, Value};

const PERSONAL: &str = "$personal";
const OF: &str = "$of";
const SEALED: &str = "$sealed";
const KEY: &str = "$key";

/// Whether there may be something to seal. Most events have nothing, and are not parsed.
pub(super) fn may_have_personal(text: &str) -> bool {
    text.contains("\"$personal\"")
}

pub(super) fn may_have_sealed(text: &str) -> bool {
    text.contains("\"$sealed\"")
}

/// Replaces every value that says whose it is.
pub(super) fn seal(
    value: &mut Value,
    sealing: &mut impl FnMut(&str, String) -> Result<(String, String), String>,
) -> Result<(), String> {
    if let Some((personal, of)) = personal(value) {
        let (sealed, key) = sealing(of, personal.to_string())?;
        let sealed = [(SEALED.to_owned(), Value::String(sealed)), (KEY.to_owned(), Value::String(key))];
        *value = Value::Object(Map::from_iter(sealed));
        return Ok(());
    }
    children(value).try_for_each(|child| seal(child, sealing))
}

/// Replaces every sealed value: by what `opening` makes of its text and key, and of whom; where that is
/// nothing, by the mark of an erased one.
pub(super) fn open(value: &mut Value, opening: &mut impl FnMut(&str, &str) -> Option<(Value, String)>) {
    if let Some((sealed, key)) = sealed(value) {
        *value = match opening(sealed, key) {
            Some((personal, of)) => {
                let opened = [(PERSONAL.to_owned(), personal), (OF.to_owned(), Value::String(of))];
                Value::Object(Map::from_iter(opened))
            }
            None => Value::String("$erased".to_owned()),
        };
        return;
    }
    children(value).for_each(|child| open(child, opening));
}

/// The keys that were used.
pub(super) fn keys(value: &mut Value, found: &mut Vec<String>) {
    match sealed(value) {
        Some((_, key)) => found.push(key.to_owned()),
        None => children(value).for_each(|child| keys(child, found)),
    }
}

fn personal(value: &Value) -> Option<(&Value, &str)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some((map.get(PERSONAL)?, map.get(OF)?.as_str()?))
}

fn sealed(value: &Value) -> Option<(&str, &str)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some((map.get(SEALED)?.as_str()?, map.get(KEY)?.as_str()?))
}

/// JSON that is nested too deeply is refused when it is parsed, so walking it ends.
fn children(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(map) => Box::new(map.values_mut()),
        _ => Box::new(std::iter::empty()),
    }
}
