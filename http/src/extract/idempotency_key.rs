//! The header `Idempotency-Key`: the name of a request that may be sent again.
//!
//! The draft (draft-ietf-httpapi-idempotency-key-header) has a quoted string of RFC 8941; most clients
//! send it bare. Both name the same request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::{Code, Problem};

const MAX_CHARACTERS: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let (first, second) = (values.next(), values.next());
        let value = first.ok_or_else(|| Problem::new(Code::IdempotencyKeyMissing))?;
        let invalid = || Problem::new(Code::IdempotencyKeyInvalid);
        if second.is_some() {
            return Err(invalid().detail("it was sent more than once"));
        }
        read(value.as_bytes()).map(Self).ok_or_else(invalid)
    }
}

fn read(value: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(value).ok()?;
    let key = match value.strip_prefix('"') {
        Some(rest) => unescaped(rest.strip_suffix('"')?)?,
        None => value.to_owned(),
    };
    let fits = (1..=MAX_CHARACTERS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(key)
}

/// RFC 8941, section 3.3.3: only `"` and `\` are escaped, and always.
fn unescaped(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|next| matches!(next, '"' | '\\'))?),
            '"' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_and_quoted_are_the_same_key() {
        assert_eq!(read(b"8e03978e-40d5").as_deref(), Some("8e03978e-40d5"));
        assert_eq!(read(b"\"8e03978e-40d5\"").as_deref(), Some("8e03978e-40d5"));
        assert_eq!(read(br#""a\"b\\c""#).as_deref(), Some(r#"a"b\c"#));
        assert_eq!(read(&[b'k'; 255]).map(|key| key.len()), Some(255));
    }

    #[test]
    fn what_is_no_key() {
        let long = [b'k'; 256];
        for bad in [
            b"".as_slice(),
            b"\"\"",
            b"\"",
            b"\"a",
            b"a b",
            b"\"a b\"",
            b"a\tb",
            "ä".as_bytes(),
            &[0xff],
            br#""a\b""#,
            &long,
        ] {
            assert_eq!(read(bad), None, "{}", String::from_utf8_lossy(bad));
        }
    }
}
