//! The task behind the commits: what follows from them is written after they are acknowledged, in batches. Whoever
//! asks for something that follows waits until it has caught up with all that this process has written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::try_join;
use mongodb::bson::{Document, doc};
use tokio::sync::{mpsc, watch};

use super::commands::integer;
use super::documents::Follow;
use super::errors::Fault;
use super::rows::NewRow;
use super::store::{COMMITS, PRODUCTS, SNAPSHOTS, Shared, VARIANTS};
use crate::error::StoreError;

/// Commits that are followed together.
const AT_ONCE: usize = 512;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The way to the task.
#[derive(Debug)]
pub(super) struct Follower {
    commits: mpsc::Sender<Follow>,
    sent: AtomicU64,
    done: watch::Receiver<u64>,
}

/// The task's end of it.
#[derive(Debug)]
pub(super) struct Following {
    commits: mpsc::Receiver<Follow>,
    done: watch::Sender<u64>,
}

pub(super) fn follower(queue: usize) -> (Follower, Following) {
    let (commits, receiver) = mpsc::channel(queue);
    let (done, watched) = watch::channel(0);
    (Follower { commits, sent: AtomicU64::new(0), done: watched }, Following { commits: receiver, done })
}

impl Follower {
    /// Waits for a place. What is not taken any more is found by whoever opens the store next.
    pub(super) async fn send(&self, commit: Follow) {
        // Counted before it is sent: whoever counts afterwards waits for it, and never for too little.
        self.sent.fetch_add(1, Ordering::SeqCst);
        let _ = self.commits.send(commit).await;
    }

    /// Waits until all that was sent so far is followed.
    pub(super) async fn caught_up(&self, patience: Duration) -> Result<(), StoreError> {
        let sent = self.sent.load(Ordering::SeqCst);
        let mut done = self.done.clone();
        let waiting = done.wait_for(|done| *done >= sent);
        match tokio::time::timeout(patience, waiting).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(StoreError::Unavailable("the store is closed".to_owned())),
            Err(_) => Err(StoreError::Unavailable("the read model is behind its journals".to_owned())),
        }
    }
}

/// Runs until nobody can send any more and all is followed.
pub(super) async fn run(shared: Arc<Shared>, mut following: Following) {
    let mut batch = Vec::new();
    while following.commits.recv_many(&mut batch, AT_ONCE).await > 0 {
        let mut pause = FIRST_PAUSE;
        while let Err(fault) = shared.follow(&batch).await {
            tracing::warn!(
                store = "mongodb",
                reason = fault.reason(),
                commits = batch.len(),
                "could not follow the commits"
            );
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        let count = batch.len() as u64;
        following.done.send_modify(|done| *done += count);
        batch.clear();
    }
}

impl Shared {
    /// Writes what follows from these commits. May be done again, by anybody, in any order: all of it only grows.
    /// Positions come after the rows they tell of, the end of it all at last.
    pub(super) async fn follow(&self, commits: &[Follow]) -> Result<(), Fault> {
        try_join!(
            self.follow_entities(commits),
            self.put_rows(PRODUCTS, commits.iter().flat_map(|commit| rows(&commit.products))),
            self.put_rows(VARIANTS, commits.iter().flat_map(|commit| rows(&commit.variants))),
            self.put_rows(SNAPSHOTS, commits.iter().filter_map(snapshot_row)),
        )?;
        let mut changed: Vec<&str> =
            commits.iter().flat_map(|commit| &commit.products).filter_map(|row| row.get_str("id").ok()).collect();
        changed.sort_unstable();
        changed.dedup();
        self.tell_followers(&changed).await?;
        let followed = commits.iter().map(|commit| {
            let nothing_left = doc! { "$unset": { "unfollowed": "", "follow": "" } };
            doc! { "q": { "_id": &commit.commit }, "u": nothing_left }
        });
        self.commands.update(COMMITS, followed.collect()).await?.expect_only(&[])?;
        Ok(())
    }
}

/// `{ id, row: { seq, … } }`, as a commit has them.
fn rows(rows: &[Document]) -> impl Iterator<Item = NewRow> + '_ {
    rows.iter().filter_map(|kept| {
        let row = kept.get_document("row").ok()?;
        Some(NewRow { id: kept.get_str("id").ok()?.to_owned(), seq: integer(row, "seq")?, row: row.clone() })
    })
}

fn snapshot_row(commit: &Follow) -> Option<NewRow> {
    let snapshot = commit.snapshot.as_ref()?;
    let seq = commit.last.cast_signed();
    let row = doc! {
        "seq": seq, "first": commit.predecessor.cast_signed() + 1, "version": i64::from(snapshot.version),
        "state": &snapshot.state,
    };
    Some(NewRow { id: commit.entity.to_string(), seq, row })
}
