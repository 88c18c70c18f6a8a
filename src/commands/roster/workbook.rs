//! Lists in workbooks (XLSX): each visible sheet, with its cells as the sheet shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::hidden_rows;
use super::number_format::NumberFormat;
use super::parts::{self, PartLimits, no_workbook};
use super::rows::{COLUMNS, Cell, RowSink, Unread, bad, bounded, hand_over};
use crate::cli_error::CliResult;
use crate::cli_lang::both;

/// More sheets than these are no list.
pub const SHEETS: usize = 200;
/// A spreadsheet keeps a number exactly up to 15 digits.
const EXACT: f64 = 1e15;

/// Hands over the rows of each visible sheet, or of the one of this name.
///
/// # Errors
/// No workbook that can be read, a limit, no sheet of this name; or the sink's.
pub fn read(bytes: Vec<u8>, only: Option<&str>, sink: &mut dyn RowSink) -> CliResult<()> {
    let hidden = hidden_rows::by_sheet(&bytes, &parts::check(&bytes, &PartLimits::USUAL)?);
    // The parser is foreign code, and the file is untrusted.
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        sheets(bytes, only, &hidden, sink)
    }));
    read.unwrap_or_else(|_| {
        Err(no_workbook(both!(
            "its parts do not fit together",
            "各部件对不上"
        )))
    })
}

fn sheets(
    bytes: Vec<u8>,
    only: Option<&str>,
    hidden: &BTreeMap<String, BTreeSet<u64>>,
    sink: &mut dyn RowSink,
) -> CliResult<()> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(no_workbook)?;
    let sheets = workbook.sheets_metadata().to_vec();
    if sheets.is_empty() {
        return Err(no_workbook(both!("it has no sheet", "里面没有工作表")));
    }
    if sheets.len() > SHEETS {
        return Err(bad(
            both!(
                "this workbook has {} sheets, and {SHEETS} are read at the most",
                "这个工作簿有 {} 张表，最多读 {SHEETS} 张",
                sheets.len()
            ),
            both!(
                "copy the lists into a new workbook",
                "请把名单复制到新的工作簿"
            ),
        ));
    }
    if only.is_some_and(|only| sheets.iter().all(|sheet| sheet.name != only)) {
        return Err(bad(
            both!(
                "the workbook has no sheet of that name",
                "工作簿里没有这个名称的表"
            ),
            both!(
                "leave --sheet out to read every sheet that it shows",
                "不写 --sheet，显示的每张表都会读"
            ),
        ));
    }
    for sheet in sheets {
        let unread = match (only, sheet.visible) {
            (Some(only), _) if only != sheet.name => Some(Unread::NotNamed),
            (None, SheetVisible::Hidden | SheetVisible::VeryHidden) => Some(Unread::Hidden),
            _ if sheet.typ != SheetType::WorkSheet => Some(Unread::NoCells),
            _ => None,
        };
        match unread {
            Some(why) => sink.pass_over(&sheet.name, why),
            None => {
                sink.begin(Some(&sheet.name));
                let hidden = hidden.get(&sheet.name);
                let read = rows(&mut workbook, &sheet.name, &mut |line, cells| {
                    let is_hidden = hidden.is_some_and(|lines| lines.contains(&line));
                    hand_over(line, cells, is_hidden, sink)
                });
                read?;
            }
        }
    }
    Ok(())
}

fn rows(
    workbook: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    take: &mut dyn FnMut(u64, Vec<Cell>) -> CliResult<ControlFlow<()>>,
) -> CliResult<()> {
    let mut reader = workbook
        .worksheet_cells_reader(sheet)
        .map_err(no_workbook)?;
    let formats: Vec<NumberFormat> = reader.styles().iter().map(format_of).collect();
    let (mut line, mut found) = (0u64, Vec::new());
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(no_workbook)? {
        let (at, column) = cell.get_position();
        let (at, column) = (u64::from(at).saturating_add(1), column as usize);
        if at != line {
            if at < line {
                return Err(no_workbook(both!(
                    "its rows are not in order",
                    "各行次序不对"
                )));
            }
            if take(line, std::mem::take(&mut found))?.is_break() {
                return Ok(());
            }
            line = at;
        }
        if column < COLUMNS {
            if found.len() <= column {
                found.resize(column.saturating_add(1), Cell::Empty);
            }
            if let Some(place) = found.get_mut(column) {
                *place = held(cell.get_value(), formats.get(style));
            }
        }
    }
    take(line, found).map(|_| ())
}

