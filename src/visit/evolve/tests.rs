//! Tests of the fold: total over every fact, and the same code again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;

use strum::VariantArray;

use super::*;
use crate::visit::decide::tests::campus::{everything, guide, mobile, student, verify_first};
use crate::visit::{
    CodeRefusal, Connectivity, Counts, DeskNumber, FactKind, FreeText, GrantRefusal, LimitKeys,
    Limits, Mobile, Name, Nonce, ParkedFor, Pickup, Place, PlainLimits, ShownNumbers,
    SignInRefusal, SmsPolicy, SmsRefusal, TicketNumber, VisitId, route,
};

const ID: VisitId = VisitId(9);

fn any_step() -> impl Strategy<Value = StepKind> {
    prop::sample::select(StepKind::ALL)
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        Just(Timestamp::MIN),
        Just(Timestamp::MAX),
        (1_790_000_000..1_790_100_000i64).prop_map(|s| Timestamp::from_second(s).unwrap()),
    ]
}

fn any_way() -> impl Strategy<Value = Way> {
    prop::sample::select(Way::ALL)
}

fn any_word() -> impl Strategy<Value = Attestation> {
    prop::sample::select(vec![Attestation::Student, Attestation::Campus])
}

fn any_proof() -> impl Strategy<Value = Proof> {
    prop::sample::select(vec![Proof::SignIn, Proof::Volunteer])
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

fn any_kind() -> impl Strategy<Value = ActKind> {
    prop::sample::select(ActKind::VARIANTS)
}

fn any_effect() -> impl Strategy<Value = EffectId> {
    any::<u64>().prop_map(EffectId)
}

fn any_student() -> impl Strategy<Value = Student> {
    (0..3u32).prop_map(student)
}

fn any_mobile() -> impl Strategy<Value = Mobile> {
    (0..3u32).prop_map(mobile)
}

fn any_words() -> impl Strategy<Value = FreeText> {
    prop::sample::select(vec!["", "王老师", "请 20260012 再试"]).prop_map(FreeText::new)
}

fn any_pickup() -> impl Strategy<Value = Pickup> {
    any::<u16>().prop_map(|serial| Pickup::new(DeskNumber::default(), serial))
}

fn any_failure<R: Clone + std::fmt::Debug + 'static>(
    refusal: R,
) -> impl Strategy<Value = Failure<R>> {
    prop::sample::select(vec![
        Failure::Offline,
        Failure::Unavailable,
        Failure::Limited { retry_after: None },
        Failure::Limited {
            retry_after: Some(std::time::Duration::MAX),
        },
        Failure::Rejected(refusal),
        Failure::Misconfigured("no rights".into()),
    ])
}

