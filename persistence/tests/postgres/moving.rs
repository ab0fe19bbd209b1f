//! From and to the embedded engine.

use souk_persistence::postgres::{PostgresAccountStore, PostgresOrderStore, PostgresPaymentStore};
use souk_persistence::sqlite::{SqliteAccountStore, SqliteOrderStore, SqlitePaymentStore};

use super::contract::Postgres;
use super::embedded::Sqlite;
use super::server;

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

/// A table or a column that a move does not know would be left behind.
#[tokio::test]
async fn every_column_is_moved_or_made_anew() {
    use souk_persistence::moving::{MovedDomain, domains};
    let options = server::options();
    let stores = (
        PostgresOrderStore::open(&options).await.expect("orders"),
        PostgresPaymentStore::open(&options).await.expect("payments"),
        PostgresAccountStore::open(&options).await.expect("accounts"),
    );
    let all: [&MovedDomain; 3] = [&domains::ORDERS, &domains::PAYMENTS, &domains::ACCOUNTS];
    for domain in all {
        let mut session = server::session(&options, domain.name).await;
        let query = sqlx::query_as(
            "select table_name::text, column_name::text from information_schema.columns
             where table_schema = current_schema()",
        );
        let columns: Vec<(String, String)> = query.fetch_all(&mut session).await.expect("the schema is read");
        assert!(columns.len() > 5, "{}: the schema is there", domain.name);
        for (table, column) in columns {
            // Made anew of commits; or of this server alone.
            let is_own = ["entities", "leases", "_sqlx_migrations"].contains(&table.as_str());
            let section = domain.sections.iter().find(|section| section.name == table);
            let is_moved = section.is_some_and(|section| section.fields.iter().any(|field| field.name == column));
            assert!(is_own || is_moved, "{}: {table}.{column} is in no section of moving::domains", domain.name);
        }
    }
    stores.0.close().await;
    stores.1.close().await;
    stores.2.close().await;
}
