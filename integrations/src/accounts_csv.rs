//! Accounts of another shop: a CSV file with the columns `email`, `name` and `hash`, in any order.

use std::io::Read;

use crate::shopify_csv::records::{Fault, Record, Records};
use crate::shopify_csv::{FileError, RowError};

const COLUMNS: [&str; 3] = ["email", "name", "hash"];
const UTF8_MARK: &str = "\u{feff}";

/// A row of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// From 1.
    pub line: u64,
    pub email: String,
    pub name: String,
    /// Of the password, as the other shop kept it.
    pub hash: String,
}

/// Reads the rows, one at a time.
pub struct AccountsCsv<R> {
    records: Records<R>,
    /// Where each of the columns is.
    places: [usize; 3],
    fields: usize,
    ended: bool,
}

impl<R: Read> AccountsCsv<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it is not text in UTF-8, or lacks a column.
    pub fn new(reader: R) -> Result<Self, FileError> {
        let mut records = Records::new(reader, 0);
        let header = match records.read() {
            Ok(Some(record)) => fields(&record).map_err(|_| FileError::NotText { line: 1, offset: 0 })?,
            Ok(None) => return Err(FileError::Empty),
            Err(Fault::Io(error)) => return Err(error.into()),
            Err(Fault::Row(error)) => return Err(FileError::Header(error.reason)),
        };
        let names: Vec<String> =
            header.iter().map(|name| name.trim_start_matches(UTF8_MARK).trim().to_lowercase()).collect();
        let place = |column: &&'static str| names.iter().position(|name| name == column);
        let missing: Vec<&'static str> = COLUMNS.into_iter().filter(|column| place(column).is_none()).collect();
        if !missing.is_empty() {
            return Err(FileError::MissingColumns { missing });
        }
        let places = COLUMNS.map(|column| place(&column).unwrap_or_default());
        Ok(Self { fields: names.len(), records, places, ended: false })
    }

    fn row(&mut self) -> Result<Option<AccountRow>, Fault> {
        let expected = self.fields;
        let Some(record) = self.records.read()? else { return Ok(None) };
        let line = record.line;
        let fault = |reason: String| Fault::Row(RowError { line, column: String::new(), reason });
        let fields = fields(&record).map_err(|_| fault("it is not text in UTF-8".to_owned()))?;
        if fields.len() != expected {
            return Err(fault(format!("it has {} fields, the header has {expected}", fields.len())));
        }
        let [email, name, hash] = self.places.map(|place| fields[place].trim().to_owned());
        Ok(Some(AccountRow { line, email, name, hash }))
    }
}

impl<R: Read> Iterator for AccountsCsv<R> {
    type Item = Result<AccountRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.row() {
            Ok(row) => row.map(Ok),
            Err(Fault::Row(error)) => Some(Err(error)),
            Err(Fault::Io(error)) => {
                self.ended = true;
                let reason = format!("the file can't be read any further: {error}");
                Some(Err(RowError { line: self.records.line(), column: String::new(), reason }))
            }
        }
    }
}

fn fields(record: &Record<'_>) -> Result<Vec<String>, std::str::Utf8Error> {
    let starts = std::iter::once(0).chain(record.ends.iter().copied());
    let field = |(start, end): (usize, &usize)| std::str::from_utf8(&record.text[start..*end]).map(str::to_owned);
    starts.zip(record.ends).map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Result<(u64, String, String, String), String>> {
        let csv = AccountsCsv::new(text.as_bytes()).unwrap();
        csv.map(|row| {
            row.map(|AccountRow { line, email, name, hash }| (line, email, name, hash)).map_err(|e| e.to_string())
        })
        .collect()
    }

    #[test]
    fn columns_come_in_any_order_and_quotes_are_read() {
        let text = "\u{feff}Name,hash,note,EMAIL\r\n\"Love, Ada\",a$b,x,ada@example.com\n\nBob,c$d,,bob@example.com";
        let row = |line, email: &str, name: &str, hash: &str| Ok((line, email.into(), name.into(), hash.into()));
        let expected = [row(2, "ada@example.com", "Love, Ada", "a$b"), row(4, "bob@example.com", "Bob", "c$d")];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_bad_row_is_told_and_the_next_is_read() {
        let read = rows("email,name,hash\na@example.com,A\nb@example.com,B,h\n");
        assert!(read[0].as_ref().unwrap_err().contains("line 2") && read[1].is_ok());
    }

    #[test]
    fn a_file_of_another_kind_is_told() {
        assert!(matches!(AccountsCsv::new(&b""[..]), Err(FileError::Empty)));
        let missing = AccountsCsv::new(&b"email,password\n"[..]).err().unwrap().to_string();
        assert!(missing.contains("name") && missing.contains("hash"), "{missing}");
        assert!(AccountsCsv::new(&b"\xff\xfe\x00"[..]).is_err());
    }
}
