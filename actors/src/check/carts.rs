//! Rule 3: one key has one outcome.

use souk_domain::cart::state::Cart;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use super::Checked;
use super::replay::replay;
use super::report::Report;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    let Some(cart) = replay::<Cart>(&*checked.stores.orders, id, report, |_, _, _, _| {}).await? else { return Ok(()) };
    let mut keys: Vec<&str> = cart.state.keys.iter().map(|record| record.key.as_str()).collect();
    keys.sort_unstable();
    if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        report.violated(id, "one key, one outcome", format!("key {:?} is recorded twice", twice[0]));
    }
    Ok(())
}
