//! Many rows as parameters of a statement: an array for each column, which `unnest` makes rows of again.

use std::borrow::Cow;

use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

use super::text;
use crate::sql::cell::Cell;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
}

impl Kind {
    pub(super) fn array(self) -> &'static str {
        match self {
            Self::Text => "text[]",
            Self::Integer => "bigint[]",
        }
    }
}

enum Column<'c> {
    Text(Vec<Option<Cow<'c, str>>>),
    Integer(Vec<Option<i64>>),
}

pub(super) struct Columns<'c>(Vec<Column<'c>>);

impl<'c> Columns<'c> {
    pub(super) fn new(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let column = |kind| match kind {
            Kind::Text => Column::Text(Vec::new()),
            Kind::Integer => Column::Integer(Vec::new()),
        };
        Self(kinds.into_iter().map(column).collect())
    }

    /// # Errors
    /// A sentence when the row has another shape than the columns.
    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = &'c Cell>) -> Result<(), String> {
        let mut cells = cells.into_iter();
        for column in &mut self.0 {
            let cell = cells.next().ok_or("a row is too short for its table")?;
            match (column, cell) {
                (Column::Text(values), Cell::Null) => values.push(None),
                (Column::Text(values), Cell::Text(value)) => values.push(Some(text::kept(value))),
                // JSON: escapes its control characters itself.
                (Column::Text(values), Cell::Long(value)) => values.push(Some(Cow::Borrowed(value))),
                (Column::Integer(values), Cell::Null) => values.push(None),
                (Column::Integer(values), Cell::Integer(value)) => values.push(Some(*value)),
                (_, cell) => return Err(format!("{cell:?} does not fit its column")),
            }
        }
        if cells.next().is_some() { Err("a row is too long for its table".to_owned()) } else { Ok(()) }
    }

    /// Adds a parameter for each column.
    pub(super) fn bind<'q, T>(
        &'q self,
        query: QueryAs<'q, Postgres, T, PgArguments>,
    ) -> QueryAs<'q, Postgres, T, PgArguments> {
        self.0.iter().fold(query, |query, column| match column {
            Column::Text(values) => {
                let values: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
                query.bind(values)
            }
            Column::Integer(values) => query.bind(values),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_shape_of_its_columns() {
        let mut columns = Columns::new([Kind::Text, Kind::Integer]);
        let (text, long, number) = (Cell::Text("a\0".into()), Cell::Long("[]".into()), Cell::Integer(7));
        columns.push([&text, &number]).unwrap();
        columns.push([&long, &Cell::Null]).unwrap();
        assert!(columns.push([&number, &number]).is_err());
        assert!(Columns::new([Kind::Text]).push([&text, &number]).is_err());
        assert!(Columns::new([Kind::Text, Kind::Text]).push([&text]).is_err());
    }
}
