//! Reads and checks packs. A pack stands alone, or begins with `base = "imut"` and says only what differs.
//!
//! Faults name the file, line, key and remedy. What passes here can be drawn and interpreted without a further check.

use std::path::Path;
use std::time::Duration;

use super::faq::read_faq;
use super::pages::read_pages;
use super::routes::{read_page_lists, read_routes, read_ways};
use super::terms::localized;
use super::{CampusDigit, Hotline, Localized, Notice, Pack, QrText};
use crate::complaint::{Complaint, Exit, Outcome};
use crate::table::{Document, Fault, Source, Table, read_file};
use crate::visit::{Rules, SmsPolicy, StudentNumberRule};

const IMUT: &str = include_str!("imut.toml");
const PRACTICE: &str = include_str!("practice.toml");

/// What a QR code may hold at the most, in bytes: more cannot be drawn with words beside it.
const QR_BYTES: usize = 120;
/// What fits a terminal of 80x24 at level M with a quiet zone; above it there must be a short address to type.
const QR_BYTES_SMALL: usize = 84;

/// The embedded default: 内蒙古工业大学.
///
/// # Errors
/// None where the tests have passed.
pub fn embedded() -> Result<Pack, Fault> {
    let source = Source {
        file: "imut.toml (embedded)",
        text: IMUT,
    };
    read(&source, None)
}

/// Lays what practice makes up over a pack.
///
/// # Errors
/// Where the pack has no step that practice speaks of.
pub fn for_practice(pack: Pack) -> Result<Pack, Fault> {
    let source = Source {
        file: "practice.toml (embedded)",
        text: PRACTICE,
    };
    read(&source, Some(pack))
}

/// Reads a pack's file.
///
/// # Errors
/// Where it cannot be read, or something is wrong in it.
pub fn load(path: &Path) -> Outcome<Pack> {
    let name = path.display().to_string();
    let text = read_file(path, &format!("the pack {name}"), Exit::BadData)?;
    let source = Source {
        file: &name,
        text: &text,
    };
    read(&source, None).map_err(|fault| Complaint {
        exit: Exit::BadData,
        ..Complaint::from(fault)
    })
}

fn read(source: &Source<'_>, base: Option<Pack>) -> Result<Pack, Fault> {
    let document = Document::parse(source)?;
    let root = document.root();
    let base = match root.choice("base", &[("imut", ())])? {
        Some(()) => Some(embedded()?),
        None => base,
    };
    let whole = base.is_none();
    let mut pack = base.unwrap_or_else(blank);
    read_names(&root, &mut pack, whole)?;
    if let Some(table) = section(&root, "hotline", whole)? {
        pack.hotline = read_hotline(&table, pack.hotline)?;
    }
    if let Some(table) = root.table("qr")? {
        pack.register_qr = read_qr(&table, "register")?.or(pack.register_qr);
        pack.follow_qr = read_qr(&table, "follow")?.or(pack.follow_qr);
        table.finish()?;
    }
    if let Some(table) = section(&root, "notice", whole)? {
        pack.notice = read_notice(&table)?;
    }
    read_numbers(&root, &mut pack.rules, whole)?;
    if let Some(table) = section(&root, "pages", whole)? {
        read_pages(&table, &mut pack)?;
    }
    read_page_lists(&root, &mut pack.rules)?;
    read_routes(&root, &mut pack, whole)?;
    read_ways(&root, &mut pack.rules)?;
    read_faq(&root, &mut pack.faq)?;
    root.finish()?;
    Ok(pack)
}

fn blank() -> Pack {
    Pack {
        id: String::new(),
        university: Localized::default(),
        account: Localized::default(),
        role: Localized::default(),
        assistant: Localized::default(),
        hotline: Hotline::default(),
        register_qr: None,
        follow_qr: None,
        notice: Notice::default(),
        pages: Default::default(),
        reasons: Default::default(),
        faq: Vec::new(),
        rules: Rules {
            routes: Vec::new(),
            pages: Default::default(),
            page_lists: Default::default(),
            student_number: StudentNumberRule {
                min: 1,
                max: 32,
                letters: true,
            },
            sms: SmsPolicy::default(),
            follow_patience: Duration::from_secs(60),
            follow_watch: Duration::from_secs(300),
            pickup_life: Duration::from_secs(72 * 3600),
        },
    }
}

/// A section that a whole pack needs and one with a base may leave out.
fn section<'a>(root: &Table<'a>, key: &str, whole: bool) -> Result<Option<Table<'a>>, Fault> {
    match whole {
        true => root.need_table(key).map(Some),
        false => root.table(key),
    }
}

