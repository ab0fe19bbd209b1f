//! Which domains a node serves. Every node knows all of them, because an order holds stock and opens a payment; which
//! of their URLs and topics it serves is for whoever balances the load.

use std::collections::BTreeSet;
use std::str::FromStr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use souk_actors::topics::topic::Topic;

use crate::problem::{Code, Problem};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    Products,
    Accounts,
    Orders,
    Payments,
    Chat,
}

/// The domains that are served; none of them named: all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Domains(BTreeSet<Domain>);

impl FromStr for Domain {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "products" => Ok(Self::Products),
            "accounts" => Ok(Self::Accounts),
            "orders" => Ok(Self::Orders),
            "payments" => Ok(Self::Payments),
            "chat" => Ok(Self::Chat),
            other => Err(format!("{other:?} is no domain; there are products, accounts, orders, payments and chat")),
        }
    }
}

impl Domain {
    pub fn name(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Accounts => "accounts",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Chat => "chat",
        }
    }

    /// Whose URL it is; none for what every node serves.
    fn of_path(path: &str) -> Option<Self> {
        let resource = path.strip_prefix("/api/v1/").map_or(path, |rest| rest.split('/').next().unwrap_or_default());
        match resource {
            "products" => Some(Self::Products),
            "accounts" | "sessions" | "password-resets" | "api-keys" | "signing-keys" | "audit" => Some(Self::Accounts),
            "carts" | "orders" | "webhooks" | "deliveries" => Some(Self::Orders),
            "payments" => Some(Self::Payments),
            "rooms" | "chat" => Some(Self::Chat),
            whole if whole.starts_with("/media/") => Some(Self::Products),
            whole if whole.starts_with("/sandbox/") => Some(Self::Payments),
            _ => None,
        }
    }

    fn of_topic(topic: Topic) -> Option<Self> {
        match topic {
            Topic::Room(_) => Some(Self::Chat),
            Topic::Order(_) | Topic::Cart(_) => Some(Self::Orders),
            Topic::Product(_) => Some(Self::Products),
            Topic::Status => None,
        }
    }
}

impl FromIterator<Domain> for Domains {
    fn from_iter<T: IntoIterator<Item = Domain>>(domains: T) -> Self {
        Self(domains.into_iter().collect())
    }
}

impl Domains {
    pub fn serves(&self, domain: Domain) -> bool {
        self.serves_all() || self.0.contains(&domain)
    }

    pub fn serves_all(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// The domain that is not served here.
    pub fn check_topic(&self, topic: Topic) -> Result<(), Problem> {
        self.check(Domain::of_topic(topic))
    }

    fn check(&self, domain: Option<Domain>) -> Result<(), Problem> {
        match domain {
            Some(domain) if !self.serves(domain) => {
                let detail = format!("this node does not serve {}", domain.name());
                Err(Problem::new(Code::DomainNotServed).detail(detail))
            }
            _ => Ok(()),
        }
    }
}

/// Refuses the URLs of other domains.
pub async fn only_served(State(domains): State<Domains>, request: Request, next: Next) -> Response {
    match domains.check(Domain::of_path(request.uri().path())) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(domains: &str, path: &str) -> bool {
        let domains: Domains = domains.split(',').map(|name| name.parse().expect("a domain")).collect();
        domains.check(Domain::of_path(path)).is_ok()
    }

    #[test]
    fn a_node_serves_the_urls_of_its_domains_and_those_of_all() {
        for path in ["/api/v1/products", "/api/v1/products/prod_1", "/media/pot.svg", "/api/v1/chat/health"] {
            assert!(served("products,chat", path), "{path}");
            assert!(!served("orders", path), "{path}");
            assert!(Domains::default().check(Domain::of_path(path)).is_ok());
        }
        for path in ["/health", "/api/status", "/ws", "/", "/api/v1/gateway/health", "/api/openapi.json"] {
            assert!(served("payments", path), "{path}");
        }
        assert!(served("payments", "/sandbox/challenges/x") && !served("chat", "/sandbox/challenges/x"));
        assert!(!served("products", "/api/v1/carts/cart_1/lines") && !served("products", "/api/v1/sessions/guest"));
        assert!("shoes".parse::<Domain>().unwrap_err().contains("payments"));
    }
}
