//! Looking at what there is.

use axum::http::Method;
use souk_domain::product::state::Status;

use super::shop::Shop;

#[tokio::test]
async fn a_product_by_id_and_by_handle() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let by_id = shop.get(&format!("/api/v1/products/{}", pot.id)).await.expect(200);
    let by_handle = shop.get("/api/v1/products/pot").await.expect(200);
    assert_eq!(by_id.bytes, by_handle.bytes);
    let product = by_id.json();
    assert_eq!((&product["handle"], &product["variants"][0]["available"]), (&"pot".into(), &5.into()));
    assert_eq!(by_id.header("content-type"), "application/json");
    assert_eq!(by_id.header("content-length"), by_id.bytes.len().to_string());
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again_until_it_changes() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let path = format!("/api/v1/products/{}", pot.id);
    let etag = shop.get(&path).await.header("etag").to_owned();
    let again = shop.ask(Method::GET, &path).header("if-none-match", &etag).send().await.expect(304);
    assert!(again.bytes.is_empty() && again.header("etag") == etag);
    shop.product("pot", 6, 1_000).await;
    let changed = shop.ask(Method::GET, &path).header("if-none-match", &etag).send().await.expect(200);
    assert_ne!(changed.header("etag"), etag);
}

#[tokio::test]
async fn only_active_products_are_there() {
    let shop = Shop::open().await;
    let draft = shop.product_as("draft", 5, 1_000, Status::Draft).await;
    for path in [format!("/api/v1/products/{}", draft.id), "/api/v1/products/draft".into()] {
        assert_eq!(shop.get(&path).await.expect(404).code(), "not_found");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_who_asks() {
    let shop = Shop::open().await;
    shop.product("pot", 5, 1_000).await;
    let plain = shop.get("/api/v1/products/pot").await;
    for (accepted, encoding) in [("gzip, br", "br"), ("gzip", "gzip"), ("identity", ""), ("zstd, identity;q=0", "")] {
        let answer =
            shop.ask(Method::GET, "/api/v1/products/pot").header("accept-encoding", accepted).send().await.expect(200);
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        let smaller = answer.bytes.len() * 2 < plain.bytes.len();
        assert_eq!(smaller, !encoding.is_empty());
        // Other bytes under the same strong tag would be a lie.
        assert_eq!(answer.header("etag").starts_with("W/"), !encoding.is_empty());
        let known =
            shop.ask(Method::GET, "/api/v1/products/pot").header("if-none-match", answer.header("etag")).send().await;
        known.expect(304);
    }
    let small = shop.ask(Method::GET, "/health").header("accept-encoding", "br").send().await;
    assert_eq!(small.header("content-encoding"), "");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let shop = Shop::open().await;
    shop.product("pot", 5, 1_000).await;
    let get = shop.get("/api/v1/products/pot").await;
    let head = shop.ask(Method::HEAD, "/api/v1/products/pot").send().await.expect(200);
    assert!(head.bytes.is_empty());
    assert_eq!(
        (head.header("content-length"), head.header("etag")),
        (get.header("content-length"), get.header("etag"))
    );
}

/// The index follows the journals; a test waits until it has.
async fn listed(shop: &Shop, query: &str, count: usize) -> serde_json::Value {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let page = shop.get(&format!("/api/v1/products?{query}")).await.expect(200).json();
        if page["items"].as_array().unwrap().len() == count {
            return page;
        }
        assert!(std::time::Instant::now() < deadline, "{page}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn lists_have_pages_filters_and_facets() {
    let shop = Shop::open().await;
    for (handle, stock, price) in [("pot", 1, 300), ("pan", 0, 200), ("cup", 5, 100)] {
        shop.product(handle, stock, price).await;
    }
    let all = listed(&shop, "sort=price", 3).await;
    assert_eq!(all["items"][0]["handle"], "cup");
    assert_eq!(all["total"], 3);
    assert!(all["next"].is_null());
    let minimum = &all["facets"]["price"]["min"];
    assert_eq!((&minimum["amount"], &minimum["currency"]), (&100.into(), &"USD".into()));
    assert_eq!(listed(&shop, "in_stock=true&sort=-price", 2).await["items"][0]["handle"], "pot");
    listed(&shop, "min_price=150&max_price=250", 1).await;

    let first = listed(&shop, "sort=price&limit=2", 2).await;
    let cursor = first["next"].as_str().expect("a next page");
    let second = listed(&shop, &format!("sort=price&limit=2&cursor={cursor}"), 1).await;
    assert_eq!(second["items"][0]["handle"], "pot");
    let foreign = shop.get(&format!("/api/v1/products?sort=title&cursor={cursor}")).await.expect(422);
    assert_eq!((foreign.code(), foreign.fault().0), ("invalid_cursor".into(), "?cursor".into()));
}

#[tokio::test]
async fn pictures_are_served_with_a_tag_and_cannot_do_anything() {
    let shop = Shop::open().await;
    let picture = shop.get("/media/ember-stoneware-mug.svg").await.expect(200);
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.header("content-security-policy").contains("sandbox"));
    assert!(picture.header("cache-control").starts_with("public"));
    let etag = picture.header("etag");
    shop.ask(Method::GET, "/media/ember-stoneware-mug.svg").header("if-none-match", etag).send().await.expect(304);
    for missing in ["/media/none.svg", "/media/..%2fcatalogue.json", "/media/%2e%2e%2fcatalogue.json"] {
        shop.get(missing).await.expect(404);
    }
}

#[tokio::test]
async fn pages_health_and_status() {
    let shop = Shop::open().await;
    for path in ["/api/docs", "/errors"] {
        let page = shop.get(path).await.expect(200);
        assert!(
            page.header("content-type").starts_with("text/html") && !page.bytes.windows(7).any(|w| w == b"<script")
        );
    }
    shop.get("/page.css").await.expect(200);
    assert_eq!(shop.get("/health").await.expect(200).json()["status"], "ok");
    assert_eq!(shop.get("/health/ready").await.expect(200).json()["status"], "ok");
    let status = shop.get("/api/status").await.expect(200).json();
    assert!(status["services"]["orders"]["store"].is_string() && status["uptime_seconds"].is_u64());
    for service in ["gateway", "products", "accounts", "orders", "payments", "chat"] {
        assert_eq!(shop.get(&format!("/api/v1/{service}/health")).await.expect(200).json()["status"], "ok");
        let status = shop.get(&format!("/api/v1/{service}/status")).await.expect(200).json();
        assert_eq!(status["service"], service);
        assert_eq!(status["entities_alive"].is_u64(), service != "gateway");
    }
    shop.app.edge.stop();
    assert_eq!(shop.get("/health/ready").await.expect(503).code(), "stopping");
    shop.get("/health").await.expect(200);
}

#[tokio::test]
async fn the_page_of_keys_verifies_the_tokens_of_this_shop() {
    let shop = Shop::open().await;
    let page = shop.get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(page.header("content-type"), "application/jwk-set+json");
    let (_, token) = shop.guest("Ada").await;
    let header = jsonwebtoken::decode_header(&token).unwrap();
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_slice(&page.bytes).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).expect("the key of the token");
    let key = jsonwebtoken::DecodingKey::from_jwk(key).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.set_audience(&["souk"]);
    let claims = jsonwebtoken::decode::<serde_json::Value>(&token, &key, &validation).unwrap().claims;
    assert_eq!((&claims["name"], &claims["role"]), (&"Ada".into(), &"guest".into()));
}
