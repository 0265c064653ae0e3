//! What is thrown away by inspection or lost on its way obeys the store's limit for corrections, and nobody hides a loss
//! as opening stock; on both engines.

use crate::common::{Open, adjustment, booked, give_back, limit_of, line, money, open, units};
use crate::transfers::{amounts, arrive, step, to_paris};
use db::test::on_each;
use model::{
    Actor, ApprovalLimit, Approver, Corrected, Correction, CorrectionState, Error, Goods, Line, NewAdjustment,
    NewCount, NewInspection, NewReturn, NewReversal, PaperKind, PostingId, Quantity, Refusal, Result, ReturnTo, Role,
    RulesPatch, TransferState, TransferStep,
};

impl Open {
    /// Corrections above 10.00 wait; a cup is 2.55.
    async fn with_ten(&self) {
        let limit = limit_of(PaperKind::Adjustment, Some(money("10")));
        self.inventory.change_rules(&self.owner, "LON", limit).await.expect("set");
    }

    /// How many cups are set aside.
    async fn cups_aside(&self) -> Quantity {
        let page = self.inventory.set_aside(&self.owner, "LON", 200).await.expect("readable");
        page.data.first().map(|goods| goods.quantity).unwrap_or_default()
    }

    async fn held(&self, who: &Actor, new: NewInspection) -> Correction {
        match self.inventory.inspect(who, new).await.expect("told") {
            Corrected::Held(correction) => *correction,
            posted @ Corrected::Posted(_) => panic!("{posted:?}"),
        }
    }
}

