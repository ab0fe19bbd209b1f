//! Captures what was confirmed with `tok_late`, when its time has come.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use super::provider::Shared;

/// The longest sleep: the clock may jump, when a laptop was closed or a test turns it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// The shortest: clocks have milliseconds, and a timer may fire just before one is over.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// Runs until the sandbox is gone or can't write. What became due while nothing ran is captured at once.
pub(super) async fn run(shared: Weak<Shared>, wake: Arc<Notify>, wake_delivery: Arc<Notify>) {
    loop {
        let Some(shared) = shared.upgrade() else { return };
        if shared.capture_late().await.is_err() {
            return;
        }
        wake_delivery.notify_one();
        let next = shared.next_late();
        drop(shared);
        match next {
            None => wake.notified().await,
            Some(wait) => {
                let sleep = tokio::time::sleep(wait.clamp(SHORTEST_SLEEP, LONGEST_SLEEP));
                tokio::select! {
                    () = sleep => {}
                    () = wake.notified() => {}
                }
            }
        }
    }
}
