//! The day on one page: the numbers of `yingxin report` for today, as the journal has them. It names no person.

use ratatui::layout::Rect;

use super::reading::{ScrollState, wrapped};
use super::report_words;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, VolunteerPage, tip};
use crate::screen::cells::{put, width};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Bar, Overlay, wrap};
use crate::screen::{DayState, DeskCommand, UiAction, UiKey, UiView, Volunteer};
use crate::visit::report::DayReport;

/// Columns before the bars: the time of a quarter hour.
const TIME: u16 = 7;
/// Columns after a bar: its number.
const NUMBER: u16 = 6;
/// What has a bar: the served, the bound, those by word.
const KINDS: usize = 3;

/// The page, and how far down it was read.
#[derive(Default)]
pub struct DayPage {
    reading: ScrollState,
}

/// A row of the page.
enum DayRow {
    /// Words alone.
    Words(String, Role),
    /// The names of the kinds of bars.
    Heads([&'static str; KINDS]),
    /// A quarter of an hour.
    Bars { from: String, bars: [Bar; KINDS] },
}

impl DayPage {
    /// Opens the page and has the day read.
    pub fn open() -> PageResult {
        PageResult::OpenWith(
            Box::new(DayPage::default()),
            UiAction::Desk(DeskCommand::ReadDay),
        )
    }
}

fn day<'v>(view: &UiView<'v>) -> &'v DayState {
    match view.volunteer {
        Volunteer::Open { day, .. } => day,
        _ => &DayState::None,
    }
}

/// All rows, from the top.
fn rows(pen: &PagePen<'_, '_>, report: &DayReport, columns: u16) -> Vec<DayRow> {
    let mut lines: Vec<(String, Role)> = Vec::new();
    let totals = report_words::totals(report);
    let totals = totals.map(|(key, n)| (pen.words(key), n.to_string()));
    lines.extend(side_by_side(&totals, columns).map(|line| (line, Role::Text)));
    lines.push((report_words::spent(pen.text, &report.spent), Role::Accent));
    let counted = report_words::counted_only(pen.text, &report.counted_only);
    lines.extend(counted.map(|words| (words, Role::Warning)));
    let mut rows = worded(lines, columns);
    rows.extend(quarters(pen, report));
    rows.extend(worded(told(pen, report, columns), columns));
    rows
}

/// Where students stopped, and what the campus answered.
fn told(pen: &PagePen<'_, '_>, report: &DayReport, columns: u16) -> Vec<(String, Role)> {
    let head = |key| [(String::new(), Role::Text), (pen.words(key), Role::Title)];
    let stops = report.stops.iter().map(|stop| {
        let (name, count) = (
            report_words::stop_name(pen.text, stop),
            report_words::stop_count(pen.text, stop),
        );
        (name, count)
    });
    let answers = report.answers.iter().map(|answer| {
        let act = pen.words(report_words::act(answer.what));
        let words = format!(
            "{:>5}  {}",
            answer.times,
            report_words::answer(pen.text, answer)
        );
        (act, words)
    });
    let mut lines = Vec::from(head("report-stops"));
    lines.extend(listed(
        &stops.collect::<Vec<_>>(),
        pen.words("report-stops-none"),
        columns,
    ));
    lines.extend(head("report-answers"));
    lines.extend(listed(
        &answers.collect::<Vec<_>>(),
        pen.words("report-answers-none"),
        columns,
    ));
    lines
}

fn worded(lines: Vec<(String, Role)>, columns: u16) -> Vec<DayRow> {
    let lines = wrapped(lines, columns).into_iter();
    lines
        .map(|(words, role)| DayRow::Words(words, role))
        .collect()
}

/// The quarter hours, from the first to the last in which something happened.
fn quarters(pen: &PagePen<'_, '_>, report: &DayReport) -> Vec<DayRow> {
    let (first, quarters) = report.busy_quarters();
    let most = report.most_in_a_quarter();
    let mut rows = vec![
        DayRow::Words(String::new(), Role::Text),
        DayRow::Words(pen.words("report-quarters"), Role::Title),
    ];
    let Some(any) = quarters.first() else {
        rows.push(DayRow::Words(pen.words("report-none"), Role::Dim));
        return rows;
    };
    let heads = report_words::quarter_counts(any).map(|(key, _)| key);
    rows.push(DayRow::Heads(heads));
    rows.extend(
        (first..)
            .zip(quarters)
            .map(|(index, quarter)| DayRow::Bars {
                from: report_words::quarter(index),
                bars: report_words::quarter_counts(quarter).map(|(_, n)| Bar { n, most }),
            }),
    );
    rows
}

