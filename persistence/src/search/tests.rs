//! What the index promises, through its public interface.

mod filtering;
mod finding;
mod folder;
mod paging;

use std::collections::BTreeMap;

use souk_domain::id::{ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::product::state::Status;
use souk_domain::product::view::{ProductView, VariantView};
use souk_domain::time::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Opened, Page, ProductQuery, SearchIndex, Sort};

fn id(number: u64) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number.into()))
}

/// An active product in stock, at 10.00.
fn product(number: u64, title: &str) -> ProductView {
    ProductView {
        id: id(number),
        handle: format!("product-{number}"),
        title: title.to_owned(),
        description_html: String::new(),
        vendor: String::new(),
        product_type: String::new(),
        categories: Vec::new(),
        tags: Vec::new(),
        status: Status::Active,
        images: Vec::new(),
        options: Vec::new(),
        variants: vec![variant(1000, Some(5))],
        version: 1,
        seq: 1,
        created_at: Timestamp::from_millis(number as i64),
    }
}

fn variant(amount: i64, available: Option<i64>) -> VariantView {
    VariantView {
        id: VariantId::from_uuid(Uuid::from_u128(1)),
        sku: None,
        title: String::new(),
        options: BTreeMap::new(),
        price: Money::new(amount, Currency::EUR),
        compare_at_price: None,
        grams: 100,
        available,
    }
}

/// An index that goes away with its folder.
struct Shop {
    index: SearchIndex,
    _folder: TempDir,
}

impl Shop {
    fn with(products: impl IntoIterator<Item = ProductView>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (index, opened) = SearchIndex::open(folder.path()).unwrap();
        assert_eq!(opened, Opened::Created);
        let shop = Self { index, _folder: folder };
        shop.change(products);
        shop
    }

    /// Returns how many documents changed.
    fn change(&self, products: impl IntoIterator<Item = ProductView>) -> usize {
        let start = self.index.position();
        let changes: Vec<_> = products.into_iter().zip(start + 1..).map(|(view, position)| (position, view)).collect();
        let changed = self.index.apply(&changes).unwrap();
        self.index.commit().unwrap();
        changed
    }

    fn page(&self, query: &ProductQuery) -> Page {
        self.index.search(query).unwrap()
    }

    /// The numbers of the products that a text finds, best first.
    fn numbers(&self, text: &str) -> Vec<u64> {
        numbers(&self.page(&text_query(text)))
    }

    /// The same without regard to order.
    fn found(&self, text: &str) -> Vec<u64> {
        let mut numbers = self.numbers(text);
        numbers.sort_unstable();
        numbers
    }
}

fn text_query(text: &str) -> ProductQuery {
    ProductQuery { query: Some(text.to_owned()), limit: 100, ..ProductQuery::default() }
}

fn all() -> ProductQuery {
    ProductQuery { limit: 100, ..ProductQuery::default() }
}

fn numbers(page: &Page) -> Vec<u64> {
    page.ids.iter().map(|id| id.uuid().as_u128() as u64).collect()
}

fn counts(of: &[(&str, u64)]) -> Vec<(String, u64)> {
    of.iter().map(|(name, count)| (name.to_string(), *count)).collect()
}

const SORTS: [Sort; 5] = [Sort::Relevance, Sort::Price, Sort::PriceDescending, Sort::Newest, Sort::Title];
