//! Commits the changes of many callers together: while one commit runs, the next one gathers.

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, watch};

use super::change::Change;
use super::store;

/// How many steps one commit takes at most; also how many may wait for it.
pub(super) const BATCH: usize = 1_024;

pub(super) enum Write {
    /// Steps are numbered from 1 in the order in which the ledger took them.
    Step { number: u64, change: Change },
    /// Nothing comes after it.
    Close,
}

/// Runs until it is told to close, all senders are gone, or the file fails. Then `committed` is dropped, and so
/// nobody waits for it any more.
pub(super) async fn run(
    mut connection: SqliteConnection,
    mut writes: mpsc::Receiver<Write>,
    committed: watch::Sender<u64>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while writes.recv_many(&mut batch, BATCH).await > 0 {
        gather(&mut writes, &mut batch).await;
        let (mut merged, mut last) = (Change::default(), None);
        for write in batch.drain(..) {
            match write {
                Write::Step { number, change } => {
                    merged.merge(change);
                    last = Some(number);
                }
                Write::Close => writes.close(),
            }
        }
        let Some(last) = last else { continue };
        if let Err(error) = store::commit(&mut connection, &merged).await {
            tracing::error!(%error, "the payment sandbox can't write its file and stops");
            return;
        }
        committed.send_replace(last);
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the payment sandbox's file was not closed in order");
    }
}

/// The callers that were just answered come again at once: given a moment they all share the next commit, instead
/// of the quickest few having one for themselves.
async fn gather(writes: &mut mpsc::Receiver<Write>, batch: &mut Vec<Write>) {
    for _ in 0..2 {
        tokio::task::yield_now().await;
        while batch.len() < BATCH
            && let Ok(write) = writes.try_recv()
        {
            batch.push(write);
        }
    }
}