/// A fact of this kind, whether it makes sense or not. A kind that is added does not compile without its own line here.
fn any_of(kind: FactKind) -> BoxedStrategy<Fact> {
    let directory = || any_failure(DirectoryRefusal::NumberTaken);
    match kind {
        FactKind::VisitOpened => any_way()
            .prop_map(|prefers| Fact::VisitOpened { prefers })
            .boxed(),
        FactKind::StepDone => (any_step(), any_word())
            .prop_map(|(step, word)| Fact::StepDone { step, word })
            .boxed(),
        FactKind::Answered => (
            prop::sample::select(Question::ALL),
            prop::sample::select(Answer::ALL),
        )
            .prop_map(|(question, answer)| Fact::Answered { question, answer })
            .boxed(),
        FactKind::FollowLookAsked => any_effect()
            .prop_map(|effect| Fact::FollowLookAsked { effect })
            .boxed(),
        FactKind::FollowNotSeen => prop::option::of(any_status())
            .prop_map(|status| Fact::FollowNotSeen { status })
            .boxed(),
        FactKind::PageTurned => any::<usize>()
            .prop_map(|page| Fact::PageTurned { page })
            .boxed(),
        FactKind::Preferred => any_way().prop_map(|way| Fact::Preferred { way }).boxed(),
        FactKind::Scanned => Just(Fact::Scanned).boxed(),
        FactKind::WentBack => prop_oneof![0..6usize, any::<usize>()]
            .prop_map(|keep| Fact::WentBack { keep })
            .boxed(),
        FactKind::SignInAsked => (any_effect(), any_student())
            .prop_map(|(effect, student)| Fact::SignInAsked {
                effect,
                student: student.number,
            })
            .boxed(),
        FactKind::SignInRefused => (any_student(), any_failure(SignInRefusal::WrongPassword))
            .prop_map(|(student, why)| Fact::SignInRefused {
                student: student.number,
                why,
            })
            .boxed(),
        FactKind::SignInMethodChosen => {
            prop::sample::select(vec![SignInMethod::Device, SignInMethod::Password])
                .prop_map(|means| Fact::SignInMethodChosen { means })
                .boxed()
        }
        FactKind::DeviceGrantAsked => any_effect()
            .prop_map(|effect| Fact::DeviceGrantAsked { effect })
            .boxed(),
        FactKind::DeviceGrantFailed => any_failure(GrantRefusal::Denied)
            .prop_map(|why| Fact::DeviceGrantFailed { why })
            .boxed(),
        FactKind::ResumeRefused => Just(Fact::ResumeRefused).boxed(),
        FactKind::Identified => (any_student(), any_proof())
            .prop_map(|(student, proof)| Fact::Identified { student, proof })
            .boxed(),
        FactKind::Vouched => any_student()
            .prop_map(|student| Fact::Vouched { student })
            .boxed(),
        FactKind::NumbersShown => prop_oneof![
            Just(ShownNumbers::Ticket),
            Just(ShownNumbers::TicketToCommand),
            any_student().prop_map(|student| ShownNumbers::Roster(student.number)),
        ]
        .prop_map(|whose| Fact::NumbersShown { whose })
        .boxed(),
        FactKind::Queued => (any_kind(), prop::option::of(directory()))
            .prop_map(|(what, why)| Fact::Queued { what, why })
            .boxed(),
        FactKind::Checked => any_status()
            .prop_map(|status| Fact::Checked { status })
            .boxed(),
        FactKind::CheckFailed => directory()
            .prop_map(|why| Fact::CheckFailed { why })
            .boxed(),
        FactKind::CheckDenied => any_status()
            .prop_map(|status| Fact::CheckDenied { status })
            .boxed(),
        FactKind::TriedAgain => any_kind()
            .prop_map(|what| Fact::TriedAgain { what })
            .boxed(),
        FactKind::Unqueued => any_kind().prop_map(|what| Fact::Unqueued { what }).boxed(),
        FactKind::OldIdentified => any_student()
            .prop_map(|student| Fact::OldIdentified { student })
            .boxed(),
        FactKind::OldLetGo => Just(Fact::OldLetGo).boxed(),
        FactKind::OldNumberRefused => Just(Fact::OldNumberRefused).boxed(),
        FactKind::UnbindAsked => any_effect()
            .prop_map(|effect| Fact::UnbindAsked { effect })
            .boxed(),
        FactKind::Unbound => Just(Fact::Unbound).boxed(),
        FactKind::UnbindFailed => directory()
            .prop_map(|why| Fact::UnbindFailed { why })
            .boxed(),
        FactKind::UnbindAskedAnew => Just(Fact::UnbindAskedAnew).boxed(),
        FactKind::MemberSeen => (any_status(), any_word())
            .prop_map(|(status, word)| Fact::MemberSeen { status, word })
            .boxed(),
        FactKind::NumberGiven => any_mobile()
            .prop_map(|mobile| Fact::NumberGiven { mobile })
            .boxed(),
        FactKind::BindAsked => any_effect()
            .prop_map(|effect| Fact::BindAsked { effect })
            .boxed(),
        FactKind::NumberBound => Just(Fact::NumberBound).boxed(),
        FactKind::BindFailed => directory().prop_map(|why| Fact::BindFailed { why }).boxed(),
        FactKind::CodeIssued => (any_effect(), 0..3u64, any_mobile(), any_time())
            .prop_map(|(effect, nonce, mobile, expires)| Fact::CodeIssued {
                effect,
                nonce: Nonce(nonce),
                mobile,
                expires,
            })
            .boxed(),
        FactKind::CodeSent => Just(Fact::CodeSent).boxed(),
        FactKind::CodeNotSent => any_failure(SmsRefusal::Blocked)
            .prop_map(|why| Fact::CodeNotSent { why })
            .boxed(),
        FactKind::CodeCheckAsked => any_effect()
            .prop_map(|effect| Fact::CodeCheckAsked { effect })
            .boxed(),
        FactKind::CodeNotChecked => prop_oneof![
            any_failure(CodeRefusal::Expired),
            any_failure(CodeRefusal::TooManyTries),
        ]
        .prop_map(|why| Fact::CodeNotChecked { why })
        .boxed(),
        FactKind::CodeTried => any::<(bool, u8)>()
            .prop_map(|(right, left)| Fact::CodeTried { right, left })
            .boxed(),
        FactKind::CodeAccepted => Just(Fact::CodeAccepted).boxed(),
        FactKind::ConfirmAsked => any_effect()
            .prop_map(|effect| Fact::ConfirmAsked { effect })
            .boxed(),
        FactKind::Confirmed => Just(Fact::Confirmed).boxed(),
        FactKind::ConfirmFailed => directory()
            .prop_map(|why| Fact::ConfirmFailed { why })
            .boxed(),
        FactKind::FateUnknown => any_effect()
            .prop_map(|effect| Fact::FateUnknown { effect })
            .boxed(),
        FactKind::Parked => (prop::option::of(any_pickup()), any_time(), any_parked_for())
            .prop_map(|(pickup, expires, why)| Fact::Parked {
                pickup,
                expires,
                why,
            })
            .boxed(),
        FactKind::Resumed => any_proof().prop_map(|by| Fact::Resumed { by }).boxed(),
        FactKind::BegunAgain => Just(Fact::BegunAgain).boxed(),
        FactKind::Closed => prop::sample::select(vec![
            Outcome::Bound,
            Outcome::BoundByWord,
            Outcome::WordConfirmed,
            Outcome::AlreadyBound,
            Outcome::AlreadyBoundByWord,
            Outcome::Left,
            Outcome::Ended,
            Outcome::Expired,
        ])
        .prop_map(|outcome| Fact::Closed { outcome })
        .boxed(),
        FactKind::TicketOpened => (
            any_pickup(),
            any_words(),
            prop::option::of(Just("verify-first".to_owned())),
            prop::option::of(any_step()),
        )
            .prop_map(|(pickup, reason, route, step)| Fact::TicketOpened {
                number: TicketNumber::of(pickup),
                reason,
                route,
                step,
            })
            .boxed(),
        FactKind::TicketContactGiven => (
            prop::option::of(any_student()),
            prop::option::of(any_mobile()),
        )
            .prop_map(|(student, mobile)| Fact::TicketContactGiven {
                contact: TicketContact {
                    number: student.map(|student| student.number),
                    name: Some(Name::new("张三丰")),
                    mobile,
                },
            })
            .boxed(),
        FactKind::TicketNoted => (prop::option::of(any_time()), any_words(), any_words())
            .prop_map(|(called_at, by, answer)| Fact::TicketNoted {
                called_at,
                by,
                answer,
            })
            .boxed(),
        FactKind::TicketChanged => (prop::sample::select(TicketState::ALL), any_words())
            .prop_map(|(state, by)| Fact::TicketChanged { state, by })
            .boxed(),
    }
}

