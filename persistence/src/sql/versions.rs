//! Which migrations a database has, and which this program knows.

use sqlx::migrate::Migrator;

/// Oldest first: version and checksum.
pub(crate) const APPLIED: &str = "select version, checksum from _sqlx_migrations order by version";

/// A database that this program must leave alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// This migration is not the one that the program would make.
    Other {
        version: i64,
    },
    Newer {
        version: i64,
        known: i64,
    },
}

pub(crate) fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Returns the version of the schema; 0 without migrations.
pub(crate) fn compare(applied: Vec<(i64, Vec<u8>)>, migrator: &Migrator) -> Result<i64, Stranger> {
    let known = newest(migrator);
    let version = applied.last().map_or(0, |(version, _)| *version);
    // First whose database it is: one of another domain may have more migrations than this domain knows.
    for (version, checksum) in applied.into_iter().filter(|(version, _)| *version <= known) {
        let same = migrator.iter().any(|known| known.version == version && *known.checksum == *checksum);
        if !same {
            return Err(Stranger::Other { version });
        }
    }
    if version > known { Err(Stranger::Newer { version, known }) } else { Ok(version) }
}
