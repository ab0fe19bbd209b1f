//! What can be asked of the catalogue, and the shape of the answer.

use serde::{Deserialize, Serialize};
use souk_domain::id::ProductId;
use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Products on a page when nothing is asked for, and the most.
pub const DEFAULT_LIMIT: usize = 20;
pub const MAX_LIMIT: usize = 100;
/// The most values of one facet that are returned, those with the highest counts.
pub const MAX_FACET_VALUES: usize = 100;
/// The most characters and words of a query that are looked at; the rest is ignored.
pub const MAX_QUERY_CHARS: usize = 200;
pub const MAX_QUERY_WORDS: usize = 16;
/// The most categories that one question filters by; the rest is ignored.
pub const MAX_CATEGORIES: usize = 32;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first. Without a query: newest first.
    #[default]
    Relevance,
    /// Lowest price first, products without a price last.
    Price,
    /// Highest price first, products without a price last.
    #[serde(rename = "-price")]
    PriceDescending,
    Newest,
    /// By the words of the title, without regard to case, accents and punctuation.
    Title,
}

/// Filters are AND-ed. Categories and vendors match by name or slug, without regard to case; blank
/// ones are no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductQuery {
    /// What a person typed; any text is fine. Blank: all products. Text without a single letter or
    /// digit finds nothing.
    pub query: Option<String>,
    /// A product matches that has any of them. Empty: all.
    pub categories: Vec<String>,
    pub vendor: Option<String>,
    /// Minor units, inclusive; compared with the lowest price among the variants, which is the price
    /// that lists show. A product without variants is outside any range.
    pub min_price: Option<i64>,
    pub max_price: Option<i64>,
    /// Whether at least one variant can be bought now.
    pub in_stock: Option<bool>,
    pub sort: Sort,
    /// `next` of the page before, for the same question. The limit may differ.
    pub cursor: Option<String>,
    /// Clamped to 1 to [`MAX_LIMIT`].
    pub limit: usize,
}

impl Default for ProductQuery {
    fn default() -> Self {
        Self {
            query: None,
            categories: Vec::new(),
            vendor: None,
            min_price: None,
            max_price: None,
            in_stock: None,
            sort: Sort::default(),
            cursor: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub ids: Vec<ProductId>,
    /// How many products match, on all pages.
    pub total: usize,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
    pub facets: Facets,
}

/// Counts among the products that match the query and all filters but the facet's own, so that they
/// say what another choice would find.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// Names as sellers write them, with the number of products; highest count first, then by name.
    pub categories: Vec<(String, u64)>,
    pub vendors: Vec<(String, u64)>,
    /// None when nothing has a price.
    pub price: Option<PriceRange>,
    pub in_stock: u64,
}

/// Minor units, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PriceRange {
    pub min: i64,
    pub max: i64,
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum SearchError {
    /// The caller's mistake: start again without a cursor.
    #[error("the cursor cannot be used: {0}")]
    BadCursor(&'static str),
    #[error("the search index is open in another process or for a second time")]
    Locked,
    #[error("the search index is not available: {0}")]
    Unavailable(String),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}
