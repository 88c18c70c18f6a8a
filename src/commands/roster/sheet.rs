//! Reading a list as campuses export them: CSV in the encodings that Chinese Excel writes, or XLSX. It gives rows of
//! cells with the places they came from and knows nothing of students. Every size is bounded, and no formula is worked
//! out.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::cli_error::{CliError, CliResult, Exit};

/// The largest accepted file, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The most that an XLSX may unpack to, all in all, in bytes: a small file can claim to hold gigabytes.
const UNPACKED: u64 = 512 * 1024 * 1024;
/// The most that its texts may unpack to, in bytes: they are all in memory at once.
const TEXTS: u64 = 96 * 1024 * 1024;
/// Columns beyond these are not looked at.
const COLUMNS: usize = 256;
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

/// Reads a list and passes each non-empty row to `take`, until `take` returns an error.
///
/// # Errors
/// A file that cannot be read, is too large, or is none of these kinds.
pub fn read(
    path: &Path,
    sheet: Option<&str>,
    take: &mut dyn FnMut(Row) -> CliResult<()>,
) -> CliResult<()> {
    let bytes = load(path)?;
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes, sheet, take);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(bad(
            "this is an old Excel workbook (.xls), or one with a password",
            "save it as .xlsx or as CSV, without a password",
        ));
    }
    text(&decoded(&bytes)?, take)
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

fn bad(what: impl Into<String>, remedy: &str) -> CliError {
    CliError::new(Exit::BadData, what, remedy)
}

/// The encoding of the byte order mark, else UTF-8 if it is valid, else GBK, which Chinese Windows writes.
fn decoded(bytes: &[u8]) -> CliResult<String> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    let known = [UTF_8, UTF_16LE, UTF_16BE, GB18030].contains(&encoding);
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    match decoded {
        Some(text) if known && !text.contains('\0') => Ok(text.into_owned()),
        _ => Err(bad(
            format!(
                "this is no CSV file: line {} is neither UTF-8 nor GBK text",
                bad_line(encoding, bytes)
            ),
            "save it as \"CSV UTF-8\" or as .xlsx",
        )),
    }
}

/// The first line that is no text in this encoding.
fn bad_line(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let lines = bytes.split(|byte| *byte == b'\n');
    let is_bad = |line: &[u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(line);
        text.is_none_or(|text| text.contains('\0'))
    };
    lines
        .take_while(|line| !is_bad(line))
        .count()
        .saturating_add(1)
}

fn text(text: &str, take: &mut dyn FnMut(Row) -> CliResult<()>) -> CliResult<()> {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let count = |mark: char| first.map_or(0, |line| line.matches(mark).count());
    let delimiter = [b'\t', b';'].into_iter().find(|mark| {
        let mark = char::from(*mark);
        count(mark) > count(',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    loop {
        let read = reader.read_record(&mut record).map_err(|e| {
            bad(
                format!("this is no CSV file: {e}"),
                "save it again, or as .xlsx",
            )
        })?;
        if !read {
            return Ok(());
        }
        let line = record.position().map_or(0, |at| line_of(text, at));
        let cells = record.iter().take(COLUMNS).map(written).collect();
        row(line, cells, take)?;
    }
}

/// The line that a record begins in: the reader counts from the empty ones before it.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let rest = usize::try_from(at.byte())
        .ok()
        .and_then(|byte| text.get(byte..));
    let empty = rest
        .unwrap_or_default()
        .bytes()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| *byte == b'\n');
    at.line().saturating_add(empty.count() as u64)
}

/// A cell of a text file. `="20260001"` and `'20260001` are how people keep Excel from rounding a number.
fn written(cell: &str) -> Cell {
    let cell = cell.trim();
    let cell = cell
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .or_else(|| cell.strip_prefix('\''))
        .unwrap_or(cell);
    let is_short_form = |mark: char| {
        cell.split_once(mark).is_some_and(|(head, power)| {
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            !power.is_empty()
                && digits(power.strip_prefix('+').unwrap_or(power))
                && power.starts_with('+')
                && head.contains('.')
                && digits(&head.replacen('.', "", 1))
        })
    };
    if is_short_form('E') || is_short_form('e') {
        return Cell::Rounded;
    }
    bounded(cell)
}

fn bounded(text: &str) -> Cell {
    let text = text.trim();
    match text.len() {
        0 => Cell::Empty,
        n if n > CELL => Cell::TooLong,
        _ => Cell::Text(text.to_owned()),
    }
}

fn row(line: u64, cells: Vec<Cell>, take: &mut dyn FnMut(Row) -> CliResult<()>) -> CliResult<()> {
    if cells.iter().all(|cell| *cell == Cell::Empty) {
        Ok(())
    } else {
        take(Row { line, cells })
    }
}

