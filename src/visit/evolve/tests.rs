//! Tests of the fold: total over every fact, and the same code again.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::visit::decide::tests::campus::{everything, guide, mobile, student, verify_first};
use crate::visit::{
    Answer, Counts, DeskLetter, EffectId, GrantRefusal, Limits, Means, Nonce, Outcome, ParkedFor,
    Pickup, Place, Proof, Question, Reach, Shown, SignInRefusal, SmsPolicy, SmsRefusal, StepKind,
    VisitId, Way, Word, route,
};

const ID: VisitId = VisitId(9);

fn any_step() -> impl Strategy<Value = StepKind> {
    prop::sample::select(vec![
        StepKind::Notice,
        StepKind::Identity,
        StepKind::Number,
        StepKind::Follow,
        StepKind::Verify,
    ])
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        Just(Timestamp::MIN),
        Just(Timestamp::MAX),
        (1_790_000_000..1_790_100_000i64).prop_map(|s| Timestamp::from_second(s).unwrap()),
    ]
}

fn any_way() -> impl Strategy<Value = Way> {
    prop::sample::select(vec![Way::Desk, Way::Phone])
}

fn any_status() -> impl Strategy<Value = MemberStatus> {
    prop::sample::select(vec![
        MemberStatus::Absent,
        MemberStatus::NotActive,
        MemberStatus::Active,
        MemberStatus::Disabled,
        MemberStatus::Departed,
    ])
}

/// Every kind of fact, whether it makes sense or not.
fn any_fact() -> impl Strategy<Value = Fact> {
    let effect = any::<u64>().prop_map(EffectId);
    let n = 0..3u32;
    let question = Question::WechatNumber;
    let answers = vec![Answer::Yes, Answer::No, Answer::Unsure];
    let whole = prop_oneof![
        any_way().prop_map(|prefers| Fact::VisitOpened { prefers }),
        any_step().prop_map(|step| Fact::StepDone {
            step,
            word: Word::Student
        }),
        prop::sample::select(answers).prop_map(move |answer| Fact::Answered { question, answer }),
        any::<usize>().prop_map(|page| Fact::PageTurned { page }),
        any_way().prop_map(|way| Fact::Preferred { way }),
        prop_oneof![0..6usize, any::<usize>()].prop_map(|keep| Fact::WentBack { keep }),
        (any::<u64>(), any_time()).prop_map(|(random, expires)| Fact::Parked {
            pickup: Pickup::new(DeskLetter::default(), random),
            expires,
            why: ParkedFor::Idle,
        }),
        Just(Fact::Resumed {
            by: Proof::Volunteer
        }),
        Just(Fact::Restarted),
        Just(Fact::Closed {
            outcome: Outcome::Bound
        }),
        effect
            .clone()
            .prop_map(|effect| Fact::FateUnknown { effect }),
    ];
    let who = prop_oneof![
        (effect.clone(), n.clone()).prop_map(|(effect, n)| Fact::SignInAsked {
            effect,
            student: student(n).number,
        }),
        n.clone().prop_map(|n| Fact::SignInRefused {
            student: student(n).number,
            why: Failure::Rejected(SignInRefusal::WrongPassword),
        }),
        prop::sample::select(vec![Means::Device, Means::Password])
            .prop_map(|means| Fact::MeansChosen { means }),
        effect
            .clone()
            .prop_map(|effect| Fact::DeviceGrantAsked { effect }),
        Just(Fact::DeviceGrantFailed {
            why: Failure::Rejected(GrantRefusal::Denied)
        }),
        Just(Fact::ResumeRefused),
        n.clone().prop_map(|n| Fact::Identified {
            student: student(n),
            proof: Proof::SignIn,
        }),
        any_status().prop_map(|status| Fact::MemberSeen {
            status,
            word: Word::Campus
        }),
        n.clone()
            .prop_map(|n| Fact::NumberGiven { mobile: mobile(n) }),
        effect.clone().prop_map(|effect| Fact::BindAsked { effect }),
        Just(Fact::NumberBound),
        Just(Fact::BindFailed {
            why: Failure::Offline
        }),
    ];
    let code = prop_oneof![
        (effect.clone(), 0..3u64, n, any_time()).prop_map(|(effect, nonce, n, expires)| {
            Fact::CodeIssued {
                effect,
                nonce: Nonce(nonce),
                mobile: mobile(n),
                expires,
            }
        }),
        Just(Fact::CodeSent),
        Just(Fact::CodeNotSent {
            why: Failure::Rejected(SmsRefusal::Blocked)
        }),
        any::<(bool, u8)>().prop_map(|(right, left)| Fact::CodeTried { right, left }),
        Just(Fact::CodeAccepted),
        effect.prop_map(|effect| Fact::ConfirmAsked { effect }),
        Just(Fact::Confirmed),
        Just(Fact::ConfirmFailed {
            why: Failure::Offline
        }),
    ];
    let why = || {
        prop::sample::select(vec![
            Failure::Offline,
            Failure::Limited {
                retry_after: Some(std::time::Duration::MAX),
            },
            Failure::Rejected(DirectoryRefusal::NumberTaken),
        ])
    };
    let owed = prop_oneof![
        (any_kind(), why()).prop_map(|(what, why)| Fact::Queued {
            what,
            why: Some(why)
        }),
        any_status().prop_map(|status| Fact::Checked { status }),
        why().prop_map(|why| Fact::CheckFailed { why }),
        any_status().prop_map(|status| Fact::CheckDenied { status }),
        any_kind().prop_map(|what| Fact::TriedAgain { what }),
        any_kind().prop_map(|what| Fact::Unqueued { what }),
        Just(Fact::Vouched {
            student: student(1)
        }),
        Just(Fact::NumbersShown {
            whose: Shown::Ticket
        }),
    ];
    prop_oneof![whole, who, code, owed]
}

