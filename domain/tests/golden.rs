//! Every form of an event that was ever written stays readable. The files in `golden/` only grow: a
//! line is never changed or removed, and a new form of an event adds one.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use souk_domain::address::{Address, Recipient};
use souk_domain::cart::command::{CartRefusal, PriceChange};
use souk_domain::cart::event::CartEvent;
use souk_domain::cart::state::CartLine;
use souk_domain::discount::command::{ClaimRequest, CustomerClaim};
use souk_domain::discount::event::DiscountEvent;
use souk_domain::id::{
    AccountId, CartId, MessageId, OrderId, PaymentId, ProductId, RefundId, VariantId, discount_id, room_id,
};
use souk_domain::money::{Currency, Money};
use souk_domain::order::event::OrderEvent;
use souk_domain::order::refund::RefundRequest;
use souk_domain::order::state::{Ending, OrderDiscount, OrderLine, Placement};
use souk_domain::payment::event::{MismatchOutcome, PaymentEvent};
use souk_domain::payment::state::{Intent, Opening as PaymentOpening, PaymentMethod};
use souk_domain::personal::Personal;
use souk_domain::pricing::totals::Totals;
use souk_domain::product::command::Shortage;
use souk_domain::product::event::ProductEvent;
use souk_domain::product::state::{Details, HeldLine, Status, VariantDetails};
use souk_domain::product::view::{Image, ProductOption};
use souk_domain::room::event::RoomEvent;
use souk_domain::room::state::{Author, Message, Opening, RoomKind};
use souk_domain::time::Timestamp;
use uuid::Uuid;

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_120);
const ID: Uuid = Uuid::from_u128(7);

/// Reads every line of the file, and finds every form of today in it.
fn check<E: Serialize + DeserializeOwned + Debug + PartialEq>(name: &str, today: &[E]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.jsonl"));
    let file = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, line) in file.lines().enumerate() {
        let read: Result<E, _> = serde_json::from_str(line);
        assert!(read.is_ok(), "{name}.jsonl line {}: no longer readable: {}", number + 1, read.unwrap_err());
    }
    let missing: Vec<String> = today
        .iter()
        .map(|event| serde_json::to_string(event).unwrap())
        .filter(|form| !file.lines().any(|line| line == form))
        .collect();
    assert!(missing.is_empty(), "add to {}:\n{}\n", path.display(), missing.join("\n"));
    for event in today {
        let again: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
        assert_eq!(&again, event);
    }
}

fn address() -> Address {
    let recipient = Recipient {
        name: "Ada Lovelace".into(),
        line1: "1 Main St".into(),
        line2: Some("Flat 2".into()),
        city: "London".into(),
        postal_code: "N1".into(),
        phone: Some("+44 20".into()),
    };
    Address { recipient: recipient.into(), country: "GB".into(), region: Some("Greater London".into()) }
}

#[test]
fn product_events() {
    let (id, variant, order) = (ProductId::from_uuid(ID), VariantId::from_uuid(ID), OrderId::from_uuid(ID));
    let details = Details {
        handle: "pot".into(),
        title: "Pot".into(),
        description_html: "<p>Clay</p>".into(),
        vendor: "Kiln".into(),
        product_type: "Pot".into(),
        categories: vec!["Ceramics".into()],
        tags: vec!["clay".into()],
        status: Status::Active,
        images: vec![Image { url: "/media/pot.svg".into(), alt: "A pot".into() }],
        options: vec![ProductOption { name: "Size".into(), values: vec!["S".into()] }],
    };
    let options = BTreeMap::from([("Size".to_owned(), "S".to_owned())]);
    let variant_details =
        VariantDetails { id: variant, sku: Some("POT-S".into()), title: "S".into(), options, grams: 300 };
    let price = Money::new(1_999, Currency::USD);
    let lines = vec![HeldLine { variant, quantity: 2 }];
    check(
        "product",
        &[
            ProductEvent::Created { id, at: AT, details: details.clone() },
            ProductEvent::DetailsChanged { details },
            ProductEvent::VariantAdded {
                variant: variant_details.clone(),
                price,
                compare_at_price: Some(price),
                tracked: true,
            },
            ProductEvent::VariantChanged { variant: variant_details },
            ProductEvent::Repriced { variant, price, compare_at_price: None },
            ProductEvent::Stocked { variant, quantity: 5, imported: Some(5) },
            ProductEvent::StockAdjusted { variant, delta: -1, imported: None },
            ProductEvent::Held { order, lines: lines.clone() },
            ProductEvent::Released { order, lines: lines.clone() },
            ProductEvent::Sold { order, lines },
            ProductEvent::ReleaseNoted { order, at: AT, until: AT },
        ],
    );
}

