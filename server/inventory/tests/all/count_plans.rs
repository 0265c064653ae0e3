//! Counts that come again by themselves: once on their day, on the store's clock, whatever looks; on both engines.

use crate::common::{Open, line, open, receipt, units};
use db::test::on_each;
use model::{
    Action, Actor, CountBy, CountDone, CountEntryId, CountMissed, CountPlan, CountPlanId, CountPlanState, CountState,
    Error, LocationId, NewCountEntries, NewCountEntry, NewCountPlan, NewPlace, PaperId, PlaceChange, ProblemFilter,
    Result, Reused, Role, StockCount, Time,
};
use storeroom_inventory::CountFilter;

fn at(time: &str) -> Time {
    time.parse().expect("a time")
}

fn plan(by: CountBy, every: i64, next_on: &str) -> NewCountPlan {
    NewCountPlan {
        store: "LON".into(),
        by,
        place: None,
        most: 2,
        every,
        next_on: next_on.into(),
        note: Some("Start at the door".into()),
        state: CountPlanState::Active,
        version: 0,
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Invalid(flaws)) => flaws[0].code.to_string(),
        other => panic!("{other:?}"),
    }
}

impl Open {
    /// LON with some of everything.
    async fn with_goods(db: db::Db) -> Self {
        let store = open(db).await;
        let lines = vec![line("CUP", "5"), line("MUG", "5"), line("PLATE", "5")];
        store.inventory.post_receipt(&store.owner, receipt(lines)).await.expect("posted");
        store
    }

    async fn plan(&self, new: NewCountPlan) -> CountPlan {
        self.inventory.save_count_plan(&self.owner, CountPlanId::new(), new).await.expect("saved")
    }

    async fn plans(&self) -> Vec<CountPlan> {
        self.inventory.count_plans(&self.owner, "LON").await.expect("readable").data
    }

    /// How many counts were made at that moment.
    async fn counts_made(&self, time: &str) -> usize {
        self.inventory.keep_count_plans_once(at(time)).await.expect("kept")
    }

    /// All of them, the latest first.
    async fn all_counts(&self) -> Vec<StockCount> {
        let filter = CountFilter { store: "LON".into(), limit: 200, ..CountFilter::default() };
        self.inventory.stock_counts(&self.owner, &filter).await.expect("readable").data
    }

