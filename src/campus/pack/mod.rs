//! The campus pack: all that belongs to one university, as data. Reading and checking it is
//! `read`'s; no rule of any one campus is code.

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
pub use read::{Checked, begin, check, embedded, for_practice, load, template};
pub use search::{Index, LONGEST_QUERY};

use std::collections::{BTreeMap, BTreeSet};

use crate::table::Fault;
use crate::text::Lang;
use crate::visit::{PageId, Rules};

/// One campus's names, QR codes, words, pages and rules. Read from one TOML file; the default is embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// A short name for file names and logs.
    pub id: String,
    /// The university's name.
    pub university: Localized,
    /// The name of the account that is followed in WeChat, as the phone shows it.
    pub account: Localized,
    /// The role to tap after the scan (guide 一.2: 在校师生).
    pub role: Localized,
    /// The assistant's name in the company's account (guide: 微校园助手).
    pub assistant: Localized,
    pub hotline: Hotline,
    pub register_qr: Option<QrText>,
    pub follow_qr: Option<QrText>,
    /// Leads to the unbinding (guide 二.2, 四.3).
    pub unbind_qr: Option<QrText>,
    /// Leads to the WeCom app's page in a store.
    pub app_qr: Option<QrText>,
    /// The codes that this campus has, filled in or not: what is not among them is not missed.
    pub uses: BTreeSet<PackQr>,
    pub notice: Notice,
    /// What each phone page shows and says; its choices run in step with [`crate::visit::CoachPage::leads`].
    pub pages: BTreeMap<PageId, PhonePage>,
    /// Why a route is taken, in a line, by the route's id.
    pub reasons: BTreeMap<String, Localized>,
    /// How many days a visit is kept; `None` where the pack does not say. Told in the notice.
    pub retention_days: Option<u32>,
    /// What could not be used, such as a code that has expired. The rest works without it.
    pub troubles: Vec<Fault>,
    /// The frequent questions, in the order in which the help lists them.
    pub faq: Vec<Topic>,
    pub rules: Rules,
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

impl Pack {
    /// Whether only its front was read: names, hotline, codes, notice and numbers. A pack that was read whole has routes.
    pub fn is_begun(&self) -> bool {
        self.rules.routes.is_empty()
    }

    /// Takes what stands behind the front from the pack that it is laid over.
    pub fn complete(&mut self, base: Pack) {
        self.uses.extend(base.uses);
        self.pages = base.pages;
        self.reasons = base.reasons;
        self.faq = base.faq;
        self.rules.pages = base.rules.pages;
        self.rules.page_lists = base.rules.page_lists;
        self.rules.routes = base.rules.routes;
    }

    /// A code's text, where the pack has it.
    pub fn qr(&self, which: PackQr) -> Option<&QrText> {
        match which {
            PackQr::Register => self.register_qr.as_ref(),
            PackQr::Follow => self.follow_qr.as_ref(),
            PackQr::Unbind => self.unbind_qr.as_ref(),
            PackQr::App => self.app_qr.as_ref(),
        }
    }

    fn qr_place(&mut self, which: PackQr) -> &mut Option<QrText> {
        match which {
            PackQr::Register => &mut self.register_qr,
            PackQr::Follow => &mut self.follow_qr,
            PackQr::Unbind => &mut self.unbind_qr,
            PackQr::App => &mut self.app_qr,
        }
    }

    /// Whether the code was given and could not be used; [`Pack::troubles`] says why.
    fn is_in_trouble(&self, which: PackQr) -> bool {
        let key = which.key();
        self.troubles.iter().any(|fault| fault.key.starts_with(key))
    }

    /// What is left open, QR codes first. What is in [`Pack::troubles`] was given, and is not named again.
    pub fn missing(&self) -> Vec<Missing> {
        let open = |which: &&PackQr| self.qr(**which).is_none() && !self.is_in_trouble(**which);
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
