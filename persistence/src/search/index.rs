//! The folder of the index, its one writer, and the position up to which it follows the product store.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use souk_domain::product::state::Status;
use souk_domain::product::view::ProductView;
use tantivy::collector::Count;
use tantivy::columnar::ColumnValues;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Index, IndexReader, IndexWriter, InvertedIndexReader, ReloadPolicy, SegmentReader, TERMINATED};

use super::query::{Page, ProductQuery, SearchError};
use super::schema::{self, Fields, column};
use super::{find, text_query, words};
use crate::stores::Position;

const WRITER_MEMORY_BYTES: usize = 40_000_000;
/// So many products are written without a commit at most; the next one commits by itself.
const MAX_PENDING: usize = 10_000;
/// Changes that touch no document are not worth a commit; a start reads at most so many of them again.
const MAX_UNNOTED: Position = 20_000;
const INDEX_FOLDER: &str = "index";
const VERSION_FILE: &str = "schema-version";

/// What was found in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Existing,
    /// Empty, at position 0: there was no index.
    Created,
    /// Empty, at position 0: what was there could not be used, and why.
    Rebuilt(String),
}

/// The catalogue's index. Searches run side by side; writes take turns.
///
/// All methods block: a search for about a millisecond, [`commit`](Self::commit) for some syncs of the
/// disk. Call them on a blocking thread; [`follow`](Self::follow) does so itself.
pub struct SearchIndex {
    index: Index,
    fields: Fields,
    reader: IndexReader,
    committed: AtomicI64,
    writing: Mutex<Writing>,
}

/// What is not committed yet.
struct Writing {
    /// Opened again after an error: a writer whose thread has died stays dead.
    writer: Option<IndexWriter>,
    pending: HashMap<u128, Indexed>,
    position: Position,
    /// The position that is in the folder.
    noted: Position,
}

/// All of a product that decides whether its document is out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Indexed {
    seq: u64,
    version: u64,
    active: bool,
    in_stock: bool,
}

impl Indexed {
    fn of(view: &ProductView) -> Self {
        let active = view.status == Status::Active;
        Self { seq: view.seq, version: view.version, active, in_stock: view.in_stock() }
    }

    /// Most changes of a product are of its stock, and most of those leave it in stock. They cost nothing.
    fn is_outdated_by(&self, new: &Self) -> bool {
        new.seq > self.seq && (Self { seq: new.seq, ..*self }) != *new
    }
}

impl Writing {
    fn writer(&mut self, index: &Index) -> Result<&mut IndexWriter, SearchError> {
        Ok(match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(open_writer(index)?),
        })
    }
}

impl SearchIndex {
    /// Opens the index of a folder, or makes an empty one when there is none that can be used. Reads all
    /// of its files once to compare their checksums.
    ///
    /// # Errors
    /// [`SearchError::Locked`] when another process or another value has it open, and
    /// [`SearchError::Unavailable`] when the folder cannot be written.
    pub fn open(folder: impl AsRef<Path>) -> Result<(Self, Opened), SearchError> {
        let folder = folder.as_ref();
        let index_folder = folder.join(INDEX_FOLDER);
        if !index_folder.exists() {
            return Ok((Self::create(folder)?, Opened::Created));
        }
        // The lock comes before any judgement: files that change meanwhile look damaged.
        let lock = MmapDirectory::open(&index_folder).map(|directory| directory.acquire_lock(&INDEX_WRITER_LOCK));
        if let Ok(Err(LockError::LockBusy)) = &lock {
            return Err(SearchError::Locked);
        }
        drop(lock);
        match Self::open_existing(folder) {
            Ok(index) => Ok((index, Opened::Existing)),
            Err(reason) => {
                tracing::warn!(folder = %folder.display(), reason, "the search index cannot be used, it starts empty");
                Ok((Self::create(folder)?, Opened::Rebuilt(reason)))
            }
        }
    }

