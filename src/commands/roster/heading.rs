//! The headings of a list: which columns it has, and where. A heading is recognised as it is written, then without spaces
//! and in simplified characters, then without what stands in brackets behind it.

use super::rows::Cell;
use crate::visit::{is_format, narrow};

/// The heading may stand below a title: in the first rows.
pub const HEADING_WITHIN: usize = 20;

const NUMBERS: &[&str] = &[
    "学号",
    "学生学号",
    "考生学号",
    "本人学号",
    "student number",
    "student no.",
    "student id",
    "number",
];
const NAMES: &[&str] = &["姓名", "学生姓名", "name", "student name"];
const MOBILES: &[&str] = &[
    "手机号",
    "手机",
    "手机号码",
    "本人手机号",
    "学生手机号",
    "联系电话",
    "联系方式",
    "联系手机",
    "联络方式",
    "联络电话",
    "移动电话",
    "电话",
    "电话号码",
    "mobile",
    "mobile number",
    "phone",
    "phone number",
];
/// Words in brackets that make a column somebody else's, or one of another time.
const OTHERS: &[&str] = &[
    "家",
    "父",
    "母",
    "监护",
    "紧急",
    "辅导员",
    "老",
    "旧",
    "原",
    "宿舍",
    "parent",
    "home",
    "emergency",
    "old",
    "former",
];
/// Traditional characters of the usual headings, each before its simplified form.
const TRADITIONAL: &[(char, char)] = &[
    ('學', '学'),
    ('號', '号'),
    ('電', '电'),
    ('話', '话'),
    ('機', '机'),
    ('碼', '码'),
    ('聯', '联'),
    ('繫', '系'),
    ('係', '系'),
    ('絡', '络'),
    ('動', '动'),
];

/// The headings that were named on the command line, in the place of the usual ones.
#[derive(Clone, Debug, Default)]
pub struct Headings {
    /// The heading of the student numbers; `None` for 学号.
    pub number: Option<String>,
    /// The heading of the names; `None` for 姓名.
    pub name: Option<String>,
    /// The heading of the mobile numbers; `None` for 手机号.
    pub mobile: Option<String>,
}

/// The columns of a sheet.
#[derive(Clone, Debug)]
pub struct Columns {
    pub number: Column,
    pub name: Column,
    pub mobile: Option<Column>,
}

/// A column: its place from 0, and its heading as it may be shown.
#[derive(Clone, Debug)]
pub struct Column {
    pub place: usize,
    pub heading: String,
}

impl Headings {
    /// The columns, if these cells are the headings.
    pub fn find(&self, cells: &[Cell]) -> Option<Columns> {
        let mobile = column(cells, self.mobile.as_deref(), MOBILES);
        if self.mobile.is_some() && mobile.is_none() {
            return None;
        }
        Some(Columns {
            number: column(cells, self.number.as_deref(), NUMBERS)?,
            name: column(cells, self.name.as_deref(), NAMES)?,
            mobile,
        })
    }

    /// The headings that a list must have, as they may be shown.
    pub fn wanted(&self) -> String {
        let wanted = |given: &Option<String>, usual: &str| match given {
            Some(given) => shown(given),
            None => usual.to_owned(),
        };
        let mut heads = vec![wanted(&self.number, "学号"), wanted(&self.name, "姓名")];
        heads.extend(self.mobile.as_deref().map(shown));
        heads.join(", ")
    }
}

impl Column {
    /// `学号 (B)`: the heading, and the letter a spreadsheet has for the column.
    pub fn called(&self) -> String {
        format!("{} ({})", self.heading, letters(self.place))
    }
}

/// The first column with one of the headings, by the strictest comparison that finds one.
fn column(cells: &[Cell], given: Option<&str>, usual: &[&str]) -> Option<Column> {
    let wanted: Vec<&str> = given.map_or_else(|| usual.to_vec(), |given| vec![given]);
    let comparisons: [fn(&str) -> String; 3] = [plain, tight, bare];
    comparisons.iter().find_map(|compared| {
        let wanted: Vec<String> = wanted.iter().map(|word| compared(word)).collect();
        cells.iter().enumerate().find_map(|(place, cell)| {
            let Cell::Text(text) = cell else { return None };
            let heading = compared(text);
            let fits = !heading.is_empty() && wanted.contains(&heading);
            fits.then(|| Column {
                place,
                heading: shown(text),
            })
        })
    })
}

