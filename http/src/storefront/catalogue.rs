//! What the shop's front shows of the catalogue: its collections, each with a picture.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use souk_actors::catalogue::listing::{ListError, Listing};
use souk_domain::product::view::Image;
use souk_persistence::search::{ProductQuery, Sort, slug};
use tokio::sync::Mutex;
use utoipa::ToSchema;

/// They change when a seller adds a category, so a page may be that old.
const FRESH: Duration = Duration::from_secs(5);
/// Shown at most; the rest is found by its facet.
const MAX: usize = 24;

/// A category of the catalogue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Collection {
    pub name: String,
    /// Names it in `/collections/{slug}` and in `?category=`.
    pub slug: String,
    /// Active products in it.
    pub count: u64,
    /// Of one of its products.
    pub image: Option<Image>,
}

type Kept = Option<(Instant, Arc<Vec<Collection>>)>;

/// The collections, asked for once in a while and not for each page.
#[derive(Default)]
pub struct Collections(Mutex<Kept>);

impl Collections {
    /// # Errors
    /// The index cannot be read.
    pub async fn of(&self, listing: &Listing) -> Result<Arc<Vec<Collection>>, ListError> {
        // Held while asking: of many who find them stale one asks, and the others get its answer.
        let mut kept = self.0.lock().await;
        if let Some((since, collections)) = &*kept
            && since.elapsed() < FRESH
        {
            return Ok(Arc::clone(collections));
        }
        let collections = Arc::new(ask(listing).await?);
        *kept = Some((Instant::now(), Arc::clone(&collections)));
        Ok(collections)
    }
}

async fn ask(listing: &Listing) -> Result<Vec<Collection>, ListError> {
    let page = listing.list(ProductQuery { limit: 1, ..ProductQuery::default() }).await?;
    let mut collections: Vec<Collection> = Vec::new();
    for (name, count) in page.facets.categories.into_iter().take(MAX) {
        let slug = slug(&name);
        if slug.is_empty() || collections.iter().any(|other| other.slug == slug) {
            continue;
        }
        let query =
            ProductQuery { categories: vec![slug.clone()], sort: Sort::Newest, limit: 12, ..ProductQuery::default() };
        // One that no other collection shows: a product is often in two.
        let mut images = listing.list(query).await?.items.into_iter().filter_map(|product| product.image);
        let first = images.next();
        let shown = |image: &Image| collections.iter().any(|other| other.image.as_ref() == Some(image));
        let image = match first {
            Some(first) if shown(&first) => Some(images.find(|image| !shown(image)).unwrap_or(first)),
            first => first,
        };
        collections.push(Collection { name, slug, count, image });
    }
    Ok(collections)
}
