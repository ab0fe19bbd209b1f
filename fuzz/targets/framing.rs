//! The bytes of a connection: they are followed the same however they are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use souk_http::server::framing::Framing;

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (piece, bytes) = input;
    let (mut whole, mut cut) = (bytes.clone(), bytes);
    Framing::default().check(&mut whole);
    let mut framing = Framing::default();
    cut.chunks_mut(usize::from(piece).max(1)).for_each(|piece| framing.check(piece));
    assert_eq!(whole, cut);
});
