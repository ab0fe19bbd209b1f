//! A data folder that can't be used: a clear message, and nothing harmed.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use support::catalogue::Csv;
use support::check::assert_clean;
use support::client::Client;
use support::process::{BINARY, Finished, Process, souk, with_environment};
use support::server::Server;
use support::shop::{COMMAND, Shop};
use support::wait::{SOON, eventually};

fn goods() -> Csv {
    Csv::new().product("lamp", 10, "19.99")
}

/// A command that is expected to give up.
async fn gives_up(command: Command, folder: &Path) -> Finished {
    let finished = Process::start(command).finish(SOON).await;
    finished.assert_failed().assert_says(&[&folder.display().to_string()]);
    finished
}

#[tokio::test]
async fn a_file_where_the_folder_should_be_is_named_and_left_alone() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let file = parent.path().join("data");
    std::fs::write(&file, "somebody's notes").expect("a file");
    for args in [&["serve"][..], &["seed"], &["check"]] {
        gives_up(souk(&file, args), &file).await;
    }
    assert_eq!(std::fs::read_to_string(&file).expect("the file is still there"), "somebody's notes");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = PathBuf::from("/proc/souk/data");
    gives_up(souk(&folder, &["serve"]), &folder).await;
}

#[tokio::test]
async fn a_folder_in_use_is_named_and_its_server_goes_on_unharmed() {
    let mut shop = Shop::new().opened_with(&goods()).await;
    let client = shop.client();
    let order = client.ordered(&[(&client.variant("lamp").await, 1)]).await;

    gives_up(souk(shop.folder(), &["serve"]), shop.folder()).await.assert_says(&["in use"]);
    let file = shop.folder().with_extension("csv");
    std::fs::write(&file, Csv::new().product("lamp", 99, "1.00").bytes()).expect("a CSV");
    let name = file.to_str().expect("a path in UTF-8");
    let import = souk(shop.folder(), &["import", "products", name, "--format", "shopify-csv"]);
    gives_up(import, shop.folder()).await.assert_says(&["in use"]);
    std::fs::remove_file(&file).expect("the CSV is removed");

    // Checking only reads, so it does not mind the server.
    assert_clean(shop.folder()).await;
    shop.server().assert_runs();
    assert_eq!(client.available("lamp").await, 9);
    assert_eq!(client.variant("lamp").await.price, 1999);
    assert_eq!(client.confirm_to_the_end(&order, "tok_ok").await.expect(200)["status"], "captured");
    client.until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_folder_that_was_never_served_is_clean() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let folder = parent.path().join("data");
    let migrate = Process::start(souk(&folder, &["migrate"])).finish(SOON).await;
    assert!(migrate.succeeded(), "{migrate}");
    // No payment provider has kept books here yet.
    assert_clean(&folder).await;
}