    fn open_existing(folder: &Path) -> Result<Self, String> {
        let version = fs::read_to_string(folder.join(VERSION_FILE)).unwrap_or_default();
        if version != schema::VERSION {
            return Err(format!("its schema version is {version:?}, not {:?}", schema::VERSION));
        }
        let (schema, fields) = schema::build();
        let index = Index::open_in_dir(folder.join(INDEX_FOLDER)).map_err(|e| e.to_string())?;
        if index.schema() != schema {
            return Err("its fields are others".to_owned());
        }
        let damaged = index.validate_checksum().map_err(|e| e.to_string())?;
        if let Some(file) = damaged.iter().next() {
            return Err(format!("{} files are damaged, such as {}", damaged.len(), file.display()));
        }
        let position = match index.load_metas().map_err(|e| e.to_string())?.payload {
            Some(payload) => payload.parse().map_err(|_| format!("its position is {payload:?}"))?,
            None => 0,
        };
        Self::with(index, fields, position).map_err(|e| e.to_string())
    }

    fn create(folder: &Path) -> Result<Self, SearchError> {
        let (index_folder, version_file) = (folder.join(INDEX_FOLDER), folder.join(VERSION_FILE));
        // The version goes first and comes last: half of this is another version.
        for removed in [fs::remove_file(&version_file), fs::remove_dir_all(&index_folder)] {
            removed.or_else(|e| if e.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(e) })?;
        }
        fs::create_dir_all(&index_folder)?;
        let (schema, fields) = schema::build();
        let created = Self::with(Index::create_in_dir(&index_folder, schema)?, fields, 0)?;
        fs::write(&version_file, schema::VERSION)?;
        Ok(created)
    }

    fn with(index: Index, fields: Fields, position: Position) -> Result<Self, SearchError> {
        index.tokenizers().register(schema::WORDS, words::analyzer());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writing =
            Writing { writer: Some(open_writer(&index)?), pending: HashMap::new(), position, noted: position };
        Ok(Self { index, fields, reader, committed: AtomicI64::new(position), writing: Mutex::new(writing) })
    }

    /// The position of the newest change that the index tells of; 0 for none.
    pub fn position(&self) -> Position {
        self.committed.load(Ordering::Acquire)
    }

    /// How many products can be found.
    pub fn count(&self) -> Result<usize, SearchError> {
        let searcher = self.reader.searcher();
        Ok(searcher.search(&text_query::everything(&self.fields), &Count)?)
    }

    /// Answers a question from the newest commit.
    pub fn search(&self, query: &ProductQuery) -> Result<Page, SearchError> {
        find::find(&self.reader.searcher(), &self.fields, query)
    }

    /// Takes changes in the order of their positions and returns how many of them changed a document.
    /// Products that are not active leave the index. Views that are not newer than what is indexed are
    /// passed over, so changes may be given again. Nothing is found before [`commit`](Self::commit).
    ///
    /// # Errors
    /// All that was not committed is forgotten; go on from [`position`](Self::position).
    pub fn apply(&self, changes: &[(Position, ProductView)]) -> Result<usize, SearchError> {
        let mut writing = self.writing();
        let applied = self.write(&mut writing, changes);
        applied.inspect_err(|_| self.forget(&mut writing))
    }

    /// Makes what was applied durable and visible to every search that starts afterwards, with its position. Where no
    /// document changed the position is kept in memory, and written with a later commit.
    ///
    /// # Errors
    /// As for [`apply`](Self::apply).
    pub fn commit(&self) -> Result<(), SearchError> {
        let mut writing = self.writing();
        let committed = self.flush(&mut writing);
        committed.inspect_err(|_| self.forget(&mut writing))
    }

    /// Applies and commits on a blocking thread.
    pub async fn follow(self: &Arc<Self>, changes: Vec<(Position, ProductView)>) -> Result<usize, SearchError> {
        let index = Arc::clone(self);
        let following = tokio::task::spawn_blocking(move || {
            let applied = index.apply(&changes)?;
            index.commit()?;
            Ok(applied)
        });
        following.await.unwrap_or_else(|e| Err(SearchError::Unavailable(e.to_string())))
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        // After a panic the pending part may be half: `forget` is what makes it whole again.
        self.writing.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            self.writing.clear_poison();
            let mut writing = poisoned.into_inner();
            self.forget(&mut writing);
            writing
        })
    }

    fn write(&self, writing: &mut Writing, changes: &[(Position, ProductView)]) -> Result<usize, SearchError> {
        let mut committed = CommittedProducts::open(&self.reader, &self.fields)?;
        let mut applied = 0;
        for (position, view) in changes {
            let id = view.id.uuid().as_u128();
            let new = Indexed::of(view);
            let known = match writing.pending.get(&id) {
                Some(pending) => Some(*pending),
                None => committed.get(id)?,
            };
            if known.is_none_or(|known| known.is_outdated_by(&new)) {
                let writer = writing.writer(&self.index)?;
                writer.delete_term(self.fields.id_term(id));
                writer.add_document(self.fields.document(view))?;
                writing.pending.insert(id, new);
                applied += 1;
            }
            writing.position = writing.position.max(*position);
            if writing.pending.len() >= MAX_PENDING {
                self.flush(writing)?;
                committed = CommittedProducts::open(&self.reader, &self.fields)?;
            }
        }
        Ok(applied)
    }

    fn flush(&self, writing: &mut Writing) -> Result<(), SearchError> {
        if writing.pending.is_empty() && writing.position - writing.noted < MAX_UNNOTED {
            self.committed.store(writing.position, Ordering::Release);
            return Ok(());
        }
        let position = writing.position.to_string();
        let mut commit = writing.writer(&self.index)?.prepare_commit()?;
        commit.set_payload(&position);
        commit.commit()?;
        // Whoever reads the position also finds what it stands for.
        self.reader.reload()?;
        self.committed.store(writing.position, Ordering::Release);
        writing.noted = writing.position;
        writing.pending.clear();
        Ok(())
    }

    fn forget(&self, writing: &mut Writing) {
        writing.writer = None;
        writing.pending.clear();
        writing.position = self.position();
    }
}

