//! What names a person: student number, name, mobile number. Debug shows them masked; only the student's own screen
//! and a volunteer's explicit view show them whole.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::StudentNumberRule;
use super::characters::{is_format, visible};

/// A student, as the campus names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// The student number.
    pub number: StudentNumber,
    /// As the campus wrote it, cleaned of control and format characters; empty where the campus gave none.
    pub name: Name,
}

/// A student number as the campus knows it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StudentNumber(String);

/// A person's name, safe to draw: no control or format characters, at most 64 characters.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Name(String);

/// A mainland mobile number: eleven ASCII digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

/// Which of the pack's rules a typed student number breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudentNumberError {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// It has a character that does not belong there.
    #[error("a character that no student number here has")]
    Character,
    /// It is too short.
    #[error("too short")]
    TooShort,
    /// It is too long.
    #[error("too long")]
    TooLong,
}

/// Why a typed number cannot be taken: the screen says it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MobileError {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// It has a character that does not belong there.
    #[error("a letter or sign in the number")]
    Character,
    /// It is too short.
    #[error("fewer than eleven digits")]
    TooShort,
    /// It is too long.
    #[error("more than eleven digits")]
    TooLong,
    /// It is no mobile number of the mainland.
    #[error("not a mobile number's beginning")]
    NotMobile,
    /// It is a number of another country.
    #[error("a number of another country")]
    Foreign,
}

impl StudentNumber {
    /// Reads what was typed: full-width characters are narrowed, spaces, hyphens and invisible characters dropped.
    ///
    /// # Errors
    /// Says which of the pack's rules the number breaks.
    pub fn parse(text: &str, rule: &StudentNumberRule) -> Result<Self, StudentNumberError> {
        let number: String = visible(text).take(rule.max.saturating_add(1)).collect();
        if number.is_empty() {
            return Err(StudentNumberError::Empty);
        }
        let fits = |c: char| c.is_ascii_digit() || (rule.letters && c.is_ascii_alphabetic());
        if !number.chars().all(fits) {
            return Err(StudentNumberError::Character);
        }
        match number.len() {
            n if n < rule.min => Err(StudentNumberError::TooShort),
            n if n > rule.max => Err(StudentNumberError::TooLong),
            _ => Ok(StudentNumber(number)),
        }
    }

    /// A number of this program's own, as for practice: whatever is no part of one is dropped, the length capped at 64.
    /// What a campus answers is read by [`StudentNumber::exactly`].
    pub fn from_campus(text: &str) -> Self {
        StudentNumber(text.chars().filter(is_of_a_number).take(64).collect())
    }

    /// A number that the campus itself gave, where it is one as it stands: nothing is dropped to make it fit, so that no
    /// other number comes of it. `@` begins no number: WeCom takes `@all` for everybody.
    pub fn exactly(text: &str) -> Option<Self> {
        let has_length = (1..=64).contains(&text.len());
        let is_one =
            has_length && !text.starts_with('@') && text.chars().all(|c| is_of_a_number(&c));
        is_one.then(|| StudentNumber(text.to_owned()))
    }

    /// The text as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the same number; sign-ins do not tell small letters from capitals.
    pub fn is_same_as(&self, other: &StudentNumber) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// `20****12`: two at each end; short ones keep less.
    pub fn masked(&self) -> String {
        mask(&self.0, 2, 2)
    }
}

fn is_of_a_number(c: &char) -> bool {
    c.is_ascii_alphanumeric() || "_@.-".contains(*c)
}

impl Name {
    /// A name from outside, cleaned of control and format characters and capped at 64 characters.
    pub fn new(text: &str) -> Self {
        let clean = text
            .trim()
            .chars()
            .filter(|c| !c.is_control() && !is_format(*c))
            .take(64)
            .collect();
        Name(clean)
    }

    /// The text as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 张*, 欧**: the first character and a star for each other one, five at the most.
    pub fn masked(&self) -> String {
        let mut chars = self.0.chars();
        let first: String = chars.next().into_iter().collect();
        first + &"*".repeat(chars.count().min(5))
    }
}

impl Mobile {
    /// Reads what was typed or pasted: `+86`, `0086`, spaces, hyphens, brackets and full-width digits are understood.
    /// The gate is `1[3-9]` and nine more digits, then the numbering plan of `phonenumber`.
    ///
    /// # Errors
    /// Says why the number is refused, so that the screen can say it at once.
    pub fn parse(text: &str) -> Result<Self, MobileError> {
        let mut digits = String::with_capacity(20);
        let mut plus = false;
        for c in visible(text) {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() && !plus => plus = true,
                '(' | ')' | '.' => {}
                _ => return Err(MobileError::Character),
            }
            if digits.len() > 20 {
                return Err(MobileError::TooLong);
            }
        }
        if !plus && let Some(rest) = digits.strip_prefix("00") {
            plus = true;
            digits = rest.to_owned();
        }
        if plus {
            digits = digits
                .strip_prefix("86")
                .ok_or(MobileError::Foreign)?
                .to_owned();
        } else if digits.len() == 13 && digits.starts_with("861") {
            digits.drain(..2);
        }
        check_mainland(&digits)?;
        Ok(Mobile(digits))
    }

    /// Eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138 0013 8000`.
    pub fn grouped(&self) -> String {
        group_digits(&self.0)
    }

    /// `138****8000`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

