//! The vocabulary of a pack: the names of steps, ways, questions, answers and codes, and texts in both languages.

use super::{Localized, PackQr};
use crate::table::{Fault, Table};
use crate::text::Lang;
use crate::visit::{Answer, Question, StepKind, Way};

/// Values by their names in packs, as [`Table::pick`] takes them.
fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<(&'static str, T)> {
    all.iter().map(|value| (name(*value), *value)).collect()
}

/// The steps by their names.
pub(super) fn steps() -> Vec<(&'static str, StepKind)> {
    named(StepKind::ALL, StepKind::name)
}

/// The ways by their names.
pub(super) fn ways() -> Vec<(&'static str, Way)> {
    named(Way::ALL, Way::name)
}

/// The questions by their names.
pub(super) fn questions() -> Vec<(&'static str, Question)> {
    named(Question::ALL, Question::name)
}

/// The answers by their names.
pub(super) fn answers() -> Vec<(&'static str, Answer)> {
    named(Answer::ALL, Answer::name)
}

/// The QR codes by their names.
pub(super) fn qr_codes() -> Vec<(&'static str, PackQr)> {
    named(PackQr::ALL, PackQr::name)
}

/// A text in both languages: `{ zh-CN = "...", en = "..." }`.
pub(super) fn localized(table: &Table<'_>, key: &str) -> Result<Localized, Fault> {
    localized_of(&table.need_table(key)?)
}

/// The text that this table itself is.
pub(super) fn localized_of(inner: &Table<'_>) -> Result<Localized, Fault> {
    let text = Localized {
        zh: inner.need_text(Lang::Zh.tag())?.value,
        en: inner.need_text(Lang::En.tag())?.value,
    };
    inner.finish()?;
    Ok(text)
}
