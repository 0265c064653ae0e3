//! The macros through which all SQL goes: each a match whose two arms hold the same text.

/// Runs a statement; answers with the number of rows it touched.
#[macro_export]
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $crate::Tx::ready(&mut *$tx).await {
            Ok($crate::Conn::Sqlite(conn)) => $crate::sqlx::query($sql)$(.bind($arg))*
                .execute(conn).await.map(|done| done.rows_affected()).map_err($crate::Error::from),
            Ok($crate::Conn::Postgres(conn)) => $crate::sqlx::query($sql)$(.bind($arg))*
                .execute(conn).await.map(|done| done.rows_affected()).map_err($crate::Error::from),
            Err(error) => Err(error),
        }
    };
}

/// Reads exactly one row ([`Error::NotFound`](crate::Error::NotFound) when there is none).
#[macro_export]
macro_rules! fetch_one {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $crate::Tx::ready(&mut *$tx).await {
            Ok($crate::Conn::Sqlite(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_one(conn).await.map_err($crate::Error::from),
            Ok($crate::Conn::Postgres(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_one(conn).await.map_err($crate::Error::from),
            Err(error) => Err(error),
        }
    };
}

/// Reads one row or none.
#[macro_export]
macro_rules! fetch_optional {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $crate::Tx::ready(&mut *$tx).await {
            Ok($crate::Conn::Sqlite(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_optional(conn).await.map_err($crate::Error::from),
            Ok($crate::Conn::Postgres(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_optional(conn).await.map_err($crate::Error::from),
            Err(error) => Err(error),
        }
    };
}

/// Reads all rows.
#[macro_export]
macro_rules! fetch_all {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $crate::Tx::ready(&mut *$tx).await {
            Ok($crate::Conn::Sqlite(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_all(conn).await.map_err($crate::Error::from),
            Ok($crate::Conn::Postgres(conn)) => $crate::sqlx::query_as($sql)$(.bind($arg))*
                .fetch_all(conn).await.map_err($crate::Error::from),
            Err(error) => Err(error),
        }
    };
}

/// How many rows one statement carries at most: times 32 columns, below SQLite's 32 766 binds.
pub const ROWS_MAX: usize = 1_000;

/// As how many rows SQLite takes values at most that are looked up elsewhere.
const PLANNED: f64 = 50.0;

/// What stands around so many values that are looked up elsewhere, on SQLite.
///
/// It takes some hundred of them for so many that it reads a whole table and looks each of its rows up among the values:
/// 600 ms instead of 15 for a thousand of a million items. So it is told that fifty of them are left, which changes nothing
/// but the order in which it looks.
#[must_use]
#[doc(hidden)]
#[expect(clippy::cast_precision_loss, reason = "there are at most a thousand")]
pub fn as_few(head: &str, rows: usize) -> (&'static str, String) {
    let left = PLANNED / rows as f64;
    if head.ends_with('(') && left < 1.0 {
        ("select * from (", format!(") where likelihood(typeof(column1) <> '', {left:.4})"))
    } else {
        ("", String::new())
    }
}

/// Inserts many rows, or deletes those that many values name, with one statement per thousand; answers with the number of
/// rows touched.
///
/// `insert_rows!(tx, "insert into t (a, b) ", &rows, |row, item| { row.push_bind(item.a).push_bind(item.b); }, " on conflict do nothing")`
#[macro_export]
macro_rules! insert_rows {
    ($tx:expr, $head:expr, $rows:expr, |$row:ident, $item:ident| $bind:block, $tail:expr $(,)?) => {
        async {
            let mut touched = 0;
            for chunk in ($rows).chunks($crate::ROWS_MAX) {
                touched += match $crate::Tx::ready(&mut *$tx).await? {
                    $crate::Conn::Sqlite(conn) => {
                        let mut query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Sqlite>::new($head);
                        query.push_values(chunk, |mut $row, $item| $bind).push($tail);
                        query.build().execute(conn).await?.rows_affected()
                    }
                    $crate::Conn::Postgres(conn) => {
                        let mut query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Postgres>::new($head);
                        query.push_values(chunk, |mut $row, $item| $bind).push($tail);
                        query.build().execute(conn).await?.rows_affected()
                    }
                };
            }
            Ok::<u64, $crate::Error>(touched)
        }
        .await
    };
}

/// Keeps an insert of at most a thousand rows back, to go with the act's other such inserts before its next statement,
/// or with its commit: [`Tx::settle`](crate::Tx::settle) says how that ends. Each value is bound as one of its own, not
/// borrowed: it may wait for the rows of other acts. No `on conflict do nothing`: what is there already must be told.
#[macro_export]
macro_rules! insert_later {
    ($tx:expr, $head:expr, $rows:expr, |$row:ident, $item:pat_param| $bind:block $(, $tail:expr)? $(,)?) => {
        match $crate::Tx::later(&mut *$tx, $head) {
            $crate::Later::Sqlite(batch) => {
                let insert = batch.insert($head, concat!($($tail)?));
                for $item in $rows {
                    let $row = insert.row();
                    $bind
                }
            }
            $crate::Later::Postgres(query) => {
                query.push($head).push_values($rows, |mut $row, $item| $bind)$(.push($tail))?;
            }
        }
    };
}

/// Like [`insert_rows!`](crate::insert_rows) for statements that answer with rows: `insert … values … returning …`,
/// or `with wanted (a) as (values …) select …`.
#[macro_export]
macro_rules! query_rows {
    ($tx:expr, $head:expr, $rows:expr, |$row:ident, $item:ident| $bind:block, $tail:expr $(,)?) => {
        async {
            let mut returned = Vec::new();
            for chunk in ($rows).chunks($crate::ROWS_MAX) {
                returned.append(&mut match $crate::Tx::ready_with(&mut *$tx).await? {
                    (opening, $crate::Conn::Sqlite(conn)) => {
                        let mut query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Sqlite>::new(opening);
                        let (before, after) = $crate::as_few($head, chunk.len());
                        query.push($head).push(before).push_values(chunk, |mut $row, $item| $bind);
                        query.push(after).push($tail);
                        query.build_query_as().fetch_all(conn).await?
                    }
                    (_, $crate::Conn::Postgres(conn)) => {
                        let mut query = $crate::sqlx::QueryBuilder::<$crate::sqlx::Postgres>::new($head);
                        query.push_values(chunk, |mut $row, $item| $bind).push($tail);
                        query.build_query_as().fetch_all(conn).await?
                    }
                });
            }
            Ok::<_, $crate::Error>(returned)
        }
        .await
    };
}