/// Groups up to eleven digits as people read a mobile number, also while it is being typed: 3, 4, 4.
pub fn group_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len().saturating_add(2));
    for (place, digit) in digits.chars().enumerate() {
        if place == 3 || place == 7 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

fn check_mainland(digits: &str) -> Result<(), MobileError> {
    let second = digits.as_bytes().get(1).copied();
    match digits.len() {
        0 => Err(MobileError::Empty),
        _ if !digits.starts_with('1') || second.is_some_and(|d| d < b'3') => {
            Err(MobileError::NotMobile)
        }
        n if n < 11 => Err(MobileError::TooShort),
        n if n > 11 => Err(MobileError::TooLong),
        _ if is_planned_mobile(digits) => Ok(()),
        _ => Err(MobileError::NotMobile),
    }
}

/// `1[3-9]` is the gate; the numbering plan then drops ranges that no operator has.
fn is_planned_mobile(digits: &str) -> bool {
    use phonenumber::{Type, country::Id};
    phonenumber::parse(Some(Id::CN), digits).is_ok_and(|number| {
        number.code().value() == 86
            && matches!(
                number.number_type(&phonenumber::metadata::DATABASE),
                Type::Mobile | Type::FixedLineOrMobile
            )
    })
}

fn mask(text: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= head + tail {
        return "*".repeat(chars.len().max(1));
    }
    let stars = chars.len() - head - tail;
    chars[..head]
        .iter()
        .chain(std::iter::repeat_n(&'*', stars))
        .chain(&chars[chars.len() - tail..])
        .collect()
}

impl fmt::Debug for StudentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StudentNumber({})", self.masked())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.masked())
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile({})", self.masked())
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name::new(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0
    }
}

impl From<Mobile> for String {
    fn from(mobile: Mobile) -> String {
        mobile.0
    }
}

impl TryFrom<String> for Mobile {
    type Error = MobileError;

    /// Journalled numbers were checked when they were given: here only the form is asked for, so that a later
    /// numbering plan never makes an old record unreadable.
    fn try_from(text: String) -> Result<Self, MobileError> {
        if text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Mobile(text))
        } else {
            Err(MobileError::Character)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_is_understood_however_it_is_written() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "0086-13800138000",
            "8613800138000",
            "１３８００１３８０００",
            "＋８６　１３８　００１３　８０００",
            "(+86) 138.0013.8000",
            "\u{202d}138\u{200b}00138000\u{202c}",
            " 13800138000\r\n",
        ] {
            assert_eq!(
                Mobile::parse(text).map(|m| m.grouped()),
                Ok("138 0013 8000".into()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_wrong_mobile_number_is_refused_with_its_reason() {
        for (text, why) in [
            ("", MobileError::Empty),
            ("1380013800", MobileError::TooShort),
            ("138001380001", MobileError::TooLong),
            ("10000000000", MobileError::NotMobile),
            ("12345678901", MobileError::NotMobile),
            ("01088886666", MobileError::NotMobile),
            ("1380013800a", MobileError::Character),
            ("138＃0013800", MobileError::Character),
            ("+1 415 555 0100", MobileError::Foreign),
            ("+852 5123 4567", MobileError::Foreign),
            ("0044 7911 123456", MobileError::Foreign),
            ("9".repeat(1_000_000).as_str(), MobileError::TooLong),
        ] {
            assert_eq!(
                Mobile::parse(text),
                Err(why),
                "{:?}",
                text.get(..20).unwrap_or(text)
            );
        }
    }

    #[test]
    fn a_student_number_is_cleaned_or_refused() {
        let rule = StudentNumberRule {
            min: 8,
            max: 12,
            letters: false,
        };
        let parse = |text: &str| StudentNumber::parse(text, &rule).map(|n| n.as_str().to_owned());
        assert_eq!(parse(" 2026 0010 0101 "), Ok("202600100101".into()));
        assert_eq!(parse("２０２６００１０"), Ok("20260010".into()));
        assert_eq!(parse("\u{202e}20260010"), Ok("20260010".into()));
        assert_eq!(parse(""), Err(StudentNumberError::Empty));
        assert_eq!(parse("2026"), Err(StudentNumberError::TooShort));
        assert_eq!(parse("2026001001012"), Err(StudentNumberError::TooLong));
        assert_eq!(parse("20260010;--"), Err(StudentNumberError::Character));
    }

    #[test]
    fn a_number_of_the_campus_is_taken_whole_or_not_at_all() {
        for text in [
            "20260001",
            "T-1001",
            "zhangsan@campus.example",
            &"1".repeat(64),
        ] {
            let number = StudentNumber::exactly(text);
            assert_eq!(number.as_ref().map(StudentNumber::as_str), Some(text));
        }
        for text in [
            "",
            "2026 0001",
            " 20260001",
            "２０２６０００１",
            "20260001\u{200b}",
            "@all",
            &"1".repeat(65),
        ] {
            assert_eq!(StudentNumber::exactly(text), None, "{text:?}");
        }
    }

    #[test]
    fn masks_show_little() {
        let rule = StudentNumberRule {
            min: 1,
            max: 12,
            letters: true,
        };
        assert_eq!(
            StudentNumber::parse("20260012", &rule).unwrap().masked(),
            "20****12"
        );
        assert_eq!(
            StudentNumber::parse("2026", &rule).unwrap().masked(),
            "****"
        );
        assert_eq!(
            Mobile::parse("13800138000").unwrap().masked(),
            "138****8000"
        );
        assert_eq!(Name::new("张三丰").masked(), "张**");
        assert_eq!(
            format!("{:?}", Mobile::parse("13800138000").unwrap()),
            "Mobile(138****8000)"
        );
    }

    #[test]
    fn a_name_from_outside_is_safe_to_draw() {
        assert_eq!(Name::new("张\u{1b}[2J三\u{202e}\u{7}").as_str(), "张[2J三");
        assert_eq!(Name::new(&"长".repeat(1000)).as_str().chars().count(), 64);
    }
}
