//! What a volunteer is called in the audit: a name or a number, safe to draw and to print.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::characters::{is_format, narrow};

/// The most cells of a name: ten Chinese characters.
const WIDEST: usize = 20;

/// A volunteer's name or number: one line of 1 to 20 cells without control or format characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct VolunteerName(String);

/// Why a text is no volunteer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VolunteerNameError {
    /// Nothing is left of it.
    #[error("it is empty")]
    Empty,
    /// It has a character that is drawn over others, or not at all.
    #[error("it has a character that cannot be shown")]
    Character,
    /// It is too wide.
    #[error("it is wider than 20 cells (ten Chinese characters)")]
    TooWide,
}

impl VolunteerName {
    /// Reads what was typed: full-width ASCII is narrowed, blanks at the ends are dropped and others made one.
    ///
    /// # Errors
    /// Says why it cannot stand in a list or on the screen.
    pub fn parse(text: &str) -> Result<Self, VolunteerNameError> {
        let words: Vec<String> = text
            .split_whitespace()
            .map(|word| word.chars().map(narrow).collect())
            .collect();
        let name = words.join(" ");
        if name.is_empty() {
            return Err(VolunteerNameError::Empty);
        }
        if !name.chars().all(is_shown) {
            return Err(VolunteerNameError::Character);
        }
        if name.width() > WIDEST {
            return Err(VolunteerNameError::TooWide);
        }
        Ok(VolunteerName(name))
    }

    /// The text as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same volunteer: case does not matter.
    pub fn is_same(&self, other: &VolunteerName) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }
}

/// A character with cells of its own: no control, format or combining one.
fn is_shown(c: char) -> bool {
    !is_format(c) && c.width().is_some_and(|cells| cells > 0)
}

/// A journal is read whatever stands in it: what cannot be shown is dropped.
impl From<String> for VolunteerName {
    fn from(text: String) -> Self {
        let mut cells = 0_usize;
        let shown = text.chars().filter(|c| is_shown(*c)).take_while(|c| {
            cells = cells.saturating_add(c.width().unwrap_or(0));
            cells <= WIDEST
        });
        VolunteerName(shown.collect())
    }
}

impl From<VolunteerName> for String {
    fn from(name: VolunteerName) -> Self {
        name.0
    }
}

impl fmt::Display for VolunteerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// It names a person: only the audit and the panel show it.
impl fmt::Debug for VolunteerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VolunteerName(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_can_be_drawn() {
        let read = |text: &str| VolunteerName::parse(text).map(String::from);
        for (typed, name) in [
            ("王老师", "王老师"),
            ("  Li   Wei ", "Li Wei"),
            ("０１７", "017"),
            ("志愿者一二三四五六七", "志愿者一二三四五六七"),
        ] {
            assert_eq!(read(typed).as_deref(), Ok(name));
        }
        use VolunteerNameError::{Character, Empty, TooWide};
        for (typed, why) in [
            ("", Empty),
            (" \u{3000}\t ", Empty),
            ("a\u{1b}[31mb", Character),
            ("a\u{7}", Character),
            ("王\u{202e}老师", Character),
            ("a\u{301}", Character),
            ("\u{200b}", Character),
            ("一二三四五六七八九十一", TooWide),
            ("123456789012345678901", TooWide),
        ] {
            assert_eq!(read(typed), Err(why), "{typed:?}");
        }
        assert_eq!(read(&"x\u{301}".repeat(10_000)), Err(Character));
    }

    #[test]
    fn what_a_journal_holds_is_made_safe_and_no_error() {
        let read = |text: &str| {
            let json = serde_json::to_string(text).unwrap();
            let name: VolunteerName = serde_json::from_str(&json).unwrap();
            name.as_str().to_owned()
        };
        assert_eq!(read("王老师"), "王老师");
        assert_eq!(read("a\u{1b}]0;x\u{7}\u{202e}b"), "a]0;xb");
        assert_eq!(read(&"宽".repeat(300)), "宽".repeat(10));
        assert_eq!(read(""), "");
    }

    #[test]
    fn case_does_not_make_another_volunteer() {
        let name = |text| VolunteerName::parse(text).unwrap();
        assert!(name("Li Wei").is_same(&name("li  wei")));
        assert!(!name("Li Wei").is_same(&name("Li We")));
        assert_eq!(format!("{:?}", name("Li")), "VolunteerName(***)");
    }
}
