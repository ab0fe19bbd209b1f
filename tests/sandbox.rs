//! The payment sandbox as a process of its own, with a shop that goes on when it is killed and started again.

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use support::buyer::Order;
use support::catalogue::Csv;
use support::client::Client;
use support::process::{Process, souk};
use support::shop::Shop;
use support::wait::{SOON, eventually};

/// A port that was free a moment ago: a sandbox that is started again must be found where it was.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

fn sandbox(folder: &Path, port: u16, shop: Option<&str>) -> Command {
    let mut command = souk(folder, &["sandbox"]);
    command.env("SOUK_SANDBOX__LISTEN", format!("127.0.0.1:{port}"));
    command.env("SOUK_SANDBOX__API_KEY", "sk_test").env("SOUK_SANDBOX__WEBHOOK_SECRET", "whsec_test");
    command.env("SOUK_SANDBOX__LATE_SECONDS", "1");
    if let Some(shop) = shop {
        command.env("SOUK_SANDBOX__WEBHOOK_URL", format!("{shop}/api/v1/payments/webhooks/sandbox"));
    }
    command
}

async fn started(command: Command) -> Process {
    let process = Process::start(command);
    eventually("the sandbox listens", SOON, async || {
        let said = process.stdout();
        if said.contains("the payment sandbox listens on") { Ok(()) } else { Err(said) }
    })
    .await;
    process
}

async fn ordered(client: &Client) -> Order {
    client.ordered(&[(&client.variant("lamp").await, 1)]).await
}

#[tokio::test]
async fn a_shop_goes_on_when_its_provider_is_killed_and_comes_back() {
    let (books, port) = (tempfile::tempdir().expect("a folder"), free_port());
    let mut shop = Shop::new()
        .set("SANDBOX__URL", format!("http://127.0.0.1:{port}"))
        .set("SANDBOX__API_KEY", "sk_test")
        .set("SANDBOX__WEBHOOK_SECRET", "whsec_test")
        .set("PAYMENTS__TIMEOUT_MS", 1_000)
        .opened_with(&Csv::new().product("lamp", 50, "19.99"))
        .await;
    let (client, base) = (shop.client(), shop.server().base.clone());
    let first = started(sandbox(books.path(), port, Some(&base))).await;
    let paid = ordered(&client).await;
    assert_eq!(client.confirm_to_the_end(&paid, "tok_ok").await.expect(200)["status"], "captured");
    let challenged = ordered(&client).await;
    let answer = client.confirm_to_the_end(&challenged, "tok_challenge").await.expect(200);
    let action = answer["action_url"].as_str().expect("where the buyer goes").to_owned();
    let waiting = ordered(&client).await;
    let late = ordered(&client).await;
    assert_eq!(client.confirm_to_the_end(&late, "tok_webhook_twice").await.expect(200)["status"], "processing");

    first.kill();
    let stuck = client.confirm(&waiting, "tok_ok").await;
    assert!(stuck.is_to_be_repeated(), "nobody can say yet: {stuck}");
    let second = started(sandbox(books.path(), port, Some(&base))).await;
    assert_eq!(client.confirm_to_the_end(&waiting, "tok_ok").await.expect(200)["status"], "captured");
    client.post(&action, serde_json::json!({"outcome": "pass"})).await.expect(200);
    for order in [&paid, &challenged, &waiting, &late] {
        client.until_status(order, "confirmed").await;
    }

    shop.close().await;
    second.ask_to_stop();
    second.finish(SOON).await.assert_succeeded();
    let mut check = souk(shop.folder(), &["check"]);
    check.env("SOUK_SANDBOX__URL", format!("http://127.0.0.1:{port}"));
    check.env("SOUK_SANDBOX__API_KEY", "sk_test").env("SOUK_SANDBOX__WEBHOOK_SECRET", "whsec_test");
    let again = started(sandbox(books.path(), port, None)).await;
    Process::start(check).finish(SOON).await.assert_succeeded();
    again.kill();
}
