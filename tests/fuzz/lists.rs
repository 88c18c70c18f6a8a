//! Lists of students: text in the encodings of spreadsheets, and workbooks.

use std::path::Path;
use std::time::Duration;

use super::{Target, assert_harmless, cases, folder, kind};
use crate::campus::pack;
use crate::commands::roster::people::People;
use crate::commands::roster::workbook::tests::archive;
use crate::commands::roster::{Headings, sheet, told};
use crate::store::Enrolled;

pub const CSV: Target = Target {
    name: "csv",
    words: &[
        "学号",
        "姓名",
        "手机号",
        "20260001",
        ",",
        ";",
        "\t",
        "|",
        "\"",
        "\"\"",
        "\r\n",
        "\n",
        "\u{feff}",
        "13800138000",
    ],
    seeds: || cases(&[".csv", ".txt", ".xls"]),
    longest: 64 * 1024,
    slowest: Duration::from_secs(3),
    memory: 256,
    read: |bytes| students_of(bytes, is_read_again),
};

/// A workbook is written as its parts, each below a line `=== NAME`, so that what is changed is in the parts; a file that
/// begins as an archive is given as it is.
pub const XLSX: Target = Target {
    name: "xlsx",
    words: &[
        "<row r=\"1\">",
        "</row>",
        "<c r=\"A1\" t=\"s\">",
        "<c r=\"XFD1048576\">",
        "<v>",
        "</v>",
        "<is><t>",
        "</t></is>",
        "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>",
        "t=\"inlineStr\"",
        "t=\"d\"",
        "s=\"0\"",
        "&lt;",
        "&#x1b;",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "<![CDATA[",
        "]]>",
        "<si><t>",
        "</t></si>",
        "<numFmt numFmtId=\"164\" formatCode=\"0\"/>",
        "<xf numFmtId=\"164\"/>",
        "\n=== xl/sharedStrings.xml\n",
        "\n=== xl/styles.xml\n",
        "\n=== xl/worksheets/sheet1.xml\n",
        "00000000",
    ],
    seeds: || cases(&[".xlsx"]),
    longest: 256 * 1024,
    slowest: Duration::from_secs(10),
    // An import may take 1024 MB; this is what no small file may reach.
    memory: 512,
    read: |bytes| {
        if bytes.starts_with(b"PK\x03\x04") {
            students_of(bytes, |_| ())
        } else {
            students_of(&zipped(bytes), |_| ())
        }
    },
};

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts: Vec<(&str, &[u8])> = Vec::new();
    for part in text.split("\n=== ") {
        let (name, content) = part.split_once('\n').unwrap_or((part, ""));
        let name = name.trim_start_matches("=== ");
        // An archive cannot be written with two parts of one name.
        if !parts.iter().any(|(known, _)| *known == name) && parts.len() < 50 {
            parts.push((name, content.as_bytes()));
        }
    }
    archive(&parts)
}

/// Reads a list as an import does. What is told of it is harmless, and so are the students.
fn students_of(bytes: &[u8], check: fn(&[Enrolled])) -> String {
    let dir = folder();
    let path = dir.path().join("list");
    std::fs::write(&path, bytes).unwrap();
    let headings = Headings::default();
    match read(&path, &headings) {
        Ok((students, told)) => {
            for line in told.lines() {
                assert_harmless(line);
            }
            for enrolled in &students {
                assert_harmless(enrolled.student.number.as_str());
                assert_harmless(enrolled.student.name.as_str());
            }
            check(&students);
            let quoted = told.split(": ").last().unwrap_or_default();
            format!("{} students; {}", students.len().min(2), kind(quoted))
        }
        Err(refused) => kind(&refused.what),
    }
}

fn read(path: &Path, headings: &Headings) -> crate::cli_error::CliResult<(Vec<Enrolled>, String)> {
    let rule = pack::embedded().unwrap().rules.student_number;
    let mut people = People::new(headings, &rule);
    sheet::read(path, None, &mut people)?;
    people.finish()?;
    let told = told::told(&people, &headings.wanted());
    Ok((people.students, told))
}

/// Students that were accepted are accepted again, as the same ones.
fn is_read_again(students: &[Enrolled]) {
    if students.is_empty() {
        return;
    }
    let mut sheet = csv::Writer::from_writer(Vec::new());
    sheet.write_record(["学号", "姓名", "手机号"]).unwrap();
    for enrolled in students {
        let mobile = enrolled
            .mobile
            .as_ref()
            .map_or("", |mobile| mobile.as_str());
        let student = &enrolled.student;
        sheet
            .write_record([student.number.as_str(), student.name.as_str(), mobile])
            .unwrap();
    }
    let dir = folder();
    let path = dir.path().join("again");
    std::fs::write(&path, sheet.into_inner().unwrap()).unwrap();
    let (again, told) = read(&path, &Headings::default()).unwrap();
    assert_eq!(again, students, "{told}");
}
