//! Filters and counts on the categories or the vendors of a segment, by term ordinals of the column.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::query::MAX_FACET_VALUES;
use super::schema::FACET_SEPARATOR;

/// How often each term of a column (slug and name) was counted.
pub type TermCounts = BTreeMap<String, u64>;

/// The names of one facet in one segment.
pub struct FacetColumn {
    /// None when no document of the segment has a value.
    column: Option<StrColumn>,
    /// Ordinals that the filter lets through; none without a filter.
    wanted: Option<Vec<Range<u64>>>,
    counts: Vec<u32>,
}

impl FacetColumn {
    /// `slugs`: what is filtered by; empty for no filter.
    pub fn open(segment: &SegmentReader, name: &str, slugs: &[String]) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(name)?;
        let mut wanted = (!slugs.is_empty()).then(Vec::new);
        if let (Some(column), Some(wanted)) = (&column, &mut wanted) {
            for slug in slugs {
                wanted.push(ordinals_of(column, slug)?);
            }
        }
        let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        Ok(Self { column, wanted, counts })
    }

    pub fn matches(&self, doc: DocId) -> bool {
        let Some(wanted) = &self.wanted else { return true };
        let Some(column) = &self.column else { return false };
        column.term_ords(doc).any(|ordinal| wanted.iter().any(|range| range.contains(&ordinal)))
    }

    pub fn count(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for ordinal in column.term_ords(doc) {
            if let Some(count) = self.counts.get_mut(ordinal as usize) {
                *count += 1;
            }
        }
    }

    pub fn counts(self) -> tantivy::Result<TermCounts> {
        let Some(column) = self.column else { return Ok(TermCounts::new()) };
        let counted = |(ordinal, count): (usize, &u32)| (*count > 0).then_some((ordinal as u64, u64::from(*count)));
        let (ordinals, counts): (Vec<_>, Vec<_>) = self.counts.iter().enumerate().filter_map(counted).unzip();
        let mut counts = counts.into_iter();
        let mut terms = TermCounts::new();
        column.dictionary().sorted_ords_to_term_cb(&ordinals, |term| {
            if let (Ok(term), Some(count)) = (std::str::from_utf8(term), counts.next()) {
                terms.insert(term.to_owned(), count);
            }
        })?;
        Ok(terms)
    }
}

/// All names that share a slug.
fn ordinals_of(column: &StrColumn, slug: &str) -> tantivy::Result<Range<u64>> {
    let first = format!("{slug}{FACET_SEPARATOR}");
    let end = format!("{slug}\u{1}");
    let bounds = column.dictionary().term_bounds_to_ord(Bound::Included(first), Bound::Excluded(end))?;
    Ok(match bounds {
        (Bound::Included(first), Bound::Excluded(end)) => first..end,
        // Excluded bounds stay excluded, included ones included.
        _ => 0..0,
    })
}

/// The counts of all segments as names: those that share a slug are one, under the commonest way to
/// write it. Highest count first, then by name; bounded.
pub fn summary(segments: impl IntoIterator<Item = TermCounts>) -> Vec<(String, u64)> {
    let mut terms = TermCounts::new();
    for (term, count) in segments.into_iter().flatten() {
        *terms.entry(term).or_default() += count;
    }
    let mut by_slug: BTreeMap<&str, (&str, u64, u64)> = BTreeMap::new();
    for (term, count) in &terms {
        let Some((slug, name)) = term.split_once(FACET_SEPARATOR) else { continue };
        let (commonest, most, total) = by_slug.entry(slug).or_insert((name, 0, 0));
        if *count > *most {
            (*commonest, *most) = (name, *count);
        }
        *total += count;
    }
    let mut names: Vec<_> = by_slug.into_values().map(|(name, _, total)| (name.to_owned(), total)).collect();
    names.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
    names.truncate(MAX_FACET_VALUES);
    names
}
