//! What is not copied, and what is said then.

use std::fs;

use super::shop::goods;
use super::stores::{Far, copy};
use super::support::process::{Process, souk};
use super::support::server::Server;
use super::support::shop::{COMMAND, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_missing_full_or_newer_is_not_copied() {
    let mut near = Shop::new().opened_with(&goods()).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = folder.path().join("empty");
    let at = |name: &str| folder.path().join(name);

    // Open: its data folder is locked.
    copy(near.folder(), &empty).await.assert_failed().assert_says(&["in use by process"]);
    assert!(!empty.join("orders.db").exists(), "nothing was made there");
    near.close().await;

    copy(&at("nowhere"), &empty).await.assert_failed().assert_says(&["--from", "nowhere"]);
    fs::create_dir(at("bare")).expect("made");
    copy(&at("bare"), &empty).await.assert_failed().assert_says(&["--from", "stores.products", "products.db"]);
    assert!(!at("bare").join("products.db").exists(), "nothing was made there");
    copy(near.folder(), near.folder()).await.assert_failed().assert_says(&["the same stores"]);
    fs::write(at("wrong.toml"), "[stores]\norders = \"mysql://db\"\n").expect("written");
    copy(near.folder(), &at("wrong.toml")).await.assert_failed().assert_says(&["--to", "wrong.toml", "stores.orders"]);

    // Another shop is there already.
    let goods = goods();
    let mut other = Shop::new().opened_with(&goods).await;
    other.close().await;
    copy(near.folder(), other.folder()).await.assert_failed().assert_says(&[
        "--to",
        "stores.products already holds something",
        "new folder",
    ]);
    other.check().await;

    // A schema that only a newer program knows.
    let migrate = Process::start(souk(&at("newer"), &["migrate"])).finish(COMMAND).await;
    migrate.assert_succeeded();
    let connect = sqlx::sqlite::SqliteConnectOptions::new().filename(at("newer").join("orders.db"));
    let mut file = sqlx::ConnectOptions::connect(&connect).await.expect("it opens");
    sqlx::query(
        "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
         values (9999, 'later', '2030-01-01', 1, x'00', 0)",
    )
    .execute(&mut file)
    .await
    .expect("written");
    sqlx::Connection::close(file).await.expect("closed");
    copy(near.folder(), &at("newer")).await.assert_failed().assert_says(&["--to", "newer version"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_on_engines_that_is_open_somewhere_is_not_copied_from_nor_to() {
    let far = Far::new();
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    fs::write(file.path(), goods().bytes()).expect("written");
    let name = file.path().to_str().expect("UTF-8");
    far.run(&["import", "products", name, "--format", "shopify-csv"]).await.assert_succeeded();
    let server = Server::start_command(far.command(&["serve"])).await;

    // On another machine: the same stores, another data folder.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = folder.path().join("elsewhere.toml");
    let config = fs::read_to_string(far.config()).expect("read");
    let data_dir = format!("data_dir = {:?}", folder.path().join("data"));
    let rest = config.split_once('\n').expect("lines").1;
    fs::write(&elsewhere, format!("{data_dir}\n{rest}")).expect("written");
    let refused = copy(&elsewhere, &folder.path().join("new")).await;
    refused.assert_failed().assert_says(&["--from", "a shop is open on stores.", "nodes.lease_seconds"]);
    server.stop().await;
    copy(&elsewhere, &folder.path().join("newer")).await.assert_succeeded();
}