    async fn give_up(&self, id: PaperId) {
        self.inventory.cancel_count(&self.owner, id, None).await.expect("given up");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_makes_its_count_once_on_its_day_from_six_on_the_stores_clock() {
    on_each(async |db| {
        let store = Open::with_goods(db).await;
        let planned = store.plan(plan(CountBy::Doubt, 7, "2027-07-05")).await;
        assert_eq!((planned.version, planned.place.as_str(), planned.last_on.as_deref()), (1, "SHOP", None));
        // London is an hour ahead in summer.
        assert_eq!(store.counts_made("2027-07-04T23:30:00Z").await, 0, "its day has begun there, its morning has not");
        assert_eq!(store.counts_made("2027-07-05T04:59:59Z").await, 0);
        let rounds = (0..4).map(|_| {
            let inventory = store.inventory.clone();
            tokio::spawn(async move { inventory.keep_count_plans_once(at("2027-07-05T05:00:00Z")).await })
        });
        let mut made = 0;
        for round in rounds.collect::<Vec<_>>() {
            match round.await.expect("it does not panic") {
                Ok(counts) => made += counts,
                Err(error) => assert_eq!(error, Error::Busy, "it is tried again"),
            }
        }
        made += store.counts_made("2027-07-05T05:01:00Z").await;
        assert_eq!(made, 1, "one of them tells it");
        let counts = store.all_counts().await;
        assert_eq!(counts.len(), 1, "whoever looked at once made one");
        let count = &counts[0];
        assert_eq!(
            (count.state, count.by, count.due_on.as_deref()),
            (CountState::Planned, CountBy::Doubt, Some("2027-07-05"))
        );
        assert_eq!(count.note.as_deref(), Some("Start at the door"));
        let progress = store.inventory.counting(&store.owner, count.id, true).await.expect("readable");
        assert_eq!(progress.left_total, 2, "as many as it may have");
        let told = store.plans().await.remove(0);
        assert_eq!((told.next_on.as_str(), told.last_on.as_deref()), ("2027-07-12", Some("2027-07-05")));
        assert_eq!((told.last_count, told.last_open, told.missed), (Some(count.id), true, None));
        assert_eq!(store.counts_made("2027-07-11T20:00:00Z").await, 0, "it is not its day again yet");

        // Nobody was there on Monday: on Wednesday there is one count, and Monday stays its day.
        store.give_up(count.id).await;
        assert_eq!(store.counts_made("2027-07-21T09:00:00Z").await, 1);
        assert_eq!(store.plans().await[0].next_on, "2027-07-26");
        assert_eq!(store.all_counts().await.len(), 2);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_last_one_is_open_no_second_is_made_and_that_is_told() {
    on_each(async |db| {
        let store = Open::with_goods(db).await;
        store.plan(plan(CountBy::ClassC, 1, "2027-07-05")).await;
        assert_eq!(store.counts_made("2027-07-05T08:00:00Z").await, 1);
        let first = store.all_counts().await.remove(0);
        assert_eq!(store.counts_made("2027-07-06T08:00:00Z").await, 0);
        let told = store.plans().await.remove(0);
        assert_eq!((told.missed, told.last_on.as_deref()), (Some(CountMissed::Open), Some("2027-07-06")));
        assert_eq!((told.last_number.as_deref(), told.next_on.as_str()), (Some(first.number.as_str()), "2027-07-07"));
        // Handed in, somebody still has to look at it.
        let (id, code, quantity) = (CountEntryId::new(), "CUP".into(), units("5"));
        let entry = NewCountEntry { id, code, quantity, counted_at: None, shelf: None };
        let entries = NewCountEntries { sent_at: None, entries: vec![entry] };
        store.inventory.enter_counts(&store.owner, first.id, entries).await.expect("counted");
        store
            .inventory
            .submit_count(&store.owner, first.id, None, CountDone { none_found: true })
            .await
            .expect("handed in");
        assert_eq!(store.counts_made("2027-07-07T08:00:00Z").await, 0);
        store.inventory.approve_count(&store.owner, first.id, None).await.expect("approved");
        store.inventory.post_count(&store.owner, first.id, None).await.expect("booked");
        assert_eq!(store.counts_made("2027-07-08T08:00:00Z").await, 1, "it is over");
        let told = store.plans().await.remove(0);
        assert_eq!((told.missed, told.last_open), (None, true));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_paused_changed_and_ended_and_what_stood_there_before_is_the_way_back() {
    on_each(async |db| {
        let store = Open::with_goods(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let first = store.plan(plan(CountBy::Store, 7, "2027-07-05")).await;
        let save = async |new: NewCountPlan| inventory.save_count_plan(owner, first.id, new).await;
        assert_eq!(
            save(plan(CountBy::Store, 7, "2027-07-05")).await.as_ref(),
            Ok(&first),
            "the same again is the same"
        );
        let paused = save(NewCountPlan { state: CountPlanState::Paused, ..first.draft() }).await.expect("paused");
        assert_eq!((paused.state, paused.version), (CountPlanState::Paused, 2));
        assert_eq!(store.counts_made("2027-07-05T08:00:00Z").await, 0, "not for now");
        let stale = save(NewCountPlan { every: 3, ..first.draft() }).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        let back = save(NewCountPlan { version: paused.version, ..first.draft() }).await.expect("it goes on");
        assert_eq!(store.counts_made("2027-07-05T08:00:00Z").await, 1);
        let since = save(NewCountPlan { every: 3, ..back.draft() }).await;
        assert_eq!(since, Err(Error::Conflict(Reused::Version)), "it was its turn since");
        let now = store.plans().await.remove(0);
        let ended = save(NewCountPlan { state: CountPlanState::Ended, ..now.draft() }).await.expect("ended");
        assert_eq!(store.plans().await, []);
        store.give_up(now.last_count.expect("it made one")).await;
        assert_eq!(store.counts_made("2027-08-05T08:00:00Z").await, 0);
        save(NewCountPlan { version: ended.version, ..now.draft() }).await.expect("it is there again");
        assert_eq!(store.counts_made("2027-08-05T08:00:00Z").await, 1);

        let wrong = [
            (NewCountPlan { by: CountBy::Items, ..plan(CountBy::Fast, 7, "2027-07-05") }, "items"),
            (NewCountPlan { most: 0, ..plan(CountBy::Fast, 7, "2027-07-05") }, "quantity"),
            (NewCountPlan { most: 201, ..plan(CountBy::Fast, 7, "2027-07-05") }, "quantity"),
            (plan(CountBy::Fast, 0, "2027-07-05"), "days"),
            (plan(CountBy::Fast, 367, "2027-07-05"), "days"),
            (plan(CountBy::Fast, 7, "2027-7-5"), "day"),
            (plan(CountBy::Fast, 7, "soon"), "day"),
            (NewCountPlan { place: Some("ATTIC".into()), ..plan(CountBy::Fast, 7, "2027-07-05") }, "unknown_place"),
            (NewCountPlan { note: Some(" ".into()), ..plan(CountBy::Fast, 7, "2027-07-05") }, "text"),
        ];
        for (new, what) in wrong {
            assert_eq!(code(inventory.save_count_plan(owner, CountPlanId::new(), new).await), what);
        }
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let elsewhere = save(NewCountPlan { store: "PAR".into(), ..plan(CountBy::Fast, 7, "2027-07-05") }).await;
        assert_eq!(elsewhere, Err(Error::Conflict(Reused::Id)), "a plan stays in its store");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_a_place_chooses_among_what_lies_there_and_what_cannot_be_made_is_told() {
    on_each(async |db| {
        let store = Open::with_goods(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let (id, code, name) = (LocationId::new(), "COLD".into(), "Cold room".into());
        let new = NewPlace { id, store: "LON".into(), parent: None, code, name };
        let cold = inventory.add_place(owner, new).await.expect("added");
        let of_cold = NewCountPlan { place: Some("COLD".into()), ..plan(CountBy::Doubt, 1, "2027-07-05") };
        let planned = store.plan(of_cold).await;
        assert_eq!((planned.place.as_str(), planned.place_name.as_str()), ("COLD", "Cold room"));
        assert_eq!(store.counts_made("2027-07-05T08:00:00Z").await, 0);
        assert_eq!(store.plans().await[0].missed, Some(CountMissed::Nothing), "nothing lies there");
        store.carry("MUG", "3", "SHOP", "COLD").await.expect("moved");
        assert_eq!(store.counts_made("2027-07-06T08:00:00Z").await, 1);
        let count = store.all_counts().await.remove(0);
        assert_eq!(count.place, "COLD");
        let left = inventory.counting(owner, count.id, true).await.expect("readable").left;
        assert_eq!(left.iter().map(|line| line.sku.as_str()).collect::<Vec<_>>(), ["MUG"]);
        store.give_up(count.id).await;
        let again = NewCountPlan { next_on: "2027-07-06".into(), ..store.plans().await[0].draft() };
        let answer = inventory.save_count_plan(owner, planned.id, again).await;
        let had = |answer: &Result<CountPlan>| matches!(answer, Err(Error::Invalid(flaws)) if flaws[0].code == "day");
        assert!(had(&answer), "its turn on that day is over: {answer:?}");
        store.carry("MUG", "3", "COLD", "SHOP").await.expect("moved back");
        let given_up = PlaceChange { archived: Some(true), ..PlaceChange::default() };
        inventory.change_place(owner, cold.id, given_up).await.expect("given up");
        assert_eq!(store.counts_made("2027-07-07T08:00:00Z").await, 0);
        assert_eq!(store.plans().await[0].missed, Some(CountMissed::Refused));
        let mut tx = store.db.read().await.expect("a snapshot");
        let problems = store.log.problems(&mut tx, ProblemFilter::Open, None).await.expect("readable");
        drop(tx);
        let told: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
        assert!(told.len() == 1 && told[0].starts_with("LON: a planned count was not made"), "{told:?}");
        for state in [CountPlanState::Paused, CountPlanState::Ended] {
            let new = NewCountPlan { state, ..store.plans().await[0].draft() };
            inventory.save_count_plan(owner, planned.id, new).await.expect("a plan of what is not there any more ends");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_told_to_who_counts_and_who_does_not_plans_nothing() {
    on_each(async |db| {
        let store = Open::with_goods(db).await;
        let inventory = &store.inventory;
        store.plan(plan(CountBy::Doubt, 7, "2020-07-06")).await;
        assert_eq!(store.counts_made("2020-07-06T08:00:00Z").await, 1);
        let (ann, rita) = (store.someone(Role::Employee).await, store.someone(Role::ReadOnly).await);
        let due = async |who: &Actor| inventory.waiting(who, "LON").await.expect("counted").data.counts;
        assert_eq!((due(&ann).await, due(&rita).await), (1, 0));
        let new = plan(CountBy::Fast, 7, "2099-07-06");
        let denied = inventory.save_count_plan(&rita, CountPlanId::new(), new.clone()).await;
        assert_eq!(denied, Err(Error::Forbidden(Action::Count)));
        assert_eq!(inventory.count_plans(&rita, "LON").await.expect("theirs to see").data.len(), 1);
        inventory.save_count_plan(&ann, CountPlanId::new(), new).await.expect("hers to plan");
        let count = store.all_counts().await.remove(0);
        store.give_up(count.id).await;
        assert_eq!(due(&ann).await, 0, "nobody has to begin it any more");
        store.close().await;
    })
    .await;
}
