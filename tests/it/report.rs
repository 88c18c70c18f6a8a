//! `yingxin report`: the numbers of a day from a journal, in each format, with and without the PIN, with and without a
//! desk that runs.

use std::time::Duration;

use yingxin::store::read_report;
use yingxin::visit::report::ReportDays;
use yingxin::visit::{Attestation, Fact, FreeText, Outcome, Pickup, StepKind, TicketNumber};

use crate::store::desk::{self, at, commit, journey, opened, parked, today, zone};
use crate::support::kiosk::{PIN, Place};

fn followed(word: Attestation) -> Fact {
    Fact::StepDone {
        step: StepKind::Follow,
        word,
    }
}

fn closed(outcome: Outcome) -> Fact {
    Fact::Closed { outcome }
}

/// Three that are bound, one of them by word; one that left; one that waits with a ticket.
fn fill(place: &Place) {
    let (store, _) = desk::open(&place.store());
    let mut desk = desk::Desk::default();
    for (id, word) in [
        (1, Attestation::Campus),
        (2, Attestation::Campus),
        (3, Attestation::Student),
    ] {
        for facts in journey(id) {
            commit(&store, desk.batch(u128::from(id), facts)).unwrap();
        }
        let end = vec![followed(word), closed(Outcome::Bound)];
        commit(&store, desk.batch(u128::from(id), end)).unwrap();
    }
    commit(&store, desk.batch(4, vec![opened(), closed(Outcome::Left)])).unwrap();
    let ticket = Fact::TicketOpened {
        number: TicketNumber::of(Pickup::new(Default::default(), 5)),
        reason: FreeText::new("=20260005"),
        route: None,
        step: None,
    };
    commit(&store, desk.batch(5, vec![opened(), ticket, parked(5)])).unwrap();
    store.close().unwrap();
}

/// The days around the facts, in whichever time zone the program runs.
fn days() -> String {
    let (before, after) = (today().yesterday().unwrap(), today().tomorrow().unwrap());
    format!("{before}..{after}")
}

#[test]
fn the_numbers_of_a_day_come_in_each_format_without_a_person() {
    let place = Place::guide();
    fill(&place);
    let days = days();
    let report = |format: &str, lang: &str| {
        let args = ["--lang", lang, "report", "--day", &days, "--format", format];
        let (code, out, why) = place.command(&args);
        assert_eq!(code, 0, "{why}");
        for person in ["2026000000", "欧阳", "1380000000"] {
            assert!(!out.contains(person), "{person}: {out}");
        }
        out
    };

    let json: serde_json::Value = serde_json::from_str(&report("json", "zh-CN")).unwrap();
    assert_eq!(json["total"]["served"], 5);
    assert_eq!(json["total"]["bound_seen"], 2);
    assert_eq!(json["total"]["bound_by_word"], 1);
    assert_eq!(json["total"]["tickets"], 1);
    assert_eq!(
        (&json["waiting"], &json["tickets_pending"]),
        (&1.into(), &1.into())
    );
    let quarter = &json["quarters"][0];
    assert_eq!(quarter["served"], 5);
    assert_eq!(
        (&quarter["bound_seen"], &quarter["bound_by_word"]),
        (&2.into(), &1.into())
    );
    assert_eq!(json["days"].as_array().unwrap().len(), 3);
    assert!(json.get("visits").is_none());

    let text = report("text", "zh-CN");
    for part in [
        "#: 接待  =: 绑定  ~: 学生自述",
        "##### 5",
        "== 2",
        "~ 1",
        "停在哪一步",
        "登记手机号",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("=== 3"), "{text}");
    assert!(report("text", "en").contains("By the student's word"));

    let csv = report("csv", "zh-CN");
    let body = csv.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
    let has = |kind: &str, item: &str, n: &str| {
        let found = rows.iter().any(|row| row == vec![kind, item, n]);
        assert!(found, "{kind} {item} {n}: {csv}");
    };
    has("合计", "绑定", "2");
    has("合计", "学生自述", "1");
    let by_word = |row: &&csv::StringRecord| &row[0] == "每一刻钟: 学生自述" && &row[2] == "1";
    assert_eq!(rows.iter().filter(by_word).count(), 1, "{csv}");
    has("校园系统的答复: 登记手机号", "正常", "3");
    let html = report("html", "zh-CN");
    for part in ["<b>2</b>绑定<", "<b>1</b>学生自述<", ": 5 / 2 / 1</title>"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    stands_alone(&html);
    stands_alone(&report("html", "en"));

    let other = place.command(&["report", "--day", "2020-01-01"]);
    assert!(other.0 == 0 && other.1.contains("没有登记"), "{other:?}");
    let empty = Place::guide();
    let none = empty.command(&["report"]);
    assert!(none.0 == 0 && none.1.contains("没有登记"), "{none:?}");
    assert!(
        !empty.store().join("journal").exists(),
        "it creates no store"
    );
    assert_eq!(
        place
            .command(&["report", "--day", "2020-01-01..2026-01-01"])
            .0,
        2
    );
}

/// The page is well-formed, loads nothing, runs nothing, prints on A4 and draws its bars.
fn stands_alone(html: &str) {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let page = roxmltree::Document::parse_with_options(html, options).unwrap();
    let count = |name: &str| {
        page.descendants()
            .filter(|node| node.has_tag_name(name))
            .count()
    };
    assert_eq!(
        (count("svg"), count("script"), count("link"), count("img")),
        (1, 0, 0, 0)
    );
    assert!(count("rect") > 2 && count("table") == 3);
    for loads in ["http", "src=", "href=", "url(", "@import"] {
        assert!(!html.contains(loads), "{loads}");
    }
    assert!(html.contains("@page { size: A4;"));
    assert!(html.starts_with("<!DOCTYPE html>\n"));
}

#[test]
fn students_are_listed_only_behind_the_pin_and_the_journal_knows() {
    let place = Place::guide();
    fill(&place);
    let days = days();
    for running in [false, true] {
        let mut desk = running.then(|| place.kiosk("zh-CN", 80, 24));
        if let Some(desk) = &mut desk {
            desk.shows("欢迎新同学");
            desk.rests();
        }
        let args = ["report", "--day", &days, "--persons", "--format", "csv"];
        let (code, out, _) = place.told("000000", &args);
        assert!(code == 77 && out.is_empty(), "{code} {out}");
        let (code, out, why) = place.told(PIN, &args);
        assert_eq!(code, 0, "{why}");
        let body = out.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::Reader::from_reader(body.as_bytes());
        let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), 5, "{out}");
        // As text: a spreadsheet takes none of its zeros.
        assert_eq!(&rows[0][1], "202600000001\t");
        assert_eq!(&rows[0][4], "绑定（已看到）");
        assert_eq!(&rows[2][4], "绑定（学生自述）");
        let (_, html, _) = place.told(
            PIN,
            &["report", "--day", &days, "--persons", "--format", "html"],
        );
        assert!(html.contains("<td>202600000001</td>"), "{html}");
    }
    let (code, story, why) = place.command(&["audit", "show", &format!("{:032x}", 1)]);
    assert_eq!(code, 0, "{why}");
    assert_eq!(
        story.matches("listed the visits of a report").count(),
        4,
        "{story}"
    );
}

