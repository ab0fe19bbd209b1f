//! Orders, and what became known of them outside.

use std::path::Path;

use serde_json::{Value, json};

use super::receiver::Receiver;
use super::signature::expected;
use super::support::buyer::Order;
use super::support::catalogue::Csv;
use super::support::client::Client;
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

async fn open() -> Shop {
    let goods = Csv::new().product("lamp", 100, "19.99");
    Shop::new()
        .set("WEBHOOKS__ALLOW_PRIVATE", true)
        .set("WEBHOOKS__ALLOW_HTTP", true)
        .set("WEBHOOKS__RETRY_SECONDS", format!("{:?}", [1; 50]))
        .set("PUBLIC_URL", "https://shop.example/store")
        .opened_with(&goods)
        .await
}

async fn staff(shop: &Shop) -> Client {
    let token = shop.run(&["token", "--name", "boss"]).await;
    token.assert_succeeded();
    shop.client().acting_as(token.stdout.trim())
}

/// The endpoint, with its secret.
async fn endpoint(staff: &Client, receiver: &Receiver) -> Value {
    staff.post("/api/v1/webhooks", json!({ "url": receiver.url() })).await.expect(201)
}

async fn paid(shop: &Shop) -> Order {
    let client = shop.client();
    let lamp = client.variant("lamp").await;
    let order = client.ordered(&[(&lamp, 2)]).await;
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;
    order
}

/// The mails about an order, as they lie in the data folder.
fn mails(folder: &Path, order: &Order) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder.join("mail")) else { return vec![] };
    let paths = files.map(|file| file.expect("a file").path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    let texts = paths.map(|path| std::fs::read_to_string(path).expect("text"));
    texts.filter(|text| text.contains(&order.id)).collect()
}

async fn mailed(shop: &Shop, order: &Order) -> String {
    eventually("the mail is there", SOON, async || {
        let mut mails = mails(shop.folder(), order);
        mails.pop().ok_or_else(|| "there is none".to_owned())
    })
    .await
}

