//! From rows to students, sheet by sheet. A fault names the place and never shows the content: it may be a person's, or
//! act on the terminal. A fault in a column that a student can do without costs the column's value, not the student.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::heading::{Columns, HEADING_WITHIN, Headings, shown};
use super::row_reader::{RowFault, RowReader};
use super::rows::{Cell, Row, RowSink, Unread, bad};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;
use crate::store::{Enrolled, MOST_ROWS};
use crate::visit::{Student, StudentNumberRule};

/// Faults that are kept; all are counted.
pub const FAULTS: usize = 20;

/// Rows as they come in, and the students they add up to.
pub struct People<'a> {
    headings: &'a Headings,
    rule: &'a StudentNumberRule,
    /// The sheets so far; the last one is being read.
    pub sheets: Vec<SheetTally>,
    pub students: Vec<Enrolled>,
    /// Where each number stands: the sheet's place in `sheets`, and the line.
    places: HashMap<String, (usize, u64)>,
    /// Rows with a fault, which give no student.
    pub faulty: FaultList,
    /// Values that were left out, and the student kept.
    pub left_out: FaultList,
    /// Names with invisible characters at an edge, which were dropped.
    pub trimmed: usize,
}

/// Faults: the first ones, and how many there are.
#[derive(Default)]
pub struct FaultList {
    pub first: Vec<RowFault>,
    pub count: usize,
}

/// What was read of a sheet.
pub struct SheetTally {
    /// `None` for a text file.
    pub name: Option<String>,
    pub is: SheetIs,
}

/// Whether a sheet is part of the list.
pub enum SheetIs {
    /// The headings were not found yet, in so many rows.
    Unheaded(usize),
    Read(Box<ReadSheet>),
    Unread(Unread),
}

/// A sheet with the headings.
pub struct ReadSheet {
    pub columns: Rc<Columns>,
    /// The lines of the headings and of the last row.
    pub heading: u64,
    pub last: u64,
    /// The place of its first student in [`People::students`], and how many it has: they stand together.
    pub first: usize,
    pub students: usize,
    pub faulty: usize,
    /// Rows that the sheet hides, among both.
    pub hidden: usize,
}

impl FaultList {
    fn add(&mut self, fault: RowFault) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < FAULTS {
            self.first.push(fault);
        }
    }
}

impl<'a> People<'a> {
    pub fn new(headings: &'a Headings, rule: &'a StudentNumberRule) -> Self {
        People {
            headings,
            rule,
            sheets: Vec::new(),
            students: Vec::new(),
            places: HashMap::new(),
            faulty: FaultList::default(),
            left_out: FaultList::default(),
            trimmed: 0,
        }
    }

    /// Nothing more comes.
    ///
    /// # Errors
    /// There was no heading, or no row below it.
    pub fn finish(&self) -> CliResult<()> {
        let is_read = |sheet: &SheetTally| matches!(sheet.is, SheetIs::Read(_));
        if !self.sheets.iter().any(is_read) {
            return Err(self.no_heading());
        }
        if self.students.is_empty() && self.faulty.count == 0 {
            return Err(bad(
                both!("there is no student below the headings", "列名下面没有学生"),
                both!(
                    "check the file, or name the sheet: --sheet NAME",
                    "请检查文件，或指定表：--sheet 名称"
                ),
            ));
        }
        Ok(())
    }

    /// The first student of a sheet and the last, masked.
    pub fn ends(&self, sheet: &ReadSheet) -> Option<(String, String)> {
        let students = self.students.get(sheet.first..)?.get(..sheet.students)?;
        let masked = |enrolled: &Enrolled| {
            let student = &enrolled.student;
            format!("{} {}", student.number.masked(), student.name.masked())
        };
        Some((masked(students.first()?), masked(students.last()?)))
    }

    fn no_heading(&self) -> CliError {
        let hidden: Vec<&str> = self
            .sheets
            .iter()
            .filter(|sheet| matches!(sheet.is, SheetIs::Unread(Unread::Hidden)))
            .filter_map(|sheet| sheet.name.as_deref())
            .take(5)
            .collect();
        let remedy = &both!(
            "name the columns: --number HEADING --name HEADING --mobile HEADING",
            "请指定各列：--number 列名 --name 列名 --mobile 列名"
        );
        let remedy = match hidden.as_slice() {
            [] => remedy.to_owned(),
            hidden => both!(
                "{remedy}; or a sheet that the workbook hides ({}): --sheet NAME",
                "{remedy}；或工作簿隐藏的表（{}）：--sheet 名称",
                hidden.join(", ")
            ),
        };
        bad(
            both!(
                "no heading with the columns {} stands in the first {HEADING_WITHIN} rows",
                "前 {HEADING_WITHIN} 行里没有含 {} 这几列的列名",
                self.headings.wanted()
            ),
            remedy,
        )
    }

