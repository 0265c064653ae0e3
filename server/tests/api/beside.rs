//! What runs beside the requests: a house that is opened sweeps away what has had its time.

use model::{Actor, ClientKey, Via};
use std::time::{Duration, Instant};
use storeroom::{House, Place};

#[tokio::test(flavor = "multi_thread")]
async fn an_old_answer_is_gone_soon_after_the_house_has_opened() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let house = House::open(&Place::folder(folder.path())).await.expect("the house opens");
    let key = ClientKey { key: "old".to_owned(), request_hash: vec![1], status: 201 };
    let via = Via { request_id: "r-1".to_owned(), device: "till".to_owned(), client_key: Some(key.clone()) };
    let till = Actor { via, ..Actor::system("till") };
    house.auth.keep_answer(&till, 409, &serde_json::json!({}), None).await.expect("it is kept");
    let mut tx = house.db.begin().await.expect("a transaction");
    db::execute!(&mut tx, "update auth_answer set created_at = 0").expect("it ages");
    tx.commit().await.expect("it ages");
    assert!(
        house.auth.recall(&till, &key).await.expect("it reads").is_some(),
        "nothing sweeps before the house starts"
    );
    let beside = house.start();
    let until = Instant::now() + Duration::from_secs(20);
    while house.auth.recall(&till, &key).await.expect("it reads").is_some() {
        assert!(Instant::now() < until, "it is gone within 20 s");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    house.close(beside).await;
}
