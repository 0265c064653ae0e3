//! Exceptions over REST: a till's unknown code, what it took to close it, and who is told nothing.

use crate::kit::{Ask, on_each};
use model::{ItemId, PostingId};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_till_s_unknown_code_is_listed_until_an_item_has_it_and_then_the_same_sale_is_posted() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let lines = json!([{ "sku": "5012345678900", "quantity": "1" }]);
        let sale = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        let refused = shop.post(&key, "/api/v1/sales", &sale).await;
        assert_eq!((refused.status, refused.text().contains("unknown_sku")), (422, true), "{}", refused.text());
        let list = "/api/v1/exceptions?store=LON&kind=unknown_barcode";
        let page = shop.get(&key, list).await.json();
        let open = &page["data"][0];
        assert_eq!((&open["code"], &open["kind"]), (&json!("5012345678900"), &json!("unknown_barcode")));
        assert_eq!(shop.get(&key, "/api/v1/exceptions?store=LON&kind=count_conflict").await.json()["data"], json!([]));
        assert_eq!(shop.get(&key, "/api/v1/exceptions?store=LON&kind=odd").await.status, 400);
        let item = json!({ "id": ItemId::new(), "sku": "5012345678900", "name": "Pen" });
        assert_eq!(shop.post(&key, "/api/v1/items", &item).await.status, 201);
        assert_eq!(shop.get(&key, list).await.json()["data"], json!([]));
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale).await.status, 201, "sent again it is posted");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sell_there_tells_of_no_code() {
    on_each(async |shop| {
        let (reader, elsewhere) =
            (shop.key(&["stock:read"], Some(&shop.london)).await, shop.key(&["all"], Some(&shop.paris)).await);
        let lines = json!([{ "sku": "5012345678900", "quantity": "1" }]);
        let sale = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        assert_eq!(shop.post(&reader, "/api/v1/sales", &sale).await.status, 403);
        assert_eq!(shop.post(&elsewhere, "/api/v1/sales", &sale).await.status, 404);
        assert_eq!(shop.get(&elsewhere, "/api/v1/exceptions?store=LON").await.status, 404);
        let mut page = shop.get(&reader, "/api/v1/exceptions?store=LON").await.json();
        assert_eq!(page["data"].take(), json!([]));
        let nobody = Ask::get("/api/v1/exceptions?store=LON").send(shop.at).await;
        assert_eq!(nobody.status, 401);
        shop.close().await;
    })
    .await;
}
