//! Which documents a text finds, and how well.
//!
//! Every word of the text scores by its best hit in a document: exact, then another form of the word
//! (plural), then prefix (the last word only, which may be half typed), then typo; each kind counts most
//! in the title, then in names, then in the description. The score of a document is the sum.
//!
//! Scores are small whole numbers, exact in an `f32` whatever the order of addition, and depend on
//! nothing but the document and the text. The statistics of BM25 would shift with every commit and merge,
//! and pages that are ordered by them would repeat or skip products.

use std::fmt;
use std::sync::Arc;

use tantivy::query::{
    AutomatonWeight, BooleanQuery, ConstScoreQuery, DfaWrapper, DisjunctionMaxQuery, EnableScoring, FuzzyTermQuery,
    Occur, Query, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Term};

use super::query::{MAX_QUERY_CHARS, MAX_QUERY_WORDS};
use super::schema::Fields;
use super::words;

/// How much is forgiven. The first stage that finds anything in the catalogue, before filters, answers:
/// a word that the catalogue knows is not a typo, and must not be drowned in words like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// All words, as they are written.
    Written,
    /// All words, typos forgiven.
    Forgiving,
    /// Any word, typos forgiven.
    AnyWord,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Written, Self::Forgiving, Self::AnyWord];
}

/// Scores of one kind of hit, by field. The least of a kind lies above the most of the next. Any hit is
/// worth more than half of the best, so any two words that are found beat one.
struct Scores {
    title: Score,
    names: Score,
    text: Score,
}

const EXACT: Scores = Scores { title: 190.0, names: 180.0, text: 170.0 };
/// As good as exact, field by field: `lamps` in a title beats `lamp` in a description.
const INFLECTED: Scores = Scores { title: 188.0, names: 178.0, text: 168.0 };
const PREFIX: Scores = Scores { title: 130.0, names: 125.0, text: 120.0 };
const TYPO: Scores = Scores { title: 109.0, names: 107.0, text: 105.0 };

/// From this length on a word may be one letter off, and two letters off.
const ONE_TYPO_CHARS: usize = 4;
const TWO_TYPOS_CHARS: usize = 8;
/// From this length on the start of a longer word may be one letter off.
const PREFIX_TYPO_CHARS: usize = 6;
/// An automaton grows with its word; longer words must be right.
const MAX_TYPO_CHARS: usize = 24;

/// The words of a query, bounded.
pub fn query_words(text: &str) -> Vec<String> {
    let end = text.char_indices().nth(MAX_QUERY_CHARS).map_or(text.len(), |(end, _)| end);
    let mut words = words::split(&text[..end]);
    words.truncate(MAX_QUERY_WORDS);
    words
}

/// All active products.
pub fn everything(fields: &Fields) -> Box<dyn Query> {
    Box::new(TermQuery::new(fields.active_term(), IndexRecordOption::Basic))
}

/// What the words find at a stage; `words` is not empty.
pub fn build(fields: &Fields, words: &[String], stage: Stage) -> tantivy::Result<Box<dyn Query>> {
    let occur = if stage == Stage::AnyWord { Occur::Should } else { Occur::Must };
    let mut clauses = Vec::with_capacity(words.len());
    for (i, word) in words.iter().enumerate() {
        let last = i + 1 == words.len();
        clauses.push((occur, word_query(fields, word, last, stage)?));
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

fn word_query(fields: &Fields, word: &str, last: bool, stage: Stage) -> tantivy::Result<Box<dyn Query>> {
    let mut hits = Hits { fields: *fields, queries: Vec::new() };
    hits.term(word, &EXACT);
    for form in words::inflections(word) {
        hits.term(&form, &INFLECTED);
    }
    if last {
        hits.automaton(prefix_automaton(fields, word, 0)?, &PREFIX);
    }
    let chars = word.chars().count();
    if stage != Stage::Written && (ONE_TYPO_CHARS..=MAX_TYPO_CHARS).contains(&chars) {
        let distance = if chars >= TWO_TYPOS_CHARS { 2 } else { 1 };
        hits.automaton(FuzzyTermQuery::new(text_term(fields, word), distance, true).automaton()?, &TYPO);
        if last && chars >= PREFIX_TYPO_CHARS {
            hits.automaton(prefix_automaton(fields, word, 1)?, &TYPO);
        }
    }
    Ok(Box::new(DisjunctionMaxQuery::new(hits.queries)))
}

fn prefix_automaton(fields: &Fields, word: &str, distance: u8) -> tantivy::Result<DfaWrapper> {
    FuzzyTermQuery::new_prefix(text_term(fields, word), distance, true).automaton()
}

fn text_term(fields: &Fields, word: &str) -> Term {
    // An automaton takes only the text of its term; any field will do.
    Term::from_field_text(fields.title, word)
}

/// The ways in which one word may be found.
struct Hits {
    fields: Fields,
    queries: Vec<Box<dyn Query>>,
}

impl Hits {
    fn term(&mut self, word: &str, scores: &Scores) {
        self.each_field(scores, |field| {
            Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic))
        });
    }

    fn automaton(&mut self, automaton: DfaWrapper, scores: &Scores) {
        let automaton = Arc::new(automaton);
        self.each_field(scores, |field| Box::new(AutomatonQuery { field, automaton: Arc::clone(&automaton) }));
    }

    fn each_field(&mut self, scores: &Scores, query: impl Fn(Field) -> Box<dyn Query>) {
        let Fields { title, names, text, .. } = self.fields;
        for (field, score) in [(title, scores.title), (names, scores.names), (text, scores.text)] {
            self.queries.push(Box::new(ConstScoreQuery::new(query(field), score)));
        }
    }
}

/// Finds the words of a field that an automaton accepts. Unlike `FuzzyTermQuery` it shares the automaton
/// between fields: building one costs more than running it.
#[derive(Clone)]
struct AutomatonQuery {
    field: Field,
    automaton: Arc<DfaWrapper>,
}

impl fmt::Debug for AutomatonQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AutomatonQuery").field("field", &self.field).finish_non_exhaustive()
    }
}

impl Query for AutomatonQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::<DfaWrapper>::new(self.field, Arc::clone(&self.automaton))))
    }
}
