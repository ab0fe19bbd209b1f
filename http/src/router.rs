//! The whole URL table. Each line names the handler; its file has the description and the types.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::middleware::boundary::Boundary;
use crate::problem::{Code, Problem};
use crate::routes::{
    carts, deliveries, document, health, keys, lines, live, media, messages, orders, pages, payments, products,
    refunds, rooms, sandbox, sessions, status, webhooks,
};
use crate::state::App;

#[rustfmt::skip]
pub fn table() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(crate::openapi::base())
        .routes(routes!(products::list::list))                  // GET    /api/v1/products
        .routes(routes!(products::get::get))                    // GET    /api/v1/products/{id}
        .routes(routes!(carts::create::create))                 // POST   /api/v1/carts
        .routes(routes!(carts::get::get,                        // GET    /api/v1/carts/{id}
                        carts::update::update))                 // PATCH  /api/v1/carts/{id}
        .routes(routes!(carts::shipping_options::shipping_options)) // GET /api/v1/carts/{id}/shipping-options
        .routes(routes!(lines::add::add))                       // POST   /api/v1/carts/{id}/lines
        .routes(routes!(lines::set::set,                        // PATCH  /api/v1/carts/{id}/lines/{variant_id}
                        lines::remove::remove))                 // DELETE /api/v1/carts/{id}/lines/{variant_id}
        .routes(routes!(orders::place::place))                  // POST   /api/v1/orders
        .routes(routes!(orders::get::get))                      // GET    /api/v1/orders/{id}
        .routes(routes!(orders::timeline::timeline))            // GET    /api/v1/orders/{id}/timeline
        .routes(routes!(orders::cancel::cancel))                // POST   /api/v1/orders/{id}/cancel
        .routes(routes!(refunds::create::create,                // POST   /api/v1/orders/{id}/refunds
                        refunds::list::list))                   // GET    /api/v1/orders/{id}/refunds
        .routes(routes!(payments::get::get))                    // GET    /api/v1/payments/{id}
        .routes(routes!(payments::confirm::confirm))            // POST   /api/v1/payments/{id}/confirm
        .routes(routes!(payments::webhook::webhook))            // POST   /api/v1/payments/webhooks/{provider}
        .routes(routes!(sandbox::challenge::challenge))         // POST   /sandbox/challenges/{intent}
        .routes(routes!(sessions::guest::guest))                // POST   /api/v1/sessions/guest
        .routes(routes!(rooms::open::open))                     // POST   /api/v1/rooms
        .routes(routes!(messages::list::list,                   // GET    /api/v1/rooms/{id}/messages
                        messages::post::post))                  // POST   /api/v1/rooms/{id}/messages
        .routes(routes!(webhooks::create::create,               // POST   /api/v1/webhooks
                        webhooks::list::list))                  // GET    /api/v1/webhooks
        .routes(routes!(webhooks::get::get,                     // GET    /api/v1/webhooks/{id}
                        webhooks::update::update,               // PATCH  /api/v1/webhooks/{id}
                        webhooks::remove::remove))              // DELETE /api/v1/webhooks/{id}
        .routes(routes!(webhooks::rotate::rotate))              // POST   /api/v1/webhooks/{id}/rotate
        .routes(routes!(webhooks::deliveries::deliveries))      // GET    /api/v1/webhooks/{id}/deliveries
        .routes(routes!(deliveries::resend::resend))            // POST   /api/v1/deliveries/{id}/resend
        .routes(routes!(live::connect::connect))                // GET    /ws
        .routes(routes!(health::live::live))                    // GET    /health
        .routes(routes!(health::ready::ready))                  // GET    /health/ready
        .routes(routes!(status::board::board))                  // GET    /api/status
        .routes(status::services::all_health())                 // GET    /api/v1/<service>/health
        .routes(status::services::all_status())                 // GET    /api/v1/<service>/status
        .routes(routes!(keys::list::list))                      // GET    /.well-known/jwks.json
        .routes(routes!(media::get::get))                       // GET    /media/{file}
        .routes(routes!(document::get::get))                    // GET    /api/openapi.json
        .routes(routes!(pages::home::home))                     // GET    /
        .routes(routes!(pages::docs::docs))                     // GET    /api/docs
        .routes(routes!(pages::docs::old))                      // GET    /docs
        .routes(routes!(pages::errors::errors))                 // GET    /errors
        .routes(routes!(pages::style::style))                   // GET    /page.css
}

/// The table with all that happens around every request.
pub fn router(app: App) -> Router {
    let boundary = Boundary::new(&app.edge.config, app.edge.limits.clone());
    let (router, _) = table().split_for_parts();
    router
        .fallback(|| async { Problem::not_found().detail("no such URL") })
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .layer(boundary)
        .with_state(app)
}
