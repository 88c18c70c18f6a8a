//! The front of a pack: names, hotline, codes, notice and numbers. The first frame shows it, and a start names what it
//! leaves open. Pages, routes and questions follow it in the file and are most of a pack.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::card_code::{CardCode, read_card_codes};
use super::codes::{Here, read_codes};
use super::gather::Gather;
use super::terms::localized;
use super::{CampusDigit, Hotline, Localized, Missing, Notice, PackQr, QrText};
use crate::cli_lang::both;
use crate::table::{Fault, Table};
use crate::visit::{Patience, PhoneTask, Rules, SmsPolicy, StudentNumberRule};

/// The front of a pack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackFront {
    /// A short name for file names and logs.
    pub id: String,
    /// The university's name.
    pub university: Localized,
    /// A short form of it, for the header of a narrow screen; empty where the pack gives none.
    pub university_short: Localized,
    /// The name of the account that is followed in WeChat, as the phone shows it.
    pub account: Localized,
    /// The role to tap after the scan (guide 一.2: 在校师生).
    pub role: Localized,
    /// The assistant's name in the company's account (guide: 微校园助手).
    pub assistant: Localized,
    /// The contact for help.
    pub hotline: Hotline,
    /// Leads to the registration.
    pub register_qr: Option<QrText>,
    /// Leads to the account that is followed.
    pub follow_qr: Option<QrText>,
    /// Leads to the unbinding (guide 二.2, 四.3).
    pub unbind_qr: Option<QrText>,
    /// Leads to the WeCom app's page in a store.
    pub app_qr: Option<QrText>,
    /// The codes that this campus has, filled in or not. A code that is not among them is not missing. A page behind the
    /// front can add one.
    pub uses: BTreeSet<PackQr>,
    /// The notice before any personal data is taken.
    pub notice: Notice,
    /// How many days a visit is kept; `None` if the pack does not say. The notice shows it.
    pub retention_days: Option<u32>,
    /// The images whose codes are read after the first frame; none once the pack is whole.
    pub images: Vec<PackImage>,
    /// What cannot be used, such as an expired code. The rest works without it.
    pub troubles: Vec<Fault>,
    /// The numbers of the rules.
    pub numbers: RuleNumbers,
    /// What the codes on this campus's cards and notices look like; a bare student number is understood without.
    pub card_codes: Vec<CardCode>,
}

/// An image whose code is still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct PackImage {
    /// The code's place in the pack.
    pub which: PackQr,
    /// The file.
    pub path: PathBuf,
    /// The code without its text.
    pub(super) qr: QrText,
    /// The image's place in the pack's file, without what is wrong.
    pub(super) fault: Fault,
}

/// The numbers of the rules, which do not depend on the routes. [`Rules`] has each of them too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleNumbers {
    /// What a student number looks like.
    pub student_number: StudentNumberRule,
    /// The limits of SMS codes.
    pub sms: SmsPolicy,
    /// See [`Rules::follow_patience`].
    pub follow_patience: Duration,
    /// See [`Rules::follow_watch`].
    pub follow_watch: Duration,
    /// See [`Rules::patience`].
    pub patience: Patience,
    /// See [`Rules::pickup_life`].
    pub pickup_life: Duration,
    /// See [`Rules::vouching_binds`].
    pub vouching_binds: bool,
}

impl Default for RuleNumbers {
    fn default() -> Self {
        RuleNumbers {
            student_number: StudentNumberRule {
                min: 1,
                max: 32,
                letters: true,
            },
            sms: SmsPolicy::default(),
            follow_patience: Duration::from_secs(60),
            follow_watch: Duration::from_secs(300),
            patience: Patience::default(),
            pickup_life: Duration::from_secs(72 * 3600),
            vouching_binds: false,
        }
    }
}

impl RuleNumbers {
    /// Writes the numbers into the rules.
    pub(super) fn write_to(self, rules: &mut Rules) {
        rules.student_number = self.student_number;
        rules.sms = self.sms;
        rules.follow_patience = self.follow_patience;
        rules.follow_watch = self.follow_watch;
        rules.patience = self.patience;
        rules.pickup_life = self.pickup_life;
        rules.vouching_binds = self.vouching_binds;
    }
}

