//! The front of a pack: names, hotline, codes, notice and numbers. It is what the first frame shows and what a start
//! names as open; pages, routes and questions stand behind it, and are most of a pack.

use std::time::Duration;

use super::codes::{Here, read_codes};
use super::gather::Gather;
use super::terms::localized;
use super::{CampusDigit, Hotline, Notice, Pack};
use crate::table::{Fault, Table};
use crate::visit::{Rules, SmsPolicy, StudentNumberRule};

/// The sections behind the front.
pub(super) const BEHIND: [&str; 5] = ["page_lists", "pages", "routes", "ways", "faq"];

/// Reads the front over what the pack has.
pub(super) fn read_front(
    root: &Table<'_>,
    pack: &mut Pack,
    whole: bool,
    here: Here<'_>,
    gather: &mut Gather,
) {
    read_names(root, pack, whole, gather);
    if let Some(table) = gather.maybe(section(root, "hotline", whole)) {
        read_hotline(&table, &mut pack.hotline, gather);
    }
    read_codes(root, pack, here, gather);
    if let Some(table) = gather.maybe(section(root, "notice", whole)) {
        pack.notice = read_notice(&table, gather);
    }
    if let Some(table) = gather.maybe(root.table("retention")) {
        let days = gather.maybe(table.number("days", 1..=3650));
        gather.finish(&table);
        pack.retention_days = days.and_then(|days| u32::try_from(days.value).ok());
    }
    read_numbers(root, &mut pack.rules, whole, gather);
}

/// A section that a whole pack needs and one with a base may leave out.
pub(super) fn section<'a>(
    root: &Table<'a>,
    key: &str,
    whole: bool,
) -> Result<Option<Table<'a>>, Fault> {
    match whole {
        true => root.need_table(key).map(Some),
        false => root.table(key),
    }
}

fn read_names(root: &Table<'_>, pack: &mut Pack, whole: bool, gather: &mut Gather) {
    let id = match whole {
        true => gather.take(root.need_text("id")),
        false => gather.maybe(root.text("id")),
    };
    if let Some(id) = id {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.value.chars().all(plain) || id.value.len() > 32 {
            gather.add(root.fault_in(
                "id",
                "an id is a short name for files and logs",
                "use up to 32 of a-z, 0-9 and -",
            ));
        }
        pack.id = id.value;
    }
    for (key, place, needed) in [
        ("university", &mut pack.university, true),
        ("account", &mut pack.account, false),
        ("role", &mut pack.role, false),
        ("assistant", &mut pack.assistant, false),
    ] {
        if root.has(key) || (whole && needed) {
            *place = gather.take(localized(root, key)).unwrap_or_default();
        }
    }
    if root.has("vouching_binds") {
        pack.rules.vouching_binds = gather.take(root.flag("vouching_binds")).unwrap_or_default();
    }
}

fn read_hotline(table: &Table<'_>, hotline: &mut Hotline, gather: &mut Gather) {
    if let Some(area) = gather.maybe(digits(table, "area_code")) {
        hotline.area_code = Some(area);
    }
    match gather.take(digits(table, "number")) {
        Some(Some(number)) => hotline.number = number,
        Some(None) if hotline.number.is_empty() => {
            gather.take(table.need_text("number"));
        }
        _ => {}
    }
    if let Some(tables) = gather.maybe(table.tables("campuses")) {
        let campuses: Vec<CampusDigit> = tables
            .iter()
            .filter_map(|table| gather.take(read_campus(table)))
            .collect();
        for (place, campus) in campuses.iter().enumerate() {
            if campuses.iter().take(place).any(|c| c.digit == campus.digit) {
                gather.add(table.fault_in(
                    "campuses",
                    format!("two campuses have the digit {}", campus.digit),
                    "give each its own",
                ));
            }
        }
        hotline.campuses = campuses;
    }
    gather.finish(table);
}

/// A number to dial: digits, and hyphens between them.
fn digits(table: &Table<'_>, key: &str) -> Result<Option<String>, Fault> {
    let Some(found) = table.text(key)? else {
        return Ok(None);
    };
    let text = found.value;
    if !text.chars().any(|c| c.is_ascii_digit()) {
        return Err(table.fault_in(key, "holds no digit", "write the number to dial"));
    }
    match text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        true => Ok(Some(text)),
        false => Err(table.fault_in(key, "holds more than digits", "write digits alone")),
    }
}

