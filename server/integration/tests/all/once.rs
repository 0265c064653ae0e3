//! A change that is sent again is done once.

use crate::world::{World, id, sale};
use db::test::on_each;
use futures::future::join_all;
use model::Scope;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_is_answered_again_and_done_once() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (name, sale) = (id(), sale("LON", &[("85123A", "6")]));
        let first = world.post("/sales", &name, &sale).await;
        let again = world.post("/sales", &name, &sale).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.text, again.text);
        assert_eq!(first.header("idempotent-replayed"), None);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(world.on_hand("LON", "85123A").await, "-6");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_at_the_same_moment_have_one_effect_and_equal_answers() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (name, sale) = (id(), sale("LON", &[("85123A", "1"), ("22633", "1")]));
        let answers = join_all((0..16).map(|_| world.post("/sales", &name, &sale))).await;
        for answer in &answers {
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(answer.text, answers[0].text);
        }
        assert!(answers.iter().any(|answer| answer.header("idempotent-replayed").is_none()));
        assert_eq!(world.on_hand("LON", "85123A").await, "-1");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_request_is_refused_and_changes_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        let name = id();
        world.post("/sales", &name, &sale("LON", &[("85123A", "6")])).await;
        world.post("/sales", &name, &sale("LON", &[("85123A", "7")])).await.is_problem(422, "key_reused");
        let item = json!({ "id": id(), "sku": "x", "name": "X" });
        world.post("/items", &name, &item).await.is_problem(422, "key_reused");
        assert_eq!(world.on_hand("LON", "85123A").await, "-6");
        let other = world.key_for(&["all"], Scope::All).await;
        assert_eq!(world.post_as(&other, "/items", &name, &item).await.status, 201);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_under_another_key_is_the_same_document() {
    on_each(async |db| {
        let world = World::open(db).await;
        let mut sale = sale("LON", &[("85123A", "6")]);
        let first = world.post("/sales", &id(), &sale).await;
        let again = world.post("/sales", &id(), &sale).await;
        assert_eq!(first.json(), again.json());
        sale["lines"][0]["quantity"] = json!("7");
        world.post("/sales", &id(), &sale).await.is_problem(409, "id_reused");
        assert_eq!(world.on_hand("LON", "85123A").await, "-6");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_told_again_only_to_whom_it_may_be_told() {
    on_each(async |db| {
        let world = World::open(db).await;
        let scopes = ["sales:write".to_owned(), "stock:read".to_owned()];
        let system = crate::world::root();
        let (key_id, key) = world.auth.add_key(&system, "till 2", &scopes, &Scope::All, None).await.expect("a key");
        let (name, sale) = (id(), sale("LON", &[("85123A", "6")]));
        assert_eq!(world.post_as(key.expose(), "/sales", &name, &sale).await.status, 201);
        world.auth.revoke_key(&system, key_id).await.expect("it is revoked");
        world.post_as(key.expose(), "/sales", &name, &sale).await.is_problem(401, "signed_out");
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_invalid_is_not_held_against_the_key() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (name, mut sale) = (id(), sale("LON", &[("unheard-of", "1")]));
        let problem = world.post("/sales", &name, &sale).await.is_problem(422, "invalid");
        assert_eq!(problem["flaws"][0]["field"], "lines[0].sku");
        sale["lines"][0]["sku"] = json!("85123A");
        assert_eq!(world.post("/sales", &name, &sale).await.status, 201);
        world.close().await;
    })
    .await;
}
