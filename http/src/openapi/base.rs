//! What the routes are added to: what the API is called, what its tags mean, what is sent to endpoints.

use souk_actors::outbox::payload::WebhookPayload;
use souk_domain::order::notice::Notice;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, RefOr,
    Required, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::answer::ProblemBody;

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
