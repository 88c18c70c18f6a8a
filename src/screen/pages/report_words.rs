//! The words of a day's report, for `yingxin report`. Nothing is drawn and nothing decided here.

use jiff::civil::Date;

use super::cause;
use super::route_card::step_name;
use crate::text::Text;
use crate::visit::report::{AnswerCount, DayReport, QuarterHour, StopCount, TimeSpent};
use crate::visit::{ActKind, Outcome};

/// The first line: which day or days.
pub fn title(text: &Text, report: &DayReport) -> String {
    let first = report.first.to_string();
    if report.is_one_day() {
        return text.with("report-title", &[("day", first.into())]);
    }
    let last = report.last.to_string();
    text.with(
        "report-title-days",
        &[("first", first.into()), ("last", last.into())],
    )
}

/// The numbers of all days together, each with the key of its name.
pub fn totals(report: &DayReport) -> [(&'static str, u32); 10] {
    let total = &report.total;
    [
        ("report-served", total.served),
        ("report-bound", total.bound_seen),
        ("report-bound-by-word", total.bound_by_word),
        ("report-already", total.already_bound),
        ("report-ended", total.ended),
        ("report-parked", total.parked),
        ("report-waiting", report.waiting),
        ("report-owed", report.owed),
        ("report-tickets", total.tickets),
        ("report-tickets-pending", report.tickets_pending),
    ]
}

/// How long those took who are bound or say so; in whole minutes, a part of one counts as one.
pub fn spent(text: &Text, spent: &TimeSpent) -> String {
    if spent.visits == 0 {
        return text.get("report-spent-none");
    }
    let minutes = |seconds: u32| u64::from(seconds.div_ceil(60));
    text.with(
        "report-spent-line",
        &[
            ("median", minutes(spent.median).into()),
            ("longest", minutes(spent.longest).into()),
        ],
    )
}

/// What the step is called at which visits stopped.
pub fn stop_name(text: &Text, stop: &StopCount) -> String {
    text.get(stop.step.map_or("report-question", step_name))
}

/// How often visits stopped there.
pub fn stop_count(text: &Text, stop: &StopCount) -> String {
    text.with(
        "report-stop-line",
        &[("times", stop.times.into()), ("n", stop.unfinished.into())],
    )
}

/// What the campus was asked.
pub fn act(what: ActKind) -> &'static str {
    match what {
        ActKind::SignIn => "report-act-sign-in",
        ActKind::DeviceGrant => "report-act-device-grant",
        ActKind::FindMember => "report-act-find-member",
        ActKind::BindNumber => "report-act-bind-number",
        ActKind::SendCode => "report-act-send-code",
        ActKind::CheckCode => "report-act-check-code",
        ActKind::ConfirmMember => "report-act-confirm-member",
        ActKind::Unbind => "report-act-unbind",
    }
}

/// What the campus answered.
pub fn answer(text: &Text, answer: &AnswerCount) -> String {
    match &answer.failure {
        None => text.get("report-answer-done"),
        Some(trouble) => cause(text, trouble),
    }
}

/// How a visit ended.
pub fn outcome(text: &Text, outcome: Option<Outcome>, is_seen: bool) -> String {
    text.get(match outcome {
        None => "report-outcome-open",
        Some(Outcome::Bound) if is_seen => "report-outcome-seen",
        Some(Outcome::WordConfirmed) => "report-outcome-seen",
        Some(Outcome::Bound | Outcome::BoundByWord | Outcome::AlreadyBoundByWord) => {
            "report-outcome-by-word"
        }
        Some(Outcome::AlreadyBound) => "report-already",
        Some(Outcome::Left) => "report-outcome-left",
        Some(Outcome::Ended) => "report-outcome-ended",
        Some(Outcome::Expired) => "report-outcome-expired",
    })
}

/// What is counted by quarter hours, each with the key of its name.
pub fn quarter_counts(quarter: &QuarterHour) -> [(&'static str, u32); 3] {
    [
        ("report-served", quarter.served),
        ("report-bound", quarter.bound_seen),
        ("report-bound-by-word", quarter.bound_by_word),
    ]
}

/// The beginning of a quarter hour: `08:15`.
pub fn quarter(index: usize) -> String {
    format!("{:02}:{:02}", index / 4, index % 4 * 15)
}

/// Says which days are only counted; `None` where there is none.
pub fn counted_only(text: &Text, days: &[Date]) -> Option<String> {
    let (first, last) = (days.first()?.to_string(), days.last()?.to_string());
    let parts = [("first", first.into()), ("last", last.into())];
    Some(text.with("report-counted-only", &parts))
}
