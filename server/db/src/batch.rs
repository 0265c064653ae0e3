//! Inserts that go to the engine together: a walk to SQLite's thread and back, or to PostgreSQL, costs as much as
//! several rows.

use crate::Result;
use sqlx::{PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};

/// What an act has still to write: for [`insert_later!`](crate::insert_later).
pub enum Later<'a> {
    /// In SQLite's words.
    Sqlite(&'a mut QueryBuilder<Sqlite>),
    /// In PostgreSQL's.
    Postgres(&'a mut QueryBuilder<Postgres>),
}

/// Statements one behind the other.
pub(crate) struct SqliteBatch {
    query: QueryBuilder<Sqlite>,
    between: &'static str,
}

impl SqliteBatch {
    /// What opens the act may go first.
    pub(crate) fn after(opening: &'static str) -> Self {
        Self { query: QueryBuilder::new(opening), between: "" }
    }

    /// Where the next statement goes.
    pub(crate) fn next(&mut self) -> Later<'_> {
        self.query.push(std::mem::replace(&mut self.between, ";\n"));
        Later::Sqlite(&mut self.query)
    }

    /// Sends all of it, and this at its end; the first failure ends it.
    pub(crate) async fn send(mut self, conn: &mut SqliteConnection, end: &'static str) -> Result<()> {
        self.query.push(";\n").push(end);
        self.query.build().execute(conn).await?;
        Ok(())
    }
}

/// Parts of one statement, because PostgreSQL takes one at a time. They are done in no particular order, and none of
/// them sees what another wrote.
#[derive(Default)]
pub(crate) struct PostgresBatch {
    query: QueryBuilder<Postgres>,
    heads: Vec<&'static str>,
}

impl PostgresBatch {
    /// Where the next part goes.
    pub(crate) fn next(&mut self, head: &'static str) -> Later<'_> {
        let first = self.heads.is_empty();
        self.query.push(if first { "with part_" } else { "), part_" }).push(self.heads.len()).push(" as (");
        self.heads.push(head);
        Later::Postgres(&mut self.query)
    }

    /// Is there a part that begins so?
    pub(crate) fn holds(&self, head: &str) -> bool {
        self.heads.contains(&head)
    }

    /// Sends all of it.
    pub(crate) async fn send(mut self, conn: &mut PgConnection) -> Result<()> {
        self.query.push(") select 1");
        self.query.build().execute(conn).await?;
        Ok(())
    }
}
