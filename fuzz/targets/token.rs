//! An access token.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use souk_domain::time::Timestamp;
use souk_http::config::TokenConfig;
use souk_http::token::Tokens;
use souk_persistence::stores::SigningKeyRecord;

static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
    let record = SigningKeyRecord { kid: "k".to_owned(), secret: vec![7; 32], created_at: Timestamp::from_millis(0), ends_at: None };
    Tokens::new(&TokenConfig::default(), &[record]).expect("a key")
});

fuzz_target!(|text: &str| assert!(TOKENS.verify(text).is_err()));
