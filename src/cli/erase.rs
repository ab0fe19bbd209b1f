//! `souk erase`: deletes the keys that a person's data is sealed with, and an account itself. Orders and rooms stay and replay; names,
//! addresses and messages read as erased.

use std::process::ExitCode;

use clap::Args;
use souk_actors::marketplace::Stores;
use souk_actors::nodes::erasing::tell_erased;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_domain::id::AccountId;
use souk_domain::order::event::OrderEvent;
use souk_domain::personal::Personal;
use souk_persistence::accounts::Change;
use souk_persistence::bus::{Bus, RedisBus};
use souk_persistence::journal::EntityId;

use crate::config::Config;
use crate::stores::{Access, OpenStores};

#[derive(Debug, Args)]
pub struct EraseArguments {
    /// `acct_...`, `guest_...`, or `cart_...` for somebody who bought without a name.
    person: String,
}

pub async fn run(config: &Config, EraseArguments { person }: EraseArguments) -> anyhow::Result<ExitCode> {
    let known = ["acct_", "guest_", "cart_"].iter().any(|prefix| person.starts_with(prefix));
    anyhow::ensure!(
        known,
        "{person:?} is no person: the id of an account (acct_...), a guest (guest_...) or a cart (cart_...)"
    );
    let open = OpenStores::open(config, Access::Writing).await?;
    let stores = &open.stores;
    let mut keys = stores.orders.erase_person(&person).await? + stores.chat.erase_person(&person).await?;
    let mut erased = vec![person.clone()];
    let mut known = stores.accounts.delete_guest(&person).await?;
    if let Ok(id) = person.parse::<AccountId>() {
        keys += erase_claimed(stores, &person, &mut erased).await?;
        let at = SystemClock.now();
        known |= stores.accounts.commit(vec![Change::Delete { id, at }]).await?.is_ok();
    }
    // Nodes that run forget what they remember.
    if !config.bus.is_empty() {
        let (bus, _listener) = RedisBus::open(&config.redis.bus(config.bus.as_str())).await?;
        tell_erased(&bus, erased.iter().map(String::as_str));
        bus.close().await;
    }
    // Closing copies the log of an embedded store into its file and removes it, and with it the last trace of the keys.
    open.close().await;
    if keys == 0 && !known {
        println!("nothing is kept about {person}");
        return Ok(ExitCode::FAILURE);
    }
    println!("erased {person}: {keys} keys deleted; what was sealed with them cannot be read any more");
    Ok(ExitCode::SUCCESS)
}

/// Orders that were placed as a guest are sealed as that guest's, also once an account has claimed them.
async fn erase_claimed(stores: &Stores, account: &str, erased: &mut Vec<String>) -> anyhow::Result<u64> {
    let (mut keys, mut before) = (0, None);
    loop {
        let page = stores.orders.orders_of(account, before, 100).await?;
        let Some(last) = page.last() else { return Ok(keys) };
        before = Some((last.placed_at, last.id));
        for order in page {
            let placed = stores.orders.events_after(&EntityId::new(order.id), 0, 1).await?;
            let event = placed.first().map(|recorded| serde_json::from_str(&recorded.event)).transpose()?;
            if let Some(OrderEvent::Placed { placement }) = event
                && let Personal::Known { of: Some(person), .. } = &placement.email
            {
                keys += stores.orders.erase_person(person).await?;
                erased.push(person.clone());
                erased.push(order.id.to_string());
            }
        }
    }
}
