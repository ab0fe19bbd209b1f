//! How a product becomes a document.

use souk_domain::product::state::Status;
use souk_domain::product::view::ProductView;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::words;

/// Moves with every change of this file or of `words`: an index of another version is built again.
pub const VERSION: &str = "1";
/// The analyzer of all searched text.
pub const WORDS: &str = "words";

/// Columns are opened by name.
pub mod column {
    pub const ID_HIGH: &str = "id_high";
    pub const ID_LOW: &str = "id_low";
    pub const SEQ: &str = "seq";
    pub const PRODUCT_VERSION: &str = "version";
    pub const ACTIVE: &str = "active";
    pub const IN_STOCK: &str = "in_stock";
    pub const PRICE: &str = "price";
    pub const CREATED_AT: &str = "created_at";
    pub const TITLE_KEY: &str = "title_key";
    pub const TITLE_WORDS: &str = "title_words";
    pub const CATEGORY: &str = "category";
    pub const VENDOR: &str = "vendor";
}

/// Description text beyond this is not searched.
const MAX_TEXT_BYTES: usize = 32 * 1024;
const MAX_NAME_BYTES: usize = 200;
/// Bounds cursors, which carry the key. Titles that only differ later are ordered by id.
const MAX_TITLE_KEY_BYTES: usize = 96;
/// Titles of this many words and more count as equally long.
pub const MAX_TITLE_WORDS: u64 = 63;
/// Parts a term of a facet into slug and name: no slug contains it.
pub const FACET_SEPARATOR: char = '\0';

#[derive(Clone, Copy)]
pub struct Fields {
    id: Field,
    id_high: Field,
    id_low: Field,
    seq: Field,
    version: Field,
    active: Field,
    in_stock: Field,
    price: Field,
    created_at: Field,
    title_key: Field,
    title_words: Field,
    category: Field,
    vendor: Field,
    /// Searched text, from the most to the least telling.
    pub title: Field,
    /// Vendor, product type, categories, tags, option values and SKUs.
    pub names: Field,
    /// The description.
    pub text: Field,
}

pub fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // Neither positions nor frequencies: scores are whole numbers that depend on the document alone, so
    // that a merge or a change elsewhere cannot move a product between two pages (see `text_query`).
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let searched = TextOptions::default().set_indexing_options(indexing);
    let number = NumericOptions::from(FAST);
    let fields = Fields {
        id: schema.add_bytes_field("id", INDEXED),
        id_high: schema.add_u64_field(column::ID_HIGH, number.clone()),
        id_low: schema.add_u64_field(column::ID_LOW, number.clone()),
        seq: schema.add_u64_field(column::SEQ, number.clone()),
        version: schema.add_u64_field(column::PRODUCT_VERSION, number.clone()),
        active: schema.add_bool_field(column::ACTIVE, FAST | INDEXED),
        in_stock: schema.add_bool_field(column::IN_STOCK, number.clone()),
        price: schema.add_i64_field(column::PRICE, number.clone()),
        created_at: schema.add_i64_field(column::CREATED_AT, number.clone()),
        title_key: schema.add_text_field(column::TITLE_KEY, FAST),
        title_words: schema.add_u64_field(column::TITLE_WORDS, number),
        category: schema.add_text_field(column::CATEGORY, FAST),
        vendor: schema.add_text_field(column::VENDOR, FAST),
        title: schema.add_text_field("title", searched.clone()),
        names: schema.add_text_field("names", searched.clone()),
        text: schema.add_text_field("text", searched),
    };
    (schema.build(), fields)
}

impl Fields {
    pub fn id_term(&self, id: u128) -> Term {
        Term::from_field_bytes(self.id, &id.to_be_bytes())
    }

    pub fn active_term(&self) -> Term {
        Term::from_field_bool(self.active, true)
    }

    /// A product that is not active leaves only its number, which keeps an older view from bringing it
    /// back. It has no words and is found by nothing.
    pub fn document(&self, view: &ProductView) -> TantivyDocument {
        let id = view.id.uuid().as_u128();
        let active = view.status == Status::Active;
        let mut document = TantivyDocument::default();
        document.add_bytes(self.id, &id.to_be_bytes());
        document.add_u64(self.id_high, (id >> 64) as u64);
        document.add_u64(self.id_low, id as u64);
        document.add_u64(self.seq, view.seq);
        document.add_u64(self.version, view.version);
        document.add_bool(self.active, active);
        document.add_bool(self.in_stock, view.in_stock());
        let title_words = if active { self.describe(view, &mut document) } else { 0 };
        document.add_u64(self.title_words, title_words.min(MAX_TITLE_WORDS));
        document
    }

    /// Returns the number of words of the title.
    fn describe(&self, view: &ProductView, document: &mut TantivyDocument) -> u64 {
        // Destructured whole: a new field of the view is either searched or named here.
        let ProductView {
            id: _,
            handle: _,
            title,
            description_html,
            vendor,
            product_type,
            categories,
            tags,
            status: _,
            images: _,
            options,
            variants,
            version: _,
            seq: _,
            created_at,
        } = view;

        if let Some(price) = variants.iter().map(|variant| variant.price.amount).min() {
            document.add_i64(self.price, price);
        }
        document.add_i64(self.created_at, created_at.as_millis());

        let title_words = words::split(title);
        let key = if title_words.is_empty() { title.to_lowercase() } else { title_words.join(" ") };
        document.add_text(self.title_key, words::truncated(&key, MAX_TITLE_KEY_BYTES));
        document.add_text(self.title, words::prepare(title));

        let mut slugs = Vec::with_capacity(categories.len());
        for category in categories {
            let slug = words::slug(category);
            if !slug.is_empty() && !slugs.contains(&slug) {
                document.add_text(self.category, facet_term(&slug, category));
                slugs.push(slug);
            }
        }
        let vendor_slug = words::slug(vendor);
        if !vendor_slug.is_empty() {
            document.add_text(self.vendor, facet_term(&vendor_slug, vendor));
        }

        let values = options.iter().flat_map(|option| &option.values);
        for name in [vendor, product_type].into_iter().chain(categories).chain(tags).chain(values) {
            document.add_text(self.names, words::prepare(name));
        }
        for sku in variants.iter().filter_map(|variant| variant.sku.as_deref()) {
            document.add_text(self.names, words::prepare(sku));
            // `AB-12` is also found as one word.
            let joined: String = sku.chars().filter(|c| c.is_alphanumeric()).collect();
            if joined.len() != sku.len() {
                document.add_text(self.names, joined);
            }
        }
        document.add_text(self.text, words::prepare(&words::strip_html(description_html, MAX_TEXT_BYTES)));
        title_words.len() as u64
    }
}

fn facet_term(slug: &str, name: &str) -> String {
    format!("{slug}{FACET_SEPARATOR}{}", words::truncated(name.trim(), MAX_NAME_BYTES))
}
