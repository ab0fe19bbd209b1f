//! Rows of the read models as cells, and the tables that they belong to.

use serde::Serialize;
use souk_domain::aggregate::Seq;

use super::cell::Cell;
use crate::journal::EntityId;
use crate::rows::{
    ClaimState, DiscountClaimRow, HoldRow, HoldState, OrderRow, PaymentRow, ProductRow, RoomRow, Row, VariantRow,
};
use crate::sealing::PersonKey;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Products,
    Variants,
    Holds,
    Orders,
    DiscountClaims,
    Payments,
    Rooms,
    PersonKeys,
}

/// A row and its table.
#[derive(Debug)]
pub(crate) struct EncodedRow {
    pub table: Table,
    pub cells: Vec<Cell>,
}

/// Makes a row of the commit of `entity` that starts at `first` ready to be written.
///
/// # Errors
/// A sentence when a field cannot be written as JSON or does not fit a column.
pub(crate) fn encode(row: Row, entity: &EntityId, first: Seq) -> Result<EncodedRow, String> {
    let (table, cells) = match row {
        Row::Product(row) => {
            let ProductRow { id, seq, handle, view } = *row;
            let commit = [text(entity), integer(first)?];
            let cells = vec![text(id), integer(seq)?, Cell::Text(handle), long(&view)?];
            (Table::Products, cells.into_iter().chain(commit).collect())
        }
        Row::Variant(VariantRow { id, product_id, sku }) => {
            (Table::Variants, vec![text(id), text(product_id), Cell::optional(sku)])
        }
        Row::Hold(HoldRow { product_id, order_id, state, lines }) => {
            (Table::Holds, vec![text(product_id), text(order_id), text(hold_state(state)), long(&lines)?])
        }
        Row::Order(row) => {
            let OrderRow {
                id,
                seq,
                number,
                cart_id,
                owner,
                payment_id,
                status,
                total,
                currency,
                items_count,
                email_digest,
                placed_at,
            } = *row;
            let cells = vec![
                text(id),
                integer(seq)?,
                integer(number)?,
                text(cart_id),
                Cell::optional(owner),
                Cell::optional(payment_id.map(|id| id.to_string())),
                Cell::Text(status),
                Cell::Integer(total),
                Cell::Text(currency),
                Cell::Integer(placed_at.as_millis()),
                items_count.map_or(Cell::Null, |count| Cell::Integer(count.into())),
                Cell::optional(email_digest.map(hex::encode)),
            ];
            (Table::Orders, cells)
        }
        Row::DiscountClaim(DiscountClaimRow { discount_id, order_id, state }) => {
            (Table::DiscountClaims, vec![text(discount_id), text(order_id), text(claim_state(state))])
        }
        Row::Payment(row) => {
            let PaymentRow { id, seq, order_id, status, amount, captured, refunded, currency, provider_ref } = row;
            let cells = vec![
                text(id),
                integer(seq)?,
                text(order_id),
                Cell::Text(status),
                Cell::Integer(amount),
                Cell::Integer(captured),
                Cell::Integer(refunded),
                Cell::Text(currency),
                Cell::optional(provider_ref),
            ];
            (Table::Payments, cells)
        }
        Row::Room(RoomRow { id, seq, kind, subject_id, members, at }) => {
            let cells = vec![text(id), integer(seq)?, Cell::Text(kind), Cell::optional(subject_id), long(&members)?];
            (Table::Rooms, cells.into_iter().chain([Cell::Integer(at.as_millis())]).collect())
        }
    };
    Ok(EncodedRow { table, cells })
}

/// A key that is written with the first commit that it seals something in.
pub(crate) fn encode_key(key: &PersonKey) -> EncodedRow {
    let cells = vec![text(key.id.simple()), Cell::Text(key.person.clone()), Cell::Text(hex::encode(key.secret))];
    EncodedRow { table: Table::PersonKeys, cells }
}

pub(crate) fn hold_state(state: HoldState) -> &'static str {
    match state {
        HoldState::Held => "held",
        HoldState::Sold => "sold",
        HoldState::Released => "released",
    }
}

pub(crate) fn claim_state(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Claimed => "claimed",
        ClaimState::Redeemed => "redeemed",
        ClaimState::Released => "released",
    }
}

fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

fn integer(number: u64) -> Result<Cell, String> {
    i64::try_from(number).map(Cell::Integer).map_err(|_| format!("{number} is too large to be kept"))
}

fn long(value: &impl Serialize) -> Result<Cell, String> {
    serde_json::to_string(value).map(Cell::Long).map_err(|error| error.to_string())
}
