//! The whole URL table. Each line says who is let through and names the handler; its file has the description and the
//! types.

use axum::Router;
use axum::middleware::from_fn_with_state;
use souk_domain::account::role::Permission;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Access, Declared, Table};
use crate::domains::only_served;
use crate::middleware::boundary::Boundary;
use crate::problem::{Code, Problem};
use crate::routes::{
    accounts, addresses, api_keys, audit, carts, deliveries, document, health, keys, lines, live, media, messages,
    orders, pages, password_resets, payments, products, refunds, rooms, sandbox, sessions, signing_keys, status,
    storefront, totp, webhooks,
};
use crate::state::App;

#[rustfmt::skip]
fn lines(app: Option<App>) -> Table {
    use Access::{Account, Owner, Person, Public, Signed, Staff};
    use Permission::{Accounts, ApiKeys, Audit, Refunds, Webhooks};
    Table::new(OpenApiRouter::with_openapi(crate::openapi::base()), app)
        .at(Public, routes!(products::list::list))              // GET    /api/v1/products
        .at(Public, routes!(products::get::get))                // GET    /api/v1/products/{id}
        .at(Owner, routes!(carts::create::create))              // POST   /api/v1/carts
        .at(Account, routes!(carts::current::current))          // GET    /api/v1/carts/current
        .at(Owner, routes!(carts::get::get,                     // GET    /api/v1/carts/{id}
                           carts::update::update))              // PATCH  /api/v1/carts/{id}
        .at(Account, routes!(carts::claim::claim))              // POST   /api/v1/carts/{id}/claim
        .at(Owner, routes!(carts::shipping_options::shipping_options)) // GET /api/v1/carts/{id}/shipping-options
        .at(Owner, routes!(lines::add::add))                    // POST   /api/v1/carts/{id}/lines
        .at(Owner, routes!(lines::set::set,                     // PATCH  /api/v1/carts/{id}/lines/{variant_id}
                           lines::remove::remove))              // DELETE /api/v1/carts/{id}/lines/{variant_id}
        .at(Owner, routes!(orders::place::place))               // POST   /api/v1/orders
        .at(Person, routes!(orders::list::list))                // GET    /api/v1/orders
        .at(Owner, routes!(orders::get::get))                   // GET    /api/v1/orders/{id}
        .at(Owner, routes!(orders::timeline::timeline))         // GET    /api/v1/orders/{id}/timeline
        .at(Owner, routes!(orders::cancel::cancel))             // POST   /api/v1/orders/{id}/cancel
        .at(Staff(Refunds), routes!(refunds::create::create,    // POST   /api/v1/orders/{id}/refunds
                                    refunds::list::list))       // GET    /api/v1/orders/{id}/refunds
        .at(Owner, routes!(payments::get::get))                 // GET    /api/v1/payments/{id}
        .at(Owner, routes!(payments::confirm::confirm))         // POST   /api/v1/payments/{id}/confirm
        .at(Signed, routes!(payments::webhook::webhook))        // POST   /api/v1/payments/webhooks/{provider}
        .at(Public, routes!(sandbox::challenge::challenge))     // POST   /sandbox/challenges/{intent}
        .at(Public, routes!(accounts::create::create))          // POST   /api/v1/accounts
        .at(Staff(Accounts), routes!(accounts::list::list))     // GET    /api/v1/accounts
        .at(Public, routes!(accounts::confirm::confirm))        // POST   /api/v1/accounts/confirm
        .at(Public, routes!(accounts::change_email::change_email)) // POST /api/v1/accounts/email
        .at(Person, routes!(accounts::get::get))                // GET    /api/v1/accounts/me
        .at(Account, routes!(accounts::update::update,          // PATCH  /api/v1/accounts/me
                             accounts::delete::delete))         // DELETE /api/v1/accounts/me
        .at(Account, routes!(accounts::export::export))         // GET    /api/v1/accounts/me/export
        .at(Account, routes!(accounts::ask_for_confirmation::ask_for_confirmation)) // POST /api/v1/accounts/me/confirmation
        .at(Account, routes!(accounts::ask_for_email::ask_for_email)) // POST /api/v1/accounts/me/email
        .at(Account, routes!(accounts::change_password::change_password)) // POST /api/v1/accounts/me/password
        .at(Account, routes!(totp::create::create,              // POST   /api/v1/accounts/me/totp
                             totp::remove::remove))             // DELETE /api/v1/accounts/me/totp
        .at(Account, routes!(totp::confirm::confirm))           // POST   /api/v1/accounts/me/totp/confirm
        .at(Account, routes!(addresses::list::list,             // GET    /api/v1/accounts/me/addresses
                             addresses::create::create))        // POST   /api/v1/accounts/me/addresses
        .at(Account, routes!(addresses::update::update,         // PATCH  /api/v1/accounts/me/addresses/{id}
                             addresses::remove::remove))        // DELETE /api/v1/accounts/me/addresses/{id}
        .at(Staff(Accounts), routes!(accounts::change::change)) // PATCH  /api/v1/accounts/{id}
        .at(Staff(Accounts), routes!(sessions::end_all::end_all)) // DELETE /api/v1/accounts/{id}/sessions
        .at(Public, routes!(password_resets::create::create))   // POST   /api/v1/password-resets
        .at(Public, routes!(password_resets::complete::complete)) // POST /api/v1/password-resets/complete
        .at(Public, routes!(sessions::create::create))          // POST   /api/v1/sessions
        .at(Account, routes!(sessions::list::list))             // GET    /api/v1/sessions
        .at(Public, routes!(sessions::guest::guest))            // POST   /api/v1/sessions/guest
        .at(Public, routes!(sessions::refresh::refresh))        // POST   /api/v1/sessions/refresh
        .at(Public, routes!(sessions::end_current::end_current)) // DELETE /api/v1/sessions/current
        .at(Account, routes!(sessions::end::end))               // DELETE /api/v1/sessions/{id}
        .at(Person, routes!(rooms::open::open,                  // POST   /api/v1/rooms
                            rooms::list::list))                 // GET    /api/v1/rooms
        .at(Person, routes!(rooms::read::read))                 // POST   /api/v1/rooms/{id}/read
        .at(Owner, routes!(messages::list::list))               // GET    /api/v1/rooms/{id}/messages
        .at(Person, routes!(messages::post::post))              // POST   /api/v1/rooms/{id}/messages
        .at(Staff(Webhooks), routes!(webhooks::create::create,  // POST   /api/v1/webhooks
                                     webhooks::list::list))     // GET    /api/v1/webhooks
        .at(Staff(Webhooks), routes!(webhooks::get::get,        // GET    /api/v1/webhooks/{id}
                                     webhooks::update::update,  // PATCH  /api/v1/webhooks/{id}
                                     webhooks::remove::remove)) // DELETE /api/v1/webhooks/{id}
        .at(Staff(Webhooks), routes!(webhooks::rotate::rotate)) // POST   /api/v1/webhooks/{id}/rotate
        .at(Staff(Webhooks), routes!(webhooks::deliveries::deliveries)) // GET /api/v1/webhooks/{id}/deliveries
        .at(Staff(Webhooks), routes!(deliveries::resend::resend)) // POST /api/v1/deliveries/{id}/resend
        .at(Staff(ApiKeys), routes!(api_keys::create::create,   // POST   /api/v1/api-keys
                                    api_keys::list::list))      // GET    /api/v1/api-keys
        .at(Staff(ApiKeys), routes!(api_keys::remove::remove))  // DELETE /api/v1/api-keys/{id}
        .at(Staff(ApiKeys), routes!(signing_keys::rotate::rotate)) // POST /api/v1/signing-keys
        .at(Staff(Audit), routes!(audit::list::list))           // GET    /api/v1/audit
        .at(Public, routes!(live::connect::connect))            // GET    /ws
        .at(Public, routes!(health::live::live))                // GET    /health
        .at(Public, routes!(health::ready::ready))              // GET    /health/ready
        .at(Public, routes!(status::board::board))              // GET    /api/status
        .at(Public, status::services::all_health())             // GET    /api/v1/<service>/health
        .at(Public, status::services::all_status())             // GET    /api/v1/<service>/status
        .at(Public, routes!(keys::list::list))                  // GET    /.well-known/jwks.json
        .at(Public, routes!(media::get::get))                   // GET    /media/{file}
        .at(Public, routes!(document::get::get))                // GET    /api/openapi.json
        .at(Public, routes!(storefront::shop::shop))            // GET    /api/v1/shop
        .at(Public, routes!(storefront::home::home))            // GET    /
        .at(Public, routes!(storefront::listing::listing))      // GET    /products
        .at(Public, routes!(storefront::collection::collection)) // GET   /collections/{slug}
        .at(Public, routes!(storefront::product::product))      // GET    /products/{handle}
        .at(Public, routes!(storefront::cart::cart))            // GET    /cart
        .at(Public, routes!(storefront::asset::asset))          // GET    /assets/{file}
        .at(Public, routes!(storefront::robots::robots))        // GET    /robots.txt
        .at(Public, routes!(storefront::sitemap::first))        // GET    /sitemap.xml
        .at(Public, routes!(storefront::sitemap::file))         // GET    /sitemaps/{file}
        .at(Public, routes!(pages::docs::docs))                 // GET    /api/docs
        .at(Public, routes!(pages::docs::old))                  // GET    /docs
        .at(Public, routes!(pages::errors::errors))             // GET    /errors
        .at(Public, routes!(pages::style::style))               // GET    /page.css
}

/// The table to be described.
pub fn table() -> OpenApiRouter<App> {
    lines(None).router
}

/// Each line with its access.
pub fn declared() -> Vec<Declared> {
    lines(None).declared
}

/// The table with all that happens around every request.
pub fn router(app: App) -> Router {
    let boundary = Boundary::new(&app.edge.config, app.edge.limits.clone());
    let (router, _) = lines(Some(app.clone())).router.split_for_parts();
    let router = router
        .fallback(storefront::app::app)
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) });
    let domains = app.edge.config.domains.clone();
    let router = if domains.serves_all() { router } else { router.layer(from_fn_with_state(domains, only_served)) };
    router.layer(boundary).with_state(app)
}
