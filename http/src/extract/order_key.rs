//! Who looks at an order: by token, or by the order's access key in `?key=` or the header `Order-Key`.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use serde::Deserialize;
use souk_actors::viewer::Viewer;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::{OptionalCaller, Parameters};
use crate::problem::Problem;
use crate::state::Edge;

pub struct OrderViewer(pub Viewer);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: Option<String>,
}

/// Both ways to send the key, for the description of a route.
pub struct OrderKeyParameters;

impl IntoParams for OrderKeyParameters {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, place| {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            let described = Some("The access key of a guest's order");
            ParameterBuilder::new().name(name).parameter_in(place).description(described).schema(Some(text)).build()
        };
        vec![parameter("key", ParameterIn::Query), parameter("Order-Key", ParameterIn::Header)]
    }
}

impl<S> FromRequestParts<S> for OrderViewer
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let OptionalCaller(person) = OptionalCaller::from_request_parts(parts, state).await?;
        let Parameters(Key { key }) = Parameters::from_request_parts(parts, state).await?;
        let header = parts.headers.get("order-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self(Viewer { person, key: key.or(header) }))
    }
}
