//! One domain from one store to another, page by page. After each page a note in the far store says how far it is, so
//! a transfer that was cut off anywhere goes on there: at most the last page comes twice.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::digest::Digest;
use super::port::{Movable, pages};
use super::section::{Section, What};
use super::value::{Record, Value};
use crate::error::StoreError;

/// A note is written this often while pages go over; what is done again after a cut is short.
const NOTE_EVERY: Duration = Duration::from_millis(500);

/// Before a page is sent again.
const PAUSES: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5)];

/// How far a transfer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The same in every store of a shop that is moved at once.
    pub transfer: String,
    /// How many records each section of the near store had. Nobody writes there until all is over.
    pub counts: Vec<u64>,
    /// The section that is under way; all of them: every record is over.
    pub section: usize,
    /// The key of the last record of it that is in the far store for certain.
    pub after: Option<Vec<Value>>,
    /// Both sides were read and are the same.
    pub verified: bool,
}

/// What went over.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub section: &'static Section,
    pub records: u64,
}

/// A section that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub section: &'static str,
    pub near: Digest,
    pub far: Digest,
}

impl Note {
    pub fn new(transfer: String, counts: Vec<u64>) -> Self {
        Self { transfer, counts, section: 0, after: None, verified: false }
    }

    /// The note of a store; none where no transfer to it is under way.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it does not read back.
    pub async fn of(store: &dyn Movable) -> Result<Option<Self>, StoreError> {
        let damaged = |error| StoreError::Damaged(format!("the note of a copy that is under way: {error}"));
        store.note().await?.map(|note| serde_json::from_str(&note).map_err(damaged)).transpose()
    }

    /// # Errors
    /// When the store does not take it.
    pub async fn write(&self, store: &dyn Movable) -> Result<(), StoreError> {
        let note = serde_json::to_string(self).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        store.set_note(Some(note)).await
    }
}

/// How many records each section has.
///
/// # Errors
/// When the store cannot be read.
pub async fn counts(store: &dyn Movable) -> Result<Vec<u64>, StoreError> {
    let mut counts = Vec::new();
    for section in store.domain().sections {
        counts.push(store.count(section).await?);
    }
    Ok(counts)
}

/// Whether nothing was ever kept in it.
///
/// # Errors
/// As for [`counts`].
pub async fn is_empty(store: &dyn Movable) -> Result<bool, StoreError> {
    let sections = store.domain().sections.iter().zip(counts(store).await?);
    Ok(sections.filter(|(section, _)| section.what != What::Counters).all(|(_, count)| count == 0))
}

/// Moves what the note says is still to be moved; `told` hears of each page once it is in the far store.
///
/// # Errors
/// Which section of which side failed; the note stands where it was.
pub async fn transfer(
    near: &dyn Movable,
    far: &dyn Movable,
    note: &mut Note,
    told: &mut (dyn FnMut(Step) + Send),
) -> Result<(), StoreError> {
    if note.section == 0 && note.after.is_none() {
        far.start_above(near.position().await?).await?;
    }
    while let Some(section) = near.domain().sections.get(note.section) {
        section_over(near, far, section, note, told).await.map_err(|error| {
            let name = |error: String| format!("{} of {}: {error}", section.name, near.domain().name);
            match error {
                StoreError::Unavailable(error) => StoreError::Unavailable(name(error)),
                StoreError::Damaged(error) => StoreError::Damaged(name(error)),
            }
        })?;
        note.section += 1;
        note.after = None;
        note.write(far).await?;
    }
    Ok(())
}

async fn section_over(
    near: &dyn Movable,
    far: &dyn Movable,
    section: &'static Section,
    note: &mut Note,
    told: &mut (dyn FnMut(Step) + Send),
) -> Result<(), StoreError> {
    let after = note.after.clone();
    let (mut pages, mut received) = pages();
    let giving = async move {
        near.export(section, after.as_deref(), &mut pages).await?;
        pages.flush().await
    };
    // It has the receiver for itself: when it ends early, whoever gives is told and does not wait.
    let taking = async move {
        let mut noted = Instant::now();
        while let Some(page) = received.recv().await {
            let records = page.len() as u64;
            let last = page.last().map(|record| section.key_of(record).to_vec());
            take(far, section, page).await?;
            note.after = last;
            if noted.elapsed() >= NOTE_EVERY {
                note.write(far).await?;
                noted = Instant::now();
            }
            told(Step { section, records });
        }
        Ok::<(), StoreError>(())
    };
    let (given, taken) = futures::join!(giving, taking);
    // Where taking failed, giving failed for that alone.
    taken?;
    given
}

/// A page may come twice, so one whose outcome is not known is sent again.
async fn take(far: &dyn Movable, section: &'static Section, page: Vec<Record>) -> Result<(), StoreError> {
    for pause in PAUSES {
        match far.import(section, page.clone()).await {
            Err(StoreError::Unavailable(reason)) => {
                tracing::warn!(section = section.name, reason, "a page was not taken, and is sent again");
                tokio::time::sleep(pause).await;
            }
            outcome => return outcome,
        }
    }
    far.import(section, page).await
}

/// Reads a section, and what two stores are compared by.
///
/// # Errors
/// When the store cannot be read.
pub async fn digest(
    store: &dyn Movable,
    section: &'static Section,
    told: &mut (dyn FnMut(Step) + Send),
) -> Result<Digest, StoreError> {
    let (mut pages, mut received) = pages();
    let giving = async move {
        store.export(section, None, &mut pages).await?;
        pages.flush().await
    };
    let mut digest = Digest::default();
    let taking = async {
        while let Some(page) = received.recv().await {
            page.iter().for_each(|record| digest.add(record));
            told(Step { section, records: page.len() as u64 });
        }
    };
    let (given, ()) = futures::join!(giving, taking);
    given?;
    Ok(digest)
}

/// Reads both sides, and returns the digest of each section and those that differ.
///
/// # Errors
/// When a store cannot be read.
pub async fn compare(
    near: &dyn Movable,
    far: &dyn Movable,
    told: &mut (dyn FnMut(Step) + Send),
) -> Result<(Vec<Digest>, Vec<Difference>), StoreError> {
    let (mut same, mut differences) = (Vec::new(), Vec::new());
    for section in near.domain().sections {
        // One after the other: what either has in memory is bounded, and the machine may be small.
        let one = digest(near, section, told).await?;
        let other = digest(far, section, told).await?;
        if one != other {
            differences.push(Difference { section: section.name, near: one, far: other });
        }
        same.push(one);
    }
    Ok((same, differences))
}
