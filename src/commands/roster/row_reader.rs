//! How the cells of a row are understood: a student number, a name, a mobile number, or a fault that names the place and
//! never the content.

use std::fmt;

use super::heading::Column;
use super::rows::{Cell, Row};
use crate::cli_lang::{both, pick};
use crate::visit::{
    Mobile, MobileError, Name, StudentNumber, StudentNumberError, StudentNumberRule, is_format,
    narrow,
};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 64;
/// Marks, embeddings, overrides and isolates that have digits drawn from right to left.
const LEFTWARDS: [char; 5] = ['\u{61c}', '\u{200f}', '\u{202b}', '\u{202e}', '\u{2067}'];

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub sheet: Option<String>,
    pub line: u64,
    pub column: String,
    pub what: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            f.write_str(&both!("sheet {sheet}, ", "表 {sheet}，"))?;
        }
        f.write_str(&both!(
            "line {}, column {}: {}",
            "第 {} 行，{} 列：{}",
            self.line,
            self.column,
            self.what
        ))
    }
}

/// A row, and how its cells are understood.
pub struct RowReader<'r> {
    pub row: &'r Row,
    /// The sheet's name; `None` for a text file.
    pub sheet: Option<&'r str>,
}

impl<'r> RowReader<'r> {
    pub fn fault(&self, column: &Column, what: impl Into<String>) -> RowFault {
        RowFault {
            sheet: self.sheet.map(str::to_owned),
            line: self.row.line,
            column: column.called(),
            what: what.into(),
        }
    }

    pub fn number(
        &self,
        column: &Column,
        rule: &StudentNumberRule,
    ) -> Result<StudentNumber, RowFault> {
        let edge = |c: char| c.is_whitespace() || is_format(c) && !LEFTWARDS.contains(&c);
        let written = self.text(column)?.trim_matches(edge);
        // Whoever wrote the list may have seen another number.
        if let Some(c) = written.chars().find(|c| c.is_control() || is_format(*c)) {
            return Err(self.fault(column, not_in_a_number(c)));
        }
        StudentNumber::parse(written, rule).map_err(|why| {
            let what = match why {
                StudentNumberError::Empty => "empty".to_owned(),
                StudentNumberError::Character => {
                    let allowed = |c: &char| {
                        let c = narrow(*c);
                        c.is_ascii_alphanumeric() || c.is_whitespace() || c == '-'
                    };
                    match written.chars().find(|c| !allowed(c)) {
                        Some(c) => not_in_a_number(c),
                        None => both!(
                            "a letter, and student numbers here have none",
                            "有字母，而这里的学号没有字母"
                        ),
                    }
                }
                StudentNumberError::TooShort => {
                    both!("fewer than {} characters", "不到 {} 个字符", rule.min)
                }
                StudentNumberError::TooLong => {
                    both!("more than {} characters", "超过 {} 个字符", rule.max)
                }
            };
            self.fault(column, what)
        })
    }

    /// The name, and whether invisible characters stood at its edges.
    pub fn name(&self, column: &Column) -> Result<(Name, bool), RowFault> {
        let written = self.text(column)?;
        let edge = |c: char| c.is_whitespace() || is_format(c);
        let name = written.trim_matches(edge);
        match bad_name(name) {
            Some(what) => Err(self.fault(column, what)),
            None => Ok((Name::new(name), name.len() != written.len())),
        }
    }

    /// The mobile number is a hint for a volunteer: what is none is left out.
    pub fn mobile(&self, column: &Column) -> Result<Option<Mobile>, RowFault> {
        let cell = self.row.cells.get(column.place);
        if cell.is_none_or(|cell| *cell == Cell::Empty) {
            return Ok(None);
        }
        let parsed = mobile_of(self.text(column)?);
        parsed
            .map(Some)
            .map_err(|why| self.fault(column, why.to_string()))
    }

    fn text(&self, column: &Column) -> Result<&'r str, RowFault> {
        let what = match self.row.cells.get(column.place) {
            Some(Cell::Text(text)) => return Ok(text),
            None | Some(Cell::Empty) => pick("empty", "是空的"),
            Some(Cell::Rounded) => pick(
                "the spreadsheet has shortened this number; format the column as text and fill it in again",
                "表格软件把这个号码截短了；请把这一列设为文本，再填一次",
            ),
            Some(Cell::Disguised) => pick(
                "the cell's format shows another number than the cell holds; format the column as text and fill it in again",
                "单元格的格式显示的与它存的号码不同；请把这一列设为文本，再填一次",
            ),
            Some(Cell::TooLong) => pick("longer than any name", "比任何姓名都长"),
            Some(Cell::Other) => pick("a date or an error, not a text", "是日期或错误，不是文字"),
        };
        Err(self.fault(column, what))
    }
}

fn not_in_a_number(c: char) -> String {
    both!(
        "{}, which no student number has",
        "{}，学号里没有这样的字符",
        code_point(c)
    )
}

/// The campus's own list is trusted about the numbering plan, which is slow to ask a hundred thousand times. A program
/// that takes the column for numbers writes `13800138000.0`.
fn mobile_of(text: &str) -> Result<Mobile, MobileError> {
    let text = match text.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    };
    let is_plain = text.len() == 11 && matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..]);
    if is_plain {
        Mobile::try_from(text.to_owned())
    } else {
        Mobile::parse(text)
    }
}

fn bad_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some(both!("empty", "是空的"));
    }
    if name.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        return Some(both!("a formula, not a name", "是公式，不是姓名"));
    }
    if let Some(c) = name.chars().find(|c| c.is_control() || is_format(*c)) {
        return Some(both!(
            "{}, a character that cannot be shown",
            "{}，显示不出来的字符",
            code_point(c)
        ));
    }
    (name.chars().count() > LONGEST_NAME).then(|| both!("longer than any name", "比任何姓名都长"))
}

/// `U+200B`.
fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
