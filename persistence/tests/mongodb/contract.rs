//! The same cases as every adapter.

use super::support::Mongo;

souk_persistence::journal_contract!(Mongo::new());
souk_persistence::product_contract!(Mongo::new());
souk_persistence::lease_contract!(Mongo::new());