fn read_campus(table: &Table<'_>) -> Result<CampusDigit, Fault> {
    let digit = table.need_text("digit")?.value;
    let mut chars = digit.chars();
    let digit = match (chars.next(), chars.next()) {
        (Some(digit), None) if digit.is_ascii_digit() => digit,
        _ => return Err(table.fault_in("digit", "is not one digit", "write one digit, as \"1\"")),
    };
    let name = match table.has("name") {
        true => Some(localized(table, "name")?),
        false => None,
    };
    table.finish()?;
    Ok(CampusDigit { digit, name })
}

fn read_notice(table: &Table<'_>, gather: &mut Gather) -> Notice {
    let mut text = |key: &str| gather.take(localized(table, key)).unwrap_or_default();
    let notice = Notice {
        who: text("who"),
        why: text("why"),
        what: text("what"),
        how_long: text("how_long"),
        whom_to_ask: text("whom_to_ask"),
    };
    gather.finish(table);
    notice
}

fn read_numbers(root: &Table<'_>, rules: &mut Rules, whole: bool, gather: &mut Gather) {
    if let Some(table) = gather.maybe(section(root, "student_number", whole)) {
        let read = gather.take(read_student_number(&table));
        rules.student_number = read.unwrap_or(rules.student_number);
    }
    if let Some(table) = gather.maybe(root.table("timing")) {
        gather.take(read_timing(&table, rules));
    }
    if let Some(table) = gather.maybe(root.table("sms")) {
        rules.sms = gather
            .take(read_sms(&table, rules.sms))
            .unwrap_or(rules.sms);
    }
}

fn read_student_number(table: &Table<'_>) -> Result<StudentNumberRule, Fault> {
    let size = |key: &str, usual: usize| -> Result<usize, Fault> {
        let found = table.number(key, 1..=32)?;
        Ok(found.map_or(usual, |found| usize::try_from(found.value).unwrap_or(usual)))
    };
    let rule = StudentNumberRule {
        min: size("min", 1)?,
        max: size("max", 32)?,
        letters: table.flag("letters")?,
    };
    table.finish()?;
    match rule.min > rule.max {
        true => Err(table.fault_in("min", "more than max", "swap the two")),
        false => Ok(rule),
    }
}

fn read_timing(table: &Table<'_>, rules: &mut Rules) -> Result<(), Fault> {
    let seconds = |key: &str, to: u64, scale: u64, usual: Duration| {
        let found = table.number(key, 1..=to)?;
        Ok::<_, Fault>(found.map_or(usual, |found| {
            Duration::from_secs(found.value.saturating_mul(scale))
        }))
    };
    rules.follow_patience = seconds("follow_patience_seconds", 3600, 1, rules.follow_patience)?;
    rules.follow_watch = seconds("follow_watch_seconds", 3600, 1, rules.follow_watch)?;
    rules.pickup_life = seconds("pickup_hours", 24 * 60, 3600, rules.pickup_life)?;
    table.finish()
}

/// No more than ten minutes and a hundred tries: NIST SP 800-63B-4.
fn read_sms(table: &Table<'_>, base: SmsPolicy) -> Result<SmsPolicy, Fault> {
    let number = |key: &str, to: u64, usual: u64| -> Result<u64, Fault> {
        Ok(table
            .number(key, 1..=to)?
            .map_or(usual, |found| found.value))
    };
    let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let policy = SmsPolicy {
        life: Duration::from_secs(number("life_seconds", 600, base.life.as_secs())?),
        resend_after: Duration::from_secs(number(
            "resend_after_seconds",
            600,
            base.resend_after.as_secs(),
        )?),
        tries: u8::try_from(number("tries", 10, u64::from(base.tries))?).unwrap_or(base.tries),
        per_hour: small(number("per_hour", 100, u64::from(base.per_hour))?),
        per_day: small(number("per_day", 100, u64::from(base.per_day))?),
        desk_per_hour: small(number(
            "desk_per_hour",
            1000,
            u64::from(base.desk_per_hour),
        )?),
    };
    table.finish()?;
    Ok(policy)
}
