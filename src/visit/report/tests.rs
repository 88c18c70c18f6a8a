//! Given facts, the numbers of their day.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::*;
use crate::visit::{
    Attestation, DirectoryRefusal, EffectId, Fact, Failure, FreeText, MemberStatus, Name,
    ParkedFor, Pickup, Proof, Recorded, SignInRefusal, Student, StudentNumber, TicketNumber, Visit,
    Way,
};

const DAY: Date = date(2026, 9, 1);

fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    let at = day.at(hour, minute, 0, 0).to_zoned(TimeZone::UTC);
    at.unwrap().timestamp()
}

/// A visit's facts, each with its hour and minute of the day.
fn visit(id: u128, day: Date, facts: Vec<(i8, i8, Fact)>) -> Vec<Recorded> {
    let recorded = |(hour, minute, fact)| Recorded::new(VisitId(id), at(day, hour, minute), fact);
    facts.into_iter().map(recorded).collect()
}

fn opened() -> Fact {
    Fact::VisitOpened { prefers: Way::Desk }
}

fn closed(outcome: Outcome) -> Fact {
    Fact::Closed { outcome }
}

fn followed(word: Attestation) -> Fact {
    Fact::StepDone {
        step: StepKind::Follow,
        word,
    }
}

fn parked(why: ParkedFor) -> Fact {
    Fact::Parked {
        pickup: Some(Pickup::new(Default::default(), 7)),
        expires: at(DAY, 23, 0),
        why,
    }
}

fn report_of(first: Date, last: Date, facts: &[Vec<Recorded>]) -> DayReport {
    let step = |visit: &Visit| visit.steps_done().last();
    let days = ReportDays::new(first, last, &TimeZone::UTC).unwrap();
    let mut fold = ReportFold::new(days, &step);
    for recorded in facts.iter().flatten() {
        fold.take(recorded);
    }
    fold.finish()
}

#[test]
fn bound_by_word_stands_apart_until_it_is_seen() {
    use Attestation::{Campus, Student};
    let bound = |id, hour, word| {
        let facts = vec![
            (hour, 0, opened()),
            (hour, 5, followed(word)),
            (hour, 6, closed(Outcome::Bound)),
        ];
        visit(id, DAY, facts)
    };
    let mut later = bound(3, 9, Student);
    later.extend(visit(
        3,
        DAY,
        vec![(
            10,
            0,
            Fact::Checked {
                status: MemberStatus::Active,
            },
        )],
    ));
    let mut denied = bound(4, 9, Student);
    denied.extend(visit(
        4,
        DAY,
        vec![(
            10,
            0,
            Fact::CheckDenied {
                status: MemberStatus::NotActive,
            },
        )],
    ));
    let ended = |id, outcome: &[Outcome]| {
        let ends = outcome.iter().map(|outcome| (11, 0, closed(*outcome)));
        visit(
            id,
            DAY,
            std::iter::once((11, 0, opened())).chain(ends).collect(),
        )
    };
    let words = [
        ended(5, &[Outcome::BoundByWord]),
        ended(6, &[Outcome::BoundByWord, Outcome::WordConfirmed]),
        ended(7, &[Outcome::AlreadyBoundByWord]),
        ended(8, &[Outcome::AlreadyBoundByWord, Outcome::WordConfirmed]),
        ended(9, &[Outcome::AlreadyBound]),
    ];
    let told = report_of(DAY, DAY, &words).total;
    assert_eq!((told.bound_seen, told.bound_by_word), (1, 2));
    assert_eq!((told.already_bound, told.served), (2, 5));
    let facts = [bound(1, 8, Campus), bound(2, 8, Student), later, denied];
    let report = report_of(DAY, DAY, &facts);
    let total = report.total;
    assert_eq!(total.served, 4);
    assert_eq!((total.bound_seen, total.bound_by_word), (2, 2));
    assert_eq!((report.spent.median, report.spent.longest), (360, 360));
    let (first, busy) = report.busy_quarters();
    assert_eq!(first, 32, "eight o'clock");
    let served: Vec<u32> = busy.iter().map(|quarter| quarter.served).collect();
    assert_eq!(served, [2, 0, 0, 0, 2]);
    let bound: Vec<(u32, u32)> = busy
        .iter()
        .map(|quarter| (quarter.bound_seen, quarter.bound_by_word))
        .collect();
    assert_eq!(bound, [(1, 1), (0, 0), (0, 0), (0, 0), (1, 1)]);
}

#[test]
fn the_time_that_a_visit_waits_is_not_spent_at_the_desk() {
    let restarted = visit(
        2,
        DAY,
        vec![
            (9, 0, opened()),
            (9, 2, followed(Attestation::Student)),
            // Found when the program was started again.
            (11, 0, parked(ParkedFor::ProgramRestart)),
            (11, 5, Fact::Resumed { by: Proof::SignIn }),
            (11, 6, closed(Outcome::Bound)),
        ],
    );
    let waited = visit(
        1,
        DAY,
        vec![
            (8, 0, opened()),
            (8, 4, parked(ParkedFor::Queue)),
            (10, 0, Fact::Resumed { by: Proof::SignIn }),
            (10, 6, followed(Attestation::Campus)),
            (10, 7, closed(Outcome::Bound)),
        ],
    );
    let report = report_of(DAY, DAY, &[waited, restarted]);
    assert_eq!(report.spent.visits, 2);
    assert_eq!(report.spent.longest, 11 * 60);
    assert_eq!(report.total.served, 2, "a student who comes back is one");
    assert_eq!(report.total.parked, 2);
    assert_eq!(report.stops.len(), 1);
    assert_eq!(
        (report.stops[0].times, report.stops[0].unfinished),
        (1, 0),
        "a restart is no stop, and the other one was bound in the end"
    );
}

