//! From and to the embedded engine.

use souk_persistence::postgres::{PostgresAccountStore, PostgresOrderStore, PostgresPaymentStore};
use souk_persistence::sqlite::{SqliteAccountStore, SqliteOrderStore, SqlitePaymentStore};

use super::contract::Postgres;
use super::embedded::Sqlite;

mod orders {
    use super::*;

    mod here {
        use super::*;
        souk_persistence::moving_contract!(Sqlite::<SqliteOrderStore>::new(), Postgres::<PostgresOrderStore>::new());
    }

    mod away {
        use super::*;
        souk_persistence::moving_contract!(Postgres::<PostgresOrderStore>::new(), Sqlite::<SqliteOrderStore>::new());
    }
}

mod payments {
    use super::*;

    mod here {
        use super::*;
        souk_persistence::moving_contract!(
            Sqlite::<SqlitePaymentStore>::new(),
            Postgres::<PostgresPaymentStore>::new()
        );
    }

    mod away {
        use super::*;
        souk_persistence::moving_contract!(
            Postgres::<PostgresPaymentStore>::new(), Sqlite::<SqlitePaymentStore>::new();
            all_of_it_is_there_after_a_move
        );
    }
}

mod accounts {
    use super::*;

    mod here {
        use super::*;
        souk_persistence::moving_contract!(
            Sqlite::<SqliteAccountStore>::new(), Postgres::<PostgresAccountStore>::new();
            people_are_there_after_a_move
        );
    }

    mod away {
        use super::*;
        souk_persistence::moving_contract!(
            Postgres::<PostgresAccountStore>::new(), Sqlite::<SqliteAccountStore>::new();
            people_are_there_after_a_move
        );
    }
}
