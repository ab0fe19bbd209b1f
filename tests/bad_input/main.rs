//! What clients must not send: each gets a clear refusal, and the next one is served as if nothing had happened.
//!
//! * `bodies`: JSON that is broken, too large, too deep or not what the call takes
//! * `fields`: values that no field takes
//! * `parameters`: URLs, ids, cursors, headers
//! * `orders`: what speaks against an order or a payment
//! * `frames`: the same on `/ws`

#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod fields;
mod frames;
mod orders;
mod parameters;

use support::catalogue::Csv;
use support::client::Client;
use support::shop::Shop;

async fn shop_with_lamps() -> (Shop, Client) {
    let goods = (0..5).fold(Csv::new(), |csv, number| csv.product(&format!("lamp-{number}"), 10, "19.99"));
    let shop = Shop::new().opened_with(&goods).await;
    let client = shop.client();
    (shop, client)
}

/// The server that was sent all this still serves, has crashed nowhere and has kept its books.
async fn unharmed(mut shop: Shop) {
    let client = shop.client();
    let lamp = client.variant("lamp-0").await;
    let order = client.ordered(&[(&lamp, 1)]).await;
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}