impl PackFront {
    /// A code, if the pack has it.
    pub fn qr(&self, which: PackQr) -> Option<&QrText> {
        match which {
            PackQr::Register => self.register_qr.as_ref(),
            PackQr::Follow => self.follow_qr.as_ref(),
            PackQr::Unbind => self.unbind_qr.as_ref(),
            PackQr::App => self.app_qr.as_ref(),
        }
    }

    /// The place of a code, to fill it in.
    pub(super) fn qr_place(&mut self, which: PackQr) -> &mut Option<QrText> {
        match which {
            PackQr::Register => &mut self.register_qr,
            PackQr::Follow => &mut self.follow_qr,
            PackQr::Unbind => &mut self.unbind_qr,
            PackQr::App => &mut self.app_qr,
        }
    }

    /// Whether the code was given and cannot be used; [`PackFront::troubles`] says why.
    fn is_in_trouble(&self, which: PackQr) -> bool {
        let key = which.key();
        self.troubles
            .iter()
            .any(|fault| fault.key.starts_with(&key))
    }

    /// What the pack leaves open, QR codes first. A code whose image is still to be read, or which is in
    /// [`PackFront::troubles`], was given and is not open.
    pub fn missing(&self) -> Vec<Missing> {
        let is_image = |which: &PackQr| self.images.iter().any(|image| image.which == *which);
        let open = |which: &&PackQr| {
            self.qr(**which).is_none() && !is_image(which) && !self.is_in_trouble(**which)
        };
        let mut missing: Vec<Missing> = self
            .uses
            .iter()
            .filter(open)
            .map(|which| Missing::Qr(*which))
            .collect();
        if self.hotline.area_code.is_none() {
            missing.push(Missing::AreaCode);
        }
        let nameless = self.hotline.campuses.iter().filter(|c| c.name.is_none());
        missing.extend(nameless.map(|campus| Missing::CampusName(campus.digit)));
        missing
    }
}

/// The sections that follow the front.
pub(super) const BEHIND: [&str; 5] = ["page_lists", "pages", "routes", "ways", "faq"];

/// Reads the front over what `pack` has. `whole` means that the pack stands alone and needs every section.
pub(super) fn read_front(
    root: &Table<'_>,
    pack: &mut PackFront,
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
    read_numbers(root, pack, whole, gather);
}

/// A section that a pack without a base needs and one with a base may leave out.
pub(super) fn section<'a>(
    root: &Table<'a>,
    key: &str,
    whole: bool,
) -> Result<Option<Table<'a>>, Fault> {
    if whole {
        root.need_table(key).map(Some)
    } else {
        root.table(key)
    }
}

fn read_names(root: &Table<'_>, pack: &mut PackFront, whole: bool, gather: &mut Gather) {
    let id = if whole {
        gather.take(root.need_text("id"))
    } else {
        gather.maybe(root.text("id"))
    };
    if let Some(id) = id {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.value.chars().all(plain) || id.value.len() > 32 {
            gather.add(root.fault_in(
                "id",
                both!(
                    "an id is a short name for files and logs",
                    "id 是文件和运行记录里用的短名"
                ),
                both!(
                    "use up to 32 of a-z, 0-9 and -",
                    "请用最多 32 个 a-z、0-9 和 -"
                ),
            ));
        }
        pack.id = id.value;
    }
    if root.has("university") {
        // That of the pack beneath belongs to another name.
        pack.university_short = Localized::default();
    }
    for (key, place, needed) in [
        ("university", &mut pack.university, true),
        ("university_short", &mut pack.university_short, false),
        ("account", &mut pack.account, false),
        ("role", &mut pack.role, false),
        ("assistant", &mut pack.assistant, false),
    ] {
        if root.has(key) || (whole && needed) {
            *place = gather.take(localized(root, key)).unwrap_or_default();
        }
    }
    if root.has("vouching_binds") {
        pack.numbers.vouching_binds = gather.take(root.flag("vouching_binds")).unwrap_or_default();
    }
}

