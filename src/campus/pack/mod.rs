//! The campus pack: everything that belongs to one university, as data. No rule of a single campus is code.
//!
//! A pack is two types. [`PackFront`] is what the first frame shows and what a start names as open; [`Pack`] is the whole.
//! Reading the embedded pack whole takes 1.1 to 2 ms and its front 0.14 ms (release build, two busy cores),
//! of a first frame of about 3 ms: [`begin`] therefore reads the front, and [`BegunPack::finish`] the rest.

mod card_code;
mod codes;
mod faq;
mod front;
mod gather;
#[cfg(test)]
mod guide_tests;
mod images;
mod pages;
mod read;
mod routes;
mod search;
mod situations;
mod terms;

pub use card_code::{CardCode, Scanned};
pub use codes::check_length;
pub use faq::FaqTopic;
pub use front::{PackFront, PackImage, RuleNumbers, hotline_alone};
pub use read::{BegunPack, Checked, begin, check, embedded, for_practice, load, template};
pub use search::{Index, LONGEST_QUERY, SpokenName};

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::cli_lang::both;
use crate::text::Lang;
use crate::visit::{PageId, Rules};

/// A whole pack: one campus's names, QR codes, words, pages and rules. It is read from one TOML file, laid over the
/// embedded default if it says so. Nothing is missing from it but what [`PackFront::missing`] names.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// What the first frame shows. A pack has all the fields of its front.
    pub front: PackFront,
    /// What each phone page shows and says; its choices run in step with [`crate::visit::PageChoices::leads`].
    pub pages: BTreeMap<PageId, PhonePage>,
    /// The reason for a route in one line, by the route's id.
    pub reasons: BTreeMap<String, Localized>,
    /// The frequent questions, in the order in which the help lists them.
    pub faq: Vec<FaqTopic>,
    /// The routes, pages and numbers that a visit follows.
    pub rules: Rules,
}

impl Deref for Pack {
    type Target = PackFront;

    fn deref(&self) -> &PackFront {
        &self.front
    }
}

/// A text in every language of the kiosk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Localized {
    /// The text in this language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// How a text is written in a pack, for a remedy: `{ zh-CN = "...", en = "..." }`.
    pub fn example() -> String {
        let texts: Vec<String> = Lang::TAGS
            .iter()
            .map(|tag| format!("{tag} = \"...\""))
            .collect();
        format!("{{ {} }}", texts.join(", "))
    }

    /// The text in every language.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        Lang::ALL.iter().map(|lang| self.get(*lang))
    }
}

/// The campus's hotline, for a forgotten password and everything else that the desk cannot do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hotline {
    /// `None` where the guide does not give it.
    pub area_code: Option<String>,
    /// The number to dial.
    pub number: String,
    /// The digit to press for each campus.
    pub campuses: Vec<CampusDigit>,
}

/// The digit to press for a campus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampusDigit {
    /// 0 to 9.
    pub digit: char,
    /// The campus's name; `None` where the guide does not give it.
    pub name: Option<Localized>,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrText {
    /// The text that the code contains.
    pub text: String,
    /// The last day on which the code is valid.
    pub expires: Option<jiff::civil::Date>,
    /// A short address to type by hand where the code cannot be drawn whole.
    pub short: Option<String>,
}

/// The notice before any personal data is taken (PIPL art. 17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Who processes the data.
    pub who: Localized,
    /// For which purpose.
    pub why: Localized,
    /// Which data.
    pub what: Localized,
    /// How long the data is kept.
    pub how_long: Localized,
    /// The contact for questions about the data.
    pub whom_to_ask: Localized,
}

/// A page of the student's phone: how to recognise it, what to do on it, and what the student may see next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePage {
    /// The phone's title bar.
    pub title: Localized,
    /// What the student should do, one short sentence.
    pub say: Localized,
    /// Replaces `say` where the page's code is drawn beside it.
    pub say_with_qr: Option<Localized>,
    /// What the student must not do here, shown prominently.
    pub warn: Option<Localized>,
    /// The version of WeChat that the page was drawn from.
    pub version: Option<String>,
    /// The code that the student scans on this page. If the pack has it, the desk shows it in place of the phone.
    pub qr: Option<PackQr>,
    /// What the phone shows, from the top.
    pub shows: Vec<PhoneItem>,
    /// The two pages of which the student's phone shows one, drawn side by side where there is room. The nth page belongs to
    /// the nth choice.
    pub either: Option<[PhoneFace; 2]>,
    /// The choices under "What do you see now?", one for each of the page's leads.
    pub choices: Vec<Localized>,
}

/// What one phone shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneFace {
    /// The phone's title bar.
    pub title: Localized,
    /// What the phone shows, from the top.
    pub shows: Vec<PhoneItem>,
}

/// One of the pack's codes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum PackQr {
    /// Leads to the registration.
    Register,
    /// Leads to the account that is followed.
    Follow,
    /// Leads to the unbinding.
    Unbind,
    /// Leads to the WeCom app in a store.
    App,
}

impl PackQr {
    /// Every code.
    pub const ALL: &'static [PackQr] = <PackQr as strum::VariantArray>::VARIANTS;

    /// Its name in packs.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Its section in a pack.
    pub fn key(self) -> String {
        format!("qr.{}", self.name())
    }
}

/// Something on a phone's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneItem {
    /// Plain words.
    Text {
        /// The words.
        text: Localized,
    },
    /// An entry of a list.
    Row {
        /// The entry's words.
        text: Localized,
        /// Whether the student taps it.
        tap: bool,
    },
    /// An input field.
    Field {
        /// The field's label.
        text: Localized,
        /// Whether it shows the visit's number, if the desk knows it.
        mobile: bool,
        /// Whether the student taps it.
        tap: bool,
    },
    /// A button.
    Button {
        /// The button's words.
        text: Localized,
        /// Whether the student taps it.
        tap: bool,
    },
    /// A QR code or a picture, drawn as a small square.
    Picture {
        /// What to do to it (长按).
        text: Localized,
        /// Whether the student taps it.
        tap: bool,
    },
}

/// Something that a pack leaves open. A command names it before the desk starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A QR code that the campus has.
    Qr(PackQr),
    /// The hotline's area code.
    AreaCode,
    /// The name of the campus with this digit.
    CampusName(char),
}

impl Missing {
    /// The key in the pack that fills it in.
    pub fn key(self) -> String {
        match self {
            Missing::Qr(which) => which.key(),
            Missing::AreaCode => "hotline.area_code".into(),
            Missing::CampusName(digit) => format!("hotline.campuses: name of digit {digit}"),
        }
    }

    /// What to write there.
    pub fn remedy(self) -> String {
        match self {
            Missing::Qr(which) => {
                both!(
                    "add [{}] with `text = \"...\"` or `image = \"...\"`",
                    "请加上 [{}]，写 `text = \"...\"` 或 `image = \"...\"`",
                    which.key()
                )
            }
            Missing::AreaCode => both!(
                "add `area_code = \"...\"` to [hotline]",
                "请在 [hotline] 里加上 `area_code = \"...\"`"
            ),
            Missing::CampusName(digit) => {
                let name = Localized::example();
                both!(
                    "add `name = {name}` to the campus with digit {digit}",
                    "请给数字 {digit} 的校区加上 `name = {name}`"
                )
            }
        }
    }
}
