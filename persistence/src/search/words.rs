//! How text becomes words. Documents and queries take the same path, so that what is typed as it is
//! written is found.

use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer};

/// Longer runs without a space are no words that anyone types.
const MAX_WORD_BYTES: usize = 128;

/// Letters and digits, accents folded, lower case. Its input goes through [`prepare`] first.
pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(AsciiFoldingFilter)
        .filter(LowerCaser)
        .build()
}

/// Settles what the analyzer cannot know: combining accents are dropped (it folds only composed ones),
/// a possessive stays one word (`men's` is `mens`), and in Chinese and Japanese, which write no spaces,
/// every character is a word.
pub fn prepare(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            '\'' | '\u{2019}' if matches!(chars.peek(), Some('s' | 'S')) => {}
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => {
                prepared.extend([' ', c, ' ']);
            }
            c => prepared.push(c),
        }
    }
    prepared
}

pub fn split(text: &str) -> Vec<String> {
    let prepared = prepare(text);
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(&prepared);
    let mut words = Vec::new();
    while stream.advance() {
        words.push(stream.token().text.clone());
    }
    words
}

/// The form by which names of categories and vendors are compared: `Home & Kitchen`, `home-kitchen`
/// and `HOME / KITCHEN` are one. Names that differ in a plus sign (`3`, `3+`) are not.
pub fn slug(name: &str) -> String {
    let words = split(&name.replace('+', " plus "));
    let slug = if words.is_empty() {
        name.trim().to_lowercase().chars().filter(|c| !c.is_control()).collect()
    } else {
        words.join("-")
    };
    truncated(&slug, 200).to_owned()
}

/// Other English forms of a word, singular and plural, that mean the same product. They are looked up
/// beside the word itself; the index keeps words as they are written, so that prefixes stay true.
pub fn inflections(word: &str) -> Vec<String> {
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let mut forms = Vec::with_capacity(3);
    if let Some(stem) = word.strip_suffix('s').filter(|stem| stem.len() >= 3 && !stem.ends_with('s')) {
        forms.push(stem.to_owned());
        if let Some(stem) = stem.strip_suffix("ie") {
            forms.push(format!("{stem}y"));
        } else if let Some(stem) = stem.strip_suffix('e') {
            forms.push(stem.to_owned());
        }
    } else {
        forms.push(format!("{word}s"));
        forms.push(format!("{word}es"));
        if let Some(stem) = word.strip_suffix('y') {
            forms.push(format!("{stem}ies"));
        }
    }
    forms
}

/// The text of sanitised HTML, up to `limit` bytes: tags become spaces, entities their character.
pub fn strip_html(html: &str, limit: usize) -> String {
    let mut text = String::with_capacity(html.len().min(limit));
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        if text.len() >= limit {
            break;
        }
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '<' if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') => {
                text.push(' ');
                after.split_once('>').map_or("", |(_, tail)| tail)
            }
            '&' => match entity(after) {
                Some((character, tail)) => {
                    text.push(character);
                    tail
                }
                None => {
                    text.push(' ');
                    after
                }
            },
            c => {
                text.push(c);
                after
            }
        };
    }
    text
}

/// Reads what follows an ampersand: the character and the rest. A sanitiser leaves only a few names.
fn entity(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let (name, tail) = (&text[..end], &text[end + 1..]);
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((character, tail))
}

/// The longest start of a text that has at most `limit` bytes.
pub fn truncated(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(split("Crème Brûlée, T-Shirt"), ["creme", "brulee", "t", "shirt"]);
        assert_eq!(split("cafe\u{301} Stra\u{df}e MEN\u{2019}S"), ["cafe", "strasse", "mens"]);
        assert_eq!(split("青い花 vase"), ["青", "い", "花", "vase"]);
        assert!(split(" !?\u{1f525} ").is_empty());
    }

    #[test]
    fn names_and_slugs_compare_equal() {
        assert_eq!(slug("Home & Kitchen"), slug("home-kitchen"));
        assert_ne!(slug("Ages 3+"), slug("Ages 3"));
        assert_eq!(slug(" \u{1f525} "), "\u{1f525}");
    }

    #[test]
    fn singular_and_plural() {
        assert!(inflections("mugs").contains(&"mug".into()));
        assert!(inflections("mug").contains(&"mugs".into()));
        assert!(inflections("dresses").contains(&"dress".into()));
        assert!(inflections("berries").contains(&"berry".into()));
        assert!(inflections("cookies").contains(&"cookie".into()));
        assert!(inflections("glass").contains(&"glasses".into()));
        assert!(inflections("5x").is_empty());
    }

    #[test]
    fn html_leaves_its_text() {
        let html = "<p>Hand&nbsp;made<br>in <b class=\"a\">Porto</b> &amp; 1 &lt; 2&#x21; a < b</p>";
        let text = strip_html(html, 1000);
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), "Hand made in Porto & 1 < 2! a < b");
        assert!(strip_html(&"é".repeat(100), 11).len() <= 12);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in any::<String>(), limit in 0..40usize) {
            let _ = (strip_html(&text, limit), slug(&text), prepare(&text));
            let _ = strip_html(&format!("&{text};<{text}"), limit);
            prop_assert!(truncated(&text, limit).len() <= limit);
            for word in split(&text) {
                prop_assert!(!word.is_empty());
                let _ = inflections(&word);
            }
        }
    }
}
