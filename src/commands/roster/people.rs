//! From rows to students: the meaning of the columns, and the faults of a row. A fault names the line and the column and
//! never shows the content: it may be a person's, or act on the terminal.

use std::collections::HashMap;
use std::fmt;

use super::sheet::{Cell, Row};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::store::{Enrolled, MOST_ROWS};
use crate::visit::{
    Mobile, MobileError, Name, Student, StudentNumber, StudentNumberError, StudentNumberRule,
    is_format, narrow,
};

/// The heading may stand below a title.
const HEADING_WITHIN: usize = 20;
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;
/// Faults that are kept; all are counted.
const FAULTS: usize = 20;

const NUMBERS: &[&str] = &[
    "学号",
    "学生学号",
    "考生学号",
    "student number",
    "student id",
    "number",
];
const NAMES: &[&str] = &["姓名", "学生姓名", "name", "student name"];
const MOBILES: &[&str] = &[
    "手机号",
    "手机",
    "手机号码",
    "联系电话",
    "移动电话",
    "mobile",
    "phone",
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

/// Rows as they come in, and the students they add up to.
pub struct People<'a> {
    headings: &'a Headings,
    rule: &'a StudentNumberRule,
    columns: Option<Columns>,
    before_heading: usize,
    pub students: Vec<Enrolled>,
    lines: HashMap<String, u64>,
    pub faults: Vec<RowFault>,
    /// Rows with a fault.
    pub faulty: usize,
}

struct Columns {
    number: Column,
    name: Column,
    mobile: Option<Column>,
}

#[derive(Clone)]
struct Column {
    place: usize,
    heading: String,
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub line: u64,
    pub column: String,
    pub what: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.what
        )
    }
}

