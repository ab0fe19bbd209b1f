//! The iterator over a file.

use std::io::{self, Chain, Cursor, Read};

use souk_domain::money::Currency;

use super::block::{self, Block};
use super::error::FileError;
use super::header::Header;
use super::records::{Fault, Records};
use super::row::Row;
use super::{ImportItem, RowError};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of the file is looked at before it is taken for text.
const PROBE_BYTES: u64 = 8 << 10;
/// So many errors are handed over before their block is complete.
pub(super) const MAX_PENDING_ERRORS: usize = 1_000;

/// Reads a product file: one item for each block of consecutive rows with the same handle, one block in memory
/// at a time. A handle that comes again later in the file is another block.
pub struct ShopifyCsv<R> {
    records: Records<Chain<Cursor<Vec<u8>>, R>>,
    header: Header,
    currency: Currency,
    block: Option<Block>,
    errors: Vec<RowError>,
    ended: bool,
}

impl<R: Read> ShopifyCsv<R> {
    /// Reads the header. Prices are taken to be in `currency`: the file doesn't say.
    ///
    /// # Errors
    /// When the file isn't a product CSV in UTF-8 or lacks a column that is needed.
    pub fn new(mut reader: R, currency: Currency) -> Result<Self, FileError> {
        let mut probe = Vec::new();
        reader.by_ref().take(PROBE_BYTES).read_to_end(&mut probe)?;
        if probe.starts_with(b"\xFF\xFE") || probe.starts_with(b"\xFE\xFF") {
            return Err(FileError::Utf16);
        }
        let skipped = if probe.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
        let first_line = probe.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(probe.len());
        if let Some(error) = not_text(&probe, first_line) {
            return Err(error);
        }
        let not_text = not_text(&probe, probe.len());
        let mut start = Cursor::new(probe);
        start.set_position(skipped as u64);
        let mut records = Records::new(start.chain(reader), skipped as u64);
        // A file of another kind may begin with a line of text: then that it isn't text is the better answer.
        let header = read_header(&mut records).map_err(|error| match error {
            FileError::Io(_) => error,
            _ => not_text.unwrap_or(error),
        })?;
        Ok(Self { records, header, currency, block: None, errors: Vec::new(), ended: false })
    }

    /// What is odd about the header, but does no harm: columns that nobody knows.
    pub fn warnings(&self) -> &[String] {
        &self.header.warnings
    }

    /// How far the file has been read.
    pub fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    #[cfg(test)]
    pub(super) fn record_capacity(&self) -> usize {
        self.records.capacity()
    }

    /// Takes in the next record; an item when it ends a block.
    fn step(&mut self) -> Option<ImportItem> {
        let Self { records, header, currency, block, errors, ended } = self;
        let record = match records.read() {
            Ok(Some(record)) if record.is_blank() => return None,
            Ok(Some(record)) => record,
            Ok(None) => {
                *ended = true;
                return None;
            }
            Err(Fault::Row(error)) => {
                errors.push(error);
                return None;
            }
            Err(Fault::Io(error)) => {
                *ended = true;
                errors.push(unreadable(&error, records.line()));
                return None;
            }
        };
        let row = Row::new(record, header).and_then(|row| Ok((block::handle(&row)?, row)));
        let (handle, row) = match row {
            Ok(row) => row,
            Err(error) => {
                errors.push(error);
                return None;
            }
        };
        match block {
            Some(block) if block.handle == handle => {
                block.add(&row, *currency, errors);
                None
            }
            _ => {
                let finished = close(block.take(), errors);
                *block = Some(Block::start(handle, &row, *currency, errors));
                finished
            }
        }
    }
}

impl<R: Read> Iterator for ShopifyCsv<R> {
    type Item = ImportItem;

    fn next(&mut self) -> Option<ImportItem> {
        while !self.ended {
            if let Some(item) = self.step() {
                return Some(item);
            }
            if self.errors.len() >= MAX_PENDING_ERRORS {
                return Some(ImportItem { product: None, errors: std::mem::take(&mut self.errors) });
            }
        }
        close(self.block.take(), &mut self.errors)
    }
}

/// The item of a block, with the errors found up to its end; none when there is nothing to tell.
fn close(block: Option<Block>, errors: &mut Vec<RowError>) -> Option<ImportItem> {
    let product = block.and_then(|block| block.finish(errors));
    let errors = std::mem::take(errors);
    (product.is_some() || !errors.is_empty()).then_some(ImportItem { product, errors })
}

fn read_header<R: Read>(records: &mut Records<R>) -> Result<Header, FileError> {
    let record = match records.read() {
        Ok(Some(record)) if !record.is_blank() => record,
        Ok(_) => return Err(FileError::Empty),
        Err(Fault::Io(error)) => return Err(FileError::Io(error)),
        Err(Fault::Row(error)) => return Err(FileError::Header(error.to_string())),
    };
    let starts = std::iter::once(&0).chain(record.ends);
    let names = starts.zip(record.ends).map(|(start, end)| String::from_utf8(record.text[*start..*end].to_vec()));
    let names = names.collect::<Result<Vec<_>, _>>().map_err(|error| FileError::Header(error.to_string()))?;
    Header::new(names)
}

/// Where the first `until` bytes stop being text.
fn not_text(probe: &[u8], until: usize) -> Option<FileError> {
    let bytes = &probe[..until];
    let invalid = match str::from_utf8(bytes) {
        // The probe may end inside a character, a line may not.
        Err(error) if error.error_len().is_some() || until < probe.len() => Some(error.valid_up_to()),
        _ => None,
    };
    let nul = bytes.iter().position(|byte| *byte == 0);
    let offset = [invalid, nul].into_iter().flatten().min()?;
    let line = 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count() as u64;
    Some(FileError::NotText { line, offset: offset as u64 })
}

fn unreadable(error: &io::Error, line: u64) -> RowError {
    RowError { line, column: String::new(), reason: format!("the file can't be read any further: {error}") }
}
