//! What the fields of the examples say. One story: Ada buys two mugs and asks about them, so that the ids in one
//! example are those of the next. A field that means different things in different bodies has a line for each.

use serde_json::{Value, json};

const PRODUCT: &str = "prod_01kjzk3m00e8tvy5h2c9w4nqxd";
const VARIANT: &str = "var_01kjzk3m01f5sa7r6zq8e0yj3k";
const CART: &str = "cart_4v6x1bq0yz9b4s8m2dkfr5hwne";
const ORDER: &str = "ord_01kjzmzv80fwq9c3h7txr2e5kd";
const PAYMENT: &str = "pay_01kjzmzv9rftw8d5y1xb6n4q2a";
const ROOM: &str = "room_01kjznbc00e2h9m4v7wq3s6tzk";
const ACCOUNT: &str = "acct_01kjzk0000ehz8p3w5r6y2dq4m";
const GUEST: &str = "guest_01kjzk8m00fqt5d9v3x7c1r2be";

/// The example of a field, by the schema that it is in and its name. None where nothing is known.
pub fn of(owner: &str, name: &str) -> Option<Value> {
    Some(match (owner, name) {
        ("ProductView" | "ProductSummary", "id") | (_, "product_id" | "subject_id") => json!(PRODUCT),
        ("VariantView", "id") | (_, "variant_id") => json!(VARIANT),
        ("CartView", "id") | (_, "cart_id") => json!(CART),
        ("OrderView" | "OrderSummary" | "OrderItem", "id") | (_, "order_id") => json!(ORDER),
        ("PaymentView" | "OrderPayment", "id") | (_, "payment_id") => json!(PAYMENT),
        ("RoomView" | "InboxRoom", "id") | (_, "room_id") => json!(ROOM),
        ("MessageView" | "Message", "id") => json!("msg_01kjznbc05f1b8q2z9r7d4w3mx"),
        ("AccountView" | "Account", "id") => json!(ACCOUNT),
        ("Author" | "AuthorView", "id") => json!(GUEST),
        ("ShippingOptionView" | "ShippingOption", "id") | (_, "shipping_option_id") => json!("standard"),
        ("EndpointView" | "WebhookWithSecret", "id") | (_, "endpoint_id") => json!("hook_01kjzp1a00e5t9y4m8d2r6v3qw"),
        ("DeliveryView", "id") => json!("dlv_01kjzp2b00f7x3c5z1w8q9m4ke"),
        ("RefundView", "id") | (_, "refund_id") => json!("ref_01kjzq3c00e9v2n6t4r8y1d5mb"),
        ("WebhookOrder", "id") => json!(ORDER),
        ("TimelineEntry", "type") => json!("placed"),
        ("PaymentView", "status") => json!("captured"),
        ("RefundView", "status") => json!("succeeded"),
        (_, "status") => json!("ok"),
        ("ReasonView", "discount_code") => json!("SPRING"),
        (_, "user_agent") => json!("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"),
        (_, "requested_by") => json!("staff:Grace"),
        (_, "failure" | "last_error" | "disabled_because") => json!("The other side did not answer in time"),
        (_, "decline_reason") => json!("insufficient_funds"),
        (_, "action_url") => json!("/sandbox/challenges/pi_0001"),
        ("WebhookPayload", "type") => json!("order.confirmed"),
        ("FacetCount", "value") => json!("Ceramics"),
        ("ShippingOptionView" | "ShippingOption", "name") => json!("Standard, 3 to 5 days"),
        ("ProductOption" | "OptionView", "name") => json!("Colour"),
        ("Address", "name") | (_, "name" | "author") => json!("Ada Lovelace"),
        (_, "email") => json!("ada@example.com"),
        (_, "password" | "current_password") => json!("correct horse battery staple"),
        (_, "line1") => json!("12 Hafen Street"),
        (_, "line2") => json!("Second floor"),
        (_, "city") => json!("Hamburg"),
        (_, "region") => json!("HH"),
        (_, "postal_code") => json!("20457"),
        (_, "country") => json!("DE"),
        (_, "phone") => json!("+49 40 1234567"),
        (_, "handle") => json!("ember-stoneware-mug"),
        (_, "title") => json!("Ember stoneware mug"),
        (_, "description_html") => json!("<p>Thrown by hand, fired at 1,240 degrees.</p>"),
        (_, "vendor" | "vendors") => json!("Kiln & Co"),
        (_, "product_type") => json!("Mugs"),
        (_, "categories") => json!(["Ceramics"]),
        (_, "category") => json!("Ceramics"),
        (_, "tags") => json!(["handmade"]),
        (_, "sku") => json!("EMBER-MUG-350"),
        (_, "options") => json!({ "Colour": "Ember" }),
        (_, "values") => json!(["Ember", "Moss"]),
        (_, "image") => json!("/media/ember-stoneware-mug.svg"),
        (_, "url") => json!("https://example.com/hooks/souk"),
        (_, "alt") => json!("A mug the colour of embers"),
        (_, "amount") => json!(1_999),
        (_, "currency") => json!("USD"),
        (_, "quantity") => json!(2),
        (_, "available") => json!(17),
        ("ServiceDetails" | "Status" | "", "version") => json!(env!("CARGO_PKG_VERSION")),
        (_, "version" | "seq") => json!(3),
        (_, "discount_codes") => json!(["SPRING"]),
        (_, "code") => json!("SPRING"),
        (_, "number") => json!("1042"),
        (_, "access_key") => json!("k3f9Zr0uQm7Xw2Lb5Ty8Vd"),
        (_, "access_token") => json!("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJndWVzdF8wMSJ9.c2lnbmF0dXJl"),
        (_, "expires_in") => json!(900),
        (_, "token") => json!("tok_ok"),
        (_, "provider") => json!("sandbox"),
        (_, "client") => json!({}),
        (_, "text") => json!("Does it survive a dishwasher?"),
        (_, "client_id") => json!("1f0c6d2e-3b7a-4c11-9a51-0d6c8f2b7e44"),
        (_, "reason") => json!("A handle broke on the way"),
        (_, "description") => json!("The warehouse"),
        (_, "next" | "cursor") => json!("eyJzb3J0IjpbMTk5OV0sImlkIjoxMn0"),
        (_, "events") => json!(["order.confirmed"]),
        (_, "uptime_seconds") => json!(86_400),
        (_, "store") => json!("sqlite"),
        _ => return None,
    })
}
