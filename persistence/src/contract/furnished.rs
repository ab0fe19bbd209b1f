//! Stores with something in every section, so that a move that forgets one shows.

use async_trait::async_trait;
use souk_domain::account::audit::Entry;
use souk_domain::id::{
    AccountId, ApiKeyId, CartId, EndpointId, NoteId, OrderId, PaymentId, ProductId, RoomId, VariantId, delivery_id,
    discount_id, room_id,
};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::accounts::{NOW, account, address, later, session};
use super::fixture::{append, commit, numbered};
use super::products::product;
use crate::accounts::{
    AccountStore, AddressRecord, ApiKeyRecord, Change, GuestRecord, Note, NoteKind, OneTime, Purpose, SigningKeyRecord,
};
use crate::journal::{EntityId, Journal};
use crate::mongodb::MongoProductStore;
use crate::moving::Movable;
use crate::outbox::{Consumer, EndpointRecord, EndpointSecret, NewDelivery, OutboxStore, Outcome, Standing};
use crate::postgres::{PostgresOrderStore, PostgresPaymentStore};
use crate::redis::RedisChatStore;
use crate::rows::{ClaimState, DiscountClaimRow, HoldRow, HoldState, OrderRow, PaymentRow, RoomRow, Row, VariantRow};
use crate::sqlite::{SqliteChatStore, SqliteOrderStore, SqlitePaymentStore, SqliteProductStore};
use crate::stores::{ChatStore, OrderStore, PaymentStore, ProductStore};

/// A store with journals, and what it keeps besides.
#[async_trait]
pub trait Furnished: Movable + Journal {
    /// The kind of its entities.
    const KIND: &'static str;

    /// Writes records of every section that a journal alone does not fill.
    async fn furnish(&self);
}

macro_rules! furnished {
    ($($store:ty, $kind:literal, $furnish:ident;)*) => {$(
        #[async_trait]
        impl Furnished for $store {
            const KIND: &'static str = $kind;

            async fn furnish(&self) {
                $furnish(self).await;
            }
        }
    )*};
}

furnished! {
    SqliteProductStore, "prod", products;
    MongoProductStore, "prod", products;
    SqliteOrderStore, "ord", orders;
    PostgresOrderStore, "ord", orders;
    SqlitePaymentStore, "pay", payments;
    PostgresPaymentStore, "pay", payments;
    SqliteChatStore, "room", chat;
    RedisChatStore, "room", chat;
}

const PERSONS: u128 = 30;

