//! Servers that forget what they acknowledged are refused, unless the configuration says that it is accepted.

use std::process::Command;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::support::process::{Finished, Process, souk};
use super::support::shop::COMMAND;
use super::victim::{Engine, Victim};

/// Opens every store with these settings, and closes them.
async fn migrate(settings: &[(&str, &str)]) -> Finished {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = souk(folder.path(), &["migrate"]);
    command.envs(settings.iter().copied());
    Process::start(command).finish(COMMAND).await
}

#[tokio::test]
async fn a_postgres_that_does_not_wait_for_its_disk_is_refused_unless_told_otherwise() {
    let server = std::env::var("SOUK_TEST_POSTGRES_URL")
        .expect("SOUK_TEST_POSTGRES_URL names no server: run these tests with `scripts/stores --test faults`");
    let name = format!("souk_{}", Uuid::new_v4().simple());
    for statement in [format!("create database {name}"), format!("alter database {name} set synchronous_commit = off")]
    {
        let psql =
            Command::new("psql").args(["--no-psqlrc", "--quiet", "--dbname", &server, "-c", &statement]).output();
        let output = psql.expect("psql starts");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let (place, _) = server.rsplit_once('/').expect("a database");
    let url = format!("{place}/{name}");
    let kept = |domain: &str| (format!("SOUK_STORES__{domain}"), url.clone());
    for (key, url) in ["ORDERS", "PAYMENTS", "ACCOUNTS"].map(kept) {
        let refused = migrate(&[(&key, &url)]).await;
        refused.assert_failed().assert_says(&["synchronous_commit", "stores."]);
        migrate(&[(&key, &url), ("SOUK_POSTGRES__DURABLE", "false")]).await.assert_succeeded();
    }
}

#[tokio::test]
async fn a_redis_that_may_lose_its_last_second_is_refused_unless_told_otherwise() {
    let server = Victim::start(Engine::Redis).await;
    let url = format!("redis://{}", server.address);
    let chat = ("SOUK_STORES__CHAT", url.as_str());
    let accepted = ("SOUK_REDIS__MAY_LOSE_LAST_SECOND", "true");
    migrate(&[chat]).await.assert_succeeded();
    set(&server, "appendfsync everysec").await;
    migrate(&[chat]).await.assert_failed().assert_says(&["stores.chat", "appendfsync"]);
    migrate(&[chat, accepted]).await.assert_succeeded();
    // The last second is not everything.
    set(&server, "appendfsync no").await;
    migrate(&[chat, accepted]).await.assert_failed().assert_says(&["stores.chat", "appendfsync"]);
}

async fn set(server: &Victim, setting: &str) {
    let mut connection = TcpStream::connect(&server.address).await.expect("a connection");
    connection.write_all(format!("CONFIG SET {setting}\r\n").as_bytes()).await.expect("it is sent");
    let mut said = [0; 3];
    connection.read_exact(&mut said).await.expect("an answer");
    assert_eq!(&said, b"+OK", "{setting}");
}
