//! The whole way: to the engines, killed in the middle and gone on with, served from there, and back.

use super::shop::{Life, goods};
use super::stores::{Far, copy, copying, let_go};
use super::support::check::assert_clean;
use super::support::client::Client;
use super::support::server::Server;
use super::support::shop::{COMMAND, Shop};
use super::support::wait::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_moves_to_the_engines_across_a_kill_and_back() {
    let mut near = Shop::new().opened_with(&goods()).await;
    let mut life = Life::lived(&near.client()).await;
    near.close_and_check().await;

    // The copy comes as far as the rows of orders, and there it is killed.
    let far = Far::new();
    let held = far.hold_up_orders().await;
    let first = copying(near.folder(), &far.config());
    eventually("the accounts are over and the orders under way", COMMAND, async || {
        let told = first.stderr();
        if told.contains("accounts:") && told.contains("records in") && told.contains("sent again") {
            return Ok(());
        }
        Err(told)
    })
    .await;
    first.kill();
    let_go(held).await;

    // A part of a shop is not served, nor checked.
    for command in ["check", "serve"] {
        let refused = far.run(&[command]).await;
        refused.assert_failed().assert_says(&["the target of a copy that is not finished", "souk copy"]);
    }
    let second = copy(near.folder(), &far.config()).await;
    second.assert_succeeded().assert_says(&["goes on after", "both sides hold the same", "records"]);
    copy(near.folder(), &far.config()).await.assert_failed().assert_says(&["--to", "already holds something"]);

    let server = Server::start_command(far.command(&["serve"])).await;
    let client = Client::new(&server.base);
    life.assert_same(&client).await;
    life.live_on(&client).await;
    // Neither side of a copy may be open.
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let there = elsewhere.path().join("back");
    copy(&far.config(), &there).await.assert_failed().assert_says(&["in use by process"]);
    server.stop().await;
    far.run(&["check"]).await.assert_succeeded();

    copy(&far.config(), &there).await.assert_succeeded().assert_says(&["both sides hold the same"]);
    assert_clean(&there).await;
    let server = Server::start(&there, &[]).await;
    let client = Client::new(&server.base);
    life.assert_same(&client).await;
    life.live_on(&client).await;
    server.stop().await;
    assert_clean(&there).await;
}
