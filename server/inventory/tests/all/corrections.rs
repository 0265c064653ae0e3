//! Corrections above the store's limit: they wait, somebody else decides, and only then the stock changes.

use crate::common::{Open, adjustment, booked, item, limit_of, money, open, units};
use db::execute;
use db::test::on_each;
use model::{
    Action, Actor, ApprovalLimit, Approver, Corrected, Correction, CorrectionQuery, CorrectionState, CorrectionStep,
    Error, HistoryQuery, ItemKind, Line, Meant, NewAdjustment, NewCount, NewReversal, PaperId, PaperKind, PostingId,
    Quantity, Receipt, Refusal, Result, Reused, Role, RulesPatch, Time,
};

/// Four people: ann and bob are employees, mark and mia managers.
struct Shop {
    store: Open,
    ann: Actor,
    bob: Actor,
    mark: Actor,
    mia: Actor,
}

impl Shop {
    /// Opens the store with a limit for corrections.
    async fn with_limit(db: db::Db, limit: &str) -> Self {
        let store = open(db).await;
        let named = |actor: Actor, name: &str| Actor { name: name.to_owned(), ..actor };
        let ann = named(store.someone(Role::Employee).await, "Ann");
        let bob = named(store.someone(Role::Employee).await, "Bob");
        let mark = named(store.someone(Role::Manager).await, "Mark");
        let mia = named(store.someone(Role::Manager).await, "Mia");
        let limit = limit_of(PaperKind::Adjustment, Some(money(limit)));
        store.inventory.change_rules(&store.owner, "LON", limit).await.expect("set");
        Self { store, ann, bob, mark, mia }
    }

    async fn held(&self, who: &Actor, new: NewAdjustment) -> Correction {
        held(self.store.inventory.correct(who, new).await)
    }

    async fn on_hand(&self, sku: &str) -> Quantity {
        let level = self.store.inventory.level(&self.store.owner, "LON", sku).await.expect("readable");
        level.map(|level| level.on_hand).unwrap_or_default()
    }

    async fn read(&self, id: PaperId, who: &Actor) -> Correction {
        self.store.inventory.correction(who, id).await.expect("readable").data
    }

    async fn undo(&self, who: &Actor, id: PaperId) -> Result<Receipt> {
        let reversal = NewReversal { id: PostingId::new(), reason: None };
        self.store.inventory.reverse(who, PostingId(id.0), reversal).await
    }

    async fn end(self) {
        self.store.assert_sound().await;
        self.store.close().await;
    }
}

