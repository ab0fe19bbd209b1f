//! The embedded adapter against the contract of the ports.

use proptest::prelude::*;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::model::follows_the_model;
use souk_persistence::sqlite::{
    SqliteAccountStore, SqliteChatStore, SqliteOrderStore, SqlitePaymentStore, SqliteProductStore,
};

#[path = "support/embedded.rs"]
mod embedded;
#[path = "support/histories.rs"]
mod histories;

use embedded::Sqlite;

mod products {
    use super::*;
    souk_persistence::journal_contract!(Sqlite::<SqliteProductStore>::new());
    souk_persistence::product_contract!(Sqlite::<SqliteProductStore>::new());
    souk_persistence::moving_contract!(Sqlite::<SqliteProductStore>::new(), Sqlite::<SqliteProductStore>::new());
}

mod orders {
    use super::*;
    souk_persistence::journal_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::order_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::outbox_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::person_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::moving_contract!(Sqlite::<SqliteOrderStore>::new(), Sqlite::<SqliteOrderStore>::new());
    souk_persistence::claim_contract!(Sqlite::<SqliteOrderStore>::new(), a_claimed_delivery_is_not_due_for_a_while);
}

mod payments {
    use super::*;
    souk_persistence::payment_contract!(Sqlite::<SqlitePaymentStore>::new());
    souk_persistence::moving_contract!(Sqlite::<SqlitePaymentStore>::new(), Sqlite::<SqlitePaymentStore>::new());
}

mod chat {
    use super::*;
    souk_persistence::chat_contract!(Sqlite::<SqliteChatStore>::new());
    souk_persistence::person_contract!(Sqlite::<SqliteChatStore>::new());
    souk_persistence::moving_contract!(Sqlite::<SqliteChatStore>::new(), Sqlite::<SqliteChatStore>::new());
}

mod accounts {
    use super::*;
    souk_persistence::account_contract!(Sqlite::<SqliteAccountStore>::new());
    souk_persistence::moving_contract!(Sqlite::<SqliteAccountStore>::new(), Sqlite::<SqliteAccountStore>::new(); people_are_there_after_a_move);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_follow_the_model(steps in prop::collection::vec(histories::step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let fixture = Sqlite::<SqliteProductStore>::new();
            let store = fixture.open().await;
            follows_the_model(&store, &steps).await;
            fixture.close(store).await;
        });
    }
}