async fn told(receiver: &Receiver, order: &Order, kinds: &[&str]) {
    eventually("the receiver is told", SOON, async || {
        let heard = receiver.kinds_of(&order.id);
        if heard == kinds { Ok(()) } else { Err(format!("{heard:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_leaves_a_readable_mail_and_reaches_a_receiver_with_a_signature() {
    let mut shop = open().await;
    let (receiver, staff) = (Receiver::start().await, staff(&shop).await);
    let endpoint = endpoint(&staff, &receiver).await;
    let order = paid(&shop).await;

    let number = &order.body["number"];
    let mail = mailed(&shop, &order).await;
    for part in [
        &format!("Subject: Order {number} is confirmed"),
        "To: ",
        "Message-ID: <dlv_",
        "multipart/alternative",
        "2 x lamp, 19.99 USD each: 39.98 USD",
        "Subtotal: 39.98 USD",
    ] {
        assert!(mail.contains(part), "no {part:?} in:\n{mail}");
    }
    // A soft break of a long line does not count.
    let whole = mail.replace("=\r\n", "").replace("=3D", "=");
    let link = format!("https://shop.example/store/orders/{}?key={}", order.id, order.key);
    assert!(whole.contains(&link), "no {link} in:\n{mail}");

    told(&receiver, &order, &["order.placed", "order.confirmed"]).await;
    let secret = endpoint["secret"].as_str().expect("a secret");
    for received in receiver.received() {
        let signature = expected(secret, &received.id, &received.timestamp, &received.text);
        assert_eq!(received.signatures, [signature]);
        for secret in ["@", &order.key, "address"] {
            assert!(!received.text.contains(secret), "{secret:?} is nobody's business: {}", received.text);
        }
    }
    let confirmed = receiver.received().pop().expect("two").body();
    assert_eq!(confirmed["data"]["order"]["status"], "confirmed");
    assert_eq!(confirmed["data"]["order"]["total"], order.body["totals"]["total"]);

    // Two secrets sign while they are being changed over.
    let path = format!("/api/v1/webhooks/{}/rotate", endpoint["id"].as_str().expect("an id"));
    let rotated = staff.post(&path, json!({})).await.expect(200);
    let next = paid(&shop).await;
    told(&receiver, &next, &["order.placed", "order.confirmed"]).await;
    let last = receiver.received().pop().expect("four");
    let sign = |secret: &Value| expected(secret.as_str().expect("a secret"), &last.id, &last.timestamp, &last.text);
    assert_eq!(last.signatures, [sign(&rotated["secret"]), sign(&endpoint["secret"])]);

    let status = staff.get("/api/status").await.expect(200);
    assert!(status["outbox"]["pending"].is_u64() && status["outbox"]["parked"] == 0, "{status}");
    shop.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_and_a_process_that_was_killed_lose_nothing() {
    let mut shop = open().await;
    let (mut receiver, staff) = (Receiver::start().await, staff(&shop).await);
    endpoint(&staff, &receiver).await;
    receiver.answer_with(503);
    let first = paid(&shop).await;
    eventually("the receiver has refused it more than once", SOON, async || {
        let tries = receiver.received().len();
        if tries >= 2 { Ok(()) } else { Err(format!("{tries} tries")) }
    })
    .await;
    receiver.go_down().await;
    let second = paid(&shop).await;
    // At once: whatever was to be told of it is on its way, or not begun.
    shop.kill();
    shop.check().await;
    receiver.answer_with(200);
    receiver.listen().await;
    let before = receiver.received();
    shop.open().await;
    told(&receiver, &second, &["order.placed", "order.confirmed"]).await;
    eventually("the first one is told to its end", SOON, async || {
        let heard = receiver.kinds_of(&first.id);
        if heard.last().is_some_and(|kind| kind == "order.confirmed") { Ok(()) } else { Err(format!("{heard:?}")) }
    })
    .await;
    let of_first: Vec<_> = receiver.received().into_iter().filter(|received| received.order() == first.id).collect();
    let (tries, last) = of_first.split_at(of_first.len() - 1);
    assert!(tries.len() > before.len(), "it was tried again after the restart");
    assert!(tries.iter().all(|received| received.id == tries[0].id && received.kind() == "order.placed"));
    assert_ne!(last[0].id, tries[0].id);
    for order in [&first, &second] {
        mailed(&shop, order).await;
        assert_eq!(mails(shop.folder(), order).len(), 1, "sent twice it is one file");
    }
    shop.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_and_sent_again_under_the_same_id() {
    let mut shop = open().await;
    let (receiver, staff) = (Receiver::start().await, staff(&shop).await);
    let endpoint = endpoint(&staff, &receiver).await;
    let order = paid(&shop).await;
    told(&receiver, &order, &["order.placed", "order.confirmed"]).await;
    let path = format!("/api/v1/webhooks/{}/deliveries", endpoint["id"].as_str().expect("an id"));
    let delivery = eventually("both are recorded as delivered", SOON, async || {
        let list = staff.get(&path).await.expect(200);
        let items = list["items"].as_array().expect("items");
        let delivered = items.iter().filter(|item| item["status"] == "delivered" && item["last_status"] == 204).count();
        if delivered == 2 { Ok(items[0].clone()) } else { Err(list.to_string()) }
    })
    .await;
    assert_eq!((&delivery["event"], &delivery["order_id"]), (&json!("order.confirmed"), &json!(order.id)));
    assert_eq!(delivery["attempts"], 1);
    let id = delivery["id"].as_str().expect("an id");
    staff.post(&format!("/api/v1/deliveries/{id}/resend"), json!({})).await.expect(202);
    told(&receiver, &order, &["order.placed", "order.confirmed", "order.confirmed"]).await;
    let received = receiver.received();
    assert_eq!((received[2].id.as_str(), &received[2].text), (id, &received[1].text));
    shop.client().get(&path).await.expect_problem(401, "credentials_missing");
    shop.close_and_check().await;
}