#[test]
fn cart_events() {
    let (order_id, variant_id) = (OrderId::from_uuid(ID), VariantId::from_uuid(ID));
    let line = CartLine {
        variant_id,
        product_id: ProductId::from_uuid(ID),
        title: "Pot".into(),
        quantity: 2,
        unit_price: 1_999,
        grams: 300,
        handle: "pot".into(),
        vendor: "Kiln".into(),
        categories: vec!["Ceramics".into()],
    };
    let refused = |refusal| CartEvent::CheckoutRefused { key: "k".into(), fingerprint: "f".into(), refusal };
    check(
        "cart",
        &[
            CartEvent::Created { id: CartId::from_uuid(ID), owner: Some("guest_x".into()), currency: Currency::USD },
            CartEvent::LineSet { line, at: Some(AT) },
            CartEvent::LineRemoved { variant_id },
            CartEvent::EmailSet { email: "ada@example.com".to_owned().into() },
            CartEvent::EmailSet { email: Personal::from("ada@example.com".to_owned()).belonging_to("guest_x") },
            CartEvent::ShippingAddressSet { address: address().belonging_to("guest_x") },
            CartEvent::ShippingAddressSet { address: address() },
            CartEvent::ShippingOptionSet { option_id: Some("standard".into()) },
            CartEvent::DiscountCodesSet { codes: vec!["WELCOME10".into()], at: AT },
            CartEvent::CheckoutStarted { order_id, key: "k".into(), fingerprint: "f".into(), at: Some(AT) },
            CartEvent::OrderPlaced { order_id },
            refused(CartRefusal::PriceChanged { items: vec![PriceChange { variant_id, old: 1, new: 2 }], total: 2 }),
            refused(CartRefusal::Incomplete { fields: vec!["email".into()] }),
            refused(CartRefusal::Empty),
            refused(CartRefusal::Completed),
            refused(CartRefusal::NotOnSale { variant_ids: vec![variant_id] }),
            CartEvent::Reopened { order_id },
            CartEvent::Completed { order_id },
            CartEvent::Claimed { owner: AccountId::from_uuid(ID) },
            CartEvent::HandedOver { to: CartId::from_uuid(ID), owner: AccountId::from_uuid(ID) },
            CartEvent::TakenOver { from: CartId::from_uuid(ID) },
        ],
    );
}

#[test]
fn order_events() {
    let placement = Placement {
        id: OrderId::from_uuid(ID),
        number: 1_001,
        cart_id: CartId::from_uuid(ID),
        owner: None,
        payment_id: PaymentId::from_uuid(ID),
        access_key: "secret".into(),
        email: "ada@example.com".to_owned().into(),
        shipping_address: address(),
        shipping_option_id: "standard".into(),
        lines: vec![OrderLine {
            variant_id: VariantId::from_uuid(ID),
            product_id: ProductId::from_uuid(ID),
            title: "Pot".into(),
            quantity: 2,
            unit_price: 1_999,
            total: 3_998,
            discount: 400,
            tax: 0,
        }],
        currency: Currency::USD,
        totals: Totals { subtotal: 3_998, discount: 400, shipping: 590, tax: 0, tax_included: false, total: 4_188 },
        discounts: vec![OrderDiscount {
            id: "welcome10".into(),
            code: Some("WELCOME10".into()),
            title: "Ten off".into(),
            amount: 400,
            shipping: 0,
        }],
        shipping_tax: Some(0),
        claims: vec![claim_request()],
        placed_at: AT,
        hold_expires_at: AT,
        payment_grace: Duration::from_secs(300),
    };
    let shortage = Shortage { variant_id: VariantId::from_uuid(ID), available: 1 };
    let request = RefundRequest {
        id: RefundId::from_uuid(ID),
        key: "k".into(),
        fingerprint: "f".into(),
        amount: 4_588,
        reason: "broken".into(),
        requested_by: "staff:ada".into(),
        requested_at: AT,
    };
    let begun = |ending| OrderEvent::EndingBegun { ending };
    check(
        "order",
        &[
            OrderEvent::Placed { placement: Box::new(placement) },
            OrderEvent::StockHeld,
            OrderEvent::PaymentOpened,
            OrderEvent::Paid { amount: 4_588 },
            OrderEvent::StockSold { at: AT },
            begun(Ending::OutOfStock(vec![shortage])),
            begun(Ending::DiscountUsedUp(vec!["WELCOME10".into()])),
            begun(Ending::Cancelled),
            begun(Ending::Expired),
            OrderEvent::PaymentVoided,
            OrderEvent::VoidGivenUp,
            OrderEvent::StockReleased,
            OrderEvent::Settled,
            OrderEvent::PaidTooLate { amount: 4_588 },
            OrderEvent::Refunded { amount: 4_588, refund: None },
            OrderEvent::Refunded { amount: 4_588, refund: Some(RefundId::from_uuid(ID)) },
            OrderEvent::RefundRequested { request: request.clone() },
            OrderEvent::RefundRefused { request, refundable: 500 },
            OrderEvent::RefundFailed { refund: RefundId::from_uuid(ID), reason: "disputed".into() },
            OrderEvent::Claimed { owner: AccountId::from_uuid(ID) },
        ],
    );
}

