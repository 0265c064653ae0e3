//! Random corrections, approvals, rejections, withdrawals, undoings and limits against a model of a few lines, on both
//! engines.

use crate::common::{Open, SKUS, adjustment, limit_of, open, play_on_each};
use ::model::{
    Actor, Corrected, CorrectionState, CorrectionStep, Error, Money, NewAdjustment, NewReversal, PaperId, PaperKind,
    PostingId, Quantity, Refusal, Role,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whoever plays: an employee, another one, a manager, another one.
const PEOPLE: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    /// Somebody corrects so many of that item.
    Correct(usize, usize, i64),
    /// The last one is sent again by its author.
    Again,
    /// Somebody takes that step with the correction so many ago.
    Decide(usize, usize, CorrectionStep),
    /// Somebody undoes the correction so many ago.
    Undo(usize, usize),
    /// The limit is that from now on; none.
    Limit(Option<i64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(CorrectionStep::Approve),
        1 => Just(CorrectionStep::Reject),
        1 => Just(CorrectionStep::Withdraw),
    ];
    let size = prop_oneof![-9..0_i64, 1..10_i64];
    let limit = prop_oneof![3 => (0..15_i64).prop_map(Some), 1 => Just(None)];
    let step = prop_oneof![
        6 => (0..PEOPLE, 0..SKUS.len(), size).prop_map(|(who, sku, size)| Step::Correct(who, sku, size)),
        1 => Just(Step::Again),
        6 => (0..PEOPLE, 0..4_usize, step).prop_map(|(who, ago, step)| Step::Decide(who, ago, step)),
        2 => (0..PEOPLE, 0..4_usize).prop_map(|(who, ago)| Step::Undo(who, ago)),
        2 => limit.prop_map(Step::Limit),
    ];
    prop::collection::vec(step, 1..20)
}

struct Told {
    new: NewAdjustment,
    author: usize,
    sku: usize,
    size: i64,
    state: CorrectionState,
    version: i64,
    /// Who took its last step.
    stepper: usize,
    /// It was above the limit when it came.
    held: bool,
}

#[derive(Default)]
struct Expected {
    limit: Option<i64>,
    there: [i64; 3],
    told: Vec<Told>,
    approved: usize,
    refused: usize,
}

fn manages(who: usize) -> bool {
    who >= 2
}

impl Expected {
    /// A cup, a mug or a plate is 2.55.
    fn waits(&self, size: i64) -> bool {
        self.limit.is_some_and(|limit| size.abs() * 255 > limit * 100)
    }

    /// Whether that person may do that with it now.
    fn may(&self, told: &Told, who: usize, step: CorrectionStep) -> bool {
        let own = told.author == who;
        told.held
            && match step {
                CorrectionStep::Approve | CorrectionStep::Reject => {
                    manages(who) && (!own || step == CorrectionStep::Reject)
                }
                CorrectionStep::Withdraw => own,
            }
    }

    fn at(&self, ago: usize) -> Option<usize> {
        self.told.len().checked_sub(ago + 1)
    }
}

fn target(step: CorrectionStep) -> CorrectionState {
    match step {
        CorrectionStep::Approve => CorrectionState::Posted,
        CorrectionStep::Reject => CorrectionState::Rejected,
        CorrectionStep::Withdraw => CorrectionState::Withdrawn,
    }
}

