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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What stands in a text after `from` and before `to`.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
        let (_, rest) = text.split_once(from).unwrap();
        rest.split_once(to).unwrap().0
    }

    fn names<T>(terms: Vec<(&'static str, T)>) -> BTreeSet<&'static str> {
        terms.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_reference_lists_every_term() {
        let reference = crate::help::find("pack").unwrap().markdown;
        let listed = |from, to| -> BTreeSet<&str> {
            let ticked = between(reference, from, to).split('`').skip(1);
            ticked.step_by(2).collect()
        };
        assert_eq!(listed("\nSteps by the desk", "\n\n"), names(steps()));
        let mut asked = names(questions());
        asked.extend(names(answers()));
        assert_eq!(listed("\nQuestions and their answers", "\n\n"), asked);
    }

    #[test]
    fn the_commented_pack_lists_every_question_and_step() {
        let template = crate::campus::pack::template(Lang::En).replace("\n# ", " ");
        let listed = |from, to| -> BTreeSet<&str> {
            let stretch = between(&template, from, to);
            let words = stretch.split(|c: char| !c.is_ascii_lowercase() && c != '-');
            words.filter(|word| !word.is_empty()).collect()
        };
        assert_eq!(listed(" Questions: ", ". "), names(questions()));
        let told = listed(" Steps: ", ". Where");
        let missing: Vec<_> = names(steps()).difference(&told).copied().collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