fn workbook(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    take: &mut dyn FnMut(Row) -> CliResult<()>,
) -> CliResult<()> {
    check_unpacked(&bytes, UNPACKED, TEXTS)?;
    // The parser is foreign code, and the file is untrusted.
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cells(bytes, sheet, take)));
    read.unwrap_or_else(|_| Err(no_workbook("its parts do not fit together")))
}

fn no_workbook(why: impl std::fmt::Display) -> CliError {
    bad(
        format!("this workbook cannot be read: {why}"),
        "open it in a spreadsheet and save it again, or save it as \"CSV UTF-8\"",
    )
}

/// Unpacks everything once without keeping it, and stops at the limit: the sizes in the file are untrusted.
fn check_unpacked(bytes: &[u8], all: u64, texts: u64) -> CliResult<()> {
    let too_large = || no_workbook("it unpacks to far more than a list of students holds");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(no_workbook)?;
    let mut left = all;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(no_workbook)?;
        let is_sheet = part
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().contains("/worksheets/"));
        let most = if is_sheet { left } else { left.min(texts) };
        let mut part = part.take(most.saturating_add(1));
        let read = std::io::copy(&mut part, &mut std::io::sink()).map_err(no_workbook)?;
        if read > most {
            return Err(too_large());
        }
        left -= read;
    }
    Ok(())
}

fn cells(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    take: &mut dyn FnMut(Row) -> CliResult<()>,
) -> CliResult<()> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(no_workbook)?;
    let sheets = workbook.sheet_names();
    let name = match sheet {
        Some(name) if sheets.iter().any(|known| known == name) => name.to_owned(),
        Some(_) => {
            return Err(bad(
                "the workbook has no sheet of that name",
                "leave --sheet out to read the first one",
            ));
        }
        None => sheets
            .into_iter()
            .next()
            .ok_or_else(|| no_workbook("it has no sheet"))?,
    };
    let mut reader = workbook
        .worksheet_cells_reader(&name)
        .map_err(no_workbook)?;
    let (mut line, mut found) = (0u64, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(no_workbook)? {
        let (at, column) = cell.get_position();
        let (at, column) = (u64::from(at).saturating_add(1), column as usize);
        if at != line {
            if at < line {
                return Err(no_workbook("its rows are not in order"));
            }
            row(line, std::mem::take(&mut found), take)?;
            line = at;
        }
        if column < COLUMNS {
            if found.len() <= column {
                found.resize(column.saturating_add(1), Cell::Empty);
            }
            if let Some(place) = found.get_mut(column) {
                *place = held(cell.get_value());
            }
        }
    }
    row(line, found, take)
}

