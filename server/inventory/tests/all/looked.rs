//! What no index knows is looked for as far back as is said, on both engines: orders by what they say, and the history by a text.

use crate::common::{Open, line, open, receipt};
use crate::promise::order;
use db::{query_rows, test::on_each};
use model::{Actor, DocumentKind, Error, HistoryQuery, Order, Page, PaperId, PostingId, Role, Time};
use storeroom_inventory::OrderFilter;

fn asked(search: &str) -> OrderFilter {
    OrderFilter { store: "LON".into(), search: search.into(), limit: 10, ..OrderFilter::default() }
}

impl Open {
    async fn draft_for(&self, customer: &str, contact: &str, reference: &str) -> Order {
        let mut new = order(&[("CUP", "1")]);
        new.content.customer = Some(customer.into());
        new.content.contact = Some(contact.into());
        new.content.reference = Some(reference.into());
        self.inventory.add_order(&self.owner, new).await.expect("drafted")
    }

    async fn order_numbers(&self, who: &Actor, filter: &OrderFilter) -> Vec<String> {
        let listed = self.inventory.orders(who, filter).await.expect("readable").data;
        listed.into_iter().map(|order| order.number).collect()
    }

    /// Writes drafts of nobody, later than all others.
    async fn later_drafts(&self, count: i64) {
        let start = Time::now().plus_seconds(60).micros();
        let drafts: Vec<(PaperId, String, Time)> = (0..count)
            .map(|at| (PaperId::new(), format!("CO-LATER-{start}-{at}"), Time::from_micros(start + at)))
            .collect();
        let mut tx = self.db.begin().await.expect("a transaction");
        let papers: db::Result<Vec<(PaperId,)>> = query_rows!(
            &mut tx,
            "with wanted (id, number, at) as (",
            &drafts,
            |row, draft| {
                row.push_bind(draft.0).push_bind(&draft.1).push_bind(draft.2);
            },
            ") insert into inventory_paper (id, kind, store, number, state, version, content_hash, principal, author,
                                            created_at, changed_at, journal)
             select w.id, p.kind, p.store, w.number, p.state, p.version, p.content_hash, p.principal, p.author, w.at, w.at,
                    p.journal
             from wanted w cross join inventory_paper p where p.number = 'CO-LON-1' returning id"
        );
        let orders: db::Result<Vec<(PaperId,)>> = query_rows!(
            &mut tx,
            "with wanted (id) as (",
            &drafts,
            |row, draft| {
                row.push_bind(draft.0);
            },
            ") insert into inventory_order (paper, customer) select w.id, 'Nobody' from wanted w returning paper"
        );
        assert_eq!((papers.expect("written").len(), orders.expect("written").len()), (drafts.len(), drafts.len()));
        tx.commit().await.expect("committed");
    }

    /// Writes sales of nothing, later than all that happened.
    async fn later_sales(&self, count: i64) {
        let start = Time::now().plus_seconds(60).micros();
        let sales: Vec<(PostingId, Time)> =
            (0..count).map(|at| (PostingId::new(), Time::from_micros(start + at))).collect();
        let mut tx = self.db.begin().await.expect("a transaction");
        let postings: db::Result<Vec<(PostingId,)>> = query_rows!(
            &mut tx,
            "with wanted (id, at) as (",
            &sales,
            |row, sale| {
                row.push_bind(sale.0).push_bind(sale.1);
            },
            ") insert into inventory_posting (id, payload_hash, kind, outcome, answer, store, principal, actor, device,
                                              occurred_at, recorded_at, journal)
             select w.id, p.payload_hash, 'sale', p.outcome, p.answer, p.store, p.principal, p.actor, p.device, w.at, w.at,
                    p.journal
             from wanted w cross join inventory_posting p where p.number = 'R-1' returning id"
        );
        assert_eq!(postings.expect("written").len(), sales.len());
        tx.commit().await.expect("committed");
    }
}

