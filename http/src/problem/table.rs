//! Every code that a problem can have, in one table. `docs/errors.md` and the page `/errors` are made from it. Its lines
//! stand in the order of their statuses, each part in a file of its own.

mod contents;
mod requests;
mod rules;
mod server;

use super::code::{Code, Entry, Retry};

const fn entry(
    code: Code,
    name: &'static str,
    status: u16,
    retry: Retry,
    title: &'static str,
    meaning: &'static str,
) -> Entry {
    Entry { code, name, status, title, meaning, retry }
}

pub const TABLE: [Entry; Code::TimedOut as usize + 1] = {
    let parts: [&[Entry]; 4] = [&requests::ENTRIES, &rules::ENTRIES, &contents::ENTRIES, &server::ENTRIES];
    let mut table = [requests::ENTRIES[0]; Code::TimedOut as usize + 1];
    let (mut line, mut part) = (0, 0);
    while part < parts.len() {
        let mut row = 0;
        while row < parts[part].len() {
            // A code that stands in the wrong line of the table does not compile.
            assert!(parts[part][row].code as usize == line);
            table[line] = parts[part][row];
            (line, row) = (line + 1, row + 1);
        }
        part += 1;
    }
    assert!(line == table.len());
    table
};
