//! The templates of the first paint, with the words that the app itself uses.

use std::collections::BTreeMap;
use std::fmt::Write;

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, State};
use souk_domain::money::{Currency, Money};

use super::language::Language;
use super::money;

const SOURCES: [(&str, &str); 7] = [
    ("document.html", include_str!("../../templates/document.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("listing.html", include_str!("../../templates/listing.html")),
    ("product.html", include_str!("../../templates/product.html")),
    ("cart.html", include_str!("../../templates/cart.html")),
    ("shell.html", include_str!("../../templates/shell.html")),
];

/// One catalogue for the app and for the pages.
const MESSAGES: [(Language, &str); 2] = [
    (Language::English, include_str!("../../../web/store/src/i18n/en.json")),
    (Language::German, include_str!("../../../web/store/src/i18n/de.json")),
];

type Messages = BTreeMap<String, String>;

/// # Panics
/// A template or a catalogue that is broken: they are part of the program.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    for (name, source) in SOURCES {
        environment.add_template(name, source).expect("the templates are well-formed");
    }
    let catalogues = MESSAGES.map(|(language, json)| {
        let messages: Messages = serde_json::from_str(json).expect("the catalogues are flat JSON objects of texts");
        (language, messages)
    });
    environment.add_function("t", move |state: &State<'_, '_>, key: &str, values: Kwargs| {
        let language = language_of(state);
        let (_, messages) = &catalogues[usize::from(language == Language::German)];
        say(messages, key, &values)
    });
    environment.add_filter("query_value", |text: &str| query_value(text));
    environment.add_filter("money", |state: &State<'_, '_>, value: Value| written(state, &value));
    environment
}

/// As it stands in a query string: unreserved characters stay (RFC 3986, section 2.3).
fn query_value(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

fn language_of(state: &State<'_, '_>) -> Language {
    let tag = state.lookup("lang");
    if tag.as_ref().and_then(Value::as_str) == Some("de") { Language::German } else { Language::English }
}

/// The text under a key, with `{name}` replaced. A `count` picks `key_one` or `key_other`, as English and German do.
fn say(messages: &Messages, key: &str, values: &Kwargs) -> Result<String, Error> {
    let count: Option<i64> = if values.has("count") { Some(values.get("count")?) } else { None };
    let key = match count {
        Some(1) => format!("{key}_one"),
        Some(_) => format!("{key}_other"),
        None => key.to_owned(),
    };
    let unknown = || Error::new(ErrorKind::UndefinedError, format!("no message is called {key}"));
    let mut text = messages.get(&key).ok_or_else(unknown)?.clone();
    for name in values.args() {
        let value: Value = values.get(name)?;
        text = text.replace(&format!("{{{name}}}"), &value.to_string());
    }
    Ok(text)
}

fn written(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    let invalid = || Error::new(ErrorKind::InvalidOperation, "this is no money");
    let amount = i64::try_from(value.get_attr("amount")?).map_err(|_| invalid())?;
    let currency = value.get_attr("currency")?;
    let currency: Currency = currency.as_str().and_then(|code| code.parse().ok()).ok_or_else(invalid)?;
    Ok(money::format(Money::new(amount, currency), language_of(state)))
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[test]
    fn every_language_has_every_message() {
        let [english, german] = MESSAGES.map(|(_, json)| serde_json::from_str::<Messages>(json).unwrap());
        let keys = |messages: &Messages| messages.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&german));
    }

    #[test]
    fn money_and_messages_follow_the_language() {
        let environment = environment();
        let money = context! { amount => 2_600, currency => "EUR" };
        let render = |lang: &str, source: &str| {
            environment.render_str(source, context! { lang, money => money.clone() }).unwrap()
        };
        assert_eq!(render("en", "{{ money|money }}"), "€26.00");
        assert_eq!(render("de", "{{ money|money }}"), "26,00\u{a0}€");
        assert_eq!(render("en", "{{ t('list.count', count=1) }}"), "1 product");
        assert_eq!(render("de", "{{ t('list.count', count=2) }}"), "2 Produkte");
        assert!(environment.render_str("{{ t('nothing') }}", context! {}).is_err());
    }
}
