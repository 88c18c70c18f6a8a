//! The old student number, whose binding the desk deletes: who signed in with it, and how far that is.

use serde::{Deserialize, Serialize};

use super::characters::visible;
use super::{Secret, Student};

/// Characters at the end of the old number that are typed to confirm.
const CONFIRMED_BY: usize = 4;

/// Who signed in as the old number. It is another account than the one that is registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Old {
    /// The student, under the old number.
    pub student: Student,
    /// How far the deletion is.
    pub unbinding: Unbinding,
}

/// How far the deletion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unbinding {
    /// The student has not confirmed it, or is asked again.
    Unasked,
    /// It was asked for, and its fate is not known: the member is looked for before anything else.
    Unknown,
    /// The old number is deleted.
    Done,
}

impl Old {
    /// The old number, and nothing asked for yet.
    pub fn new(student: Student) -> Self {
        Old {
            student,
            unbinding: Unbinding::Unasked,
        }
    }

    /// How many characters are to be typed.
    pub fn confirmed_by(&self) -> usize {
        self.ending().chars().count()
    }

    /// Whether what was typed are the old number's last characters; spaces and the width and case of letters do not
    /// matter.
    pub fn is_confirmed_by(&self, typed: &Secret) -> bool {
        let typed: String = visible(typed.expose()).collect();
        let ending: String = visible(self.ending()).collect();
        !typed.is_empty() && typed.eq_ignore_ascii_case(&ending)
    }

    fn ending(&self) -> &str {
        let number = self.student.number.as_str();
        let first = number
            .char_indices()
            .rev()
            .nth(CONFIRMED_BY.saturating_sub(1));
        first.and_then(|(at, _)| number.get(at..)).unwrap_or(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{Name, StudentNumber};

    #[test]
    fn only_the_last_four_characters_confirm() {
        for (number, typed, confirms) in [
            ("20230017", "0017", true),
            ("20230017", "００１７", true),
            ("20230017", " 00 17 ", true),
            ("20230017", "0018", false),
            ("20230017", "017", false),
            ("20230017", "20230017", false),
            ("20230017", "", false),
            ("20230017", "  ", false),
            ("s23a", "S23A", true),
            ("17", "17", true),
            ("17", "7", false),
        ] {
            let old = Old::new(Student {
                number: StudentNumber::from_campus(number),
                name: Name::new(""),
            });
            let typed = Secret::new(typed.into());
            assert_eq!(old.is_confirmed_by(&typed), confirms, "{number} {typed:?}");
        }
    }
}
