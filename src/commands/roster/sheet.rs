//! Reading a list as campuses export them: CSV in the encodings that Chinese Excel writes, or XLSX. It gives rows of
//! cells with the places they came from and knows nothing of students. Every size is bounded, and no formula is worked
//! out.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::rows::{RowSink, bad};
use super::{csv_text, foreign, workbook};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;

/// The largest accepted file, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;
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
        return Err(bad(
            both!("a text file has no sheets", "文字文件没有工作表"),
            both!("leave --sheet out", "请不要写 --sheet"),
        ));
    }
    let text = csv_text::decoded(&bytes)?;
    drop(bytes);
    csv_text::read(&text, sink)
}

fn load(path: &Path) -> CliResult<Vec<u8>> {
    let failed = |e| CliError::io(both!("cannot read {}", "读不了 {}", path.display()), &e);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        Err(bad(
            both!("this file is larger than 64 MB", "这个文件超过 64 MB"),
            both!(
                "leave out the columns that are not needed, or import it in parts",
                "请去掉用不着的列，或分几次导入"
            ),
        ))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
pub mod tests {
    use std::ops::ControlFlow;

    use super::super::rows::{Cell, Row, Unread};
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
