//! The description of the API (OpenAPI 3.1), from the routes themselves. What all of them have in
//! common is added here: the problems that any request can meet, and how problems look.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use bytes::Bytes;
use souk_actors::outbox::payload::WebhookPayload;
use souk_domain::order::notice::Notice;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, RefOr,
    Required, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::answer::{MEDIA_TYPE, ProblemBody};

/// The finished document.
pub struct Written {
    pub document: OpenApi,
    pub json: Bytes,
    pub etag: String,
}

/// It depends on nothing but the code, so it is written once.
pub static WRITTEN: LazyLock<Written> = LazyLock::new(|| {
    let document = finish(crate::router::table().into_openapi());
    let json: Bytes = serde_json::to_vec(&document).expect("the document serialises to JSON").into();
    let mut hasher = DefaultHasher::new();
    json.hash(&mut hasher);
    Written { document, etag: format!("\"{:016x}\"", hasher.finish()), json }
});

const TAGS: [(&str, &str); 9] = [
    ("products", "The catalogue"),
    ("carts", "What somebody is about to buy. A guest's cart id is its capability"),
    ("orders", "What was bought"),
    ("payments", "How it was paid"),
    ("accounts", "Who somebody is"),
    ("chat", "Rooms and messages"),
    ("webhooks", "Who else is told of orders. For staff"),
    ("live", "Topics over a socket"),
    ("status", "How everything is doing"),
];

/// What the routes are added to.
pub fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Souk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "A live marketplace. Money is in minor units, times are RFC 3339 in UTC, ids are TypeIDs. Every refusal is a \
             problem (RFC 9457) with a stable `code`; `/errors` explains each of them.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let tags = TAGS.map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build());
    let mut components = Components::new();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let mut schemas = vec![(ProblemBody::name().into_owned(), ProblemBody::schema())];
    ProblemBody::schemas(&mut schemas);
    schemas.push((WebhookPayload::name().into_owned(), WebhookPayload::schema()));
    WebhookPayload::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let (tags, components) = (Some(tags), Some(components));
    OpenApiBuilder::new().info(info).tags(tags).components(components).webhooks(Some(webhooks())).build()
}

/// What is sent to endpoints.
fn webhooks() -> Paths {
    let payload = RefOr::Ref(Ref::from_schema_name(WebhookPayload::name()));
    Notice::ALL
        .into_iter()
        .fold(PathsBuilder::new(), |paths, notice| {
            let content = ContentBuilder::new().schema(Some(payload.clone())).build();
            let header = |name: &str, description: &str| {
                let text = ObjectBuilder::new().schema_type(Type::String).build();
                let header =
                    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::True);
                header.description(Some(description)).schema(Some(text)).build()
            };
            let operation = OperationBuilder::new()
                .tag("webhooks")
                .summary(Some(format!("{} happened", notice.name())))
                .description(Some(
                    "Signed by the Standard Webhooks specification. Sent again under the same `webhook-id` until it is \
                 answered with a status from 200 to 299; 410 disables the endpoint.",
                ))
                .parameter(header("webhook-id", "Names the delivery, the same for each attempt"))
                .parameter(header("webhook-timestamp", "When this attempt was made, in seconds since 1970"))
                .parameter(header("webhook-signature", "`v1,` and base64, for each secret, with a blank between them"))
                .request_body(Some(RequestBodyBuilder::new().content("application/json", content).build()))
                .response("204", ResponseBuilder::new().description("It is taken").build())
                .build();
            paths.path(notice.name(), PathItem::new(HttpMethod::Post, operation))
        })
        .build()
}

/// Method, path and operation of every route.
pub fn operations(document: &OpenApi) -> impl Iterator<Item = (&'static str, &str, &Operation)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let PathItem { get, put, post, delete, patch, .. } = item;
        let methods = [("GET", get), ("PUT", put), ("POST", post), ("PATCH", patch), ("DELETE", delete)];
        methods.into_iter().filter_map(|(method, operation)| Some((method, path.as_str(), operation.as_ref()?)))
    })
}

fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let PathItem { get, put, post, delete, patch, .. } = item;
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            add_common_problems(operation, path);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.starts_with(['4', '5'])
                {
                    describe_problem(response);
                }
            }
        }
    }
    document
}

fn add_common_problems(operation: &mut Operation, path: &str) {
    if operation.request_body.is_some() {
        add(operation, "400", "`malformed_json`, `malformed_request`");
        add(operation, "413", "`body_too_large`");
        add(operation, "415", "`unsupported_media_type`");
    }
    let takes_token = operation.security.as_ref().is_some_and(|schemes| !schemes.is_empty());
    if takes_token && !operation.responses.responses.contains_key("401") {
        add(operation, "401", "`token_expired`, `token_invalid`");
    }
    if path.starts_with("/api/v1/") || path.starts_with("/sandbox/") {
        add(operation, "429", "`rate_limited`");
        add(operation, "500", "`internal`");
        add(operation, "503", "`overloaded`, `restarting`, `stopping`, `store_unavailable`, `timed_out`");
    }
}

fn add(operation: &mut Operation, status: &str, codes: &str) {
    let responses = &mut operation.responses.responses;
    match responses.get_mut(status) {
        Some(RefOr::T(response)) => response.description = format!("{}, {codes}", response.description),
        Some(RefOr::Ref(_)) => {}
        None => {
            responses.insert(status.to_owned(), ResponseBuilder::new().description(codes).build().into());
        }
    }
}

fn describe_problem(response: &mut Response) {
    let schema = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    response.content.insert(MEDIA_TYPE.to_owned(), content.into());
}
