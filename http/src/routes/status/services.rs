//! Health and status of each service. They are many paths with one answer, so their routes and their
//! description are made here and not by the macro.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, State};
use axum::routing::{MethodRouter, get};
use serde::Serialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::status::{ServiceStatus, Status};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathsBuilder};
use utoipa::openapi::{ContentBuilder, PathItem, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::problem::Problem;
use crate::routes::health::live::Health;
use crate::state::App;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Gateway,
    Products,
    Accounts,
    Orders,
    Payments,
    Chat,
}

const SERVICES: [Service; 6] =
    [Service::Gateway, Service::Products, Service::Accounts, Service::Orders, Service::Payments, Service::Chat];

/// One service of the reference platform, as it lives on here.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDetails {
    #[schema(example = "ok")]
    status: String,
    #[schema(example = "orders")]
    service: &'static str,
    version: String,
    uptime_seconds: u64,
    /// The engine that keeps it. The gateway keeps nothing, so it has neither this nor what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    /// Entities in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    entities_alive: Option<usize>,
    /// Calls that wait in mailboxes or for a flush.
    #[serde(skip_serializing_if = "Option::is_none")]
    mailbox_depth: Option<u64>,
    /// Restarts after a crash since the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    restarts: Option<u64>,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Products => "products",
            Self::Accounts => "accounts",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Chat => "chat",
        }
    }

    fn of_path(path: &MatchedPath) -> Option<Self> {
        let name = path.as_str().split('/').nth(3)?;
        SERVICES.into_iter().find(|service| service.name() == name)
    }

    fn status(self, board: Status) -> (String, Option<ServiceStatus>) {
        let service = match self {
            Self::Gateway => return (board.status, None),
            Self::Products => board.services.products,
            Self::Accounts => board.services.accounts,
            Self::Orders => board.services.orders,
            Self::Payments => board.services.payments,
            Self::Chat => board.services.chat,
        };
        (service.status.clone(), Some(service))
    }
}

async fn health(State(market): State<Arc<Marketplace>>, path: MatchedPath) -> Result<Json<Health>, Problem> {
    let service = Service::of_path(&path).ok_or_else(Problem::not_found)?;
    Ok(Json(Health { status: service.status(market.board.status()).0 }))
}

async fn status(State(market): State<Arc<Marketplace>>, path: MatchedPath) -> Result<Json<ServiceDetails>, Problem> {
    let service = Service::of_path(&path).ok_or_else(Problem::not_found)?;
    let board = market.board.status();
    let (version, uptime_seconds) = (board.version.clone(), board.uptime_seconds);
    let (status, details) = service.status(board);
    let details = details.as_ref();
    Ok(Json(ServiceDetails {
        status,
        service: service.name(),
        version,
        uptime_seconds,
        store: details.map(|details| details.store.clone()),
        entities_alive: details.map(|details| details.entities_alive),
        mailbox_depth: details.map(|details| details.mailbox_depth),
        restarts: details.map(|details| details.restarts),
    }))
}

/// `/api/v1/<service>/health` of every service.
pub fn all_health() -> UtoipaMethodRouter<App> {
    each::<Health>("health", "Health", "Tells that it is there", get(health))
}

/// `/api/v1/<service>/status` of every service.
pub fn all_status() -> UtoipaMethodRouter<App> {
    each::<ServiceDetails>("status", "Status", "Shows how it is doing", get(status))
}

fn each<T: ToSchema>(what: &str, name: &str, summary: &str, handler: MethodRouter<App>) -> UtoipaMethodRouter<App> {
    let mut paths = PathsBuilder::new();
    for service in SERVICES {
        let schema = RefOr::<utoipa::openapi::Schema>::Ref(Ref::from_schema_name(T::name()));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(summary).content("application/json", content).build();
        let service = service.name();
        let operation = OperationBuilder::new()
            .tag("status")
            .operation_id(Some(format!("get{}{}{name}", service[..1].to_uppercase(), &service[1..])))
            .summary(Some(format!("{summary}: {service}")))
            .response("200", response)
            .build();
        paths = paths.path(format!("/api/v1/{service}/{what}"), PathItem::new(HttpMethod::Get, operation));
    }
    let mut schemas = vec![(T::name().into_owned(), <T as PartialSchema>::schema())];
    T::schemas(&mut schemas);
    (schemas, paths.build(), handler)
}
