//! What stands on a slip: the pickup number with its code, where to come back, a ticket's script. It names nobody: who finds
//! it learns a number that proves nothing.

use jiff::tz::TimeZone;

use super::paper::SlipLine;
use crate::campus::pack::Pack;
use crate::screen::pages::hotline_number;
use crate::screen::pages::script::{moment, script};
use crate::text::Text;
use crate::visit::{DeskNumber, Pickup, TicketRow};

/// The fewest digits of what could be somebody's number.
const NUMBER: usize = 5;

/// What a slip is about.
pub struct SlipOf<'a> {
    /// The desk that the student comes back to.
    pub desk: DeskNumber,
    /// The number to come back with.
    pub pickup: Option<Pickup>,
    /// The ticket, where there is one.
    pub ticket: Option<&'a TicketRow>,
    /// When it is printed.
    pub now: jiff::Timestamp,
    /// Nothing of it is real.
    pub is_practice: bool,
}

/// The lines of a slip.
pub fn lines(of: &SlipOf<'_>, pack: &Pack, text: &Text, zone: &TimeZone) -> Vec<SlipLine> {
    let desk = [("desk", of.desk.get().into())];
    let mut lines = Vec::new();
    if of.is_practice {
        lines.push(SlipLine::Title(text.get("slip-practice")));
    }
    lines.push(SlipLine::Title(pack.university.get(text.lang()).to_owned()));
    if let Some(pickup) = of.pickup {
        lines.push(SlipLine::Title(text.get("slip-pickup")));
        lines.push(SlipLine::Large(pickup.to_string()));
        lines.push(SlipLine::Code(pickup.code()));
    }
    let back = match of.ticket {
        Some(_) => "ticket-after",
        None => "parked-desk",
    };
    lines.push(SlipLine::Title(text.with(back, &desk)));
    if of.ticket.is_none() {
        lines.push(SlipLine::Text(text.get("slip-back")));
    }
    if let Some(row) = of.ticket {
        lines.push(SlipLine::Gap);
        let number = row.ticket.number.to_string();
        lines.push(SlipLine::Text(format!(
            "{} {number}",
            text.get("ticket-number")
        )));
        lines.extend(hotline(pack, text).map(SlipLine::Text));
        lines.extend(told(text, pack, zone, row).map(SlipLine::Text));
    }
    lines.push(SlipLine::Gap);
    lines.push(SlipLine::Text(moment(of.now, zone)));
    lines
}

/// The number to call.
fn hotline(pack: &Pack, text: &Text) -> Option<String> {
    let hotline = &pack.hotline;
    if hotline.number.is_empty() {
        return None;
    }
    let number = hotline_number(hotline);
    Some(text.with("slip-hotline", &[("number", number.into())]))
}

/// The script without the name, and with every number masked, those that somebody wrote into the reason as well.
fn told(
    text: &Text,
    pack: &Pack,
    zone: &TimeZone,
    row: &TicketRow,
) -> impl Iterator<Item = String> {
    let lines = script(text, Some(pack), zone, row).into_iter();
    lines.filter_map(|(label, words)| {
        let words = match label {
            "ticket-name" => return None,
            "ticket-student" => row.student_number()?.masked(),
            "ticket-mobile" => row.mobile.as_ref()?.masked(),
            "ticket-reason" => masked(&words, row.student_name().map(|name| name.as_str())),
            _ => words,
        };
        Some(format!("{}  {words}", text.get(label)))
    })
}

/// A text without the student's name, and without what could be a number of somebody's.
fn masked(words: &str, name: Option<&str>) -> String {
    let words = match name.filter(|name| !name.is_empty()) {
        Some(name) => words.replace(name, "*"),
        None => words.to_owned(),
    };
    // Digits with a blank or a hyphen between them are one number.
    let (mut kept, mut run, mut between) = (String::new(), String::new(), String::new());
    for c in words.chars().map(Some).chain([None]) {
        match c {
            Some(c) if c.is_numeric() => {
                run.push_str(&std::mem::take(&mut between));
                run.push(c);
            }
            Some(c @ (' ' | '-')) if !run.is_empty() => between.push(c),
            c => {
                let digits = run.chars().filter(|c| c.is_numeric()).count();
                kept.push_str(if digits >= NUMBER { "****" } else { &run });
                kept.push_str(&std::mem::take(&mut between));
                run.clear();
                kept.extend(c);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_and_no_name_stays_in_a_reason() {
        for (words, kept) in [
            ("学号2026001012打不开", "学号****打不开"),
            (
                "第 3 次，138 0013 8000 和 150-0013-8000 都",
                "第 3 次，**** 和 **** 都",
            ),
            ("手机13800138000，微信8.0.5", "手机****，微信8.0.5"),
            ("１３８００１３８０００", "****"),
            ("B20260010", "B****"),
            ("张三丰的号", "*的号"),
            ("", ""),
        ] {
            assert_eq!(masked(words, Some("张三丰")), kept, "{words}");
        }
    }
}
