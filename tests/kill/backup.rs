//! A backup of a shop that is being bought from: what was acknowledged before it began is in it, and it is whole.

use std::collections::{BTreeMap, BTreeSet};

use super::load::{DROP, HOT, Ledger, Load, MessageRecord, PLAIN, Placed, Progress};
use super::support::catalogue::Csv;
use super::support::chance::Chance;
use super::support::check::assert_clean;
use super::support::client::Client;
use super::support::process::{Process, souk};
use super::support::server::Server;
use super::support::shop::{COMMAND, Shop};
use super::verify::status;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_the_shop_at_one_moment() {
    let mut chance = Chance::from_environment();
    let goods = [HOT, PLAIN].iter().fold(Csv::new(), |csv, handle| csv.product(handle, 100_000, "12.50"));
    let config = tempfile::NamedTempFile::with_suffix(".toml").expect("a temporary file");
    let discount = format!(
        "[[shop.discounts]]\nid = \"drop\"\ntitle = \"The drop\"\ncode = \"{DROP}\"\nlimit = 100000\n\
         effect = {{ kind = \"amount\", amount = 100 }}\n"
    );
    std::fs::write(config.path(), discount).expect("the configuration is written");
    let mut shop = Shop::new().set("CONFIG", config.path().display()).opened_with(&goods).await;

    // What is acknowledged before the backup begins.
    let mut before = Ledger::default();
    let progress = Progress::new();
    let load = Load::start(&shop, 1, &mut chance, &progress).await;
    progress.reaches(300).await;
    shop.kill();
    load.end(&mut before).await;
    shop.open().await;

    let place = tempfile::tempdir().expect("a temporary folder");
    let progress = Progress::new();
    let load = Load::start(&shop, 2, &mut chance, &progress).await;
    progress.reaches(100).await;
    let mut held = Vec::new();
    for number in 1..=3 {
        let backup = place.path().join(format!("backup-{number}"));
        let taken = shop.run(&["backup", backup.to_str().expect("a path in UTF-8")]).await;
        taken.assert_succeeded().assert_says(&["orders.db", "sandbox.db", "writers were held for"]);
        held.push(milliseconds(&taken.stdout));
    }
    progress.reaches(200).await;
    shop.kill();
    load.end(&mut Ledger::default()).await;
    println!("writers were held for {held:?} ms");
    assert!(held.iter().all(|held| *held < 1_000.0), "writers were held for {held:?} ms");

    for number in 1..=3 {
        let backup = place.path().join(format!("backup-{number}"));
        let folder = place.path().join(format!("data-{number}"));
        let restored =
            Process::start(souk(&folder, &["restore", backup.to_str().expect("UTF-8")])).finish(COMMAND).await;
        restored.assert_succeeded();
        assert_clean(&folder).await;
    }
    // Into a folder that has something, nothing is restored.
    let folder = place.path().join("data-1");
    let again = souk(&folder, &["restore", place.path().join("backup-2").to_str().expect("UTF-8")]);
    Process::start(again).finish(COMMAND).await.assert_failed().assert_says(&["already holds", "SOUK_DATA_DIR"]);

    let settings = [("SOUK_CONFIG".to_owned(), config.path().display().to_string())];
    let server = Server::start(&folder, &settings).await;
    let client = Client::new(&server.base);
    there(&client, &before).await;
    server.stop().await;
    assert_clean(&folder).await;
}

#[tokio::test]
async fn what_is_no_whole_backup_is_not_restored() {
    let shop = Shop::new();
    shop.import(&Csv::new().product("lamp", 10, "19.99")).await.assert_succeeded();
    let place = tempfile::tempdir().expect("a temporary folder");
    let backup = place.path().join("backup");
    let backup_name = backup.to_str().expect("a path in UTF-8");
    shop.run(&["backup", backup_name]).await.assert_succeeded();
    shop.run(&["backup", backup_name]).await.assert_failed().assert_says(&["not empty"]);

    let restore = async |folder: &str| {
        let folder = place.path().join(folder);
        (Process::start(souk(&folder, &["restore", backup_name])).finish(COMMAND).await, folder)
    };
    // One byte in the middle of a file.
    let file = backup.join("products.db");
    let whole = std::fs::read(&file).expect("the file is read");
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    std::fs::write(&file, altered).expect("the file is written");
    let (refused, folder) = restore("altered").await;
    refused.assert_failed().assert_says(&["products.db", "not what was backed up"]);
    assert!(!folder.join("products.db").exists(), "nothing is left behind");
    std::fs::write(&file, &whole[..whole.len() - 4096]).expect("the file is written");
    restore("short").await.0.assert_failed().assert_says(&["products.db", "bytes instead of"]);
    std::fs::remove_file(&file).expect("the file is removed");
    restore("missing").await.0.assert_failed().assert_says(&["products.db"]);
    std::fs::write(&file, whole).expect("the file is written");
    std::fs::rename(backup.join("backup.json"), place.path().join("kept.json")).expect("renamed");
    restore("unfinished").await.0.assert_failed().assert_says(&["no finished backup"]);
    std::fs::rename(place.path().join("kept.json"), backup.join("backup.json")).expect("renamed");
    let (restored, folder) = restore("good").await;
    restored.assert_succeeded();
    assert_clean(&folder).await;
    let nothing = Process::start(souk(place.path(), &["backup", place.path().join("b").to_str().expect("UTF-8")]));
    nothing.finish(COMMAND).await.assert_failed().assert_says(&["no files of a shop"]);
}

/// The number before " ms".
fn milliseconds(text: &str) -> f64 {
    let number = text.split_once("held for ").and_then(|(_, rest)| rest.split_once(" ms")).map(|(number, _)| number);
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no milliseconds: {text}"))
}

/// Whatever was acknowledged is there; other things may be too.
async fn there(client: &Client, ledger: &Ledger) {
    let mut orders = 0;
    for record in ledger.orders.iter().filter(|record| record.acknowledged) {
        if let Placed::Ordered(order) = &record.placed {
            client.until_status(order, status(record.then)).await;
            orders += 1;
        }
    }
    let mut rooms: BTreeMap<&str, Vec<&MessageRecord>> = BTreeMap::new();
    ledger.messages.iter().for_each(|record| rooms.entry(&record.room).or_default().push(record));
    for (room, records) in rooms {
        let messages = client.messages(room).await;
        let there: BTreeSet<_> =
            messages.iter().map(|message| (message["seq"].as_u64(), message["text"].as_str().unwrap_or(""))).collect();
        for record in records.iter().filter(|record| record.seq.is_some()) {
            assert!(there.contains(&(record.seq, record.text.as_str())), "message {:?} of {room}", record.seq);
        }
    }
    println!("{orders} acknowledged orders and {} messages are there", ledger.messages.len());
    assert!(orders > 0, "no order was acknowledged before the backup");
}