fn open_writer(index: &Index) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(WRITER_MEMORY_BYTES)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    let mut merges = LogMergePolicy::default();
    // A follower commits often and little. Few segments keep searches fast, and a changed product leaves
    // a dead document behind, which only a merge removes.
    merges.set_min_num_segments(4);
    merges.set_del_docs_ratio_before_merge(0.3);
    writer.set_merge_policy(Box::new(merges));
    Ok(writer)
}

/// Looks products up in the newest commit.
struct CommittedProducts<'a> {
    fields: &'a Fields,
    segments: Vec<SegmentProducts>,
}

struct SegmentProducts {
    segment: SegmentReader,
    ids: Arc<InvertedIndexReader>,
    seq: Arc<dyn ColumnValues<u64>>,
    version: Arc<dyn ColumnValues<u64>>,
    active: Arc<dyn ColumnValues<bool>>,
    in_stock: Arc<dyn ColumnValues<bool>>,
}

impl<'a> CommittedProducts<'a> {
    fn open(reader: &IndexReader, fields: &'a Fields) -> Result<Self, SearchError> {
        let id_field = fields.id_term(0).field();
        let searcher = reader.searcher();
        let open = |segment: &SegmentReader| {
            let columns = segment.fast_fields();
            Ok(SegmentProducts {
                ids: segment.inverted_index(id_field)?,
                seq: columns.column_first_or_default(column::SEQ)?,
                version: columns.column_first_or_default(column::PRODUCT_VERSION)?,
                active: columns.column_first_or_default(column::ACTIVE)?,
                in_stock: columns.column_first_or_default(column::IN_STOCK)?,
                segment: segment.clone(),
            })
        };
        let segments = searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        Ok(Self { fields, segments })
    }

    fn get(&self, id: u128) -> Result<Option<Indexed>, SearchError> {
        let term = self.fields.id_term(id);
        for products in &self.segments {
            let Some(mut postings) = products.ids.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !products.segment.is_deleted(doc) {
                    return Ok(Some(Indexed {
                        seq: products.seq.get_val(doc),
                        version: products.version.get_val(doc),
                        active: products.active.get_val(doc),
                        in_stock: products.in_stock.get_val(doc),
                    }));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }
}
