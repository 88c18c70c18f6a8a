//! The campus pack: everything that belongs to one university, as data. No rule of a single campus is code.
//!
//! A pack is two types. [`PackFront`] is what the first frame shows and what a start names as open; [`Pack`] is the whole.
//! Reading the embedded pack whole takes 1.1 to 2 ms and its front 0.14 ms (release build, two busy cores),
//! of a first frame of about 3 ms: [`begin`] therefore reads the front, and [`BegunPack::finish`] the rest.

mod codes;
mod faq;
mod front;
mod gather;
#[cfg(test)]
mod guide_tests;
mod pages;
mod read;
mod routes;
mod search;
mod situations;
mod terms;

pub use faq::Topic;
pub use front::{PackFront, RuleNumbers};
pub use read::{BegunPack, Checked, begin, check, embedded, for_practice, load, template};
pub use search::{Index, LONGEST_QUERY};

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::text::Lang;
use crate::visit::{PageId, Rules};

/// A whole pack: one campus's names, QR codes, words, pages and rules. It is read from one TOML file, laid over the
/// embedded default if it says so. Nothing is missing from it but what [`PackFront::missing`] names.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// What the first frame shows. A pack has all the fields of its front.
    pub front: PackFront,
    /// What each phone page shows and says; its choices run in step with [`crate::visit::CoachPage::leads`].
    pub pages: BTreeMap<PageId, PhonePage>,
    /// The reason for a route in one line, by the route's id.
    pub reasons: BTreeMap<String, Localized>,
    /// The frequent questions, in the order in which the help lists them.
    pub faq: Vec<Topic>,
    /// The routes, pages and numbers that a visit follows.
    pub rules: Rules,
}

impl Deref for Pack {
    type Target = PackFront;

    fn deref(&self) -> &PackFront {
        &self.front
    }
}

/// A text in the languages the kiosk has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    pub zh: String,
    pub en: String,
}

impl Localized {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Where a forgotten password and everything else that the desk cannot do is helped with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hotline {
    /// Left open where the guide does not say it.
    pub area_code: Option<String>,
    pub number: String,
    pub campuses: Vec<CampusDigit>,
}

/// Which digit to press for which campus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampusDigit {
    pub digit: char,
    /// Left open where the guide does not say which campus it is.
    pub name: Option<Localized>,
}

/// A QR code's text and until when it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrText {
    pub text: String,
    pub expires: Option<jiff::civil::Date>,
    /// What to type by hand where the code cannot be drawn whole.
    pub short: Option<String>,
}

/// The notice before any personal data is taken (PIPL art. 17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    pub who: Localized,
    pub why: Localized,
    pub what: Localized,
    pub how_long: Localized,
    pub whom_to_ask: Localized,
}

/// A page of the student's phone: how to recognise it, what to do on it, what may be seen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePage {
    /// The phone's title bar.
    pub title: Localized,
    /// What the student should do, one short sentence.
    pub say: Localized,
    /// What is said in its place where the page's code is drawn; without it, the same.
    pub say_with_qr: Option<Localized>,
    /// What the student must not do here, in plain sight.
    pub warn: Option<Localized>,
    /// The version of WeChat that the page is drawn from.
    pub version: Option<String>,
    /// The code that is scanned on this page: the desk shows it in the phone's place, where the pack has it.
    pub qr: Option<PackQr>,
    /// What the phone shows, from the top.
    pub shows: Vec<PhoneItem>,
    /// "What do you see now?": as many as the page's leads.
    pub choices: Vec<Localized>,
}

/// One of the pack's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackQr {
    Register,
    Follow,
    Unbind,
    App,
}

impl PackQr {
    /// Every code by its name in packs.
    pub const ALL: [(&'static str, PackQr); 4] = [
        ("register", PackQr::Register),
        ("follow", PackQr::Follow),
        ("unbind", PackQr::Unbind),
        ("app", PackQr::App),
    ];

    /// Its section in a pack.
    pub fn key(self) -> &'static str {
        match self {
            PackQr::Register => "qr.register",
            PackQr::Follow => "qr.follow",
            PackQr::Unbind => "qr.unbind",
            PackQr::App => "qr.app",
        }
    }
}

/// Something on a phone's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneItem {
    /// Plain words.
    Text {
        text: Localized,
    },
    /// An entry of a list; `tap` marks the place to tap.
    Row {
        text: Localized,
        tap: bool,
    },
    /// An input field with its label; `mobile` shows the visit's number in it where the desk knows it.
    Field {
        text: Localized,
        mobile: bool,
        tap: bool,
    },
    Button {
        text: Localized,
        tap: bool,
    },
    /// A QR code or a picture, drawn as a small square, with what to do to it (长按).
    Picture {
        text: Localized,
        tap: bool,
    },
}

/// What a pack leaves open, so that a command can name it before the desk starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Qr(PackQr),
    /// The hotline's area code.
    AreaCode,
    /// The name of the campus with this digit.
    CampusName(char),
}

impl Missing {
    /// The pack's key that would fill it in.
    pub fn key(self) -> String {
        match self {
            Missing::Qr(which) => which.key().into(),
            Missing::AreaCode => "hotline.area_code".into(),
            Missing::CampusName(digit) => format!("hotline.campuses: name of digit {digit}"),
        }
    }

    /// What to write there.
    pub fn remedy(self) -> String {
        match self {
            Missing::Qr(which) => {
                format!(
                    "add [{}] with `text = \"...\"` or `image = \"...\"`",
                    which.key()
                )
            }
            Missing::AreaCode => "add `area_code = \"...\"` to [hotline]".into(),
            Missing::CampusName(digit) => {
                format!(
                    "add `name = {{ zh-CN = \"...\", en = \"...\" }}` to the campus with digit {digit}"
                )
            }
        }
    }
}
