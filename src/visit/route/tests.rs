use super::*;
use crate::visit::decide::tests::campus::{everything, guide, student, verify_first};
use crate::visit::{Gateway, Mobile, VisitId};

fn visit(prefers: Way, done: &[Mark]) -> Visit {
    let mut visit = Visit::open(VisitId(1), prefers, jiff::Timestamp::UNIX_EPOCH);
    visit.done = done.to_vec();
    if done.contains(&Mark::Step(StepKind::Identity)) && prefers == Way::Desk {
        visit.student = Some(student(1));
        visit.mobile = Mobile::parse("13800138000").ok();
        visit.number_bound = true;
    }
    visit
}

fn steps(kinds: &[StepKind]) -> Vec<Mark> {
    kinds.iter().copied().map(Mark::Step).collect()
}

#[test]
fn each_situation_has_exactly_one_route() {
    for rules in [guide(), verify_first()] {
        for answer in Question::WechatNumber.answers() {
            let answered = [Mark::Answer(Question::WechatNumber, *answer)];
            let fitting = fitting(&visit(Way::Desk, &answered), &rules)
                .iter()
                .map(|route| route.id.as_str())
                .collect::<Vec<_>>();
            assert_eq!(fitting.len(), 1, "{answer:?}: {fitting:?}");
        }
    }
}

#[test]
fn a_question_is_asked_when_the_routes_part_and_not_before() {
    use StepKind::{Identity, Notice, Number};
    let rules = guide();
    let begun = [Notice, Identity, Number];
    for done in 0..begun.len() {
        let visit = visit(Way::Desk, &steps(&begun[..done]));
        let place = place(&visit, &rules, everything());
        assert!(matches!(place, Place::Step { step, .. } if step == begun[done]));
    }
    let mut visit = visit(Way::Desk, &steps(&begun));
    let asks = place(&visit, &rules, everything());
    assert_eq!(asks, Place::Ask(Question::WechatNumber));
    // Where the routes do not differ at all, nothing is asked.
    let mut same = rules.clone();
    same.routes[1].steps = same.routes[0].steps.clone();
    assert!(matches!(
        place(&visit, &same, everything()),
        Place::Step { .. }
    ));
    visit.done.extend(steps(&[StepKind::Follow]));
    assert_eq!(place(&visit, &same, everything()), Place::NotedByWord);
    visit.by_campus.push(StepKind::Follow);
    assert_eq!(place(&visit, &same, everything()), Place::Bound);
}

#[test]
fn who_does_a_step() {
    let rules = guide();
    let step = |kind| {
        rules.routes[0]
            .steps
            .iter()
            .find(|s| s.kind == kind)
            .unwrap()
    };
    let known = visit(Way::Desk, &steps(&[StepKind::Notice, StepKind::Identity]));
    let unknown = visit(Way::Desk, &[]);
    let by_phone = visit(Way::Phone, &[]);
    let nothing = Connectivity::default();
    for (kind, visit, reach, expected) in [
        (StepKind::Identity, &unknown, everything(), Way::Desk),
        (StepKind::Identity, &unknown, nothing, Way::Phone),
        (StepKind::Identity, &by_phone, everything(), Way::Phone),
        (StepKind::Number, &known, everything(), Way::Desk),
        (StepKind::Number, &unknown, everything(), Way::Phone),
        (StepKind::Follow, &known, everything(), Way::Desk),
        (StepKind::Follow, &known, nothing, Way::Phone),
    ] {
        assert_eq!(way(step(kind), visit, reach), Some(expected), "{kind:?}");
    }
    // A gateway that is down is still the desk's way: it is tried, with words.
    let mut down = everything();
    down.identity = Gateway::Down {
        since: std::time::Duration::ZERO,
    };
    assert_eq!(
        way(step(StepKind::Identity), &unknown, down),
        Some(Way::Desk)
    );
    // What only the desk may do here cannot be done without its API.
    let rules = verify_first();
    let identity = &rules.routes[0].steps[1];
    assert_eq!(way(identity, &unknown, nothing), None);
    assert_eq!(way(identity, &by_phone, everything()), Some(Way::Desk));
}

#[test]
fn the_order_in_which_steps_were_done_does_not_matter() {
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    let rules = verify_first();
    let done = steps(&[Identity, Notice, Follow, Number]);
    let visit = visit(Way::Desk, &done);
    let next = step(&visit, &rules, everything()).map(|step| step.kind);
    assert_eq!(next, Some(Verify));
    let expected = [
        (Notice, true),
        (Identity, true),
        (Number, true),
        (Verify, false),
        (Follow, true),
    ];
    assert_eq!(progress(&visit, &rules, everything()), expected);
}

#[test]
fn progress_shows_what_this_visit_will_do() {
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    let rules = guide();
    let kinds = |visit: &Visit, reach| -> Vec<StepKind> {
        let progress = progress(visit, &rules, reach);
        progress.into_iter().map(|(step, _)| step).collect()
    };
    let desk = visit(Way::Desk, &[]);
    assert_eq!(
        kinds(&desk, everything()),
        [Notice, Identity, Number, Follow]
    );
    assert_eq!(
        kinds(&desk, Connectivity::default()),
        [Identity, Number, Follow]
    );
    let other = [Mark::Answer(Question::WechatNumber, Answer::No)];
    let other = visit(Way::Phone, &other);
    assert_eq!(
        kinds(&other, everything()),
        [Identity, Number, Follow, Verify]
    );
}

#[test]
fn the_route_is_told_once_it_is_decided() {
    let rules = guide();
    let answered = |answer| {
        let marks = [Mark::Answer(Question::WechatNumber, answer)];
        route(&visit(Way::Desk, &marks), &rules).map(|route| route.steps.len())
    };
    assert_eq!(route(&visit(Way::Desk, &[]), &rules), None);
    assert_eq!(answered(Answer::Yes), Some(4));
    assert_eq!(answered(Answer::No), Some(5));
    let mut twice = rules.clone();
    twice.routes[1].id = twice.routes[0].id.clone();
    assert!(route(&visit(Way::Desk, &[]), &twice).is_some());
}

#[test]
fn a_page_without_choices_has_one() {
    let rules = guide();
    let visit = visit(Way::Phone, &[]);
    let leads = |step, page| -> Vec<bool> {
        (0..4)
            .map(|choice| lead(&rules, &visit, step, page, choice).is_some())
            .collect()
    };
    assert_eq!(leads(StepKind::Number, 0), [true, false, false, false]);
    assert_eq!(leads(StepKind::Identity, 0), [true, true, false, false]);
    assert_eq!(
        leads(StepKind::Identity, 99),
        [true, false, false, false],
        "past the end"
    );
}
