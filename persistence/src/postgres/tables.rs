//! The read-model tables: their columns, in the order of an encoded row's cells.

use super::columns::Kind::{self, Integer, Text};
use crate::sql::rows::Table;

pub(super) struct Form {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// How many of the columns, from the first on, are the key.
    pub key: usize,
}

impl Form {
    /// The id of the entity that writes the row, and the columns.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        [Text].into_iter().chain(self.columns.iter().map(|column| column.kind))
    }
}

pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// What stands before and after the value where it goes into the table.
    around: (&'static str, &'static str),
}

impl Column {
    /// How the column of a table that was made of arrays is put into the real one.
    pub(super) fn value(&self, table: &str) -> String {
        let (before, after) = self.around;
        format!("{before}{table}.{}{after}", self.name)
    }
}

const fn plain(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, around: ("", "") }
}

const fn uuid(name: &'static str) -> Column {
    Column { name, kind: Text, around: ("", "::uuid") }
}

/// From hexadecimal.
const fn bytes(name: &'static str) -> Column {
    Column { name, kind: Text, around: ("decode(", ", 'hex')") }
}

const ORDERS: Form = Form {
    name: "order_rows",
    columns: &[
        plain("id", Text),
        plain("seq", Integer),
        plain("number", Integer),
        plain("cart_id", Text),
        plain("owner", Text),
        plain("payment_id", Text),
        plain("status", Text),
        plain("total", Integer),
        plain("currency", Text),
        plain("placed_at", Integer),
        plain("items_count", Integer),
        bytes("email_digest"),
    ],
    key: 1,
};

const DISCOUNT_CLAIMS: Form = Form {
    name: "discount_claim_rows",
    columns: &[plain("discount_id", Text), plain("order_id", Text), plain("state", Text)],
    key: 2,
};

const PAYMENTS: Form = Form {
    name: "payment_rows",
    columns: &[
        plain("id", Text),
        plain("seq", Integer),
        plain("order_id", Text),
        plain("status", Text),
        plain("amount", Integer),
        plain("captured", Integer),
        plain("refunded", Integer),
        plain("currency", Text),
        plain("provider_ref", Text),
    ],
    key: 1,
};

const PERSON_KEYS: Form =
    Form { name: "person_keys", columns: &[uuid("id"), plain("person", Text), bytes("secret")], key: 1 };

/// None: no store of this engine keeps the table.
pub(super) fn form(table: Table) -> Option<&'static Form> {
    match table {
        Table::Orders => Some(&ORDERS),
        Table::DiscountClaims => Some(&DISCOUNT_CLAIMS),
        Table::Payments => Some(&PAYMENTS),
        Table::PersonKeys => Some(&PERSON_KEYS),
        Table::Products | Table::Variants | Table::Holds | Table::Rooms => None,
    }
}
