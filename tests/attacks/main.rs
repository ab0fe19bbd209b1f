//! Attacks on the real binary over loopback. Each does what an attacker would, and then looks whether others are still
//! served (`others`) and whether what was stated about bounds held. Speeds are told and not judged: the machine has other
//! guests.
//!
//! * `slow`: thousands of sockets that take their time
//! * `flood`: more addresses than a limiter can remember, and more calls than one of them may make
//! * `sign_in`: guessing of passwords, by one and by many
//! * `shapes`: requests that two servers in a row could read differently
//! * `paths`: paths that lead out of the folder
//! * `pages`: pages of other origins
//! * `certificates`: TLS, and a certificate that is replaced while it is served
//! * `services`: the reference services' own ports

#[path = "../support/mod.rs"]
mod support;

mod certificates;
mod flood;
mod others;
mod pages;
mod paths;
mod services;
mod shapes;
mod sign_in;
mod slow;
mod wire;

use support::catalogue::Csv;
use support::shop::Shop;

/// Open, with a lamp to look at. Limits are off unless a test is about them: all clients here have one address.
async fn open(settings: &[(&str, &str)]) -> Shop {
    let goods = Csv::new().product("lamp", 10, "19.99");
    let shop = settings.iter().fold(Shop::new(), |shop, (key, value)| shop.set(key, value));
    shop.opened_with(&goods).await
}

/// Whether the long forms are asked for.
fn is_long() -> bool {
    std::env::var("SOUK_LONG").is_ok_and(|value| value == "1")
}
