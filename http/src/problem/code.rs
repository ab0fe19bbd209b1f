//! The codes that a problem can have, and what is told of each. Their lines are in [`super::table`].

use super::table::TABLE;

/// Names a problem for good: clients decide by it. The order is the table's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    MalformedRequest,
    MalformedJson,
    IdempotencyKeyMissing,
    IdempotencyKeyInvalid,
    WebhookMalformed,
    WebhookSignatureInvalid,
    WebhookStale,
    CredentialsMissing,
    InvalidCredentials,
    SecondFactorRequired,
    SessionOver,
    TokenExpired,
    TokenInvalid,
    Forbidden,
    OriginRefused,
    WrongPassword,
    NotFound,
    WebhookIntentUnknown,
    MethodNotAllowed,
    BodyTimedOut,
    CartCompleted,
    CartEmpty,
    CartInCheckout,
    DiscountEnded,
    DiscountNotApplicable,
    DiscountNotBegun,
    DiscountUsedUp,
    EmailTaken,
    InProgress,
    LinkInvalid,
    CodeWrong,
    SecondFactorExists,
    TooMany,
    NotARoom,
    NotOnSale,
    NotSubscribed,
    OrderNotCancellable,
    OtherPerson,
    OutOfStock,
    PaymentClosed,
    PriceChanged,
    QuantityTooLarge,
    RefundFailed,
    RefundTooLarge,
    RoomFull,
    SinceAhead,
    TooManyAttempts,
    TooManyLines,
    TooManyRefunds,
    TooManySubscriptions,
    TooManyWebhooks,
    BodyTooLarge,
    UnsupportedMediaType,
    DomainNotServed,
    CartIncomplete,
    DiscountUnknown,
    IdempotencyKeyReused,
    InvalidBody,
    InvalidCursor,
    InvalidParameter,
    UnknownOp,
    UpgradeRequired,
    RateLimited,
    TooManyTries,
    Internal,
    Overloaded,
    Restarting,
    Stopping,
    StoreUnavailable,
    TimedOut,
}

/// Whether sending the request again can help, and do no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same request gets the same answer.
    Never,
    /// After something about it, or about what it names, has changed.
    AfterChange,
    /// Nothing was done. Safe after `Retry-After`.
    Later,
    /// It is not known whether it had its effect. Safe after `Retry-After` for what only reads, and for
    /// the rest with the same key or `client_id`.
    SameKey,
}

#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub code: Code,
    pub name: &'static str,
    pub status: u16,
    pub title: &'static str,
    pub meaning: &'static str,
    pub retry: Retry,
}

impl Code {
    pub fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }
}

impl Retry {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Never => "No: the answer stays the same.",
            Self::AfterChange => "After a change.",
            Self::Later => "Yes, after `Retry-After`.",
            Self::SameKey => "Yes, after `Retry-After`; what changes something only with the same key.",
        }
    }
}