/// A cell of a workbook. A number is taken while a spreadsheet keeps it exactly, which is up to 15 digits.
fn held(value: &DataRef<'_>) -> Cell {
    const EXACT: f64 = 1e15;
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => bounded(text),
        DataRef::SharedString(text) => bounded(text),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            Cell::Text(format!("{number:.0}"))
        }
        DataRef::Float(_) => Cell::Rounded,
        _ => Cell::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn rows_of(bytes: &[u8]) -> CliResult<Vec<Row>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list");
        std::fs::write(&path, bytes).unwrap();
        let mut rows = Vec::new();
        read(&path, None, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    fn words(row: &Row) -> Vec<&str> {
        let word = |cell: &'_ Cell| -> &'static str {
            match cell {
                Cell::Text(text) => Box::leak(text.clone().into_boxed_str()),
                Cell::Empty => "",
                Cell::Rounded => "(rounded)",
                Cell::TooLong => "(long)",
                Cell::Other => "(other)",
            }
        };
        row.cells.iter().map(word).collect()
    }

    #[test]
    fn what_chinese_excel_writes_is_read_the_same_in_every_encoding() {
        let text = "学号,姓名\r\n\r\n20260001,欧阳娜娜\r\n";
        let (gbk, _, _) = GB18030.encode(text);
        let mut bom = b"\xef\xbb\xbf".to_vec();
        bom.extend_from_slice(text.as_bytes());
        let tabs = text.replace(',', "\t");
        let mut wide = vec![0xff, 0xfe];
        tabs.encode_utf16()
            .for_each(|unit| wide.extend_from_slice(&unit.to_le_bytes()));
        for bytes in [text.as_bytes(), &gbk, &bom, &wide] {
            let rows = rows_of(bytes).unwrap();
            assert_eq!(rows.len(), 2, "{bytes:?}");
            assert_eq!(words(&rows[0]), ["学号", "姓名"]);
            assert_eq!(words(&rows[1]), ["20260001", "欧阳娜娜"]);
            assert_eq!((rows[0].line, rows[1].line), (1, 3));
        }
    }

    #[test]
    fn a_cell_is_what_was_meant_or_says_that_it_is_not_known() {
        let rows = rows_of("a,b\n=\"20260001\",'007\n2.026E+11,\"a\nb\"\n".as_bytes()).unwrap();
        assert_eq!(words(&rows[1]), ["20260001", "007"]);
        assert_eq!(words(&rows[2]), ["(rounded)", "a\nb"]);
        let long = format!("a,b\n{},x\n", "长".repeat(400_000));
        assert_eq!(
            words(&rows_of(long.as_bytes()).unwrap()[1]),
            ["(long)", "x"]
        );
        assert_eq!(
            held(&DataRef::Float(202_600_000_001.0)),
            Cell::Text("202600000001".into())
        );
        assert_eq!(held(&DataRef::Float(2.0e17)), Cell::Rounded);
        assert_eq!(held(&DataRef::Float(0.5)), Cell::Rounded);
    }

    #[test]
    fn what_is_no_list_is_refused_and_says_where() {
        for bytes in [
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
            b"PK\x03\x04 and no more",
            b"a,b\n\0\0\0\n",
        ] {
            assert_eq!(rows_of(bytes).unwrap_err().exit, Exit::BadData);
        }
        let mut broken = b"a,b\nc,d\n".to_vec();
        broken.extend_from_slice(b"\xff\xff\xff\n");
        let refused = rows_of(&broken).unwrap_err();
        assert!(refused.what.contains("line 3"), "{}", refused.what);
    }

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            archive
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn workbook_of(sheet_rows: &str) -> Vec<u8> {
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheet_rows}\
             </sheetData></worksheet>"
        );
        archive(&[
            (
                "[Content_Types].xml",
                b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
            ),
            (
                "_rels/.rels",
                b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                  Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
                  Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                 xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet \
                 name=\"新生\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                    .as_bytes(),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                  Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
                  Target=\"worksheets/sheet1.xml\"/></Relationships>",
            ),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }

    #[test]
    fn a_workbook_is_read_with_its_own_row_numbers_and_no_formula_is_worked_out() {
        let text = |at: &str, text: &str| {
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let rows = format!(
            "<row r=\"1\">{}{}</row><row r=\"4\"><c r=\"A4\"><v>202600000001</v></c>{}</row>\
             <row r=\"5\"><c r=\"A5\"><v>2.0260000000000001E+17</v></c><c r=\"B5\" t=\"str\"><f>1/0</f></c></row>\
             <row r=\"1048576\">{}</row>",
            text("A1", "学号"),
            text("B1", "姓名"),
            text("B4", "张三"),
            text("ZZ1048576", "far out"),
        );
        let rows = rows_of(&workbook_of(&rows)).unwrap();
        assert_eq!(words(&rows[0]), ["学号", "姓名"]);
        assert_eq!(words(&rows[1]), ["202600000001", "张三"]);
        assert_eq!(words(&rows[2])[0], "(rounded)");
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 4, 5]);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.xlsx");
        std::fs::write(&path, workbook_of("")).unwrap();
        let refused = read(&path, Some("老生"), &mut |_| Ok(()));
        assert!(refused.unwrap_err().what.contains("no sheet of that name"));
    }

    #[test]
    fn a_small_file_that_unpacks_to_gigabytes_is_refused() {
        let spaces = vec![b' '; 1024 * 1024];
        let bomb = |name| archive(&[("xl/workbook.xml", b"<workbook/>"), (name, &spaces)]);
        let (texts, sheet) = (
            bomb("xl/sharedStrings.xml"),
            bomb("xl/worksheets/sheet1.xml"),
        );
        assert!(texts.len() < 10 * 1024);
        let megabyte = 1024 * 1024;
        assert!(check_unpacked(&texts, 2 * megabyte, megabyte).is_ok());
        assert!(check_unpacked(&sheet, 2 * megabyte, 1000).is_ok());
        for (bytes, all, most) in [
            (&texts, 2 * megabyte, megabyte - 1),
            (&sheet, megabyte, megabyte),
        ] {
            let refused = check_unpacked(bytes, all, most).unwrap_err();
            assert!(refused.what.contains("unpacks"), "{}", refused.what);
        }
        let nothing = archive(&[("xl/workbook.xml", b"<workbook/>")]);
        assert_eq!(rows_of(&nothing).unwrap_err().exit, Exit::BadData);
    }
}