async fn play(store: &Open, people: &[Actor], expected: &mut Expected, step: Step) {
    let inventory = &store.inventory;
    match step {
        Step::Limit(limit) => {
            let amount = limit.map(|limit| limit.to_string().parse::<Money>().expect("an amount"));
            inventory.change_rules(&store.owner, "LON", limit_of(PaperKind::Adjustment, amount)).await.expect("set");
            expected.limit = limit;
        }
        Step::Correct(author, sku, size) => {
            let new = adjustment(SKUS[sku], &Quantity::whole(size).to_string());
            let answer =
                store.insist(async || inventory.correct(&people[author], new.clone()).await).await.expect("told");
            let held = expected.waits(size);
            assert_eq!(matches!(answer, Corrected::Held(_)), held, "{answer:?}");
            let state = if held { CorrectionState::Waiting } else { CorrectionState::Posted };
            expected.there[sku] += if held { 0 } else { size };
            expected.told.push(Told { new, author, sku, size, state, version: 1, stepper: author, held });
        }
        Step::Again => {
            let Some(last) = expected.told.last() else { return };
            match inventory.correct(&people[last.author], last.new.clone()).await.expect("answered again") {
                Corrected::Held(told) => {
                    assert!(last.held);
                    assert_eq!((told.state, told.version), (last.state, last.version));
                }
                Corrected::Posted(receipt) => assert_eq!((last.held, receipt.id), (false, last.new.id)),
            }
        }
        Step::Decide(who, ago, step) => {
            let Some(at) = expected.at(ago) else { return };
            let id = PaperId(expected.told[at].new.id.0);
            let answer = inventory.step_correction(&people[who], id, None, step, Some("no")).await;
            let may = expected.may(&expected.told[at], who, step);
            let told = &mut expected.told[at];
            if may && told.state == CorrectionState::Waiting {
                (told.state, told.version, told.stepper) = (target(step), 2, who);
                assert_eq!(answer.map(|told| (told.state, told.version)), Ok((target(step), 2)));
                expected.there[told.sku] += if step == CorrectionStep::Approve { told.size } else { 0 };
                expected.approved += usize::from(step == CorrectionStep::Approve);
            } else if may && told.state == target(step) && told.stepper == who {
                assert_eq!(answer.map(|told| told.version), Ok(told.version), "the same again");
            } else {
                let own = step == CorrectionStep::Approve && told.author == who && manages(who);
                if own && told.held && told.state == CorrectionState::Waiting {
                    assert_eq!(answer.as_ref().err(), Some(&Error::Refused(Refusal::OwnWork)));
                }
                assert!(answer.is_err(), "{answer:?}");
                expected.refused += 1;
            }
        }
        Step::Undo(who, ago) => {
            let Some(at) = expected.at(ago) else { return };
            let told = &mut expected.told[at];
            let reversal = NewReversal { id: PostingId::new(), reason: None };
            let answer =
                store.insist(async || inventory.reverse(&people[who], told.new.id, reversal.clone()).await).await;
            let may = told.state == CorrectionState::Posted && (manages(who) || told.author == who);
            assert_eq!(answer.is_ok(), may, "{answer:?}");
            if may {
                (told.state, told.version, told.stepper) = (CorrectionState::Undone, told.version + 1, who);
                expected.there[told.sku] -= told.size;
            }
        }
    }
}

async fn check(store: &Open, expected: &Expected) {
    for (sku, there) in SKUS.iter().zip(expected.there) {
        let level = store.inventory.level(&store.owner, "LON", sku).await.expect("readable");
        assert_eq!(level.map(|level| level.on_hand).unwrap_or_default(), Quantity::whole(there), "{sku}");
    }
    for told in expected.told.iter().filter(|told| told.held) {
        let shown = store.inventory.correction(&store.owner, PaperId(told.new.id.0)).await.expect("readable").data;
        assert_eq!((shown.state, shown.version), (told.state, told.version));
    }
    let waiting = store.inventory.waiting(&store.owner, "LON").await.expect("counted").data.corrections;
    let waits = expected.told.iter().filter(|told| told.state == CorrectionState::Waiting).count();
    assert_eq!(usize::try_from(waiting), Ok(waits));
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_are_what_a_model_says() {
    let (approved, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    play_on_each(12, async |db, mut runner, sequences| {
        let store = open(db).await;
        let mut people = Vec::new();
        for role in [Role::Employee, Role::Employee, Role::Manager, Role::Manager] {
            people.push(store.someone(role).await);
        }
        let mut expected = Expected::default();
        // Nothing waits while there is no limit.
        play(&store, &people, &mut expected, Step::Limit(Some(2))).await;
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                store.along(play(&store, &people, &mut expected, step)).await;
                store.stepped().await;
            }
            check(&store, &expected).await;
            store.assert_sound().await;
        }
        approved.fetch_add(expected.approved, Ordering::Relaxed);
        refused.fetch_add(expected.refused, Ordering::Relaxed);
        store.close().await;
    })
    .await;
    assert!(approved.into_inner() > 0 && refused.into_inner() > 0, "both were played");
}
