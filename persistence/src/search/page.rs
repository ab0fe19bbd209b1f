//! One pass over the documents that a text found. It applies the filters, keeps the page, and counts the
//! facets, so that all of an answer is of one moment.
//!
//! Filters are not part of the index query, because the counts of a facet need the documents that its own
//! filter turns away.

use std::collections::BinaryHeap;
use std::ops::Bound;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, i64_to_u64};

use super::cursor::{Cursor, Key};
use super::facets::{self, FacetColumn, TermCounts};
use super::query::{Facets, PriceRange, Sort};
use super::schema::{MAX_TITLE_WORDS, column};

/// What decides whether a document is on the list, beside the text.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    pub category_slugs: Vec<String>,
    pub vendor_slugs: Vec<String>,
    pub min_price: Option<i64>,
    pub max_price: Option<i64>,
    pub in_stock: Option<bool>,
}

impl Filters {
    fn price_matches(&self, price: Option<i64>) -> bool {
        if self.min_price.is_none() && self.max_price.is_none() {
            return true;
        }
        price.is_some_and(|price| {
            self.min_price.is_none_or(|min| price >= min) && self.max_price.is_none_or(|max| price <= max)
        })
    }
}

/// Collects the first `keep` documents after the cursor.
pub struct PageCollector<'a> {
    pub filters: &'a Filters,
    /// [`Sort::Relevance`] only with a text that scores.
    pub sort: Sort,
    pub after: Option<&'a Cursor>,
    pub keep: usize,
}

/// What was found, in order.
#[derive(Debug, Default)]
pub struct Found {
    pub items: Vec<(Key, u128)>,
    pub total: usize,
    /// How many documents the text found, before any filter.
    pub before_filters: usize,
    pub facets: Facets,
}

pub struct SegmentFound {
    items: Vec<(Key, u128)>,
    total: usize,
    before_filters: usize,
    categories: TermCounts,
    vendors: TermCounts,
    price: Option<PriceRange>,
    in_stock: u64,
}

impl Collector for PageCollector<'_> {
    type Fruit = Found;
    type Child = SegmentPage;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentPage> {
        let columns = segment.fast_fields();
        let order = Order::open(self.sort, segment)?;
        let after = self.after.map(|cursor| order.after(cursor)).transpose()?;
        Ok(SegmentPage {
            categories: FacetColumn::open(segment, column::CATEGORY, &self.filters.category_slugs)?,
            vendors: FacetColumn::open(segment, column::VENDOR, &self.filters.vendor_slugs)?,
            filters: self.filters.clone(),
            in_stock: columns.column_first_or_default(column::IN_STOCK)?,
            price: columns.column_opt(column::PRICE)?,
            id_high: columns.column_first_or_default(column::ID_HIGH)?,
            id_low: columns.column_first_or_default(column::ID_LOW)?,
            order,
            after,
            keep: self.keep,
            first: BinaryHeap::with_capacity(self.keep),
            total: 0,
            before_filters: 0,
            price_range: None,
            in_stock_count: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentFound>>) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let (mut categories, mut vendors) = (Vec::new(), Vec::new());
        for segment in segments {
            let segment = segment?;
            found.items.extend(segment.items);
            found.total += segment.total;
            found.before_filters += segment.before_filters;
            found.facets.in_stock += segment.in_stock;
            found.facets.price = found.facets.price.into_iter().chain(segment.price).reduce(PriceRange::and);
            categories.push(segment.categories);
            vendors.push(segment.vendors);
        }
        found.items.sort_unstable();
        found.items.truncate(self.keep);
        found.facets.categories = facets::summary(categories);
        found.facets.vendors = facets::summary(vendors);
        Ok(found)
    }
}

