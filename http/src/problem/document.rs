//! The table of problems for people: `docs/errors.md` and the page `/errors`.

use std::fmt::Write;

use super::table::TABLE;

/// The text of `docs/errors.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Problems\n\n\
         Every answer that is not a success is `application/problem+json` (RFC 9457) with a stable `code`. Decide by the\n\
         code, never by the title. Where fields or parameters are at fault, `errors` has a `pointer` (a JSON pointer into\n\
         the body, `?name` for a parameter), a `code` and a `detail` for each. `request_id` is what the server's log calls\n\
         the request.\n\n\
         This page is made from `http/src/problem/table.rs`; `SOUK_WRITE_DOCS=1 cargo test --release -p souk-http` writes\n\
         it anew.\n\n\
         | Code | Status | Meaning | Is a retry safe? |\n|-|-|-|-|\n",
    );
    for entry in &TABLE {
        let (name, status, retry) = (entry.name, entry.status, entry.retry.sentence());
        let _ = writeln!(text, "| `{name}` | {status} | {}. {} | {retry} |", entry.title, entry.meaning);
    }
    text
}

/// The rows of the page `/errors`.
pub fn html_rows() -> String {
    let mut rows = String::new();
    for entry in &TABLE {
        let (name, status) = (entry.name, entry.status);
        let code =
            |text: &str| text.split('`').enumerate().map(|(index, part)| code_part(index, part)).collect::<String>();
        let (meaning, retry) = (code(entry.meaning), code(entry.retry.sentence()));
        let _ = write!(
            rows,
            "<tr id=\"{name}\"><td><code>{name}</code><td>{status}<td><strong>{}.</strong> {meaning}<td>{retry}",
            entry.title
        );
    }
    rows
}

fn code_part(index: usize, part: &str) -> String {
    if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_docs_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
        if std::env::var_os("SOUK_WRITE_DOCS").is_some() {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs")).unwrap();
            std::fs::write(path, markdown()).unwrap();
        }
        let on_disk = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(on_disk, markdown(), "docs/errors.md is old: run the tests with SOUK_WRITE_DOCS=1");
    }

    #[test]
    fn names_are_unique_and_statuses_are_of_errors() {
        let mut names: Vec<_> = TABLE.iter().map(|entry| entry.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        for entry in &TABLE {
            assert!((400..600).contains(&entry.status), "{}", entry.name);
            assert!(entry.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", entry.name);
        }
    }
}