#[tokio::test]
async fn an_order_is_found_by_its_number_and_by_who_it_is_for() {
    on_each(async |db| {
        let store = open(db).await;
        store.draft_for("Íñigo Ruiz", "inigo@example.org", "PO-9").await;
        store.draft_for("Ada Byron", "020 7946", "W-77").await;
        store.draft_for("Ada Lovelace", "020 1000", "100%").await;
        let owner = &store.owner;
        for (search, numbers) in [
            ("co-lon-2", "CO-LON-2"),
            (" ADA ", "CO-LON-3 CO-LON-2"),
            ("ada b", "CO-LON-2"),
            ("ÍÑIGO", "CO-LON-1"),
            ("7946", "CO-LON-2"),
            ("po-9", "CO-LON-1"),
            ("0%", "CO-LON-3"),
            ("CO-LON", ""),
            ("nobody", ""),
            ("", "CO-LON-3 CO-LON-2 CO-LON-1"),
        ] {
            assert_eq!(store.order_numbers(owner, &asked(search)).await.join(" "), numbers, "{search}");
        }
        let first = store.inventory.orders(owner, &OrderFilter { limit: 1, ..asked("ada") }).await.expect("readable");
        assert_eq!((first.data.len(), first.next.is_some()), (1, true));
        let after = first.data.last().map(|order| (order.changed_at, order.id));
        let second = store.inventory.orders(owner, &OrderFilter { after, ..asked("ada") }).await.expect("readable");
        assert_eq!((second.data[0].number.as_str(), second.data.len(), second.next), ("CO-LON-2", 1, None));
        let closed = OrderFilter { state: Some("closed".into()), ..asked("ada") };
        assert_eq!(store.order_numbers(owner, &closed).await, Vec::<String>::new());
        let drafts = OrderFilter { state: Some("draft".into()), ..asked("co-lon-3") };
        assert_eq!(store.order_numbers(owner, &drafts).await, ["CO-LON-3"]);
        let long = store.inventory.orders(owner, &asked(&"x".repeat(101))).await;
        assert!(matches!(long, Err(Error::Invalid(_))), "{long:?}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_an_order_is_for_is_not_guessed_by_searching() {
    on_each(async |db| {
        let store = open(db).await;
        store.draft_for("Ada Byron", "020 7946", "W-77").await;
        let looker = store.someone(Role::ReadOnly).await;
        for hidden in ["ada", "7946"] {
            assert_eq!(store.order_numbers(&looker, &asked(hidden)).await, Vec::<String>::new(), "{hidden}");
            assert_eq!(store.order_numbers(&store.owner, &asked(hidden)).await, ["CO-LON-1"], "{hidden}");
        }
        for open in ["w-77", "CO-LON-1"] {
            assert_eq!(store.order_numbers(&looker, &asked(open)).await, ["CO-LON-1"], "{open}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_looked_for_in_the_latest_orders_and_a_number_in_all() {
    on_each(async |db| {
        let store = open(db).await;
        store.draft_for("Ada Byron", "020 7946", "W-77").await;
        store.later_drafts(1_999).await;
        assert_eq!(store.order_numbers(&store.owner, &asked("byron")).await, ["CO-LON-1"]);
        store.later_drafts(1).await;
        assert_eq!(store.order_numbers(&store.owner, &asked("byron")).await, Vec::<String>::new());
        let drafts = OrderFilter { state: Some("draft".into()), ..asked("byron") };
        assert_eq!(store.order_numbers(&store.owner, &drafts).await, Vec::<String>::new());
        assert_eq!(store.order_numbers(&store.owner, &asked("co-lon-1")).await, ["CO-LON-1"]);
        assert_eq!(store.order_numbers(&store.owner, &asked("nobody")).await.len(), 10);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_history_looks_for_a_text_in_so_many_postings_and_says_where_to_go_on() {
    on_each(async |db| {
        let store = open(db).await;
        let mut new = receipt(vec![line("MUG", "5")]);
        new.number = Some("R-1".into());
        let old = store.inventory.post_receipt(&store.owner, new).await.expect("posted").id;
        let page = async |text: &str, kind: Option<DocumentKind>, after: Option<(Time, PostingId)>| {
            let query = HistoryQuery { store: "LON".into(), text: text.into(), kind, ..HistoryQuery::default() };
            let page = store.inventory.history(&store.owner, &query, after, 10).await.expect("readable");
            let Page { data, next, .. } = page;
            (data.into_iter().map(|line| line.posting).collect::<Vec<_>>(), next)
        };
        store.later_sales(4_999).await;
        assert_eq!(page("a mug", None, None).await.0, [old], "it is the last that is looked at");
        store.later_sales(1).await;
        let (none, next) = page("a mug", None, None).await;
        let next = next.expect("there are more");
        assert!(none.is_empty());
        let (at, id) = next.split_once('\n').expect("a place");
        let after = (Time::from_micros(at.parse().expect("a moment")), id.parse().expect("an id"));
        assert_eq!(page("a mug", None, Some(after)).await, (vec![old], None));
        let received = page("a mug", Some(DocumentKind::Receipt), None).await;
        assert_eq!(received, (vec![old], None), "sales are not looked at");
        for text in ["R-1".to_owned(), old.to_string()] {
            assert_eq!(page(&text, None, None).await, (vec![old], Some(next.clone())), "{text} is found however old");
        }
        assert_eq!(page("", None, None).await.0.len(), 10);
        store.close().await;
    })
    .await;
}
