//! Somebody who is not attacking, and how long they wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::support::client::Client;

/// So that one in a hundred are some.
const LEAST: usize = 2_000;

/// Asks for a product again and again, one request after the other, on a thread of its own: what it waits for is the
/// server, and not a runtime that this test keeps busy with thousands of attackers.
pub struct Others {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

/// How long each request took, the shortest first.
pub struct Waits(Vec<Duration>);

impl Others {
    pub fn start(base: &str) -> Self {
        let (base, stop) = (base.to_owned(), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let client = Client::new(&base);
                let mut times = Vec::new();
                while times.len() < LEAST || !stopped.load(Ordering::Relaxed) {
                    let started = Instant::now();
                    client.get("/api/v1/products/lamp").await.expect(200);
                    times.push(started.elapsed());
                }
                times
            })
        });
        Self { stop, thread }
    }

    /// Until now, and until there are enough of them.
    pub async fn finish(self) -> Waits {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread;
        let joined = tokio::task::spawn_blocking(move || thread.join()).await.expect("a thread that waits");
        let mut times = joined.expect("somebody was not served");
        times.sort();
        Waits(times)
    }

    /// While nothing else happens.
    pub async fn undisturbed(base: &str) -> Waits {
        Self::start(base).finish().await
    }
}

impl Waits {
    pub fn p99(&self) -> Duration {
        self.0[self.0.len() * 99 / 100]
    }

    /// For whoever reads the output; the machine has other guests, so it is not judged.
    pub fn beside(&self, undisturbed: &Self) -> String {
        let (here, there) = (self.p99(), undisturbed.p99());
        let times = here.as_secs_f64() / there.as_secs_f64();
        format!("p99 of {} requests of others {here:?}, undisturbed {there:?}, {times:.2} times", self.0.len())
    }
}
