//! Reads and checks packs. A pack stands alone, or begins with `base = "imut"` and contains only what differs.
//!
//! Faults name the file, line, key and remedy, as many as can be found in one pass. A pack that passes can be drawn and
//! interpreted without further checks.

use std::path::Path;

use super::codes::{Here, is_over};
use super::faq::read_faq;
use super::front::{BEHIND, PackFront, RuleNumbers, read_front, section};
use super::gather::Gather;
use super::pages::read_pages;
use super::routes::{read_page_lists, read_routes, read_ways};
use super::{Localized, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::table::{Document, Fault, Source, Table, read_file};
use crate::text::Lang;
use crate::visit::{Rules, StepKind};

/// The front of the embedded pack.
const IMUT_FRONT: &str = include_str!("imut.toml");
/// The embedded pack.
const IMUT: &str = concat!(include_str!("imut.toml"), include_str!("imut.routes.toml"));
const IMUT_NAME: &str = "imut.toml (embedded)";
const PRACTICE: &str = include_str!("practice.toml");
const TEMPLATE: &str = include_str!("new.toml");
/// The same with Chinese comments.
const TEMPLATE_ZH: &str = include_str!("new.zh-CN.toml");

/// The embedded default: 内蒙古工业大学.
///
/// # Errors
/// When it has a fault, which a test excludes.
pub fn embedded() -> Result<Pack, Fault> {
    let source = Source {
        file: IMUT_NAME,
        text: IMUT,
    };
    read(&source, Base::None, Here::default()).map_err(|faults| first(&source, faults))
}

/// Lays the practice pack over a pack: it fills in what the pack leaves open, but adds no code that this campus does not
/// have, and changes none of its routes.
///
/// # Errors
/// When the practice pack does not fit this pack.
pub fn for_practice(pack: Pack) -> Result<Pack, Fault> {
    let source = Source {
        file: "practice.toml (embedded)",
        text: PRACTICE,
    };
    let uses = pack.uses.clone();
    let mut pack = read(&source, Base::Practised(Box::new(pack)), Here::default())
        .map_err(|faults| first(&source, faults))?;
    for which in super::PackQr::ALL {
        if !uses.contains(which) {
            *pack.front.qr_place(*which) = None;
        }
    }
    pack.front.uses = uses;
    Ok(pack)
}

/// A commented pack as a start for a new one; its comments are in this language.
pub fn template(lang: Lang) -> &'static str {
    match lang {
        Lang::En => TEMPLATE,
        Lang::Zh => TEMPLATE_ZH,
    }
}

/// Reads a pack's file.
///
/// # Errors
/// When the file cannot be read or has a fault. The error is the first fault, and its remedy says how to see the others.
pub fn load(path: &Path) -> CliResult<Pack> {
    match check(path)? {
        Checked::Good(pack) => Ok(*pack),
        Checked::Faulty(faults) => Err(first_of(path, faults)),
    }
}

/// A pack whose front is read.
#[derive(Clone, Debug, PartialEq)]
pub enum BegunPack {
    /// The front over the embedded pack's, which has the rest.
    Front(Box<PackFront>),
    /// The whole pack: its file has more than a front.
    Whole(Box<Pack>),
}

impl BegunPack {
    /// What the first frame shows.
    pub fn front(&self) -> &PackFront {
        match self {
            BegunPack::Front(front) => front,
            BegunPack::Whole(pack) => &pack.front,
        }
    }

    /// Reads the rest, and the codes of images; see [`PackFront::troubles`].
    ///
    /// # Errors
    /// As [`embedded`].
    pub fn finish(self) -> Result<Pack, Fault> {
        let mut pack = match self {
            BegunPack::Front(front) => complete(*front, embedded()?),
            BegunPack::Whole(pack) => *pack,
        };
        pack.front.read_images();
        Ok(pack)
    }
}

