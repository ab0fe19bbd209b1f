//! A table or a column that a move does not know would be left behind.

use std::collections::BTreeSet;

use super::open;
use crate::sqlite::{Accounts, Chat, Domain, Orders, Payments, Products};

/// What is made anew on the far side, of commits and rows.
const DERIVED: [&str; 3] = ["entities", "room_members", "_sqlx_migrations"];
/// The same of columns: positions.
const OWN: [(&str, &str); 3] = [("archived_commits", "position"), ("commits", "position"), ("product_rows", "changed")];

async fn everything_is_in_a_section<D: Domain>() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open::<D>(folder.path()).await;
    let query = sqlx::query_as(
        "select t.name, c.name from sqlite_schema as t join pragma_table_info(t.name) as c
         where t.type = 'table' and t.name not like 'sqlite_%'",
    );
    let columns: Vec<(String, String)> = store.database.all(query).await.expect("the schema is read");
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::from(OWN);
    for section in D::moved().sections {
        known.extend(section.fields.iter().map(|field| (section.name, field.name)));
    }
    for (table, column) in &columns {
        let is_derived = DERIVED.contains(&table.as_str());
        assert!(
            is_derived || known.contains(&(table.as_str(), column.as_str())),
            "{}: {table}.{column} is in no section of moving::domains",
            D::FILE
        );
    }
    assert!(columns.len() > 5, "the schema is there");
    store.close().await;
}

#[tokio::test]
async fn every_column_is_moved_or_made_anew() {
    everything_is_in_a_section::<Products>().await;
    everything_is_in_a_section::<Orders>().await;
    everything_is_in_a_section::<Payments>().await;
    everything_is_in_a_section::<Chat>().await;
    everything_is_in_a_section::<Accounts>().await;
}
