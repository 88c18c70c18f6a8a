//! The report for a terminal, or a mail.

use unicode_width::UnicodeWidthStr;

use super::ReportSheet;
use crate::screen::pages::report_words;

/// The longest bar, in cells.
const BAR: u32 = 40;

/// Writes the report.
pub fn write(sheet: &ReportSheet<'_>) -> String {
    let report = sheet.report;
    let mut out = format!("{}\n\n", report_words::title(sheet.text, report));
    let totals = report_words::totals(report);
    let rows = totals.map(|(key, n)| [sheet.words(key), n.to_string()]);
    out += &table(&rows, "  ");
    out += &format!("\n{}\n", report_words::spent(sheet.text, &report.spent));
    if let Some(words) = report_words::counted_only(sheet.text, &report.counted_only) {
        out += &format!("{words}\n");
    }
    if !report.is_one_day() {
        out += &section(sheet, "report-of-day");
        let head = [
            "report-day",
            "report-served",
            "report-bound-seen",
            "report-bound-by-word",
        ];
        let mut rows = vec![head.map(|key| sheet.words(key))];
        rows.extend(report.days.iter().map(|(day, totals)| {
            [
                day.to_string(),
                totals.served.to_string(),
                totals.bound_seen.to_string(),
                totals.bound_by_word.to_string(),
            ]
        }));
        out += &table(&rows, "  ");
    }
    out += &quarters(sheet);
    out += &section(sheet, "report-stops");
    let stops = report.stops.iter().map(|stop| {
        let (name, count) = (
            report_words::stop_name(sheet.text, stop),
            report_words::stop_count(sheet.text, stop),
        );
        [name, count]
    });
    out += &or_none(
        sheet,
        table(&stops.collect::<Vec<_>>(), "  "),
        "report-stops-none",
    );
    out += &section(sheet, "report-answers");
    let answers = report.answers.iter().map(|answer| {
        [
            sheet.words(report_words::act(answer.what)),
            answer.times.to_string(),
            report_words::answer(sheet.text, answer),
        ]
    });
    out += &or_none(
        sheet,
        table(&answers.collect::<Vec<_>>(), "  "),
        "report-answers-none",
    );
    if let Some(visits) = sheet.visits {
        out += &section(sheet, "report-visits");
        let mut rows = vec![sheet.visit_heads()];
        rows.extend(visits.iter().map(|visit| sheet.visit_cells(visit)));
        out += &table(&rows, "  ");
    }
    if let Some(seal) = &sheet.seal {
        out += &format!("\n{seal}\n");
    }
    out
}

fn section(sheet: &ReportSheet<'_>, key: &str) -> String {
    format!("\n{}\n", sheet.words(key))
}

fn or_none(sheet: &ReportSheet<'_>, rows: String, none: &str) -> String {
    if rows.is_empty() {
        format!("  {}\n", sheet.words(none))
    } else {
        rows
    }
}

/// Bars of `#` for the served and `=` for the bound.
fn quarters(sheet: &ReportSheet<'_>) -> String {
    let (first, quarters) = sheet.report.busy_quarters();
    let mut out = section(sheet, "report-quarters");
    let most = quarters
        .iter()
        .map(|quarter| quarter.served.max(quarter.bound))
        .max();
    let Some(most) = most.filter(|most| *most > 0) else {
        return out + &format!("  {}\n", sheet.words("report-none"));
    };
    let scale = most.div_ceil(BAR).max(1);
    let bar = |n: u32, sign: &str| sign.repeat(usize::try_from(n.div_ceil(scale)).unwrap_or(0));
    out += &format!(
        "  #: {}  =: {}\n",
        sheet.words("report-served"),
        sheet.words("report-bound")
    );
    for (n, quarter) in quarters.iter().enumerate() {
        let from = report_words::quarter(first.saturating_add(n));
        let served = format!("{} {}", bar(quarter.served, "#"), quarter.served);
        let bound = format!("{} {}", bar(quarter.bound, "="), quarter.bound);
        out += &format!("  {from}  {}\n         {}\n", served.trim(), bound.trim());
    }
    out
}

/// Rows with their columns below each other; widths are in terminal cells.
fn table<const N: usize>(rows: &[[String; N]], indent: &str) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| {
        let widths = rows.iter().map(|row| row[column].width());
        widths.max().unwrap_or(0)
    });
    let mut out = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(widths) {
            let pad = width.saturating_sub(cell.width()).saturating_add(2);
            line += cell;
            line.extend(std::iter::repeat_n(' ', pad));
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}
