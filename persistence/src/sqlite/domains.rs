//! Which file and which migrations belong to a domain.

use sqlx::migrate::Migrator;

use crate::moving::{MovedDomain, domains};

/// A domain as a type, so that a store of orders cannot be taken for one of products.
pub trait Domain: Send + Sync + 'static {
    const FILE: &'static str;

    #[doc(hidden)]
    fn migrator() -> &'static Migrator;

    /// What is taken along in a move.
    #[doc(hidden)]
    fn moved() -> &'static MovedDomain;
}

/// A domain whose things are entities with journals.
pub trait JournalDomain: Domain {}

macro_rules! domains {
    ($($domain:ident($file:literal, $migrations:literal, $moved:path);)*) => {$(
        #[derive(Debug)]
        pub struct $domain;

        impl Domain for $domain {
            const FILE: &'static str = $file;

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
    Products("products.db", "../migrations/products/sqlite", domains::PRODUCTS);
    Accounts("accounts.db", "../migrations/accounts/sqlite", domains::ACCOUNTS);
    Orders("orders.db", "../migrations/orders/sqlite", domains::ORDERS);
    Payments("payments.db", "../migrations/payments/sqlite", domains::PAYMENTS);
    Chat("chat.db", "../migrations/chat/sqlite", domains::CHAT);
}

impl JournalDomain for Products {}
impl JournalDomain for Orders {}
impl JournalDomain for Payments {}
impl JournalDomain for Chat {}
