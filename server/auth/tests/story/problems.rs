//! Problems: kept by kind, told to administrators only, settled by acts.

use crate::shop::{HERE, Shop, root, via};
use auth::Auth;
use db::test::on_each;
use log::Trouble;
use model::{
    Actor, Doing, Error, Grant, NewReport, PersonId, Principal, ProblemFilter, ProblemSource, Role, SeenError,
    Settling, StoreId,
};

fn trouble(what: &str) -> Trouble {
    let doing = Doing { ticket: "T-1".into(), screen: "/stock?q=typed".into(), ..Doing::default() };
    let source = ProblemSource::Server;
    Trouble { source, what: what.into(), place: "server/a.rs".into(), doing, reporter: String::new() }
}

fn seen(what: &str) -> SeenError {
    SeenError { what: what.into(), place: "/pkg/app.js:1:2".into(), doing: Doing::default() }
}

fn someone(name: &str, role: Role, person: PersonId) -> Actor {
    let grants = vec![Grant { role, store: None }];
    Actor { principal: Principal::Person(person), name: name.into(), grants, scopes: None, via: via("tablet") }
}

async fn open(auth: &Auth) -> Vec<model::Problem> {
    auth.problems(&root(), ProblemFilter::Open).await.expect("a list").list
}

#[tokio::test]
async fn the_same_trouble_is_one_problem_with_a_count_and_another_is_another() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        for line in 1..=3 {
            shop.auth.keep_problem(trouble(&format!("row {line} is gone"))).await.expect("kept");
        }
        shop.auth.keep_problem(trouble("the disk is full")).await.expect("kept");
        let problems = open(&shop.auth).await;
        assert_eq!(problems.len(), 2);
        let rows = problems.iter().find(|problem| problem.what.starts_with("row")).expect("the first kind");
        assert_eq!((rows.times, rows.what.as_str(), rows.ticket.as_str()), (3, "row 3 is gone", "T-1"));
        assert_eq!(rows.doing.screen, "/stock", "what stands behind the ? may have been typed");
        assert_eq!(shop.lines("log.problem_found").await, 2, "the journal is told of a kind, not of each time");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_problem_is_taken_closed_and_opened_again_and_each_is_a_line() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let olga = shop.person("olga", Role::Administrator, None).await;
        let olga = someone("Olga", Role::Administrator, olga);
        shop.auth.keep_problem(trouble("it broke")).await.expect("kept");
        let id = open(&shop.auth).await[0].id;
        let do_it = async |settling: Settling| shop.auth.settle_problem(&olga, id, settling).await;
        do_it(Settling::Take).await.expect("taken");
        assert_eq!(do_it(Settling::Take).await, Err(Error::NotFound), "it is taken already");
        let mine = shop.auth.problems(&olga, ProblemFilter::Mine).await.expect("a list").list;
        assert_eq!(mine[0].taken_by_name, "olga of the shop");
        do_it(Settling::Close("mended".into())).await.expect("closed");
        let closed = shop.auth.problems(&olga, ProblemFilter::Closed).await.expect("a list");
        assert_eq!((closed.list[0].closing.as_str(), closed.open), ("mended", 0));
        assert_eq!(do_it(Settling::Close(String::new())).await, Err(Error::NotFound), "it is closed already");
        do_it(Settling::Reopen).await.expect("opened");
        do_it(Settling::Close(String::new())).await.expect("closed again");
        shop.auth.keep_problem(trouble("it broke")).await.expect("kept");
        assert!(open(&shop.auth).await[0].open, "one that comes back opens by itself");
        for (topic, lines) in
            [("taken", 1), ("closed", 2), ("reopened", 1), ("found", 2)].map(|(t, n)| (format!("log.problem_{t}"), n))
        {
            assert_eq!(shop.lines(&topic).await, lines, "{topic}");
        }
        let long = Settling::Close("x".repeat(501));
        assert!(matches!(do_it(long).await, Err(Error::Invalid(_))));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn anybody_reports_and_only_administrators_see_and_settle() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = shop.person("ann", Role::Employee, None).await;
        let ann = someone("Ann", Role::Employee, ann);
        let report = NewReport { note: " the till is \"slow\" ".into(), doing: Doing::default() };
        let id = shop.auth.report_problem(&ann, report.clone()).await.expect("reported");
        assert_ne!(shop.auth.report_problem(&ann, report).await.expect("reported"), id, "each report is its own");
        assert!(matches!(shop.auth.problems(&ann, ProblemFilter::Open).await, Err(Error::Forbidden(_))));
        assert!(matches!(shop.auth.settle_problem(&ann, id, Settling::Take).await, Err(Error::Forbidden(_))));
        let local = Grant { role: Role::Administrator, store: Some(StoreId::new()) };
        let local = Actor { grants: vec![local], ..ann.clone() };
        let refused = shop.auth.problems(&local, ProblemFilter::Open).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "they belong to the whole house");
        assert!(matches!(shop.auth.settle_problem(&local, id, Settling::Take).await, Err(Error::Forbidden(_))));
        let all = open(&shop.auth).await;
        assert_eq!((all.len(), all[0].what.as_str()), (2, "the till is \"slow\""));
        assert_eq!(all[0].reporter, "Ann");
        let long = NewReport { note: "x".repeat(1_001), doing: Doing::default() };
        assert!(matches!(shop.auth.report_problem(&ann, long).await, Err(Error::Invalid(_))));
        let lines = shop.bodies("log.problem_reported").await;
        assert_eq!(lines.len(), 2);
        assert!(!lines[0].contains("slow"), "a journal cannot forget what somebody wrote");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_broken_browser_fills_nothing_and_what_was_typed_is_not_kept() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let secret = "Unexpected token, \"hunter2\" is not JSON at ann@example.org";
        shop.auth.see_error(None, HERE, "Chrome", seen(secret)).await.expect("seen");
        let kept = open(&shop.auth).await;
        assert!(!format!("{kept:?}").contains("hunter2") && !format!("{kept:?}").contains("example.org"), "{kept:?}");
        assert_eq!(kept[0].doing.device, "Chrome");
        assert!(!shop.bodies("").await.join("\n").contains("hunter2"));
        let mut refused = 0;
        for number in 0..30 {
            let what = format!("kind {}", char::from(b'a' + number));
            match shop.auth.see_error(None, HERE, "Chrome", seen(&what)).await {
                Ok(()) => {}
                Err(Error::TooMany(seconds)) => refused += u32::from(seconds > 0),
                Err(error) => panic!("{error}"),
            }
        }
        assert!(refused >= 5, "only {refused} were refused");
        let elsewhere = "10.0.0.9".parse().expect("an address");
        shop.auth.see_error(None, elsewhere, "Chrome", seen("from another desk")).await.expect("others are heard");
        let long = shop.auth.see_error(None, elsewhere, "Chrome", seen(&"x".repeat(5_000))).await;
        assert!(matches!(long, Err(Error::Invalid(_))));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_browsers_make_up_takes_no_line_of_the_journal_from_the_server() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        for number in 0..60_u8 {
            let (from, what) = ([10, 0, 0, number].into(), format!("{} is no function", letters(number)));
            shop.auth.see_error(Some(&root()), from, "Chrome", seen(&what)).await.expect("seen");
        }
        shop.auth.keep_problem(trouble("the disk is full")).await.expect("kept");
        let lines = shop.bodies("log.problem_found").await;
        assert_eq!(lines.len(), 21, "twenty of browsers, and ours");
        assert!(lines[20].contains("the disk is full"), "{lines:?}");
        shop.close().await;
    })
    .await;
}

/// Another word for each number: kinds that differ in a figure only are one.
fn letters(number: u8) -> String {
    [number / 26, number % 26].map(|part| char::from(b'a' + part)).iter().collect()
}
