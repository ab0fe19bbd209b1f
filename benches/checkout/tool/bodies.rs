//! What is sent, made once before the load starts.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use hyper::body::Bytes;
use hyper::{Method, StatusCode};

use super::catalogue;
use super::connection::Connection;
use super::cut;

/// The address that `fill` gives its buyers too.
pub const CONTACT: &str = r#"{"email":"ada@example.com","shipping_address":{"name":"Ada Example","line1":"1 Main Street","city":"Berlin","postal_code":"10115","country":"DE"}}"#;

pub struct Bodies {
    pub cart: Bytes,
    /// A line of each product.
    pub lines: Vec<Bytes>,
    pub contact: Bytes,
    pub shipping: Bytes,
    pub payment: Bytes,
}

impl Bodies {
    /// Asks the shop for what it sells and how it ships.
    ///
    /// # Errors
    /// When it does not answer as expected.
    pub async fn ask(address: SocketAddr, products: u32) -> anyhow::Result<Self> {
        let mut connection = Connection::open(address).await?;
        let mut lines = Vec::with_capacity(products as usize);
        for number in 0..products {
            let path = format!("/api/v1/products/{}", catalogue::handle(number));
            let reply = connection.call(Method::GET, &path, None, Bytes::new()).await?;
            ensure!(reply.status == StatusCode::OK, "{path} is answered {}", reply.status);
            let variant = cut::starting_with(&reply.body, "var_").with_context(|| format!("{path} has no variant"))?;
            lines.push(format!(r#"{{"variant_id":"{variant}","quantity":1}}"#).into());
        }
        let contact = Bytes::from_static(CONTACT.as_bytes());
        let shipping = format!(r#"{{"shipping_option_id":"{}"}}"#, shipping_option(&mut connection, &contact).await?);
        Ok(Self {
            cart: Bytes::from_static(b"{}"),
            lines,
            contact,
            shipping: shipping.into(),
            payment: Bytes::from_static(br#"{"method":{"type":"sandbox_card","token":"tok_ok"}}"#),
        })
    }
}

/// The first way to ship to the address that every buyer has.
async fn shipping_option(connection: &mut Connection, contact: &Bytes) -> anyhow::Result<String> {
    let made = connection.call(Method::POST, "/api/v1/carts", None, Bytes::from_static(b"{}")).await?;
    let cart = cut::starting_with(&made.body, "cart_").context("no cart was made")?;
    let path = format!("/api/v1/carts/{cart}");
    let changed = connection.call(Method::PATCH, &path, None, contact.clone()).await?;
    ensure!(changed.status == StatusCode::OK, "the address is answered {}", changed.status);
    let options = connection.call(Method::GET, &format!("{path}/shipping-options"), None, Bytes::new()).await?;
    Ok(cut::after(&options.body, "\"id\":\"").context("there is no way to ship")?.to_owned())
}
