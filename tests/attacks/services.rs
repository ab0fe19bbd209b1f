//! Each service of the reference platform on a port of its own.

use super::open;
use super::support::client::Client;

fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").to_string()
}

#[tokio::test]
async fn each_port_answers_its_service_and_no_other() {
    let names = ["gateway", "products", "accounts", "orders", "payments", "chat", "store"];
    let ports: Vec<_> = names.iter().map(|name| (*name, free_address())).collect();
    let settings: Vec<_> =
        ports.iter().map(|(name, port)| (format!("SERVICES__{}", name.to_uppercase()), port.clone())).collect();
    let settings: Vec<_> = settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let mut shop = open(&settings).await;
    for (name, port) in &ports {
        let client = Client::new(&format!("http://{port}"));
        assert_eq!(client.get("/health").await.expect(200)["status"], "ok", "{name}");
        let status = client.get("/api/status").await.expect(200);
        let lamp = client.get("/api/v1/products/lamp").await;
        if ["gateway", "store"].contains(name) {
            assert!(status["services"]["orders"].is_object(), "{name}: {status}");
            lamp.expect(200);
            continue;
        }
        assert_eq!(status["service"], *name, "{status}");
        if *name == "products" {
            lamp.expect(200);
        } else {
            lamp.expect_problem(404, "not_found");
        }
        if *name == "orders" {
            client.post("/api/v1/carts", serde_json::json!({})).await.expect(201);
        }
    }
    shop.close().await;
    let closed = Client::new(&format!("http://{}", ports[1].1)).get("/health").await;
    assert!(closed.is_lost(), "a service's port is still open after the end: {closed}");
}
