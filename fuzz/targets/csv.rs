//! A catalogue file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use souk_domain::money::Currency;
use souk_integrations::shopify_csv::ShopifyCsv;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(csv) = ShopifyCsv::new(bytes, Currency::USD) {
        csv.for_each(drop);
    }
});