fn held<T: Into<Option<Corrected>>>(answer: Result<T>) -> Correction {
    match answer.expect("it waits").into() {
        Some(Corrected::Held(correction)) => *correction,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn within_the_limit_it_is_booked_and_above_it_waits() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        // A cup is 2.55.
        let small = booked(inventory.correct(&shop.ann, adjustment("CUP", "3")).await.expect("booked"));
        assert_eq!(small.lines[0].on_hand, Some(units("3")));
        let large = adjustment("CUP", "-4");
        let waiting = shop.held(&shop.ann, large.clone()).await;
        assert_eq!((waiting.number.as_str(), waiting.state), ("AJ-LON-1", CorrectionState::Waiting));
        assert_eq!((waiting.value, waiting.author.as_str()), (Some(money("10.20")), "Ann"));
        assert_eq!(waiting.next, [CorrectionStep::Withdraw]);
        assert_eq!(shop.on_hand("CUP").await, units("3"), "nothing has changed");
        let known = inventory.receipt(&shop.ann, large.id).await;
        assert_eq!(known, Err(Error::NotFound), "the ledger has not heard of it");

        // Two small lines are one large correction, whichever way each goes.
        let line = |sku: &str, quantity: &str| Line {
            sku: sku.into(),
            quantity: units(quantity),
            reason: None,
            lot: None,
            serials: Vec::new(),
        };
        let lines = vec![line("CUP", "2"), line("MUG", "-2")];
        let both = shop.held(&shop.bob, NewAdjustment { lines, ..adjustment("CUP", "1") }).await;
        assert_eq!((both.value, both.lines.len()), (Some(money("10.20")), 2));
        let list = async |state| {
            let query = CorrectionQuery { store: "LON".into(), state, after: None };
            inventory.corrections(&shop.ann, &query, 1).await.expect("a page")
        };
        let first = list(Some(CorrectionState::Waiting)).await;
        assert_eq!((first.data[0].number.as_str(), first.data[0].lines, first.next.is_some()), ("AJ-LON-2", 2, true));
        let last = (first.data[0].changed_at, first.data[0].id);
        let query = CorrectionQuery { store: "LON".into(), state: None, after: Some(last) };
        let second = inventory.corrections(&shop.ann, &query, 1).await.expect("a page");
        assert_eq!((second.data[0].number.as_str(), second.next), ("AJ-LON-1", None));
        assert!(list(Some(CorrectionState::Posted)).await.data.is_empty());
        let waits = async |who| inventory.waiting(who, "LON").await.expect("counted").data.corrections;
        assert_eq!((waits(&shop.mark).await, waits(&shop.ann).await), (2, 0), "hers is not hers to approve");
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn somebody_else_approves_and_it_is_booked_as_of_its_moment_and_under_its_authors_name() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        let occurred_at = Some(Time::now().plus_seconds(-3_600));
        let new = NewAdjustment { occurred_at, number: Some("B-7".into()), ..adjustment("CUP", "-5") };
        let waiting = shop.held(&shop.mark, new.clone()).await;
        let own = inventory.approve_correction(&shop.mark, waiting.id, None).await;
        assert_eq!(own, Err(Refusal::OwnWork.into()), "a manager's own is somebody else's to approve");
        let employee = inventory.approve_correction(&shop.ann, waiting.id, None).await;
        assert_eq!(employee, Err(Error::Forbidden(Action::Approve)));
        let stale = inventory.approve_correction(&shop.mia, waiting.id, Some(7)).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));

        let told = inventory.approve_correction(&shop.mia, waiting.id, Some(1)).await.expect("approved");
        assert_eq!((told.state, told.version, told.approver.as_deref()), (CorrectionState::Posted, 2, Some("Mia")));
        assert_eq!(shop.on_hand("CUP").await, units("-5"));
        let receipt = inventory.receipt(&shop.mia, new.id).await.expect("posted");
        assert_eq!((Some(receipt.occurred_at), receipt.number.as_deref()), (occurred_at, Some("AJ-LON-1")));
        assert_eq!((told.reference.as_deref(), told.author.as_str()), (Some("B-7"), "Mark"));
        let again = inventory.approve_correction(&shop.mia, waiting.id, Some(1)).await.expect("answered again");
        assert_eq!(again.version, 2, "it is not done twice");
        let late = inventory.approve_correction(&shop.store.owner, waiting.id, None).await;
        assert_eq!(late, Err(Refusal::WrongState { state: "posted".into() }.into()));

        let page = HistoryQuery { store: "LON".into(), ..HistoryQuery::default() };
        let history = inventory.history(&shop.ann, &page, None, 5).await.expect("readable");
        assert_eq!(history.data[0].actor, "Mark", "it stays his");
        let found = inventory.meaning(&shop.ann, "LON", "aj-lon-1").await.expect("readable");
        assert!(matches!(found, Meant::Paper { kind: PaperKind::Adjustment, .. }), "{found:?}");

        // Undone like any other: by its author within 15 minutes, and the document says so.
        let stranger = shop.undo(&shop.ann, waiting.id).await;
        assert_eq!(stranger, Err(Error::Forbidden(Action::Reverse)));
        shop.undo(&shop.mark, waiting.id).await.expect("undone");
        assert_eq!(shop.on_hand("CUP").await, units("0"));
        let undone = shop.read(waiting.id, &shop.mark).await;
        assert_eq!((undone.state, undone.may_undo), (CorrectionState::Undone, false));
        assert_eq!(shop.undo(&shop.mark, waiting.id).await, Err(Refusal::AlreadyReversed.into()));
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn an_employee_undoes_their_own_after_it_was_approved() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "0").await;
        let waiting = shop.held(&shop.ann, adjustment("CUP", "1")).await;
        shop.store.inventory.approve_correction(&shop.mark, waiting.id, None).await.expect("approved");
        assert!(shop.read(waiting.id, &shop.ann).await.may_undo && !shop.read(waiting.id, &shop.bob).await.may_undo);
        shop.undo(&shop.ann, waiting.id).await.expect("it is hers");
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_rejected_or_taken_back_changes_nothing() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        let new = adjustment("CUP", "-9");
        let waiting = shop.held(&shop.ann, new.clone()).await;
        let silent = inventory.reject_correction(&shop.mark, waiting.id, None, " ").await;
        assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
        let employee = inventory.reject_correction(&shop.bob, waiting.id, None, "no").await;
        assert_eq!(employee, Err(Error::Forbidden(Action::Approve)));
        let told = inventory.reject_correction(&shop.mark, waiting.id, Some(1), "count again").await.expect("rejected");
        assert_eq!((told.state, told.word.as_deref()), (CorrectionState::Rejected, Some("count again")));
        let late = inventory.approve_correction(&shop.mia, waiting.id, None).await;
        assert_eq!(late, Err(Refusal::WrongState { state: "rejected".into() }.into()));
        let again = shop.held(&shop.ann, new).await;
        assert_eq!((again.state, again.version), (CorrectionState::Rejected, 2), "sent again it is told as it is");

        let other = shop.held(&shop.ann, adjustment("MUG", "-9")).await;
        for who in [&shop.bob, &shop.mark] {
            let foreign = inventory.withdraw_correction(who, other.id, None).await;
            assert_eq!(foreign, Err(Error::Forbidden(Action::Approve)), "only its author takes it back");
        }
        let told = inventory.withdraw_correction(&shop.ann, other.id, None).await.expect("taken back");
        assert_eq!((told.state, told.next.as_slice()), (CorrectionState::Withdrawn, [].as_slice()));
        assert_eq!(shop.undo(&shop.mark, other.id).await, Err(Error::NotFound), "there is nothing to undo");
        assert_eq!((shop.on_hand("CUP").await, shop.on_hand("MUG").await), (units("0"), units("0")));
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_id_is_the_same_correction_whatever_became_of_the_limit() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        let new = adjustment("CUP", "-9");
        let (one, two) =
            tokio::join!(inventory.correct(&shop.ann, new.clone()), inventory.correct(&shop.ann, new.clone()));
        assert_eq!(held(one).number, held(two).number, "at once, and it is one");
        let other = NewAdjustment { reason: "lost".into(), ..new.clone() };
        assert_eq!(inventory.correct(&shop.ann, other).await, Err(Error::Conflict(Reused::Id)));
        let before = adjustment("CUP", "1");
        let receipt = booked(inventory.correct(&shop.ann, before.clone()).await.expect("booked"));
        let owner = &shop.store.owner;
        inventory.change_rules(owner, "LON", limit_of(PaperKind::Adjustment, Some(money("0")))).await.expect("set");
        let again = booked(inventory.correct(&shop.ann, before).await.expect("answered"));
        assert_eq!(again, receipt, "what was booked stays booked");
        inventory.change_rules(owner, "LON", limit_of(PaperKind::Adjustment, None)).await.expect("lifted");
        let waiting = shop.held(&shop.ann, new.clone()).await;
        assert_eq!(waiting.state, CorrectionState::Waiting, "what waits goes on waiting");
        let promoted = Actor { grants: shop.mark.grants.clone(), ..shop.ann.clone() };
        let own = inventory.approve_correction(&promoted, waiting.id, None).await;
        assert_eq!(own, Err(Refusal::OwnWork.into()), "and for somebody else, although there is no limit now");
        inventory.approve_correction(&shop.mark, waiting.id, None).await.expect("approved");
        assert_eq!(shop.held(&shop.ann, new).await.state, CorrectionState::Posted);
        assert_eq!(shop.on_hand("CUP").await, units("-8"));
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn what_nobody_knows_the_worth_of_waits_once_there_is_a_limit() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "1000000").await;
        let inventory = &shop.store.inventory;
        let new = ::model::NewItem { price: None, ..item("GIFT", ItemKind::Stocked) };
        inventory.add_item(&shop.store.owner, new).await.expect("added");
        let waiting = shop.held(&shop.ann, adjustment("GIFT", "-1")).await;
        assert_eq!((waiting.value, waiting.lines[0].value), (None, None));
        let lifted = limit_of(PaperKind::Adjustment, None);
        inventory.change_rules(&shop.store.owner, "LON", lifted).await.expect("lifted");
        booked(inventory.correct(&shop.ann, adjustment("GIFT", "-1")).await.expect("booked"));
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn a_count_of_one_item_waits_too_and_a_later_count_is_told() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        let count = |counted: &str, version| {
            let (store, sku, reason) = ("LON".into(), "CUP".into(), "miscounted".into());
            NewCount { id: PostingId::new(), store, sku, counted: units(counted), version, reason }
        };
        let large = count("9", 0);
        let waiting = held(inventory.count(&shop.ann, large.clone()).await);
        assert_eq!((waiting.lines[0].quantity, waiting.lines[0].counted_since), (units("9"), false));
        assert_eq!(held(inventory.count(&shop.ann, large).await).id, waiting.id, "sent again it is the same");
        booked(inventory.count(&shop.bob, count("3", 0)).await.expect("booked"));
        assert!(shop.read(waiting.id, &shop.mark).await.lines[0].counted_since, "somebody has counted since");
        inventory.approve_correction(&shop.mark, waiting.id, None).await.expect("approved all the same");
        assert_eq!(shop.on_hand("CUP").await, units("12"));
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_is_booked_into_closed_books_by_an_approval() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let inventory = &shop.store.inventory;
        let occurred_at = "2026-03-15T12:00:00Z".parse().ok();
        let new = NewAdjustment { occurred_at, ..adjustment("CUP", "-9") };
        let waiting = shop.held(&shop.ann, new.clone()).await;
        let lock = |day: &str| RulesPatch { lock_day: Some(day.into()), ..RulesPatch::default() };
        inventory.change_rules(&shop.store.owner, "LON", lock("2026-03-31")).await.expect("locked");
        let closed = inventory.approve_correction(&shop.mark, waiting.id, None).await;
        assert!(matches!(&closed, Err(Error::Invalid(flaws)) if flaws[0].code == "locked"), "{closed:?}");
        assert_eq!(shop.read(waiting.id, &shop.mark).await.state, CorrectionState::Waiting);
        let told = inventory.correct(&shop.ann, NewAdjustment { id: PostingId::new(), ..new }).await;
        assert!(matches!(&told, Err(Error::Invalid(flaws)) if flaws[0].code == "locked"), "{told:?}");
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn where_the_store_leaves_it_to_administrators_no_manager_approves() {
    on_each(async |db| {
        let shop = Shop::with_limit(db, "10").await;
        let (inventory, owner) = (&shop.store.inventory, &shop.store.owner);
        let limit =
            ApprovalLimit { kind: PaperKind::Adjustment, amount: Some(money("10")), approver: Approver::Administrator };
        let patch = RulesPatch { limits: vec![limit.clone()], ..RulesPatch::default() };
        let rules = inventory.change_rules(owner, "LON", patch).await.expect("set");
        assert_eq!(rules.limits, [limit]);
        let waiting = shop.held(&shop.ann, adjustment("CUP", "-9")).await;
        assert_eq!(shop.read(waiting.id, &shop.mark).await.next, [CorrectionStep::Reject]);
        let manager = inventory.approve_correction(&shop.mark, waiting.id, None).await;
        assert_eq!(manager, Err(Refusal::OnlyAdministrator.into()));
        let boss = shop.store.someone(Role::Administrator).await;
        assert!(shop.read(waiting.id, &boss).await.next.contains(&CorrectionStep::Approve));
        inventory.approve_correction(&boss, waiting.id, None).await.expect("approved");
        shop.end().await;
    })
    .await;
}

#[tokio::test]
async fn verify_finds_what_was_posted_without_a_second_person() {
    on_each(async |db| {
        let shop = Shop::with_limit(db.clone(), "10").await;
        let waiting = shop.held(&shop.ann, adjustment("CUP", "-9")).await;
        shop.store.inventory.approve_correction(&shop.mark, waiting.id, None).await.expect("approved");
        shop.store.assert_sound().await;
        let mut tx = db.begin().await.expect("a transaction");
        execute!(&mut tx, "update inventory_paper set approved_by = principal where id = $1", waiting.id)
            .expect("written");
        tx.commit().await.expect("committed");
        let findings = shop.store.inventory.verify(&shop.store.owner).await.expect("readable");
        assert!(findings.iter().any(|finding| finding.what.contains("AJ-LON-1")), "{findings:?}");
        shop.store.close().await;
    })
    .await;
}
