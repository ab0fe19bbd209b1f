//! What a request holds and cannot hold: 413 to 426.

use super::super::code::Code::*;
use super::super::code::Entry;
use super::super::code::Retry::*;
use super::entry;

pub const ENTRIES: [Entry; 11] = [
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
        DomainNotServed,
        "domain_not_served",
        421,
        Never,
        "This node does not serve this",
        "The node was started for other domains (`serve --domains`); whatever balances the load sent the request to the wrong one.",
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
];
