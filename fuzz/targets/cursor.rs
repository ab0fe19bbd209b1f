//! Where the next page of a list goes on: of a search, and of a list by time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use souk_domain::id::OrderId;
use souk_http::extract::place::{Place, cursor};
use souk_persistence::search::Cursor;

fuzz_target!(|input: (u64, bool, &str)| {
    let (question, by_text, text) = input;
    if let Ok(read) = Cursor::read(text, question, by_text) {
        assert_eq!(read.write(question), text.to_lowercase());
    }
    let place = serde_json::from_value::<Place>(text.into());
    if let Some(place) = place.ok().and_then(|place| place.named::<OrderId>().ok()) {
        let again = serde_json::from_value::<Place>(cursor(place).into()).expect("a cursor that was given");
        assert_eq!(again.named::<OrderId>().expect("an order"), place);
    }
});
