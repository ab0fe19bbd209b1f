//! What is wrong with a file or a row, in sentences for the person who wrote the file.

use std::fmt;

/// Why a file can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the file can't be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the file is empty")]
    Empty,
    #[error("the file is in UTF-16: save it as CSV in UTF-8")]
    Utf16,
    #[error("the file isn't text in UTF-8 (line {line}, byte {offset}): export it as CSV, not as a spreadsheet")]
    NotText {
        /// From 1.
        line: u64,
        /// From 0, the byte order mark included.
        offset: u64,
    },
    #[error("the columns are separated by {found:?}: separate them by commas")]
    Delimiter { found: char },
    #[error("the header can't be read: {0}")]
    Header(String),
    #[error("the file has no column {}", .missing.join(", "))]
    MissingColumns { missing: Vec<&'static str> },
    #[error("the column {name:?} is there twice")]
    DuplicateColumn { name: String },
}

/// Why a row, or a part of it, was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The physical line where the row starts, from 1. A row with line breaks inside its fields spans several.
    pub line: u64,
    /// The column as the file's header writes it; empty when the whole row is at fault.
    pub column: String,
    pub reason: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.reason),
            column => write!(f, "line {}, {column}: {}", self.line, self.reason),
        }
    }
}
