//! Accounts from outside: the first admin, accounts of another shop, keys, mails that outlive a kill, the audit.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use support::client::Client;
use support::process::{Process, souk};
use support::shop::{COMMAND, Shop};
use support::wait::eventually;

const PASSWORD: &str = "lètmein ☕";

async fn sign_in(client: &Client, email: &str, password: &str) -> Value {
    client.post("/api/v1/sessions", json!({ "email": email, "password": password })).await.expect(201)
}

async fn database(shop: &Shop) -> SqliteConnection {
    SqliteConnectOptions::new().filename(shop.folder().join("accounts.db")).connect().await.expect("the file opens")
}

async fn password_of(shop: &Shop, email: &str) -> String {
    let query = sqlx::query_scalar("select password from accounts where email = ?1").bind(email.to_owned());
    query.fetch_one(&mut database(shop).await).await.expect("an account")
}

#[tokio::test]
async fn the_first_admin_is_made_at_the_command_line() {
    let mut shop = Shop::new();
    let create = ["user", "create", "--email", "Boss@example.com", "--name", "Boss"];
    let made = shop.run(&create).await;
    made.assert_succeeded();
    let password = made.stdout.lines().find_map(|line| line.strip_prefix("password: ")).expect("a password").to_owned();
    assert!(!made.stderr.contains(&password), "not in the log");
    shop.run(&create).await.assert_failed().assert_says(&["has this address"]);
    shop.run(&["user", "create", "--email", "nobody", "--name", "x"]).await.assert_failed().assert_says(&["--email"]);
    shop.open().await;
    let session = sign_in(&shop.client(), "boss@example.com", &password).await;
    assert_eq!(session["account"]["role"], "admin");
    let boss = shop.client().acting_as(session["access_token"].as_str().unwrap());
    let audit = boss.get("/api/v1/audit").await.expect(200);
    assert_eq!(audit["items"][1]["action"], "account_created");
    shop.close_and_check().await;
}

/// What a start printed of the first admin.
fn printed(shop: &mut Shop) -> Option<(String, String)> {
    let stdout = shop.server().stdout();
    let line = stdout.lines().find_map(|line| line.trim().strip_prefix("the first admin "))?;
    let (email, rest) = line.split_once(", password ").expect("a password");
    Some((email.to_owned(), rest.split(' ').next().expect("a word").to_owned()))
}

#[tokio::test]
async fn the_first_start_prints_an_admin_once_and_the_log_has_nothing_of_it() {
    let mut shop = Shop::new().set("LOG__FILTER", "trace");
    shop.open().await;
    let (email, password) = printed(&mut shop).expect("an admin at the first start");
    let session = sign_in(&shop.client(), &email, &password).await;
    assert_eq!(session["account"]["role"], "admin");
    let boss = shop.client().acting_as(session["access_token"].as_str().unwrap());
    let audit = boss.get("/api/v1/audit").await.expect(200);
    let created = audit["items"].as_array().unwrap().last().expect("the first record").clone();
    assert_eq!((&created["action"], &created["actor"]), (&json!("account_created"), &json!("first start")));
    assert!(!shop.server().stderr().contains(&password), "the log has the password");
    shop.close().await;
    shop.open().await;
    assert_eq!(printed(&mut shop), None, "a second start has nothing to tell");
    shop.close_and_check().await;
}

#[tokio::test]
async fn no_admin_is_made_where_somebody_is_there_or_none_is_wanted() {
    let mut unwanted = Shop::new().set("ACCOUNTS__FIRST_ADMIN", "");
    unwanted.open().await;
    assert_eq!(printed(&mut unwanted), None);
    unwanted.close().await;
    let mut known = Shop::new();
    known.run(&["user", "create", "--email", "boss@example.com", "--name", "Boss"]).await.assert_succeeded();
    known.open().await;
    assert_eq!(printed(&mut known), None);
    known.close().await;
    let wrong = Shop::new().set("ACCOUNTS__FIRST_ADMIN", "nobody");
    wrong.run(&["serve"]).await.assert_failed().assert_says(&["accounts.first_admin"]);
}

