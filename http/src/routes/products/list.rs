//! The catalogue: words, filters, facets, pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use souk_actors::catalogue::listing::ListError;
use souk_actors::marketplace::Marketplace;
use souk_domain::money::{Currency, Money};
use souk_domain::product::view::ProductSummary;
use souk_persistence::search::{Facets, ProductQuery, Sort};
use utoipa::ToSchema;

use crate::extract::{Parameters, Whole};
use crate::problem::{Code, FieldError, Problem};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words as somebody types them: prefixes and a typo are forgiven.
    query: Option<String>,
    /// A category by name or slug. Given many times: any of them.
    #[serde(default)]
    #[param(required = false)]
    category: Vec<String>,
    /// A vendor by name or slug.
    vendor: Option<String>,
    /// Minor units, inclusive.
    min_price: Option<u64>,
    /// Minor units, inclusive.
    max_price: Option<u64>,
    /// `true`: only what can be bought now. `false`: only what cannot.
    in_stock: Option<bool>,
    #[serde(default)]
    #[param(required = false, inline)]
    sort: SortParameter,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
    /// `next` of the page before, for the same question.
    cursor: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortParameter {
    /// Best match first; without words the newest first.
    #[default]
    Relevance,
    Price,
    #[serde(rename = "-price")]
    PriceDescending,
    Newest,
    Title,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProductList {
    items: Vec<ProductSummary>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    next: Option<String>,
    /// How many products match, on all pages.
    total: usize,
    facets: FacetCounts,
}

/// Counts among what matches all filters but the facet's own: what another choice would find.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetCounts {
    categories: Vec<FacetCount>,
    vendors: Vec<FacetCount>,
    #[schema(required)]
    price: Option<PriceBounds>,
    in_stock: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FacetCount {
    value: String,
    count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBounds {
    min: Money,
    max: Money,
}

#[utoipa::path(
    get, path = "/api/v1/products", operation_id = "listProducts", tag = "products",
    summary = "Lists and searches active products",
    params(Search),
    responses(
        (status = 200, body = ProductList, description = "A page of products, and counts for filters"),
        (status = 422, description = "`invalid_parameter`, `invalid_cursor`"),
    ),
)]
pub async fn list(
    State(market): State<Arc<Marketplace>>,
    Parameters(search): Parameters<Search>,
) -> Result<impl IntoResponse, Problem> {
    let list = ProductList::ask(&market, search.into()).await?;
    Ok(([(header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-encoding")], Json(list)))
}

impl ProductList {
    pub async fn ask(market: &Marketplace, query: ProductQuery) -> Result<Self, ListError> {
        let page = market.listing.list(query).await?;
        let facets = FacetCounts::of(page.facets, market.carts.rules.currency);
        Ok(Self { items: page.items, next: page.next, total: page.total, facets })
    }

    /// The same; a cursor that is none of this question's begins at the front.
    pub async fn ask_leniently(market: &Marketplace, query: ProductQuery) -> Result<Self, ListError> {
        match Self::ask(market, query.clone()).await {
            Err(ListError::BadCursor(_)) => Self::ask(market, ProductQuery { cursor: None, ..query }).await,
            list => list,
        }
    }
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::BadCursor(reason) => {
                Self::new(Code::InvalidCursor).errors(vec![FieldError::invalid("?cursor", reason)])
            }
            ListError::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<Search> for ProductQuery {
    fn from(search: Search) -> Self {
        let Search { query, category, vendor, min_price, max_price, in_stock, sort, limit, cursor } = search;
        let minor_units = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
        let default = Self::default();
        Self {
            query,
            categories: category,
            vendor,
            min_price: min_price.map(minor_units),
            max_price: max_price.map(minor_units),
            in_stock,
            sort: sort.into(),
            cursor,
            limit: limit.map_or(default.limit, |limit| limit.0 as usize),
        }
    }
}

impl From<SortParameter> for Sort {
    fn from(sort: SortParameter) -> Self {
        match sort {
            SortParameter::Relevance => Self::Relevance,
            SortParameter::Price => Self::Price,
            SortParameter::PriceDescending => Self::PriceDescending,
            SortParameter::Newest => Self::Newest,
            SortParameter::Title => Self::Title,
        }
    }
}

impl FacetCounts {
    fn of(facets: Facets, currency: Currency) -> Self {
        let Facets { categories, vendors, price, in_stock } = facets;
        let counts =
            |counts: Vec<(String, u64)>| counts.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
        let money = |amount| Money::new(amount, currency);
        let price = price.map(|range| PriceBounds { min: money(range.min), max: money(range.max) });
        Self { categories: counts(categories), vendors: counts(vendors), price, in_stock }
    }
}
