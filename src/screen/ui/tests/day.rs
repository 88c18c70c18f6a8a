//! The day on one page: the numbers of the report, drawn and read to their end.

use super::scenes::{Lock, Scene};
use super::*;
use crate::screen::DayState;
use crate::screen::pages::report_words;
use crate::visit::report::{
    AnswerCount, DayReport, DayTotals, QUARTERS, QuarterHour, StopCount, TimeSpent,
};
use crate::visit::{ActKind, Failure, SignInRefusal, StepKind, Trouble};

/// A day of two hours, with every kind of row.
fn report() -> DayReport {
    let day = jiff::civil::date(2026, 9, 1);
    let total = DayTotals {
        served: 142,
        bound_seen: 121,
        bound_by_word: 9,
        already_bound: 4,
        ended: 3,
        parked: 17,
        tickets: 2,
    };
    let mut quarters = vec![QuarterHour::default(); QUARTERS];
    for (index, served) in (32..).zip([3, 18, 40, 0, 27, 31, 22, 1]) {
        let bound_by_word = served / 10;
        quarters[index] = QuarterHour {
            served,
            bound_seen: served - 2 * bound_by_word,
            bound_by_word,
        };
    }
    let stop = |step, times| StopCount {
        step,
        times,
        unfinished: times / 2,
    };
    let answer = |what, failure, times| AnswerCount {
        what,
        failure,
        times,
    };
    let wrong = Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword));
    DayReport {
        first: day,
        last: day,
        total,
        days: vec![(day, total)],
        quarters,
        spent: TimeSpent {
            visits: 130,
            median: 372,
            longest: 2400,
        },
        stops: vec![stop(Some(StepKind::Follow), 9), stop(None, 2)],
        answers: vec![
            answer(ActKind::SignIn, None, 140),
            answer(ActKind::SignIn, Some(wrong), 6),
            answer(
                ActKind::BindNumber,
                Some(Trouble::Directory(Failure::Offline)),
                2,
            ),
        ],
        waiting: 5,
        owed: 1,
        tickets_pending: 2,
        counted_only: Vec::new(),
    }
}

fn opened(day: DayState) -> (Scene, Vec<UiKey>) {
    let mut scene = Scene::of(scenes::Desk::Free);
    scene.volunteer = Lock::Open;
    scene.day = day;
    let digits = "246810".chars().map(UiKey::Char);
    let mut keys = vec![UiKey::Volunteer];
    keys.extend(digits.chain([UiKey::Enter, UiKey::Char('d')]));
    (scene, keys)
}

pub fn pages() -> Vec<(&'static str, Scene, Vec<UiKey>)> {
    let page = |name, day| {
        let (scene, keys) = opened(day);
        (name, scene, keys)
    };
    let read = || DayState::Read(Box::new(report()));
    let (scene, mut keys) = opened(read());
    keys.push(UiKey::End);
    vec![
        page("day", read()),
        ("day_end", scene, keys),
        page("day_reading", DayState::Reading),
        page("day_failed", DayState::Failed),
    ]
}

/// What is seen from the top to the end, a screen at a time.
fn read_to_the_end(desk: &mut Desk, scene: &Scene) -> String {
    let mut text = desk.text(scene);
    for _ in 0..20 {
        desk.key(scene, UiKey::PageDown);
        text += &desk.text(scene);
    }
    text
}

/// Without blanks and frames: what is wrapped is whole.
fn squeezed(text: &str) -> String {
    let is_part = |c: &char| !c.is_whitespace() && *c != '│';
    text.chars().filter(is_part).collect()
}

#[test]
fn the_day_has_every_number_of_the_report_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let (mut scene, keys) = opened(DayState::Read(Box::new(report())));
        scene.lang = lang;
        for (columns, rows) in [(80, 24), (120, 40)] {
            let mut desk = Desk::new(columns, rows);
            desk.draw(&scene);
            let last = keys.iter().map(|key| desk.key(&scene, *key)).last();
            assert!(matches!(last, Some(UiAction::Desk(DeskCommand::ReadDay))));
            let text = read_to_the_end(&mut desk, &scene);
            let (words, whole) = (Text::new(lang), squeezed(&text));
            let report = report();
            for (key, n) in report_words::totals(&report) {
                let (name, n) = (words.get(key), n.to_string());
                let told = text
                    .split_once(&name)
                    .is_some_and(|(_, rest)| rest.trim_start().starts_with(&n));
                assert!(told, "{name} {n}: {text}");
            }
            for stop in &report.stops {
                assert!(
                    text.contains(&report_words::stop_name(&words, stop)),
                    "{text}"
                );
                assert!(
                    text.contains(&report_words::stop_count(&words, stop)),
                    "{text}"
                );
            }
            for answer in &report.answers {
                let told = format!("{}{}", answer.times, report_words::answer(&words, answer));
                assert!(whole.contains(&squeezed(&told)), "{told}: {text}");
            }
            for quarter in ["08:00", "08:45", "09:45"] {
                assert!(text.contains(quarter), "{quarter}: {text}");
            }
            assert!(!text.contains("07:45") && !text.contains("10:00"), "{text}");
        }
    }
}

#[test]
fn the_day_is_not_offered_before_the_store_is_there() {
    let mut scene = Scene::of(scenes::Desk::Starting);
    scene.volunteer = Lock::Open;
    let mut desk = Desk::new(80, 24);
    for key in opened(DayState::None).1 {
        desk.key(&scene, key);
    }
    let text = desk.text(&scene);
    assert!(!text.contains("今天的情况"), "{text}");
}

#[test]
fn what_students_say_stands_apart_from_what_is_bound() {
    let words = Text::new(Lang::Zh);
    assert_eq!(
        report_words::totals(&report())[1..3],
        [("report-bound", 121), ("report-bound-by-word", 9)]
    );
    let (scene, keys) = opened(DayState::Read(Box::new(report())));
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    keys.into_iter().for_each(|key| drop(desk.key(&scene, key)));
    let text = read_to_the_end(&mut desk, &scene);
    let heads = ["report-served", "report-bound", "report-bound-by-word"].map(|key| words.get(key));
    let is_heads = |line: &&str| heads.iter().all(|head| line.contains(head));
    assert!(text.lines().any(|line| is_heads(&line)), "{text}");
    let line = text.lines().find(|line| line.contains("08:30")).unwrap();
    let numbers: Vec<&str> = line
        .split_whitespace()
        .filter(|word| word.parse::<u32>().is_ok())
        .collect();
    assert_eq!(numbers, ["40", "32", "4"], "{line}");
}
