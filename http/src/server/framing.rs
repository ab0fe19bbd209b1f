//! A second look at where one HTTP/1 request ends and the next begins, for shapes that two servers in a row could
//! read differently (RFC 9112, section 11.2). hyper takes some of them kindly: a line that ends in a bare LF, a
//! `Content-Length` that comes twice or beside `Transfer-Encoding`. Behind a proxy that reads them otherwise, the
//! rest of such a request would be somebody else's next one.
//!
//! Nothing is buffered or parsed twice here: the bytes are followed as they come, and where one may not be, it is
//! made a NUL, which no head may hold. hyper then answers 400 and closes the connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Follows the bytes of one connection.
#[derive(Debug, Default)]
pub struct Framing {
    state: State,
    /// Set once the connection was handed to something else, as a socket is: what follows is not ours to judge.
    upgraded: Arc<AtomicBool>,
    /// The name of the header that is being read, as far as it could be one of those that matter.
    name: Name,
    /// What the head has said so far.
    head: Head,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a request line; empty lines are passed over.
    #[default]
    Between,
    RequestLine {
        /// How many bytes of HTTP/2's preface it began with.
        preface: usize,
    },
    LineStart,
    Name,
    Value,
    /// After a CR: only LF may come.
    LineEnd,
    /// After the CR of the empty line.
    HeadEnd,
    Body {
        left: u64,
    },
    ChunkSize {
        size: u64,
    },
    ChunkExtension {
        size: u64,
    },
    Chunk {
        left: u64,
    },
    Trailer {
        /// Whether the line has anything in it.
        empty: bool,
    },
    /// Not HTTP/1 any more.
    Through,
}

/// The bytes that an HTTP/2 connection begins with, up to where no HTTP/1 request can follow them.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";
const LONGEST_NAME: usize = 17;

#[derive(Debug, Default, Clone, Copy)]
struct Name {
    bytes: [u8; LONGEST_NAME],
    /// More than fits: it is none of those that matter.
    length: usize,
}

#[derive(Debug, Default, Clone, Copy)]
struct Head {
    length: Option<u64>,
    is_chunked: bool,
    reads_length: bool,
}

/// A byte that may not be there.
struct Forbidden;

impl Framing {
    pub fn new(upgraded: Arc<AtomicBool>) -> Self {
        Self { upgraded, ..Self::default() }
    }

    /// Looks at what was read, and spoils what may not be in it.
    pub fn check(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            let rest = (bytes.len() - at) as u64;
            match &mut self.state {
                State::Through => return,
                State::Between if self.upgraded.load(Ordering::Acquire) => {
                    self.state = State::Through;
                    return;
                }
                State::Body { left } | State::Chunk { left } if *left > 0 => {
                    let passed = rest.min(*left);
                    *left -= passed;
                    at += usize::try_from(passed).unwrap_or(usize::MAX);
                    if self.state == (State::Body { left: 0 }) {
                        self.state = State::Between;
                    }
                    continue;
                }
                // Nothing but its end matters of most of a head: it is looked for, not walked to.
                State::RequestLine { preface: 0 } | State::Value if !self.head.reads_length => {
                    match memchr::memchr2(b'\r', b'\n', &bytes[at..]) {
                        Some(passed) => at += passed,
                        None => return,
                    }
                }
                _ => {}
            }
            if self.step(bytes[at]).is_err() {
                bytes[at] = 0;
                self.state = State::Through;
                return;
            }
            at += 1;
        }
    }

    fn step(&mut self, byte: u8) -> Result<(), Forbidden> {
        self.state = match (self.state, byte) {
            (State::Through, _) => State::Through,
            (State::Between, b'\r' | b'\n') => State::Between,
            (State::Between, _) => {
                self.head = Head::default();
                State::RequestLine { preface: usize::from(byte == PREFACE[0]) }
            }
            (State::RequestLine { preface }, _) if preface > 0 && PREFACE.get(preface) == Some(&byte) => {
                if preface + 1 == PREFACE.len() { State::Through } else { State::RequestLine { preface: preface + 1 } }
            }
            (State::RequestLine { .. } | State::Value, b'\r') => State::LineEnd,
            (State::RequestLine { .. } | State::Value | State::Name, b'\n') => return Err(Forbidden),
            (State::RequestLine { .. }, _) => State::RequestLine { preface: 0 },
            (State::Value, _) => self.value(byte)?,
            (State::LineEnd, b'\n') => State::LineStart,
            (State::LineEnd | State::HeadEnd, other) if other != b'\n' => return Err(Forbidden),
            (State::LineStart, b'\r') => State::HeadEnd,
            // A line that goes on with the next one (RFC 9112, section 5.2).
            (State::LineStart, b' ' | b'\t' | b'\n') => return Err(Forbidden),
            (State::LineStart, _) => {
                self.name = Name::default();
                self.name.push(byte);
                State::Name
            }
            (State::Name, b':') => self.name_ended()?,
            (State::Name, _) => {
                self.name.push(byte);
                State::Name
            }
            (State::HeadEnd | State::LineEnd, _) => self.body(),
            (State::Body { .. }, _) => State::Between,
            (State::ChunkSize { size }, _) => chunk_size(size, byte)?,
            (State::ChunkExtension { size: 0 }, b'\n') => State::Trailer { empty: true },
            (State::ChunkExtension { size }, b'\n') => State::Chunk { left: size.saturating_add(2) },
            (State::ChunkExtension { size }, _) => State::ChunkExtension { size },
            (State::Chunk { .. }, _) => return self.in_next_chunk(byte),
            (State::Trailer { empty: true }, b'\n') => State::Between,
            (State::Trailer { .. }, b'\n') => State::Trailer { empty: true },
            (State::Trailer { empty }, b'\r') => State::Trailer { empty },
            (State::Trailer { .. }, _) => State::Trailer { empty: false },
        };
        Ok(())
    }

    /// A chunk and its line end are over: this byte is of the next size.
    fn in_next_chunk(&mut self, byte: u8) -> Result<(), Forbidden> {
        self.state = chunk_size(0, byte)?;
        Ok(())
    }

    fn name_ended(&mut self) -> Result<State, Forbidden> {
        self.head.reads_length = false;
        if self.name.is(b"content-length") {
            if self.head.length.is_some() || self.head.is_chunked {
                return Err(Forbidden);
            }
            self.head.length = Some(0);
            self.head.reads_length = true;
        } else if self.name.is(b"transfer-encoding") {
            if self.head.length.is_some() || self.head.is_chunked {
                return Err(Forbidden);
            }
            self.head.is_chunked = true;
        }
        Ok(State::Value)
    }

    fn value(&mut self, byte: u8) -> Result<State, Forbidden> {
        if self.head.reads_length {
            match (byte, self.head.length) {
                (b'0'..=b'9', Some(length)) => {
                    let next = length.checked_mul(10).and_then(|length| length.checked_add(u64::from(byte - b'0')));
                    self.head.length = Some(next.ok_or(Forbidden)?);
                }
                (b' ' | b'\t', _) => {}
                _ => return Err(Forbidden),
            }
        }
        Ok(State::Value)
    }

    fn body(&self) -> State {
        match self.head {
            Head { is_chunked: true, .. } => State::ChunkSize { size: 0 },
            Head { length: Some(left), .. } if left > 0 => State::Body { left },
            Head { .. } => State::Between,
        }
    }
}

