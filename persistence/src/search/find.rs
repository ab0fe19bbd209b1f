//! From a question to a page.

use souk_domain::id::ProductId;
use tantivy::Searcher;
use uuid::Uuid;

use super::cursor::{self, Cursor};
use super::page::{Filters, Found, PageCollector};
use super::query::{MAX_CATEGORIES, MAX_LIMIT, Page, ProductQuery, SearchError, Sort};
use super::schema::Fields;
use super::text_query::{self, Stage};
use super::words;

/// Answers from one moment of the index.
pub fn find(searcher: &Searcher, fields: &Fields, query: &ProductQuery) -> Result<Page, SearchError> {
    let text = query.query.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let words = text.map(text_query::query_words).unwrap_or_default();
    let filters = Filters {
        category_slugs: slugs(&query.categories),
        vendor_slugs: slugs(&query.vendor),
        min_price: query.min_price,
        max_price: query.max_price,
        in_stock: query.in_stock,
    };
    let sort = match query.sort {
        Sort::Relevance if words.is_empty() => Sort::Newest,
        sort => sort,
    };
    let question = cursor::question(query, &words, &filters);
    let after = match &query.cursor {
        Some(text) => Some(Cursor::read(text, question, sort == Sort::Title)?),
        None => None,
    };
    if text.is_some() && words.is_empty() {
        return Ok(Page::default());
    }

    let limit = query.limit.clamp(1, MAX_LIMIT);
    // One more than asked for tells whether there is a next page.
    let collector = PageCollector { filters: &filters, sort, after: after.as_ref(), keep: limit + 1 };
    let (stage, mut found) = collect(searcher, fields, &words, &collector)?;

    let more = found.items.len() > limit;
    found.items.truncate(limit);
    let last = if more { found.items.last() } else { None };
    let next = last.map(|(key, id)| Cursor { stage, key: key.clone(), id: *id }.write(question));
    let ids = found.items.iter().map(|(_, id)| ProductId::from_uuid(Uuid::from_u128(*id))).collect();
    Ok(Page { ids, total: found.total, next, facets: found.facets })
}

/// A form sends an empty field for no choice.
fn slugs<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    names.into_iter().map(|name| words::slug(name)).filter(|slug| !slug.is_empty()).take(MAX_CATEGORIES).collect()
}

/// Goes through the stages until one finds something; pages after the first stay on theirs.
fn collect(
    searcher: &Searcher,
    fields: &Fields,
    words: &[String],
    collector: &PageCollector<'_>,
) -> Result<(Stage, Found), SearchError> {
    if words.is_empty() {
        return Ok((Stage::Written, searcher.search(&text_query::everything(fields), collector)?));
    }
    let stages: &[Stage] = match collector.after {
        Some(cursor) => &[cursor.stage],
        // Any of one word is all of it.
        None if words.len() == 1 => &[Stage::Written, Stage::Forgiving],
        None => &Stage::ALL,
    };
    let mut answer = (Stage::Written, Found::default());
    for stage in stages {
        let query = text_query::build(fields, words, *stage)?;
        answer = (*stage, searcher.search(&query, collector)?);
        if answer.1.before_filters > 0 {
            break;
        }
    }
    Ok(answer)
}
