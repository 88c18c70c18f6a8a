//! The report for a spreadsheet: one number a row. With the visits it is the list of the visits. A seal is its last row.

use super::ReportSheet;
use crate::cli_error::CliResult;
use crate::commands::csv_sheet::CsvSheet;
use crate::screen::pages::report_words;

/// Writes the report.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn write(sheet: &ReportSheet<'_>) -> CliResult<String> {
    let mut csv = CsvSheet::new();
    if let Some(visits) = sheet.visits {
        csv.row(sheet.visit_heads())?;
        for visit in visits {
            csv.row(sheet.visit_cells(visit))?;
        }
        if let Some(seal) = &sheet.seal {
            let mut cells: [String; 6] = Default::default();
            cells[0] = sheet.words("report-seal");
            cells[1] = seal.to_string();
            csv.row(cells)?;
        }
        return csv.finish();
    }
    let report = sheet.report;
    let heads = ["report-kind", "report-item", "report-number"];
    csv.row(heads.map(|key| sheet.words(key)))?;
    let mut add =
        |kind: &str, item: String, n: u32| csv.row([kind.to_owned(), item, n.to_string()]);
    let total = sheet.words("report-total");
    for (key, n) in report_words::totals(report) {
        add(&total, sheet.words(key), n)?;
    }
    if !report.is_one_day() {
        for (day, totals) in &report.days {
            let day = day.to_string();
            for (key, n) in [
                ("report-served", totals.served),
                ("report-bound", totals.bound_seen),
                ("report-bound-by-word", totals.bound_by_word),
                ("report-already", totals.already_bound),
                ("report-ended", totals.ended),
                ("report-parked", totals.parked),
                ("report-tickets", totals.tickets),
            ] {
                add(&day, sheet.words(key), n)?;
            }
        }
    }
    let spent = sheet.words("report-spent");
    add(
        &spent,
        sheet.words("report-median-seconds"),
        report.spent.median,
    )?;
    add(
        &spent,
        sheet.words("report-longest-seconds"),
        report.spent.longest,
    )?;
    let (first, quarters) = report.busy_quarters();
    for of in 0..3 {
        for (n, quarter) in quarters.iter().enumerate() {
            let (key, count) = report_words::quarter_counts(quarter)[of];
            let kind = format!("{}: {}", sheet.words("report-quarters"), sheet.words(key));
            add(&kind, report_words::quarter(first.saturating_add(n)), count)?;
        }
    }
    for (head, of) in [("report-times", 0), ("report-unfinished", 1)] {
        let kind = format!("{}: {}", sheet.words("report-stops"), sheet.words(head));
        for stop in &report.stops {
            let count = [stop.times, stop.unfinished][of];
            add(&kind, report_words::stop_name(sheet.text, stop), count)?;
        }
    }
    for answer in &report.answers {
        let act = sheet.words(report_words::act(answer.what));
        let kind = format!("{}: {act}", sheet.words("report-answers"));
        add(
            &kind,
            report_words::answer(sheet.text, answer),
            answer.times,
        )?;
    }
    if let Some(seal) = &sheet.seal {
        csv.row([sheet.words("report-seal"), seal.to_string(), String::new()])?;
    }
    csv.finish()
}
