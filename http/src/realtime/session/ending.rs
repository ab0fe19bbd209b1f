//! Why a session ends.

/// The numbers are those of RFC 6455, section 7.4.1, and of the IANA registry of close codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client closed, with its own code where it gave one.
    Client(Option<u16>),
    /// It did not take what it was sent, and was told where to resume.
    FellBehind,
    /// A log could not be read on; it was told where to resume.
    Unreadable,
    Stopping,
    Idle,
    TooLarge,
    InvalidText,
    Binary,
    Protocol(&'static str),
    TooManyFaults,
    TokenExpired,
}

impl Ending {
    pub fn close_code(self) -> u16 {
        match self {
            Self::Client(code) => code.unwrap_or(1000),
            Self::Stopping | Self::Idle => 1001,
            Self::Protocol(_) => 1002,
            Self::Binary => 1003,
            Self::InvalidText => 1007,
            Self::TooManyFaults | Self::TokenExpired => 1008,
            Self::TooLarge => 1009,
            Self::FellBehind | Self::Unreadable => 1013,
        }
    }

    /// Fits into a close frame, which has room for 123 bytes of it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Client(_) => "",
            Self::FellBehind => "too slow: connect again and subscribe from the numbers given",
            Self::Unreadable => "a topic cannot be read now: connect again and subscribe from the numbers given",
            Self::Stopping => "the server is stopping: connect again",
            Self::Idle => "nothing was heard from the client",
            Self::TooLarge => "the message is too large",
            Self::InvalidText => "the text is not UTF-8",
            Self::Binary => "only text frames are understood",
            Self::Protocol(what) => what,
            Self::TooManyFaults => "too many messages that make no sense",
            Self::TokenExpired => "the token has expired and was not renewed",
        }
    }
}
