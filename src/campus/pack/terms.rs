//! The words of a pack: how steps, ways, questions and answers are written there, and texts in both languages.

use super::Localized;
use crate::table::{Fault, Table};
use crate::text::Lang;
use crate::visit::{Answer, Question, StepKind, Way};

pub(super) const STEPS: [(&str, StepKind); 15] = [
    ("notice", StepKind::Notice),
    ("identity", StepKind::Identity),
    ("number", StepKind::Number),
    ("cache", StepKind::Cache),
    ("cache-check", StepKind::CacheCheck),
    ("sign-out", StepKind::SignOut),
    ("unbind", StepKind::Unbind),
    ("hold", StepKind::Hold),
    ("get-app", StepKind::GetApp),
    ("app-sign-in", StepKind::AppSignIn),
    ("follow", StepKind::Follow),
    ("verify", StepKind::Verify),
    ("activate", StepKind::Activate),
    ("portal", StepKind::Portal),
    ("wait", StepKind::Wait),
];
pub(super) const WAYS: [(&str, Way); 2] = [("desk", Way::Desk), ("phone", Way::Phone)];

/// The questions by their names.
pub(super) fn questions() -> Vec<(&'static str, Question)> {
    let questions = Question::ALL.iter();
    questions
        .map(|question| (question.name(), *question))
        .collect()
}

/// The answers by their names.
pub(super) fn answers() -> Vec<(&'static str, Answer)> {
    let answers = Answer::ALL.iter();
    answers.map(|answer| (answer.name(), *answer)).collect()
}

/// A text in both languages: `{ zh-CN = "...", en = "..." }`.
pub(super) fn localized(table: &Table<'_>, key: &str) -> Result<Localized, Fault> {
    localized_of(&table.need_table(key)?)
}

/// The table itself is the text.
pub(super) fn localized_of(inner: &Table<'_>) -> Result<Localized, Fault> {
    let text = Localized {
        zh: inner.need_text(Lang::Zh.tag())?.value,
        en: inner.need_text(Lang::En.tag())?.value,
    };
    inner.finish()?;
    Ok(text)
}
