//! What is still to be done, and whether it may be.

use anyhow::bail;
use souk_actors::runtime::world::{Chance, SystemChance};
use souk_persistence::moving::What;
use souk_persistence::moving::transfer::{Note, counts};

use crate::stores::Move;

pub struct Planned<'a> {
    pub r#move: &'a Move,
    pub note: Note,
}

/// The moves that are not over, each with how far it is. None where all was the same before, and only notes were left.
///
/// # Errors
/// What speaks against it, and what to do.
pub async fn plan(moves: &[Move]) -> anyhow::Result<Vec<Planned<'_>>> {
    let mut notes = Vec::new();
    for Move { domain, near, far } in moves {
        if Note::of(&**near).await?.is_some() {
            bail!("--from: stores.{domain} is itself the target of a copy that is not finished: finish that one first");
        }
        notes.push(Note::of(&**far).await?);
    }
    let known = notes.iter().flatten().next();
    let transfer = known.map_or_else(|| SystemChance.random().simple().to_string(), |note| note.transfer.clone());
    // Notes are taken away one after the other once both sides were the same.
    let is_over = known.is_some() && notes.iter().flatten().all(|note| note.verified);
    let mut planned = Vec::new();
    let mut records = 0;
    for (r#move, note) in moves.iter().zip(notes) {
        let Move { domain, near, far } = r#move;
        let near_counts = counts(&**near).await?;
        records += near_counts.iter().sum::<u64>();
        let note = match note {
            Some(note) if note.transfer != transfer => {
                bail!("--to: stores.{domain} is the target of another copy: finish that one, or empty the store")
            }
            Some(note) if note.counts != near_counts => bail!(
                "--from: stores.{domain} was written to since the copy began: empty the stores of --to and begin again"
            ),
            Some(note) => note,
            None if is_over => continue,
            None => {
                refuse_full(r#move, &counts(&**far).await?)?;
                Note::new(transfer.clone(), near_counts)
            }
        };
        planned.push(Planned { r#move, note });
    }
    if records == 0 {
        bail!("--from: the stores hold nothing: name the shop that is to be copied");
    }
    for Planned { r#move, note } in &planned {
        note.write(&*r#move.far).await?;
    }
    Ok(planned)
}

fn refuse_full(Move { domain, far, .. }: &Move, counts: &[u64]) -> anyhow::Result<()> {
    let sections = far.domain().sections.iter().zip(counts);
    let mut held = sections.filter(|(section, count)| section.what != What::Counters && **count > 0);
    match held.next() {
        None => Ok(()),
        Some((section, count)) => bail!(
            "--to: stores.{domain} already holds something ({count} in {}): name an empty one, such as a new folder, \
             database, schema (postgres.schema) or prefix (redis.prefix)",
            section.name
        ),
    }
}
