//! The read-model tables of SQLite: the statement that writes many rows of one.

pub(super) use crate::sql::rows::Table;

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

    /// The statement that writes a [`Document`](super::document::Document). Its parameters in their order: the long
    /// texts where it cuts any out, then the rows.
    pub(super) fn statement(self) -> &'static str {
        match self {
            // The commit is already there: its position tells followers what changed since they looked.
            Self::Products => {
                "insert into product_rows (id, seq, handle, view, changed)
                 select e.value->>0, e.value->>1, e.value->>2, cast(substr(?, e.value->>3, e.value->>4) as text),
                        (select position from commits
                         where entity = (select number from entities where entities.id = e.value->>5)
                           and first = e.value->>6)
                 from jsonb_each(?) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, handle = excluded.handle, view = excluded.view, changed = excluded.changed"
            }
            Self::Variants => {
                "insert into variant_rows (id, product_id, sku)
                 select e.value->>0, e.value->>1, e.value->>2 from jsonb_each(?) as e where true
                 on conflict (id) do update set product_id = excluded.product_id, sku = excluded.sku
                 where product_id is not excluded.product_id or sku is not excluded.sku"
            }
            Self::Holds => {
                "insert into hold_rows (product_id, order_id, state, lines)
                 select e.value->>0, e.value->>1, e.value->>2, cast(substr(?, e.value->>3, e.value->>4) as text)
                 from jsonb_each(?) as e where true
                 on conflict (product_id, order_id) do update set state = excluded.state, lines = excluded.lines"
            }
            Self::Orders => {
                "insert into order_rows
                    (id, seq, number, cart_id, owner, payment_id, status, total, currency, placed_at, items_count,
                     email_digest)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, e.value->>6,
                        e.value->>7, e.value->>8, e.value->>9, e.value->>10, unhex(e.value->>11)
                 from jsonb_each(?) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, number = excluded.number, cart_id = excluded.cart_id, owner = excluded.owner,
                    payment_id = excluded.payment_id, status = excluded.status, total = excluded.total,
                    currency = excluded.currency, placed_at = excluded.placed_at,
                    items_count = excluded.items_count, email_digest = excluded.email_digest"
            }
            Self::DiscountClaims => {
                "insert into discount_claim_rows (discount_id, order_id, state)
                 select e.value->>0, e.value->>1, e.value->>2 from jsonb_each(?) as e where true
                 on conflict (discount_id, order_id) do update set state = excluded.state"
            }
            Self::Payments => {
                "insert into payment_rows
                    (id, seq, order_id, status, amount, captured, refunded, currency, provider_ref)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, e.value->>6,
                        e.value->>7, e.value->>8
                 from jsonb_each(?) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, order_id = excluded.order_id, status = excluded.status,
                    amount = excluded.amount, captured = excluded.captured, refunded = excluded.refunded,
                    currency = excluded.currency, provider_ref = excluded.provider_ref"
            }
            Self::Rooms => {
                "insert into room_rows (id, seq, kind, subject_id, members, at)
                 select e.value->>0, e.value->>1, e.value->>2, e.value->>3,
                        cast(substr(?, e.value->>4, e.value->>5) as text), e.value->>6
                 from jsonb_each(?) as e where true
                 on conflict (id) do update set
                    seq = excluded.seq, kind = excluded.kind, subject_id = excluded.subject_id,
                    members = excluded.members, at = excluded.at"
            }
            Self::PersonKeys => {
                "insert into person_keys (id, person, secret)
                 select unhex(e.value->>0), e.value->>1, unhex(e.value->>2) from jsonb_each(?) as e"
            }
        }
    }
}
