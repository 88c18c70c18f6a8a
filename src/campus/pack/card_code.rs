//! What a barcode scanner reads on a student card or an admission notice, and which part of it is the student number.

use super::PackFront;
use crate::cli_lang::{both, pick};
use crate::table::{Fault, Table};
use crate::visit::{Pickup, StudentNumber, StudentNumberRule};

/// The most patterns of a pack.
const MOST_CODES: usize = 16;
/// The longest pattern, in characters.
const LONGEST: usize = 200;
/// The most characters of a `{N}`.
const MOST_ANY: usize = 99;
/// The longest text that is a pickup number: its digits with some blanks.
const LONGEST_PICKUP: usize = 16;
const NUMBER: &str = "student_number";
const REST: &str = "rest";

/// What a code of this campus looks like: a text with `{student_number}` at the number's place, `{N}` for N characters
/// of any kind, and `{rest}` at the end for all that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardCode {
    before: Vec<Part>,
    after: Vec<Part>,
    /// Whatever follows is of no interest.
    has_rest: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Any(usize),
}

/// The meanings of what was scanned. A bare number of seven digits can be a student's as well as a pickup number: the
/// page says which of them it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// The pickup number that it is.
    pub pickup: Option<Pickup>,
    /// The student number in it.
    pub student: Option<StudentNumber>,
}

impl PackFront {
    /// What a scanned text means here. Nothing of it is kept.
    pub fn scanned(&self, text: &str) -> Scanned {
        let rule = &self.numbers.student_number;
        if let Some(student) = self
            .card_codes
            .iter()
            .find_map(|code| code.read(text, rule))
        {
            return Scanned {
                pickup: None,
                student: Some(student),
            };
        }
        let is_short = text.chars().count() <= LONGEST_PICKUP;
        Scanned {
            pickup: Pickup::parse(text).ok().filter(|_| is_short),
            // A word is none, also where numbers have letters.
            student: StudentNumber::parse(text, rule)
                .ok()
                .filter(|number| number.as_str().contains(|c: char| c.is_ascii_digit())),
        }
    }
}

impl CardCode {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    fn parse(pattern: &str) -> Result<Self, (&'static str, &'static str)> {
        if pattern.chars().count() > LONGEST {
            return Err((
                pick(
                    "a pattern of more than 200 characters",
                    "式样超过 200 个字符",
                ),
                pick("make it shorter", "请写短一些"),
            ));
        }
        let mut code = CardCode {
            before: Vec::new(),
            after: Vec::new(),
            has_rest: false,
        };
        let mut has_number = false;
        let mut left = pattern;
        while !left.is_empty() {
            if code.has_rest {
                return Err((
                    pick("something stands behind {rest}", "{rest} 后面还有内容"),
                    pick("end the pattern with {rest}", "请让式样以 {rest} 结尾"),
                ));
            }
            let parts = if has_number {
                &mut code.after
            } else {
                &mut code.before
            };
            let Some(named) = left.strip_prefix('{') else {
                let end = left.find(['{', '}']).unwrap_or(left.len());
                let (text, others) = left.split_at(end);
                if text.is_empty() {
                    return Err((
                        pick("a } without its {", "} 前面没有 {"),
                        pick("take it out", "请删掉它"),
                    ));
                }
                parts.push(Part::Text(text.to_owned()));
                left = others;
                continue;
            };
            let Some((name, others)) = named.split_once('}') else {
                return Err((
                    pick("a { without its }", "{ 后面没有 }"),
                    pick(
                        "close it, as in {student_number}",
                        "请补上，如 {student_number}",
                    ),
                ));
            };
            match (name, name.parse::<usize>()) {
                (NUMBER, _) if has_number => {
                    return Err((
                        pick("{student_number} twice", "有两个 {student_number}"),
                        pick("write it once", "请只写一次"),
                    ));
                }
                (NUMBER, _) => has_number = true,
                (REST, _) if has_number => code.has_rest = true,
                (_, Ok(count @ 1..=MOST_ANY)) => parts.push(Part::Any(count)),
                _ => {
                    return Err((
                        pick(
                            "a name in braces that is not known here",
                            "花括号里是这里没有的名称",
                        ),
                        pick(
                            "use {student_number}, {N} for N characters (1 to 99), or {rest} at the end",
                            "请用 {student_number}、{N}（任意 N 个字符，1 到 99）或末尾的 {rest}",
                        ),
                    ));
                }
            }
            left = others;
        }
        if has_number {
            Ok(code)
        } else {
            Err((
                pick("no {student_number}", "没有 {student_number}"),
                pick("write it where the number stands", "请写在学号的位置"),
            ))
        }
    }

    /// The number in a text that looks like this.
    fn read(&self, text: &str, rule: &StudentNumberRule) -> Option<StudentNumber> {
        let rest = follow(&self.before, text)?;
        let run = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        // The longest number that leaves what must stand behind it.
        let lengths = (rule.min.max(1)..=rule.max.min(run)).rev();
        lengths.into_iter().find_map(|length| {
            let (number, behind) = rest.split_at_checked(length)?;
            let left = follow(&self.after, behind)?;
            let fits = self.has_rest || left.is_empty();
            StudentNumber::parse(number, rule).ok().filter(|_| fits)
        })
    }
}

