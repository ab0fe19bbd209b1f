//! Cuts texts out of a body without parsing it: the load is to take little of the machine.

/// What stands between `before` and the next quotation mark.
pub fn after<'a>(body: &'a [u8], before: &str) -> Option<&'a str> {
    let start = find(body, before.as_bytes())? + before.len();
    let length = body[start..].iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(&body[start..start + length]).ok()
}

/// The first text in quotation marks that starts with `prefix`, such as an id by its kind.
pub fn starting_with<'a>(body: &'a [u8], prefix: &str) -> Option<&'a str> {
    let prefix = prefix.as_bytes();
    let mut from = 0;
    loop {
        let quote = from + body[from..].iter().position(|byte| *byte == b'"')?;
        from = quote + 1;
        if body[from..].starts_with(prefix) {
            let length = body[from..].iter().position(|byte| *byte == b'"')?;
            return std::str::from_utf8(&body[from..from + length]).ok();
        }
    }
}

fn find(body: &[u8], text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    let mut from = 0;
    while let Some(at) = body[from..].iter().position(|byte| *byte == first) {
        if body[from + at..].starts_with(text) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
