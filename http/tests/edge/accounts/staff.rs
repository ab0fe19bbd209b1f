//! What staff see and change, keys of programs, and the audit.

use axum::http::Method;
use serde_json::{Value, json};
use souk_domain::account::role::{Permission, Role};

use super::people::{PASSWORD, Person};
use crate::shop::Shop;

#[tokio::test]
async fn a_role_counts_at_once_and_nobody_gives_what_they_do_not_have() {
    let shop = Shop::open().await;
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let clerk = shop.employee("clerk", Role::Staff, &[Permission::Accounts]).await;
    let ada = shop.register("ada").await;
    let found = shop.call(Method::GET, "/api/v1/accounts?query=ada", &clerk.token, None).await.expect(200).json();
    assert_eq!((&found["items"][0]["id"], &found["next"]), (&json!(ada.id), &Value::Null));
    let change = async |by: &Person, id: &str, body: Value| {
        shop.call(Method::PATCH, &format!("/api/v1/accounts/{id}"), &by.token, Some(body)).await
    };
    change(&clerk, &ada.id, json!({ "role": "admin" })).await.expect(403);
    change(&clerk, &clerk.id, json!({ "permissions": ["audit"] })).await.expect(403);
    change(&clerk, &admin.id, json!({ "role": "customer" })).await.expect(403);
    change(&clerk, &ada.id, json!({ "role": "guest" })).await.expect(403);
    assert_eq!(change(&clerk, &ada.id, json!({ "role": "seller" })).await.expect(200).json()["role"], "seller");
    change(&ada, &ada.id, json!({ "role": "customer" })).await.expect(401);

    change(&admin, &clerk.id, json!({ "permissions": ["audit"] })).await.expect(200);
    // The clerk's token of before says too much; the next one says what is so.
    shop.call(Method::GET, "/api/v1/accounts", &clerk.token, None).await.expect(401);
    let next = shop.refresh(&clerk.cookie).await.expect(200).json();
    assert_eq!(next["account"]["permissions"], json!(["audit"]));
    let token = next["access_token"].as_str().unwrap();
    shop.call(Method::GET, "/api/v1/accounts", token, None).await.expect(403);
    shop.call(Method::GET, "/api/v1/audit", token, None).await.expect(200);
}

#[tokio::test]
async fn staff_sign_somebody_out_everywhere_and_the_audit_tells() {
    let shop = Shop::open().await;
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let clerk = shop.employee("clerk", Role::Staff, &[Permission::Accounts]).await;
    let ada = shop.register("ada").await;
    let phone = Person::of(&shop.sign_in(&ada.email, PASSWORD).await.expect(201));
    let end = async |by: &Person, id: &str| {
        shop.call(Method::DELETE, &format!("/api/v1/accounts/{id}/sessions"), &by.token, None).await
    };
    let me = async |token: &str| shop.call(Method::GET, "/api/v1/accounts/me", token, None).await;
    for above in [&admin.id, &clerk.id] {
        end(&clerk, above).await.expect(403);
    }
    me(&admin.token).await.expect(200);
    end(&clerk, &ada.id).await.expect(204);
    for device in [&ada, &phone] {
        me(&device.token).await.expect(401);
        shop.refresh(&device.cookie).await.expect(401);
    }
    // She was signed out, not locked out.
    let back = Person::of(&shop.sign_in(&ada.email, PASSWORD).await.expect(201));
    me(&back.token).await.expect(200);
    end(&admin, &clerk.id).await.expect(204);
    me(&clerk.token).await.expect(401);
    end(&admin, "acct_00000000000000000000000007").await.expect(404);
    let audit = shop.call(Method::GET, "/api/v1/audit?limit=100", &admin.token, None).await.expect(200).json();
    let ended = audit["items"].as_array().unwrap().iter().filter(|item| item["action"] == "sessions_ended");
    let ended: Vec<_> = ended.map(|item| (item["actor"].clone(), item["subject"].clone())).collect();
    assert_eq!(ended, [(json!(admin.id), json!(clerk.id)), (json!(clerk.id), json!(ada.id))]);
}

#[tokio::test]
async fn a_key_of_a_program_does_what_its_scopes_say() {
    let shop = Shop::open().await;
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let clerk = shop.employee("clerk", Role::Staff, &[Permission::ApiKeys]).await;
    let create =
        async |by: &Person, body: Value| shop.call(Method::POST, "/api/v1/api-keys", &by.token, Some(body)).await;
    create(&clerk, json!({ "name": "x", "scopes": ["webhooks"] })).await.expect(403);
    create(&admin, json!({ "name": "x", "scopes": ["all"] })).await.expect(422);
    create(&admin, json!({ "name": "x", "scopes": [], "expires_at": "2020-01-01T00:00:00Z" })).await.expect(422);
    let made = create(&admin, json!({ "name": "Warehouse", "scopes": ["webhooks"] })).await.expect(201).json();
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with(made["prefix"].as_str().unwrap()) && key.len() > 40);
    shop.call(Method::GET, "/api/v1/webhooks", key, None).await.expect(200);
    shop.call(Method::GET, "/api/v1/audit", key, None).await.expect(403);
    shop.call(Method::GET, "/api/v1/sessions", key, None).await.expect(403);
    shop.call(Method::GET, "/api/v1/webhooks", &format!("{key}x"), None).await.expect(401);
    let listed = shop.call(Method::GET, "/api/v1/api-keys", &admin.token, None).await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], made["id"]);
    assert!(!listed.to_string().contains(key), "it is shown once");
    let path = format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap());
    shop.call(Method::DELETE, &path, &clerk.token, None).await.expect(204);
    shop.call(Method::GET, "/api/v1/webhooks", key, None).await.expect(401);
}

#[tokio::test]
async fn the_audit_has_what_was_done_and_no_personal_data() {
    let shop = Shop::open().await;
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let ada = shop.register("ada").await;
    shop.sign_in(&ada.email, "wrong").await.expect(401);
    let body = json!({ "role": "seller" });
    shop.call(Method::PATCH, &format!("/api/v1/accounts/{}", ada.id), &admin.token, Some(body)).await.expect(200);
    let key = json!({ "name": "x", "scopes": ["audit"] });
    let key = shop.call(Method::POST, "/api/v1/api-keys", &admin.token, Some(key)).await.expect(201).json();
    let page = shop.call(Method::GET, "/api/v1/audit?limit=100", key["key"].as_str().unwrap(), None).await.expect(200);
    let items = page.json()["items"].as_array().unwrap().clone();
    let has = |action: &str, actor: &str| {
        items.iter().any(|item| item["action"] == action && item["actor"].as_str().unwrap_or_default() == actor)
    };
    assert!(has("registered", &ada.id) && has("sign_in_refused", "") && has("signed_in", &admin.id));
    assert!(has("standing_changed", &admin.id) && has("api_key_created", &admin.id));
    assert!(has("staff_action", &admin.id) && has("api_key_used", key["id"].as_str().unwrap()));
    assert!(!page.json().to_string().contains("@example.com"));
    let first = shop.call(Method::GET, "/api/v1/audit?limit=2", &admin.token, None).await.expect(200).json();
    let next = first["next"].as_str().unwrap();
    let second = shop.call(Method::GET, &format!("/api/v1/audit?limit=2&cursor={next}"), &admin.token, None).await;
    let seqs = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(seqs(&first)[1], seqs(&second.expect(200).json())[0] + 1);
}