/// A heading in which width, case and the spaces around it do not matter.
fn plain(text: &str) -> String {
    let kept = text
        .chars()
        .map(narrow)
        .filter(|c| !c.is_control() && !is_format(*c));
    kept.collect::<String>().trim().to_lowercase()
}

/// A heading without spaces, marks and line breaks, in simplified characters.
fn tight(text: &str) -> String {
    let simplified = |c: char| {
        let found = TRADITIONAL
            .iter()
            .find(|(traditional, _)| *traditional == c);
        found.map_or(c, |(_, simplified)| *simplified)
    };
    plain(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '_' | '-' | '.' | '#' | '·'))
        .map(simplified)
        .collect()
}

/// A heading without what stands in brackets, unless that makes the column another's.
fn bare(text: &str) -> String {
    let tight = tight(text);
    let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0u32);
    for c in tight.chars() {
        match c {
            '(' | '[' | '{' | '<' | '【' | '〔' | '《' => depth = depth.saturating_add(1),
            ')' | ']' | '}' | '>' | '】' | '〕' | '》' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.push(c),
            c => outside.push(c),
        }
    }
    if OTHERS.iter().any(|word| inside.contains(word)) {
        tight
    } else {
        outside
    }
}

/// A heading or a sheet's name as it may be shown.
pub fn shown(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_format(*c))
        .take(20)
        .collect()
}

/// `A`, `B`, .. `Z`, `AA`: the name of a column in a spreadsheet.
fn letters(place: usize) -> String {
    let (mut rest, mut text) = (place, String::new());
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        text.insert(0, char::from(b'A'.saturating_add(letter)));
        match rest / 26 {
            0 => return text,
            more => rest = more - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(heads: &[&str]) -> Option<(usize, usize, Option<usize>)> {
        let cells: Vec<Cell> = heads
            .iter()
            .map(|head| Cell::Text((*head).into()))
            .collect();
        let found = Headings::default().find(&cells)?;
        Some((
            found.number.place,
            found.name.place,
            found.mobile.map(|column| column.place),
        ))
    }

    #[test]
    fn headings_are_known_as_registrars_write_them() {
        for heads in [
            ["学号", "姓名", "手机号"],
            ["学 号", "姓　名", "联系方式"],
            ["學號", "姓名", "聯繫電話"],
            ["學生學號", "學生姓名", "手機號碼"],
            ["学号（必填）", "姓名（必填）", "手机号(11位)"],
            ["*学号", "姓名：", "手机号码【选填】"],
            ["学号\n（教务）", "\u{feff}姓名", "联系手机"],
            ["Student No.", "NAME", "Phone Number"],
        ] {
            assert_eq!(places(&heads), Some((0, 1, Some(2))), "{heads:?}");
        }
    }

    #[test]
    fn the_strictest_fit_is_taken_and_nobody_elses_column() {
        assert_eq!(places(&["学号（旧）", "姓名", "学号"]), Some((2, 1, None)));
        assert_eq!(places(&["学号(2025)", "姓名", "学号"]), Some((2, 1, None)));
        assert_eq!(places(&["学号（旧）", "姓名"]), None);
        let parents = ["学号", "姓名", "联系电话（家长）", "手机"];
        assert_eq!(places(&parents), Some((0, 1, Some(3))));
        assert_eq!(
            places(&["学号", "姓名", "电话(Parent)"]),
            Some((0, 1, None))
        );
        assert_eq!(places(&["姓名", "手机"]), None);
        assert_eq!(places(&["", "姓名"]), None);
    }

    #[test]
    fn columns_are_called_as_a_spreadsheet_calls_them() {
        let called: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).to_vec();
        assert_eq!(called, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
