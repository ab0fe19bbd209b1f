//! Load, kill, check, restart, verify; again and again on the same data.

use std::collections::BTreeMap;

use super::load::{DROP, HOT, Ledger, Load, PLAIN, Progress, staff};
use super::support::catalogue::Csv;
use super::support::chance::Chance;
use super::support::shop::Shop;
use super::verify::verify;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_before_a_kill_is_there_after_the_restart() {
    let rounds = if std::env::var_os("SOUK_LONG").is_some() { 30 } else { 3 };
    let mut chance = Chance::from_environment();
    let stock = BTreeMap::from([(HOT, 100 * rounds as i64), (PLAIN, 1_000_000)]);
    let goods = stock.iter().fold(Csv::new(), |csv, (handle, units)| csv.product(handle, *units as u32, "12.50"));
    let uses = 20 * rounds;
    let config = tempfile::NamedTempFile::with_suffix(".toml").expect("a temporary file");
    std::fs::write(config.path(), discount(uses)).expect("the configuration is written");
    let mut shop = Shop::new().set("CONFIG", config.path().display()).opened_with(&goods).await;
    let mut ledger = Ledger::default();

    for round in 1..=rounds {
        let progress = Progress::new();
        let load = Load::start(&shop, round, &mut chance, &progress).await;
        let moment = chance.between(20..2_000);
        progress.reaches(moment).await;
        shop.kill();
        load.end(&mut ledger).await;
        let (orders, messages) = (ledger.orders.len(), ledger.messages.len());
        println!("round {round}: killed after {moment} acknowledgements; {orders} orders, {messages} messages so far");

        shop.check().await;
        shop.open().await;
        let staff = staff(&shop).await;
        verify(&shop.client(), &staff, &mut ledger, &stock, uses).await;
    }
    shop.close_and_check().await;
}

/// A discount with so many uses.
fn discount(uses: usize) -> String {
    format!(
        "[[shop.discounts]]\nid = \"drop\"\ntitle = \"The drop\"\ncode = \"{DROP}\"\nlimit = {uses}\n\
         effect = {{ kind = \"amount\", amount = 100 }}\n"
    )
}
