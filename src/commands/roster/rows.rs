//! The rows of a list: cells with the places that they came from, and what takes them. It knows nothing of students.

use std::ops::ControlFlow;

use crate::cli_error::{CliError, CliResult, Exit};

/// Columns beyond these are not looked at.
pub const COLUMNS: usize = 256;
/// A cell is kept up to here, in bytes; no name is longer.
pub const CELL: usize = 1024;

/// The content of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number that a spreadsheet rounds or writes shorter: what stood there is not known any more.
    Rounded,
    /// A number that the sheet shows as something else than it holds: a percentage, thousands.
    Disguised,
    /// Longer than any name.
    TooLong,
    /// Content that is no text: a date, an error.
    Other,
}

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As an editor or the spreadsheet counts it, from 1.
    pub line: u64,
    /// Whether the sheet hides it: it is read all the same.
    pub is_hidden: bool,
    pub cells: Vec<Cell>,
}

/// Why a sheet of a workbook is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The workbook does not show it.
    Hidden,
    /// It is a chart or a dialogue.
    NoCells,
    /// Another one was named on the command line.
    NotNamed,
}

/// What takes the rows of a list.
pub trait RowSink {
    /// A sheet begins; `None` for a text file, which is one.
    fn begin(&mut self, sheet: Option<&str>);

    /// Whether these cells are the headings that are looked for.
    fn is_heading(&self, cells: &[Cell]) -> bool;

    /// Takes the next row of the sheet; `Break` where no further row of it is wanted.
    ///
    /// # Errors
    /// Nothing more of the list is wanted.
    fn take(&mut self, row: Row) -> CliResult<ControlFlow<()>>;

    /// A sheet is not read.
    fn pass_over(&mut self, sheet: &str, why: Unread);
}

/// The error of a list that cannot be used.
pub fn bad(what: impl Into<String>, remedy: impl Into<String>) -> CliError {
    CliError::new(Exit::BadData, what, remedy)
}

/// A cell with this text.
pub fn bounded(text: &str) -> Cell {
    let text = text.trim();
    match text.len() {
        0 => Cell::Empty,
        n if n > CELL => Cell::TooLong,
        _ => Cell::Text(text.to_owned()),
    }
}

/// Hands a row over, unless it is empty.
pub fn hand_over(
    line: u64,
    cells: Vec<Cell>,
    is_hidden: bool,
    sink: &mut dyn RowSink,
) -> CliResult<ControlFlow<()>> {
    if cells.iter().all(|cell| *cell == Cell::Empty) {
        Ok(ControlFlow::Continue(()))
    } else {
        sink.take(Row {
            line,
            is_hidden,
            cells,
        })
    }
}
