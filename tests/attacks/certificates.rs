//! TLS by the edge itself.

use std::path::Path;
use std::time::Duration;

use super::support::catalogue::Csv;
use super::support::process::souk;
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

/// Writes a new certificate for 127.0.0.1 and gives it in PEM.
fn write(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("the key");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("the certificate");
    made.cert.pem()
}

/// A client that trusts one certificate and nothing else. Each has connections of its own.
fn trusting(pem: &str) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder().tls_certs_only([root]).no_proxy().timeout(Duration::from_secs(10));
    client.build().expect("a client")
}

#[tokio::test]
async fn a_certificate_is_replaced_while_it_is_served_and_a_bad_one_is_not_taken() {
    let shop = Shop::new();
    shop.import(&Csv::new().product("lamp", 10, "19.99")).await.assert_succeeded();
    let folder = tempfile::tempdir().expect("a folder");
    let first = write(folder.path());
    let mut command = souk(shop.folder(), &["serve"]);
    command.env("SOUK_TLS__CERTIFICATE", folder.path().join("cert.pem"));
    command.env("SOUK_TLS__KEY", folder.path().join("key.pem"));
    let mut process = super::support::process::Process::start(command);
    let base = eventually("the server says where it listens", SOON, async || {
        let stdout = process.stdout();
        let line = stdout.lines().find_map(|line| line.strip_prefix("listening on ")).map(str::to_owned);
        line.ok_or_else(|| format!("{stdout} {}", process.stderr()))
    })
    .await;
    assert!(base.starts_with("https://"), "{base}");
    let url = format!("{base}/api/v1/products/lamp");
    let ask = async |pem: &str| trusting(pem).get(&url).send().await;
    let answer = eventually("the first certificate is served", SOON, async || {
        ask(&first).await.map_err(|error| format!("{error:?}"))
    })
    .await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["strict-transport-security"].to_str().is_ok_and(|value| value.contains("max-age=31536000"))
    );
    // Not even with TLS in front of it is a plain request answered.
    let plain = reqwest::Client::builder().no_proxy().build().expect("a client");
    assert!(plain.get(url.replace("https", "http")).send().await.is_err());

    std::fs::write(folder.path().join("cert.pem"), "no certificate at all").expect("a bad file");
    eventually("the bad certificate is told of", SOON, async || {
        let stderr = process.stdout() + &process.stderr();
        if stderr.contains("cannot be used") { Ok(()) } else { Err(stderr) }
    })
    .await;
    ask(&first).await.expect("the old certificate is still served");

    let second = write(folder.path());
    eventually("the second certificate is served", SOON, async || {
        ask(&second).await.map(drop).map_err(|error| format!("{error:?}"))
    })
    .await;
    assert!(ask(&first).await.is_err(), "the first certificate is served no more");
    assert!(process.status().is_none());
    process.ask_to_stop();
    process.finish(SOON).await.assert_succeeded();
}
