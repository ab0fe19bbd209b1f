//! The body of a call.
#![no_main]

use libfuzzer_sys::fuzz_target;
use souk_http::extract::json::parse;

fuzz_target!(|bytes: &[u8]| {
    if let Err(problem) = parse::<serde_json::Value>(bytes) {
        assert!(matches!(problem.entry().status, 400 | 422));
    }
});
