//! What a delivery's page says of freight is what the value journal books, to the last millionth.

use crate::shop::{Shop, money, new_lines};
use model::{
    Action, Actor, DeliveryCosts, Error, Grant, LineCost, Money, NewCosts, NewReceipt, PersonId, PostingId, Principal,
    Refusal, Role, StoreId,
};

fn landed(amount: &str, what: &str) -> NewCosts {
    let (id, landed, what) = (PostingId::new(), Some(money(amount)), Some(what.to_owned()));
    NewCosts { id, occurred_at: None, lines: Vec::new(), landed, what, undoes: None }
}

fn taken_back(telling: PostingId) -> NewCosts {
    NewCosts { undoes: Some(telling), landed: None, what: None, ..landed("0", "") }
}

impl Shop {
    /// What the last telling put on each line, by what was booked.
    async fn booked(&self, delivery: PostingId) -> Vec<Money> {
        self.settle().await;
        let cost = self.report.posting_cost(&self.boss, delivery).await.expect("it is costed");
        let last = cost.data.iter().map(|entry| entry.seq).max();
        let of_last = cost.data.iter().filter(|entry| Some(entry.seq) == last && entry.account == "landed");
        let mut lines: Vec<_> = of_last.map(|entry| (entry.line, Money::from_parts(-entry.counter.parts()))).collect();
        lines.sort_unstable_by_key(|line| line.0);
        lines.into_iter().map(|line| line.1).collect()
    }
}

impl Shop {
    /// Takes back what the second telling added: once, by those who may, and each share from where it went.
    async fn take_freight_back(&self, delivery: PostingId, before: &DeliveryCosts) {
        let freight = &before.told[1];
        assert_eq!((freight.landed, freight.may_undo), (money("10"), true));
        let tell = async |actor: &Actor, new| self.inventory.tell_costs(actor, delivery, new).await.map(drop);
        let (principal, grants) =
            (Principal::Person(PersonId::new()), vec![Grant { role: Role::Employee, store: None }]);
        let ann = Actor { principal, grants, ..Actor::system("ann") };
        let theirs = tell(&ann, taken_back(freight.id)).await;
        assert_eq!(theirs, Err(Error::Forbidden(Action::Reverse)), "another person's");
        let nothing = tell(&self.boss, taken_back(PostingId::new())).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))), "{nothing:?}");
        let both = NewCosts { undoes: Some(freight.id), ..landed("1", "duty") };
        assert!(matches!(tell(&self.boss, both).await, Err(Error::Invalid(_))), "not both at once");

        let back = taken_back(freight.id);
        tell(&self.boss, back.clone()).await.expect("it is taken back");
        tell(&self.boss, back).await.expect("the same again counts once");
        let again = tell(&self.boss, taken_back(freight.id)).await;
        assert_eq!(again, Err(Error::Refused(Refusal::AlreadyReversed)));
        let booked = self.booked(delivery).await;
        let after = self.inventory.delivery_costs(&self.boss, delivery).await.expect("it reads").data;
        let fell = before.now().into_iter().zip(after.now()).map(|(before, after)| after.1.parts() - before.1.parts());
        assert_eq!(fell.map(Money::from_parts).collect::<Vec<_>>(), booked, "shown is what is booked");
        assert_eq!(booked.iter().map(|share| share.parts()).sum::<i64>(), money("-10").parts());
        assert_eq!(after.undone_by(freight.id), Some(after.actor.as_str()));
        assert!(!after.told[1].may_undo && after.told[2].may_undo);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_of_a_share_is_what_is_booked() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (id, store) = (PostingId::new(), "LON".to_owned());
        let mut lines = new_lines(&[("71053", "3", "1.37"), ("POST", "1", "4"), ("85123A", "7", "0.91")]);
        lines.push(model::NewLine { unit_price: None, ..new_lines(&[("71053", "2", "0")])[0].clone() });
        let (lots, rejected) = (Vec::new(), Vec::new());
        let new = NewReceipt {
            id,
            store,
            occurred_at: None,
            number: Some("DN-7".into()),
            order: None,
            lines,
            lots,
            rejected,
        };
        shop.inventory.post_receipt(&shop.boss, new).await.expect("it arrives");
        let sheet = async || shop.inventory.delivery_costs(&shop.boss, id).await.expect("it reads").data;
        let first = sheet().await;
        assert_eq!((first.number.as_deref(), first.lines.len(), first.undone), (Some("DN-7"), 3, false));
        assert_eq!(first.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [1, 3, 4], "postage is no goods");
        assert_eq!(first.shares(money("10")), None, "one of them has no cost");
        let lines = vec![LineCost { line: 4, unit_cost: money("1.11") }];
        let told = NewCosts { lines, ..landed("0.50", "duty") };
        shop.inventory.tell_costs(&shop.boss, id, told).await.expect("told");
        for (amount, what) in [("10", "freight"), ("0.01", "stamps"), ("333.33", "duty")] {
            let shown = sheet().await.shares(money(amount)).expect("all is known");
            assert_eq!(shown.iter().map(|share| share.parts()).sum::<i64>(), money(amount).parts());
            shop.inventory.tell_costs(&shop.boss, id, landed(amount, what)).await.expect("told");
            assert_eq!(shop.booked(id).await, shown, "{amount}");
        }
        let last = sheet().await;
        let whats: Vec<_> = last.told.iter().filter_map(|told| told.what.as_deref()).collect();
        assert_eq!(whats, ["duty", "freight", "stamps", "duty"]);
        let on_goods = last.now().iter().map(|(_, landed)| landed.parts()).sum::<i64>();
        assert_eq!(on_goods, money("343.84").parts());

        shop.take_freight_back(id, &last).await;
        let reader = Actor { grants: vec![Grant { role: Role::ReadOnly, store: None }], ..Actor::system("rita") };
        let denied = shop.inventory.delivery_costs(&reader, id).await.map(drop);
        assert_eq!(denied, Err(Error::Forbidden(Action::Receive)));
        let elsewhere = Grant { role: Role::Employee, store: Some(StoreId::new()) };
        let elsewhere = Actor { grants: vec![elsewhere], ..Actor::system("pierre") };
        assert_eq!(shop.inventory.delivery_costs(&elsewhere, id).await.map(drop), Err(Error::NotFound));
        assert_eq!(shop.verified().await, None);
        shop.close().await;
    })
    .await;
}