fn any_parked_for() -> impl Strategy<Value = ParkedFor> {
    prop::sample::select(vec![
        ParkedFor::Idle,
        ParkedFor::Student,
        ParkedFor::Queue,
        ParkedFor::Ticket,
        ParkedFor::ProgramRestart,
        ParkedFor::SignIn,
    ])
}

/// Every kind of fact, all of them equally often.
pub(super) fn any_fact() -> impl Strategy<Value = Fact> {
    prop::sample::select(FactKind::VARIANTS).prop_flat_map(any_of)
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
            let recorded = Recorded::new(ID, at, fact);
            evolve(&mut visit, &recorded);
            limits.count(&recorded);
            counts.count(&recorded.fact);
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
            (guide(), Connectivity::default()),
            (verify_first(), everything()),
            (verify_first(), Connectivity::default()),
        ] {
            let place = route::place(&visit, &rules, reach);
            let _ = route::progress(&visit, &rules, reach);
            if let Place::Step { step, page, .. } = place {
                let _ = route::lead(&rules, &visit, step, page, 0);
                prop_assert!(route::step(&visit, &rules, reach).is_some_and(|s| s.kind == step));
            }
            prop_assert!(route::back_to(&visit, &rules, reach).is_none_or(|keep| keep < visit.done.len()));
        }
        prop_assert!(visit.outbox.len() <= 3);
        for entry in &visit.outbox {
            let _ = entry.not_before(now);
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
    let issued = |nonce, s| {
        Recorded::new(
            ID,
            at(s),
            Fact::CodeIssued {
                effect: EffectId(1),
                nonce: Nonce(nonce),
                mobile: mobile(1),
                expires: at(300),
            },
        )
    };
    let tried = Fact::CodeTried {
        right: false,
        left: 4,
    };
    evolve(&mut visit, &issued(1, 0));
    evolve(&mut visit, &Recorded::new(ID, at(1), tried));
    evolve(&mut visit, &issued(1, 60));
    let code = visit.code.clone().unwrap();
    assert_eq!((code.issued, code.sent, code.wrong), (at(0), at(60), 1));
    evolve(&mut visit, &issued(2, 120));
    let code = visit.code.unwrap();
    assert_eq!((code.issued, code.sent, code.wrong), (at(120), at(120), 0));
}