impl PriceRange {
    fn and(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

/// The order of a segment: a number for each document, ascending. Numbers of different segments compare,
/// except ordinals of titles, which become text at the end.
enum Order {
    Relevance(Arc<dyn ColumnValues<u64>>),
    Price(Option<Column<i64>>),
    PriceDescending(Option<Column<i64>>),
    Newest(Option<Column<i64>>),
    Title(Option<StrColumn>),
}

/// A document comes after the cursor if its number is higher, or the same and its id is higher. No id:
/// the same number is enough, as the cursor's title is not in this segment and this is the next.
type After = (u64, Option<u128>);

impl Order {
    fn open(sort: Sort, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(match sort {
            Sort::Relevance => Self::Relevance(columns.column_first_or_default(column::TITLE_WORDS)?),
            Sort::Price => Self::Price(columns.column_opt(column::PRICE)?),
            Sort::PriceDescending => Self::PriceDescending(columns.column_opt(column::PRICE)?),
            Sort::Newest => Self::Newest(columns.column_opt(column::CREATED_AT)?),
            Sort::Title => Self::Title(columns.str(column::TITLE_KEY)?),
        })
    }

    fn number(&self, doc: DocId, score: Score) -> u64 {
        let first = |column: &Option<Column<i64>>| column.as_ref().and_then(|column| column.first(doc));
        match self {
            // The same score: the title with fewer other words is the better match.
            Self::Relevance(words) => {
                let brevity = MAX_TITLE_WORDS - words.get_val(doc).min(MAX_TITLE_WORDS);
                !(score as u64 * (MAX_TITLE_WORDS + 1) + brevity)
            }
            Self::Price(prices) => first(prices).map_or(u64::MAX, i64_to_u64),
            Self::PriceDescending(prices) => first(prices).map_or(u64::MAX, |price| !i64_to_u64(price)),
            Self::Newest(created) => first(created).map_or(u64::MAX, |at| !i64_to_u64(at)),
            Self::Title(titles) => titles.as_ref().and_then(|titles| titles.ords().first(doc)).unwrap_or(u64::MAX),
        }
    }

    fn after(&self, cursor: &Cursor) -> tantivy::Result<After> {
        let (title, titles) = match (&cursor.key, self) {
            (Key::Number(number), _) => return Ok((*number, Some(cursor.id))),
            (Key::Text(title), Self::Title(Some(titles))) => (title, titles),
            (Key::Text(_), _) => return Ok((u64::MAX, None)),
        };
        if let Some(ordinal) = titles.dictionary().term_ord(title)? {
            return Ok((ordinal, Some(cursor.id)));
        }
        Ok(match titles.dictionary().term_bounds_to_ord(Bound::Included(title), Bound::Unbounded)? {
            (Bound::Included(next), _) => (next, None),
            _ => (u64::MAX, None),
        })
    }

    /// The key of a number, comparable across segments.
    fn key(&self, number: u64) -> tantivy::Result<Key> {
        let Self::Title(titles) = self else { return Ok(Key::Number(number)) };
        let mut title = String::new();
        if let Some(titles) = titles {
            titles.ord_to_str(number, &mut title)?;
        }
        Ok(Key::Text(title))
    }
}

pub struct SegmentPage {
    filters: Filters,
    categories: FacetColumn,
    vendors: FacetColumn,
    in_stock: Arc<dyn ColumnValues<bool>>,
    price: Option<Column<i64>>,
    id_high: Arc<dyn ColumnValues<u64>>,
    id_low: Arc<dyn ColumnValues<u64>>,
    order: Order,
    after: Option<After>,
    keep: usize,
    /// The lowest (number, id) so far, the highest of them on top.
    first: BinaryHeap<(u64, u128)>,
    total: usize,
    before_filters: usize,
    price_range: Option<PriceRange>,
    in_stock_count: u64,
}

impl SegmentPage {
    fn id(&self, doc: DocId) -> u128 {
        u128::from(self.id_high.get_val(doc)) << 64 | u128::from(self.id_low.get_val(doc))
    }

    fn offer(&mut self, doc: DocId, score: Score) {
        let number = self.order.number(doc, score);
        // Most documents end here, without a look at their id.
        let full = self.first.len() >= self.keep;
        if full && self.first.peek().is_none_or(|(highest, _)| number > *highest) {
            return;
        }
        let id = self.id(doc);
        let comes_after = self.after.is_none_or(|(last, last_id)| {
            number > last || (number == last && last_id.is_none_or(|last_id| id > last_id))
        });
        if comes_after {
            self.first.push((number, id));
            if full {
                self.first.pop();
            }
        }
    }
}

impl SegmentCollector for SegmentPage {
    type Fruit = tantivy::Result<SegmentFound>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.before_filters += 1;
        let price = self.price.as_ref().and_then(|price| price.first(doc));
        let in_stock = self.in_stock.get_val(doc);
        let category_matches = self.categories.matches(doc);
        let vendor_matches = self.vendors.matches(doc);
        let price_matches = self.filters.price_matches(price);
        let stock_matches = self.filters.in_stock.is_none_or(|wanted| wanted == in_stock);

        // A facet counts what its own filter alone turns away, too.
        if vendor_matches && price_matches && stock_matches {
            self.categories.count(doc);
        }
        if category_matches && price_matches && stock_matches {
            self.vendors.count(doc);
        }
        if category_matches
            && vendor_matches
            && stock_matches
            && let Some(price) = price
        {
            let range = PriceRange { min: price, max: price };
            self.price_range = Some(self.price_range.map_or(range, |known| known.and(range)));
        }
        if category_matches && vendor_matches && price_matches {
            self.in_stock_count += u64::from(in_stock);
            if stock_matches {
                self.total += 1;
                self.offer(doc, score);
            }
        }
    }

    fn harvest(self) -> tantivy::Result<SegmentFound> {
        let Self { categories, vendors, order, first, total, before_filters, price_range, in_stock_count, .. } = self;
        let items =
            first.into_iter().map(|(number, id)| Ok((order.key(number)?, id))).collect::<tantivy::Result<_>>()?;
        Ok(SegmentFound {
            items,
            total,
            before_filters,
            categories: categories.counts()?,
            vendors: vendors.counts()?,
            price: price_range,
            in_stock: in_stock_count,
        })
    }
}
