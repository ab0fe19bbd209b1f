//! The queries about payments.

use souk_domain::id::{OrderId, PaymentId};
use uuid::Uuid;

use super::fixture::{Fixture, append, numbered};
use crate::journal::EntityId;
use crate::rows::{PaymentRow, Row};
use crate::stores::PaymentStore;

pub async fn payments_are_found_by_the_providers_name<F: Fixture<Store: PaymentStore>>(fixture: &F) {
    let store = fixture.open().await;
    let mut row = PaymentRow {
        id: PaymentId::from_uuid(Uuid::from_u128(1)),
        seq: 1,
        order_id: OrderId::from_uuid(Uuid::from_u128(2)),
        status: "open".to_owned(),
        amount: 129_900,
        captured: 0,
        refunded: 0,
        currency: "JPY".to_owned(),
        provider_ref: None,
    };
    let entity = EntityId::new(row.id);
    append(&store, numbered(&entity, 0, 1).with_rows([Row::Payment(row.clone())])).await;
    assert_eq!(store.payment_by_provider_ref("").await.expect("payment"), None);
    assert_eq!(store.payment_by_provider_ref("null").await.expect("payment"), None);

    row.seq = 2;
    row.captured = 129_900;
    row.refunded = 1;
    row.status = "captured".to_owned();
    row.provider_ref = Some("pi_\"3\\N".to_owned());
    append(&store, numbered(&entity, 1, 1).with_rows([Row::Payment(row.clone())])).await;
    assert_eq!(store.payment_by_provider_ref("pi_\"3\\N").await.expect("payment"), Some(row));
    assert_eq!(store.payment_by_provider_ref("pi_4").await.expect("payment"), None);
    fixture.close(store).await;
}