/// What the program wrote before its facts were renamed or regrouped for the first time: every kind of fact as the
/// journal keeps it, and the fields of its visit that changed with it.
const RECORDED: &str = include_str!("recorded.jsonl");
/// What the same facts came to in the limits and counts.
const COUNTED: &str = include_str!("counted.json");

/// A journal is read for years. A kind of fact that is added gets a line there, as the program writes it then; a line
/// that is recorded is never changed.
#[test]
fn a_recorded_journal_is_read_and_comes_to_the_same_visits() {
    let mut visits: BTreeMap<VisitId, Visit> = BTreeMap::new();
    let mut known: BTreeMap<VisitId, serde_json::Map<String, serde_json::Value>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let (mut limits, mut counts) = (Limits::default(), Counts::default());
    for line in RECORDED.lines() {
        let parts: serde_json::Value = serde_json::from_str(line).unwrap();
        let recorded: Recorded = serde_json::from_value(parts["recorded"].clone()).unwrap();
        let written = serde_json::to_string(&recorded).unwrap();
        assert!(
            line.starts_with(&format!("{{\"recorded\":{written},")),
            "{line} is written as {written} now"
        );
        let id = recorded.visit;
        let visit = visits
            .entry(id)
            .or_insert_with(|| Visit::open(id, Way::Desk, recorded.at));
        evolve(visit, &recorded);
        limits.count(&recorded);
        counts.count(&recorded.fact);
        seen.insert(FactKind::from(&recorded.fact));
        let fields = known.entry(id).or_default();
        fields.extend(parts["changed"].as_object().unwrap().clone());
        let mut then: Visit = serde_json::from_value(fields.clone().into()).unwrap();
        if !fields.contains_key("by_campus") {
            // Added later.
            then.by_campus = visit.by_campus.clone();
            then.seen_active = visit.seen_active;
        }
        assert_eq!(*visit, then, "{line}");
    }
    let missing: Vec<_> = FactKind::VARIANTS
        .iter()
        .filter(|kind| !seen.contains(kind))
        .collect();
    assert!(missing.is_empty(), "not recorded: {missing:?}");
    let counted: serde_json::Value = serde_json::from_str(COUNTED).unwrap();
    // Recorded by plain numbers, as the notes of earlier programs hold them.
    let plain: PlainLimits = serde_json::from_value(counted["limits"].clone()).unwrap();
    assert_eq!(limits, plain.tagged(&LimitKeys::default()));
    assert_eq!(serde_json::to_value(counts).unwrap(), counted["counts"]);
}

/// Whether a text stands somewhere in the value, alone.
fn holds(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::String(found) => found == text,
        serde_json::Value::Array(values) => values.iter().any(|value| holds(value, text)),
        serde_json::Value::Object(fields) => fields.values().any(|value| holds(value, text)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever fact holds a student number, forgetting the student finds it.
    #[test]
    fn a_number_in_a_fact_is_named(fact in any_fact()) {
        let value = serde_json::to_value(&fact).unwrap();
        for n in 0..3 {
            let number = student(n).number;
            let named = fact.student().is_some_and(|named| *named.number == number);
            prop_assert_eq!(named, holds(&value, number.as_str()), "{}", number.as_str());
        }
    }
}
