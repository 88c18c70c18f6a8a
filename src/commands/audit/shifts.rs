//! `yingxin audit shifts`: what volunteers did with PINs of their own, masked.

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::second;
use super::words::{self, Masking};
use crate::cli::DayRange;
use crate::cli_error::CliResult;
use crate::commands::{location, report_days, say};
use crate::config::{self, Flags, environment};
use crate::store::{self, ShiftEntry, ShiftEvent};
use crate::visit::VolunteerName;

/// Columns of a name.
const NAME: usize = 20;

/// Prints what volunteers did on these days, and how much each did.
///
/// # Errors
/// There are too many days, or the journal cannot be read.
pub fn shifts(flags: &Flags, day: Option<DayRange>) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let zone = TimeZone::system();
    let days = report_days(day, &zone)?;
    let entries = store::shifts(&location(&config), &zone, &days)?;
    say(&sheet(&entries, &zone))
}

fn sheet(entries: &[ShiftEntry], zone: &TimeZone) -> String {
    if entries.is_empty() {
        return "no volunteer did anything with a PIN of their own\n".to_owned();
    }
    let mut out: String = entries.iter().map(|entry| line(entry, zone)).collect();
    out.push('\n');
    for (name, count) in counts(entries) {
        let acts = if count == 1 { "act" } else { "acts" };
        out += &format!("{}  {count} {acts}\n", padded(name));
    }
    out
}

fn line(entry: &ShiftEntry, zone: &TimeZone) -> String {
    let at = second(entry.at, zone);
    let who = padded(called(entry));
    let what = match &entry.what {
        ShiftEvent::Fact(visit, fact) => {
            format!("{visit}  {}", words::fact(fact, Masking::Masked, zone))
        }
        ShiftEvent::Viewed(view, visit) => {
            let seen = words::view(*view, entry.by.as_ref());
            visit.map_or(seen.clone(), |visit| format!("{visit}  {seen}"))
        }
        ShiftEvent::HandedOver(handover) => {
            let from = handover.from.as_ref().map_or("-", VolunteerName::as_str);
            format!(
                "took the desk over from {from}: {} wait, the campus owes {}, {} tickets open",
                handover.waiting, handover.owed, handover.tickets
            )
        }
    };
    format!("{at}  {who}  {what}\n")
}

fn called(entry: &ShiftEntry) -> &str {
    entry.by.as_ref().map_or("-", VolunteerName::as_str)
}

/// How much each did, in the order of their first act.
fn counts(entries: &[ShiftEntry]) -> Vec<(&str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in entries.iter().map(called) {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((name, 1)),
        }
    }
    counts
}

fn padded(name: &str) -> String {
    let pad = NAME.saturating_sub(name.width());
    format!("{name}{}", " ".repeat(pad))
}
