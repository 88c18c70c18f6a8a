//! `yingxin report`: the numbers of a day, from the journal. A desk that is running may write on meanwhile. Students are
//! listed only where the PIN is right, and the journal notes that first.

mod html;
pub(super) use html::escaped;
mod sheet;
mod text;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{audit, behind_pin, location, report_days, say};
use crate::cli::{ReportArgs, ReportFormat};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::pick;
use crate::config::{self, Config, Flags, environment};
use crate::screen::pages::report_words;
use crate::store::{ReadReport, SignedSeal, UnmaskedView, read_report};
use crate::text::Text;
use crate::visit::report::{
    DayReport, DayTotals, ReportDays, ReportedVisit, TimeSpent, configured,
};
use crate::visit::{Connectivity, Gateway, StepKind, Visit, route};

/// A report, ready to be written.
struct ReportSheet<'a> {
    report: &'a DayReport,
    /// Each visit; only after the PIN.
    visits: Option<&'a [ReportedVisit]>,
    /// A seal of the journal, where it is the report of one day.
    seal: Option<SignedSeal>,
    text: &'a Text,
    zone: &'a TimeZone,
}

/// Prints the report.
///
/// # Errors
/// There are too many days, the PIN is wrong, or the store cannot be read.
pub fn run(flags: &Flags, options: &ReportArgs) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let zone = TimeZone::system();
    let days = report_days(options.day, &zone)?;
    if options.persons {
        let pin = behind_pin::ask_pin()?;
        behind_pin::record_view(&config, &pin, UnmaskedView::Report, None)?;
    }
    let ReadReport { report, visits } = read(&config, &zone, days, options.persons)?;
    let text = Text::new(config.lang);
    let sheet = ReportSheet {
        report: &report,
        visits: options.persons.then_some(&visits),
        seal: sealed(&config, &report),
        text: &text,
        zone: &zone,
    };
    say(&match options.format {
        ReportFormat::Text => text::write(&sheet),
        ReportFormat::Csv => sheet::write(&sheet)?,
        ReportFormat::Html => html::write(&sheet),
        ReportFormat::Json => json(&sheet)?,
    })
}

fn read(
    config: &Config,
    zone: &TimeZone,
    days: ReportDays,
    with_visits: bool,
) -> CliResult<ReadReport> {
    let rules = super::prepare::pack(config)?.rules;
    let reach = configured_reach(config);
    let step = |visit: &Visit| -> Option<StepKind> {
        route::step(visit, &rules, reach).map(|step| step.kind)
    };
    let read = read_report(&location(config), zone, days, &step, with_visits);
    Ok(read?)
}

/// The seal that a day's report carries: whoever files the reports can tell later that the journal was put back. A journal
/// that is empty or not whole gets none, and a store whose key is not at hand gives none: the report says the same without.
fn sealed(config: &Config, report: &DayReport) -> Option<SignedSeal> {
    let seal = report.is_one_day().then(|| audit::sealed(config))?;
    seal.ok()
}

/// Which gateways are configured, without reading their secrets: enough to say at which step a visit stood.
fn configured_reach(config: &Config) -> Connectivity {
    let gateway = |section: &str| {
        let is_set =
            |value: &config::Value| value.text.is_some() && value.setting.key.starts_with(section);
        if config.values.iter().any(is_set) {
            Gateway::Up
        } else {
            Gateway::Absent
        }
    };
    let is_practice = super::prepare::is_practice_store(&config.store_dir);
    let gateway = |section: &str| {
        if is_practice {
            // The practice campus has all of them.
            Gateway::Up
        } else {
            gateway(section)
        }
    };
    configured(Connectivity {
        identity: gateway("identity."),
        directory_read: gateway("directory."),
        sms: gateway("sms."),
        ..Connectivity::default()
    })
}