fn claim_request() -> ClaimRequest {
    let customer = Some(CustomerClaim { digest: "9f86d081".into(), limit: 1 });
    ClaimRequest { discount_id: discount_id("welcome10"), code: "WELCOME10".into(), limit: Some(100), customer }
}

#[test]
fn discount_events() {
    let order = OrderId::from_uuid(ID);
    check(
        "discount",
        &[
            DiscountEvent::Claimed { order, request: claim_request(), until: AT },
            DiscountEvent::Released { order, at: AT },
            DiscountEvent::Redeemed { order, at: AT },
            DiscountEvent::ReleaseNoted { order, at: AT, until: AT },
        ],
    );
}

#[test]
fn payment_events() {
    let amount = Money::new(4_588, Currency::USD);
    let opening = PaymentOpening { id: PaymentId::from_uuid(ID), order_id: OrderId::from_uuid(ID), amount };
    let client = serde_json::json!({"intent": "pi_1"});
    let intent = Intent { provider: "sandbox".into(), reference: "pi_1".into(), client };
    check(
        "payment",
        &[
            PaymentEvent::Opened { opening },
            PaymentEvent::IntentCreated { intent },
            PaymentEvent::ConfirmationRequested {
                number: 1,
                method: PaymentMethod::SandboxCard { token: "tok_ok".into() },
            },
            PaymentEvent::ConfirmationRequested {
                number: 1,
                method: PaymentMethod::Stripe { payment_method: "pm_1".into() },
            },
            PaymentEvent::Declined { reason: "no funds".into() },
            PaymentEvent::ActionRequired { action_url: "/sandbox/challenges/pi_1".into() },
            PaymentEvent::Processing { ask_at: AT },
            PaymentEvent::RefreshRequested,
            PaymentEvent::Refreshed,
            PaymentEvent::Captured { amount: 4_588 },
            PaymentEvent::VoidRequested,
            PaymentEvent::Voided,
            PaymentEvent::OrderTold,
            PaymentEvent::RefundRequested { amount: 4_588, id: None },
            PaymentEvent::RefundRequested { amount: 4_588, id: Some(RefundId::from_uuid(ID)) },
            PaymentEvent::Refunded { amount: 4_588 },
            PaymentEvent::RefundRefused { reason: "disputed".into() },
            PaymentEvent::AmountMismatched { reported: amount, captured: 4_588 },
            PaymentEvent::MismatchClosed { outcome: MismatchOutcome::Voided },
            PaymentEvent::MismatchClosed { outcome: MismatchOutcome::Returned { money: amount } },
            PaymentEvent::MismatchClosed { outcome: MismatchOutcome::Kept { reason: "no".into() } },
        ],
    );
}

#[test]
fn room_events() {
    let opening = |kind| Opening {
        id: room_id("product", "x"),
        kind,
        subject_id: Some("x".into()),
        members: vec!["guest_x".into()],
    };
    let message = Message {
        id: MessageId::from_uuid(ID),
        seq: 2,
        author: Author { id: "guest_x".into(), name: "Ada".to_owned().into() },
        text: "Is it \"dishwasher safe\"? ☕".to_owned().into(),
        client_id: "c1".into(),
        sent_at: AT,
    };
    let kinds = [RoomKind::Product, RoomKind::Order, RoomKind::Support, RoomKind::Direct];
    let mut events: Vec<RoomEvent> = kinds.map(|kind| RoomEvent::Opened { opening: opening(kind) }).into();
    events.push(RoomEvent::Joined { person: "guest_x".into() });
    events.push(RoomEvent::Message { message: message.clone() });
    let author = Author { name: message.author.name.belonging_to("guest_x"), ..message.author };
    events.push(RoomEvent::Message {
        message: Message { author, text: message.text.belonging_to("guest_x"), ..message },
    });
    check("room", &events);
}
