//! Each fault is named by its place, and costs no more than it must.

use super::*;

const RULE: StudentNumberRule = StudentNumberRule {
    min: 8,
    max: 12,
    letters: false,
};

fn row(line: u64, cells: &[&str]) -> Row {
    let cell = |text: &&str| match *text {
        "" => Cell::Empty,
        "~" => Cell::Rounded,
        "%" => Cell::Disguised,
        text => Cell::Text(text.to_owned()),
    };
    Row {
        line,
        is_hidden: false,
        cells: cells.iter().map(cell).collect(),
    }
}

fn taken<'a>(headings: &'a Headings, rows: &[&[&str]]) -> People<'a> {
    let mut people = People::new(headings, &RULE);
    people.begin(None);
    for (line, cells) in (1..).zip(rows) {
        let _ = people.take(row(line, cells)).unwrap();
    }
    people
}

fn told(faults: &FaultList) -> Vec<String> {
    faults.first.iter().map(RowFault::to_string).collect()
}

#[test]
fn columns_are_found_below_a_title_by_what_stands_over_them() {
    let headings = Headings::default();
    let people = taken(
        &headings,
        &[
            &["二〇二六级新生名单"],
            &["序号", " 姓名 ", "手机号", "学　号", "学号"],
            &["1", "张三", "", "x", "２０２６０００１"],
            &["2", "李四", "138 0013 8000", "x", "20260002"],
        ],
    );
    people.finish().unwrap();
    assert_eq!(people.faulty.count, 0);
    let names: Vec<_> = people
        .students
        .iter()
        .map(|e| e.student.name.as_str())
        .collect();
    assert_eq!(names, ["张三", "李四"]);
    assert_eq!(people.students[0].student.number.as_str(), "20260001");
    assert_eq!(people.students[0].mobile, None);
    assert!(people.students[1].mobile.is_some());
    let named = Headings {
        number: Some("ID".into()),
        name: Some("Who".into()),
        mobile: None,
    };
    let people = taken(&named, &[&["id", "who"], &["20260001", "Ann"]]);
    assert_eq!(people.students.len(), 1);
}

#[test]
fn each_fault_is_named_by_line_and_column_and_shows_nobody() {
    let headings = Headings::default();
    let people = taken(
        &headings,
        &[
            &["姓名", "学号", "手机"],
            &["张三", "20260001", ""],
            &["", "20260002", ""],
            &["李四", "2026", ""],
            &["王\u{1b}[31m五", "20260003", ""],
            &["=cmd|' /C calc'!A0", "20260004", ""],
            &["赵六", "~", ""],
            &["孙八", "20260001", ""],
            &["周九"],
            &["吴十", "2026/0005", ""],
            &["郑一", "2026000A", ""],
            &["冯二", "%", ""],
        ],
    );
    assert_eq!(
        told(&people.faulty),
        [
            "line 3, column 姓名 (A): empty",
            "line 4, column 学号 (B): fewer than 8 characters",
            "line 5, column 姓名 (A): U+001B, a character that cannot be shown",
            "line 6, column 姓名 (A): a formula, not a name",
            "line 7, column 学号 (B): the spreadsheet has shortened this number; format the column as text and \
             fill it in again",
            "line 8, column 学号 (B): the number of line 2 again",
            "line 9, column 学号 (B): empty",
            "line 10, column 学号 (B): U+002F, which no student number has",
            "line 11, column 学号 (B): a letter, and student numbers here have none",
            "line 12, column 学号 (B): the cell's format shows another number than the cell holds; format the \
             column as text and fill it in again",
        ]
    );
    assert_eq!((people.faulty.count, people.students.len()), (10, 1));
}

#[test]
fn a_mobile_number_that_is_none_costs_the_number_and_not_the_student() {
    let headings = Headings::default();
    let people = taken(
        &headings,
        &[
            &["学号", "姓名", "手机号"],
            &["20260001", "张三", "无"],
            &["20260002", "李四", "13800138000/13900139000"],
            &["20260003", "王五", "\u{202d}13800138000\u{202c}"],
            &["20260004", "赵六", "0471-6575555"],
            &["20260005", "钱七", "13800138000.0"],
            &["20260006", "孙八", "~"],
            &["20260007", "周九", ""],
            &["20260007", "吴十", "无"],
        ],
    );
    let mobiles: Vec<bool> = people.students.iter().map(|e| e.mobile.is_some()).collect();
    assert_eq!(mobiles, [false, false, true, false, true, false, false]);
    assert_eq!((people.faulty.count, people.left_out.count), (1, 4));
    assert_eq!(
        told(&people.left_out)[0],
        "line 2, column 手机号 (C): a letter or sign in the number"
    );
}

