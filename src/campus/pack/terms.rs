//! The words of a pack: how steps, ways, questions and answers are written there, and texts in both languages.

use super::Localized;
use crate::table::{Fault, Table};
use crate::visit::{Answer, Question, StepKind, Way};

pub(super) const STEPS: [(&str, StepKind); 5] = [
    ("notice", StepKind::Notice),
    ("identity", StepKind::Identity),
    ("number", StepKind::Number),
    ("follow", StepKind::Follow),
    ("verify", StepKind::Verify),
];
pub(super) const WAYS: [(&str, Way); 2] = [("desk", Way::Desk), ("phone", Way::Phone)];
pub(super) const QUESTIONS: [(&str, Question); 1] = [("wechat-number", Question::WechatNumber)];
pub(super) const ANSWERS: [(&str, Answer); 3] = [
    ("yes", Answer::Yes),
    ("no", Answer::No),
    ("unsure", Answer::Unsure),
];
/// A text in both languages: `{ zh-CN = "...", en = "..." }`.
pub(super) fn localized(table: &Table<'_>, key: &str) -> Result<Localized, Fault> {
    let inner = table.need_table(key)?;
    let text = Localized {
        zh: inner.need_text("zh-CN")?.value,
        en: inner.need_text("en")?.value,
    };
    inner.finish()?;
    Ok(text)
}
