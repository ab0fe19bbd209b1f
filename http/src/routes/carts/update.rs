//! Where the cart goes and whom to write to. What is left out stays.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::carts::service::CartChange;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::address::{Address, Recipient, is_email};
use souk_domain::cart::state::MAX_DISCOUNT_CODES;
use souk_domain::id::CartId;
use utoipa::ToSchema;

use crate::extract::{JsonBody, OptionalCaller, PathIds, Text};
use crate::problem::{FieldError, Problem};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCart {
    #[schema(example = "ada@example.com")]
    email: Option<String>,
    shipping_address: Option<AddressBody>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    shipping_option_id: Option<Text<1, 100>>,
    /// All codes the cart is to have. One that it has already stays, also when it has no effect any more.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    discount_codes: Option<Vec<Text<1, 64>>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Address)]
pub struct AddressBody {
    name: String,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "DE")]
    country: String,
    phone: Option<String>,
}

#[utoipa::path(
    patch, path = "/api/v1/carts/{id}", operation_id = "updateCart", tag = "carts",
    summary = "Sets email, address, shipping option or discount codes",
    security((), ("bearer" = [])),
    params(("id" = String, Path)),
    request_body = UpdateCart,
    responses(
        (status = 200, body = CartView, description = "The cart after it"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`cart_in_checkout`, `cart_completed`, `discount_ended`, `discount_not_applicable`, `discount_not_begun`"),
        (status = 422, description = "`invalid_body`, `discount_unknown`"),
    ),
)]
pub async fn update(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<CartId>,
    caller: OptionalCaller,
    JsonBody(body): JsonBody<UpdateCart>,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.carts.update(id, caller.id(), checked(body)?).await?))
}

/// All faults at once, so that a form can show them all.
fn checked(body: UpdateCart) -> Result<CartChange, Problem> {
    let UpdateCart { email, shipping_address, shipping_option_id, discount_codes } = body;
    let mut faults = Vec::new();
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        faults.push(FieldError::invalid("/email", "must be an email address"));
    }
    let shipping_address = shipping_address.map(Address::from);
    for (field, fault) in shipping_address.iter().flat_map(Address::faults) {
        faults.push(FieldError::of_address(format!("/shipping_address/{field}"), fault));
    }
    if discount_codes.as_ref().is_some_and(|codes| codes.len() > MAX_DISCOUNT_CODES) {
        faults.push(FieldError::invalid("/discount_codes", format!("at most {MAX_DISCOUNT_CODES}")));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_body(faults));
    }
    let discount_codes = discount_codes.map(|codes| codes.into_iter().map(|code| code.0).collect());
    Ok(CartChange { email, shipping_address, shipping_option_id: shipping_option_id.map(|id| id.0), discount_codes })
}

impl From<AddressBody> for Address {
    fn from(body: AddressBody) -> Self {
        let AddressBody { name, line1, line2, city, region, postal_code, country, phone } = body;
        Self { recipient: Recipient { name, line1, line2, city, postal_code, phone }.into(), country, region }
    }
}