impl<'a> People<'a> {
    pub fn new(headings: &'a Headings, rule: &'a StudentNumberRule) -> Self {
        People {
            headings,
            rule,
            columns: None,
            before_heading: 0,
            students: Vec::new(),
            lines: HashMap::new(),
            faults: Vec::new(),
            faulty: 0,
        }
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// No heading by now, or too many rows.
    pub fn take(&mut self, row: Row) -> CliResult<()> {
        let Some(columns) = &self.columns else {
            return self.look_for_heading(&row);
        };
        if self.students.len() >= MOST_ROWS {
            return Err(CliError::new(
                Exit::BadData,
                format!("the list has more than {MOST_ROWS} students"),
                "import only those who come to this campus",
            ));
        }
        match student(&row, columns, self.rule) {
            Ok(enrolled) => {
                let number = enrolled.student.number.as_str().to_ascii_uppercase();
                let heading = columns.number.clone();
                if let Some(line) = self.lines.insert(number, row.line) {
                    let what = format!("the number of line {line} again");
                    self.blame(heading.fault(row.line, what));
                } else {
                    self.students.push(enrolled);
                }
            }
            Err(fault) => self.blame(fault),
        }
        Ok(())
    }

    /// Nothing more comes.
    ///
    /// # Errors
    /// There was no heading, or no row below it.
    pub fn finish(&self) -> CliResult<()> {
        if self.columns.is_none() {
            return Err(self.no_heading());
        }
        if self.students.is_empty() && self.faulty == 0 {
            return Err(CliError::new(
                Exit::BadData,
                "there is no student below the heading",
                "check the file, or name the sheet: --sheet NAME",
            ));
        }
        Ok(())
    }

    fn blame(&mut self, fault: RowFault) {
        self.faulty = self.faulty.saturating_add(1);
        if self.faults.len() < FAULTS {
            self.faults.push(fault);
        }
    }

    fn look_for_heading(&mut self, row: &Row) -> CliResult<()> {
        let find = |given: &Option<String>, usual: &[&str]| {
            row.cells.iter().enumerate().find_map(|(place, cell)| {
                let Cell::Text(text) = cell else { return None };
                let heading = plain(text);
                let fits = match given {
                    Some(given) => plain(given) == heading,
                    None => usual.contains(&heading.as_str()),
                };
                fits.then(|| Column {
                    place,
                    heading: shown(text),
                })
            })
        };
        let number = find(&self.headings.number, NUMBERS);
        let name = find(&self.headings.name, NAMES);
        let mobile = find(&self.headings.mobile, MOBILES);
        if let (Some(number), Some(name)) = (number, name) {
            if self.headings.mobile.is_some() && mobile.is_none() {
                return Err(self.no_heading());
            }
            self.columns = Some(Columns {
                number,
                name,
                mobile,
            });
            return Ok(());
        }
        self.before_heading = self.before_heading.saturating_add(1);
        if self.before_heading >= HEADING_WITHIN {
            Err(self.no_heading())
        } else {
            Ok(())
        }
    }

    fn no_heading(&self) -> CliError {
        let wanted = |given: &Option<String>, usual: &str| match given {
            Some(given) => shown(given),
            None => usual.to_owned(),
        };
        let mut heads = vec![
            wanted(&self.headings.number, "学号"),
            wanted(&self.headings.name, "姓名"),
        ];
        heads.extend(self.headings.mobile.as_deref().map(shown));
        CliError::new(
            Exit::BadData,
            format!(
                "no heading with the columns {} stands in the first {HEADING_WITHIN} rows",
                heads.join(", ")
            ),
            "name the columns: --number HEADING --name HEADING --mobile HEADING",
        )
    }
}

impl Column {
    /// `学号 (B)`: the heading, and the letter a spreadsheet has for it.
    fn fault(&self, line: u64, what: impl Into<String>) -> RowFault {
        RowFault {
            line,
            column: format!("{} ({})", self.heading, letters(self.place)),
            what: what.into(),
        }
    }
}

fn student(row: &Row, columns: &Columns, rule: &StudentNumberRule) -> Result<Enrolled, RowFault> {
    let number = text(row, &columns.number)?;
    let number = StudentNumber::parse(number, rule).map_err(|why| {
        let what = match why {
            StudentNumberError::Empty => "empty".to_owned(),
            StudentNumberError::Character => "a character that no student number has".to_owned(),
            StudentNumberError::TooShort => format!("fewer than {} characters", rule.min),
            StudentNumberError::TooLong => format!("more than {} characters", rule.max),
        };
        columns.number.fault(row.line, what)
    })?;
    let written = text(row, &columns.name)?;
    if let Some(what) = bad_name(written) {
        return Err(columns.name.fault(row.line, what));
    }
    let mobile = match &columns.mobile {
        Some(column)
            if row
                .cells
                .get(column.place)
                .is_some_and(|c| *c != Cell::Empty) =>
        {
            let parsed = mobile_of(text(row, column)?);
            Some(parsed.map_err(|why| column.fault(row.line, why.to_string()))?)
        }
        _ => None,
    };
    Ok(Enrolled {
        student: Student {
            number,
            name: Name::new(written),
        },
        mobile,
    })
}

/// The campus's own list is trusted about the numbering plan, which is slow to ask a hundred thousand times.
fn mobile_of(text: &str) -> Result<Mobile, MobileError> {
    let is_plain = text.len() == 11 && matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..]);
    if is_plain {
        Mobile::try_from(text.to_owned())
    } else {
        Mobile::parse(text)
    }
}

fn bad_name(name: &str) -> Option<&'static str> {
    if name.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        Some("a formula, not a name")
    } else if name.chars().any(|c| c.is_control() || is_format(c)) {
        Some("a character that cannot be shown")
    } else if name.chars().count() > LONGEST_NAME {
        Some("longer than any name")
    } else {
        None
    }
}

fn text<'r>(row: &'r Row, column: &Column) -> Result<&'r str, RowFault> {
    let what = match row.cells.get(column.place) {
        Some(Cell::Text(text)) => return Ok(text),
        None | Some(Cell::Empty) => "empty",
        Some(Cell::Rounded) => {
            "the spreadsheet has shortened this number; format the column as text and fill it in again"
        }
        Some(Cell::TooLong) => "longer than any name",
        Some(Cell::Other) => "a date or an error, not a text",
    };
    Err(column.fault(row.line, what))
}