fn said(person: &str, text: &str) -> String {
    format!(r#"{{"by":"{person}","text":{{"$of":"{person}","$personal":"{text}"}}}}"#)
}

async fn products(store: &impl ProductStore) {
    for number in 1_000..1_030_u128 {
        let id = EntityId::new(ProductId::from_uuid(Uuid::from_u128(number)));
        let handle = format!("a-\"handle\"-{number}");
        let hold = |state, quantity: u128| {
            Row::Hold(HoldRow {
                product_id: ProductId::from_uuid(Uuid::from_u128(number)),
                order_id: OrderId::from_uuid(Uuid::from_u128(quantity % 3)),
                state,
                lines: Vec::new(),
            })
        };
        let variant = |number: u128, sku: Option<String>| {
            let product_id = ProductId::from_uuid(Uuid::from_u128(1_000));
            Row::Variant(VariantRow { id: VariantId::from_uuid(Uuid::from_u128(number)), product_id, sku })
        };
        let rows =
            [variant(number, Some(format!("SKU-{number}"))), variant(number + 500, None), hold(HoldState::Held, 1)];
        let first = numbered(&id, 0, 1).told_to_nobody().with_rows(rows);
        append(store, first.with_rows([Row::Product(Box::new(product(number, 1, &handle)))])).await;
        // What a later commit says of the same order is what counts.
        let rows = [hold(HoldState::Sold, 1), hold(HoldState::Released, number)];
        let second = numbered(&id, 1, 1).told_to_nobody().with_rows(rows);
        append(store, second.with_rows([Row::Product(Box::new(product(number, 2, &handle)))])).await;
        let owner = store.reserve_handle(&handle, ProductId::from_uuid(Uuid::from_u128(number))).await;
        assert_eq!(owner.expect("reserved"), ProductId::from_uuid(Uuid::from_u128(number)));
    }
}

async fn orders(store: &(impl OrderStore + OutboxStore)) {
    for number in 1..=PERSONS {
        let row = OrderRow {
            id: OrderId::from_uuid(Uuid::from_u128(10_000 + number)),
            seq: 1,
            number: 1000 + number as u64,
            cart_id: CartId::from_uuid(Uuid::from_u128(7 + number)),
            owner: (number % 2 == 0).then(|| "acct_\\1".to_owned()),
            payment_id: (number % 3 == 0).then(|| PaymentId::from_uuid(Uuid::from_u128(9))),
            status: "awaiting_payment".to_owned(),
            total: 129_900,
            currency: "EUR".to_owned(),
            items_count: (number % 5 == 0).then_some(3),
            email_digest: (number % 2 == 1).then_some([7; 32]),
            placed_at: Timestamp::from_millis(1_700_000_000_123),
        };
        let discount = discount_id("spring");
        let claim = DiscountClaimRow { discount_id: discount, order_id: row.id, state: ClaimState::Redeemed };
        let (id, person) = (EntityId::new(row.id), format!("guest_{number}"));
        let events = [said(&person, "1 Main St"), said("acct_2", "☕ \\\" quoted")];
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        let written = commit(&id, 0, &events).told_to_nobody();
        append(store, written.with_rows([Row::Order(Box::new(row)), Row::DiscountClaim(claim)])).await;
    }
    store.take_order_numbers(41).await.expect("numbers");
    let endpoint = EndpointId::from_uuid(Uuid::from_u128(1));
    let record = EndpointRecord {
        id: endpoint,
        version: 1,
        url: "https://example.com/\\hook".to_owned(),
        description: "a \"hook\"".to_owned(),
        events: vec!["order.confirmed".to_owned()],
        secrets: vec![EndpointSecret { secret: "whsec_1".to_owned(), ends_at: Some(NOW) }],
        disabled_because: Some("it answered \\0 410".to_owned()),
        created_at: NOW,
        changed_at: later(1),
    };
    assert!(store.insert_endpoint(record, 10).await.expect("an endpoint"));
    let new = |consumer: Consumer, seq: u64| NewDelivery {
        id: delivery_id(&format!("{consumer:?}"), "ord_1", seq),
        consumer,
        entity: EntityId::new("ord_1"),
        seq,
        kind: "order.confirmed".to_owned(),
        created_at: NOW,
    };
    let deliveries: Vec<NewDelivery> =
        (1..=20).flat_map(|seq| [new(Consumer::Mail, seq), new(Consumer::Webhook(endpoint), seq)]).collect();
    store.relay(Vec::new(), deliveries.clone()).await.expect("relayed");
    let outcome = |delivery: &NewDelivery, standing| Outcome {
        id: delivery.id,
        standing,
        attempts: 2,
        attempted_at: later(5),
        error: Some("it said \\ \"no\"".to_owned()),
        status: Some(503),
    };
    let outcomes = vec![outcome(&deliveries[0], Standing::Delivered), outcome(&deliveries[1], Standing::Parked)];
    store.settle(outcomes).await.expect("settled");
}

async fn payments(store: &impl PaymentStore) {
    for number in 1..=PERSONS {
        let row = PaymentRow {
            id: PaymentId::from_uuid(Uuid::from_u128(10_000 + number)),
            seq: 1,
            order_id: OrderId::from_uuid(Uuid::from_u128(2)),
            status: "open".to_owned(),
            amount: 129_900,
            captured: 5,
            refunded: 1,
            currency: "JPY".to_owned(),
            provider_ref: (number % 2 == 0).then(|| format!("pi_\"{number}\\N")),
        };
        append(store, numbered(&EntityId::new(row.id), 0, 1).told_to_nobody().with_rows([Row::Payment(row)])).await;
    }
}

async fn chat(store: &impl ChatStore) {
    for number in 1..=PERSONS {
        let id: RoomId = room_id("direct", &number.to_string());
        let members = [format!("acct_{number}"), "guest_\"2\"".to_owned()];
        let row = RoomRow {
            id,
            seq: 1,
            kind: "direct".to_owned(),
            subject_id: (number % 2 == 0).then(|| "a,b".to_owned()),
            members: members.iter().cloned().collect(),
            at: Timestamp::from_millis(1_700_000_000_000 + number as i64),
        };
        let event = said(&members[0], "hello");
        append(store, commit(&EntityId::new(id), 0, &[&event]).told_to_nobody().with_rows([Row::Room(row)])).await;
        store.mark_read(id, &members[0], 1).await.expect("marked");
    }
}

/// Records of every kind.
pub(super) async fn people(store: &impl AccountStore) {
    let id = |number: u128| AccountId::from_uuid(Uuid::from_u128(number));
    for number in 1..=PERSONS {
        let mut record = account(number);
        record.email_confirmed_at = (number % 2 == 0).then_some(NOW);
        record.name = format!("Ada \\ \"é\" {number}");
        let address = AddressRecord { is_default: true, ..address(number, number) };
        let digest = [number as u8; 32];
        let purpose = Purpose::ALL[0];
        let email = format!("ada\\{number}@example.com");
        let note = Note {
            id: NoteId::from_uuid(Uuid::from_u128(number)),
            account_id: id(number),
            kind: NoteKind::ALL[0],
            email: email.clone(),
            attempts: 1,
            created_at: NOW,
            next_at: later(3),
        };
        let api_key = ApiKeyRecord {
            id: ApiKeyId::from_uuid(Uuid::from_u128(number)),
            name: "a \\ key".to_owned(),
            prefix: "sk_1".to_owned(),
            digest,
            scopes: [].into(),
            created_by: "acct_1".to_owned(),
            created_at: NOW,
            expires_at: (number % 2 == 0).then(|| later(9)),
        };
        let entry = Entry {
            at: NOW,
            action: "account.made".to_owned(),
            actor: None,
            subject: Some(format!("acct_{number}")),
            detail: "by \\ \"hand\"".to_owned(),
        };
        let changes = [
            Change::Insert(Box::new(record)),
            Change::OpenSession { session: session(number, number), token: digest },
            Change::Rotate { from: digest, to: [number as u8 + 100; 32], at: later(1), expires_at: later(1_000_000) },
            Change::Issue(OneTime { digest, purpose, account_id: id(number), email, expires_at: later(7) }),
            Change::Tell(note),
            Change::PutAddress { record: Box::new(address), most: 5 },
            Change::InsertApiKey { record: api_key, most: 1000 },
            Change::Revoke { id: id(number), epoch: 3, at: NOW },
            Change::Record(entry),
        ];
        super::accounts::commit(store, changes).await;
        let guest = GuestRecord { id: format!("guest_{number}"), name: "☕ \\ \"".to_owned(), created_at: NOW };
        store.insert_guest(guest).await.expect("a guest");
    }
    for (number, ends_at) in [(1, Some(later(1))), (2, None)] {
        let key = SigningKeyRecord { kid: format!("key{number}"), secret: vec![number; 32], created_at: NOW, ends_at };
        store.insert_signing_key(key).await.expect("a key");
    }
    store.shop_secret("order_emails", [9; 32]).await.expect("a secret");
}
