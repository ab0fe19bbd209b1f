//! What the live sessions of this node have done so far, for the status board and the metrics.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

#[derive(Debug, Default)]
pub struct Counters {
    pub(super) sessions_open: AtomicUsize,
    pub(super) sessions_opened: AtomicU64,
    pub(super) sessions_refused: AtomicU64,
    pub(super) frames_in: AtomicU64,
    pub(super) frames_out: AtomicU64,
    pub(super) overflows: AtomicU64,
}

/// The counters at one moment. All but `sessions_open` only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct RealtimeStatus {
    pub sessions_open: usize,
    pub sessions_opened: u64,
    /// Turned away because the node had as many as it takes.
    pub sessions_refused: u64,
    pub frames_in: u64,
    pub frames_out: u64,
    /// Sessions that fell behind and were told where to resume.
    pub overflows: u64,
}

impl Counters {
    pub fn status(&self) -> RealtimeStatus {
        let Self { sessions_open, sessions_opened, sessions_refused, frames_in, frames_out, overflows } = self;
        RealtimeStatus {
            sessions_open: sessions_open.load(Ordering::Relaxed),
            sessions_opened: sessions_opened.load(Ordering::Relaxed),
            sessions_refused: sessions_refused.load(Ordering::Relaxed),
            frames_in: frames_in.load(Ordering::Relaxed),
            frames_out: frames_out.load(Ordering::Relaxed),
            overflows: overflows.load(Ordering::Relaxed),
        }
    }

    pub(super) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
