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
            "report-bound",
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

/// Bars of `#` for the served, `=` for the bound and `~` for those by word, which have no line where there are none.
fn quarters(sheet: &ReportSheet<'_>) -> String {
    let report = sheet.report;
    let (first, quarters) = report.busy_quarters();
    let mut out = section(sheet, "report-quarters");
    let Some(any) = quarters.first() else {
        return out + &format!("  {}\n", sheet.words("report-none"));
    };
    let scale = report.most_in_a_quarter().div_ceil(BAR).max(1);
    let signs = ["#", "=", "~"];
    let heads = report_words::quarter_counts(any).into_iter().zip(signs);
    let heads: Vec<String> = heads
        .map(|((key, _), sign)| format!("{sign}: {}", sheet.words(key)))
        .collect();
    out += &format!("  {}\n", heads.join("  "));
    for (n, quarter) in quarters.iter().enumerate() {
        let mut from = report_words::quarter(first.saturating_add(n));
        let counts = report_words::quarter_counts(quarter).map(|(_, n)| n);
        for (kind, (n, sign)) in counts.into_iter().zip(signs).enumerate() {
            if kind == 2 && n == 0 {
                continue;
            }
            let bar = sign.repeat(usize::try_from(n.div_ceil(scale)).unwrap_or(0));
            out += &format!("  {from:5}  {}\n", format!("{bar} {n}").trim());
            from.clear();
        }
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