/// Reads a hotline that stands in another file than a pack, in which its number may be left out.
///
/// # Errors
/// The first fault in it.
pub fn hotline_alone(table: &Table<'_>) -> Result<Hotline, Fault> {
    let mut gather = Gather::default();
    let none = String::from("none");
    let mut hotline = Hotline {
        number: none.clone(),
        ..Hotline::default()
    };
    read_hotline(table, &mut hotline, &mut gather);
    if hotline.number == none {
        hotline.number.clear();
    }
    match gather.into_faults().into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(hotline),
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
                    both!(
                        "two campuses have the digit {}",
                        "两个校区都是数字 {}",
                        campus.digit
                    ),
                    both!("give each its own", "请各用各的"),
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
        return Err(table.fault_in(
            key,
            both!("holds no digit", "里面没有数字"),
            both!("write the number to dial", "请写要拨的号码"),
        ));
    }
    if text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        Ok(Some(text))
    } else {
        Err(table.fault_in(
            key,
            both!("holds more than digits", "里面不只有数字"),
            both!("write digits alone", "请只写数字"),
        ))
    }
}

fn read_campus(table: &Table<'_>) -> Result<CampusDigit, Fault> {
    let digit = table.need_text("digit")?.value;
    let mut chars = digit.chars();
    let digit = match (chars.next(), chars.next()) {
        (Some(digit), None) if digit.is_ascii_digit() => digit,
        _ => {
            return Err(table.fault_in(
                "digit",
                both!("is not one digit", "不是一位数字"),
                both!("write one digit, as \"1\"", "请写一位数字，如 \"1\""),
            ));
        }
    };
    let name = if table.has("name") {
        Some(localized(table, "name")?)
    } else {
        None
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

fn read_numbers(root: &Table<'_>, pack: &mut PackFront, whole: bool, gather: &mut Gather) {
    let numbers = &mut pack.numbers;
    if let Some(table) = gather.maybe(section(root, "student_number", whole)) {
        if let Some(codes) = gather.maybe(read_card_codes(&table)) {
            pack.card_codes = codes;
        }
        let read = gather.take(read_student_number(&table));
        numbers.student_number = read.unwrap_or(numbers.student_number);
    }
    if let Some(table) = gather.maybe(root.table("timing")) {
        gather.take(read_timing(&table, numbers));
    }
    if let Some(table) = gather.maybe(root.table("sms")) {
        numbers.sms = gather
            .take(read_sms(&table, numbers.sms))
            .unwrap_or(numbers.sms);
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
    if rule.min > rule.max {
        return Err(table.fault_in(
            "min",
            both!("more than max", "比 max 大"),
            both!("swap the two", "请把两者对调"),
        ));
    }
    Ok(rule)
}

fn read_timing(table: &Table<'_>, numbers: &mut RuleNumbers) -> Result<(), Fault> {
    let seconds = |key: &str, to: u64, scale: u64, usual: Duration| {
        let found = table.number(key, 1..=to)?;
        Ok::<_, Fault>(found.map_or(usual, |found| {
            Duration::from_secs(found.value.saturating_mul(scale))
        }))
    };
    numbers.follow_patience = seconds("follow_patience_seconds", 3600, 1, numbers.follow_patience)?;
    numbers.follow_watch = seconds("follow_watch_seconds", 3600, 1, numbers.follow_watch)?;
    numbers.pickup_life = seconds("pickup_hours", 24 * 60, 3600, numbers.pickup_life)?;
    if let Some(table) = table.table("patience_minutes")? {
        read_patience(&table, &mut numbers.patience)?;
    }
    table.finish()
}

fn read_patience(table: &Table<'_>, patience: &mut Patience) -> Result<(), Fault> {
    for task in PhoneTask::ALL {
        let found = table.number(task.name(), 1..=u64::from(Patience::MOST_MINUTES))?;
        if let Some(minutes) = found.and_then(|found| u8::try_from(found.value).ok()) {
            patience.set(*task, minutes);
        }
    }
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
