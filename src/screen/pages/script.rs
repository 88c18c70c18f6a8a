//! The script of a call to the hotline: what a ticket says, in words. Nothing is drawn and nothing decided here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::cause;
use super::route_card::step_name;
use crate::campus::pack::Pack;
use crate::text::Text;
use crate::visit::{Mark, StepKind, Ticket, TicketRow, TicketState};

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
    let done: Vec<String> = ticket
        .done
        .iter()
        .map(|mark| tried(text, ticket, mark))
        .collect();
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

fn tried(text: &Text, ticket: &Ticket, mark: &Mark) -> String {
    match mark {
        Mark::Step(StepKind::Identity) if ticket.vouched => text.get("ticket-vouched"),
        Mark::Step(step) => text.get(step_name(*step)),
        Mark::Answer(question, answer) => {
            let key = format!("ask-{}-{}", question.name(), answer.name());
            text.find(&key, &[])
                .unwrap_or_else(|| answer.name().to_owned())
        }
        Mark::Scanned => text.get("step-scan"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use crate::visit::{
        DeskNumber, Fact, FreeText, Pickup, Recorded, TicketNumber, Visit, VisitId, Way, evolve,
    };

    /// The hotline would look for a fault behind a sign-in that never was.
    #[test]
    fn papers_that_were_seen_are_no_sign_in() {
        let (id, at) = (VisitId(1), Timestamp::UNIX_EPOCH);
        for (vouched, told) in [(true, "看过证件，没有登录"), (false, "登录")] {
            let mut visit = Visit::open(id, Way::Desk, at);
            visit.done = vec![Mark::Step(StepKind::Identity)];
            visit.vouched = vouched;
            let fact = Fact::TicketOpened {
                number: TicketNumber::of(Pickup::new(DeskNumber::default(), 711)),
                reason: FreeText::new("打不开"),
                route: None,
                step: None,
            };
            evolve(&mut visit, &Recorded::new(id, at, fact));
            let row = TicketRow::of(&visit).unwrap();
            let lines = script(&Text::new(Lang::Zh), None, &TimeZone::UTC, &row);
            let of = |label| lines.iter().find(|(key, _)| *key == label);
            assert_eq!(
                of("ticket-tried").map(|(_, words)| words.as_str()),
                Some(told)
            );
            assert_eq!(of("ticket-route"), None, "nobody said which case it is");
        }
    }
}
