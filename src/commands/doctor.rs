//! `yingxin doctor`: the checks before the doors open, as a table with the worst first, or as JSON, one finding on each
//! line as it arrives. It changes nothing for a student, and sends a text message only if a number is given.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use tokio::sync::mpsc;
use unicode_width::UnicodeWidthStr;

use super::{ask, location, prepare, runtime, say, say_as_is};
use crate::campus::connections::Connections;
use crate::campus::pack::Pack;
use crate::cli::DoctorArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, lang};
use crate::config::{self, Config, Flags, environment};
use crate::desk::doctor::{self, CheckSettings, CheckSubject, TerminalFacts};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::desk::terminal::locale;
use crate::escape;
use crate::screen::checkup::{CheckupFinding, CheckupVerdict, worst_first};
use crate::screen::theme::Terminal;
use crate::store::list_read_only;
use crate::text::Text;
use crate::visit::Mobile;

/// Checks the configured desk.
///
/// # Errors
/// The configuration cannot be read, or the number is no mobile number. A failed check is a row of the table and exit
/// code 1.
pub fn run(flags: &Flags, options: &DoctorArgs) -> CliResult<ExitCode> {
    let mobile = options.sms.as_deref().map(prepare::mobile).transpose()?;
    let config = config::load(flags, &environment)?;
    prepare::open_doctor_log(&config.store_dir);
    let mut report = Report {
        text: Text::new(lang()),
        json: options.json,
        has_colours: has_colours(),
        findings: Vec::new(),
    };
    let (subject, before) = subject(&config, mobile, !options.json);
    for finding in before {
        report.take(finding)?;
    }
    runtime()?.block_on(async {
        let (sender, mut found) = mpsc::channel(16);
        let examined = tokio::spawn(doctor::examine(subject, sender));
        while let Some(finding) = found.recv().await {
            report.take(finding)?;
        }
        // The task has ended. If it panicked, the table is incomplete.
        examined.await.map_err(|_| {
            CliError::new(
                Exit::Failure,
                both!(
                    "a check stopped by a fault of its own",
                    "有一项检查自己出错停了"
                ),
                both!("tell those who maintain yingxin", "请告诉 yingxin 的维护者"),
            )
        })
    })?;
    if !options.json {
        say_as_is(&report.table())?;
    }
    Ok(match report.worst() {
        CheckupVerdict::Pass | CheckupVerdict::Warn => ExitCode::SUCCESS,
        CheckupVerdict::Fail => Exit::Failure.into(),
    })
}

/// The subject of the checks, and the findings made while it was built.
fn subject(
    config: &Config,
    mobile: Option<Mobile>,
    asks: bool,
) -> (CheckSubject, Vec<CheckupFinding>) {
    let mut found = vec![match &config.file {
        Some(path) => {
            CheckupFinding::pass("check-config", "told-config").with("path", path.display())
        }
        None => CheckupFinding::pass("check-config", "told-config-none"),
    }];
    let pack = or_finding("check-pack", prepare::pack(config), &mut found);
    if let Some(pack) = &pack {
        found.push(about_pack(pack));
    }
    if or_finding("check-pin", prepare::pins(config), &mut found).is_some() {
        found.push(CheckupFinding::pass("check-pin", "told-pin"));
    }
    found.push(about_store(config));
    // An unreadable test account does not hide the other files.
    let orders =
        or_finding("check-account", prepare::orders(config), &mut found).unwrap_or_else(|| {
            CheckSettings {
                files: prepare::files(config),
                house: prepare::house(),
                ..CheckSettings::default()
            }
        });
    let campus = config
        .connections(&environment)
        .and_then(Connections::connect)
        .map(Arc::new);
    let campus = or_finding("check-connections", campus, &mut found);
    let (codes, open_codes) = pack
        .as_ref()
        .map(|pack| doctor::codes(pack))
        .unwrap_or_default();
    let subject = CheckSubject {
        terminal: terminal_facts(asks, codes.first().map(|code| code.text.as_str())),
        codes,
        open_codes,
        store: config.store_dir.clone(),
        files: orders.files,
        house: orders.house,
        campus,
        account: orders.account,
        mobile,
    };
    (subject, found)
}

/// The value; an error becomes a finding.
fn or_finding<T>(
    check: &'static str,
    outcome: CliResult<T>,
    found: &mut Vec<CheckupFinding>,
) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(complaint) => {
            found.push(
                CheckupFinding::fail(check, "told-complaint", "remedy-complaint")
                    .with("what", complaint.what)
                    .with("remedy", complaint.remedy),
            );
            None
        }
    }
}

fn about_pack(pack: &Pack) -> CheckupFinding {
    match pack.troubles.len() {
        0 => CheckupFinding::pass("check-pack", "told-pack"),
        n => CheckupFinding::warn("check-pack", "told-pack-troubles", "remedy-pack").with("n", n),
    }
    .with("pack", &pack.id)
}

/// Whether the visits can be read: by the running desk, or here.
fn about_store(config: &Config) -> CheckupFinding {
    const CHECK: &str = "check-visits";
    let location = location(config);
    if let Ok(Some(IpcReply::Visits(rows))) = ask::kiosk(&location.dir, &IpcQuestion::List) {
        return CheckupFinding::pass(CHECK, "told-visits-running").with("n", rows.len());
    }
    let rows = list_read_only(&location, &TimeZone::system()).map_err(CliError::from);
    match rows {
        Ok(rows) => CheckupFinding::pass(CHECK, "told-visits").with("n", rows.len()),
        Err(complaint) => CheckupFinding::fail(CHECK, "told-complaint", "remedy-complaint")
            .with("what", complaint.what)
            .with("remedy", complaint.remedy),
    }
}