#[tokio::test]
async fn accounts_of_another_shop_sign_in_and_get_a_new_hash() {
    let mut shop = Shop::new();
    // Made with Django 5.2, at costs that a test can afford.
    let good = [
        (
            "a",
            "argon2$argon2id$v=19$m=1024,t=2,p=2$QnYwSnVSYUE2cGlvaVZWVGplZ2tCRA$DowTqMCV5CTwWcCHEKhcQvjLPE3GC2WBH4kwl/cTKxI",
        ),
        ("b", "bcrypt_sha256$$2b$05$ddmBLKT8cetXaI.doYAbOuMVSt305iAvzF70pwK4ZOZ4HZxj01ogW"),
        ("c", "bcrypt$$2b$05$S43XMvqFUwGk5ucIF9Xwfu4BBj3SngbnD83xEoqoArDxlGvIR51ve"),
        ("d", "pbkdf2_sha256$1000$nIW5EQ5q0ExPAoOmu3nTSd$ZHJo8WyahdTxY2Pbkh4wU81UJQ9EvRPYpk7C2eEFJuE="),
    ];
    let mut csv = String::from("name,email,hash\n");
    for (name, hash) in good {
        csv.push_str(&format!("{name},{name}@example.com,\"{hash}\"\n"));
    }
    csv.push_str(
        "x,nobody,bcrypt$x\nx,x@example.com,bcrypt$$2b$31$S43XMvqFUwGk5ucIF9Xwfu4BBj3SngbnD83xEoqoArDxlGvIR51ve\n",
    );
    csv.push_str("x,y@example.com,md5$a$b\nA again,A@Example.com,bcrypt$x\n");
    let file = shop.folder().join("accounts.csv");
    std::fs::write(&file, csv).expect("written");
    let path = file.to_str().unwrap();
    let import = async |shop: &Shop, more: &[&str]| shop.run(&[&["import", "accounts", path], more].concat()).await;
    let dry = import(&shop, &["--dry-run"]).await;
    dry.assert_failed().assert_says(&["dry run", "4 accounts created"]);
    let real = import(&shop, &[]).await;
    real.assert_failed().assert_says(&[
        "4 accounts created",
        "4 refused",
        "line 6, email",
        "line 7, hash",
        "at most 14",
    ]);
    import(&shop, &[]).await.assert_says(&["0 accounts created, 4 known before"]);
    shop.open().await;
    for (name, old) in good {
        let email = format!("{name}@example.com");
        assert_eq!(password_of(&shop, &email).await, old);
        let wrong = shop.client().post("/api/v1/sessions", json!({ "email": email, "password": "wrong" })).await;
        wrong.expect_problem(401, "invalid_credentials");
        for _ in 0..2 {
            sign_in(&shop.client(), &email, PASSWORD).await;
            assert!(password_of(&shop, &email).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        }
    }
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_changed_key_lets_tokens_go_on_and_a_withdrawn_one_ends_them() {
    let mut shop = Shop::new();
    shop.open().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    let session = shop.client().post("/api/v1/accounts", body).await.expect(201);
    let token = session["access_token"].as_str().unwrap().to_owned();
    let me = async |shop: &Shop| shop.client().acting_as(&token).get("/api/v1/accounts/me").await;
    me(&shop).await.expect(200);
    let staff = shop.run(&["token", "--name", "ops"]).await;
    staff.assert_succeeded();
    let ops = shop.client().acting_as(staff.stdout.trim());
    ops.post("/api/v1/signing-keys", json!({})).await.expect(201);
    me(&shop).await.expect(200);
    shop.close().await;
    shop.run(&["keys", "rotate"]).await.assert_succeeded().assert_says(&["signs from now on"]);
    shop.open().await;
    me(&shop).await.expect(200);
    shop.close().await;
    shop.run(&["keys", "rotate", "--withdraw"]).await.assert_succeeded();
    shop.open().await;
    me(&shop).await.expect_problem(401, "token_invalid");
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_mail_that_was_promised_is_sent_after_a_kill() {
    let mut shop = Shop::new();
    for round in 0..3 {
        shop.open().await;
        let email = format!("ada{round}@example.com");
        let body = json!({ "email": email, "password": PASSWORD, "name": "Ada" });
        shop.client().post("/api/v1/accounts", body).await.expect(201);
        shop.kill();
    }
    shop.open().await;
    let folder = shop.folder().join("mail");
    // One that was cut off between taking and sending is taken again once its half minute is over.
    eventually("each has a mail", Duration::from_secs(60), async || {
        let files = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let texts = files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect::<Vec<_>>();
        let has = |round: usize| texts.iter().any(|text| text.contains(&format!("To: ada{round}@example.com")));
        (0..3).all(has).then_some(()).ok_or_else(|| format!("{} mails", texts.len()))
    })
    .await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn an_audit_that_was_changed_is_found() {
    let mut shop = Shop::new().set("ACCOUNTS__FIRST_ADMIN", "");
    shop.open().await;
    for name in ["a", "b", "c"] {
        let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD, "name": name });
        shop.client().post("/api/v1/accounts", body).await.expect(201);
    }
    shop.close_and_check().await;
    let mut connection = database(&shop).await;
    let mut run = async |statement: &'static str| sqlx::query(statement).execute(&mut connection).await.map(|_| ());
    assert!(run("update audit set detail = 'x' where seq = 2").await.is_err(), "the table itself is not changed");
    assert!(run("delete from audit where seq = 3").await.is_err());
    run("drop trigger audit_is_not_changed").await.expect("dropped");
    run("drop trigger audit_is_not_shortened").await.expect("dropped");
    run("update audit set detail = 'x' where seq = 2").await.expect("changed");
    let check = Process::start(souk(shop.folder(), &["check"])).finish(COMMAND).await;
    check.assert_failed().assert_says(&["the audit is one chain", "audit record 2 is not what was written"]);
    run("delete from audit where seq >= 2").await.expect("removed");
    let check = Process::start(souk(shop.folder(), &["check"])).finish(COMMAND).await;
    check.assert_failed().assert_says(&["it ends at 1, its head is 3"]);
}