/// Names with their numbers in two columns where both fit, else in one.
fn side_by_side(pairs: &[(String, String)], columns: u16) -> impl Iterator<Item = String> {
    let half = pairs.len().div_ceil(2);
    let (left, right) = pairs.split_at(half);
    let (left, right) = (aligned(left), aligned(right));
    let wide = |lines: &[String]| lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let both = wide(&left).saturating_add(wide(&right)).saturating_add(4);
    let lines: Vec<String> = if both <= columns {
        let second = right.into_iter().map(Some).chain(std::iter::repeat(None));
        let joined = left
            .into_iter()
            .zip(second)
            .map(|(left, right)| right.map_or(left.clone(), |right| format!("{left}    {right}")));
        joined.collect()
    } else {
        left.into_iter().chain(right).collect()
    };
    lines.into_iter()
}

/// Names at the left, numbers at the right.
fn aligned(pairs: &[(String, String)]) -> Vec<String> {
    let wide = |text: fn(&(String, String)) -> &str| {
        let widths = pairs.iter().map(|pair| width(text(pair)));
        widths.max().unwrap_or(0)
    };
    let (names, numbers) = (wide(|(name, _)| name), wide(|(_, n)| n));
    let line = |(name, n): &(String, String)| {
        let between = names.saturating_sub(width(name)).saturating_add(2);
        let before = numbers.saturating_sub(width(n)).saturating_add(between);
        format!("{name}{}{n}", " ".repeat(usize::from(before)))
    };
    pairs.iter().map(line).collect()
}

/// Rows of two columns, the second one wrapped in its own, or the words for none.
fn listed(rows: &[(String, String)], none: String, columns: u16) -> Vec<(String, Role)> {
    if rows.is_empty() {
        return vec![(none, Role::Dim)];
    }
    let names = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let indent = names.saturating_add(2);
    let lines = rows.iter().flat_map(|(name, words)| {
        let heads = std::iter::once(name.as_str()).chain(std::iter::repeat(""));
        let lines = wrap(words, columns.saturating_sub(indent));
        heads.zip(lines).map(move |(head, line)| {
            let pad = usize::from(indent.saturating_sub(width(head)));
            (format!("{head}{}{line}", " ".repeat(pad)), Role::Text)
        })
    });
    lines.collect()
}

/// The places of the bars of a row, each with its number.
fn bar_places(row: Rect) -> [Rect; KINDS] {
    let width = row.width.saturating_sub(TIME) / 3;
    [0, 1, 2].map(|kind: u16| Rect {
        x: row
            .x
            .saturating_add(TIME)
            .saturating_add(width.saturating_mul(kind)),
        width,
        ..row
    })
}

fn draw_row(pen: &mut PagePen<'_, '_>, row: Rect, what: &DayRow) {
    let style = |pen: &PagePen<'_, '_>, role| pen.theme.style(role);
    match what {
        DayRow::Words(words, role) => {
            put(row, row.x, row.y, words, style(pen, *role), pen.buf);
        }
        DayRow::Heads(keys) => {
            for (place, key) in bar_places(row).into_iter().zip(*keys) {
                let words = pen.words(key);
                put(
                    place,
                    place.x,
                    row.y,
                    &words,
                    style(pen, Role::Dim),
                    pen.buf,
                );
            }
        }
        DayRow::Bars { from, bars } => {
            put(row, row.x, row.y, from, style(pen, Role::Dim), pen.buf);
            let roles = [Role::Big, Role::Bound, Role::ByWord];
            for ((place, bar), role) in bar_places(row).into_iter().zip(bars).zip(roles) {
                let room = Rect {
                    width: place.width.saturating_sub(NUMBER),
                    ..place
                };
                let after = bar.draw(room, style(pen, role), pen.buf);
                let gap = u16::from(bar.n > 0);
                let n = bar.n.to_string();
                let x = after.saturating_add(gap);
                put(place, x, row.y, &n, style(pen, Role::Text), pen.buf);
            }
        }
    }
}

impl UiPage for DayPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let day = day(pen.view);
        let title = match day {
            DayState::Read(report) => report_words::title(pen.text, report),
            DayState::None | DayState::Reading | DayState::Failed => pen.words("panel-day"),
        };
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        match day {
            DayState::Read(report) => {
                let rows = rows(pen, report, inside.width);
                let draw = |pen: &mut PagePen<'_, '_>, row, index: usize| {
                    if let Some(what) = rows.get(index) {
                        draw_row(pen, row, what);
                    }
                };
                self.reading.draw_rows(pen, inside, rows.len(), draw);
            }
            DayState::None | DayState::Reading => pen.tell(&mut stack, "day-reading", Role::Info),
            DayState::Failed => pen.tell(&mut stack, "day-failed", Role::Warning),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(key) => {
                self.reading.key(key);
            }
            PageInput::Pick(_) | PageInput::Paste(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Esc", "do-back", 0, UiKey::Esc)];
        tips.extend(self.reading.tip());
        tips
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
