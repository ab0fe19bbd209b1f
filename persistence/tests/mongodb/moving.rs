//! From and to the embedded engine.

use souk_persistence::sqlite::SqliteProductStore;

use super::embedded::Sqlite;
use super::support::Mongo;

mod here {
    use super::*;
    souk_persistence::moving_contract!(Sqlite::<SqliteProductStore>::new(), Mongo::new());
}

mod away {
    use super::*;
    souk_persistence::moving_contract!(Mongo::new(), Sqlite::<SqliteProductStore>::new());
}
