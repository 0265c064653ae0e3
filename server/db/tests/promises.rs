//! The database keeps its promises: groups, undone acts, one process, and both engines through one text.

use db::test::on_each;
use db::{Db, Error, Result, Tx, execute, fetch_all, fetch_one, fetch_optional, insert_later, insert_rows, query_rows};
use storeroom_db as db;

async fn table(db: &Db) {
    let mut tx = db.begin().await.expect("a transaction");
    execute!(&mut tx, "create table db_tally (id bigint primary key, size bigint not null)").expect("a table");
    tx.commit().await.expect("committed");
}

// SQLite's STRICT tables know no `bigint`; this one is not strict, as it is the test's own.
async fn count(db: &Db) -> i64 {
    let mut tx = db.read().await.expect("a snapshot");
    let (count,): (i64,) = fetch_one!(&mut tx, "select count(*) from db_tally").expect("a count");
    count
}

/// The count once it stays: who was cut while it committed may be a moment late.
async fn settled(db: &Db) -> i64 {
    let mut before = -1;
    loop {
        let now = count(db).await;
        if now == before {
            return now;
        }
        before = now;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
}

#[tokio::test]
async fn what_is_committed_is_there_and_what_is_dropped_is_not() {
    on_each(async |db| {
        table(&db).await;
        let mut kept = db.begin().await.expect("a transaction");
        execute!(&mut kept, "insert into db_tally values ($1, $2)", 1_i64, 10_i64).expect("inserted");
        kept.commit().await.expect("committed");
        let mut dropped = db.begin().await.expect("a transaction");
        execute!(&mut dropped, "insert into db_tally values ($1, $2)", 2_i64, 20_i64).expect("inserted");
        drop(dropped);
        assert_eq!(count(&db).await, 1);
        let mut tx = db.begin().await.expect("the writer is free again");
        let none: Option<(i64,)> =
            fetch_optional!(&mut tx, "select size from db_tally where id = $1", 2_i64).expect("readable");
        assert_eq!(none, None);
    })
    .await;
}

#[tokio::test]
async fn acts_that_share_a_commit_are_undone_one_by_one() {
    on_each(async |db| {
        table(&db).await;
        let acts = (0..300_i64).map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.expect("a transaction");
                execute!(&mut tx, "insert into db_tally values ($1, $2)", id, id).expect("inserted");
                if id % 3 == 0 {
                    drop(tx);
                    return 0;
                }
                if id % 3 == 1 {
                    let twice = execute!(&mut tx, "insert into db_tally values ($1, $2)", id, id);
                    assert!(matches!(twice, Err(Error::Duplicate(_))), "{twice:?}");
                    drop(tx);
                    return 0;
                }
                tx.commit().await.expect("committed");
                1
            })
        });
        let mut committed = 0;
        for act in acts.collect::<Vec<_>>() {
            committed += act.await.expect("no panic");
        }
        assert_eq!(committed, 100);
        assert_eq!(count(&db).await, 100);
    })
    .await;
}

/// What an act of the next test does: the number behind the one that it remembers, or else reads.
struct Last(i64);

