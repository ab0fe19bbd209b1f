//! Keeps the search index behind the journals: re-reads what changed since its position, less an
//! overlap, and applies it guarded by number; published views that are older are brought up to date with it. A lost notice only makes it later, never wrong.

use std::sync::Arc;
use std::time::Duration;

use souk_persistence::search::SearchIndex;
use souk_persistence::stores::{Position, ProductStore};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::views::Views;

const AT_ONCE: usize = 500;
/// Changes seen again each time: nothing that became visible out of order is missed.
const OVERLAP: Position = 64;
/// The least time between two rounds: a hot product is indexed a few times a second, not at each sale.
const PAUSE: Duration = Duration::from_millis(200);
/// Looks without a notice that often, as the only node.
pub const ALONE: Duration = Duration::from_secs(5);
/// Other nodes' notices may get lost, and what this one shows is to be a second old at most.
pub const AMONG_NODES: Duration = Duration::from_millis(700);

/// Runs until it is aborted.
pub fn start(
    store: Arc<dyn ProductStore>,
    index: Arc<SearchIndex>,
    views: Views,
    changed: Arc<Notify>,
    without_notice: Duration,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if let Err(error) = catch_up(&*store, &index, &views).await {
                tracing::warn!(%error, "the search index is behind, trying again");
            }
            tokio::time::sleep(PAUSE).await;
            let _ = tokio::time::timeout(without_notice, changed.notified()).await;
        }
    })
}

/// Applies everything up to now.
///
/// # Errors
/// What the store or the index says; the next round begins where this one ended.
pub async fn catch_up(store: &dyn ProductStore, index: &Arc<SearchIndex>, views: &Views) -> Result<(), String> {
    let mut from = (index.position() - OVERLAP).max(0);
    loop {
        let changes = store.products_changed_since(from, AT_ONCE).await.map_err(|e| e.to_string())?;
        let Some(last) = changes.last().map(|(position, _)| *position) else { return Ok(()) };
        let more = changes.len() == AT_ONCE;
        changes.iter().for_each(|(_, row)| views.refresh(&row.view));
        if last > index.position() || more {
            let changes = changes.into_iter().map(|(position, row)| (position, row.view)).collect();
            index.follow(changes).await.map_err(|e| e.to_string())?;
        }
        if !more {
            return Ok(());
        }
        from = last;
    }
}
