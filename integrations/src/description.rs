//! Makes the HTML of a description safe to show, whoever wrote it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

/// The longest description that is taken, in bytes; also the longest that is given back.
pub const MAX_DESCRIPTION_BYTES: usize = 512 << 10;

/// Tags and entities; the parser's time grows with the square of either.
const MAX_MARKS: usize = 20_000;
/// Elements that the parser may have to build. Each takes about 300 bytes.
const MAX_ELEMENTS: usize = 1_000_000;
/// The longest link or other attribute that is kept, in bytes.
const MAX_ATTRIBUTE: usize = 2_048;

/// A paragraph reopens those that the last one left open
/// (<https://html.spec.whatwg.org/#list-of-active-formatting-elements>). Links are not among them here, because
/// at most one is open.
const FORMATTING: [&str; 13] =
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// So many that are equal are reopened at most; the rule is called Noah's Ark.
const EQUAL_REOPENED: usize = 3;

/// Ammonia's own list of tags, which are those of common formatting. Attributes such as `title` that any tag may
/// have are left out: a reopened tag would repeat them.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .generic_attributes(HashSet::new())
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(|_, _, value| (value.len() <= MAX_ATTRIBUTE).then_some(Cow::Borrowed(value)));
    builder
});

/// The description with its common formatting and without scripts, styles, handlers, frames and forms. Links get
/// `rel="noopener noreferrer"`.
///
/// # Errors
/// A sentence when it is too long or has so much markup that reading it would take the server's time or memory:
/// 60 kB of tags that are never closed can become 6 GB of elements.
pub fn sanitise(html: &str) -> Result<String, String> {
    if html.len() > MAX_DESCRIPTION_BYTES {
        return Err(format!("the description is longer than {MAX_DESCRIPTION_BYTES} bytes"));
    }
    let tags = html.matches('<').count();
    let marks = tags + html.matches('&').count();
    if marks > MAX_MARKS || tags.saturating_mul(reopened(html)) > MAX_ELEMENTS {
        return Err("the description has too much markup".to_owned());
    }
    let clean = SANITISER.clean(html).to_string();
    match clean.len() {
        0..=MAX_DESCRIPTION_BYTES => Ok(clean.trim().to_owned()),
        _ => Err("the description is too long once its markup is put in order".to_owned()),
    }
}

/// How many formatting elements can be open at once, at most. Only what can't be mistaken is told apart here:
/// telling attributes apart takes the whole parser.
fn reopened(html: &str) -> usize {
    let (mut plain, mut with_attributes) = (HashSet::new(), 0);
    for rest in html.split('<').skip(1) {
        let name_end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let Some(name) = FORMATTING.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            continue;
        };
        if after.starts_with('>') {
            plain.insert(name);
        } else {
            with_attributes += 1;
        }
    }
    plain.len() * EQUAL_REOPENED + with_attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn formatting_stays_and_what_could_run_goes() {
        let html = "<p onclick=\"steal()\">A <b title=\"x\">bold</b> <a href=\"https://a.test\">link</a></p>\
                    <script>steal()</script><style>p{}</style><a href=\"javascript:steal()\">x</a>\
                    <iframe src=\"//x\"></iframe><img src=\"data:x\" alt=\"y\"><svg onload=\"steal()\"></svg>";
        assert_eq!(
            sanitise(html).unwrap(),
            "<p>A <b>bold</b> <a href=\"https://a.test\" rel=\"noopener noreferrer\">link</a></p>\
             <a rel=\"noopener noreferrer\">x</a><img alt=\"y\">"
        );
    }

    #[test]
    fn plain_text_and_long_descriptions_pass() {
        assert_eq!(sanitise(" Men's shirt, 1 < 2 & new ").unwrap(), "Men's shirt, 1 &lt; 2 &amp; new");
        let long = "<p>A <b>bold</b> word &amp; <font color=\"red\">a red one</font></p>\n".repeat(300);
        assert!(sanitise(&long).is_ok());
        let long = "<p>A <b>bold</b> and <i>slanted</i> word</p>\n".repeat(3_000);
        assert!(sanitise(&long).is_ok());
    }

    #[test]
    fn hostile_markup_is_refused_or_stays_small() {
        let numbered = |tag: &str, count| (0..count).map(|n| format!("<{tag} x{n}>")).collect::<String>();
        let paragraphs = "<p>x".repeat(9_000);
        let hostile = [
            format!("<p>{}{paragraphs}", numbered("font", 3_000)),
            format!("<p>{}{paragraphs}", numbered("b", 100)),
            format!("<p><b><i><u><s><em>{paragraphs}"),
            format!("<p><a href=\"https://a.test/{}\">{paragraphs}", "x".repeat(100_000)),
            format!("<p><b title=\"{}\">{paragraphs}", "x".repeat(100_000)),
            "<div>".repeat(MAX_MARKS),
            "&".repeat(MAX_MARKS),
            "<".repeat(MAX_DESCRIPTION_BYTES),
            "<a href=1>".repeat(MAX_MARKS),
            format!("<table>{}", "<b>x".repeat(9_000)),
        ];
        for html in hostile {
            let outcome = sanitise(&html).map(|clean| clean.len());
            let shown: String = html.chars().take(30).collect();
            assert!(outcome.as_ref().map_or(true, |length| *length <= MAX_DESCRIPTION_BYTES), "{shown}: {outcome:?}");
        }
    }
}
