//! From and to the embedded engine, and to another server.

use souk_persistence::sqlite::SqliteChatStore;

use super::chat::Redis;
use super::embedded::Sqlite;

mod here {
    use super::*;
    souk_persistence::moving_contract!(Sqlite::<SqliteChatStore>::new(), Redis::new());
}

mod away {
    use super::*;
    souk_persistence::moving_contract!(Redis::new(), Sqlite::<SqliteChatStore>::new());
}

mod between {
    use super::*;
    souk_persistence::moving_contract!(Redis::new(), Redis::new(); all_of_it_is_there_after_a_move);
}
