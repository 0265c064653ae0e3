//! The journal as people read it: filtered, page by page, with names; only for who may.

use crate::shop::{Shop, root, via};
use db::test::on_each;
use model::{
    Activity, ActivityKind, ActivityQuery, Actor, Error, Grant, PersonId, Principal, Role, Scope, StoreId, Time,
};

async fn ask(shop: &Shop, query: ActivityQuery) -> Activity {
    shop.auth.activity(&root(), &query).await.expect("a page")
}

fn topics(page: &Activity) -> Vec<&str> {
    page.lines.iter().map(|line| line.topic.as_str()).collect()
}

#[tokio::test]
async fn lines_are_newest_first_and_named_and_filtered() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = shop.person("ann", Role::Employee, None).await;
        shop.sign_in("ann").await;
        shop.try_sign_in("ann", "wrong password 1").await.expect_err("refused");
        shop.auth.grant(&root(), ann, Grant { role: Role::Manager, store: None }).await.expect("granted");
        shop.lines("auth.role_granted").await;
        let all = ask(&shop, ActivityQuery::default()).await;
        let newest = ["auth.role_granted", "auth.sign_in_failed", "auth.signed_in", "auth.person_added"];
        assert_eq!(topics(&all), newest);
        assert_eq!(all.lines[0].person.as_deref(), Some("ann of the shop"));
        assert_eq!(all.lines[0].word.as_deref(), Some("manager"));
        assert!(all.older.is_none() && all.as_of == 4);
        assert!(all.doers.iter().any(|doer| doer.name == "ann of the shop"));
        let by = ActivityQuery { person: Principal::Person(ann).to_string(), ..ActivityQuery::default() };
        assert_eq!(topics(&ask(&shop, by).await), ["auth.signed_in"]);
        let problems = ActivityQuery { kind: ActivityKind::Problems, ..ActivityQuery::default() };
        assert_eq!(topics(&ask(&shop, problems).await), ["auth.sign_in_failed"]);
        let changes = ActivityQuery { kind: ActivityKind::Changes, ..ActivityQuery::default() };
        assert!(ask(&shop, changes).await.lines.is_empty());
        let text = ActivityQuery { text: "MANAGER".into(), ..ActivityQuery::default() };
        assert_eq!(topics(&ask(&shop, text).await), ["auth.role_granted"]);
        let any = ActivityQuery { text: "%".into(), ..ActivityQuery::default() };
        assert!(ask(&shop, any).await.lines.is_empty(), "a sign of the database means itself");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_and_what_is_new_is_told() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        for number in 0..60 {
            shop.person(&format!("p{number}"), Role::Employee, None).await;
        }
        shop.lines("auth.person_added").await;
        let first = ask(&shop, ActivityQuery::default()).await;
        let before = first.older;
        let second = ask(&shop, ActivityQuery { before, ..ActivityQuery::default() }).await;
        let seqs: Vec<i64> = first.lines.iter().chain(&second.lines).map(|line| line.seq).collect();
        assert_eq!(seqs, (1..=60).rev().collect::<Vec<_>>());
        assert!(second.older.is_none() && second.doers.is_empty());
        shop.person("late", Role::Employee, None).await;
        shop.lines("auth.person_added").await;
        let news = ask(&shop, ActivityQuery { after: Some(first.as_of), ..ActivityQuery::default() }).await;
        assert_eq!(news.lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [61]);
        assert!(news.older.is_none(), "there is nothing between");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_day_holds_its_own_lines_and_another_none() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        shop.lines("auth.person_added").await;
        let today: String = Time::now().to_string().chars().take(10).collect();
        let on = |day: &str| ActivityQuery { day: day.into(), zone: "Etc/UTC".into(), ..ActivityQuery::default() };
        assert_eq!(ask(&shop, on(&today)).await.lines.len(), 1);
        assert!(ask(&shop, on("2026-01-02")).await.lines.is_empty());
        let bad = shop.auth.activity(&root(), &on("yesterday")).await;
        assert!(matches!(bad, Err(Error::Invalid(_))));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn only_who_reads_the_journal_sees_it_and_of_one_store_only_its_lines() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        shop.lines("auth.person_added").await;
        let with = |role, store| Actor {
            principal: Principal::Person(PersonId::new()),
            name: "Someone".into(),
            grants: vec![Grant { role, store }],
            scopes: None,
            via: via("tablet"),
        };
        for role in [Role::Employee, Role::Manager, Role::ReadOnly, Role::Integration] {
            let refused = shop.auth.activity(&with(role, None), &ActivityQuery::default()).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{role:?}");
        }
        let here = StoreId::new();
        shop.person("pia", Role::Employee, Some(here)).await;
        for (name, stores) in [("their key", Scope::Only(vec![here])), ("another key", Scope::All)] {
            shop.auth.add_key(&root(), name, &["all".to_owned()], &stores, None).await.expect("a key");
        }
        let local = with(Role::Administrator, Some(here));
        let page = shop.auth.activity(&local, &ActivityQuery::default()).await.expect("a page");
        assert!(page.lines.is_empty(), "what belongs to no store is for who reads all: {page:?}");
        let names: Vec<_> = page.doers.iter().map(|doer| doer.name.as_str()).collect();
        assert_eq!(names, ["pia of the shop", "their key", "Storeroom"], "nobody of other stores is named");
        shop.close().await;
    })
    .await;
}