/// What is left of a text behind these parts.
fn follow<'t>(parts: &[Part], text: &'t str) -> Option<&'t str> {
    parts.iter().try_fold(text, |text, part| match part {
        Part::Text(wanted) => text.strip_prefix(wanted.as_str()),
        Part::Any(count) => {
            let mut chars = text.chars();
            let passed = chars.by_ref().take(*count).count();
            (passed == *count).then_some(chars.as_str())
        }
    })
}

/// Reads the patterns of `[student_number]`; `None` without the key.
pub(super) fn read_card_codes(table: &Table<'_>) -> Result<Option<Vec<CardCode>>, Fault> {
    const KEY: &str = "codes";
    let Some(patterns) = table.texts(KEY)? else {
        return Ok(None);
    };
    if patterns.len() > MOST_CODES {
        return Err(table.fault_in(
            KEY,
            pick("more than 16 patterns", "超过 16 个式样"),
            pick("keep those that are in use", "请只留在用的"),
        ));
    }
    let read = patterns.iter().map(|pattern| {
        CardCode::parse(pattern).map_err(|(what, remedy)| {
            table.fault_in(KEY, both!("{what}: {pattern}", "{what}：{pattern}"), remedy)
        })
    });
    read.collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::DeskNumber;

    const RULE: StudentNumberRule = StudentNumberRule {
        min: 8,
        max: 12,
        letters: false,
    };

    fn front(patterns: &[&str]) -> PackFront {
        let mut front = PackFront::default();
        front.numbers.student_number = RULE;
        front.card_codes = patterns
            .iter()
            .map(|pattern| CardCode::parse(pattern).unwrap())
            .collect();
        front
    }

    fn student(patterns: &[&str], text: &str) -> Option<String> {
        let scanned = front(patterns).scanned(text).student;
        scanned.map(|number| number.as_str().to_owned())
    }

    #[test]
    fn the_number_is_found_where_the_pack_says() {
        for (pattern, text, found) in [
            (
                "https://card.example/{student_number}",
                "https://card.example/2026001012",
                Some("2026001012"),
            ),
            (
                "https://card.example/{student_number}",
                "https://other.example/2026001012",
                None,
            ),
            (
                "https://card.example/?n={student_number}&t={rest}",
                "https://card.example/?n=2026001012&t=9",
                Some("2026001012"),
            ),
            // The longest that leaves two check characters.
            (
                "LQ{4}{student_number}{2}",
                "LQ1501202600101277",
                Some("2026001012"),
            ),
            ("LQ{4}{student_number}{2}", "LQ150120260", None),
            ("{student_number}X", "2026001012X", Some("2026001012")),
            ("{3}{student_number}", "张三丰20260010", Some("20260010")),
            (
                "{student_number}{rest}",
                "20260010120099",
                Some("202600101200"),
            ),
        ] {
            assert_eq!(
                student(&[pattern], text).as_deref(),
                found,
                "{pattern} {text}"
            );
        }
        // A bare number is understood whatever the patterns are.
        assert_eq!(
            student(&["X{student_number}"], "2026001012").as_deref(),
            Some("2026001012")
        );
        assert_eq!(student(&[], "20-26"), None);
    }

    #[test]
    fn a_pickup_number_is_told_apart() {
        let pickup = Pickup::new(DeskNumber::new(17).unwrap(), 482);
        let scanned = front(&["A{student_number}"]).scanned(&pickup.code());
        assert_eq!((scanned.pickup, scanned.student), (Some(pickup), None));
        // A card's pattern comes first, and a long text is none.
        let mut front = front(&["{student_number}"]);
        front.numbers.student_number.min = 4;
        assert_eq!(front.scanned(&pickup.code()).pickup, None);
        assert_eq!(
            super::super::PackFront::default()
                .scanned(&format!("{}{pickup}", "-".repeat(40)))
                .pickup,
            None
        );
    }

    #[test]
    fn a_pattern_that_cannot_work_is_refused() {
        for pattern in [
            "",
            "https://card.example/",
            "{student_number",
            "student_number}",
            "{student_number}{student_number}",
            "{student_number}{rest}x",
            "{rest}{student_number}",
            "{0}{student_number}",
            "{100}{student_number}",
            "{number}",
        ] {
            assert!(CardCode::parse(pattern).is_err(), "{pattern}");
        }
        assert!(CardCode::parse(&format!("{}{{student_number}}", "x".repeat(LONGEST))).is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn whatever_is_scanned_is_read_to_its_end(text in ".{0,300}") {
            let front = front(&["https://card.example/{student_number}{rest}", "{4}{student_number}{2}"]);
            let scanned = front.scanned(&text);
            if let Some(student) = scanned.student {
                proptest::prop_assert!((RULE.min..=RULE.max).contains(&student.as_str().len()));
            }
        }
    }
}
