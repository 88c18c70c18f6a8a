//! `yingxin doctor`: the checks before the doors open, as a table or as JSON, one finding a line. It says each as it is
//! there, changes nothing for a student, and sends a message only where a number is given.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use tokio::sync::mpsc;
use unicode_width::UnicodeWidthStr;

use super::{ask, location, runtime, say};
use crate::campus::connections::Connections;
use crate::campus::pack::Pack;
use crate::cli::Doctor;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Config, Flags, environment};
use crate::desk::doctor::{self, Account, Orders, Subject, TerminalFacts};
use crate::desk::socket::{Question, Reply};
use crate::desk::terminal::locale;
use crate::screen::checkup::{Finding, Verdict};
use crate::screen::theme::Terminal;
use crate::store::{key_file, list_read_only};
use crate::text::{Lang, Text};
use crate::visit::{Mobile, StudentNumber};

/// How wide the names' column is, in cells.
const NAMES: usize = 30;

/// Checks the configured desk.
///
/// # Errors
/// Where the configuration cannot be read at all, or the number is none. What is found wrong is told in the table, and
/// the exit code is 1 then.
pub fn run(flags: &Flags, options: &Doctor) -> CliResult<ExitCode> {
    let mobile = options.sms.as_deref().map(mobile).transpose()?;
    let config = config::load(flags, &environment)?;
    let mut told = Told {
        text: Text::new(flags.lang.unwrap_or(Lang::En)),
        json: options.json,
        worst: Verdict::Pass,
    };
    let (subject, before) = subject(&config, mobile, !options.json);
    for finding in &before {
        told.tell(finding)?;
    }
    runtime()?.block_on(async {
        let (sender, mut found) = mpsc::channel(16);
        let examined = tokio::spawn(doctor::examine(subject, sender));
        while let Some(finding) = found.recv().await {
            told.tell(&finding)?;
        }
        // It has ended: nothing is sent any more. Where it fell, the table is not whole.
        examined.await.map_err(|_| {
            CliError::new(
                Exit::Failure,
                "a check stopped by a fault of its own",
                "tell those who maintain yingxin",
            )
        })
    })?;
    Ok(match told.worst {
        Verdict::Pass | Verdict::Warn => ExitCode::SUCCESS,
        Verdict::Fail => Exit::Failure.into(),
    })
}

fn mobile(text: &str) -> CliResult<Mobile> {
    Mobile::parse(text).map_err(|what| {
        CliError::new(
            Exit::Usage,
            format!("{text:?} is no mobile number: {what}"),
            "give the eleven digits of your own number",
        )
    })
}

/// What the checks are run on, and what was found while it was put together.
fn subject(config: &Config, mobile: Option<Mobile>, asks: bool) -> (Subject, Vec<Finding>) {
    let mut found = vec![match &config.file {
        Some(path) => Finding::pass("check-config", "told-config").with("path", path.display()),
        None => Finding::pass("check-config", "told-config-none"),
    }];
    let pack = taken("check-pack", super::kiosk::pack(config), &mut found);
    if let Some(pack) = &pack {
        found.push(about_pack(pack));
    }
    if taken("check-pin", super::kiosk::pin(config), &mut found).is_some() {
        found.push(Finding::pass("check-pin", "told-pin"));
    }
    found.push(about_store(config));
    // A test account that cannot be read hides no other file.
    let orders = taken("check-account", orders(config), &mut found).unwrap_or_else(|| Orders {
        files: files(config),
        ..Orders::default()
    });
    let campus = config
        .connections(&environment)
        .and_then(Connections::connect)
        .map(Arc::new);
    let campus = taken("check-connections", campus, &mut found);
    let (codes, open_codes) = pack.as_ref().map(doctor::codes).unwrap_or_default();
    let subject = Subject {
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

/// What the configuration says of the checks.
///
/// # Errors
/// Where the test account is half given, or the volunteer's number is none.
pub(super) fn orders(config: &Config) -> CliResult<Orders> {
    let account = config.test_account(&environment)?;
    Ok(Orders {
        account: account.map(|(student, password)| {
            Arc::new(Account {
                student: StudentNumber::from_campus(&student),
                password,
            })
        }),
        mobile: config.volunteer_mobile().map(mobile).transpose()?,
        files: files(config),
    })
}

/// The files that hold a secret of this desk's.
fn files(config: &Config) -> Vec<PathBuf> {
    let mut files = config.secret_files(&environment);
    files.extend(key_file(&location(config)));
    files
}

/// What is there; or a finding that says why it is not.
fn taken<T>(check: &'static str, outcome: CliResult<T>, found: &mut Vec<Finding>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(complaint) => {
            found.push(
                Finding::fail(check, "told-complaint", "remedy-complaint")
                    .with("what", complaint.what)
                    .with("remedy", complaint.remedy),
            );
            None
        }
    }
}

fn about_pack(pack: &Pack) -> Finding {
    match pack.troubles.len() {
        0 => Finding::pass("check-pack", "told-pack"),
        n => Finding::warn("check-pack", "told-pack-troubles", "remedy-pack").with("n", n),
    }
    .with("pack", &pack.id)
}

/// Whether what was kept can be read: by the desk that runs on it, or here.
fn about_store(config: &Config) -> Finding {
    const CHECK: &str = "check-visits";
    let location = location(config);
    if let Ok(Some(Reply::Visits(rows))) = ask::kiosk(&location.dir, &Question::List) {
        return Finding::pass(CHECK, "told-visits-running").with("n", rows.len());
    }
    let rows = list_read_only(&location, &TimeZone::system()).map_err(CliError::from);
    match rows {
        Ok(rows) => Finding::pass(CHECK, "told-visits").with("n", rows.len()),
        Err(complaint) => Finding::fail(CHECK, "told-complaint", "remedy-complaint")
            .with("what", complaint.what)
            .with("remedy", complaint.remedy),
    }
}

/// The terminal this command stands in. It is asked only where it is one and nothing but the table is printed.
fn terminal_facts(asks: bool) -> TerminalFacts {
    let is_there = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    TerminalFacts {
        size: crossterm::terminal::size().ok().filter(|_| is_there),
        kind: Terminal::from_vars(environment),
        locale: locale(&environment).unwrap_or_default(),
        asked: doctor::ask().filter(|_| asks),
    }
}

/// What was told so far, and how.
struct Told {
    text: Text,
    json: bool,
    worst: Verdict,
}

impl Told {
    fn tell(&mut self, finding: &Finding) -> CliResult<()> {
        self.worst = self.worst.max(finding.verdict);
        say(&match self.json {
            true => self.line(finding),
            false => self.row(finding),
        })
    }

    /// `pass  clock                 the servers' clocks and this one agree`, and below it what to do.
    fn row(&self, finding: &Finding) -> String {
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

    fn line(&self, finding: &Finding) -> String {
        let verdict = match finding.verdict {
            Verdict::Pass => "pass",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
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
