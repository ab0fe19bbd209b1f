//! The full-text index of the catalogue: a read model on disk that follows the product store.
//!
//! It holds nothing that is not in the store. Whatever is wrong with it (missing, damaged, written by
//! another version) is answered by starting empty at position 0 and reading the products again.
//!
//! * [`query`]: what can be asked, and the shape of the answer
//! * [`index`]: the folder, the writer and its position
//! * `schema`: how a product becomes a document
//! * `words`: how text becomes words
//! * `text_query`: which documents a text finds, and how well
//! * `find`: from a question to a page
//! * `page`: one pass over what was found: filters, order, facet counts
//! * `facets`: filters and counts on the categories and vendors of a segment
//! * `cursor`: where the next page goes on

mod cursor;
mod facets;
mod find;
pub mod index;
mod page;
pub mod query;
mod schema;
mod text_query;
mod words;

#[cfg(test)]
mod tests;

pub use cursor::Cursor;
pub use index::{Opened, SearchIndex};
pub use query::{Facets, Page, PriceRange, ProductQuery, SearchError, Sort};
pub use words::slug;