fn scrap(quantity: &str) -> NewInspection {
    NewInspection {
        id: PostingId::new(),
        store: "LON".into(),
        sku: "CUP".into(),
        quantity: units(quantity),
        lot: None,
        scrap: true,
        aside: false,
        reason: "damaged".into(),
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> String {
    match answer {
        Err(Error::Invalid(flaws)) => flaws[0].code.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_set_aside_is_thrown_away_within_the_limit_and_above_it_somebody_else_approves() {
    on_each(async |db| {
        let store = open(db).await;
        store.with_ten().await;
        let inventory = &store.inventory;
        let (ann, bob) = (store.someone(Role::Employee).await, store.someone(Role::Employee).await);
        let (mark, mia) = (store.someone(Role::Manager).await, store.someone(Role::Manager).await);
        let back = NewReturn { to: ReturnTo::Quarantine, ..give_back(vec![line("CUP", "9")]) };
        inventory.post_return(&ann, back).await.expect("it came back");
        booked(inventory.inspect(&ann, scrap("3")).await.expect("within the limit"));
        assert_eq!(store.cups_aside().await, units("6"));

        let new = scrap("4");
        let waiting = store.held(&mark, new.clone()).await;
        assert_eq!((waiting.value, waiting.state), (Some(money("10.20")), CorrectionState::Waiting));
        let told = &waiting.lines[0];
        assert_eq!((told.quantity, told.aside, told.on_hand), (units("-4"), true, units("6")));
        assert_eq!(store.cups_aside().await, units("6"), "nothing has changed");
        assert_eq!(store.held(&mark, new.clone()).await.id, waiting.id, "sent again it is the same");
        let short = |available: &str| Refusal::OutOfStock { sku: "CUP".into(), available: units(available) };
        assert_eq!(inventory.inspect(&ann, scrap("7")).await, Err(short("6").into()), "that many are not there");
        let own = inventory.approve_correction(&mark, waiting.id, None).await;
        assert_eq!(own, Err(Refusal::OwnWork.into()));

        let other = store.held(&bob, scrap("4")).await;
        let done = inventory.approve_correction(&mia, waiting.id, None).await.expect("approved");
        assert_eq!((done.state, store.cups_aside().await), (CorrectionState::Posted, units("2")));
        store.assert_sound().await;
        let late = inventory.approve_correction(&mia, other.id, None).await;
        assert_eq!(late, Err(short("2").into()), "the same goods leave once");
        let still = inventory.correction(&mia, other.id).await.expect("readable").data;
        assert_eq!((still.state, still.lines[0].on_hand), (CorrectionState::Waiting, units("2")));

        let undo = NewReversal { id: PostingId::new(), reason: None };
        inventory.reverse(&mia, new.id, undo).await.expect("undone");
        assert_eq!(store.cups_aside().await, units("6"), "they wait again");
        inventory.approve_correction(&mia, other.id, None).await.expect("now they are there");
        let back = NewInspection { scrap: false, ..scrap("2") };
        booked(inventory.inspect(&ann, back).await.expect("what is sold again is no loss"));
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_loss_on_the_way_above_the_limit_is_said_by_somebody_who_had_no_part_in_it() {
    on_each(async |db| {
        let store = Open::two(db).await;
        store.with_ten().await;
        let inventory = &store.inventory;
        let (ann, pierre) = (store.person(Role::Employee, "LON").await, store.person(Role::Employee, "PAR").await);
        let (mark, mia) = (store.person(Role::Manager, "LON").await, store.person(Role::Manager, "LON").await);
        let id = inventory.add_transfer(&ann, to_paris(amounts(&[("CUP", "8")]))).await.expect("opened").id;
        inventory.step_transfer(&mark, id, step(TransferStep::Dispatch)).await.expect("sent");
        inventory.step_transfer(&pierre, id, arrive(&[("CUP", "1")], true)).await.expect("that was all");
        let settle = |goods, of: &[(&str, &str)]| step(TransferStep::Settle { goods, lines: amounts(of) });
        let lost = |of: &[(&str, &str)]| settle(Goods::WrittenOff, of);
        inventory.step_transfer(&ann, id, lost(&[("CUP", "3")])).await.expect("within the limit");
        let more = lost(&[("CUP", "1")]);
        let refused = Err(Error::Refused(Refusal::WriteOff));
        let by_parts = inventory.step_transfer(&ann, id, more.clone()).await;
        assert_eq!(by_parts, refused, "with the three it is 10.20");
        assert_eq!(inventory.step_transfer(&mark, id, more.clone()).await, refused, "he sent them");
        let told = inventory.step_transfer(&mia, id, more).await.expect("hers to say");
        assert_eq!((told.state, told.lines[0].lost), (TransferState::Short, units("4")));
        let home = inventory.step_transfer(&ann, id, settle(Goods::Home, &[])).await.expect("no loss");
        assert_eq!((home.state, home.lines[0].returned), (TransferState::Received, units("3")));

        let off = || step(TransferStep::Cancel { goods: Some(Goods::WrittenOff) });
        let send = async |sku: &str, size: &str| {
            let id = inventory.add_transfer(&ann, to_paris(amounts(&[(sku, size)]))).await.expect("opened").id;
            inventory.step_transfer(&ann, id, step(TransferStep::Dispatch)).await.expect("sent");
            id
        };
        let small = send("PLATE", "3").await;
        inventory.step_transfer(&ann, small, off()).await.expect("within the limit");
        let large = send("MUG", "4").await;
        assert_eq!(inventory.step_transfer(&ann, large, off()).await, refused);
        let by = Approver::Administrator;
        let limits = vec![ApprovalLimit { kind: PaperKind::Adjustment, amount: Some(money("10")), approver: by }];
        let patch = RulesPatch { limits, ..RulesPatch::default() };
        inventory.change_rules(&store.owner, "LON", patch).await.expect("set");
        let manager = inventory.step_transfer(&mia, large, off()).await;
        assert_eq!(manager, Err(Refusal::OnlyAdministrator.into()));
        let boss = store.person(Role::Administrator, "LON").await;
        let gone = inventory.step_transfer(&boss, large, off()).await.expect("called off");
        assert_eq!((gone.state, gone.lines[0].lost), (TransferState::Cancelled, units("4")));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_says_what_arrived_does_not_write_off_the_rest_above_the_limit() {
    on_each(async |db| {
        let store = Open::two(db).await;
        store.with_ten().await;
        let inventory = &store.inventory;
        let (ann, boss) = (store.person(Role::Employee, "LON").await, store.person(Role::Manager, "LON").await);
        let there = store.person(Role::Manager, "PAR").await;
        let both = Actor { grants: boss.grants.iter().chain(&there.grants).copied().collect(), ..boss };
        let id = inventory.add_transfer(&ann, to_paris(amounts(&[("CUP", "8")]))).await.expect("opened").id;
        inventory.step_transfer(&ann, id, step(TransferStep::Dispatch)).await.expect("sent");
        inventory.step_transfer(&both, id, arrive(&[], true)).await.expect("nothing came");
        let off = step(TransferStep::Settle { goods: Goods::WrittenOff, lines: Vec::new() });
        assert_eq!(inventory.step_transfer(&both, id, off.clone()).await, Err(Refusal::WriteOff.into()));
        let mia = store.person(Role::Manager, "LON").await;
        inventory.step_transfer(&mia, id, off).await.expect("somebody else says so");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn opening_stock_is_the_reason_of_imports_alone() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, ann) = (&store.inventory, store.someone(Role::Employee).await);
        let said = || " Opening STOCK ".to_owned();
        let head = NewAdjustment { reason: said(), ..adjustment("CUP", "-1") };
        assert_eq!(code(inventory.correct(&ann, head).await), "opening");
        let new = adjustment("CUP", "-1");
        let lines = new.lines.iter().cloned().map(|line| Line { reason: Some(said()), ..line }).collect();
        assert_eq!(code(inventory.correct(&ann, NewAdjustment { lines, ..new }).await), "opening");
        let inspection = NewInspection { reason: said(), ..scrap("1") };
        assert_eq!(code(inventory.inspect(&ann, inspection).await), "opening");
        let (store_code, sku) = ("LON".to_owned(), "CUP".to_owned());
        let count =
            NewCount { id: PostingId::new(), store: store_code, sku, counted: units("3"), version: 0, reason: said() };
        assert_eq!(code(inventory.count(&ann, count).await), "opening");
        let import = NewAdjustment { reason: "opening stock".into(), ..adjustment("CUP", "3") };
        inventory.post_adjustment(&store.owner, import).await.expect("an import says so");
        assert_eq!(store.level("CUP").await.on_hand, units("3"));
        store.close().await;
    })
    .await;
}
