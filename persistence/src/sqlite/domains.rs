//! Which file and which migrations belong to a domain.

use sqlx::migrate::Migrator;

/// A domain as a type, so that a store of orders cannot be taken for one of products.
pub trait Domain: Send + Sync + 'static {
    const FILE: &'static str;

    #[doc(hidden)]
    fn migrator() -> &'static Migrator;
}

/// A domain whose things are entities with journals.
pub trait JournalDomain: Domain {}

macro_rules! domains {
    ($($domain:ident($file:literal, $migrations:literal);)*) => {$(
        #[derive(Debug)]
        pub struct $domain;

        impl Domain for $domain {
            const FILE: &'static str = $file;

            fn migrator() -> &'static Migrator {
                static MIGRATOR: Migrator = sqlx::migrate!($migrations);
                &MIGRATOR
            }
        }
    )*};
}

domains! {
    Products("products.db", "../migrations/products/sqlite");
    Accounts("accounts.db", "../migrations/accounts/sqlite");
    Orders("orders.db", "../migrations/orders/sqlite");
    Payments("payments.db", "../migrations/payments/sqlite");
    Chat("chat.db", "../migrations/chat/sqlite");
}

impl JournalDomain for Products {}
impl JournalDomain for Orders {}
impl JournalDomain for Payments {}
impl JournalDomain for Chat {}
