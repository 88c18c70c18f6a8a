//! The keys that work on many pages, as the footers name them: for paper. A test holds each to what the pages show.

use super::panel::panel_keys;
use crate::screen::{UiKey, second_key};
use crate::text::Text;

/// A key, its second key, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedKey {
    /// As the footer names it; not translated.
    pub key: String,
    /// What does the same.
    pub second: Option<&'static str>,
    /// What it does, in the words of the pages.
    pub does: String,
}

/// The keys of the pages: the name, the key, the words of the footers and buttons.
const PAGES: [(&str, UiKey, &[&str]); 15] = [
    ("Enter", UiKey::Enter, &["do-next"]),
    ("Esc", UiKey::Esc, &["do-back"]),
    ("Tab", UiKey::Tab, &["do-field"]),
    ("S", UiKey::Char('s'), &["welcome-scanned"]),
    ("P", UiKey::Char('p'), &["welcome-pickup"]),
    ("F1", UiKey::Help, &["do-help"]),
    ("F3", UiKey::Theme, &["do-theme"]),
    ("F4", UiKey::Forgotten, &["forgotten-title"]),
    ("F5", UiKey::OtherWay, &["way-to-phone", "way-to-desk"]),
    ("F6", UiKey::StepAside, &["do-step-aside"]),
    ("F7", UiKey::Ticket, &["waiting-ticket"]),
    ("F8", UiKey::Call, &["call-volunteer"]),
    ("F9", UiKey::Phone, &["do-practice-phone"]),
    ("F10", UiKey::Volunteer, &["do-volunteer"]),
    ("Ctrl-R", UiKey::Reveal, &["do-reveal"]),
];

/// The keys of the pages. F2 names the language that it leads to.
pub fn page_keys(text: &Text) -> Vec<NamedKey> {
    let mut keys: Vec<NamedKey> = PAGES
        .iter()
        .map(|(name, key, words)| NamedKey {
            key: (*name).to_owned(),
            second: second_key(*key),
            does: said(text, words),
        })
        .collect();
    let language = NamedKey {
        key: "F2".to_owned(),
        second: second_key(UiKey::Language),
        does: text.lang().next().name().to_owned(),
    };
    let at = keys.iter().position(|key| key.key == "F3");
    keys.insert(at.unwrap_or(keys.len()), language);
    keys
}

/// The letters of the volunteer's panel.
pub fn volunteer_keys(text: &Text) -> Vec<NamedKey> {
    let counted = [
        ("n", "…".into()),
        ("needed", "…".into()),
        ("moment", "…".into()),
    ];
    panel_keys()
        .map(|(letter, words)| NamedKey {
            key: letter.to_string(),
            second: None,
            does: text.with(words, &counted),
        })
        .collect()
}

fn said(text: &Text, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|key| text.get(key)).collect();
    words.join(" / ")
}