#[test]
fn where_students_stop_and_what_the_campus_answers_is_counted() {
    let refused = |effect| {
        let student = StudentNumber::from_campus("20260001");
        [
            Fact::SignInAsked {
                effect: EffectId(effect),
                student: student.clone(),
            },
            Fact::SignInRefused {
                student,
                why: Failure::Rejected(SignInRefusal::WrongPassword),
            },
        ]
    };
    let [asked, wrong] = refused(1);
    let [asked_again, wrong_again] = refused(2);
    let student = Student {
        number: StudentNumber::from_campus("20260001"),
        name: Name::new("张三"),
    };
    let identified = Fact::Identified {
        student: student.clone(),
        proof: Proof::SignIn,
    };
    let limited = |secs| Fact::BindFailed {
        why: Failure::Limited {
            retry_after: Some(std::time::Duration::from_secs(secs)),
        },
    };
    let taken = Fact::BindFailed {
        why: Failure::Rejected(DirectoryRefusal::NumberTaken),
    };
    let ticket = Fact::TicketOpened {
        number: TicketNumber::of(Pickup::new(Default::default(), 7)),
        reason: FreeText::new("20260001"),
        route: None,
        step: None,
    };
    let identity = Fact::StepDone {
        step: StepKind::Identity,
        word: Attestation::Campus,
    };
    let facts = vec![
        (8, 0, opened()),
        (8, 1, asked.clone()),
        (8, 2, wrong),
        (8, 3, asked_again),
        (8, 4, wrong_again),
        (8, 5, asked),
        (8, 6, identified),
        (8, 6, identity),
        (8, 7, limited(3)),
        (8, 8, limited(7)),
        (8, 9, taken),
        (8, 10, ticket),
        (8, 10, parked(ParkedFor::Ticket)),
    ];
    let left = visit(
        2,
        DAY,
        vec![(9, 0, opened()), (9, 1, closed(Outcome::Left))],
    );
    let report = report_of(DAY, DAY, &[visit(1, DAY, facts), left]);
    let answers: Vec<_> = report
        .answers
        .iter()
        .map(|answer| (answer.what, answer.failure.is_some(), answer.times))
        .collect();
    assert_eq!(
        answers,
        [
            (ActKind::BindNumber, true, 2),
            (ActKind::SignIn, true, 2),
            (ActKind::BindNumber, true, 1),
            (ActKind::SignIn, false, 1),
        ]
    );
    assert_eq!(
        report.stops,
        [
            StopCount {
                step: None,
                times: 1,
                unfinished: 1
            },
            StopCount {
                step: Some(StepKind::Identity),
                times: 1,
                unfinished: 1
            }
        ]
    );
    let total = report.total;
    assert_eq!((total.tickets, total.ended, total.parked), (1, 1, 1));
    assert_eq!((report.waiting, report.tickets_pending), (1, 1));
    let told = serde_json::to_string(&report).unwrap();
    assert!(
        !told.contains("20260001") && !told.contains("张三"),
        "{told}"
    );
}

#[test]
fn each_day_has_its_own_and_what_comes_after_is_not_looked_at() {
    let second = date(2026, 9, 2);
    let third = date(2026, 9, 3);
    let mut facts = visit(
        1,
        DAY,
        vec![(17, 0, opened()), (17, 5, parked(ParkedFor::Student))],
    );
    facts.extend(visit(
        1,
        second,
        vec![
            (8, 0, Fact::Resumed { by: Proof::SignIn }),
            (8, 3, followed(Attestation::Campus)),
            (8, 4, closed(Outcome::Bound)),
        ],
    ));
    let both = report_of(DAY, second, &[facts.clone()]);
    let days: Vec<_> = both
        .days
        .iter()
        .map(|(_, day)| (day.served, day.bound_seen, day.parked))
        .collect();
    assert_eq!(days, [(1, 0, 1), (1, 1, 0)]);
    assert_eq!((both.waiting, both.total.served), (0, 2));
    let one = report_of(DAY, DAY, &[facts.clone()]);
    assert_eq!((one.waiting, one.total.bound_seen), (1, 0));
    let other = report_of(second, second, &[facts.clone()]);
    assert_eq!(
        other.spent.longest,
        9 * 60,
        "what was spent the day before counts"
    );
    assert_eq!(
        report_of(third, third, &[facts]).total,
        DayTotals::default()
    );
    assert!(ReportDays::new(second, DAY, &TimeZone::UTC).is_none());
    assert!(ReportDays::new(DAY, date(2028, 9, 1), &TimeZone::UTC).is_none());
}

#[test]
fn days_whose_journal_was_dropped_keep_their_counts() {
    let step = |_: &Visit| None;
    let days = ReportDays::new(DAY, DAY, &TimeZone::UTC).unwrap();
    let mut fold = ReportFold::new(days, &step);
    let counts = crate::visit::Counts {
        opened: 40,
        bound: 20,
        by_word: 10,
        already_bound: 2,
        parked: 5,
        ended: 3,
    };
    fold.restore([(DAY, counts)].into());
    let report = fold.finish();
    assert_eq!(report.total.served, 40);
    assert_eq!(
        (report.total.bound_seen, report.total.bound_by_word),
        (20, 10)
    );
    assert_eq!(report.counted_only, [DAY]);
}
