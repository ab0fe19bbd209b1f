//! Rule 1: for each SKU nothing appears, nothing vanishes, nothing is oversold; and every hold
//! belongs to an order that may still need it.

use souk_domain::order::state::Order;
use souk_domain::product::state::Product;
use souk_domain::product::view::ProductView;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use super::Checked;
use super::replay::{Replayed, load, replay};
use super::report::Report;
use crate::marketplace::Stores;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    match replay::<Product>(&*checked.stores.products, id, report, |_, _, _, _| {}).await? {
        Some(product) => check_product(checked.stores, &product, report).await,
        None => Ok(()),
    }
}

async fn check_product(stores: &Stores, product: &Replayed<Product>, report: &mut Report) -> Result<(), StoreError> {
    let Replayed { id, state, seq } = product;
    report.rule(id, "on hand + sold = stocked + adjusted, and 0 <= held <= on hand", state.check());
    for order in state.holds.keys() {
        let order_state: Order = load(&*stores.orders, &EntityId::new(order)).await?;
        if order_state.placement.is_none() {
            report.violated(id, "a hold belongs to an order", format!("order {order} does not exist"));
        } else if order_state.is_settled() {
            report.violated(
                id,
                "a settled order holds nothing",
                format!("order {order} is {:?}", order_state.status()),
            );
        }
    }
    let Some(product_id) = state.id else { return Ok(()) };
    let row = stores.products.product(product_id).await?;
    match row.filter(|row| row.seq <= *seq) {
        Some(row) if row.seq == *seq && Some(&row.view) == ProductView::of(state, *seq).as_ref() => {}
        Some(row) => {
            report.violated(id, "the read model shows the journal", format!("row at {}, journal at {seq}", row.seq))
        }
        None => {}
    }
    Ok(())
}
