//! The read-model tables: how a row fills one, and the statement that writes many rows of it.

use serde::Serialize;
use souk_domain::aggregate::Seq;

use super::document::Cell;
use crate::journal::EntityId;
use crate::rows::{
    ClaimState, DiscountClaimRow, HoldRow, HoldState, OrderRow, PaymentRow, ProductRow, RoomRow, Row, VariantRow,
};
use crate::sealing::PersonKey;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Products,
    Variants,
    Holds,
    Orders,
    DiscountClaims,
    Payments,
    Rooms,
    PersonKeys,
}

impl Table {
    pub(super) const ALL: [Self; 8] = [
        Self::Products,
        Self::Variants,
        Self::Holds,
        Self::Orders,
        Self::DiscountClaims,
        Self::Payments,
        Self::Rooms,
        Self::PersonKeys,
    ];

    /// The statement that writes a [`Document`](super::document::Document): ?1 the rows, ?2 the long texts.
    pub(super) fn statement(self) -> &'static str {
        match self {
            // The commit is already there: its position tells followers what changed since they looked.
            Self::Products => {
                "insert into product_rows (id, seq, handle, view, changed)
                 select e.value->>0, e.value->>1, e.value->>2, cast(substr(?2, e.value->>3, e.value->>4) as text),
                        (select position from commits
                         where entity = (select number from entities where entities.id = e.value->>5)
                           and first = e.value->>6)
                 from jsonb_each(?1) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, handle = excluded.handle, view = excluded.view, changed = excluded.changed"
            }
            Self::Variants => {
                "insert into variant_rows (id, product_id, sku)
                 select e.value->>0, e.value->>1, e.value->>2 from jsonb_each(?1) as e where true
                 on conflict (id) do update set product_id = excluded.product_id, sku = excluded.sku
                 where product_id is not excluded.product_id or sku is not excluded.sku"
            }
            Self::Holds => {
                "insert into hold_rows (product_id, order_id, state, lines)
                 select e.value->>0, e.value->>1, e.value->>2, cast(substr(?2, e.value->>3, e.value->>4) as text)
                 from jsonb_each(?1) as e where true
                 on conflict (product_id, order_id) do update set state = excluded.state, lines = excluded.lines"
            }
            Self::Orders => {
                "insert into order_rows
                    (id, seq, number, cart_id, owner, payment_id, status, total, currency, placed_at, items_count,
                     email_digest)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, e.value->>6,
                        e.value->>7, e.value->>8, e.value->>9, e.value->>10, unhex(e.value->>11)
                 from jsonb_each(?1) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, number = excluded.number, cart_id = excluded.cart_id, owner = excluded.owner,
                    payment_id = excluded.payment_id, status = excluded.status, total = excluded.total,
                    currency = excluded.currency, placed_at = excluded.placed_at,
                    items_count = excluded.items_count, email_digest = excluded.email_digest"
            }
            Self::DiscountClaims => {
                "insert into discount_claim_rows (discount_id, order_id, state)
                 select e.value->>0, e.value->>1, e.value->>2 from jsonb_each(?1) as e where true
                 on conflict (discount_id, order_id) do update set state = excluded.state"
            }
            Self::Payments => {
                "insert into payment_rows
                    (id, seq, order_id, status, amount, captured, refunded, currency, provider_ref)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, e.value->>6,
                        e.value->>7, e.value->>8
                 from jsonb_each(?1) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, order_id = excluded.order_id, status = excluded.status,
                    amount = excluded.amount, captured = excluded.captured, refunded = excluded.refunded,
                    currency = excluded.currency, provider_ref = excluded.provider_ref"
            }
            Self::Rooms => {
                "insert into room_rows (id, seq, kind, subject_id, members, at)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3,
                        cast(substr(?2, e.value->>4, e.value->>5) as text), e.value->>6
                 from jsonb_each(?1) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, kind = excluded.kind, subject_id = excluded.subject_id,
                    members = excluded.members, at = excluded.at"
            }
            Self::PersonKeys => {
                "insert into person_keys (id, person, secret)
                 select unhex(e.value->>0), e.value->>1, unhex(e.value->>2) from jsonb_each(?1) as e"
            }
        }
    }
}

/// A row and its table.
#[derive(Debug)]
pub(super) struct EncodedRow {
    pub table: Table,
    pub cells: Vec<Cell>,
}

/// Makes a row of the commit of `entity` that starts at `first` ready to be written.
///
/// # Errors
/// A sentence when a field cannot be written as JSON or does not fit a column.
pub(super) fn encode(row: Row, entity: &EntityId, first: Seq) -> Result<EncodedRow, String> {
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
pub(super) fn encode_key(key: &PersonKey) -> EncodedRow {
    let cells = vec![text(key.id.simple()), Cell::Text(key.person.clone()), Cell::Text(hex::encode(key.secret))];
    EncodedRow { table: Table::PersonKeys, cells }
}

pub(super) fn hold_state(state: HoldState) -> &'static str {
    match state {
        HoldState::Held => "held",
        HoldState::Sold => "sold",
        HoldState::Released => "released",
    }
}

pub(super) fn claim_state(state: ClaimState) -> &'static str {
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