/// The report as JSON has it.
#[derive(Serialize)]
struct ReportJson<'a> {
    first: String,
    last: String,
    total: DayTotals,
    waiting: u32,
    owed: u32,
    tickets_pending: u32,
    spent_seconds: TimeSpent,
    days: Vec<DayJson>,
    quarters: Vec<QuarterJson>,
    stops: Vec<StopJson>,
    answers: Vec<AnswerJson>,
    counted_only: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visits: Option<&'a [ReportedVisit]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
}

#[derive(Serialize)]
struct DayJson {
    day: String,
    #[serde(flatten)]
    totals: DayTotals,
}

#[derive(Serialize)]
struct QuarterJson {
    from: String,
    served: u32,
    bound_seen: u32,
    bound_by_word: u32,
}

#[derive(Serialize)]
struct StopJson {
    step: Option<StepKind>,
    times: u32,
    unfinished: u32,
}

#[derive(Serialize)]
struct AnswerJson {
    act: crate::visit::ActKind,
    answer: String,
    failed: bool,
    times: u32,
}

/// The report as one object. The quarter hours are those from the first to the last in which something happened.
fn json(sheet: &ReportSheet<'_>) -> CliResult<String> {
    let report = sheet.report;
    let (start, quarters) = report.busy_quarters();
    let quarters = quarters.iter().enumerate().map(|(n, quarter)| QuarterJson {
        from: report_words::quarter(start.saturating_add(n)),
        served: quarter.served,
        bound_seen: quarter.bound_seen,
        bound_by_word: quarter.bound_by_word,
    });
    let days = report.days.iter().map(|(day, totals)| DayJson {
        day: day.to_string(),
        totals: *totals,
    });
    let stops = report.stops.iter().map(|stop| StopJson {
        step: stop.step,
        times: stop.times,
        unfinished: stop.unfinished,
    });
    let answers = report.answers.iter().map(|answer| AnswerJson {
        act: answer.what,
        answer: report_words::answer(sheet.text, answer),
        failed: answer.failure.is_some(),
        times: answer.times,
    });
    let whole = ReportJson {
        first: report.first.to_string(),
        last: report.last.to_string(),
        total: report.total,
        waiting: report.waiting,
        owed: report.owed,
        tickets_pending: report.tickets_pending,
        spent_seconds: report.spent,
        days: days.collect(),
        quarters: quarters.collect(),
        stops: stops.collect(),
        answers: answers.collect(),
        counted_only: report
            .counted_only
            .iter()
            .map(|day| day.to_string())
            .collect(),
        visits: sheet.visits,
        seal: sheet.seal.as_ref().map(SignedSeal::to_string),
    };
    serde_json::to_string_pretty(&whole)
        .map(|json| json + "\n")
        .map_err(|e| {
            CliError::new(
                Exit::Failure,
                e.to_string(),
                pick("report this", "请报告这个错误"),
            )
        })
}

impl ReportSheet<'_> {
    fn words(&self, key: &str) -> String {
        self.text.get(key)
    }

    /// The heads of the list of visits.
    fn visit_heads(&self) -> [String; 6] {
        [
            "report-time",
            "report-student",
            "report-name",
            "report-mobile",
            "report-outcome",
            "report-minutes",
        ]
        .map(|key| self.words(key))
    }

    /// A visit in the list.
    fn visit_cells(&self, visit: &ReportedVisit) -> [String; 6] {
        let opened = crate::screen::pages::script::moment(visit.opened, self.zone);
        [
            opened,
            visit
                .student
                .as_ref()
                .map_or("", |number| number.as_str())
                .to_owned(),
            visit
                .name
                .as_ref()
                .map_or("", |name| name.as_str())
                .to_owned(),
            visit
                .mobile
                .as_ref()
                .map_or("", |mobile| mobile.as_str())
                .to_owned(),
            report_words::outcome(self.text, visit.outcome, visit.is_seen),
            visit.spent.div_ceil(60).to_string(),
        ]
    }
}
