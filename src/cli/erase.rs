//! `souk erase`: deletes the keys that a person's data is sealed with. Orders and rooms stay and replay; names,
//! addresses and messages read as erased.

use std::process::ExitCode;

use clap::Args;

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
    let keys = stores.orders.erase_person(&person).await? + stores.chat.erase_person(&person).await?;
    let guest = stores.accounts.delete_guest(&person).await?;
    // Closing copies the log of an embedded store into its file and removes it, and with it the last trace of the keys.
    open.close().await;
    if keys == 0 && !guest {
        println!("nothing is kept about {person}");
        return Ok(ExitCode::FAILURE);
    }
    println!("erased {person}: {keys} keys deleted; what was sealed with them cannot be read any more");
    Ok(ExitCode::SUCCESS)
}
