//! What cannot be taken, and that nothing but a problem comes back.

use axum::http::Method;
use serde_json::{Value, json};

use super::shop::Shop;

const UNKNOWN: [&str; 5] = [
    "/api/v1/products/prod_00000000000000000000000007",
    "/api/v1/carts/cart_00000000000000000000000007",
    "/api/v1/orders/ord_00000000000000000000000007",
    "/api/v1/payments/pay_00000000000000000000000007",
    "/api/v1/rooms/room_00000000000000000000000007/messages",
];

#[tokio::test]
async fn ids_that_are_not_there_or_no_ids_at_all() {
    let shop = Shop::open().await;
    let malformed = [
        "/api/v1/products/%20",
        "/api/v1/carts/7",
        "/api/v1/orders/cart_00000000000000000000000007",
        "/api/v1/carts/%ff",
    ];
    for path in UNKNOWN.into_iter().chain(malformed) {
        assert_eq!(shop.get(path).await.expect(404).code(), "not_found", "{path}");
    }
    for path in ["/nothing", "/api", "/api/v1", "/api/v2/products", "/api/v1/products/", "//", "/media/", "/media/a/b"]
    {
        assert_eq!(shop.get(path).await.expect(404).code(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_here() {
    let shop = Shop::open().await;
    for (method, path, allowed) in [
        (Method::DELETE, "/api/v1/products", "GET,HEAD"),
        (Method::DELETE, "/api/v1/orders", "POST,GET,HEAD"),
        (Method::PUT, "/api/v1/carts/cart_00000000000000000000000007", "GET,HEAD,PATCH"),
        (Method::OPTIONS, "/api/v1/carts", "POST"),
        (Method::TRACE, "/health", "GET,HEAD"),
    ] {
        let answer = shop.ask(method.clone(), path).send().await.expect(405);
        assert_eq!(answer.code(), "method_not_allowed");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let shop = Shop::open().await;
    let deep = format!("{{\"name\": {}", "[".repeat(100_000));
    let invalid_utf8 = [b"{\"name\": \"".as_slice(), &[0xff, 0xfe], b"\"}"].concat();
    for body in
        [b"".to_vec(), b"{".to_vec(), b"{\"name\": \"A\"} {}".to_vec(), b"\x00\x01".to_vec(), deep.into(), invalid_utf8]
    {
        let answer = shop.ask(Method::POST, "/api/v1/sessions/guest").bytes(body).send().await.expect(400);
        assert_eq!(answer.code(), "malformed_json");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_with_and_without_a_length() {
    let shop = Shop::open().await;
    let most = shop.app.edge.config.server.max_body_bytes as usize;
    let body = |bytes: usize| format!("{{\"name\": \"{}\"}}", "a".repeat(bytes - 12));
    let path = "/api/v1/sessions/guest";
    let with_length =
        shop.ask(Method::POST, path).header("content-length", (most + 1).to_string()).bytes(body(most + 1));
    assert_eq!(with_length.send().await.expect(413).code(), "body_too_large");
    let chunks = body(most + 1)
        .into_bytes()
        .chunks(1_000)
        .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
        .collect::<Vec<_>>();
    let stream = axum::body::Body::from_stream(futures::stream::iter(chunks));
    assert_eq!(shop.ask(Method::POST, path).bytes(stream).send().await.expect(413).code(), "body_too_large");
    // The last that fits is read, and refused for what is in it.
    assert_eq!(shop.ask(Method::POST, path).bytes(body(most)).send().await.expect(422).fault().0, "/name");
}

#[tokio::test]
async fn bodies_of_another_kind() {
    let shop = Shop::open().await;
    let path = "/api/v1/sessions/guest";
    let body = r#"{"name": "Ada"}"#;
    assert_eq!(shop.ask(Method::POST, path).untyped(body).send().await.expect(415).code(), "unsupported_media_type");
    for other in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "json",
    ] {
        let answer = shop.ask(Method::POST, path).header("content-type", other).untyped(body).send().await;
        assert_eq!(answer.expect(415).code(), "unsupported_media_type", "{other}");
    }
    for json in ["application/json", "Application/JSON; charset=UTF-8", "application/merge-patch+json"] {
        shop.ask(Method::POST, path).header("content-type", json).untyped(body).send().await.expect(201);
    }
}

#[tokio::test]
async fn quantities() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    let path = format!("/api/v1/carts/{cart}/lines");
    let line_path = format!("{path}/{}", pot.variant_id);
    let bad = [
        (json!(0), "out_of_range"),
        (json!(-1), "out_of_range"),
        (json!(1_000), "out_of_range"),
        (json!(1_000_000_000_000_i64), "out_of_range"),
        (json!(1.5), "wrong_type"),
        (json!("1"), "wrong_type"),
        (json!(null), "wrong_type"),
        (json!([1]), "wrong_type"),
    ];
    for (quantity, code) in bad {
        let add = shop.post(&path, json!({ "variant_id": pot.variant_id, "quantity": quantity })).await.expect(422);
        let set = shop.patch(&line_path, json!({ "quantity": quantity })).await.expect(422);
        for answer in [add, set] {
            assert_eq!(
                (answer.code(), answer.fault()),
                ("invalid_body".into(), ("/quantity".into(), code.into())),
                "{quantity}"
            );
        }
    }
    let full = shop.post(&path, json!({ "variant_id": pot.variant_id, "quantity": 999 })).await.expect(409);
    assert_eq!(full.code(), "quantity_too_large");
}

#[tokio::test]
async fn fields_that_are_unknown_missing_or_wrong() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = format!("/api/v1/carts/{}", shop.filled_cart(&pot, 1).await);
    let lines = format!("{cart}/lines");
    let (post, patch) = (Method::POST, Method::PATCH);
    let unknown_variant = "var_00000000000000000000000007";
    let cases: [(&Method, &str, Value, &str, &str); 18] = [
        (&post, "/api/v1/carts", json!({ "owner": "guest_1" }), "/owner", "unknown"),
        (&post, "/api/v1/carts", json!({ "currency": "usd" }), "/currency", "invalid"),
        (&post, "/api/v1/carts", json!({ "currency": "JPY" }), "/currency", "invalid"),
        (&post, "/api/v1/carts", json!([]), "", "wrong_type"),
        (
            &post,
            &lines,
            json!({ "variant_id": pot.variant_id, "quantity": 1, "unit_price": 1 }),
            "/unit_price",
            "unknown",
        ),
        (&post, &lines, json!({ "variant_id": pot.variant_id }), "/quantity", "missing"),
        (&post, &lines, json!({ "variant_id": pot.id, "quantity": 1 }), "/variant_id", "invalid"),
        (&post, &lines, json!({ "variant_id": unknown_variant, "quantity": 1 }), "/variant_id", "invalid"),
        (&patch, &cart, json!({ "email": "nobody" }), "/email", "invalid"),
        (&patch, &cart, json!({ "email": 7 }), "/email", "wrong_type"),
        (&patch, &cart, json!({ "totals": {} }), "/totals", "unknown"),
        (&patch, &cart, json!({ "shipping_address": { "name": "A" } }), "/shipping_address/line1", "missing"),
        (&patch, &cart, json!({ "shipping_option_id": "teleport" }), "/shipping_option_id", "invalid"),
        (&patch, &cart, json!({ "shipping_option_id": "" }), "/shipping_option_id", "out_of_range"),
        (&patch, &cart, json!({ "discount_codes": ["A", 1] }), "/discount_codes/1", "wrong_type"),
        (&post, "/api/v1/sessions/guest", json!({ "name": "" }), "/name", "out_of_range"),
        (&post, "/api/v1/sessions/guest", json!({ "name": "A", "role": "admin" }), "/role", "unknown"),
        (&post, "/api/v1/sessions/guest", json!({ "name": "a\u{7}b" }), "/name", "invalid"),
    ];
    for (method, path, body, pointer, code) in cases {
        let answer = shop.ask(method.clone(), path).json(&body).send().await.expect(422);
        assert_eq!(
            (answer.code(), answer.fault()),
            ("invalid_body".into(), (pointer.into(), code.into())),
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn an_address_tells_all_its_faults_at_once() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    let address = json!({ "name": " ", "line1": "1 Main St", "city": "", "postal_code": "1", "country": "Germany" });
    let body = json!({ "email": "nobody", "shipping_address": address });
    let answer = shop.patch(&format!("/api/v1/carts/{cart}"), body).await.expect(422).json();
    let mut pointers: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/email", "/shipping_address/city", "/shipping_address/country", "/shipping_address/name"]);
}

#[tokio::test]
async fn orders_and_their_keys() {
    let shop = Shop::open().await;
    let path = "/api/v1/orders";
    let body = json!({ "cart_id": "cart_00000000000000000000000007" });
    let missing = shop.ask(Method::POST, path).json(&body).send().await.expect(400);
    assert_eq!(missing.code(), "idempotency_key_missing");
    for key in ["", "\"\"", "\"open", "a b", "ä", &"k".repeat(256)] {
        let answer = shop.ask(Method::POST, path).header("idempotency-key", key).json(&body).send().await.expect(400);
        assert_eq!(answer.code(), "idempotency_key_invalid", "{key:?}");
    }
    let twice = shop.ask(Method::POST, path).header("idempotency-key", "a").header("idempotency-key", "b").json(&body);
    assert_eq!(twice.send().await.expect(400).code(), "idempotency_key_invalid");
    let ask = |body: Value| shop.ask(Method::POST, path).header("idempotency-key", "k").json(&body).send();
    assert_eq!(ask(body).await.expect(404).code(), "not_found");
    let cart = "cart_00000000000000000000000007";
    for (body, pointer) in [
        (json!({ "cart_id": "nonsense" }), "/cart_id"),
        (json!({}), "/cart_id"),
        (json!({ "cart_id": cart, "total": 1 }), "/total"),
        (json!({ "cart_id": cart, "expected_total": 7 }), "/expected_total"),
        (json!({ "cart_id": cart, "expected_total": { "amount": 1.5, "currency": "USD" } }), "/expected_total/amount"),
        (json!({ "cart_id": cart, "expected_total": { "amount": 1, "currency": "EUR" } }), "/expected_total/currency"),
    ] {
        assert_eq!(ask(body.clone()).await.expect(422).fault().0, pointer, "{body}");
    }
}

#[tokio::test]
async fn payments() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let order = shop.place(&shop.filled_cart(&pot, 1).await, "k").await.expect(201).json();
    let (payment, key) = (order["payment"]["id"].as_str().unwrap(), order["access_key"].as_str().unwrap());
    let path = format!("/api/v1/payments/{payment}/confirm?key={key}");
    for body in [
        json!({}),
        json!({ "method": "card" }),
        json!({ "method": { "type": "cash" } }),
        json!({ "method": { "type": "sandbox_card" } }),
        json!({ "method": { "type": "sandbox_card", "token": "tok_ok", "amount": 1 } }),
        json!({ "method": { "type": "sandbox_card", "token": "tok_ok" }, "amount": 1 }),
    ] {
        assert_eq!(shop.post(&path, body.clone()).await.expect(422).code(), "invalid_body", "{body}");
    }
    let order = shop.get(&format!("/api/v1/orders/{}?key={key}", order["id"].as_str().unwrap())).await.json();
    assert_eq!(order["payment"]["status"], "requires_method");
}

#[tokio::test]
async fn parameters() {
    let shop = Shop::open().await;
    for (query, parameter) in [
        ("colour=red", "?colour"),
        ("limit=0", "?limit"),
        ("limit=101", "?limit"),
        ("limit=many", "?limit"),
        ("min_price=-1", "?min_price"),
        ("max_price=1.5", "?max_price"),
        ("in_stock=perhaps", "?in_stock"),
        ("sort=random", "?sort"),
        ("query=a&query=b", "?query"),
    ] {
        let answer = shop.get(&format!("/api/v1/products?{query}")).await.expect(422);
        assert_eq!((answer.code(), answer.fault().0), ("invalid_parameter".into(), parameter.into()), "{query}");
    }
    for cursor in ["x", "zz", "00", &"0".repeat(2_000), "%ff"] {
        let answer = shop.get(&format!("/api/v1/products?cursor={cursor}")).await.expect(422);
        assert_eq!((answer.code(), answer.fault().0), ("invalid_cursor".into(), "?cursor".into()), "{cursor}");
    }
    shop.get("/api/v1/products?min_price=18446744073709551615").await.expect(200);
    let room = "/api/v1/rooms/room_00000000000000000000000007/messages";
    assert_eq!(shop.get(&format!("{room}?since=-1")).await.expect(422).fault().0, "?since");
    assert_eq!(shop.get(&format!("{room}?before=1")).await.expect(422).fault().0, "?before");
}
