//! Reads and checks packs. A pack stands alone, or begins with `base = "imut"` and says only what differs.
//!
//! Faults name the file, line, key and remedy, as many as can be found in one go. What passes here can be drawn and
//! interpreted without a further check.

use std::path::Path;
use std::time::Duration;

use super::codes::{Here, is_over, read_codes};
use super::faq::read_faq;
use super::gather::Gather;
use super::pages::read_pages;
use super::routes::{Ways, read_page_lists, read_routes, read_ways};
use super::terms::localized;
use super::{CampusDigit, Hotline, Localized, Notice, Pack};
use crate::complaint::{Complaint, Exit, Outcome};
use crate::table::{Document, Fault, Source, Table, read_file};
use crate::visit::{Rules, SmsPolicy, StepKind, StudentNumberRule};

const IMUT: &str = include_str!("imut.toml");
const PRACTICE: &str = include_str!("practice.toml");
const TEMPLATE: &str = include_str!("new.toml");

/// The embedded default: 内蒙古工业大学.
///
/// # Errors
/// None where the tests have passed.
pub fn embedded() -> Result<Pack, Fault> {
    let source = Source {
        file: "imut.toml (embedded)",
        text: IMUT,
    };
    read(&source, Base::None, Here::default()).map_err(|faults| first(&source, faults))
}

/// Lays what practice makes up over a pack: no code that this campus does not have.
///
/// # Errors
/// Where the pack has no step that practice speaks of.
pub fn for_practice(pack: Pack) -> Result<Pack, Fault> {
    let source = Source {
        file: "practice.toml (embedded)",
        text: PRACTICE,
    };
    let uses = pack.uses.clone();
    let mut pack = read(&source, Base::Practised(Box::new(pack)), Here::default())
        .map_err(|faults| first(&source, faults))?;
    for (_, which) in super::PackQr::ALL {
        if !uses.contains(&which) {
            *pack.qr_place(which) = None;
        }
    }
    pack.uses = uses;
    Ok(pack)
}

/// A commented pack to begin one's own with.
pub fn template() -> &'static str {
    TEMPLATE
}

/// Reads a pack's file.
///
/// # Errors
/// Where it cannot be read, or something is wrong in it: the first fault, and how the others are found.
pub fn load(path: &Path) -> Outcome<Pack> {
    let mut faults = match check(path)? {
        Checked::Good(pack) => return Ok(*pack),
        Checked::Faulty(faults) => faults.into_iter(),
    };
    let named = |fault| Complaint {
        exit: Exit::BadData,
        ..Complaint::from(fault)
    };
    let Some(mut complaint) = faults.next().map(named) else {
        return Err(Complaint::new(
            Exit::BadData,
            format!("{} cannot be used", path.display()),
            "run: yingxin pack check FILE",
        ));
    };
    let others = faults.len();
    if others > 0 {
        complaint.remedy.push_str(&format!(
            "; {others} more: run: yingxin pack check {}",
            path.display()
        ));
    }
    Err(complaint)
}

/// A pack's file as it was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Checked {
    Good(Box<Pack>),
    /// What is wrong in it, in the order of the file.
    Faulty(Vec<Fault>),
}

/// Reads a pack's file and tells all that is wrong in it, as far as it can be found in one go.
///
/// # Errors
/// Where the file cannot be read at all.
pub fn check(path: &Path) -> Outcome<Checked> {
    let name = path.display().to_string();
    let text = read_file(path, &format!("the pack {name}"), Exit::BadData)?;
    let source = Source {
        file: &name,
        text: &text,
    };
    let here = Here {
        folder: Some(path.parent().unwrap_or(Path::new(""))),
        is_over: Some(is_over),
    };
    Ok(match read(&source, Base::None, here) {
        Ok(pack) => Checked::Good(Box::new(pack)),
        Err(faults) => Checked::Faulty(faults),
    })
}

fn first(source: &Source<'_>, faults: Vec<Fault>) -> Fault {
    let none = || source.fault("cannot be used", "use another pack");
    faults.into_iter().next().unwrap_or_else(none)
}

/// What a pack is laid over, where it does not say so itself.
enum Base {
    None,
    /// A campus that is practised on.
    Practised(Box<Pack>),
}

fn read(source: &Source<'_>, base: Base, here: Here<'_>) -> Result<Pack, Vec<Fault>> {
    let document = Document::parse(source).map_err(|fault| vec![fault])?;
    let root = document.root();
    let ways = match base {
        Base::None => Ways::AsSaid,
        Base::Practised(_) => Ways::WherePossible,
    };
    let base = match (root.choice("base", &[("imut", ())]), base) {
        (Err(fault), _) => return Err(vec![fault]),
        (Ok(Some(())), _) => Some(embedded().map_err(|fault| vec![fault])?),
        (Ok(None), Base::Practised(pack)) => Some(*pack),
        (Ok(None), Base::None) => None,
    };
    let whole = base.is_none();
    let mut pack = base.unwrap_or_else(blank);
    let mut gather = Gather::default();
    read_names(&root, &mut pack, whole, &mut gather);
    if let Some(table) = gather.maybe(section(&root, "hotline", whole)) {
        read_hotline(&table, &mut pack.hotline, &mut gather);
    }
    read_codes(&root, &mut pack, here, &mut gather);
    if let Some(table) = gather.maybe(section(&root, "notice", whole)) {
        pack.notice = read_notice(&table, &mut gather);
    }
    if let Some(table) = gather.maybe(root.table("retention")) {
        let days = gather.maybe(table.number("days", 1..=3650));
        gather.finish(&table);
        pack.retention_days = days.and_then(|days| u32::try_from(days.value).ok());
    }
    read_numbers(&root, &mut pack.rules, whole, &mut gather);
    if let Some(table) = gather.maybe(section(&root, "pages", whole)) {
        read_pages(&table, &mut pack, &mut gather);
    }
    read_page_lists(&root, &mut pack.rules, &mut gather);
    read_routes(&root, &mut pack, whole, &mut gather);
    gather.take(read_ways(&root, &mut pack.rules, ways));
    gather.take(read_faq(&root, &mut pack.faq));
    let named = pack.pages.values().filter_map(|page| page.qr);
    pack.uses.extend(named);
    check_names(&root, &pack, &mut gather);
    gather.finish(&root);
    match gather.count() {
        0 => Ok(pack),
        _ => Err(gather.into_faults()),
    }
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
        unbind_qr: None,
        app_qr: None,
        uses: Default::default(),
        notice: Notice::default(),
        pages: Default::default(),
        reasons: Default::default(),
        retention_days: None,
        vouching_binds: false,
        troubles: Vec::new(),
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
        pack.vouching_binds = gather.take(root.flag("vouching_binds")).unwrap_or_default();
    }
}

/// Names that only some steps speak of.
fn check_names(root: &Table<'_>, pack: &Pack, gather: &mut Gather) {
    let mut steps = pack.rules.routes.iter().flat_map(|route| &route.steps);
    let follows = steps.any(|step| step.kind == StepKind::Follow);
    if follows && pack.account.zh.is_empty() && !root.has("account") {
        gather.add(root.fault_in(
            "account",
            "is missing, and a route follows it",
            "add `account = { zh-CN = \"...\", en = \"...\" }` at the top of the file",
        ));
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
    };
    table.finish()?;
    Ok(policy)
}

#[cfg(test)]
mod tests;
