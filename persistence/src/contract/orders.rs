//! The queries about orders, and the counter of their numbers.

use std::collections::BTreeSet;

use futures::future::join_all;
use souk_domain::id::{CartId, OrderId, PaymentId, discount_id};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::fixture::{Fixture, append, numbered, refused};
use crate::journal::EntityId;
use crate::rows::{ClaimState, DiscountClaimRow, OrderRow, Row};
use crate::stores::{OrderStore, PersonalData};

fn order(number: u64) -> OrderRow {
    OrderRow {
        id: OrderId::from_uuid(Uuid::from_u128(number.into())),
        seq: 1,
        number,
        cart_id: CartId::from_uuid(Uuid::from_u128(7)),
        owner: None,
        payment_id: None,
        status: "awaiting_payment".to_owned(),
        total: 129_900,
        currency: "EUR".to_owned(),
        items_count: Some(3),
        email_digest: None,
        placed_at: Timestamp::from_millis(1_700_000_000_123),
    }
}

pub async fn orders_are_found_by_id<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let store = fixture.open().await;
    let mut row = order(1001);
    let entity = EntityId::new(row.id);
    assert_eq!(store.order(row.id).await.expect("order"), None);
    append(&store, numbered(&entity, 0, 1).with_rows([Row::Order(Box::new(row.clone()))])).await;
    assert_eq!(store.order(row.id).await.expect("order"), Some(row.clone()));

    row.seq = 2;
    row.owner = Some("acct_1".to_owned());
    row.payment_id = Some(PaymentId::from_uuid(Uuid::from_u128(9)));
    row.status = "confirmed".to_owned();
    row.items_count = None;
    row.email_digest = Some([7; 32]);
    append(&store, numbered(&entity, 1, 1).with_rows([Row::Order(Box::new(row.clone()))])).await;
    assert_eq!(store.order(row.id).await.expect("order"), Some(row.clone()));

    let stale = OrderRow { status: "cancelled".to_owned(), ..row.clone() };
    refused(&store, numbered(&entity, 1, 1).with_rows([Row::Order(Box::new(stale))]), 2).await;
    assert_eq!(store.order(row.id).await.expect("order"), Some(row));
    fixture.close(store).await;
}

pub async fn claims_outlive_the_discount_that_forgot_them<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (discount, order) = (discount_id("ten"), |number: u64| order(number).id);
    let entity = EntityId::new(discount);
    let claim = |number, state| DiscountClaimRow { discount_id: discount, order_id: order(number), state };
    let claimed = [claim(1, ClaimState::Claimed), claim(2, ClaimState::Claimed)];
    append(&store, numbered(&entity, 0, 2).with_rows(claimed.map(Row::DiscountClaim))).await;
    assert_eq!(store.discount_claim(discount, order(1)).await.expect("claim"), Some(claimed[0]));
    let settled = [claim(1, ClaimState::Redeemed), claim(2, ClaimState::Released)];
    append(&store, numbered(&entity, 2, 2).with_rows(settled.map(Row::DiscountClaim))).await;
    for row in settled {
        assert_eq!(store.discount_claim(discount, row.order_id).await.expect("claim"), Some(row));
    }
    assert_eq!(store.discount_claim(discount, order(3)).await.expect("claim"), None);
    assert_eq!(store.discount_claim(discount_id("other"), order(1)).await.expect("claim"), None);
    fixture.close(store).await;
}

pub async fn order_numbers_start_at_1001_and_go_on<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert_eq!(store.take_order_numbers(1).await.expect("numbers"), 1001);
    assert_eq!(store.take_order_numbers(100).await.expect("numbers"), 1002);
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(store.take_order_numbers(1).await.expect("numbers"), 1102, "after reopening");
    fixture.close(store).await;
}

pub async fn an_order_number_is_given_once<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let store = fixture.open().await;
    let taken = join_all((0..200_u32).map(|taker| {
        let (store, count) = (&store, 1 + taker % 3);
        async move { (store.take_order_numbers(count).await.expect("numbers"), u64::from(count)) }
    }))
    .await;
    let wanted: u64 = taken.iter().map(|(_, count)| count).sum();
    let numbers: BTreeSet<u64> = taken.into_iter().flat_map(|(first, count)| first..first + count).collect();
    assert_eq!(numbers.len() as u64, wanted, "a number was given twice");
    assert!(numbers.first().is_some_and(|first| *first >= 1001));
    fixture.close(store).await;
}

pub async fn orders_of_an_owner_are_paged_from_the_newest<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let store = fixture.open().await;
    // Two were placed in the same millisecond; one is somebody else's.
    for (number, owner, at) in
        [(1, "acct_1", 10), (2, "acct_1", 20), (3, "acct_2", 30), (4, "acct_1", 20), (5, "acct_1", 40)]
    {
        let placed_at = Timestamp::from_millis(at);
        let row = OrderRow { owner: Some(owner.to_owned()), placed_at, ..order(number) };
        append(&store, numbered(&EntityId::new(row.id), 0, 1).with_rows([Row::Order(Box::new(row))])).await;
    }
    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = store.orders_of("acct_1", before, 2).await.expect("orders");
        let Some(last) = page.last() else { break };
        before = Some((last.placed_at, last.id));
        pages.push(page.iter().map(|row| row.number).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![5, 4], vec![2, 1]]);
    assert!(store.orders_of("acct_3", None, 2).await.expect("orders").is_empty());
    fixture.close(store).await;
}

pub async fn orders_of_an_address_are_found_until_they_are_claimed_or_erased<F: Fixture<Store: OrderStore>>(
    fixture: &F,
) {
    let store = fixture.open().await;
    let owners = [None, Some("guest_1"), Some("acct_1"), None, Some("guest_2")];
    for (number, owner) in (1..).zip(owners) {
        let email_digest = Some([if number == 4 { 8 } else { 7 }; 32]);
        let cart_id = CartId::from_uuid(Uuid::from_u128(number.into()));
        let row = OrderRow { owner: owner.map(str::to_owned), email_digest, cart_id, ..order(number) };
        append(&store, numbered(&EntityId::new(row.id), 0, 1).with_rows([Row::Order(Box::new(row))])).await;
    }
    let found = async |digest: u8, limit: usize| -> Vec<u64> {
        let rows = store.unclaimed_orders(&[digest; 32], limit).await.expect("orders");
        rows.into_iter().map(|row| row.number).collect()
    };
    assert_eq!(found(7, 10).await, [1, 2, 5]);
    assert_eq!(found(7, 2).await, [1, 2]);
    assert!(found(9, 2).await.is_empty());
    store.erase_person("guest_1").await.expect("erased");
    assert_eq!(found(7, 10).await, [1, 5]);
    let cart = CartId::from_uuid(Uuid::from_u128(1)).to_string();
    store.erase_person(&cart).await.expect("erased");
    assert_eq!(found(7, 10).await, [5]);
    assert_eq!(store.order(order(1).id).await.expect("order").expect("there").email_digest, None);
    fixture.close(store).await;
}
