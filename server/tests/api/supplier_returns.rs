//! Returns to suppliers over REST: sent once, credited by whoever saw them, undone, and refused for more than is there.

use crate::buying::{new_return, new_supplier};
use crate::kit::{Ask, on_each};
use model::PostingId;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn goods_go_back_once_and_are_credited() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let supplier = shop.post(&key, "/api/v1/suppliers", &new_supplier()).await;
        assert_eq!(supplier.status, 201, "{}", supplier.text());
        let supplier = serde_json::from_value(supplier.json()["id"].clone()).expect("an id");
        let item = json!({ "id": PostingId::new(), "sku": "BACK", "name": "Lamp" });
        assert_eq!(shop.post(&key, "/api/v1/items", &item).await.status, 201);
        let lines = json!([{ "sku": "BACK", "quantity": "3" }]);
        let receipt = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        assert_eq!(shop.post(&key, "/api/v1/receipts", &receipt).await.status, 201);

        let mut new = new_return(supplier);
        new["lines"] = json!([{ "sku": "BACK", "quantity": "2", "reason": "damaged" }]);
        let sent = shop.post(&key, "/api/v1/supplier-returns", &new).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        let sent = sent.json();
        assert_eq!((&sent["state"], &sent["lines"][0]["reason"]), (&json!("sent"), &json!("damaged")));
        let again = shop.post(&key, "/api/v1/supplier-returns", &new).await;
        assert_eq!((again.status, &again.json()["number"]), (201, &sent["number"]), "its id says that it is the same");
        new["note"] = json!("another one");
        assert_eq!(shop.post(&key, "/api/v1/supplier-returns", &new).await.status, 409, "the id is taken");
        new["id"] = json!(PostingId::new());
        let short = shop.post(&key, "/api/v1/supplier-returns", &new).await;
        assert_eq!((short.status, short.text().contains("out_of_stock")), (409, true), "{}", short.text());
        new["lines"][0]["reason"] = json!("ugly");
        assert_eq!(shop.post(&key, "/api/v1/supplier-returns", &new).await.status, 422);

        let path = format!("/api/v1/supplier-returns/{}", sent["id"].as_str().expect("an id"));
        let credit = async |seen: &str, body| {
            let ask = Ask::post(&format!("{path}/credit"), &body).header("if-match", seen);
            let ask = ask.header("idempotency-key", &PostingId::new().to_string());
            key.on(ask).send(shop.at).await
        };
        assert_eq!(credit("\"0\"", json!({ "number": "CN-7" })).await.status, 412);
        let credited = credit("\"1\"", json!({ "number": "CN-7" })).await;
        assert_eq!((credited.status, &credited.json()["credit"]), (200, &json!("CN-7")));
        let list = shop.get(&key, "/api/v1/supplier-returns?store=LON&state=credited").await.json();
        assert_eq!(list["data"][0]["number"], sent["number"]);
        let reverse = format!("/api/v1/postings/{}/reverse", sent["id"].as_str().expect("an id"));
        let undo = async || shop.post(&key, &reverse, &json!({ "id": PostingId::new() })).await.status;
        assert_eq!(undo().await, 409, "it is credited");
        assert_eq!(credit("*", json!({})).await.status, 200);
        assert_eq!(undo().await, 201);
        assert_eq!(shop.get(&key, &path).await.json()["state"], "undone");
        shop.close().await;
    })
    .await;
}
