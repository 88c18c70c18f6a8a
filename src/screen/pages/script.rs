//! The script of a call to the hotline: what a ticket says, in words. Nothing is drawn and nothing decided here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::cause;
use super::route_card::step_name;
use crate::campus::pack::Pack;
use crate::text::Text;
use crate::visit::{Mark, TicketRow, TicketState};

/// What a ticket's state is called.
pub fn state_name(state: TicketState) -> &'static str {
    match state {
        TicketState::Open => "ticket-state-open",
        TicketState::HandedOver => "ticket-state-handed-over",
        TicketState::Solved => "ticket-state-solved",
    }
}

/// How a moment is written down, and read where one is typed.
pub(super) const MOMENT: &str = "%Y-%m-%d %H:%M";

/// A moment as people write it down.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime(MOMENT).to_string()
}

/// What is read out: the key of each label, and its value. An unknown value is left out.
pub fn script(
    text: &Text,
    pack: Option<&Pack>,
    zone: &TimeZone,
    row: &TicketRow,
) -> Vec<(&'static str, String)> {
    let ticket = &row.ticket;
    let route = ticket.route.as_ref().map(|id| {
        let reason = pack.and_then(|pack| pack.reasons.get(id));
        reason.map_or(id.clone(), |reason| reason.get(text.lang()).to_owned())
    });
    let done: Vec<String> = ticket.done.iter().map(|mark| tried(text, mark)).collect();
    let trouble = ticket
        .trouble
        .as_ref()
        .map(|(at, trouble)| format!("{} {}", moment(*at, zone), cause(text, trouble)));
    let number = row.student_number().map(|n| n.as_str().to_owned());
    let name = row.student_name().map(|name| name.as_str().to_owned());
    let step = ticket.step.map(|step| text.get(step_name(step)));
    let lines = [
        ("ticket-student", number),
        ("ticket-name", name),
        ("ticket-mobile", row.mobile.as_ref().map(|m| m.grouped())),
        ("ticket-route", route),
        ("ticket-tried", Some(done.join(" > "))),
        ("ticket-step", step),
        ("ticket-trouble", trouble),
        ("ticket-reason", Some(ticket.reason.as_str().to_owned())),
    ];
    lines
        .into_iter()
        .filter_map(|(label, words)| Some((label, words?)))
        .filter(|(_, words)| !words.is_empty())
        .collect()
}

fn tried(text: &Text, mark: &Mark) -> String {
    match mark {
        Mark::Step(step) => text.get(step_name(*step)),
        Mark::Answer(question, answer) => {
            let key = format!("ask-{}-{}", question.name(), answer.name());
            text.find(&key, &[])
                .unwrap_or_else(|| answer.name().to_owned())
        }
        Mark::Scanned => text.get("step-scan"),
    }
}