#[test]
fn a_days_report_ends_with_a_seal_that_the_journal_is_compared_with() {
    let place = Place::guide();
    fill(&place);
    let report = |format: &str| {
        let (code, out, why) = place.command(&["report", "--format", format]);
        assert_eq!(code, 0, "{why}");
        out
    };
    let last = |text: String| text.trim_end().lines().last().unwrap().to_owned();
    let json: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    let csv = last(report("csv"));
    let html = report("html");
    let (_, in_html) = html.split_once("<br/>\n").unwrap();
    let args = ["report", "--persons", "--format", "csv"];
    let (code, persons, why) = place.told(PIN, &args);
    assert_eq!(code, 0, "{why}");
    let persons = last(persons);
    let cell = |row: &str| row.split(',').nth(1).unwrap().to_owned();
    let lines = [
        last(report("text")),
        json["seal"].as_str().unwrap().to_owned(),
        cell(&csv),
        cell(&persons),
        in_html.split_once('<').unwrap().0.to_owned(),
    ];
    let file = place.dir().join("seals");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let against = ["audit", "verify", "--against", file.to_str().unwrap()];
    let (code, out, why) = place.command(&against);
    let is_whole = out.contains("the journal is whole");
    assert!(code == 0 && is_whole, "{lines:?}: {out}{why}");
    // A month's report has none, and neither has one of a store without its key or of no store.
    let (_, month, _) = place.command(&["report", "--day", &days()]);
    assert!(!month.contains("yingxin-seal"), "{month}");
    std::fs::write(&file, lines[0].replace("record=", "record=9")).unwrap();
    assert_eq!(place.command(&against).0, 65);
    let (code, out, _) = Place::guide().command(&["report"]);
    assert!(code == 0 && !out.contains("yingxin-seal"), "{out}");
}

/// How long this thread has been on a processor: other tests run beside this one.
fn on_processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// A month of 30 days with 500 visits takes less than a second in a release build (`cargo bench --bench desk -- report`).
/// Here, without optimisation, a day of 500 has that time.
#[test]
fn a_day_of_five_hundred_visits_is_read_quickly() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = desk::open(dir.path());
    let mut desk = desk::Desk::default();
    let mut lives: Vec<Vec<Vec<Fact>>> = (0..500).map(journey).collect();
    for life in &mut lives {
        life.push(vec![followed(Attestation::Campus), closed(Outcome::Bound)]);
    }
    for step in 0..6 {
        let mut batch = yingxin::store::Batch::default();
        for (id, life) in lives.iter().enumerate() {
            let one = desk.batch(id as u128 + 1, life[step].clone());
            batch.records.extend(one.records);
            batch.visits.extend(one.visits);
        }
        commit(&store, batch).unwrap();
    }
    store.close().unwrap();
    let days = ReportDays::new(today(), today(), &zone()).unwrap();
    let location = yingxin::store::Location::new(dir.path());
    let step = |visit: &yingxin::visit::Visit| visit.steps_done().last();
    let began = on_processor();
    let read = read_report(&location, &zone(), days, &step, false).unwrap();
    let took = on_processor() - began;
    assert_eq!(
        (read.report.total.served, read.report.total.bound_seen),
        (500, 500)
    );
    assert!(read.report.spent.longest > 0 && at(1) > at(0));
    eprintln!("500 visits, 3000 records: {took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
}