/// A pack with this front and everything else from `base`.
fn complete(mut front: PackFront, base: Pack) -> Pack {
    front.uses.extend(&base.front.uses);
    let mut rules = base.rules;
    front.numbers.write_to(&mut rules);
    Pack {
        front,
        rules,
        ..base
    }
}

/// Reads a pack as far as the first frame needs it; the embedded one without a file. A file that changes only the front
/// of the embedded pack is read as a front. The rest cannot have a fault then, so this finds all faults of the file.
///
/// # Errors
/// As [`load`].
pub fn begin(path: Option<&Path>) -> CliResult<BegunPack> {
    let Some(path) = path else {
        return match embedded_front() {
            Some(front) => Ok(BegunPack::Front(Box::new(front))),
            None => Ok(BegunPack::Whole(Box::new(embedded()?))),
        };
    };
    let read = read_document(path, |root, here| match front_alone(root, here) {
        Some(front) => Ok(BegunPack::Front(Box::new(front))),
        None => Ok(BegunPack::Whole(Box::new(read_root(
            root,
            Base::None,
            here,
        )?))),
    })?;
    read.map_err(|faults| first_of(path, faults))
}

/// The front of a pack that has nothing else; `None` for any other pack, and when it has a fault.
fn front_alone(root: &Table<'_>, here: Here<'_>) -> Option<PackFront> {
    let is_based = matches!(root.choice("base", &[("imut", ())]), Ok(Some(())));
    if !is_based || BEHIND.iter().any(|key| root.has(key)) {
        return None;
    }
    lay_front(root, embedded_front()?, false, here)
}

fn embedded_front() -> Option<PackFront> {
    let source = Source {
        file: IMUT_NAME,
        text: IMUT_FRONT,
    };
    let document = Document::parse(&source).ok()?;
    lay_front(
        &document.root(),
        PackFront::default(),
        true,
        Here::default(),
    )
}

fn lay_front(
    root: &Table<'_>,
    mut front: PackFront,
    whole: bool,
    here: Here<'_>,
) -> Option<PackFront> {
    let mut gather = Gather::default();
    read_front(root, &mut front, whole, here, &mut gather);
    gather.finish(root);
    (gather.count() == 0).then_some(front)
}

/// The error for a file with faults: the first one, and how to see the others.
fn first_of(path: &Path, faults: Vec<Fault>) -> CliError {
    let mut faults = faults.into_iter();
    let Some(first) = faults.next() else {
        return CliError::new(
            Exit::BadData,
            both!("{} cannot be used", "{} 不能用", path.display()),
            both!(
                "run: yingxin pack check FILE",
                "请运行：yingxin pack check 文件"
            ),
        );
    };
    let mut error = CliError {
        exit: Exit::BadData,
        ..CliError::from(first)
    };
    let others = faults.len();
    if others > 0 {
        error.remedy.push_str(&format!(
            "; {others} more: run: yingxin pack check {}",
            path.display()
        ));
    }
    error
}

/// The result of checking a pack's file.
#[derive(Clone, Debug, PartialEq)]
pub enum Checked {
    /// The pack can be used.
    Good(Box<Pack>),
    /// The faults, in the order of the file.
    Faulty(Vec<Fault>),
}

/// Reads a pack's file and finds as many of its faults as one pass can.
///
/// # Errors
/// When the file cannot be read at all.
pub fn check(path: &Path) -> CliResult<Checked> {
    let read = read_document(path, |root, here| read_root(root, Base::None, here))?;
    Ok(match read {
        Ok(mut pack) => {
            pack.front.read_images();
            Checked::Good(Box::new(pack))
        }
        Err(faults) => Checked::Faulty(faults),
    })
}

