//! Bytes to records: quotes, line ends and physical lines, with a bound on each record.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader};

use super::RowError;

/// The text of a record may have at most this many bytes, which also ends the search for a closing quote.
pub(super) const MAX_RECORD_BYTES: usize = 1 << 20;
pub(super) const MAX_FIELDS: usize = 4_096;

/// Reads record after record from a file into one buffer.
pub(crate) struct Records<R> {
    input: BufReader<R>,
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    position: Position,
}

/// A record, its fields still bytes.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub line: u64,
    pub text: &'a [u8],
    /// Where each field ends in `text`.
    pub ends: &'a [usize],
}

impl Record<'_> {
    /// Spreadsheets write rows of commas below the last product.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }
}

/// Why there is no record. The reader stands behind the faulty one.
pub(crate) enum Fault {
    Io(io::Error),
    Row(RowError),
}

#[derive(Default)]
struct Position {
    bytes: u64,
    line_ends: u64,
    after_carriage_return: bool,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, skipped: u64) -> Self {
        Self {
            input: BufReader::with_capacity(64 << 10, input),
            parser: Reader::new(),
            text: vec![0; 4 << 10],
            ends: vec![0; 64],
            position: Position { bytes: skipped, ..Position::default() },
        }
    }

    pub fn bytes_read(&self) -> u64 {
        self.position.bytes
    }

    /// The physical line the reader stands in.
    pub fn line(&self) -> u64 {
        self.position.line_ends + 1
    }

    /// How much memory the current record may take, for the tests that it stays bounded.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    /// The next record; none at the end of the file.
    pub fn read(&mut self) -> Result<Option<Record<'_>>, Fault> {
        if !self.skip_line_ends().map_err(Fault::Io)? {
            return Ok(None);
        }
        let line = self.line();
        let (mut text_len, mut fields, mut too_large) = (0, 0, false);
        loop {
            let input = fill(&mut self.input).map_err(Fault::Io)?;
            let at_end = input.is_empty();
            // A line end closes the last record unless a quote is still open.
            let input = if at_end { b"\n" } else { input };
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.text[text_len..], &mut self.ends[fields..]);
            if !at_end {
                self.position.pass(&input[..read]);
                self.input.consume(read);
            }
            text_len += written;
            fields += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::InputEmpty if at_end => {
                    self.parser.reset();
                    return Err(fault(line, "a quote is opened here and not closed before the end of the file"));
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < MAX_RECORD_BYTES => {
                    self.text.resize((self.text.len() * 2).min(MAX_RECORD_BYTES), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_FIELDS => {
                    self.ends.resize((self.ends.len() * 2).min(MAX_FIELDS), 0);
                }
                // Reads on to the end of the record, over and over into the same buffer.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (text_len, fields, too_large) = (0, 0, true);
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
        if too_large {
            let reason = format!(
                "the row is longer than {MAX_RECORD_BYTES} bytes or {MAX_FIELDS} fields: is a quote missing in it?"
            );
            return Err(fault(line, &reason));
        }
        let Self { text, ends, .. } = self;
        Ok(Some(Record { line, text: &text[..text_len], ends: &ends[..fields] }))
    }

    /// Stands at the first byte of the next record afterwards, so that its line is known; false at the end.
    fn skip_line_ends(&mut self) -> io::Result<bool> {
        loop {
            let input = fill(&mut self.input)?;
            let count = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let (at_end, found) = (input.is_empty(), count < input.len());
            self.position.pass(&input[..count]);
            self.input.consume(count);
            if at_end || found {
                return Ok(found);
            }
        }
    }
}

impl Position {
    fn pass(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for byte in bytes {
            // "\r\n" is one line end, and so is either alone.
            if *byte == b'\r' || (*byte == b'\n' && !self.after_carriage_return) {
                self.line_ends += 1;
            }
            self.after_carriage_return = *byte == b'\r';
        }
    }
}

fn fill<R: Read>(input: &mut BufReader<R>) -> io::Result<&[u8]> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    // Asked again because a borrow can't leave the loop; it answers from the buffer.
    input.fill_buf()
}

fn fault(line: u64, reason: &str) -> Fault {
    Fault::Row(RowError { line, column: String::new(), reason: reason.to_owned() })
}
