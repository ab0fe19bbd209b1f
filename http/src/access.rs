//! Who may do what: each line of the URL table declares its access, and this is where it is kept.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use souk_domain::account::role::Permission;
use utoipa::openapi::PathItem;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::extract::identity::identify;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::token::Bearer;

/// Who is let through to a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, and nobody is asked who they are.
    Public,
    /// Everybody; the handler shows to each what is theirs (by token, by a key, by an id that nobody can guess), and
    /// the rest as not there.
    Owner,
    /// Whoever has a token, guests too.
    Person,
    /// Whoever has an account.
    Account,
    /// Staff with the permission, admins, and programs whose key has it as scope.
    Staff(Permission),
    /// Whoever signs what they send with a secret that they share with the shop.
    Signed,
}

/// A line of the URL table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub method: &'static str,
    pub path: String,
    pub access: Access,
}

/// The URL table in the making. There is no way to add a route without its access.
pub struct Table {
    pub router: OpenApiRouter<App>,
    pub declared: Vec<Declared>,
    /// None: only to be described.
    app: Option<App>,
}

impl Table {
    pub fn new(router: OpenApiRouter<App>, app: Option<App>) -> Self {
        Self { router, declared: Vec::new(), app }
    }

    #[must_use]
    pub fn at(mut self, access: Access, (schemas, paths, methods): UtoipaMethodRouter<App>) -> Self {
        for (path, item) in &paths.paths {
            let PathItem { get, put, post, delete, patch, .. } = item;
            let all = [("GET", get), ("PUT", put), ("POST", post), ("PATCH", patch), ("DELETE", delete)];
            let present = all.into_iter().filter(|(_, operation)| operation.is_some());
            self.declared.extend(present.map(|(method, _)| Declared { method, path: path.clone(), access }));
        }
        let methods = match (&self.app, access) {
            (None, _) | (_, Access::Public | Access::Signed) => methods,
            (Some(app), _) => {
                let app = app.clone();
                methods.route_layer(axum::middleware::from_fn(move |request, next| {
                    admit(app.clone(), access, request, next)
                }))
            }
        };
        self.router = self.router.routes((schemas, paths, methods));
        self
    }
}

async fn admit(app: App, access: Access, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let bearer = match identify(&parts, &app.edge).and_then(|bearer| check(access, bearer)) {
        Ok(bearer) => bearer,
        Err(problem) => return problem.into_response(),
    };
    let mut request = Request::from_parts(parts, body);
    let Some(bearer) = bearer else { return next.run(request).await };
    request.extensions_mut().insert(Arc::clone(&bearer));
    if let Some(id) = bearer.api_key {
        app.market.accounts.api_key_used(id).await;
    }
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    let done = (matches!(access, Access::Staff(_)) && is_change)
        .then(|| format!("{} {}", request.method(), request.uri().path()));
    let response = next.run(request).await;
    if let Some(done) = done {
        let detail = format!("{done} {}", response.status().as_u16());
        app.market.accounts.record("staff_action", Some(bearer.identity.id.clone()), None, &detail).await;
    }
    response
}

/// Who asks, if they may.
fn check(access: Access, bearer: Option<Arc<Bearer>>) -> Result<Option<Arc<Bearer>>, Problem> {
    let forbidden = |detail: &'static str| Problem::new(Code::Forbidden).detail(detail);
    match (access, &bearer) {
        (Access::Public | Access::Owner | Access::Signed, _) | (Access::Person, Some(_)) => Ok(bearer),
        (Access::Person | Access::Account | Access::Staff(_), None) => Err(Problem::new(Code::CredentialsMissing)),
        (Access::Account, Some(known)) if known.origin.is_none() => Err(forbidden("this needs an account")),
        (Access::Account, Some(_)) => Ok(bearer),
        (Access::Staff(permission), Some(known)) if known.standing.may(permission) => Ok(bearer),
        (Access::Staff(permission), Some(_)) => {
            let detail = format!("this needs the permission {}", permission.as_str());
            Err(Problem::new(Code::Forbidden).detail(detail))
        }
    }
}
