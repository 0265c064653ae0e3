//! Inserts that go to the engine together: a walk to SQLite's thread and back, or to PostgreSQL, costs as much as
//! several rows.

use crate::{ROWS_MAX, Result};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Encode, PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection, Type};

/// What an act has still to write: for [`insert_later!`](crate::insert_later).
pub enum Later<'a> {
    /// For SQLite.
    Sqlite(&'a mut SqliteBatch),
    /// In PostgreSQL's words.
    Postgres(&'a mut QueryBuilder<Postgres>),
}

/// Statements with at most as many rows are kept prepared.
const ROWS_PREPARED: usize = 64;

/// Inserts one behind the other, of one act or of several.
#[derive(Default)]
pub struct SqliteBatch(Vec<Insert>);

/// Rows of one insert.
pub struct Insert {
    head: &'static str,
    tail: &'static str,
    rows: Vec<Values>,
}

/// One row, as it waits to be bound.
#[derive(Default)]
pub struct Values(Vec<Value>);

type Value = Box<dyn FnOnce(&mut SqliteArguments) -> Result<(), sqlx::error::BoxDynError> + Send>;

impl Values {
    /// The value of the next column.
    pub fn push_bind<T>(&mut self, value: T) -> &mut Self
    where
        T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + Send + 'static,
    {
        self.0.push(Box::new(move |to| to.add(value)));
        self
    }
}

impl Insert {
    /// The next row.
    pub fn row(&mut self) -> &mut Values {
        self.rows.push(Values::default());
        self.rows.last_mut().expect("a row was pushed just now")
    }
}

impl SqliteBatch {
    /// One more statement: this, its rows, and this behind them.
    pub fn insert(&mut self, head: &'static str, tail: &'static str) -> &mut Insert {
        self.0.push(Insert { head, tail, rows: Vec::new() });
        self.0.last_mut().expect("an insert was pushed just now")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts another act's rows behind those of the same table.
    pub(crate) fn join(&mut self, other: Self) {
        for insert in other.0 {
            match self.0.iter_mut().find(|known| (known.head, known.tail) == (insert.head, insert.tail)) {
                Some(known) => known.rows.extend(insert.rows),
                None => self.0.push(insert),
            }
        }
    }

    /// Sends all of it at once, between this and that; the first failure ends it.
    pub(crate) async fn send(self, conn: &mut SqliteConnection, opening: &str, end: &str) -> Result<()> {
        // Kept prepared: one act's rows, and those of several alike. How others come together hardly ever recurs.
        let sizes = |insert: &Insert| insert.rows.len();
        let recurs = self.0.iter().map(sizes).max() <= Some(ROWS_PREPARED)
            && self.0.iter().map(sizes).min() == self.0.iter().map(sizes).max();
        let (mut sql, mut arguments) = (opening.to_owned(), SqliteArguments::default());
        for Insert { head, tail, rows } in self.0 {
            write(&mut sql, &mut arguments, head, rows, tail)?;
        }
        sql.push_str(end);
        sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(recurs).execute(conn).await?;
        Ok(())
    }
}

/// Writes one insert out, with a question mark for each value; more rows than one statement can have go into several.
fn write(sql: &mut String, arguments: &mut SqliteArguments, head: &str, rows: Vec<Values>, tail: &str) -> Result<()> {
    for (at, Values(row)) in rows.into_iter().enumerate() {
        if at > 0 && at % ROWS_MAX == 0 {
            sql.push_str(tail);
            sql.push_str(";\n");
        }
        if at % ROWS_MAX == 0 {
            sql.push_str(head);
            sql.push_str("values ");
        } else {
            sql.push_str(", ");
        }
        for (column, value) in row.into_iter().enumerate() {
            sql.push_str(if column == 0 { "(?" } else { ", ?" });
            value(arguments).map_err(sqlx::Error::Encode)?;
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql.push_str(";\n");
    Ok(())
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
