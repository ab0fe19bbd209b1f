//! Statements that go to the connection's thread together: a message there and its answer cost more than most
//! statements do.

use futures::TryStreamExt;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Either, Error, Executor, SqliteConnection};

use super::document::Document;

/// Statements with their parameters. All parameters are anonymous: each statement takes the next ones.
#[derive(Default)]
pub(super) struct Script {
    sql: String,
    arguments: SqliteArguments,
    statements: usize,
}

/// A script that did not come to its end.
pub(super) struct Stopped {
    /// How many statements before the one that failed were carried out.
    pub done: usize,
    pub error: Error,
}

impl Script {
    pub(super) fn push(&mut self, statement: &str) {
        self.sql.push_str(statement);
        self.sql.push(';');
        self.statements += 1;
    }

    /// A statement that takes the document's rows and none of its texts.
    pub(super) fn push_rows(&mut self, statement: &str, rows: String) -> Result<(), Error> {
        self.push(statement);
        self.arguments.add(rows).map_err(Error::Encode)
    }

    /// A statement that takes the document's texts, where it has any, and then its rows. None without rows. Long texts
    /// are JSON and never empty, so a document without texts belongs to a statement that takes none.
    pub(super) fn push_document(&mut self, statement: &str, document: Document) -> Result<(), Error> {
        if document.is_empty() {
            return Ok(());
        }
        let (rows, texts) = document.finish();
        if !texts.is_empty() {
            self.arguments.add(texts).map_err(Error::Encode)?;
        }
        self.push_rows(statement, rows)
    }

    pub(super) fn len(&self) -> usize {
        self.statements
    }

    /// Carries them out in their order; stops at the first that fails.
    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<(), Stopped> {
        let Self { sql, arguments, statements: _ } = self;
        let mut outcomes = connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), arguments));
        let mut done = 0;
        loop {
            match outcomes.try_next().await {
                Ok(Some(Either::Left(_))) => done += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => return Ok(()),
                Err(error) => return Err(Stopped { done, error }),
            }
        }
    }
}
