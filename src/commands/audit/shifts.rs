//! `yingxin audit shifts`: what volunteers did with PINs of their own, masked.

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::second;
use super::words::{self, Masking};
use crate::cli::DayRange;
use crate::cli_error::CliResult;
use crate::commands::{location, report_days, say};
use crate::config::{self, Flags, environment};
use crate::store::{self, Confirmation, ShiftEntry, ShiftEvent};
use crate::visit::VolunteerName;

/// Columns of a name.
const NAME: usize = 20;
/// What is listed, and what is counted of it.
const HEADER: &str = "acts with a volunteer's own PIN, masked; views with the PIN for all are listed as well, and not \
                      counted; a deletion bears no name\n\n";
const NO_ACTS: &str = "no volunteer did anything with a PIN of their own\n";

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
        return NO_ACTS.to_owned();
    }
    let mut out = HEADER.to_owned();
    out.extend(entries.iter().map(|entry| line(entry, zone)));
    out.push('\n');
    let counts = counts(entries);
    if counts.is_empty() {
        out += NO_ACTS;
    }
    for (name, count) in counts {
        let acts = if count == 1 { "act" } else { "acts" };
        out += &format!("{}  {count} {acts}\n", padded(name));
    }
    out
}

fn line(entry: &ShiftEntry, zone: &TimeZone) -> String {
    let at = second(entry.at, zone);
    let who = padded(entry.by.as_ref().map_or("-", VolunteerName::as_str));
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
        ShiftEvent::Confirmed(Confirmation::Clock) => {
            "confirmed the clock of this machine".to_owned()
        }
        ShiftEvent::Confirmed(Confirmation::Journal) => {
            "accepted the journal as it stood".to_owned()
        }
    };
    format!("{at}  {who}  {what}\n")
}

/// How much each did by name, in the order of their first act.
fn counts(entries: &[ShiftEntry]) -> Vec<(&str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let named = entries.iter().filter_map(|entry| entry.by.as_ref());
    for name in named.map(VolunteerName::as_str) {
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
