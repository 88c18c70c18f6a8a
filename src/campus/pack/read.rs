//! Reads and checks packs. A pack stands alone, or begins with `base = "imut"` and says only what differs.
//!
//! Faults name the file, line, key and remedy, as many as can be found in one go. What passes here can be drawn and
//! interpreted without a further check.

use std::path::Path;
use std::time::Duration;

use super::codes::{Here, is_over};
use super::faq::read_faq;
use super::front::{BEHIND, read_front, section};
use super::gather::Gather;
use super::pages::read_pages;
use super::routes::{Ways, read_page_lists, read_routes, read_ways};
use super::{Hotline, Localized, Notice, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::table::{Document, Fault, Source, Table, read_file};
use crate::visit::{Rules, SmsPolicy, StepKind, StudentNumberRule};

const IMUT: &str = include_str!("imut.toml");
const IMUT_NAME: &str = "imut.toml (embedded)";
/// Where the embedded pack's front ends.
const IMUT_BEHIND: &str = "\n[page_lists.";
const PRACTICE: &str = include_str!("practice.toml");
const TEMPLATE: &str = include_str!("new.toml");

/// The embedded default: 内蒙古工业大学.
///
/// # Errors
/// None where the tests have passed.
pub fn embedded() -> Result<Pack, Fault> {
    let source = Source {
        file: IMUT_NAME,
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
pub fn load(path: &Path) -> CliResult<Pack> {
    settle(path, check(path)?)
}

/// Reads a pack as far as the first frame needs it, the embedded one where no file is named. Where only the front of
/// the embedded pack is said otherwise, the rest is still to come: see [`Pack::is_begun`]. Nothing can be wrong in that
/// rest, so all faults of the file are told here.
///
/// # Errors
/// As [`load`].
pub fn begin(path: Option<&Path>) -> CliResult<Pack> {
    let Some(path) = path else {
        return match embedded_front() {
            Some(front) => Ok(front),
            None => Ok(embedded()?),
        };
    };
    let found = look(path, |root, here| match front_alone(root, here) {
        Some(front) => Ok(front),
        None => read_root(root, Base::None, here),
    })?;
    settle(path, found)
}

/// A pack that says nothing of what stands behind the front; `None` for any other, and where something is wrong.
fn front_alone(root: &Table<'_>, here: Here<'_>) -> Option<Pack> {
    let is_based = matches!(root.choice("base", &[("imut", ())]), Ok(Some(())));
    if !is_based || BEHIND.iter().any(|key| root.has(key)) {
        return None;
    }
    lay_front(root, embedded_front()?, false, here)
}

fn embedded_front() -> Option<Pack> {
    let source = Source {
        file: IMUT_NAME,
        text: IMUT.split(IMUT_BEHIND).next()?,
    };
    let document = Document::parse(&source).ok()?;
    lay_front(&document.root(), blank(), true, Here::default())
}

fn lay_front(root: &Table<'_>, mut pack: Pack, whole: bool, here: Here<'_>) -> Option<Pack> {
    let mut gather = Gather::default();
    read_front(root, &mut pack, whole, here, &mut gather);
    gather.finish(root);
    (gather.count() == 0).then_some(pack)
}

fn settle(path: &Path, found: Checked) -> CliResult<Pack> {
    let mut faults = match found {
        Checked::Good(pack) => return Ok(*pack),
        Checked::Faulty(faults) => faults.into_iter(),
    };
    let named = |fault| CliError {
        exit: Exit::BadData,
        ..CliError::from(fault)
    };
    let Some(mut complaint) = faults.next().map(named) else {
        return Err(CliError::new(
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
pub fn check(path: &Path) -> CliResult<Checked> {
    look(path, |root, here| read_root(root, Base::None, here))
}

fn look(
    path: &Path,
    read: impl Fn(&Table<'_>, Here<'_>) -> Result<Pack, Vec<Fault>>,
) -> CliResult<Checked> {
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
    Ok(match Document::parse(&source) {
        Err(fault) => Checked::Faulty(vec![fault]),
        Ok(document) => match read(&document.root(), here) {
            Ok(pack) => Checked::Good(Box::new(pack)),
            Err(faults) => Checked::Faulty(faults),
        },
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
    read_root(&document.root(), base, here)
}

fn read_root(root: &Table<'_>, base: Base, here: Here<'_>) -> Result<Pack, Vec<Fault>> {
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
    read_front(root, &mut pack, whole, here, &mut gather);
    if let Some(table) = gather.maybe(section(root, "pages", whole)) {
        read_pages(&table, &mut pack, &mut gather);
    }
    read_page_lists(root, &mut pack.rules, &mut gather);
    read_routes(root, &mut pack, whole, &mut gather);
    gather.take(read_ways(root, &mut pack.rules, ways));
    gather.take(read_faq(root, &mut pack.faq));
    let named = pack.pages.values().filter_map(|page| page.qr);
    pack.uses.extend(named);
    check_names(root, &pack, &mut gather);
    gather.finish(root);
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
            vouching_binds: false,
        },
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

#[cfg(test)]
mod tests;
