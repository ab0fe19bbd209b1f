//! Hashing takes a core and megabytes for tens of milliseconds, so it is done on threads of its own, a few at a time.
//! Whoever comes when too many wait is told to come again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use super::hash::{Costs, Hash};
use crate::runtime::error::Unavailable;

#[derive(Debug, Clone, Copy)]
pub struct HasherSettings {
    pub costs: Costs,
    /// At a time.
    pub threads: usize,
    /// Beyond those that are being worked on.
    pub waiting: usize,
}

#[derive(Clone)]
pub struct Hasher {
    costs: Costs,
    permits: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
    most: usize,
    /// Of a password that nobody has: verified where there is no account, so that the answer takes as long.
    nobody: Arc<str>,
}

/// What became of a password that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    Wrong,
    Right,
    /// And its hash is not what would be written today.
    RightButOld,
}

/// One more who waits; fewer again when it is dropped.
struct Inside(Arc<AtomicUsize>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hasher {
    pub fn new(settings: HasherSettings) -> Self {
        let HasherSettings { costs, threads, waiting } = settings;
        let threads = threads.max(1);
        let salt = "AAAAAAAAAAAAAAAAAAAAAA";
        let Costs { memory_kib, passes } = costs;
        let nobody = format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${salt}{salt}").into();
        Self {
            costs,
            permits: Arc::new(Semaphore::new(threads)),
            inside: Arc::default(),
            most: threads + waiting,
            nobody,
        }
    }

    /// # Errors
    /// `Busy` when too many wait.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Unavailable> {
        let costs = self.costs;
        self.run(move || Hash::write(&password, salt, costs)).await
    }

    /// Whether it is the password of a kept hash; none: of nobody, which takes as long and is wrong.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<Verified, Unavailable> {
        let (costs, nobody) = (self.costs, Arc::clone(&self.nobody));
        self.run(move || {
            let known = kept.as_deref().and_then(|kept| Hash::parse(kept).ok());
            match known {
                Some(hash) if hash.verify(&password) && hash.is_current(costs) => Verified::Right,
                Some(hash) if hash.verify(&password) => Verified::RightButOld,
                Some(_) => Verified::Wrong,
                None => {
                    let spent = Hash::parse(&nobody).is_ok_and(|hash| hash.verify(&password));
                    std::hint::black_box(spent);
                    Verified::Wrong
                }
            }
        })
        .await
    }

    /// The permit goes along: work that nobody waits for any more still counts until it is done.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
        if self.inside.fetch_add(1, Ordering::AcqRel) >= self.most {
            self.inside.fetch_sub(1, Ordering::AcqRel);
            return Err(Unavailable::Busy);
        }
        let inside = Inside(Arc::clone(&self.inside));
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Unavailable::Stopping)?;
        let worked = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((permit, inside));
            done
        });
        worked.await.map_err(|_| Unavailable::Crashed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: HasherSettings =
        HasherSettings { costs: Costs { memory_kib: 64, passes: 1 }, threads: 1, waiting: 2 };

    #[tokio::test]
    async fn verifies_and_knows_what_is_old() {
        let hasher = Hasher::new(SETTINGS);
        let kept = hasher.hash("open sesame".to_owned(), [1; 16]).await.unwrap();
        let verify = async |password: &str, kept: Option<&String>| {
            hasher.verify(password.to_owned(), kept.cloned()).await.unwrap()
        };
        assert_eq!(verify("open sesame", Some(&kept)).await, Verified::Right);
        assert_eq!(verify("close sesame", Some(&kept)).await, Verified::Wrong);
        let old = Hash::write("open sesame", [1; 16], Costs { memory_kib: 32, passes: 1 });
        assert_eq!(verify("open sesame", Some(&old)).await, Verified::RightButOld);
        assert_eq!(verify("open sesame", None).await, Verified::Wrong);
        assert_eq!(verify("open sesame", Some(&"!".to_owned())).await, Verified::Wrong);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_comes_when_too_many_wait_is_sent_away() {
        let hasher = Hasher::new(SETTINGS);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let first = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                hasher
                    .run(move || {
                        begin.send(()).unwrap();
                        wait.recv()
                    })
                    .await
            }
        });
        // Only then do the others wait: one that came before it would be done and gone at once.
        begun.await.unwrap();
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                tokio::spawn({
                    let hasher = hasher.clone();
                    async move { hasher.run(|| ()).await }
                })
            })
            .collect();
        while hasher.inside.load(Ordering::Acquire) < 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.run(|| ()).await, Err(Unavailable::Busy));
        release.send(()).unwrap();
        first.await.unwrap().unwrap().unwrap();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        assert_eq!(hasher.run(|| 7).await, Ok(7), "and then it goes on");
        assert_eq!(hasher.inside.load(Ordering::Acquire), 0);
    }
}
