//! A list of records with a key, which means the same on every engine.

/// What a field holds, and so how each engine keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Made of anything.
    Text,
    /// JSON, kept byte for byte.
    Json,
    Integer,
    /// 0 or 1.
    Flag,
    Bytes,
    /// 16 bytes.
    Uuid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
}

/// What the records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Commits with their boundaries; entities and their heads come of them. The archived ones come first.
    Commits { archived: bool },
    /// When entities want to be woken, and how far those with something left were relayed.
    Marks,
    /// The newest of each entity.
    Snapshots,
    /// The rows of a table that has the section's name on SQL engines.
    Rows,
    /// Rows that say how far something was counted: a store has them from its start.
    Counters,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub what: What,
    /// How many of the first fields are the key, by which the records are ordered.
    pub key: usize,
    pub fields: &'static [Field],
}

impl Section {
    pub fn key_of<'r>(&self, record: &'r [super::Value]) -> &'r [super::Value] {
        &record[..self.key.min(record.len())]
    }
}
