//! `yingxin tickets`: the hotline tickets, behind the PIN. A running kiosk checks the PIN and answers; otherwise the store
//! is read. No ticket is changed here, and an unmasked view is recorded in the journal.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::csv_sheet::CsvSheet;
use super::{ask, behind_pin, location, say};
use crate::campus::pack::Pack;
use crate::cli::ExportFormat;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{self, Config, Flags, environment};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::screen::pages::script::{moment, script, state_name};
use crate::store::{UnmaskedView, tickets_read_only};
use crate::text::Text;
use crate::visit::{Secret, TicketNumber, TicketRow};

/// Lists all tickets, masked.
///
/// # Errors
/// A wrong PIN, the store's, or a kiosk that runs and does not answer.
pub fn list(flags: &Flags) -> CliResult<()> {
    let found = LoadedTickets::load(flags)?;
    if found.rows.is_empty() {
        return say(&both!("no tickets\n", "没有工单\n"));
    }
    let mut out = String::new();
    for row in &found.rows {
        let student = row.student_number().map(|n| n.masked());
        let name = row.student_name().map(|name| name.masked());
        out += &format!(
            "{}  {:<11}  {}  {}  {}\n",
            row.ticket.number,
            row.ticket.state.name(),
            moment(row.ticket.opened, &found.zone),
            student.as_deref().unwrap_or("-"),
            name.as_deref().unwrap_or("-"),
        );
    }
    say(&out)
}

/// Shows a ticket whole.
///
/// # Errors
/// As [`list`], or a number that no ticket has.
pub fn show(flags: &Flags, number: &str) -> CliResult<()> {
    let unknown = || {
        CliError::new(
            Exit::BadData,
            both!("no ticket has this number", "没有这个号码的工单"),
            both!(
                "see them all: yingxin tickets list",
                "看全部：yingxin tickets list"
            ),
        )
    };
    let number = TicketNumber::parse(number).map_err(|_| unknown())?;
    let found = LoadedTickets::load(flags)?;
    // Numbers come again: the newest ticket with it is meant.
    let mut newest_first = found.rows.iter().rev();
    let row = newest_first.find(|row| row.ticket.number == number);
    let row = row.ok_or_else(unknown)?;
    found.record_view(UnmaskedView::Ticket, Some(row))?;
    say(&found.sheet(row))
}

/// Prints all tickets whole.
///
/// # Errors
/// As [`list`].
pub fn export(flags: &Flags, format: ExportFormat) -> CliResult<()> {
    let found = LoadedTickets::load(flags)?;
    found.record_view(UnmaskedView::Tickets, None)?;
    match format {
        ExportFormat::Csv => say(&found.csv()?),
        ExportFormat::Json => {
            let rows: Vec<Exported> = found.rows.iter().map(|row| found.exported(row)).collect();
            let json = serde_json::to_string_pretty(&rows).map_err(|e| {
                CliError::new(
                    Exit::Failure,
                    e.to_string(),
                    both!("report this", "请报告此事"),
                )
            })?;
            say(&(json + "\n"))
        }
    }
}

/// The tickets, with the pack for their texts.
struct LoadedTickets {
    config: Config,
    pin: Secret,
    rows: Vec<TicketRow>,
    text: Text,
    zone: TimeZone,
    /// The pack with the texts of the routes; without it only these are missing.
    pack: Option<Pack>,
}

/// A ticket as JSON has it.
#[derive(Serialize)]
struct Exported<'a> {
    number: TicketNumber,
    state: &'static str,
    opened: jiff::Timestamp,
    changed: Option<jiff::Timestamp>,
    changed_by: Option<&'a str>,
    student: Option<&'a str>,
    name: Option<&'a str>,
    mobile: Option<&'a str>,
    route: Option<&'a str>,
    tried: String,
    last_error: String,
    reason: &'a str,
    notes: Vec<ExportedNote<'a>>,
}

#[derive(Serialize)]
struct ExportedNote<'a> {
    noted: jiff::Timestamp,
    called: Option<jiff::Timestamp>,
    by: &'a str,
    answer: &'a str,
}

impl LoadedTickets {
    fn load(flags: &Flags) -> CliResult<LoadedTickets> {
        let config = config::load(flags, &environment)?;
        let zone = TimeZone::system();
        let pin = behind_pin::ask_pin()?;
        Ok(LoadedTickets {
            rows: rows(&config, &pin, &zone)?,
            text: Text::new(config.lang),
            pack: super::prepare::pack(&config).ok(),
            zone,
            config,
            pin,
        })
    }

    /// Records an unmasked view before it is printed.
    fn record_view(&self, view: UnmaskedView, row: Option<&TicketRow>) -> CliResult<()> {
        behind_pin::record_view(&self.config, &self.pin, view, row.map(|row| row.visit))
    }

