//! Every code that a problem can have, in one table. `docs/errors.md` and the page `/errors` are made from it.

/// Names a problem for good: clients decide by it. The order is the table's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    MalformedRequest,
    MalformedJson,
    IdempotencyKeyMissing,
    IdempotencyKeyInvalid,
    CredentialsMissing,
    TokenExpired,
    TokenInvalid,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    CartCompleted,
    CartEmpty,
    CartInCheckout,
    DiscountEnded,
    DiscountNotApplicable,
    DiscountNotBegun,
    DiscountUsedUp,
    InProgress,
    NotARoom,
    NotOnSale,
    NotSubscribed,
    OrderNotCancellable,
    OtherPerson,
    OutOfStock,
    PaymentClosed,
    PriceChanged,
    QuantityTooLarge,
    RefundTooLarge,
    RoomFull,
    SinceAhead,
    TooManyAttempts,
    TooManyLines,
    TooManySubscriptions,
    BodyTooLarge,
    UnsupportedMediaType,
    CartIncomplete,
    DiscountUnknown,
    IdempotencyKeyReused,
    InvalidBody,
    InvalidCursor,
    InvalidParameter,
    UnknownOp,
    UpgradeRequired,
    RateLimited,
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
    use Code::*;
    use Retry::*;
    [
        entry(
            MalformedRequest,
            "malformed_request",
            400,
            Never,
            "The request could not be read",
            "Its body broke off, or a header or the URL is not what the protocol allows.",
        ),
        entry(
            MalformedJson,
            "malformed_json",
            400,
            Never,
            "The body is not JSON",
            "It is not well-formed JSON in UTF-8, or nested more than 128 levels deep.",
        ),
        entry(
            IdempotencyKeyMissing,
            "idempotency_key_missing",
            400,
            AfterChange,
            "An Idempotency-Key is needed",
            "Send the header `Idempotency-Key` with a fresh random value, and the same value whenever the request is sent again.",
        ),
        entry(
            IdempotencyKeyInvalid,
            "idempotency_key_invalid",
            400,
            AfterChange,
            "The Idempotency-Key cannot be used",
            "It has 1 to 255 visible ASCII characters, bare or in double quotes, and is sent once.",
        ),
        entry(
            CredentialsMissing,
            "credentials_missing",
            401,
            AfterChange,
            "A token is needed",
            "Send `Authorization: Bearer` with an access token; `POST /api/v1/sessions/guest` gives one to anybody.",
        ),
        entry(
            TokenExpired,
            "token_expired",
            401,
            AfterChange,
            "The token has expired",
            "Said by a live session: send `authenticate` with a new token of the same person.",
        ),
        entry(
            TokenInvalid,
            "token_invalid",
            401,
            AfterChange,
            "The token is not valid",
            "It was not made here, is not a token, or is not valid yet. Get a new one.",
        ),
        entry(
            Forbidden,
            "forbidden",
            403,
            Never,
            "Not permitted",
            "The thing is visible, but this needs a permission that the token does not have.",
        ),
        entry(
            NotFound,
            "not_found",
            404,
            AfterChange,
            "Not found",
            "There is no such thing, or it belongs to somebody else: the two cannot be told apart.",
        ),
        entry(
            MethodNotAllowed,
            "method_not_allowed",
            405,
            Never,
            "The method is not known here",
            "The header `Allow` names those that are.",
        ),
        entry(
            CartCompleted,
            "cart_completed",
            409,
            Never,
            "The cart has been bought",
            "Its order is paid. A new purchase takes a new cart.",
        ),
        entry(CartEmpty, "cart_empty", 409, AfterChange, "The cart is empty", "An order needs at least one line."),
        entry(
            CartInCheckout,
            "cart_in_checkout",
            409,
            AfterChange,
            "An order of this cart is open",
            "`order_id` names it. The cart can be changed again once that order is cancelled or expired.",
        ),
        entry(
            DiscountEnded,
            "discount_ended",
            409,
            Never,
            "The discount has ended",
            "`items` has its `code`. The cart is as it was.",
        ),
        entry(
            DiscountNotApplicable,
            "discount_not_applicable",
            409,
            AfterChange,
            "The discount is not for this cart",
            "`items` has its `code` and why: `discount_country`, `discount_minimum` or `discount_no_matching_line`. The cart is as it was.",
        ),
        entry(
            DiscountNotBegun,
            "discount_not_begun",
            409,
            AfterChange,
            "The discount has not begun",
            "`items` has its `code`. The cart is as it was.",
        ),
        entry(
            DiscountUsedUp,
            "discount_used_up",
            409,
            AfterChange,
            "The discount is used up",
            "`items` has each `code` that has no use left, in all or for this buyer. The cart is open again: take the code off it and use a new key.",
        ),
        entry(
            InProgress,
            "in_progress",
            409,
            SameKey,
            "The same request is still running",
            "The first request with this key has no answer yet. Send it again with the same key after `Retry-After`.",
        ),
        entry(
            NotARoom,
            "not_a_room",
            409,
            Never,
            "Only rooms can be written to",
            "Said by a live session: messages and signals go to `room:ID` topics.",
        ),
        entry(
            NotOnSale,
            "not_on_sale",
            409,
            AfterChange,
            "Some lines are no longer sold",
            "`items` names their variants. Take them out of the cart.",
        ),
        entry(
            NotSubscribed,
            "not_subscribed",
            409,
            AfterChange,
            "The topic is not followed",
            "Said by a live session: signals are for those who follow the room.",
        ),
        entry(
            OrderNotCancellable,
            "order_not_cancellable",
            409,
            Never,
            "The order can no longer be cancelled",
            "It is paid, or has ended in another way.",
        ),
        entry(
            OtherPerson,
            "other_person",
            409,
            Never,
            "The session belongs to another person",
            "Said by a live session: it has one person for as long as it lives. Open another one.",
        ),
        entry(
            OutOfStock,
            "out_of_stock",
            409,
            AfterChange,
            "Not enough in stock",
            "`items` says for each variant how many are left. Nothing is held, and the cart is open again.",
        ),
        entry(
            PaymentClosed,
            "payment_closed",
            409,
            Never,
            "The payment is closed",
            "Its order was cancelled or has expired. Nothing was captured by this request.",
        ),
        entry(
            PriceChanged,
            "price_changed",
            409,
            AfterChange,
            "Prices have changed",
            "`items` has the old and new price of each line; without items only the total differs from the expected one. The cart shows the new prices.",
        ),
        entry(
            QuantityTooLarge,
            "quantity_too_large",
            409,
            AfterChange,
            "More than a line can hold",
            "A line of a cart holds at most 999 units.",
        ),
        entry(
            RefundTooLarge,
            "refund_too_large",
            409,
            AfterChange,
            "More than can be given back",
            "A refund is at most what was captured and not given back yet.",
        ),
        entry(RoomFull, "room_full", 409, Never, "The room is full", "No more people can join it."),
        entry(
            SinceAhead,
            "since_ahead",
            409,
            AfterChange,
            "The topic has not come so far",
            "Said by a live session: `since` is above the topic's newest number, which is `head`.",
        ),
        entry(
            TooManyAttempts,
            "too_many_attempts",
            409,
            Never,
            "Tried too many times",
            "No more attempts are taken on this payment. Cancel the order and place a new one.",
        ),
        entry(
            TooManyLines,
            "too_many_lines",
            409,
            AfterChange,
            "The cart has too many lines",
            "A cart holds at most 500 lines.",
        ),
        entry(
            TooManySubscriptions,
            "too_many_subscriptions",
            409,
            AfterChange,
            "Too many topics are followed",
            "Said by a live session: unsubscribe from some, or open another one.",
        ),
        entry(
            BodyTooLarge,
            "body_too_large",
            413,
            Never,
            "The body is too large",
            "It has more bytes than the server takes.",
        ),
        entry(
            UnsupportedMediaType,
            "unsupported_media_type",
            415,
            AfterChange,
            "The body must be JSON",
            "Send `Content-Type: application/json`.",
        ),
        entry(
            CartIncomplete,
            "cart_incomplete",
            422,
            AfterChange,
            "The cart lacks what an order needs",
            "`errors` names what is missing: the email, the shipping address or the shipping option.",
        ),
        entry(
            DiscountUnknown,
            "discount_unknown",
            422,
            AfterChange,
            "No discount has this code",
            "`errors` points at the code. The cart is as it was.",
        ),
        entry(
            IdempotencyKeyReused,
            "idempotency_key_reused",
            422,
            AfterChange,
            "The key was used for another request",
            "An Idempotency-Key stands for one request with one body. Take a new key.",
        ),
        entry(
            InvalidBody,
            "invalid_body",
            422,
            AfterChange,
            "Some fields cannot be taken",
            "`errors` points at each of them: unknown, missing, of the wrong type, or out of range.",
        ),
        entry(
            InvalidCursor,
            "invalid_cursor",
            422,
            AfterChange,
            "The cursor cannot be used",
            "It is not one that a page gave, or belongs to another question. Start again without a cursor.",
        ),
        entry(
            InvalidParameter,
            "invalid_parameter",
            422,
            AfterChange,
            "Some parameters cannot be taken",
            "`errors` names each of them as `?name`: unknown, given twice, of the wrong type, or out of range.",
        ),
        entry(
            UnknownOp,
            "unknown_op",
            422,
            Never,
            "There is no such operation",
            "Said by a live session: it knows authenticate, subscribe, unsubscribe, publish, signal and ping.",
        ),
        entry(
            UpgradeRequired,
            "upgrade_required",
            426,
            Never,
            "This is a WebSocket",
            "Connect with a WebSocket client (RFC 6455, version 13) over HTTP/1.1.",
        ),
        entry(
            RateLimited,
            "rate_limited",
            429,
            Later,
            "Too many requests",
            "The headers `RateLimit-Policy` and `RateLimit` say what is allowed and what is left.",
        ),
        entry(
            Internal,
            "internal",
            500,
            SameKey,
            "Something broke",
            "A fault of the server, which is logged under the `request_id`.",
        ),
        entry(
            Overloaded,
            "overloaded",
            503,
            Later,
            "Too busy",
            "More is going on than can be taken in. Nothing was done.",
        ),
        entry(
            Restarting,
            "restarting",
            503,
            SameKey,
            "It is being restarted",
            "What was asked broke and is coming back from its journal.",
        ),
        entry(
            Stopping,
            "stopping",
            503,
            SameKey,
            "The server is stopping",
            "Another one, or this one again, will answer.",
        ),
        entry(
            StoreUnavailable,
            "store_unavailable",
            503,
            SameKey,
            "The store is not available",
            "The database did not answer.",
        ),
        entry(TimedOut, "timed_out", 503, SameKey, "No answer in time", "It took longer than a request may take."),
    ]
};

// A code that stands in the wrong line of the table does not compile.
const _: () = {
    let mut line = 0;
    while line < TABLE.len() {
        assert!(TABLE[line].code as usize == line);
        line += 1;
    }
};

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
