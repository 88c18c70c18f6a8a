//! The report as one page that needs no other file: its style and its bars are in it, it loads nothing, and it prints on A4.
//! It is well-formed XML too.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::ReportSheet;
use crate::screen::pages::{report_words, script};
use crate::visit::report::QuarterHour;

const STYLE: &str = "@page { size: A4; margin: 15mm }
body { font: 11pt/1.5 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: #111; background: #fff; max-width: 180mm; \
margin: 0 auto; padding: 1em }
h1 { font-size: 18pt; margin: 0 0 .4em } h2 { font-size: 13pt; margin: 1.2em 0 .3em; break-after: avoid }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { text-align: left; padding: 2pt 6pt; border-bottom: .5pt solid #bbb } td.n, th.n { text-align: right }
.totals { display: grid; grid-template-columns: repeat(4, 1fr); gap: 6pt } .totals div { border: .5pt solid #bbb; padding: 4pt 8pt }
.totals b { display: block; font-size: 18pt; line-height: 1.2 }
svg { width: 100%; height: auto; break-inside: avoid } footer { margin-top: 1.5em; color: #555; font-size: 9pt; overflow-wrap: anywhere }
@media print { body { padding: 0 } }";

/// The bars' drawing, in its own units.
const WIDE: usize = 720;
const HIGH: u32 = 180;

/// Writes the report.
pub fn write(sheet: &ReportSheet<'_>) -> String {
    let report = sheet.report;
    let title = escaped(&report_words::title(sheet.text, report));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{title}</title>\n\
         <style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n<div class=\"totals\">\n",
        sheet.text.lang().tag()
    );
    for (key, n) in report_words::totals(report) {
        let _ = writeln!(out, "<div><b>{n}</b>{}</div>", escaped(&sheet.words(key)));
    }
    out += "</div>\n";
    out += &paragraph(&report_words::spent(sheet.text, &report.spent));
    if let Some(words) = report_words::counted_only(sheet.text, &report.counted_only) {
        out += &paragraph(&words);
    }
    out += &heading(sheet, "report-quarters");
    out += &bars(sheet);
    if !report.is_one_day() {
        out += &heading(sheet, "report-of-day");
        let heads = [
            "report-day",
            "report-served",
            "report-bound",
            "report-bound-by-word",
        ];
        let rows = report.days.iter().map(|(day, totals)| {
            [
                day.to_string(),
                totals.served.to_string(),
                totals.bound_seen.to_string(),
                totals.bound_by_word.to_string(),
            ]
        });
        out += &table(&heads.map(|key| sheet.words(key)), rows, 1);
    }
    out += &heading(sheet, "report-stops");
    let heads = ["report-step", "report-times", "report-unfinished"];
    let rows = report.stops.iter().map(|stop| {
        [
            report_words::stop_name(sheet.text, stop),
            stop.times.to_string(),
            stop.unfinished.to_string(),
        ]
    });
    out += &table(&heads.map(|key| sheet.words(key)), rows, 1);
    out += &heading(sheet, "report-answers");
    let heads = ["report-asked", "report-answer", "report-times"];
    let rows = report.answers.iter().map(|answer| {
        [
            sheet.words(report_words::act(answer.what)),
            report_words::answer(sheet.text, answer),
            answer.times.to_string(),
        ]
    });
    out += &table(&heads.map(|key| sheet.words(key)), rows, 2);
    if let Some(visits) = sheet.visits {
        out += &heading(sheet, "report-visits");
        let rows = visits.iter().map(|visit| sheet.visit_cells(visit));
        out += &table(&sheet.visit_heads(), rows, 5);
    }
    let made = script::moment(Timestamp::now(), sheet.zone);
    let parts = [
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("at", made.into()),
    ];
    let made = escaped(&sheet.text.with("report-made", &parts));
    let seal = sheet.seal.as_ref().map_or_else(String::new, |seal| {
        format!("<br/>\n{}", escaped(&seal.to_string()))
    });
    out + &format!("<footer>{made}{seal}</footer>\n</body>\n</html>\n")
}

fn heading(sheet: &ReportSheet<'_>, key: &str) -> String {
    format!("<h2>{}</h2>\n", escaped(&sheet.words(key)))
}

fn paragraph(words: &str) -> String {
    format!("<p>{}</p>\n", escaped(words))
}

/// A table; its columns from `numbers` on are set to the right.
fn table<const N: usize>(
    heads: &[String; N],
    rows: impl Iterator<Item = [String; N]>,
    numbers: usize,
) -> String {
    let row = |cells: &[String; N], tag: &str| {
        let cells = cells.iter().enumerate().map(|(n, cell)| {
            let class = if n >= numbers { " class=\"n\"" } else { "" };
            format!("<{tag}{class}>{}</{tag}>", escaped(cell))
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = rows.map(|cells| row(&cells, "td")).collect();
    format!(
        "<table>\n<thead>\n{}</thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
        row(heads, "th")
    )
}

/// What is counted by quarter hours, in this order: the served pale; within it the bound dark, and on them those by word.
const COLOURS: [&str; 3] = ["#b9cfe8", "#1f5c99", "#d98200"];

/// A bar for each quarter hour.
fn bars(sheet: &ReportSheet<'_>) -> String {
    let (first, quarters) = sheet.report.busy_quarters();
    // The bound and those by word stand on each other, and can be more than were served in that quarter.
    let high = |q: &QuarterHour| q.served.max(q.bound_seen.saturating_add(q.bound_by_word));
    let most = quarters.iter().map(high).max().unwrap_or(0);
    let Some(any) = quarters.first() else {
        return paragraph(&sheet.words("report-none"));
    };
    let mut out = format!("<svg viewBox=\"0 -20 {WIDE} 224\" role=\"img\" font-size=\"11\">\n");
    let kinds = report_words::quarter_counts(any);
    for (n, ((key, _), colour)) in kinds.into_iter().zip(COLOURS).enumerate() {
        let (x, words) = (n * 110, escaped(&sheet.words(key)));
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"-16\" width=\"10\" height=\"10\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"-7\">{words}</text>",
            x + 14
        );
    }
    let step = (WIDE / quarters.len().max(1)).clamp(1, 40);
    let width = step.saturating_sub(2).max(1);
    // A label for each hour where there is room, else for every second or fourth.
    let each = (160 / (step * 4).max(1)).clamp(1, 4) * 4;
    for (n, quarter) in quarters.iter().enumerate() {
        let (x, at) = (n * step, first.saturating_add(n));
        out += &bar(x, width, quarter, most, at);
        if at % each == 0 {
            let _ = writeln!(
                out,
                "<text x=\"{x}\" y=\"{}\">{}</text>",
                HIGH + 16,
                report_words::quarter(at)
            );
        }
    }
    out + "</svg>\n"
}

fn bar(x: usize, width: usize, quarter: &QuarterHour, most: u32, at: usize) -> String {
    let mut out = format!(
        "<g><title>{}: {} / {} / {}</title>",
        report_words::quarter(at),
        quarter.served,
        quarter.bound_seen,
        quarter.bound_by_word
    );
    let high = |n: u32| n.saturating_mul(HIGH) / most.max(1);
    let bound = high(quarter.bound_seen);
    let bars = [
        (high(quarter.served), HIGH),
        (bound, HIGH),
        (high(quarter.bound_by_word), HIGH.saturating_sub(bound)),
    ];
    for ((high, foot), colour) in bars.into_iter().zip(COLOURS) {
        let _ = write!(
            out,
            "<rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{high}\" fill=\"{colour}\"/>",
            foot.saturating_sub(high)
        );
    }
    let line =
        format!("<rect x=\"{x}\" y=\"{HIGH}\" width=\"{width}\" height=\"1\" fill=\"#555\"/>");
    out + &line + "</g>\n"
}

/// Text within an element.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
