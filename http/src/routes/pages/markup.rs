//! Text on its way into a page.

pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A sentence whose words between backticks are code.
pub fn prose(text: &str) -> String {
    let part = |(index, part): (usize, &str)| if index % 2 == 1 { code(part) } else { escape(part) };
    text.split('`').enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        assert_eq!(prose("a <b> & `x<\"y\">` c"), "a &lt;b&gt; &amp; <code>x&lt;&quot;y&quot;&gt;</code> c");
    }
}
