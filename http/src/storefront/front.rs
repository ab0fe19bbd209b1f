//! What the store's pages are made with.

use std::sync::Arc;

use minijinja::Environment;
use souk_actors::catalogue::listing::ListError;
use souk_actors::marketplace::Marketplace;

use super::assets::Manifest;
use super::catalogue::Collections;
use super::config::{Place, StorefrontConfig};
use super::shop::ShopView;
use super::sitemap::Sitemap;
use super::templates;

pub struct Storefront {
    pub config: StorefrontConfig,
    pub place: Place,
    /// None where the app was not built.
    pub manifest: Option<Manifest>,
    pub templates: Environment<'static>,
    pub sitemap: Sitemap,
    collections: Collections,
}

impl Storefront {
    pub fn new(config: StorefrontConfig, place: Place) -> Self {
        Self {
            config,
            place,
            manifest: Manifest::read(),
            templates: templates::environment(),
            sitemap: Sitemap::default(),
            collections: Collections::default(),
        }
    }

    /// # Errors
    /// The index cannot be read.
    pub async fn shop(&self, market: &Arc<Marketplace>) -> Result<ShopView, ListError> {
        let collections = self.collections.of(&market.listing).await?;
        Ok(ShopView::of(&self.config, &self.place, &market.carts.rules, collections))
    }
}
