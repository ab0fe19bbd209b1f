//! Which schema, migrations and read models belong to a domain.

use sqlx::migrate::Migrator;

use crate::moving::{MovedDomain, domains};
use crate::sql::rows::Table;

/// A domain as a type, so that a store of orders cannot be taken for one of payments.
pub trait Domain: Send + Sync + 'static {
    /// As in the configuration: `orders`.
    const NAME: &'static str;

    /// The read models that are written with its commits; empty where there are no entities.
    #[doc(hidden)]
    const TABLES: &'static [Table];

    #[doc(hidden)]
    fn migrator() -> &'static Migrator;

    /// What is taken along in a move.
    #[doc(hidden)]
    fn moved() -> &'static MovedDomain;
}

/// A domain whose things are entities with journals.
pub trait JournalDomain: Domain {}

macro_rules! domains {
    ($($domain:ident($name:literal, $migrations:literal, $tables:expr, $moved:path);)*) => {$(
        #[derive(Debug)]
        pub struct $domain;

        impl Domain for $domain {
            const NAME: &'static str = $name;
            const TABLES: &'static [Table] = &$tables;

            fn migrator() -> &'static Migrator {
                static MIGRATOR: Migrator = sqlx::migrate!($migrations);
                &MIGRATOR
            }

            fn moved() -> &'static MovedDomain {
                &$moved
            }
        }
    )*};
}

domains! {
    Orders("orders", "../migrations/orders/postgres", [Table::Orders, Table::DiscountClaims, Table::PersonKeys],
        domains::ORDERS);
    Payments("payments", "../migrations/payments/postgres", [Table::Payments], domains::PAYMENTS);
    Accounts("accounts", "../migrations/accounts/postgres", [], domains::ACCOUNTS);
}

impl JournalDomain for Orders {}
impl JournalDomain for Payments {}
