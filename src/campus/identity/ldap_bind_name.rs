//! The configured name that a student binds as, with a place for the student number.

use crate::cli_lang::pick;
use std::fmt::Write;

/// The place of the student's number in the name.
const NUMBER: &str = "{number}";

/// A name to bind as with a place for the student number: a distinguished name, or as Active Directory takes them, a user
/// principal name (`{number}@campus.example`) or a domain's (`CAMPUS\{number}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindName(String);

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindNameError {
    /// No place for the number: everybody would sign in as the same account.
    #[error(
        "{}",
        pick(
            "a name without {number}: everybody would sign in as one account",
            "名称里没有 {number}：人人都会以同一个帐号登录"
        )
    )]
    NoNumber,
    /// A line break or another control character.
    #[error(
        "{}",
        pick("a name with a control character in it", "名称里有控制字符")
    )]
    Control,
}

impl BindName {
    /// Reads a name with a place for the number.
    ///
    /// # Errors
    /// Where it has no such place, or holds what no name holds.
    pub fn parse(text: &str) -> Result<Self, BindNameError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(BindNameError::Control);
        }
        if text.contains(NUMBER) {
            Ok(BindName(text.to_owned()))
        } else {
            Err(BindNameError::NoNumber)
        }
    }

    /// The name for this student number. In a distinguished name whatever could have a meaning there is written by its
    /// bytes (RFC 4514 2.4).
    pub(super) fn with(&self, number: &str) -> String {
        if self.0.contains('=') {
            self.0.replace(NUMBER, &escaped(number))
        } else {
            self.0.replace(NUMBER, number)
        }
    }
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(text, "\\{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_cannot_change_the_name() {
        let name = |template: &str, number: &str| BindName::parse(template).unwrap().with(number);
        assert_eq!(
            name("{number}@campus.example", "20260001"),
            "20260001@campus.example"
        );
        assert_eq!(name("CAMPUS\\{number}", "20260001"), "CAMPUS\\20260001");
        // Only in a distinguished name a hyphen is escaped.
        assert_eq!(name("{number}@a.example", "b-1"), "b-1@a.example");
        let students = "uid={number},ou=students,dc=example";
        assert_eq!(
            name(students, "20260001"),
            "uid=20260001,ou=students,dc=example"
        );
        assert_eq!(
            name(students, "1,ou=staff"),
            "uid=1\\2cou\\3dstaff,ou=students,dc=example"
        );
        for (bad, why) in [
            ("", BindNameError::NoNumber),
            ("number@campus.example", BindNameError::NoNumber),
            ("{number}@a\nb", BindNameError::Control),
        ] {
            assert_eq!(BindName::parse(bad), Err(why), "{bad:?}");
        }
    }
}
