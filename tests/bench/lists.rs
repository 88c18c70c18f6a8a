//! The roster: how long a list of 100,000 takes to be read, checked, sealed and kept by `yingxin roster import`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use crate::place::Place;
use crate::table::{Table, Unit, ms};

const ROWS: usize = 100_000;
/// For CSV and for a workbook, in milliseconds.
const LIMIT: f64 = 5000.0;

pub fn roster(table: &mut Table, place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("CSV", folder.path().join("list.csv")),
        ("XLSX", folder.path().join("list.xlsx")),
    ];
    std::fs::write(&files[0].1, csv()).unwrap();
    workbook(&files[1].1);
    for (kind, file) in &files {
        let began = Instant::now();
        let output = place.roster_import("listed", file).output().unwrap();
        let took = ms(began.elapsed());
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.starts_with("imported: 100000 rows"), "{output:?}");
        let what = format!("a roster of {ROWS} rows imported, {kind}");
        table.held(&what, (took, LIMIT), Unit::Ms, String::new());
    }
}

fn rows() -> impl Iterator<Item = [String; 3]> {
    (0..ROWS).map(|n| {
        [
            format!("2026{n:06}"),
            format!("学生{n}"),
            format!("138{n:08}"),
        ]
    })
}

fn csv() -> String {
    let lines = rows().map(|row| row.join(",") + "\n");
    "学号,姓名,手机号\n".to_owned() + &lines.collect::<String>()
}

/// Cells with their texts in them, the slowest form that spreadsheets write.
fn workbook(path: &Path) {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let mut sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>");
    let heads = ["学号", "姓名", "手机号"].map(String::from);
    for (at, row) in std::iter::once(heads).chain(rows()).enumerate() {
        let line = at + 1;
        let _ = write!(sheet, "<row r=\"{line}\">");
        for (column, text) in ["A", "B", "C"].iter().zip(row) {
            let _ = write!(
                sheet,
                "<c r=\"{column}{line}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"
            );
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!("<Types xmlns=\"{PACKAGE}/content-types\"/>"),
        ),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"list\" sheetId=\"1\" \
                 r:id=\"r\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}
