//! What was read of a list, in words, before it counts: sheets, rows, columns, the first student and the last, and what
//! was left out. Students are masked.

use std::fmt::Write;

use super::heading::HEADING_WITHIN;
use super::people::{FaultList, People, ReadSheet, SheetIs, SheetTally};
use super::rows::Unread;
use crate::cli_lang::{both, lang, pick};
use crate::escape;
use crate::text::Lang;

/// Sheets without students that are named; all are counted.
const NAMED: usize = 20;

/// The lines for stderr.
pub fn told(people: &People<'_>, wanted: &str) -> String {
    let mut text = String::new();
    let mut unread = 0usize;
    for sheet in &people.sheets {
        if !matches!(sheet.is, SheetIs::Read(_)) {
            unread = unread.saturating_add(1);
            if unread > NAMED {
                continue;
            }
        }
        let _ = writeln!(text, "{}", escape::line(&line(people, sheet, wanted)));
    }
    if let Some(more) = unread.checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = writeln!(
            text,
            "{}",
            both!(
                "and {more} more sheets that are not read",
                "还有 {more} 张没有读的表"
            )
        );
    }
    add(&mut text, &people.faulty, "");
    add(
        &mut text,
        &people.left_out,
        pick("; the student is kept without it", "；学生保留，不含手机号"),
    );
    if people.trimmed > 0 {
        let _ = writeln!(
            text,
            "{}",
            both!(
                "{} had invisible characters at an edge, which are left out",
                "{}头尾有看不见的字符，已去掉",
                count(people.trimmed, Noun::Name)
            )
        );
    }
    text
}

fn line(people: &People<'_>, sheet: &SheetTally, wanted: &str) -> String {
    let name = match &sheet.name {
        Some(name) => both!("sheet {name}", "表 {name}"),
        None => both!("the list", "名单"),
    };
    match &sheet.is {
        SheetIs::Read(read) => both!("{name}: {}", "{name}：{}", of_read(people, read)),
        SheetIs::Unheaded(_) => both!(
            "{name}: not read; no heading with the columns {wanted} stands in the first {HEADING_WITHIN} rows",
            "{name}：没有读；前 {HEADING_WITHIN} 行里没有含 {wanted} 这几列的列名"
        ),
        SheetIs::Unread(Unread::Hidden) => {
            both!(
                "{name}: not read; the workbook hides it (--sheet NAME reads it)",
                "{name}：没有读；工作簿把它隐藏了（--sheet 名称 可以读）"
            )
        }
        SheetIs::Unread(Unread::NoCells) => both!(
            "{name}: not read; it is a chart",
            "{name}：没有读；它是图表"
        ),
        SheetIs::Unread(Unread::NotNamed) => both!(
            "{name}: not read; --sheet names another",
            "{name}：没有读；--sheet 指定了别的"
        ),
    }
}

fn of_read(people: &People<'_>, sheet: &ReadSheet) -> String {
    let columns = &sheet.columns;
    let mut heads = both!(
        "{}, {}",
        "{}、{}",
        columns.number.called(),
        columns.name.called()
    );
    match &columns.mobile {
        Some(mobile) => heads = both!("{heads}, {}", "{heads}、{}", mobile.called()),
        None => heads.push_str(pick(", no mobile numbers", "，没有手机号")),
    }
    let mut text = both!(
        "lines {} to {}, columns {heads}: {}",
        "第 {} 到 {} 行，{heads} 列：{}",
        sheet.heading.saturating_add(1),
        sheet.last,
        count(sheet.students, Noun::Student)
    );
    if let Some((first, last)) = people.ends(sheet) {
        text = both!(
            "{text}, from {first} to {last}",
            "{text}，从 {first} 到 {last}"
        );
    }
    if sheet.hidden > 0 {
        let rows = count(sheet.hidden, Noun::HiddenRow);
        let were = if sheet.hidden == 1 { "was" } else { "were" };
        text = match lang() {
            Lang::En => format!("{text}; {rows} {were} read as well"),
            Lang::Zh => format!("{text}；{rows}也读了"),
        };
    }
    if sheet.faulty > 0 {
        text = both!(
            "{text}; {} with a fault",
            "{text}；有错的 {}",
            count(sheet.faulty, Noun::Row)
        );
    }
    text
}

fn add(text: &mut String, faults: &FaultList, outcome: &str) {
    for fault in &faults.first {
        let _ = writeln!(text, "{}{outcome}", escape::line(&fault.to_string()));
    }
    let more = faults.count.saturating_sub(faults.first.len());
    if more > 0 {
        let more = count(more, Noun::Row);
        let more = both!("and {more} more{outcome}", "另有 {more}{outcome}");
        let _ = writeln!(text, "{more}");
    }
}

/// What is counted.
#[derive(Clone, Copy)]
pub enum Noun {
    /// A row of a list.
    Row,
    /// A row that the workbook hides.
    HiddenRow,
    /// A student.
    Student,
    /// A name.
    Name,
}

/// `1 row`, `2 rows`, `2 行`.
pub fn count(count: usize, noun: Noun) -> String {
    let (en, zh) = match noun {
        Noun::Row => ("row", "行"),
        Noun::HiddenRow => ("hidden row", "个隐藏的行"),
        Noun::Student => ("student", "名学生"),
        Noun::Name => ("name", "个姓名"),
    };
    match (lang(), count) {
        (Lang::Zh, n) => format!("{n} {zh}"),
        (Lang::En, 1) => format!("1 {en}"),
        (Lang::En, n) => format!("{n} {en}s"),
    }
}
