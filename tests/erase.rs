//! Personal data is sealed where it is kept, and `souk erase` makes a person's unreadable for good.

mod support;

use std::path::Path;

use serde_json::json;
use support::buyer::Order;
use support::catalogue::Csv;
use support::shop::Shop;

/// Words that stand in no other place than personal data.
const EMAIL: &str = "zaphod.beeblebrox@heartofgold.example";
const STREET: &str = "42 Improbability Drive";
const MESSAGE: &str = "where did I leave my other head";

#[tokio::test]
async fn an_erased_person_is_in_no_file_and_everything_else_goes_on() {
    let mut shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99")).await;
    let client = shop.client();
    let (zaphod, trillian) = (client.guest("Zaphod").await, client.guest("Trillian").await);
    let lamp = client.variant("lamp").await;
    let room = client.acting_as(&zaphod.token).product_room(&lamp.product_id).await;
    client.acting_as(&zaphod.token).post_message(&room, MESSAGE, "1").await.expect(201);
    client.acting_as(&trillian.token).post_message(&room, "next to the first", "1").await.expect(201);

    let cart = client.new_cart().await;
    client.add_line(&cart, &lamp, 1).await.expect(200);
    let address = json!({"name": "Zaphod", "line1": STREET, "city": "Betelgeuse", "postal_code": "5", "country": "DE"});
    client.change_cart(&cart, json!({"email": EMAIL, "shipping_address": address})).await.expect(200);
    let option = client.shipping_option(&cart).await;
    client.change_cart(&cart, json!({"shipping_option_id": option})).await.expect(200);
    let order = Order::from(&client.place_to_the_end(&cart, "key").await);
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;

    for words in [EMAIL, STREET, MESSAGE] {
        assert_eq!(files_with(shop.folder(), words), [""; 0], "{words:?} is kept in the clear");
    }
    assert_eq!(client.get(&format!("/api/v1/carts/{cart}")).await.expect(200)["email"], EMAIL);

    shop.close().await;
    for person in [&zaphod.id, &cart] {
        shop.run(&["erase", person]).await.assert_succeeded();
        shop.run(&["erase", person]).await.assert_failed().assert_says(&["nothing is kept"]);
    }
    shop.run(&["erase", "somebody"]).await.assert_failed().assert_says(&["acct_", "guest_", "cart_"]);
    shop.check().await;

    shop.open().await;
    let client = shop.client();
    let texts: Vec<_> = client.messages(&room).await.into_iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts.len(), 2);
    assert_ne!(texts[0], MESSAGE);
    assert_eq!(texts[1], "next to the first");
    assert_ne!(client.get(&format!("/api/v1/carts/{cart}")).await.expect(200)["email"], EMAIL);
    assert_eq!(client.order(&order).await.expect(200)["status"], "confirmed");
    // Whoever was erased can come back.
    client.acting_as(&zaphod.token).post_message(&room, "found it", "2").await.expect(201);
    shop.close_and_check().await;
}

/// The files below the folder that hold these words.
fn files_with(folder: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, words));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(words.len()).any(|part| part == words.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
    found
}
