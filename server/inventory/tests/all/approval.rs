//! Who approves by value: steps for each kind of document, each stricter than the one below, and never the author; on both
//! engines.

use crate::buying::{colleague, order, supplier};
use crate::common::{Open, adjustment, item, limit_of, line, money, open, receipt, units};
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Action, Actor, Amount, ApprovalLimit, Approver, Corrected, Correction, CorrectionStep, CountBy, CountDone,
    CountEntryId, Error, Grant, ItemKind, NewCountEntries, NewCountEntry, NewItem, NewStockCount, PaperId, PaperKind,
    PersonId, Principal, PurchaseState, Refusal, Result, Role, RulesPatch, StoreRules, TransferStep,
};
use storeroom_inventory::ReviewPart;

const KINDS: [PaperKind; 4] = [PaperKind::PurchaseOrder, PaperKind::Transfer, PaperKind::Count, PaperKind::Adjustment];

fn steps(kind: PaperKind, of: &[(&str, Approver)]) -> Vec<ApprovalLimit> {
    of.iter()
        .map(|(amount, approver)| ApprovalLimit { kind, amount: Some(money(amount)), approver: *approver })
        .collect()
}

/// Above 100 another manager, above 1 000 an administrator, above 10 000 one of all stores.
fn three(kind: PaperKind) -> Vec<ApprovalLimit> {
    steps(kind, &[("100", Approver::Manager), ("1000", Approver::Administrator), ("10000", Approver::Chief)])
}

/// What each value asks for, on both sides of each step.
const EDGES: [(&str, Option<Approver>); 8] = [
    ("0.01", None),
    ("100", None),
    ("100.01", Some(Approver::Manager)),
    ("1000", Some(Approver::Manager)),
    ("1000.01", Some(Approver::Administrator)),
    ("10000", Some(Approver::Administrator)),
    ("10000.01", Some(Approver::Chief)),
    ("900000", Some(Approver::Chief)),
];

fn refused(by: Approver) -> Error {
    if by == Approver::Chief { Refusal::OnlyChief.into() } else { Refusal::OnlyAdministrator.into() }
}

/// LON with its steps, and whoever approves there, the least strict first.
struct House {
    store: Open,
    approvers: [(Approver, Actor); 3],
    ann: Actor,
}

impl House {
    async fn open(db: db::Db) -> Self {
        let store = open(db).await;
        let all = KINDS.map(three).concat();
        store.set(all).await.expect("set");
        let person = |grant: Grant| Actor {
            principal: Principal::Person(PersonId::new()),
            grants: vec![grant],
            ..Actor::system("somebody")
        };
        let chief = person(Grant { role: Role::Administrator, store: None });
        let approvers = [
            (Approver::Manager, store.someone(Role::Manager).await),
            (Approver::Administrator, store.someone(Role::Administrator).await),
            (Approver::Chief, chief),
        ];
        let ann = store.someone(Role::Employee).await;
        Self { store, approvers, ann }
    }

    /// An item of which one is worth that.
    async fn worth(&self, sku: &str, price: &str) {
        let new = NewItem { price: Some(money(price)), ..item(sku, ItemKind::Stocked) };
        self.store.inventory.add_item(&self.store.owner, new).await.expect("added");
    }

    async fn held(&self, sku: &str) -> Option<Correction> {
        match self.store.inventory.correct(&self.ann, adjustment(sku, "-1")).await.expect("told") {
            Corrected::Held(held) => Some(*held),
            Corrected::Posted(_) => None,
        }
    }
}

