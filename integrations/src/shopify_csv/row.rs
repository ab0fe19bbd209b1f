//! One record by the names of its columns.

use super::RowError;
use super::header::{Column, Header};
use super::records::Record;

/// A record whose fields are text and as many as the header has.
pub(super) struct Row<'a> {
    pub line: u64,
    text: &'a str,
    ends: &'a [usize],
    header: &'a Header,
}

impl<'a> Row<'a> {
    pub fn new(record: Record<'a>, header: &'a Header) -> Result<Self, RowError> {
        let Record { line, text: bytes, ends } = record;
        let error = |column, reason: &str| RowError { line, column, reason: reason.to_owned() };
        if ends.len() != header.len() {
            let reason = format!("the row has {} fields, the header has {}", ends.len(), header.len());
            return Err(error(String::new(), &reason));
        }
        let starts = || std::iter::once(&0).chain(ends);
        if let Some(place) = starts().zip(ends).position(|(start, end)| bytes[*start..*end].contains(&0)) {
            return Err(error(header.name_at(place), "the field holds a NUL byte: it isn't text"));
        }
        // Each field for itself: two halves of a character on both sides of a comma are not text.
        let broken = starts().zip(ends).position(|(start, end)| str::from_utf8(&bytes[*start..*end]).is_err());
        match (broken, str::from_utf8(bytes)) {
            (None, Ok(text)) => Ok(Self { line, text, ends, header }),
            (broken, _) => Err(error(header.name_at(broken.unwrap_or_default()), "the field isn't text in UTF-8")),
        }
    }

    /// The field without spaces around it; empty when the file has no such column.
    pub fn get(&self, column: Column) -> &'a str {
        let Some(place) = self.header.place(column) else {
            return "";
        };
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        self.text[start..self.ends[place]].trim()
    }

    /// The field, unless it has more than `most` characters.
    pub fn get_up_to(&self, column: Column, most: usize) -> Result<&'a str, RowError> {
        let text = self.get(column);
        match text.chars().nth(most) {
            None => Ok(text),
            Some(_) => Err(self.error(column, format!("the text is longer than {most} characters"))),
        }
    }

    pub fn error(&self, column: Column, reason: impl Into<String>) -> RowError {
        RowError { line: self.line, column: self.header.name(column), reason: reason.into() }
    }
}
