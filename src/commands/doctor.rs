//! `yingxin doctor`: the checks before the doors open, as a table or as JSON, one finding on each line. It prints each
//! finding when it arrives, changes nothing for a student, and sends a text message only if a number is given.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use tokio::sync::mpsc;
use unicode_width::UnicodeWidthStr;

use super::{ask, location, prepare, runtime, say};
use crate::campus::connections::Connections;
use crate::campus::pack::Pack;
use crate::cli::DoctorArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Config, Flags, environment};
use crate::desk::doctor::{self, CheckSettings, CheckSubject, TerminalFacts};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::desk::terminal::locale;
use crate::screen::checkup::{CheckupFinding, CheckupVerdict};
use crate::screen::theme::Terminal;
use crate::store::list_read_only;
use crate::text::{Lang, Text};
use crate::visit::Mobile;

/// The width of the column of names, in cells.
const NAMES: usize = 30;

/// Checks the configured desk.
///
/// # Errors
/// The configuration cannot be read, or the number is no mobile number. A failed check is a row of the table and exit
/// code 1.
pub fn run(flags: &Flags, options: &DoctorArgs) -> CliResult<ExitCode> {
    let mobile = options.sms.as_deref().map(prepare::mobile).transpose()?;
    let config = config::load(flags, &environment)?;
    let mut report = Report {
        text: Text::new(flags.lang.unwrap_or(Lang::En)),
        json: options.json,
        worst: CheckupVerdict::Pass,
    };
    let (subject, before) = subject(&config, mobile, !options.json);
    for finding in &before {
        report.print(finding)?;
    }
    runtime()?.block_on(async {
        let (sender, mut found) = mpsc::channel(16);
        let examined = tokio::spawn(doctor::examine(subject, sender));
        while let Some(finding) = found.recv().await {
            report.print(&finding)?;
        }
        // The task has ended. If it panicked, the table is incomplete.
        examined.await.map_err(|_| {
            CliError::new(
                Exit::Failure,
                "a check stopped by a fault of its own",
                "tell those who maintain yingxin",
            )
        })
    })?;
    Ok(match report.worst {
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
    if or_finding("check-pin", prepare::pin(config), &mut found).is_some() {
        found.push(CheckupFinding::pass("check-pin", "told-pin"));
    }
    found.push(about_store(config));
    // An unreadable test account does not hide the other files.
    let orders =
        or_finding("check-account", prepare::orders(config), &mut found).unwrap_or_else(|| {
            CheckSettings {
                files: prepare::files(config),
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
        terminal: terminal_facts(asks),
        codes,
        open_codes,
        store: config.store_dir.clone(),
        files: orders.files,
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

/// The terminal of this command. It is queried only if it is one and only the table is printed.
fn terminal_facts(asks: bool) -> TerminalFacts {
    let is_there = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    TerminalFacts {
        size: crossterm::terminal::size().ok().filter(|_| is_there),
        kind: Terminal::from_vars(environment),
        locale: locale(&environment).unwrap_or_default(),
        asked: doctor::ask().filter(|_| asks),
    }
}

/// The findings printed so far.
struct Report {
    text: Text,
    json: bool,
    worst: CheckupVerdict,
}

impl Report {
    fn print(&mut self, finding: &CheckupFinding) -> CliResult<()> {
        self.worst = self.worst.max(finding.verdict);
        say(&if self.json {
            self.json_line(finding)
        } else {
            self.row(finding)
        })
    }

    /// `pass  clock                 the servers' clocks and this one agree`, and below it what to do.
    fn row(&self, finding: &CheckupFinding) -> String {
        let (word, name) = (
            self.text.get(finding.verdict.word()),
            finding.name(&self.text),
        );
        let pad = |cell: &str, to: usize| " ".repeat(to.saturating_sub(cell.width()));
        let mut row = format!(
            "{word}{}{name}{}  {}\n",
            pad(&word, 6),
            pad(&name, NAMES),
            finding.told(&self.text)
        );
        if let Some(remedy) = finding.remedy(&self.text) {
            row.push_str(&format!("{}  -> {remedy}\n", " ".repeat(6 + NAMES)));
        }
        row
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
