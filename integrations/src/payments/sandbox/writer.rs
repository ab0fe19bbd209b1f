//! Commits the changes of many callers together: while one commit runs, the next one gathers.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, watch};

use super::change::Change;
use super::store;
use super::webhook::Webhook;

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
    webhook: Arc<Webhook>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while writes.recv_many(&mut batch, BATCH).await > 0 {
        C.fetch_add(1, std::sync::atomic::Ordering::Relaxed); N.fetch_add(batch.len() as u64, std::sync::atomic::Ordering::Relaxed);
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
        webhook.announce(merged.announcements);
    }
    eprintln!("commits {C:?} steps {N:?}");
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the payment sandbox's file was not closed in order");
    }
}

static C: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
static N: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
