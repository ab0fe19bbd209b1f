//! From the plan to a far side that is the same.

use anyhow::{Context, bail};
use souk_persistence::moving::transfer::{Difference, Note, Step, compare, transfer};

use super::plan::{Planned, plan};
use super::progress::{Progress, grouped};
use crate::stores::Move;

/// Copies what is still to be copied, reads both sides, and opens the far one to be served.
///
/// # Errors
/// What speaks against it, what failed, or what differs; run again it goes on where it was.
pub async fn carry(moves: &[Move]) -> anyhow::Result<()> {
    let mut planned = plan(moves).await?;
    for Planned { r#move: Move { domain, near, far }, note } in &mut planned {
        let (before, all) = (done(note), note.counts.iter().sum());
        let mut progress = Progress::new((*domain).to_owned(), before, all);
        let told = &mut |step: Step| progress.add(step.records);
        transfer(&**near, &**far, note, told).await.with_context(|| format!("stores.{domain}"))?;
        progress.finish();
    }
    for planned in &mut planned {
        if !planned.note.verified {
            verify(planned).await?;
        }
    }
    // Only once all of them are the same is any of them a shop.
    for Planned { r#move, note } in &mut planned {
        note.verified = true;
        note.write(&*r#move.far).await?;
    }
    for Planned { r#move, .. } in &planned {
        r#move.far.set_note(None).await?;
    }
    Ok(())
}

/// Records of the sections that are over.
fn done(note: &Note) -> u64 {
    note.counts.iter().take(note.section).sum()
}

async fn verify(Planned { r#move: Move { domain, near, far }, note }: &Planned<'_>) -> anyhow::Result<()> {
    let all = 2 * note.counts.iter().sum::<u64>();
    let mut progress = Progress::new(format!("{domain}, compared"), 0, all);
    let told = &mut |step: Step| progress.add(step.records);
    let compared = compare(&**near, &**far, told).await.with_context(|| format!("stores.{domain}"))?;
    progress.finish();
    let (digests, differences) = compared;
    let sections = near.domain().sections.iter().zip(&digests);
    for (section, digest) in sections.filter(|(_, digest)| digest.records > 0) {
        println!("{domain:<9} {:<20} {:>12} records  {digest}", section.name, grouped(digest.records));
    }
    if differences.is_empty() {
        return Ok(());
    }
    for Difference { section, near, far } in &differences {
        let (records, others) = (grouped(near.records), grouped(far.records));
        eprintln!("{domain}: {section}: {records} records ({near}) at --from, {others} ({far}) at --to");
    }
    bail!(
        "stores.{domain} is not the same on both sides: something wrote to one of them meanwhile; stop it, empty the \
         stores of --to and copy again"
    )
}