fn any_kind() -> impl Strategy<Value = ActKind> {
    prop::sample::select(vec![
        ActKind::SignIn,
        ActKind::FindMember,
        ActKind::BindNumber,
        ActKind::SendCode,
        ActKind::ConfirmMember,
        ActKind::Unbind,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a journal holds, it is read, and the visit it gives stands somewhere.
    #[test]
    fn every_fact_fits_every_visit(
        facts in prop::collection::vec((any_fact(), any_time()), 0..60),
        now in any_time(),
    ) {
        let mut visit = Visit::open(ID, Way::Desk, now);
        let (mut limits, mut counts) = (Limits::default(), Counts::default());
        for (fact, at) in facts {
            let kept = serde_json::to_string(&fact).unwrap();
            let fact: Fact = serde_json::from_str(&kept).unwrap();
            let recorded = Recorded { visit: ID, at, fact };
            evolve(&mut visit, &recorded);
            limits.note(&recorded);
            counts.note(&recorded.fact);
            prop_assert_eq!(visit.id, ID);
        }
        limits.prune(now);
        let policy = SmsPolicy::default();
        let _ = limits.sms(&mobile(1), &policy, now);
        let _ = (visit.in_step_for(now), limits.sign_in_wait(&student(1).number, now));
        if let Some(code) = &visit.code {
            let _ = code.is_good(policy.tries, now);
            prop_assert!(code.resend_in(&policy, now) <= policy.resend_after);
        }
        for (rules, reach) in [
            (guide(), everything()),
            (guide(), Reach::default()),
            (verify_first(), everything()),
            (verify_first(), Reach::default()),
        ] {
            let place = route::place(&visit, &rules, reach);
            let _ = route::progress(&visit, &rules, reach);
            if let Place::Step { step, page, .. } = place {
                let _ = route::lead(&rules, &visit, step, page, 0);
                prop_assert!(route::step(&visit, &rules, reach).is_some_and(|s| s.kind == step));
            }
            prop_assert!(route::back_to(&visit).is_none_or(|keep| keep < visit.done.len()));
        }
        prop_assert!(visit.owed.len() <= 3);
        for owed in &visit.owed {
            let _ = owed.not_before(now);
        }
        let _ = (crate::visit::OutboxRow::of(&visit), visit.expires());
        let kept: Visit = serde_json::from_str(&serde_json::to_string(&visit).unwrap()).unwrap();
        prop_assert_eq!(kept, visit);
    }
}

#[test]
fn the_same_code_again_keeps_its_beginning_and_its_tries() {
    let at = |s: i64| Timestamp::from_second(1_790_000_000 + s).unwrap();
    let mut visit = Visit::open(ID, Way::Desk, at(0));
    let issued = |nonce, s| Recorded {
        visit: ID,
        at: at(s),
        fact: Fact::CodeIssued {
            effect: EffectId(1),
            nonce: Nonce(nonce),
            mobile: mobile(1),
            expires: at(300),
        },
    };
    let tried = Fact::CodeTried {
        right: false,
        left: 4,
    };
    evolve(&mut visit, &issued(1, 0));
    evolve(
        &mut visit,
        &Recorded {
            visit: ID,
            at: at(1),
            fact: tried,
        },
    );
    evolve(&mut visit, &issued(1, 60));
    let code = visit.code.clone().unwrap();
    assert_eq!((code.issued, code.sent, code.wrong), (at(0), at(60), 1));
    evolve(&mut visit, &issued(2, 120));
    let code = visit.code.unwrap();
    assert_eq!((code.issued, code.sent, code.wrong), (at(120), at(120), 0));
}
