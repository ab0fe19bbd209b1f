//! As many requests as a round made, with the same bodies, at a route that does nothing: what connections, HTTP
//! and the layers around every route take by themselves.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::ensure;
use hyper::body::Bytes;
use hyper::{Method, StatusCode};

use super::bodies::Bodies;
use super::connection::Connection;

const NOTHING: &str = "/health";

/// # Errors
/// When one is not answered 200.
pub async fn run(address: SocketAddr, bodies: &Arc<Bodies>, clients: usize, requests: u64) -> anyhow::Result<()> {
    let each = requests.div_ceil(clients as u64);
    let running: Vec<_> = (0..clients).map(|_| tokio::spawn(client(address, Arc::clone(bodies), each))).collect();
    for client in running {
        client.await??;
    }
    Ok(())
}

async fn client(address: SocketAddr, bodies: Arc<Bodies>, requests: u64) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    let order = Bytes::from_static(br#"{"cart_id":"cart_00000000000000000000000000"}"#);
    let Bodies { cart, lines, contact, shipping, payment } = &*bodies;
    let course = [cart, &lines[0], &lines[1], contact, shipping, &order, payment, &Bytes::new()];
    for body in course.into_iter().cycle().take(usize::try_from(requests)?) {
        let reply = connection.call(Method::GET, NOTHING, None, body.clone()).await?;
        ensure!(reply.status == StatusCode::OK, "{NOTHING} is answered {}", reply.status);
    }
    Ok(())
}
