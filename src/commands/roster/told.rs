//! What was read of a list, in words, before it counts: sheets, rows, columns, the first student and the last, and what
//! was left out. Students are masked.

use std::fmt::Write;

use super::heading::HEADING_WITHIN;
use super::people::{FaultList, People, ReadSheet, SheetIs, SheetTally};
use super::rows::Unread;
use crate::escape;

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
        let _ = writeln!(text, "and {more} more sheets that are not read");
    }
    add(&mut text, &people.faulty, "");
    add(
        &mut text,
        &people.left_out,
        "; the student is kept without it",
    );
    if people.trimmed > 0 {
        let _ = writeln!(
            text,
            "{} had invisible characters at an edge, which are left out",
            count(people.trimmed, "name")
        );
    }
    text
}

fn line(people: &People<'_>, sheet: &SheetTally, wanted: &str) -> String {
    let name = match &sheet.name {
        Some(name) => format!("sheet {name}"),
        None => "the list".to_owned(),
    };
    match &sheet.is {
        SheetIs::Read(read) => format!("{name}: {}", of_read(people, read)),
        SheetIs::Unheaded(_) => format!(
            "{name}: not read; no heading with the columns {wanted} stands in the first {HEADING_WITHIN} rows"
        ),
        SheetIs::Unread(Unread::Hidden) => {
            format!("{name}: not read; the workbook hides it (--sheet NAME reads it)")
        }
        SheetIs::Unread(Unread::NoCells) => format!("{name}: not read; it is a chart"),
        SheetIs::Unread(Unread::NotNamed) => format!("{name}: not read; --sheet names another"),
    }
}

fn of_read(people: &People<'_>, sheet: &ReadSheet) -> String {
    let columns = &sheet.columns;
    let mut heads = format!("{}, {}", columns.number.called(), columns.name.called());
    match &columns.mobile {
        Some(mobile) => heads = format!("{heads}, {}", mobile.called()),
        None => heads.push_str(", no mobile numbers"),
    }
    let mut text = format!(
        "lines {} to {}, columns {heads}: {}",
        sheet.heading.saturating_add(1),
        sheet.last,
        count(sheet.students, "student")
    );
    if let Some((first, last)) = people.ends(sheet) {
        text = format!("{text}, from {first} to {last}");
    }
    if sheet.hidden > 0 {
        let rows = count(sheet.hidden, "hidden row");
        let were = if sheet.hidden == 1 { "was" } else { "were" };
        text = format!("{text}; {rows} {were} read as well");
    }
    if sheet.faulty > 0 {
        text = format!("{text}; {} with a fault", count(sheet.faulty, "row"));
    }
    text
}

fn add(text: &mut String, faults: &FaultList, outcome: &str) {
    for fault in &faults.first {
        let _ = writeln!(text, "{}{outcome}", escape::line(&fault.to_string()));
    }
    let more = faults.count.saturating_sub(faults.first.len());
    if more > 0 {
        let _ = writeln!(text, "and {} more{outcome}", count(more, "row"));
    }
}

/// `1 row`, `2 rows`.
pub fn count(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}