#[tokio::test]
async fn a_folder_is_free_again_after_its_server_was_killed() {
    let mut shop = Shop::new().opened_with(&goods()).await;
    shop.kill();
    shop.open().await;
    assert_eq!(shop.client().available("lamp").await, 10);
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_read_only_folder_is_named_and_nothing_in_it_changes() {
    let mut shop = Shop::new().opened_with(&goods()).await;
    shop.close().await;
    let before = contents(shop.folder());
    // Permissions do not stop root, a read-only mount does. It is in a mount namespace of its own and ends with it.
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" || exit 77; exec \"$2\" serve";
    let Some(command) = in_own_mounts(script, shop.folder()) else { return };
    gives_up(command, shop.folder()).await;
    assert_eq!(contents(shop.folder()), before);
    shop.check().await;
    shop.open().await;
    assert_eq!(shop.client().available("lamp").await, 10);
}

#[tokio::test]
async fn an_import_onto_a_full_disk_says_so_and_goes_through_once_there_is_room() {
    let shop = Shop::new();
    shop.import(&goods()).await.assert_succeeded();
    let many = many_products(3_000);
    let file = shop.folder().with_extension("csv");
    std::fs::write(&file, many.bytes()).expect("a CSV");

    // A limit on the size of files, with its signal ignored, makes writes fail on any machine.
    let mut command = Command::new("bash");
    let script = "trap '' XFSZ; ulimit -f 512; exec \"$1\" import products \"$2\" --format shopify-csv";
    command.args(["-c", script, "bash", BINARY]).arg(&file);
    with_environment(&mut command, shop.folder());
    let finished = Process::start(command).finish(COMMAND).await;
    finished.assert_failed().assert_says(&["disk"]);
    shop.check().await;

    shop.import_file(&file).await.assert_succeeded();
    std::fs::remove_file(&file).expect("the CSV is removed");
    shop.check().await;
}

#[tokio::test]
async fn a_server_whose_disk_fills_up_refuses_to_write_goes_on_reading_and_recovers_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a temporary data folder");
    let script = "mount -t tmpfs -o size=24m tmpfs \"$1\" || exit 77; exec \"$2\" serve";
    let Some(command) = in_own_mounts(script, folder.path()) else { return };
    let mut server = Server::start_command(command).await;
    let client = Client::new(&server.base);
    let cart = client.new_cart().await;

    // The process's own view of its mounts.
    let inside = PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.path().display()));
    let ballast = inside.join("ballast");
    let filled = fill(&ballast);
    assert!(filled > 0, "the disk can be filled");
    // Another address each time: what is set already needs no write.
    let mut number = 0;
    let mut change = async || {
        number += 1;
        let email = format!("ada-{number}@example.com");
        (client.change_cart(&cart, json!({"email": email})).await, email)
    };
    let refused = eventually("a write is refused", SOON, async || match change().await.0 {
        answer if answer.is(200) => Err(answer.to_string()),
        answer => Ok(answer),
    })
    .await;
    refused.expect_problem(503, "store_unavailable");
    assert!(!refused.header("retry-after").is_empty(), "when to come again: {refused}");
    client.get("/health").await.expect(200);
    client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    server.assert_runs();

    std::fs::remove_file(&ballast).expect("the ballast is removed");
    let email = eventually("writes are taken again", SOON, async || match change().await {
        (answer, email) if answer.is(200) => Ok(email),
        (answer, _) => Err(answer.to_string()),
    })
    .await;
    assert_eq!(client.get(&format!("/api/v1/carts/{cart}")).await.expect(200)["email"], email);
    // The mount ends with its process, so it is checked beside it.
    let mut check = Command::new("nsenter");
    check.args(["--target", &server.id().to_string(), "--mount", "--user", "--preserve-credentials", BINARY, "check"]);
    with_environment(&mut check, folder.path());
    Process::start(check).finish(COMMAND).await.assert_succeeded();
    server.stop().await;
}

fn many_products(count: u32) -> Csv {
    let words = "A description that takes some room. ".repeat(20);
    (0..count).fold(Csv::new(), |csv, number| {
        csv.row(&[
            ("Handle", &format!("thing-{number}")),
            ("Title", &format!("Thing {number}")),
            ("Body (HTML)", &words),
            ("Variant Inventory Qty", "5"),
            ("Variant Price", "9.99"),
        ])
    })
}

/// Writes until no byte fits any more; how many did.
fn fill(file: &Path) -> u64 {
    use std::io::Write;
    let mut ballast = std::fs::File::create(file).expect("the ballast can be made");
    let mut written = 0;
    for size in [1 << 20, 1 << 12, 1] {
        let block = vec![0; size];
        while let Ok(count) = ballast.write(&block) {
            written += count as u64;
        }
    }
    written
}

/// A shell script in a mount namespace of its own, with the folder as `$1` and the binary as `$2`.
/// None where that is not permitted; the test is skipped then.
fn in_own_mounts(script: &str, folder: &Path) -> Option<Command> {
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user", "sh", "-c", script, "sh"]).arg(folder).arg(BINARY);
        command
    };
    let probe = unshare("mount -t tmpfs tmpfs \"$1\"").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: mounts are not permitted here");
        return None;
    }
    let mut command = unshare(script);
    with_environment(&mut command, folder);
    Some(command)
}

/// Names and bytes of all files.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("the file can be read");
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}
