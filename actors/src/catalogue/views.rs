//! Each product as the world sees it: immutable, serialised once, with its ETag. Published after
//! each commit; what nobody asked for lately is read back from the store's read model.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use moka::ops::compute::Op;
use moka::sync::Cache;
use souk_domain::aggregate::Seq;
use souk_domain::id::{ProductId, VariantId};
use souk_domain::product::view::ProductView;
use souk_persistence::error::StoreError;
use souk_persistence::stores::ProductStore;

/// Products kept in memory, at most.
const MAX_VIEWS: u64 = 50_000;
/// Handles and variants whose product is remembered, at most.
const MAX_NAMES: u64 = 200_000;

#[derive(Debug)]
pub struct Published {
    pub view: ProductView,
    /// Made when somebody asks for it first: most states are sold over before anybody looks.
    body: OnceLock<Bytes>,
    /// Strong: the same tag means the same bytes.
    pub etag: String,
}

impl Published {
    pub fn new(view: ProductView) -> Self {
        let etag = format!("\"{}-{}\"", view.version, view.seq);
        Self { view, body: OnceLock::new(), etag }
    }

    /// The body of `GET /api/v1/products/{id}`.
    pub fn body(&self) -> &Bytes {
        self.body.get_or_init(|| serde_json::to_vec(&self.view).expect("a view serialises to JSON").into())
    }
}

#[derive(Clone)]
pub struct Views {
    store: Arc<dyn ProductStore>,
    products: Cache<ProductId, Arc<Published>>,
    handles: Cache<String, ProductId>,
    variants: Cache<VariantId, ProductId>,
}

impl Views {
    pub fn new(store: Arc<dyn ProductStore>) -> Self {
        let (products, handles, variants) = (Cache::new(MAX_VIEWS), Cache::new(MAX_NAMES), Cache::new(MAX_NAMES));
        Self { store, products, handles, variants }
    }

    /// Keeps the newer of two views: a reader that fetched an older one from the store cannot undo a commit.
    pub fn publish(&self, published: Arc<Published>) {
        let newer = |old: Option<moka::Entry<ProductId, Arc<Published>>>| match old {
            Some(old) if old.value().view.seq > published.view.seq => Op::Nop,
            _ => Op::Put(Arc::clone(&published)),
        };
        self.products.entry(published.view.id).and_compute_with(newer);
    }

    /// Another node has moved a product to this number: an older view is read anew when it is asked for.
    pub(crate) fn outdated(&self, id: ProductId, seq: Seq) {
        let older = |old: Option<moka::Entry<ProductId, Arc<Published>>>| match old {
            Some(old) if old.value().view.seq < seq => Op::Remove,
            _ => Op::Nop,
        };
        self.products.entry(id).and_compute_with(older);
    }

    /// Takes a newer view from the store's read model in, if the product is kept in memory.
    pub(crate) fn refresh(&self, view: &ProductView) {
        if self.products.get(&view.id).is_some_and(|known| known.view.seq < view.seq) {
            self.publish(Arc::new(Published::new(view.clone())));
        }
    }

    pub async fn product(&self, id: ProductId) -> Result<Option<Arc<Published>>, StoreError> {
        if let Some(published) = self.products.get(&id) {
            return Ok(Some(published));
        }
        let Some(row) = self.store.product(id).await? else { return Ok(None) };
        self.publish(Arc::new(Published::new(row.view)));
        Ok(self.products.get(&id))
    }

    pub async fn by_handle(&self, handle: &str) -> Result<Option<Arc<Published>>, StoreError> {
        if let Some(id) = self.handles.get(handle) {
            let published = self.product(id).await?;
            if let Some(published) = published.filter(|published| published.view.handle == handle) {
                return Ok(Some(published));
            }
        }
        let Some(row) = self.store.product_by_handle(handle).await? else { return Ok(None) };
        self.handles.insert(handle.to_owned(), row.id);
        self.product(row.id).await
    }

    /// The product that a variant belongs to.
    pub async fn of_variant(&self, id: VariantId) -> Result<Option<Arc<Published>>, StoreError> {
        if let Some(product) = self.variants.get(&id) {
            return self.product(product).await;
        }
        let Some(row) = self.store.variant(id).await? else { return Ok(None) };
        self.variants.insert(id, row.product_id);
        self.product(row.product_id).await
    }
}
