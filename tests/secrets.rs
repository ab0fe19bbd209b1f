//! A secret appears in no log, no error and no configuration that is shown, however much is logged.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use support::process::{Process, souk};
use support::shop::{COMMAND, Shop};
use support::wait::eventually;

const PASSWORD: &str = "zarquon-towel-4711";
const WRONG: &str = "zarquon-towel-0815";
const SMTP: &str = "smtp-hush-2342";

/// Where a secret must not be, and what was found there.
fn look(secrets: &BTreeMap<&str, String>, place: &str, text: &str) {
    for (name, secret) in secrets {
        assert!(secret.len() >= 8, "{name} is no secret");
        assert!(!text.contains(secret.as_str()), "{name} is in {place}");
    }
}

#[tokio::test]
async fn no_secret_is_told() {
    for format in ["text", "json"] {
        let mut shop = Shop::new().set("LOG__FILTER", "trace").set("LOG__FORMAT", format);
        let made = shop.run(&["user", "create", "--email", "boss@example.com", "--name", "Boss"]).await;
        let admin = made.stdout.lines().find_map(|line| line.strip_prefix("password: ")).expect("one").to_owned();
        shop.open().await;
        let client = shop.client();
        let mut secrets = BTreeMap::from([("a password", PASSWORD.to_owned()), ("a wrong one", WRONG.to_owned())]);
        let mut answers = Vec::new();

        let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
        let registered = client.post("/api/v1/accounts", body.clone()).await;
        let cookie = registered.header("set-cookie").split(';').next().unwrap().to_owned();
        secrets.insert("a refresh token", cookie.split_once('=').unwrap().1.to_owned());
        secrets.insert("an access token", registered.json()["access_token"].as_str().unwrap().to_owned());
        answers.push(client.post("/api/v1/accounts", body).await);
        let wrong = json!({ "email": "ada@example.com", "password": WRONG });
        answers.push(client.post("/api/v1/sessions", wrong).await);
        let odd = json!({ "email": "ada@example.com", "password": [PASSWORD], "hint": WRONG });
        answers.push(client.post("/api/v1/sessions", odd).await);
        let refreshed =
            client.send(reqwest::Method::POST, "/api/v1/sessions/refresh", &[("cookie", &cookie)], None).await;
        secrets.insert("the next access token", refreshed.json()["access_token"].as_str().unwrap().to_owned());
        let boss = json!({ "email": "boss@example.com", "password": admin });
        let token =
            client.post("/api/v1/sessions", boss).await.expect(201)["access_token"].as_str().unwrap().to_owned();
        let boss = client.acting_as(&token);
        let key = boss.post("/api/v1/api-keys", json!({ "name": "x", "scopes": ["audit"] })).await.expect(201);
        let key = key["key"].as_str().unwrap().to_owned();
        client.acting_as(&key).get("/api/v1/audit").await.expect(200);
        answers.push(client.acting_as(&format!("{key}x")).get("/api/v1/audit").await);
        answers.push(client.acting_as(&key).get("/api/v1/accounts").await);
        answers.push(boss.get("/api/v1/api-keys").await);
        answers.push(boss.get("/api/v1/audit?limit=100").await);
        secrets.insert("a program's key", key);
        secrets.insert("an admin's token", token);
        secrets.insert("an admin's password", admin);

        client.post("/api/v1/password-resets", json!({ "email": "ada@example.com" })).await.expect(202);
        let link = eventually("a link comes by mail", Duration::from_secs(20), async || link(&shop)).await;
        let reset = json!({ "token": link, "new_password": "12345678" });
        answers.push(client.post("/api/v1/password-resets/complete", reset).await);
        secrets.insert("a link", link);

        for answer in &answers {
            look(&secrets, "an answer", &answer.text);
        }
        let log = shop.server().stderr();
        assert!(log.len() > 1_000, "there is a log to look at");
        look(&secrets, "the log", &log);
        shop.close().await;
        shop.check().await;
    }
}

/// The secret of the link that resets a password, from the mail in the folder.
fn link(shop: &Shop) -> Result<String, String> {
    let files = std::fs::read_dir(shop.folder().join("mail")).map_err(|error| error.to_string())?;
    let texts = files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let plain = |text: String| text.replace("=\r\n", "").replace("=3D", "=");
    let found = texts.map(plain).find_map(|text| {
        let (_, rest) = text.split_once("/account/reset?token=")?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>())
    });
    found.ok_or_else(|| "no mail yet".to_owned())
}

#[tokio::test]
async fn the_configuration_hides_them() {
    let shop = Shop::new();
    let mut config = souk(shop.folder(), &["config"]);
    let smtp = format!("smtps://ada:{SMTP}@mail.example.com");
    config.env("SOUK_MAIL__TRANSPORT", "smtp").env("SOUK_MAIL__SMTP_URL", smtp);
    config.env("SOUK_STRIPE__SECRET_KEY", "sk-hush-1").env("SOUK_SANDBOX__API_KEY", "key-hush-2");
    config.env("SOUK_SANDBOX__WEBHOOK_SECRET", "hook-hush-3");
    let shown = Process::start(config).finish(COMMAND).await;
    shown.assert_succeeded();
    for secret in [SMTP, "sk-hush-1", "key-hush-2", "hook-hush-3"] {
        assert!(!shown.text().contains(secret), "{secret}");
    }
    assert_eq!(shown.stdout.matches("(hidden)").count(), 4);
}
