//! Rows that a workbook hides. They are read like the others, for a filter hides rows that are wanted; what was read
//! says how many there were. The parser of workbooks does not tell.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use roxmltree::{Document, Node};

/// The longest opening of a row that is looked at, in bytes, and the largest part that names the sheets.
const OPENING: usize = 512;
const INDEX: u64 = 4 * 1024 * 1024;
/// A sheet has no more rows.
const MOST_ROWS: usize = 1_048_576;
/// How the element of a row begins; some programs write it with a prefix.
const ROWS: [&[u8]; 2] = [b"<row ", b"<x:row "];

/// Finds hidden rows in the bytes of a sheet's part, as they come.
#[derive(Default)]
pub struct HiddenRows {
    /// The lines of the hidden rows.
    pub lines: BTreeSet<u64>,
    opening: Vec<u8>,
    /// The line of the row that was read last: a row may leave its own out.
    last: u64,
}

impl HiddenRows {
    /// Takes the next bytes, wherever they end.
    pub fn take(&mut self, bytes: &[u8]) {
        let mut rest = bytes.iter();
        loop {
            if self.opening.is_empty() {
                let Some(at) = memchr::memchr(b'<', rest.as_slice()) else {
                    return;
                };
                rest.nth(at);
                self.opening.push(b'<');
            }
            while !self.opening.is_empty() {
                let Some(byte) = rest.next() else {
                    return;
                };
                self.go_on(*byte);
            }
        }
    }

    /// The next byte of what may be the opening of a row. Most elements are none, and their second byte tells.
    fn go_on(&mut self, byte: u8) {
        match byte {
            b'<' => {
                self.opening.clear();
                self.opening.push(byte);
            }
            b'>' => {
                self.read();
                self.opening.clear();
            }
            _ => {
                self.opening.push(byte);
                let opening = &self.opening;
                let is_row = |row: &&[u8]| row.iter().zip(opening).all(|(wanted, is)| wanted == is);
                if opening.len() > OPENING || !ROWS.iter().any(is_row) {
                    self.opening.clear();
                }
            }
        }
    }

    fn read(&mut self) {
        let opening = String::from_utf8_lossy(&self.opening);
        let value = |name: &str| {
            let (_, rest) = opening.split_once(name)?;
            let quote = rest.chars().next().filter(|c| "\"'".contains(*c))?;
            let (value, _) = rest.get(1..)?.split_once(quote)?;
            Some(value)
        };
        let line = value(" r=").and_then(|line| line.parse().ok());
        let line = line.unwrap_or(self.last.saturating_add(1));
        let is_hidden = value(" hidden=").is_some_and(|it| it == "1" || it == "true");
        self.last = line;
        if is_hidden && self.lines.len() < MOST_ROWS {
            self.lines.insert(line);
        }
    }
}

/// Hidden rows by the names of the sheets, from those by the names of the parts (ECMA-376 part 1, 18.2.19). What cannot
/// be read here gives none: the rows themselves are read by the parser.
pub fn by_sheet(
    bytes: &[u8],
    parts: &BTreeMap<String, BTreeSet<u64>>,
) -> BTreeMap<String, BTreeSet<u64>> {
    if parts.is_empty() {
        return BTreeMap::new();
    }
    named(bytes, parts).unwrap_or_default()
}

fn named(
    bytes: &[u8],
    parts: &BTreeMap<String, BTreeSet<u64>>,
) -> Option<BTreeMap<String, BTreeSet<u64>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = |name: &str| {
        let mut text = String::new();
        let part = archive.by_name(name).ok()?;
        part.take(INDEX).read_to_string(&mut text).ok()?;
        Some(text)
    };
    let (sheets, targets) = (
        text("xl/workbook.xml")?,
        text("xl/_rels/workbook.xml.rels")?,
    );
    let (sheets, targets) = (
        Document::parse(&sheets).ok()?,
        Document::parse(&targets).ok()?,
    );
    let has_name = |name: &'static str| move |node: &Node| node.tag_name().name() == name;
    let targets: BTreeMap<&str, String> = targets
        .descendants()
        .filter(has_name("Relationship"))
        .filter_map(|node| {
            let target = node.attribute("Target")?;
            let path = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("xl/{target}"),
            };
            Some((node.attribute("Id")?, path))
        })
        .collect();
    let found = sheets.descendants().filter(has_name("sheet"));
    let found = found.filter_map(|node| {
        let mut attributes = node.attributes();
        let id = attributes.find(|it| it.name() == "id" && it.namespace().is_some())?;
        let lines = parts.get(targets.get(id.value())?)?;
        Some((node.attribute("name")?.to_owned(), lines.clone()))
    });
    Some(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(sheet: &str) -> Vec<u64> {
        let mut rows = HiddenRows::default();
        sheet
            .as_bytes()
            .chunks(7)
            .for_each(|bytes| rows.take(bytes));
        rows.lines.into_iter().collect()
    }

    #[test]
    fn hidden_rows_are_found_by_their_lines() {
        let sheet = "<sheetData><row r=\"1\"><c/></row><row r=\"2\" hidden=\"1\"/><row spans='1:3' hidden='true' r='7'>\
            <c r=\"A7\" hidden=\"1\"/></row><row hidden=\"1\"></row><row r=\"9\" hidden=\"0\"/><x:row r=\"11\" hidden=\"1\"/>\
            <rowBreaks hidden=\"1\"/><row r=\"12\" ht=\"1\"";
        assert_eq!(lines(sheet), [2, 7, 8, 11]);
        let long = format!("<row a=\"{}\" hidden=\"1\">", "x".repeat(2 * OPENING));
        assert_eq!(lines(&long), [0; 0]);
    }
}
