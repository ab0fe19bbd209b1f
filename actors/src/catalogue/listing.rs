//! Lists and search: the index says which products, the published views say what they look like now.

use std::sync::Arc;

use souk_domain::product::view::ProductSummary;
use souk_persistence::search::{Facets, ProductQuery, SearchError, SearchIndex};
use tokio::sync::Semaphore;

use super::views::Views;
use crate::runtime::error::Unavailable;

/// Searches that run at once; each keeps a thread busy.
const MAX_SEARCHES: usize = 16;

#[derive(Debug, Clone)]
pub struct ProductPage {
    pub items: Vec<ProductSummary>,
    /// How many products match, on all pages.
    pub total: usize,
    pub next: Option<String>,
    pub facets: Facets,
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum ListError {
    #[error("{0}")]
    BadCursor(String),
    #[error("{0}")]
    Unavailable(#[from] Unavailable),
}

#[derive(Clone)]
pub struct Listing {
    /// None in a house without lists.
    pub index: Option<Arc<SearchIndex>>,
    pub views: Views,
    searches: Arc<Semaphore>,
}

impl Listing {
    pub fn new(index: Option<Arc<SearchIndex>>, views: Views) -> Self {
        Self { index, views, searches: Arc::new(Semaphore::new(MAX_SEARCHES)) }
    }

    /// A page of active products.
    ///
    /// # Errors
    /// A cursor that is not one of this question's, or an index that is not there or cannot be read.
    pub async fn list(&self, query: ProductQuery) -> Result<ProductPage, ListError> {
        let _permit = self.searches.acquire().await.map_err(|_| Unavailable::Stopping)?;
        let index = self.index.clone().ok_or(Unavailable::Store)?;
        let found =
            tokio::task::spawn_blocking(move || index.search(&query)).await.map_err(|_| Unavailable::Crashed)?;
        let page = found.map_err(|error| match error {
            SearchError::BadCursor(reason) => ListError::BadCursor(reason.to_owned()),
            SearchError::Locked | SearchError::Unavailable(_) => {
                tracing::error!(%error, "the search index could not be read");
                ListError::Unavailable(Unavailable::Store)
            }
        })?;
        let mut items = Vec::with_capacity(page.ids.len());
        for id in page.ids {
            let view = self.views.product(id).await.map_err(|_| Unavailable::Store)?;
            items.extend(view.map(|view| view.view.summary()));
        }
        Ok(ProductPage { items, total: page.total, next: page.next, facets: page.facets })
    }
}
