//! Guests, rooms and messages.

use serde_json::{Value, json};

use super::answer::Answer;
use super::client::Client;

/// Somebody with an identity but no account.
#[derive(Debug, Clone)]
pub struct Guest {
    pub id: String,
    pub token: String,
}

/// The most messages a page can have.
const PAGE: u64 = 100;

impl Client {
    pub async fn guest(&self, name: &str) -> Guest {
        let session = self.post("/api/v1/sessions/guest", json!({"name": name})).await.expect(201);
        assert_eq!(session["account"]["role"], "guest", "{session}");
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("a field is missing: {session}")).to_owned();
        Guest { id: text(&session["account"]["id"]), token: text(&session["access_token"]) }
    }

    /// The room of a product, as somebody with a token; opened when it is not there.
    pub async fn product_room(&self, product_id: &str) -> String {
        let answer = self.post("/api/v1/rooms", json!({"kind": "product", "subject_id": product_id})).await;
        assert!(answer.is(200) || answer.is(201), "{answer}");
        answer.json()["id"].as_str().unwrap_or_else(|| panic!("a room has an id: {answer}")).to_owned()
    }

    pub async fn post_message(&self, room: &str, text: &str, client_id: &str) -> Answer {
        let body = json!({"text": text, "client_id": client_id});
        self.post(&format!("/api/v1/rooms/{room}/messages"), body).await
    }

    /// All messages of a room, page after page.
    pub async fn messages(&self, room: &str) -> Vec<Value> {
        let mut messages: Vec<Value> = Vec::new();
        loop {
            let since = messages.last().and_then(|message| message["seq"].as_u64()).unwrap_or(0);
            let path = format!("/api/v1/rooms/{room}/messages?since={since}&limit={PAGE}");
            let page = self.get(&path).await.expect(200);
            let items = page["items"].as_array().unwrap_or_else(|| panic!("no items: {page}"));
            if items.is_empty() {
                return messages;
            }
            messages.extend(items.iter().cloned());
        }
    }
}
