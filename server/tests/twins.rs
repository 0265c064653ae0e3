//! The two engines' migrations are twins: the same files, and from them the same tables, columns and indexes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use db::{Db, Engine};

/// What a database is made of, in words that both engines can say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    /// Table, column with its place, and how it is typed and filled.
    columns: BTreeSet<(String, String)>,
    /// Table and column of the primary key.
    keys: BTreeSet<(String, String)>,
    /// Table, index and column with its place in it.
    indexes: BTreeSet<(String, String)>,
}

#[test]
fn each_migration_has_its_twin() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert!(!sqlite.is_empty(), "no migration was found, so this test would say nothing");
    let alone: Vec<&String> = sqlite.symmetric_difference(&postgres).collect();
    assert!(alone.is_empty(), "these migrations are there for one engine only: {alone:?}");
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let seen: Mutex<Vec<Shape>> = Mutex::default();
    db::test::on_each(async |db| {
        let shape = shape(&db).await;
        seen.lock().expect("no other story holds it").push(shape);
    })
    .await;
    let seen = seen.into_inner().expect("the stories are over");
    let [sqlite, postgres] = seen.as_slice() else { panic!("the story is told on {} engines, not on two", seen.len()) };
    let found = [sqlite.columns.len(), sqlite.keys.len(), sqlite.indexes.len()];
    assert!(
        found.iter().all(|count| *count > 10),
        "only {found:?} columns, keys and indexes were found: this test would say nothing"
    );
    the_same(&sqlite.columns, &postgres.columns, "the columns");
    the_same(&sqlite.keys, &postgres.keys, "the primary keys");
    the_same(&sqlite.indexes, &postgres.indexes, "the indexes");
}

#[test]
fn a_column_that_may_be_empty_on_one_engine_is_found() {
    let row = |what: &str| BTreeSet::from([("auth_person".to_owned(), what.to_owned())]);
    let found = apart(&row("3 name text not null"), &row("3 name text"));
    let expected = ["SQLite only: auth_person 3 name text not null", "PostgreSQL only: auth_person 3 name text"];
    assert_eq!(found, expected, "one may be empty, the other may not");
}

#[test]
fn equal_columns_are_not_apart() {
    let row = BTreeSet::from([("auth_person".to_owned(), "3 name text".to_owned())]);
    assert_eq!(apart(&row, &row), Vec::<String>::new(), "they are the same");
}

fn migrations(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(engine);
    let entries = fs::read_dir(folder).expect("each engine has a folder of migrations");
    entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned()).collect()
}

/// Fails with all that differs, one a line.
fn the_same(sqlite: &BTreeSet<(String, String)>, postgres: &BTreeSet<(String, String)>, what: &str) {
    let apart = apart(sqlite, postgres);
    assert!(apart.is_empty(), "{what} differ:\n  {}", apart.join("\n  "));
}

fn apart(sqlite: &BTreeSet<(String, String)>, postgres: &BTreeSet<(String, String)>) -> Vec<String> {
    let only = |engine: &str, these: &BTreeSet<(String, String)>, those: &BTreeSet<(String, String)>| -> Vec<String> {
        these.difference(those).map(|(table, what)| format!("{engine} only: {table} {what}")).collect()
    };
    [only("SQLite", sqlite, postgres), only("PostgreSQL", postgres, sqlite)].concat()
}

async fn shape(db: &Db) -> Shape {
    match db.engine() {
        Engine::Sqlite => Shape {
            columns: rows(db, SQLITE_COLUMNS).await,
            keys: rows(db, SQLITE_KEYS).await,
            indexes: rows(db, SQLITE_INDEXES).await,
        },
        Engine::Postgres => Shape {
            columns: rows(db, POSTGRES_COLUMNS).await,
            keys: rows(db, POSTGRES_KEYS).await,
            indexes: rows(db, POSTGRES_INDEXES).await,
        },
    }
}

async fn rows(db: &Db, query: &'static str) -> BTreeSet<(String, String)> {
    let mut tx = db.read().await.expect("a snapshot opens");
    let rows: db::Result<Vec<(String, String)>> = db::fetch_all!(&mut tx, query);
    let rows = rows.expect("the catalogue can be read").into_iter();
    // Letters inside words: SQLite has tables for finding them, PostgreSQL an index.
    let theirs = ["_sqlx", "sqlite_", "inventory_trigram"];
    let theirs = |table: &str, what: &str| {
        theirs.iter().any(|start| table.starts_with(start)) || what.starts_with("inventory_item_search ")
    };
    rows.filter(|(table, what)| !theirs(table, what)).collect()
}

const SQLITE_COLUMNS: &str = "
    select t.name, (c.cid + 1) || ' ' || c.name || ' ' || lower(c.type)
           || case when c.\"notnull\" or c.pk then ' not null' else '' end
    from sqlite_schema t join pragma_table_info(t.name) c
    where t.type = 'table'";

/// PostgreSQL's types by what SQLite calls their storage; it leaves a gap where a column was dropped.
const POSTGRES_COLUMNS: &str = "
    select cast(table_name as text),
           row_number() over (partition by table_name order by ordinal_position) || ' ' || column_name || ' '
           || case data_type when 'bigint' then 'integer' when 'boolean' then 'integer' when 'uuid' then 'blob'
                             when 'bytea' then 'blob' else data_type end
           || case is_nullable when 'NO' then ' not null' else '' end
    from information_schema.columns
    where table_schema = current_schema()
      and table_name in (select tablename from pg_tables where schemaname = current_schema())";

const SQLITE_KEYS: &str = "
    select t.name, c.pk || ' ' || c.name
    from sqlite_schema t join pragma_table_info(t.name) c
    where t.type = 'table' and c.pk > 0";

const POSTGRES_KEYS: &str = "
    select cast(i.indrelid as regclass)::text, k.place || ' ' || a.attname
    from pg_index i
    cross join lateral unnest(i.indkey) with ordinality k (attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indisprimary and i.indrelid in (select oid from pg_class where relnamespace = current_schema()::regnamespace)";

const SQLITE_INDEXES: &str = "
    select t.name, l.name || case l.\"unique\" when 1 then ' unique ' else ' ' end
           || case l.partial when 1 then 'partial ' else '' end || (c.seqno + 1) || ' ' || coalesce(c.name, 'expression')
    from sqlite_schema t join pragma_index_list(t.name) l join pragma_index_info(l.name) c
    where t.type = 'table' and l.origin = 'c'";

const POSTGRES_INDEXES: &str = "
    select cast(i.indrelid as regclass)::text, n.relname || case when i.indisunique then ' unique ' else ' ' end
           || case when i.indpred is not null then 'partial ' else '' end
           || k.place || ' ' || coalesce(a.attname, 'expression')
    from pg_index i
    join pg_class n on n.oid = i.indexrelid
    cross join lateral unnest(i.indkey) with ordinality k (attnum, place)
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
    where n.relnamespace = current_schema()::regnamespace
      and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)";