fn read_names(root: &Table<'_>, pack: &mut Pack, whole: bool) -> Result<(), Fault> {
    let id = match whole {
        true => Some(root.need_text("id")?),
        false => root.text("id")?,
    };
    if let Some(id) = id {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.value.chars().all(plain) || id.value.len() > 32 {
            return Err(root.fault_in(
                "id",
                "an id is a short name for files and logs",
                "use up to 32 of a-z, 0-9 and -",
            ));
        }
        pack.id = id.value;
    }
    for (key, place) in [
        ("university", &mut pack.university),
        ("account", &mut pack.account),
        ("role", &mut pack.role),
        ("assistant", &mut pack.assistant),
    ] {
        if whole || root.has(key) {
            *place = localized(root, key)?;
        }
    }
    Ok(())
}

fn read_hotline(table: &Table<'_>, base: Hotline) -> Result<Hotline, Fault> {
    let digits = |key: &str| -> Result<Option<String>, Fault> {
        let Some(found) = table.text(key)? else {
            return Ok(None);
        };
        match found.value.chars().all(|c| c.is_ascii_digit() || c == '-') {
            true => Ok(Some(found.value)),
            false => Err(table.fault_in(key, "holds more than digits", "write digits alone")),
        }
    };
    let area_code = digits("area_code")?.or(base.area_code);
    let number = match digits("number")? {
        Some(number) => number,
        None if base.number.is_empty() => table.need_text("number")?.value,
        None => base.number,
    };
    let campuses = match table.tables("campuses")? {
        Some(tables) => tables
            .iter()
            .map(read_campus)
            .collect::<Result<Vec<_>, Fault>>()?,
        None => base.campuses,
    };
    table.finish()?;
    Ok(Hotline {
        area_code,
        number,
        campuses,
    })
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

fn read_qr(qr: &Table<'_>, key: &str) -> Result<Option<QrText>, Fault> {
    let Some(table) = qr.table(key)? else {
        return Ok(None);
    };
    let text = table.need_text("text")?.value;
    let short = table.text("short")?.map(|found| found.value);
    let expires = table.date("expires")?;
    table.finish()?;
    if text.len() > QR_BYTES {
        return Err(table.fault_in(
            "text",
            format!(
                "{} bytes, and a terminal draws {QR_BYTES} at the most",
                text.len()
            ),
            "use a shorter address",
        ));
    }
    if text.len() > QR_BYTES_SMALL && short.is_none() {
        return Err(table.fault_in(
            "text",
            format!("{} bytes cannot be drawn in 80x24", text.len()),
            format!("use an address of at most {QR_BYTES_SMALL} bytes, or add `short = \"...\"` to type by hand"),
        ));
    }
    Ok(Some(QrText {
        text,
        expires,
        short,
    }))
}

fn read_notice(table: &Table<'_>) -> Result<Notice, Fault> {
    let notice = Notice {
        who: localized(table, "who")?,
        why: localized(table, "why")?,
        what: localized(table, "what")?,
        how_long: localized(table, "how_long")?,
        whom_to_ask: localized(table, "whom_to_ask")?,
    };
    table.finish()?;
    Ok(notice)
}

fn read_numbers(root: &Table<'_>, rules: &mut Rules, whole: bool) -> Result<(), Fault> {
    if let Some(table) = section(root, "student_number", whole)? {
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
        if rule.min > rule.max {
            return Err(table.fault_in("min", "more than max", "swap the two"));
        }
        rules.student_number = rule;
    }
    if let Some(table) = root.table("timing")? {
        let seconds = |key: &str, to: u64, scale: u64, usual: Duration| {
            let found = table.number(key, 1..=to)?;
            Ok::<_, Fault>(found.map_or(usual, |found| {
                Duration::from_secs(found.value.saturating_mul(scale))
            }))
        };
        rules.follow_patience = seconds("follow_patience_seconds", 3600, 1, rules.follow_patience)?;
        rules.follow_watch = seconds("follow_watch_seconds", 3600, 1, rules.follow_watch)?;
        rules.pickup_life = seconds("pickup_hours", 24 * 60, 3600, rules.pickup_life)?;
        table.finish()?;
    }
    if let Some(table) = root.table("sms")? {
        rules.sms = read_sms(&table, rules.sms)?;
    }
    Ok(())
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
    };
    table.finish()?;
    Ok(policy)
}

#[cfg(test)]
mod tests;
