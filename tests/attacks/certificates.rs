//! TLS by the edge itself.

use std::path::Path;

use super::support::catalogue::Csv;
use super::support::client::Client;
use super::support::process::{Process, souk};
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

/// Writes a new certificate for 127.0.0.1 and gives it in PEM.
fn write(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("the key");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("the certificate");
    made.cert.pem()
}

/// The server with the certificate of a folder, and where it listens.
async fn serve(shop: &Shop, folder: &Path) -> (Process, String) {
    let mut command = souk(shop.folder(), &["serve"]);
    command.env("SOUK_TLS__CERTIFICATE", folder.join("cert.pem")).env("SOUK_TLS__KEY", folder.join("key.pem"));
    command.env("SOUK_SANDBOX__LATE_SECONDS", "1");
    let process = Process::start(command);
    let base = eventually("the server says where it listens", SOON, async || {
        let stdout = process.stdout();
        let line = stdout.lines().find_map(|line| line.strip_prefix("listening on ")).map(str::to_owned);
        line.ok_or_else(|| format!("{stdout} {}", process.stderr()))
    })
    .await;
    assert!(base.starts_with("https://"), "{base}");
    (process, base)
}

async fn shop_with_a_lamp() -> Shop {
    let shop = Shop::new();
    shop.import(&Csv::new().product("lamp", 10, "19.99")).await.assert_succeeded();
    shop
}

#[tokio::test]
async fn a_certificate_is_replaced_while_it_is_served_and_a_bad_one_is_not_taken() {
    let shop = shop_with_a_lamp().await;
    let folder = tempfile::tempdir().expect("a folder");
    let first = write(folder.path());
    let (mut process, base) = serve(&shop, folder.path()).await;
    let path = "/api/v1/products/lamp";
    // Each has connections of its own.
    let ask = async |pem: &str| Client::trusting(&base, pem).get(path).await;
    let served = async |pem: &str| {
        let answer = ask(pem).await;
        if answer.is(200) { Ok(answer) } else { Err(answer.to_string()) }
    };
    let answer = eventually("the first certificate is served", SOON, async || served(&first).await).await;
    assert!(answer.header("strict-transport-security").contains("max-age=31536000"), "{answer}");
    // Not even with TLS in front of it is a plain request answered.
    assert!(Client::new(&base.replace("https", "http")).get(path).await.is_lost());

    std::fs::write(folder.path().join("cert.pem"), "no certificate at all").expect("a bad file");
    eventually("the bad certificate is told of", SOON, async || {
        let stderr = process.stdout() + &process.stderr();
        if stderr.contains("cannot be used") { Ok(()) } else { Err(stderr) }
    })
    .await;
    ask(&first).await.expect(200);

    let second = write(folder.path());
    eventually("the second certificate is served", SOON, async || served(&second).await).await;
    assert!(ask(&first).await.is_lost(), "the first certificate is served no more");
    assert!(process.status().is_none());
    process.ask_to_stop();
    process.finish(SOON).await.assert_succeeded();
}

/// The sandbox knows no certificate of ours, and brings its webhooks all the same.
#[tokio::test]
async fn a_payment_that_is_captured_late_is_told_of_with_tls_too() {
    let shop = shop_with_a_lamp().await;
    let folder = tempfile::tempdir().expect("a folder");
    let pem = write(folder.path());
    let (process, base) = serve(&shop, folder.path()).await;
    let client = Client::trusting(&base, &pem);
    eventually("the server is ready", SOON, async || {
        let answer = client.get("/health/ready").await;
        if answer.is(200) { Ok(()) } else { Err(answer.to_string()) }
    })
    .await;
    let lamp = client.variant("lamp").await;
    let order = client.ordered(&[(&lamp, 1)]).await;
    assert_eq!(client.confirm(&order, "tok_late").await.expect(200)["status"], "processing");
    client.until_status(&order, "confirmed").await;
    process.ask_to_stop();
    process.finish(SOON).await.assert_succeeded();
}