    /// The script of the call, and the answers.
    fn sheet(&self, row: &TicketRow) -> String {
        let ticket = &row.ticket;
        let mut out = format!(
            "{}  {}\n",
            ticket.number,
            self.text.get(state_name(ticket.state))
        );
        if let Some(hotline) = self.pack.as_ref().map(|pack| &pack.hotline) {
            let area = hotline.area_code.as_deref().map(|area| format!("{area}-"));
            out += &format!("{}{}\n", area.unwrap_or_default(), hotline.number);
        }
        for (label, words) in script(&self.text, self.pack.as_ref(), &self.zone, row) {
            out += &format!("{}: {words}\n", self.text.get(label));
        }
        for note in &ticket.notes {
            let called = note.called_at.unwrap_or(note.at);
            let (at, by) = (moment(called, &self.zone), note.by.as_str());
            out += &format!("{at} {by}: {}\n", note.answer.as_str());
        }
        out
    }

    fn exported<'a>(&self, row: &'a TicketRow) -> Exported<'a> {
        let ticket = &row.ticket;
        let notes = ticket.notes.iter().map(|note| ExportedNote {
            noted: note.at,
            called: note.called_at,
            by: note.by.as_str(),
            answer: note.answer.as_str(),
        });
        Exported {
            number: ticket.number,
            state: ticket.state.name(),
            opened: ticket.opened,
            changed: ticket.changed.as_ref().map(|(at, _)| *at),
            changed_by: ticket.changed.as_ref().map(|(_, by)| by.as_str()),
            student: row.student_number().map(|n| n.as_str()),
            name: row.student_name().map(|name| name.as_str()),
            mobile: row.mobile.as_ref().map(|m| m.as_str()),
            route: ticket.route.as_deref(),
            tried: self.scripted(row, "ticket-tried"),
            last_error: self.scripted(row, "ticket-trouble"),
            reason: ticket.reason.as_str(),
            notes: notes.collect(),
        }
    }

    fn scripted(&self, row: &TicketRow, label: &str) -> String {
        let lines = script(&self.text, self.pack.as_ref(), &self.zone, row);
        let found = lines.into_iter().find(|(key, _)| *key == label);
        found.map(|(_, words)| words).unwrap_or_default()
    }

    /// One line a call, at least one a ticket: so no cell grows beyond what Excel holds (32,767 characters).
    fn csv(&self) -> CliResult<String> {
        const HEADS: [&str; 16] = [
            "ticket-number",
            "ticket-state",
            "ticket-opened",
            "ticket-changed",
            "ticket-changed-by",
            "ticket-student",
            "ticket-name",
            "ticket-mobile",
            "ticket-route",
            "ticket-tried",
            "ticket-step",
            "ticket-trouble",
            "ticket-reason",
            "ticket-called-at",
            "ticket-called-by",
            "ticket-answer",
        ];
        let mut sheet = CsvSheet::new();
        sheet.row(HEADS.map(|key| self.text.get(key)))?;
        for row in &self.rows {
            let ticket = &row.ticket;
            let at = |at: Option<jiff::Timestamp>| at.map(|at| moment(at, &self.zone));
            let (changed, by) = ticket.changed.clone().unzip();
            let first = [
                ticket.number.to_string(),
                self.text.get(state_name(ticket.state)),
                moment(ticket.opened, &self.zone),
                at(changed).unwrap_or_default(),
                by.map(String::from).unwrap_or_default(),
            ];
            let middle = HEADS[5..13].iter().map(|key| self.scripted(row, key));
            let cells: Vec<String> = first.into_iter().chain(middle).collect();
            let notes: Vec<[String; 3]> = if ticket.notes.is_empty() {
                vec![Default::default()]
            } else {
                ticket
                    .notes
                    .iter()
                    .map(|note| {
                        [
                            at(note.called_at).unwrap_or_default(),
                            note.by.as_str().to_owned(),
                            note.answer.as_str().to_owned(),
                        ]
                    })
                    .collect()
            };
            for note in notes {
                sheet.row(cells.iter().chain(&note))?;
            }
        }
        sheet.finish()
    }
}

/// All tickets: the running kiosk's, or the store's. The PIN is right, or this is an error.
fn rows(config: &Config, pin: &Secret, zone: &TimeZone) -> CliResult<Vec<TicketRow>> {
    let question = IpcQuestion::Tickets {
        pin: behind_pin::wire(pin),
    };
    match ask::kiosk(&config.store_dir, &question)? {
        Some(IpcReply::Tickets(rows)) => Ok(rows),
        Some(IpcReply::WrongPin(wrong)) => Err(behind_pin::wrong_pin(wrong.again_in)),
        Some(_) => Err(ask::no_answer(&both!(
            "it answered something else",
            "答复的是别的"
        ))),
        None => {
            behind_pin::check(config, pin)?;
            Ok(tickets_read_only(&location(config), zone)?)
        }
    }
}