#[test]
fn invisible_characters_at_a_names_edge_are_dropped_and_others_are_named() {
    let headings = Headings::default();
    let people = taken(
        &headings,
        &[
            &["学号", "姓名"],
            &["20260001\u{200b}", "张三\u{200b}"],
            &["20260002", "\u{feff}李四"],
            &["20260003", "王\u{200b}五"],
            &["20260004", "ᠰᠠᠷᠠᠨ\u{180e}ᠠ"],
            &["20260005", "葛\u{e0100}"],
            &["20260006", "\u{200b}\u{feff}"],
        ],
    );
    let names: Vec<_> = people
        .students
        .iter()
        .map(|e| e.student.name.as_str())
        .collect();
    assert_eq!(names, ["张三", "李四", "葛"]);
    assert_eq!(people.trimmed, 3);
    assert_eq!(
        told(&people.faulty),
        [
            "line 4, column 姓名 (B): U+200B, a character that cannot be shown",
            "line 5, column 姓名 (B): U+180E, a character that cannot be shown",
            "line 7, column 姓名 (B): empty",
        ]
    );
}

#[test]
fn a_number_that_may_have_looked_like_another_is_refused() {
    let headings = Headings::default();
    let people = taken(
        &headings,
        &[
            &["学号", "姓名"],
            &["2026\u{202e}1000", "张三"],
            &["\u{202e}10006202", "李四"],
            &["2026\u{200b}0003", "王五"],
            &["2026\u{8}0004", "赵六"],
            &["2026\t0005", "孙八"],
            &["\u{202d}20260006\u{202c}", "周九"],
            &["20260007\t", "吴十"],
            &["2026 0008", "郑一"],
            &["\u{200f}2026 0009", "冯二"],
        ],
    );
    let of =
        |line, code| format!("line {line}, column 学号 (A): {code}, which no student number has");
    assert_eq!(
        told(&people.faulty),
        [
            of(2, "U+202E"),
            of(3, "U+202E"),
            of(4, "U+200B"),
            of(5, "U+0008"),
            of(6, "U+0009"),
            of(10, "U+200F"),
        ]
    );
    let numbers = people.students.iter().map(|e| e.student.number.as_str());
    assert_eq!(
        numbers.collect::<Vec<_>>(),
        ["20260006", "20260007", "20260008"]
    );
}

#[test]
fn each_sheet_has_its_own_headings_and_a_number_is_in_one_of_them() {
    let headings = Headings::default();
    let mut people = People::new(&headings, &RULE);
    let take = |people: &mut People<'_>, line, cells: &[&str]| {
        people.take(row(line, cells)).unwrap().is_break()
    };
    people.begin(Some("土木"));
    take(&mut people, 1, &["学号", "姓名"]);
    take(&mut people, 2, &["20260001", "张三"]);
    people.begin(Some("说明"));
    let ends = (1..=20)
        .map(|line| take(&mut people, line, &["请填写"]))
        .collect::<Vec<_>>();
    assert!(ends[19] && !ends[18]);
    people.pass_over("2025级", Unread::Hidden);
    people.begin(Some("化工"));
    take(&mut people, 3, &["姓名", "学号"]);
    take(&mut people, 4, &["李四", "20260001"]);
    take(&mut people, 5, &["王五", "20260002"]);
    people.finish().unwrap();
    assert_eq!(people.students.len(), 2);
    assert_eq!(
        told(&people.faulty),
        ["sheet 化工, line 4, column 学号 (B): the number of line 2 of sheet 土木 again"]
    );
}

#[test]
fn a_list_without_a_heading_or_without_anybody_is_refused() {
    let headings = Headings::default();
    let mut people = People::new(&headings, &RULE);
    people.begin(None);
    for line in 1..=20 {
        let more = people.take(row(line, &["20260001", "张三"])).unwrap();
        assert_eq!(more.is_break(), line == 20);
    }
    people.pass_over("名单", Unread::Hidden);
    let refused = people.finish().unwrap_err();
    assert!(refused.what.contains("no heading"), "{}", refused.what);
    assert!(refused.remedy.contains("名单"), "{}", refused.remedy);
    let people = taken(&headings, &[&["学号", "姓名"]]);
    assert!(people.finish().is_err());
    assert!(People::new(&headings, &RULE).finish().is_err());
}

#[test]
fn rows_that_a_sheet_hides_are_counted_in_what_was_read() {
    let headings = Headings::default();
    let mut people = taken(&headings, &[&["学号", "姓名"], &["20260001", "张三"]]);
    let said = |people: &People<'_>| super::super::told::told(people, "");
    assert!(!said(&people).contains("hidden"));
    for (line, number, wanted) in [
        (3, "20260002", "; 1 hidden row was read as well"),
        (4, "20260003", "; 2 hidden rows were read as well"),
    ] {
        let hidden = Row {
            is_hidden: true,
            ..row(line, &[number, "李四"])
        };
        let _ = people.take(hidden).unwrap();
        assert!(said(&people).contains(wanted), "{}", said(&people));
    }
}