async fn add_next(mut tx: Tx, at: i64) -> Result<Option<i64>> {
    let last = match tx.memo().and_then(db::Memo::take) {
        Some(Last(last)) => last,
        None => fetch_one!(&mut tx, "select coalesce(max(id), 0) from db_tally").map(|(last,): (i64,)| last)?,
    };
    let next = last + 1;
    if let Some(memo) = tx.memo() {
        memo.keep(Last(next));
    }
    insert_later!(&mut tx, "insert into db_tally (id, size) ", [next], |row, next| {
        row.push_bind(next).push_bind(at);
    });
    match at % 7 {
        // It changes its mind, with its row kept back or written.
        1 => Ok(None),
        2 => tx.settle().await.map(|()| None),
        // Its second row is there already.
        3 => {
            insert_later!(&mut tx, "insert into db_tally (id, size) ", [next], |row, next| {
                row.push_bind(next).push_bind(at);
            });
            tx.commit().await.map(|()| Some(next))
        }
        4 => {
            let (seen,): (i64,) = fetch_one!(&mut tx, "select max(id) from db_tally")?;
            assert_eq!(seen, next, "it sees its own row, and none of one that was undone");
            tx.commit().await.map(|()| Some(next))
        }
        _ => tx.commit().await.map(|()| Some(next)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acts_that_are_written_together_end_as_if_each_were_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open_sqlite(&folder.path().join("storeroom.db")).await.expect("it opens");
    table(&db).await;
    let acts = (0..700_i64).map(|at| {
        let db = db.clone();
        tokio::spawn(async move {
            // Some ask for no company.
            if at % 11 != 0 {
                let together = add_next(db.begin_among_others().await?, at).await;
                if !matches!(together, Err(Error::Busy)) {
                    return together;
                }
            }
            add_next(db.begin().await?, at).await
        })
    });
    let mut numbers = Vec::new();
    for (at, act) in (0..).zip(acts.collect::<Vec<_>>()) {
        match (at % 7, act.await.expect("no panic")) {
            (1 | 2, Ok(None)) | (3, Err(Error::Duplicate(_))) => {}
            (0 | 4..=6, Ok(Some(number))) => numbers.push(number),
            (_, other) => panic!("act {at} ended with {other:?}"),
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=400).collect::<Vec<_>>(), "each was told a number of its own, without a gap");
    assert_eq!(count(&db).await, 400);
    db.close().await;
}

#[tokio::test]
async fn rows_that_are_kept_back_go_in_on_both_engines() {
    on_each(async |db| {
        table(&db).await;
        let mut tx = db.begin_among_others().await.expect("a transaction");
        insert_later!(&mut tx, "insert into db_tally (id, size) ", 1..=200_i64, |row, id| {
            row.push_bind(id).push_bind(id * 10);
        });
        tx.commit().await.expect("committed");
        let mut twin = db.begin().await.expect("a transaction");
        insert_later!(&mut twin, "insert into db_tally (id, size) ", [200_i64], |row, id| {
            row.push_bind(id).push_bind(0_i64);
        });
        let told = twin.commit().await;
        assert!(matches!(told, Err(Error::Duplicate(_))), "{told:?}");
        let mut tx = db.read().await.expect("a snapshot");
        let (sum,): (i64,) = fetch_one!(&mut tx, "select cast(sum(size) as bigint) from db_tally").expect("a sum");
        assert_eq!((count(&db).await, sum), (200, 201_000));
    })
    .await;
}

#[tokio::test]
async fn an_act_that_is_cancelled_anywhere_leaves_nothing_behind() {
    on_each(async |db| {
        table(&db).await;
        for round in 0..200_i64 {
            let act = async {
                if round % 2 == 0 {
                    let mut tx = db.begin().await?;
                    execute!(&mut tx, "insert into db_tally values ($1, $2)", round, round)?;
                    return tx.commit().await;
                }
                let mut tx = db.begin_among_others().await?;
                insert_later!(&mut tx, "insert into db_tally (id, size) ", [round], |row, round| {
                    row.push_bind(round).push_bind(round);
                });
                if round % 4 == 1 {
                    tx.settle().await?;
                }
                tx.commit().await
            };
            let patience = std::time::Duration::from_micros(u64::try_from(round * 7).expect("small"));
            // Cut somewhere between the first poll and the last.
            let _cut = tokio::time::timeout(patience, act).await;
        }
        let before = settled(&db).await;
        let mut tx = db.begin().await.expect("the writer is free again");
        execute!(&mut tx, "insert into db_tally values ($1, $2)", 1_000_i64, 1_i64).expect("inserted");
        tx.commit().await.expect("committed");
        assert_eq!(count(&db).await, before + 1);
        let mut tx = db.read().await.expect("a snapshot");
        let wrong: Vec<(i64, i64)> =
            fetch_all!(&mut tx, "select id, size from db_tally where id <> size and id < 1000").expect("readable");
        assert!(wrong.is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_rows_go_in_and_come_back_through_one_statement() {
    on_each(async |db| {
        table(&db).await;
        let rows: Vec<(i64, i64)> = (0..2_500).map(|id| (id, id * 2)).collect();
        let mut tx = db.begin().await.expect("a transaction");
        let touched = insert_rows!(
            &mut tx,
            "insert into db_tally (id, size) ",
            &rows,
            |row, pair| {
                row.push_bind(pair.0).push_bind(pair.1);
            },
            " on conflict do nothing"
        );
        assert_eq!(touched.expect("inserted"), 2_500);
        let wanted = [3_i64, 5, 99_999];
        let found: Vec<(i64,)> = query_rows!(
            &mut tx,
            "with wanted (id) as (",
            &wanted,
            |row, id| {
                row.push_bind(*id);
            },
            ") select t.size from wanted join db_tally t on t.id = wanted.id order by t.id"
        )
        .expect("readable");
        assert_eq!(found, [(6,), (10,)]);
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_does_not_move_and_does_not_write() {
    on_each(async |db| {
        table(&db).await;
        let mut before = db.read().await.expect("a snapshot");
        let (seen,): (i64,) = fetch_one!(&mut before, "select count(*) from db_tally").expect("a count");
        let mut tx = db.begin().await.expect("a transaction");
        execute!(&mut tx, "insert into db_tally values (1, 1)").expect("inserted");
        tx.commit().await.expect("committed");
        let (still,): (i64,) = fetch_one!(&mut before, "select count(*) from db_tally").expect("a count");
        assert_eq!((seen, still), (0, 0));
        assert!(execute!(&mut before, "insert into db_tally values (2, 2)").is_err());
    })
    .await;
}

#[tokio::test]
async fn many_values_are_looked_up_one_by_one_however_many_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open_sqlite(&folder.path().join("storeroom.db")).await.expect("it opens");
    let mut tx = db.begin().await.expect("a transaction");
    execute!(
        &mut tx,
        "create table db_thing (id blob primary key, code text not null, name text) strict, without rowid"
    )
    .expect("a table");
    execute!(&mut tx, "create unique index db_thing_code on db_thing (code)").expect("an index");
    tx.commit().await.expect("committed");
    let wanted: Vec<Vec<u8>> = (0..1_000_u16).map(|n| n.to_be_bytes().to_vec()).collect();
    let mut tx = db.read().await.expect("a snapshot");
    let plan: Vec<(i64, i64, i64, String)> = query_rows!(
        &mut tx,
        "explain query plan with wanted (id) as (",
        &wanted,
        |row, id| {
            row.push_bind(id);
        },
        ") select t.code from wanted join db_thing t on t.id = wanted.id"
    )
    .expect("a plan");
    let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
    assert!(steps.iter().any(|step| step.starts_with("SEARCH t ")), "{steps:?}");
    assert!(!steps.iter().any(|step| step.starts_with("SCAN t ")), "{steps:?}");
    drop(tx);
    db.close().await;
}

#[tokio::test]
async fn the_log_is_folded_while_it_is_written_and_begins_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open_sqlite(&folder.path().join("storeroom.db")).await.expect("it opens");
    let mut tx = db.begin().await.expect("a transaction");
    execute!(&mut tx, "create table db_bulk (id integer primary key, load blob not null)").expect("a table");
    tx.commit().await.expect("committed");
    // Four times as long as the log becomes before it is folded.
    for id in 0..4_096_i64 {
        let mut tx = db.begin().await.expect("a transaction");
        execute!(&mut tx, "insert into db_bulk values ($1, $2)", id, vec![7_u8; 65_536]).expect("inserted");
        tx.commit().await.expect("committed");
    }
    let log = std::fs::metadata(folder.path().join("storeroom.db-wal")).expect("the log is there").len();
    assert!(log < 160 << 20, "{log} bytes");
    let mut tx = db.read().await.expect("a snapshot");
    let (rows, bytes): (i64, i64) =
        fetch_one!(&mut tx, "select count(*), cast(sum(length(load)) as bigint) from db_bulk").expect("all is there");
    assert_eq!((rows, bytes), (4_096, 4_096 * 65_536));
    drop(tx);
    db.close().await;
}

#[tokio::test]
async fn a_second_process_does_not_get_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("storeroom.db");
    let first = Db::open_sqlite(&path).await.expect("the first opens it");
    assert!(matches!(Db::open_sqlite(&path).await, Err(Error::Unfit(_))));
    drop(first);
    Db::open_sqlite(&path).await.expect("free again");
}
