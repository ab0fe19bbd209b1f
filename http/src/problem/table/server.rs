//! Too much, and faults of the server: 429 to 503.

use super::super::code::Code::*;
use super::super::code::Entry;
use super::super::code::Retry::*;
use super::entry;

pub const ENTRIES: [Entry; 8] = [
    entry(
        RateLimited,
        "rate_limited",
        429,
        Later,
        "Too many requests",
        "The headers `RateLimit-Policy` and `RateLimit` say what is allowed and what is left.",
    ),
    entry(
        TooManyTries,
        "too_many_tries",
        429,
        Later,
        "Too many tries",
        "Wrong passwords or codes, or mails that were asked for: wait as long as `Retry-After` says. The wait grows with each, to an hour at most.",
    ),
    entry(
        Internal,
        "internal",
        500,
        SameKey,
        "Something broke",
        "A fault of the server, which is logged under the `request_id`.",
    ),
    entry(Overloaded, "overloaded", 503, Later, "Too busy", "More is going on than can be taken in. Nothing was done."),
    entry(
        Restarting,
        "restarting",
        503,
        SameKey,
        "It is being restarted",
        "What was asked broke and is coming back from its journal.",
    ),
    entry(Stopping, "stopping", 503, SameKey, "The server is stopping", "Another one, or this one again, will answer."),
    entry(
        StoreUnavailable,
        "store_unavailable",
        503,
        SameKey,
        "The store is not available",
        "The database did not answer.",
    ),
    entry(TimedOut, "timed_out", 503, SameKey, "No answer in time", "It took longer than a request may take."),
];