/// A heading as it is compared: width, case and spaces do not matter.
fn plain(text: &str) -> String {
    let kept = text
        .chars()
        .map(narrow)
        .filter(|c| !c.is_control() && !is_format(*c));
    kept.collect::<String>().trim().to_lowercase()
}

/// A heading as it may be shown.
fn shown(text: &str) -> String {
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

    const RULE: StudentNumberRule = StudentNumberRule {
        min: 8,
        max: 12,
        letters: false,
    };

    fn row(line: u64, cells: &[&str]) -> Row {
        let cell = |text: &&str| match *text {
            "" => Cell::Empty,
            "~" => Cell::Rounded,
            text => Cell::Text(text.to_owned()),
        };
        Row {
            line,
            cells: cells.iter().map(cell).collect(),
        }
    }

    fn taken<'a>(headings: &'a Headings, rows: &[&[&str]]) -> People<'a> {
        let mut people = People::new(headings, &RULE);
        for (line, cells) in (1..).zip(rows) {
            people.take(row(line, cells)).unwrap();
        }
        people
    }

    #[test]
    fn columns_are_found_below_a_title_by_what_stands_over_them() {
        let headings = Headings::default();
        let people = taken(
            &headings,
            &[
                &["二〇二六级新生名单"],
                &["序号", " 姓名 ", "手机号", "学　号", "学号"],
                &["1", "张三", "", "x", "２０２６０００１"],
                &["2", "李四", "138 0013 8000", "x", "20260002"],
            ],
        );
        people.finish().unwrap();
        assert_eq!(people.faulty, 0);
        let names: Vec<_> = people
            .students
            .iter()
            .map(|e| e.student.name.as_str())
            .collect();
        assert_eq!(names, ["张三", "李四"]);
        assert_eq!(people.students[0].student.number.as_str(), "20260001");
        assert_eq!(people.students[0].mobile, None);
        assert!(people.students[1].mobile.is_some());
        let named = Headings {
            number: Some("ID".into()),
            name: Some("Who".into()),
            mobile: None,
        };
        let people = taken(&named, &[&["id", "who"], &["20260001", "Ann"]]);
        assert_eq!(people.students.len(), 1);
    }

    #[test]
    fn each_fault_is_named_by_line_and_column_and_shows_nobody() {
        let headings = Headings::default();
        let people = taken(
            &headings,
            &[
                &["姓名", "学号", "手机"],
                &["张三", "20260001", ""],
                &["", "20260002", ""],
                &["李四", "2026", ""],
                &["王\u{1b}[31m五", "20260003", ""],
                &["=cmd|' /C calc'!A0", "20260004", ""],
                &["赵六", "~", ""],
                &["钱七", "20260005", "12345"],
                &["孙八", "20260001", ""],
                &["周九"],
            ],
        );
        let told: Vec<String> = people.faults.iter().map(RowFault::to_string).collect();
        assert_eq!(
            told,
            [
                "line 3, column 姓名 (A): empty",
                "line 4, column 学号 (B): fewer than 8 characters",
                "line 5, column 姓名 (A): a character that cannot be shown",
                "line 6, column 姓名 (A): a formula, not a name",
                "line 7, column 学号 (B): the spreadsheet has shortened this number; format the column as text and \
                 fill it in again",
                "line 8, column 手机 (C): not a mobile number's beginning",
                "line 9, column 学号 (B): the number of line 2 again",
                "line 10, column 学号 (B): empty",
            ]
        );
        assert_eq!((people.faulty, people.students.len()), (8, 1));
    }

    #[test]
    fn a_list_without_a_heading_or_without_anybody_is_refused() {
        let headings = Headings::default();
        let mut people = People::new(&headings, &RULE);
        for line in 1..20 {
            people.take(row(line, &["20260001", "张三"])).unwrap();
        }
        assert!(people.take(row(20, &["20260001", "张三"])).is_err());
        let people = taken(&headings, &[&["学号", "姓名"]]);
        assert!(people.finish().is_err());
        assert!(People::new(&headings, &RULE).finish().is_err());
    }

    #[test]
    fn columns_are_called_as_a_spreadsheet_calls_them() {
        let called: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).to_vec();
        assert_eq!(called, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