/// The terminal of this command. It is queried only if it is one and only the table is printed; then a row of the code is
/// drawn on it to be measured, in half its columns at the most, so that it stays one row however wide it is drawn.
fn terminal_facts(asks: bool, code: Option<&str>) -> TerminalFacts {
    let is_there = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    let size = crossterm::terminal::size().ok().filter(|_| is_there);
    let kind = Terminal::from_vars(environment);
    let half = size.map_or(0, |(columns, _)| columns / 2);
    let row = code.and_then(|text| doctor::code_row(text, kind.qr(), half));
    TerminalFacts {
        size,
        kind,
        locale: locale(&environment).unwrap_or_default(),
        asked: asks.then(|| doctor::ask(row.as_deref())).flatten(),
    }
}

/// Whether the table goes to a terminal that shows colours and may.
fn has_colours() -> bool {
    std::io::stdout().is_terminal() && !Terminal::from_vars(environment).no_color
}

/// The findings so far.
struct Report {
    text: Text,
    json: bool,
    /// Whether the verdicts have colours, beside their words.
    has_colours: bool,
    findings: Vec<CheckupFinding>,
}

impl Report {
    /// As JSON a finding is printed when it arrives; the table waits for all of them, so that the worst is read first.
    fn take(&mut self, finding: CheckupFinding) -> CliResult<()> {
        let line = self.json.then(|| self.json_line(&finding));
        self.findings.push(finding);
        line.map_or(Ok(()), |line| say(&line))
    }

    fn worst(&self) -> CheckupVerdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(CheckupVerdict::Pass)
    }

    /// `pass  clock  the servers' clocks and this one agree`, and below it what to do; the worst first.
    fn table(&self) -> String {
        let rows = worst_first(&self.findings);
        let words = |finding: &CheckupFinding| self.text.get(finding.verdict.word());
        let widest = |cell: &dyn Fn(&CheckupFinding) -> String| {
            let widths = rows.iter().map(|finding| cell(finding).width());
            widths.max().unwrap_or_default()
        };
        let (words_wide, names_wide) =
            (widest(&words), widest(&|finding| finding.name(&self.text)));
        let pad = |cell: &str, to: usize| " ".repeat(to.saturating_sub(cell.width()));
        let mut table = String::new();
        for finding in &rows {
            let (word, name) = (words(finding), finding.name(&self.text));
            let (on, off) = self.colour(finding.verdict);
            table.push_str(&format!(
                "{on}{word}{off}{}  {name}{}  {}\n",
                pad(&word, words_wide),
                pad(&name, names_wide),
                escape::line(&finding.told(&self.text))
            ));
            if let Some(remedy) = finding.remedy(&self.text) {
                let indent = words_wide.saturating_add(names_wide).saturating_add(4);
                table.push_str(&format!(
                    "{}-> {}\n",
                    " ".repeat(indent),
                    escape::line(&remedy)
                ));
            }
        }
        table
    }

    /// The sequences around a verdict's word.
    fn colour(&self, verdict: CheckupVerdict) -> (&'static str, &'static str) {
        let on = match verdict {
            _ if !self.has_colours => return ("", ""),
            CheckupVerdict::Pass => "\x1b[32m",
            CheckupVerdict::Warn => "\x1b[1;33m",
            CheckupVerdict::Fail => "\x1b[1;31m",
        };
        (on, "\x1b[0m")
    }

    fn json_line(&self, finding: &CheckupFinding) -> String {
        let verdict = match finding.verdict {
            CheckupVerdict::Pass => "pass",
            CheckupVerdict::Warn => "warn",
            CheckupVerdict::Fail => "fail",
        };
        let line = json!({
            "check": finding.check.trim_start_matches("check-"),
            "subject": finding.subject,
            "verdict": verdict,
            "told": finding.told(&self.text),
            "remedy": finding.remedy(&self.text),
        });
        format!("{line}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn report(has_colours: bool) -> Report {
        let findings = vec![
            CheckupFinding::pass("check-store", "told-store"),
            CheckupFinding::warn("check-space", "told-space", "remedy-space").with("n", 320),
            CheckupFinding::pass("check-gateway", "told-answers").about("directory.wecom.contacts"),
            CheckupFinding::fail("check-gateway", "told-offline", "remedy-offline").about("sms"),
        ];
        Report {
            text: Text::new(Lang::Zh),
            json: false,
            has_colours,
            findings,
        }
    }

    #[test]
    fn fault_29_the_table_has_the_worst_first_and_columns_that_stand_under_each_other() {
        let report = report(false);
        let table = report.table();
        let rows: Vec<&str> = table
            .lines()
            .filter(|row| !row.trim().starts_with("->"))
            .collect();
        let verdicts: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.split(' ').next())
            .collect();
        assert_eq!(verdicts, ["不行", "注意", "正常", "正常"], "{table}");
        let columns: Vec<usize> = worst_first(&report.findings)
            .iter()
            .zip(&rows)
            .map(|(finding, row)| {
                let told = finding.told(&report.text);
                row.find(&told).map_or(0, |at| row[..at].width())
            })
            .collect();
        assert!(
            columns.iter().all(|at| *at == columns[0] && *at > 0),
            "{columns:?}\n{table}"
        );
        assert_eq!(report.worst(), CheckupVerdict::Fail);
    }

    #[test]
    fn verdicts_have_colours_beside_their_words() {
        let (plain, coloured) = (report(false).table(), report(true).table());
        assert!(!plain.contains('\x1b'), "{plain}");
        for word in ["\x1b[32m正常", "\x1b[1;33m注意", "\x1b[1;31m不行"] {
            assert!(coloured.contains(word), "{coloured}");
        }
    }
}
