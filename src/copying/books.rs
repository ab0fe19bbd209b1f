//! The sandbox provider's books and keys. They lie in the data folder beside the stores, and the payments of the shop
//! are in them.

use std::fs;

use anyhow::Context;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_persistence::sqlite::backup::back_up;

use crate::config::Config;
use crate::config::payments::ProviderName;

const BOOKS: &str = "sandbox.db";
const KEYS: &str = "sandbox.keys";
/// Where they are put together before they are in their place.
const COMING: &str = "sandbox.coming";

/// Copies them where the far side's sandbox would look for them and finds none.
///
/// # Errors
/// What cannot be read or written.
pub async fn carry_books(from: &Config, to: &Config) -> anyhow::Result<()> {
    let is_inside =
        |config: &Config| config.payments.provider == ProviderName::Sandbox && config.sandbox.url.is_empty();
    let there = to.data_dir.join(BOOKS);
    if !is_inside(from) || !is_inside(to) || !from.data_dir.join(BOOKS).is_file() || there.is_file() {
        return Ok(());
    }
    let coming = to.data_dir.join(COMING);
    let failed = || format!("the sandbox provider's books cannot be copied to {}", to.data_dir.display());
    if coming.is_dir() {
        // Left by a copy that was cut off.
        fs::remove_dir_all(&coming).with_context(failed)?;
    }
    fs::create_dir_all(&to.data_dir).with_context(failed)?;
    back_up(&from.data_dir, &[BOOKS], &[KEYS], &coming, || SystemClock.now().to_string()).await.with_context(failed)?;
    // The books last: they are what says that all is there.
    for name in [KEYS, BOOKS] {
        if coming.join(name).is_file() {
            fs::rename(coming.join(name), to.data_dir.join(name)).with_context(failed)?;
        }
    }
    fs::remove_dir_all(&coming).with_context(failed)?;
    eprintln!("payments: the sandbox provider's books are in {}", to.data_dir.display());
    Ok(())
}
