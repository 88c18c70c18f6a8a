//! Reading a list as campuses export them: CSV in the encodings that Chinese Excel writes, or XLSX. It gives rows of
//! cells with the places they came from and knows nothing of students. Every size is bounded, and no formula is worked
//! out.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use super::{csv_text, foreign, workbook};
use crate::cli_error::{CliError, CliResult, Exit};

/// The largest accepted file, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Columns beyond these are not looked at.
pub const COLUMNS: usize = 256;
/// A cell is kept up to here, in bytes; no name is longer.
const CELL: usize = 1024;

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

/// Reads a list: of a workbook each visible sheet, or the one of this name.
///
/// # Errors
/// A file that cannot be read, is too large, or is none of these kinds; or the sink's.
pub fn read(path: &Path, only: Option<&str>, sink: &mut dyn RowSink) -> CliResult<()> {
    let bytes = load(path)?;
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(bytes, only, sink);
    }
    if let Some(refused) = foreign::name(&bytes) {
        return Err(refused);
    }
    if only.is_some() {
        return Err(bad("a text file has no sheets", "leave --sheet out"));
    }
    let text = csv_text::decoded(&bytes)?;
    drop(bytes);
    csv_text::read(&text, sink)
}

fn load(path: &Path) -> CliResult<Vec<u8>> {
    let failed = |e| CliError::io(format!("cannot read {}", path.display()), &e);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        Err(bad(
            "this file is larger than 64 MB",
            "leave out the columns that are not needed, or import it in parts",
        ))
    } else {
        Ok(bytes)
    }
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
    sink: &mut dyn RowSink,
) -> CliResult<ControlFlow<()>> {
    if cells.iter().all(|cell| *cell == Cell::Empty) {
        Ok(ControlFlow::Continue(()))
    } else {
        sink.take(Row { line, cells })
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Keeps all that a list holds. A heading is a row that begins with 学号.
    #[derive(Default)]
    pub struct Kept {
        pub rows: Vec<Row>,
        pub sheets: Vec<String>,
        pub unread: Vec<(String, Unread)>,
    }

    impl RowSink for Kept {
        fn begin(&mut self, sheet: Option<&str>) {
            self.sheets.push(sheet.unwrap_or("").to_owned());
        }

        fn is_heading(&self, cells: &[Cell]) -> bool {
            cells.first() == Some(&Cell::Text("学号".into()))
        }

        fn take(&mut self, row: Row) -> CliResult<ControlFlow<()>> {
            self.rows.push(row);
            Ok(ControlFlow::Continue(()))
        }

        fn pass_over(&mut self, sheet: &str, why: Unread) {
            self.unread.push((sheet.to_owned(), why));
        }
    }

    pub fn read_bytes(bytes: &[u8], only: Option<&str>) -> CliResult<Kept> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list");
        std::fs::write(&path, bytes).unwrap();
        let mut kept = Kept::default();
        read(&path, only, &mut kept)?;
        Ok(kept)
    }

    pub fn rows_of(bytes: &[u8]) -> CliResult<Vec<Row>> {
        Ok(read_bytes(bytes, None)?.rows)
    }

    pub fn words(row: &Row) -> Vec<&str> {
        let word = |cell: &'_ Cell| -> &'static str {
            match cell {
                Cell::Text(text) => Box::leak(text.clone().into_boxed_str()),
                Cell::Empty => "",
                Cell::Rounded => "(rounded)",
                Cell::Disguised => "(disguised)",
                Cell::TooLong => "(long)",
                Cell::Other => "(other)",
            }
        };
        row.cells.iter().map(word).collect()
    }
}