fn format_of(style: &calamine::Style) -> NumberFormat {
    match &style.number_format {
        Some(format) => NumberFormat::parse(&format.format_code),
        None => NumberFormat::Plain,
    }
}

/// A cell of a workbook. A number is taken while a spreadsheet keeps it exactly.
fn held(value: &DataRef<'_>, format: Option<&NumberFormat>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => bounded(text),
        DataRef::SharedString(text) => bounded(text),
        DataRef::Int(number) => shown(i128::from(*number), format),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            // Exact: a whole number below 2^53.
            shown(*number as i128, format)
        }
        DataRef::Float(_) => Cell::Rounded,
        DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_)
        | DataRef::Error(_) => Cell::Other,
    }
}

fn shown(number: i128, format: Option<&NumberFormat>) -> Cell {
    let Ok(positive) = u64::try_from(number) else {
        return Cell::Text(number.to_string());
    };
    match format.unwrap_or(&NumberFormat::Plain).shown(positive) {
        Some(text) => bounded(&text),
        None => Cell::Disguised,
    }
}

#[cfg(test)]
pub mod tests {
    use std::io::Write;

    use super::super::sheet::tests::{read_bytes, rows_of, words};
    use super::*;
    use crate::cli_error::Exit;

    pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            archive
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// A workbook of sheets (name, state, rows) whose styles are these number formats.
    pub fn workbook(sheets: &[(&str, &str, &str)], formats: &[&str]) -> Vec<u8> {
        let mut listed = String::new();
        let mut targets = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for (n, (name, state, rows)) in (1..).zip(sheets) {
            listed += &format!(
                "<sheet name=\"{name}\" sheetId=\"{n}\" state=\"{state}\" r:id=\"rId{n}\"/>"
            );
            targets += &format!(
                "<Relationship Id=\"rId{n}\" Type=\"{KINDS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            parts.push((
                format!("xl/worksheets/sheet{n}.xml"),
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            ));
        }
        let codes: String = (164..)
            .zip(formats)
            .map(|(n, code)| format!("<numFmt numFmtId=\"{n}\" formatCode=\"{code}\"/>"))
            .collect();
        let styles: String = (164..)
            .zip(formats)
            .map(|(n, _)| format!("<xf numFmtId=\"{n}\"/>"))
            .collect();
        parts.extend([
            (
                "[Content_Types].xml".to_owned(),
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
            ),
            (
                "_rels/.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r\" Type=\"{KINDS}/officeDocument\" \
                     Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{KINDS}\"><sheets>{listed}</sheets></workbook>"),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!("<Relationships xmlns=\"{RELATIONS}\">{targets}</Relationships>"),
            ),
            (
                "xl/styles.xml".to_owned(),
                format!(
                    "<styleSheet xmlns=\"{MAIN}\"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId=\"0\"/>{styles}\
                     </cellXfs></styleSheet>"
                ),
            ),
        ]);
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes()))
            .collect();
        archive(&parts)
    }

    fn text(at: &str, text: &str) -> String {
        format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    /// A row of 学号 and 姓名.
    fn heading() -> String {
        format!(
            "<row r=\"1\">{}{}</row>",
            text("A1", "学号"),
            text("B1", "姓名")
        )
    }

    #[test]
    fn a_workbook_is_read_with_its_own_row_numbers_and_no_formula_is_worked_out() {
        let rows = format!(
            "{}<row r=\"4\"><c r=\"A4\"><v>202600000001</v></c>{}</row>\
             <row r=\"5\"><c r=\"A5\"><v>2.0260000000000001E+17</v></c><c r=\"B5\" t=\"str\"><f>1/0</f></c></row>\
             <row r=\"1048576\">{}</row>",
            heading(),
            text("B4", "张三"),
            text("ZZ1048576", "far out"),
        );
        let bytes = workbook(&[("新生", "visible", &rows)], &[]);
        let rows = rows_of(&bytes).unwrap();
        assert_eq!(words(&rows[0]), ["学号", "姓名"]);
        assert_eq!(words(&rows[1]), ["202600000001", "张三"]);
        assert_eq!(words(&rows[2])[0], "(rounded)");
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 4, 5]);
        let refused = read_bytes(&bytes, Some("老生")).err().unwrap();
        assert!(refused.what.contains("no sheet of that name"));
    }

    #[test]
    fn a_number_is_read_as_the_sheet_shows_it() {
        let row = |line: u32, style: u32, number: &str| {
            format!("<row r=\"{line}\"><c r=\"A{line}\" s=\"{style}\"><v>{number}</v></c></row>")
        };
        let rows = heading()
            + &row(2, 0, "26010001")
            + &row(3, 1, "26010001")
            + &row(4, 2, "260001")
            + &row(5, 3, "20260001")
            + &row(6, 1, "0.5")
            + &row(7, 1, "-5")
            + &row(8, 9, "7");
        let formats = ["0000000000", "&quot;20&quot;000000", "0%"];
        let rows = rows_of(&workbook(&[("a", "visible", &rows)], &formats)).unwrap();
        let read: Vec<&str> = rows.iter().skip(1).map(|row| words(row)[0]).collect();
        assert_eq!(
            read,
            [
                "26010001",
                "0026010001",
                "20260001",
                "(disguised)",
                "(rounded)",
                "-5",
                "7"
            ]
        );
    }

    #[test]
    fn every_visible_sheet_is_read_and_a_hidden_one_only_by_its_name() {
        let row = |number: &str| format!("{}<row r=\"2\">{}</row>", heading(), text("A2", number));
        let (old, one, two) = (row("20250001"), row("20260001"), row("20260002"));
        let bytes = workbook(
            &[
                ("2025级", "hidden", &old),
                ("土木", "visible", &one),
                ("草稿", "veryHidden", &old),
                ("化工", "visible", &two),
            ],
            &[],
        );
        let kept = read_bytes(&bytes, None).unwrap();
        assert_eq!(kept.sheets, ["土木", "化工"]);
        assert_eq!(
            kept.unread,
            [
                ("2025级".to_owned(), Unread::Hidden),
                ("草稿".to_owned(), Unread::Hidden)
            ]
        );
        assert_eq!(kept.rows.len(), 4);
        let named = read_bytes(&bytes, Some("2025级")).unwrap();
        assert_eq!(named.sheets, ["2025级"]);
        assert!(
            named
                .unread
                .contains(&("化工".to_owned(), Unread::NotNamed))
        );
    }

    #[test]
    fn a_row_that_the_sheet_hides_is_read_and_named_so() {
        let rows = format!(
            "{}<row r=\"2\" hidden=\"1\">{}</row><row r=\"3\">{}</row><row r=\"4\" hidden=\"1\"/>",
            heading(),
            text("A2", "20260001"),
            text("A3", "20260002")
        );
        let other = format!("{}<row r=\"3\" hidden=\"1\"></row>", heading());
        let sheets = [("土木", "visible", &*rows), ("化工", "visible", &*other)];
        let read = rows_of(&workbook(&sheets, &[])).unwrap();
        let hidden: Vec<(u64, bool)> = read.iter().map(|row| (row.line, row.is_hidden)).collect();
        assert_eq!(hidden, [(1, false), (2, true), (3, false), (1, false)]);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
            b"PK\x03\x04 and no more",
            &archive(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("xl/workbook.xml", b"<workbook/>"),
            ]),
            &workbook(&[], &[]),
        ] {
            assert_eq!(rows_of(bytes).unwrap_err().exit, Exit::BadData);
        }
    }
}
