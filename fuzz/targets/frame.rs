//! A message of a client on `/ws`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use souk_http::realtime::ws::requests::Request;

fuzz_target!(|bytes: &[u8]| {
    let _ = Request::read(bytes);
    let _ = Request::id_of(bytes);
});