/// hyper itself refuses what is no size; this only has to agree with it on what is one.
fn chunk_size(size: u64, byte: u8) -> Result<State, Forbidden> {
    let digit = match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        b'\r' | b';' | b' ' | b'\t' => return Ok(State::ChunkExtension { size }),
        _ => return Err(Forbidden),
    };
    let size = size.checked_mul(16).and_then(|size| size.checked_add(u64::from(digit)));
    Ok(State::ChunkSize { size: size.ok_or(Forbidden)? })
}

impl Name {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte.to_ascii_lowercase();
        }
        self.length += 1;
    }

    fn is(&self, name: &[u8]) -> bool {
        self.bytes.get(..self.length) == Some(name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Read in pieces of so many bytes: whether nothing was spoiled.
    fn passes(bytes: &[u8], piece: usize) -> bool {
        let mut framing = Framing::default();
        let mut read = bytes.to_vec();
        read.chunks_mut(piece).for_each(|piece| framing.check(piece));
        read == bytes
    }

    const GOOD: [&[u8]; 7] = [
        b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"\r\nGET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\nb\rc",
        b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\na\nb\r\nA\r\n0123456789\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-sum: 1\r\n\r\n",
        b"GET /PRI HTTP/1.1\r\nx-content-length: 9\r\ncontent-length-x: 8\r\n\r\n",
    ];

    const BAD: [&[u8]; 11] = [
        b"GET / HTTP/1.1\nhost: a\n\n",
        b"GET / HTTP/1.1\r\nhost: a\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\n\n",
        b"GET / HTTP/1.1\r\nhost: a\r\n folded\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: +5\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n\r\n",
    ];

    #[test]
    fn what_is_clear_passes_and_what_is_not_is_spoiled_however_it_is_cut() {
        for piece in 1..40 {
            for good in GOOD {
                assert!(passes(good, piece), "{}", String::from_utf8_lossy(good));
            }
            for bad in BAD {
                assert!(!passes(bad, piece), "{}", String::from_utf8_lossy(bad));
            }
        }
    }

    #[test]
    fn the_shape_is_found_in_a_later_request_of_the_connection_too() {
        for good in GOOD {
            for bad in BAD {
                assert!(!passes(&[good, bad].concat(), 7), "{}", String::from_utf8_lossy(&[good, bad].concat()));
            }
            for next in GOOD {
                assert!(passes(&[good, next].concat(), 7));
            }
        }
    }

    #[test]
    fn other_protocols_are_not_judged() {
        assert!(passes(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\n\n \n", 3));
        let upgraded = Arc::new(AtomicBool::new(false));
        let mut framing = Framing::new(Arc::clone(&upgraded));
        framing.check(&mut b"GET /ws HTTP/1.1\r\nupgrade: websocket\r\n\r\n".to_owned());
        upgraded.store(true, Ordering::Release);
        let mut frame = b"\x81\x85\n\n\n\n \n".to_owned();
        framing.check(&mut frame);
        assert_eq!(&frame, b"\x81\x85\n\n\n\n \n");
    }

    proptest! {
        #[test]
        fn any_bytes_are_followed_the_same_however_they_are_cut(bytes: Vec<u8>, piece in 1_usize..50) {
            let spoil = |piece: usize| {
                let (mut framing, mut read) = (Framing::default(), bytes.clone());
                read.chunks_mut(piece).for_each(|piece| framing.check(piece));
                read
            };
            prop_assert_eq!(spoil(piece), spoil(usize::MAX));
        }

        #[test]
        fn bodies_are_not_looked_at(body: Vec<u8>, piece in 1_usize..50) {
            let next = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n".as_slice();
            let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
            prop_assert!(passes(&[head.as_bytes(), &body, next].concat(), piece));
            let size = format!("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len().max(1));
            let body = if body.is_empty() { vec![b'x'] } else { body };
            let chunked = [size.as_bytes(), &body, b"\r\n0\r\n\r\n", next].concat();
            prop_assert!(passes(&chunked, piece));
        }
    }
}
