//! The names of keys.
//!
//! Every entity belongs to one of a fixed number of parts, by its id. All keys of a part, its indexes too, have the
//! part's number in braces, which is the only thing that a cluster hashes: so whatever is written together lies on one
//! server of it. (This program speaks to a single server; the names leave the way open.)

use souk_domain::aggregate::Seq;

use crate::journal::EntityId;

/// Part of the format: another number would look for entities in other places.
pub(super) const PARTS: u8 = 32;

#[derive(Debug, Clone)]
pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    /// The version of the whole.
    pub fn format(&self) -> String {
        format!("{}:format", self.prefix)
    }

    /// The note of a move to here that is under way.
    pub fn moving(&self) -> String {
        format!("{}:moving", self.prefix)
    }

    /// The stream of an entity's commits, one entry for each, by the number of its first event.
    pub fn log(&self, entity: &EntityId) -> String {
        self.of(part(entity), "log", entity.as_str())
    }

    /// Where an entity stands: head, newest commit, snapshot, row, marks.
    pub fn now(&self, entity: &EntityId) -> String {
        self.of(part(entity), "now", entity.as_str())
    }

    /// The stream of an entity's archived commits, many in one entry.
    pub fn archive(&self, entity: &EntityId) -> String {
        self.of(part(entity), "archive", entity.as_str())
    }

    /// The ids of all entities of a part, in their order.
    pub fn ids(&self, part: u8) -> String {
        self.whole(part, "ids")
    }

    /// Entities by the time they want to be woken at.
    pub fn due(&self, part: u8) -> String {
        self.whole(part, "due")
    }

    /// Entities by the time of the oldest commit that was not relayed.
    pub fn unrelayed(&self, part: u8) -> String {
        self.whole(part, "unrelayed")
    }

    /// The keys of persons, by their ids.
    pub fn secrets(&self, part: u8) -> String {
        self.whole(part, "secrets")
    }

    /// The ids of a person's keys in a part.
    pub fn person(&self, part: u8, person: &str) -> String {
        self.of(part, "person", person)
    }

    /// A member's rooms of a part, by the time of their newest event.
    pub fn inbox(&self, part: u8, member: &str) -> String {
        self.of(part, "inbox", member)
    }

    /// How far each member of a room has read.
    pub fn reads(&self, room: &EntityId) -> String {
        self.of(part(room), "reads", room.as_str())
    }

    /// Who has a lease, and how often it changed hands.
    pub fn lease(&self, lease: &str) -> [String; 2] {
        ["holder", "term"].map(|what| format!("{}:{{lease:{lease}}}:{what}", self.prefix))
    }

    fn whole(&self, part: u8, what: &str) -> String {
        format!("{}:{{{part}}}:{what}", self.prefix)
    }

    fn of(&self, part: u8, what: &str, id: &str) -> String {
        format!("{}:{{{part}}}:{what}:{id}", self.prefix)
    }
}

/// FNV-1a: the same on every machine and in every version.
pub(super) fn part(entity: &EntityId) -> u8 {
    let hash = entity
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash % u64::from(PARTS)) as u8
}

/// Lua's numbers are exact up to here; a number beyond it is beyond every head all the same.
pub(super) const MOST_SEQ: Seq = (1 << 53) - 2;

pub(super) fn number(seq: Seq) -> String {
    seq.min(MOST_SEQ).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_entity_lie_together_and_entities_spread() {
        let keys = Keys::new("souk");
        let entity = |number: u32| EntityId::new(format_args!("room_{number:026}"));
        assert_eq!(keys.log(&entity(1)), format!("souk:{{{}}}:log:{}", part(&entity(1)), entity(1)));
        // Written down: another result would lose what is stored.
        assert_eq!([1, 2, 3].map(|number| part(&entity(number))), [4, 29, 10]);
        let mut counts = [0; PARTS as usize];
        (0..32_000).for_each(|number| counts[usize::from(part(&entity(number)))] += 1);
        assert!(counts.iter().all(|count| (600..1400).contains(count)), "{counts:?}");
    }
}