impl Open {
    async fn set(&self, limits: Vec<ApprovalLimit>) -> Result<StoreRules> {
        self.inventory.change_rules(&self.owner, "LON", RulesPatch { lock_day: None, limits }).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_approved_by_whom_its_value_asks_for_and_never_by_its_author() {
    on_each(async |db| {
        let House { store, approvers, .. } = House::open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        // The author is the strictest there is: that does not help.
        let author = colleague(&approvers[2].1, "Olga");
        for (value, by) in EDGES {
            let written = inventory.add_purchase(&author, order(&acme, &[("CUP", "1", value)])).await.expect("written");
            assert_eq!((written.approved_by, written.above_limit), (by, by.is_some()), "{value}");
            let submitted = inventory.submit_purchase(&author, written.id, None).await.expect("submitted");
            let Some(by) = by else {
                assert_eq!(submitted.state, PurchaseState::Approved, "{value} is the author's to approve");
                continue;
            };
            let own = inventory.approve_purchase(&author, written.id, None).await;
            assert_eq!(own, Err(Refusal::OwnWork.into()), "{value}");
            for (rank, who) in &approvers {
                let answer = inventory.approve_purchase(who, written.id, None).await;
                if rank < &by {
                    assert_eq!(answer, Err(refused(by)), "{value} is not for {rank:?}");
                } else {
                    assert_eq!(answer.expect("approved").state, PurchaseState::Approved, "{value} by {rank:?}");
                    break;
                }
            }
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_waits_for_whom_its_value_asks_for_whatever_the_steps_are_by_then() {
    on_each(async |db| {
        let house = House::open(db).await;
        let (store, inventory) = (&house.store, &house.store.inventory);
        for (at, (value, by)) in EDGES.into_iter().enumerate() {
            let sku = format!("W{at}");
            house.worth(&sku, value).await;
            let held = house.held(&sku).await;
            assert_eq!(held.as_ref().and_then(|held| held.approved_by), by, "{value}");
            let (Some(held), Some(by)) = (held, by) else { continue };
            for (rank, who) in &house.approvers {
                let seen = inventory.correction(who, held.id).await.expect("theirs to see").data;
                assert_eq!(seen.next.contains(&CorrectionStep::Approve), rank >= &by, "{value} for {rank:?}");
                let answer = inventory.approve_correction(who, held.id, None).await;
                if rank < &by {
                    assert_eq!(answer.map(drop), Err(refused(by)), "{value} is not for {rank:?}");
                } else {
                    assert_eq!(answer.expect("approved").approved_by, None, "nobody has to any more");
                    break;
                }
            }
        }
        // Nobody knows what it is worth: the strictest says.
        let unknown = NewItem { price: None, ..item("ODD", ItemKind::Stocked) };
        inventory.add_item(&store.owner, unknown).await.expect("added");
        assert_eq!(house.held("ODD").await.expect("it waits").approved_by, Some(Approver::Chief));

        // The steps are others by now: somebody else approves it still, the lowest who may.
        let (large, larger) = (house.held("W4").await.expect("it waits"), house.held("W6").await.expect("it waits"));
        store.set(steps(PaperKind::Adjustment, &[("5000", Approver::Administrator)])).await.expect("set");
        let seen = async |id| inventory.correction(&store.owner, id).await.expect("readable").data.approved_by;
        assert_eq!(
            (seen(large.id).await, seen(larger.id).await),
            (Some(Approver::Administrator), Some(Approver::Administrator))
        );
        let patch = limit_of(PaperKind::Adjustment, None);
        inventory.change_rules(&store.owner, "LON", patch).await.expect("lifted");
        assert_eq!(seen(large.id).await, Some(Approver::Manager));
        inventory.approve_correction(&house.approvers[0].1, large.id, None).await.expect("approved");
        store.assert_sound().await;
        house.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_and_counts_ask_by_the_same_steps() {
    on_each(async |db| {
        let house = House::open(db).await;
        let (store, inventory, owner) = (&house.store, &house.store.inventory, &house.store.owner);
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        for (at, (value, by)) in EDGES.into_iter().enumerate() {
            let sku = format!("W{at}");
            house.worth(&sku, value).await;
            inventory.post_receipt(owner, receipt(vec![line(&sku, "3")])).await.expect("posted");
            let lines = vec![Amount { sku: sku.clone(), quantity: units("1"), serials: Vec::new(), lot: None }];
            let trip = inventory.add_transfer(&house.ann, to_paris(lines)).await.expect("opened");
            assert_eq!((trip.approved_by, trip.needs_approval), (by, by.is_some()), "{value}");

            let id = PaperId::new();
            let skus = vec![sku.clone()];
            let new = NewStockCount {
                id,
                store: "LON".into(),
                by: CountBy::Items,
                place: None,
                skus,
                most: None,
                due_on: None,
                note: None,
            };
            inventory.open_count(&house.ann, new).await.expect("opened");
            let entry = NewCountEntry {
                id: CountEntryId::new(),
                code: sku,
                quantity: units("2"),
                counted_at: None,
                shelf: None,
            };
            let entries = NewCountEntries { sent_at: None, entries: vec![entry] };
            inventory.enter_counts(&house.ann, id, entries).await.expect("counted");
            inventory.submit_count(&house.ann, id, None, CountDone { none_found: false }).await.expect("handed in");
            let (rank, who) = &house.approvers[0];
            let review = inventory.review_count(who, id, ReviewPart::Open).await.expect("theirs to look at");
            assert_eq!((review.approved_by, review.above_limit), (by, by.is_some()), "{value}");
            assert_eq!(review.administrator, by.is_some_and(|by| by > *rank), "{value}");
            if let Some(by) = by.filter(|by| by > rank) {
                let answer = inventory.step_transfer(who, trip.id, step(TransferStep::Approve)).await;
                assert_eq!(answer.map(drop), Err(refused(by)), "{value}");
                assert_eq!(inventory.approve_count(who, id, None).await.map(drop), Err(refused(by)), "{value}");
                let (_, enough) = house.approvers.iter().find(|(rank, _)| *rank == by).expect("somebody");
                inventory.step_transfer(enough, trip.id, step(TransferStep::Approve)).await.expect("approved");
                inventory.approve_count(enough, id, None).await.expect("approved");
            }
        }
        store.assert_sound().await;
        house.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_rise_in_value_and_strictness_and_a_kind_that_is_named_gets_those_and_no_others() {
    on_each(async |db| {
        let store = open(db).await;
        let (orders, counts) = (PaperKind::PurchaseOrder, PaperKind::Count);
        let (manager, administrator, chief) = (Approver::Manager, Approver::Administrator, Approver::Chief);
        let wrong = [
            (steps(orders, &[("1", manager), ("2", administrator), ("3", chief), ("4", chief)]), "too_many"),
            (steps(orders, &[("1", manager), ("1", administrator)]), "steps"),
            (steps(orders, &[("1", administrator), ("2", manager)]), "steps"),
            (steps(orders, &[("1", manager), ("2", manager)]), "steps"),
            (steps(orders, &[("-1", manager)]), "amount"),
            (steps(PaperKind::Order, &[("1", manager)]), "kind"),
            (steps(PaperKind::SupplierReturn, &[("1", manager)]), "kind"),
        ];
        for (limits, what) in wrong {
            let answer = store.set(limits).await;
            let Err(Error::Invalid(flaws)) = answer else { panic!("{answer:?}") };
            assert_eq!(flaws[0].code, what);
        }
        // In whatever order they are told.
        let mut told = three(orders);
        told.reverse();
        let told = [told, steps(counts, &[("0", chief)])].concat();
        let rules = store.set(told).await.expect("set");
        assert_eq!(rules.limits, [steps(counts, &[("0", chief)]), three(orders)].concat());
        let rules = store.set(steps(orders, &[("7", administrator)])).await.expect("set");
        assert_eq!(rules.limits, [steps(counts, &[("0", chief)]), steps(orders, &[("7", administrator)])].concat());
        let none = ApprovalLimit { kind: counts, amount: None, approver: manager };
        let rules = store.set(vec![none]).await.expect("lifted");
        assert_eq!(rules.limits, steps(orders, &[("7", administrator)]), "what is not named stays");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_step_of_who_administers_all_stores_is_not_lifted_by_who_administers_one() {
    on_each(async |db| {
        let House { store, approvers: [_, (_, administrator), (_, chief)], .. } = House::open(db).await;
        let kind = PaperKind::Adjustment;
        let set = async |who: &Actor, limits| {
            store.inventory.change_rules(who, "LON", RulesPatch { lock_day: None, limits }).await
        };
        let none = || vec![ApprovalLimit { kind, amount: None, approver: Approver::default() }];
        let forbidden = || Err(Error::Forbidden(Action::ManageStores));
        assert_eq!(set(&administrator, none()).await, forbidden());
        let higher = [&three(kind)[..2], &steps(kind, &[("900000", Approver::Chief)])].concat();
        assert_eq!(set(&administrator, higher).await, forbidden());
        set(&administrator, three(kind)).await.expect("as it is");
        set(&chief, none()).await.expect("lifted by who may");
        assert_eq!(set(&administrator, three(kind)).await, forbidden(), "nor set");
        set(&administrator, three(kind)[..2].to_vec()).await.expect("the others are theirs");
        store.close().await;
    })
    .await;
}
