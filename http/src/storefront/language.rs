//! Which language a page is written in: the buyer's choice, else what the browser asks for.

use axum::http::{HeaderMap, header};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    pub fn of(headers: &HeaderMap) -> Self {
        let chosen = cookie(headers, "souk_lang").and_then(Self::named);
        chosen.or_else(|| asked(headers)).unwrap_or(Self::English)
    }

    fn named(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// The first language with the greatest weight that there is (RFC 9110, section 12.5.4).
fn asked(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for range in value.split(',').take(20) {
        let mut parts = range.split(';').map(str::trim);
        let Some(language) = parts.next().and_then(Language::named) else { continue };
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// A cookie's value as it was sent.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_choice_wins_then_the_browser() {
        let of = |cookie: &'static str, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            Language::of(&headers).tag()
        };
        assert_eq!(of("", "de-CH, en;q=0.8"), "de");
        assert_eq!(of("", "fr, en;q=0.5, de;q=0.7"), "de");
        assert_eq!(of("", "fr"), "en");
        assert_eq!(of("a=b; souk_lang=en", "de"), "en");
        assert_eq!(of("souk_lang=xx", "de"), "de");
        assert_eq!(of("", "de;q=0"), "en");
    }
}