/// Reads a file with `read`; the inner error is the file's faults.
fn read_document<T>(
    path: &Path,
    read: impl Fn(&Table<'_>, Here<'_>) -> Result<T, Vec<Fault>>,
) -> CliResult<Result<T, Vec<Fault>>> {
    let name = path.display().to_string();
    let text = read_file(
        path,
        || both!("the pack {name}", "数据包 {name}"),
        Exit::BadData,
    )?;
    let source = Source {
        file: &name,
        text: &text,
    };
    let here = Here {
        folder: Some(path.parent().unwrap_or(Path::new(""))),
        is_over: Some(is_over),
    };
    Ok(match Document::parse(&source) {
        Err(fault) => Err(vec![fault]),
        Ok(document) => read(&document.root(), here),
    })
}

fn first(source: &Source<'_>, faults: Vec<Fault>) -> Fault {
    let none = || {
        source.fault(
            both!("cannot be used", "不能用"),
            both!("use another pack", "请用别的数据包"),
        )
    };
    faults.into_iter().next().unwrap_or_else(none)
}

/// The pack below, if the file does not name one.
enum Base {
    None,
    /// The pack that practice is laid over.
    Practised(Box<Pack>),
}

fn read(source: &Source<'_>, base: Base, here: Here<'_>) -> Result<Pack, Vec<Fault>> {
    let document = Document::parse(source).map_err(|fault| vec![fault])?;
    read_root(&document.root(), base, here)
}

fn read_root(root: &Table<'_>, base: Base, here: Here<'_>) -> Result<Pack, Vec<Fault>> {
    let base = match (root.choice("base", &[("imut", ())]), base) {
        (Err(fault), _) => return Err(vec![fault]),
        (Ok(Some(())), _) => Some(embedded().map_err(|fault| vec![fault])?),
        (Ok(None), Base::Practised(pack)) => Some(*pack),
        (Ok(None), Base::None) => None,
    };
    let whole = base.is_none();
    let mut pack = base.unwrap_or_else(blank);
    let mut gather = Gather::default();
    read_front(root, &mut pack.front, whole, here, &mut gather);
    pack.front.numbers.write_to(&mut pack.rules);
    if let Some(table) = gather.maybe(section(root, "pages", whole)) {
        read_pages(&table, &mut pack, &mut gather);
    }
    read_page_lists(root, &mut pack.rules, &mut gather);
    read_routes(root, &mut pack, whole, &mut gather);
    gather.take(read_ways(root, &mut pack.rules));
    gather.take(read_faq(root, &mut pack.faq));
    let named = pack.pages.values().filter_map(|page| page.qr);
    pack.front.uses.extend(named);
    check_names(root, &pack, &mut gather);
    gather.finish(root);
    match gather.count() {
        0 => Ok(pack),
        _ => Err(gather.into_faults()),
    }
}

/// An empty pack, which a pack without a base is read into.
fn blank() -> Pack {
    let numbers = RuleNumbers::default();
    Pack {
        front: PackFront::default(),
        pages: Default::default(),
        reasons: Default::default(),
        faq: Vec::new(),
        rules: Rules {
            routes: Vec::new(),
            pages: Default::default(),
            page_lists: Default::default(),
            student_number: numbers.student_number,
            sms: numbers.sms,
            follow_patience: numbers.follow_patience,
            follow_watch: numbers.follow_watch,
            patience: numbers.patience,
            pickup_life: numbers.pickup_life,
            vouching_binds: numbers.vouching_binds,
        },
    }
}

/// Checks the names that only some steps use.
fn check_names(root: &Table<'_>, pack: &Pack, gather: &mut Gather) {
    let mut steps = pack.rules.routes.iter().flat_map(|route| &route.steps);
    let follows = steps.any(|step| step.kind == StepKind::Follow);
    if follows && pack.account.zh.is_empty() && !root.has("account") {
        gather.add(root.fault_in(
            "account",
            both!(
                "is missing, and a route follows it",
                "没有写，而有路线要关注它"
            ),
            both!(
                "add `account = {}` at the top of the file",
                "请在文件最上面加上 `account = {}`",
                Localized::example()
            ),
        ));
    }
}

#[cfg(test)]
mod tests;
