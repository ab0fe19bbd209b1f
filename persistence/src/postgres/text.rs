//! Text that may hold anything. PostgreSQL's `text` cannot hold U+0000, so that is written as `\0`, and a backslash
//! as `\\`; nearly all text is kept as it is. Equal texts stay equal, and others stay different.

use std::borrow::Cow;

pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if text.contains(['\0', '\\']) {
        Cow::Owned(text.replace('\\', r"\\").replace('\0', r"\0"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What [`kept`] was given.
pub(super) fn given(kept: String) -> String {
    if !kept.contains('\\') {
        return kept;
    }
    let mut text = String::with_capacity(kept.len());
    let mut characters = kept.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(match characters.next() {
                Some('0') => '\0',
                other => other.unwrap_or('\\'),
            }),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        for text in ["", "plain", "\0", "\\", "\\0", "a\\\\0\0b", "é\\", "\\\0\\"] {
            let kept = kept(text);
            assert!(!kept.contains('\0'), "{kept:?}");
            assert_eq!(given(kept.into_owned()), text);
        }
    }
}
