//! The table of problems for people: `docs/errors.md` and the page `/errors`.

use std::fmt::Write;

use super::table::TABLE;
use crate::routes::pages::markup::prose;

/// The text of `docs/errors.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Problems\n\n\
         Every answer that is not a success is `application/problem+json` (RFC 9457) with a stable `code`. Decide by the\n\
         code, never by the title. Where fields or parameters are at fault, `errors` has a `pointer` (a JSON pointer into\n\
         the body, `?name` for a parameter), a `code` and a `detail` for each. `request_id` is what the server's log calls\n\
         the request.\n\n\
         This page is made from `http/src/problem/table.rs`; `make docs` writes it anew.\n\n\
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
        let (meaning, retry) = (prose(entry.meaning), prose(entry.retry.sentence()));
        let _ = write!(
            rows,
            "<tr id=\"{name}\"><td><code>{name}</code><td>{status}<td><strong>{}.</strong> {meaning}<td>{retry}",
            entry.title
        );
    }
    rows
}

/// Compares a file of `docs/` with what the code says; with `SOUK_WRITE_DOCS` set, writes it.
#[cfg(test)]
pub fn check_or_write(path: &str, text: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("SOUK_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&file, text).expect("the file is written");
    }
    let on_disk = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(on_disk == text, "{path} is old: `make docs` writes it anew");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_md_is_current() {
        check_or_write("docs/errors.md", &markdown());
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