    /// Takes a row below the headings.
    fn take_student(&mut self, row: &Row, columns: &Columns) -> Result<(), RowFault> {
        let read = RowReader {
            row,
            sheet: self.sheets.last().and_then(|sheet| sheet.name.as_deref()),
        };
        let number = read.number(&columns.number, self.rule)?;
        let (name, was_trimmed) = read.name(&columns.name)?;
        let mobile = columns.mobile.as_ref().map(|column| read.mobile(column));
        let key = number.as_str().to_ascii_uppercase();
        let place = (self.sheets.len().saturating_sub(1), row.line);
        if let Some((sheet, line)) = self.places.get(&key) {
            let same = *sheet == place.0;
            let other = self
                .sheets
                .get(*sheet)
                .and_then(|sheet| sheet.name.as_deref());
            let what = match other.filter(|_| !same) {
                Some(sheet) => both!(
                    "the number of line {line} of sheet {} again",
                    "与表 {} 第 {line} 行的学号重复",
                    shown(sheet)
                ),
                None => both!(
                    "the number of line {line} again",
                    "与第 {line} 行的学号重复"
                ),
            };
            return Err(read.fault(&columns.number, what));
        }
        self.places.insert(key, place);
        self.trimmed = self.trimmed.saturating_add(usize::from(was_trimmed));
        let mobile = match mobile {
            Some(Ok(mobile)) => mobile,
            Some(Err(fault)) => {
                self.left_out.add(fault);
                None
            }
            None => None,
        };
        self.students.push(Enrolled {
            student: Student { number, name },
            mobile,
        });
        Ok(())
    }

    /// Counts the row for its sheet.
    fn tally(&mut self, row: &Row, took: bool) {
        let Some(SheetIs::Read(sheet)) = self.sheets.last_mut().map(|sheet| &mut sheet.is) else {
            return;
        };
        sheet.last = row.line;
        sheet.hidden = sheet.hidden.saturating_add(usize::from(row.is_hidden));
        let count = if took {
            &mut sheet.students
        } else {
            &mut sheet.faulty
        };
        *count = count.saturating_add(1);
    }
}

impl RowSink for People<'_> {
    fn begin(&mut self, sheet: Option<&str>) {
        self.sheets.push(SheetTally {
            name: sheet.map(shown),
            is: SheetIs::Unheaded(0),
        });
    }

    fn is_heading(&self, cells: &[Cell]) -> bool {
        self.headings.find(cells).is_some()
    }

    fn take(&mut self, row: Row) -> CliResult<ControlFlow<()>> {
        let columns = match self.sheets.last_mut().map(|sheet| &mut sheet.is) {
            Some(SheetIs::Read(sheet)) => Rc::clone(&sheet.columns),
            Some(SheetIs::Unheaded(rows)) => {
                *rows = rows.saturating_add(1);
                let rows = *rows;
                return Ok(self.look_for_heading(&row, rows));
            }
            Some(SheetIs::Unread(_)) | None => return Ok(ControlFlow::Break(())),
        };
        if self.students.len() >= MOST_ROWS {
            return Err(bad(
                both!(
                    "the list has more than {MOST_ROWS} students",
                    "名单超过 {MOST_ROWS} 名学生"
                ),
                both!(
                    "import only those who come to this campus",
                    "请只导入来这个校区的"
                ),
            ));
        }
        let taken = self.take_student(&row, &columns);
        self.tally(&row, taken.is_ok());
        if let Err(fault) = taken {
            self.faulty.add(fault);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn pass_over(&mut self, sheet: &str, why: Unread) {
        self.sheets.push(SheetTally {
            name: Some(shown(sheet)),
            is: SheetIs::Unread(why),
        });
    }
}

impl People<'_> {
    fn look_for_heading(&mut self, row: &Row, rows: usize) -> ControlFlow<()> {
        let found = self.headings.find(&row.cells);
        let first = self.students.len();
        let Some(sheet) = self.sheets.last_mut() else {
            return ControlFlow::Break(());
        };
        match found {
            Some(columns) => {
                sheet.is = SheetIs::Read(Box::new(ReadSheet {
                    columns: Rc::new(columns),
                    heading: row.line,
                    last: row.line,
                    first,
                    students: 0,
                    faulty: 0,
                    hidden: 0,
                }));
                ControlFlow::Continue(())
            }
            None if rows >= HEADING_WITHIN => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests;
