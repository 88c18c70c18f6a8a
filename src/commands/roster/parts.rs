//! The bounds of a workbook, checked before the parser builds anything from it: the parts of an XLSX are unpacked once
//! without being kept, and their elements counted. A small file can claim to hold gigabytes, or millions of styles.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::foreign;
use super::hidden_rows::HiddenRows;
use super::rows::bad;
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;

/// What a workbook may hold. [`PartLimits::USUAL`] stands in `yingxin help limits`.
#[derive(Clone, Copy, Debug)]
pub struct PartLimits {
    /// Parts.
    pub parts: usize,
    /// What all parts unpack to, in bytes.
    pub unpacked: u64,
    /// What a part unpacks to that is no sheet, in bytes: its texts are all in memory at once.
    pub texts: u64,
    /// Elements of the sheets, all in all.
    pub cells: u64,
    /// Elements of the shared texts.
    pub strings: u64,
    /// Elements of any other part: the parser copies font and border into each style.
    pub styles: u64,
    /// The longest text or element, in bytes.
    pub stretch: u64,
    /// How deep elements stand in each other.
    pub depth: u64,
}

impl PartLimits {
    /// Half a million students in a dozen columns, with room to spare.
    pub const USUAL: PartLimits = PartLimits {
        parts: 2000,
        unpacked: 512 * 1024 * 1024,
        texts: 96 * 1024 * 1024,
        cells: 60_000_000,
        strings: 8_000_000,
        styles: 500_000,
        stretch: 256 * 1024,
        depth: 64,
    };
}

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartKind {
    Sheet,
    Strings,
    /// A picture: only its size counts.
    Picture,
    Other,
}

impl PartKind {
    fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let pictures = [
            "png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff",
        ];
        if name.contains("/worksheets/") && name.ends_with(".xml") {
            PartKind::Sheet
        } else if name.ends_with("sharedstrings.xml") {
            PartKind::Strings
        } else if name
            .rsplit_once('.')
            .is_some_and(|(_, end)| pictures.contains(&end))
        {
            PartKind::Picture
        } else {
            PartKind::Other
        }
    }
}

/// Checks the whole archive. Gives the lines of the rows that it hides, by the names of the sheets' parts.
///
/// # Errors
/// It is no archive or no workbook, or reaches a limit, which is named.
pub fn check(bytes: &[u8], limits: &PartLimits) -> CliResult<BTreeMap<String, BTreeSet<u64>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(no_workbook)?;
    if archive.len() > limits.parts {
        return Err(reached(both!(
            "more than {} parts",
            "超过 {} 个部件",
            limits.parts
        )));
    }
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let mimetype = mimetype(&mut archive);
    if let Some(refused) = foreign::archive(&names, mimetype.as_deref()) {
        return Err(refused);
    }
    let (mut left, mut cells) = (limits.unpacked, limits.cells);
    let mut hidden = BTreeMap::new();
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(no_workbook)?;
        let name = part
            .name()
            .map(|name| name.into_owned())
            .unwrap_or_default();
        let kind = PartKind::of(&name);
        let most = match kind {
            PartKind::Sheet => left,
            PartKind::Strings | PartKind::Picture | PartKind::Other => left.min(limits.texts),
        };
        let scan = scanned(part.take(most.saturating_add(1)), kind, limits)?;
        if scan.bytes > most {
            return Err(reached(both!(
                "parts that unpack to far more than a list of students holds",
                "解开后远大于一份名单的部件"
            )));
        }
        left = left.saturating_sub(scan.bytes);
        match kind {
            PartKind::Picture => {}
            PartKind::Sheet if scan.elements > cells => {
                return Err(reached(both!(
                    "more than {} elements in its sheets",
                    "各表里超过 {} 个元素",
                    limits.cells
                )));
            }
            PartKind::Sheet => {
                cells = cells.saturating_sub(scan.elements);
                if !scan.hidden.lines.is_empty() {
                    hidden.insert(name, scan.hidden.lines);
                }
            }
            PartKind::Strings if scan.elements > limits.strings => {
                return Err(reached(both!(
                    "more than {} elements in its texts",
                    "文字里超过 {} 个元素",
                    limits.strings
                )));
            }
            PartKind::Other if scan.elements > limits.styles => {
                return Err(reached(both!(
                    "more than {} elements in its styles or another part",
                    "样式或别的部件里超过 {} 个元素",
                    limits.styles
                )));
            }
            PartKind::Strings | PartKind::Other => {}
        }
    }
    Ok(hidden)
}

/// The content of an OpenDocument's first part.
fn mimetype(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Option<String> {
    let part = archive.by_name("mimetype").ok()?;
    let mut text = String::new();
    part.take(128).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Reads a part to its end, and stops at the first limit.
fn scanned(mut part: impl Read, kind: PartKind, limits: &PartLimits) -> CliResult<PartScan> {
    let mut scan = PartScan::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = part.read(&mut buffer).map_err(no_workbook)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok(scan);
        };
        scan.bytes = scan.bytes.saturating_add(read as u64);
        if kind == PartKind::Picture {
            continue;
        }
        scan.take(bytes);
        if kind == PartKind::Sheet {
            scan.hidden.take(bytes);
        }
        if scan.longest > limits.stretch {
            return Err(reached(both!(
                "a text or an element longer than {} KB",
                "超过 {} KB 的文字或元素",
                limits.stretch / 1024
            )));
        }
        if scan.deepest > limits.depth {
            return Err(reached(both!(
                "elements that stand in each other more than {} deep",
                "嵌套超过 {} 层的元素",
                limits.depth
            )));
        }
    }
}

/// What a part adds up to. Elements are counted by their marks; a part that is no XML has some by chance.
#[derive(Default)]
struct PartScan {
    bytes: u64,
    elements: u64,
    /// Bytes since the last mark, and the most of them.
    stretch: u64,
    longest: u64,
    depth: u64,
    deepest: u64,
    before: u8,
    /// Whether the element that is being read began as one that has an end.
    opens: bool,
    /// Of a sheet.
    hidden: HiddenRows,
}

impl PartScan {
    /// Takes the next bytes, wherever they end: only the marks matter and what stands next to them.
    fn take(&mut self, bytes: &[u8]) {
        if self.before == b'<'
            && let Some(first) = bytes.first()
        {
            self.begin(*first);
        }
        let mut from = 0;
        for at in memchr::memchr2_iter(b'<', b'>', bytes) {
            if bytes.get(at) == Some(&b'<') {
                let next = at.saturating_add(1);
                self.run(next.saturating_sub(from));
                self.elements = self.elements.saturating_add(1);
                (self.stretch, from) = (0, next);
                if let Some(first) = bytes.get(next) {
                    self.begin(*first);
                }
            } else {
                let before = at.checked_sub(1).and_then(|at| bytes.get(at));
                if *before.unwrap_or(&self.before) == b'/' && self.opens {
                    self.depth = self.depth.saturating_sub(1);
                    self.opens = false;
                }
            }
        }
        self.run(bytes.len().saturating_sub(from));
        self.before = bytes.last().copied().unwrap_or(self.before);
    }

    /// So many bytes more without a mark.
    fn run(&mut self, bytes: usize) {
        self.stretch = self.stretch.saturating_add(bytes as u64);
        self.longest = self.longest.max(self.stretch);
    }

    /// An element begins, by its first byte.
    fn begin(&mut self, first: u8) {
        self.opens = !matches!(first, b'/' | b'?' | b'!');
        if self.opens {
            self.depth = self.depth.saturating_add(1);
            self.deepest = self.deepest.max(self.depth);
        } else if first == b'/' {
            self.depth = self.depth.saturating_sub(1);
        }
    }
}

/// The error of a workbook that the parser cannot use.
pub fn no_workbook(why: impl std::fmt::Display) -> CliError {
    bad(
        both!(
            "this workbook cannot be read: {why}",
            "这个工作簿读不了：{why}"
        ),
        both!(
            "open it in a spreadsheet and save it again, or save it as \"CSV UTF-8\"",
            "请用表格软件打开并重新保存，或另存为“CSV UTF-8”"
        ),
    )
}

fn reached(what: impl std::fmt::Display) -> CliError {
    bad(
        both!("this workbook has {what}", "这个工作簿有{what}"),
        both!(
            "copy the columns of the list into a new workbook, or save it as \"CSV UTF-8\" (yingxin help limits)",
            "请把名单的列复制到新的工作簿，或另存为“CSV UTF-8”（yingxin help limits）"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::workbook::tests::archive;
    use super::*;

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    const SMALL: PartLimits = PartLimits {
        parts: 4,
        unpacked: 20_000,
        texts: 2000,
        cells: 50,
        strings: 40,
        styles: 30,
        stretch: 1000,
        depth: 8,
    };

    fn refusal(name: &str, part: &str) -> String {
        let bytes = archive(&[TYPES, (name, part.as_bytes())]);
        check(&bytes, &SMALL)
            .err()
            .map(|refused| refused.what)
            .unwrap_or_default()
    }

    #[test]
    fn each_limit_is_named_when_it_is_reached() {
        let (sheet, strings, styles) = (
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
        );
        let spaces = " ".repeat(100);
        let many = |n: usize| format!("{spaces}<a/>").repeat(n);
        for (name, part, said) in [
            (sheet, many(51), "in its sheets"),
            (strings, "<a/>".repeat(41), "in its texts"),
            (styles, "<a/>".repeat(31), "in its styles"),
            (styles, many(20), "unpack"),
            (sheet, " ".repeat(1001), "longer than"),
            (sheet, "<a>".repeat(9), "deep"),
        ] {
            assert!(refusal(name, &part).contains(said), "{name}: {said}");
        }
        for (name, part) in [
            (sheet, many(30)),
            (strings, "<a/>".repeat(40)),
            (styles, "<a><b x=\"1\"/></a>".repeat(10)),
            (sheet, "<a>".repeat(8)),
            ("xl/media/logo.png", "<a>".repeat(500)),
        ] {
            assert_eq!(refusal(name, &part), "", "{name}");
        }
        let parts: Vec<(String, &[u8])> = (0..4).map(|n| (format!("{n}.xml"), &b""[..])).collect();
        let mut all = vec![TYPES];
        all.extend(parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
        assert!(
            check(&archive(&all), &SMALL)
                .unwrap_err()
                .what
                .contains("4 parts")
        );
    }

    /// A part adds up to the same in whatever pieces it comes, and to what it does byte by byte.
    #[test]
    fn it_does_not_matter_where_the_bytes_are_cut() {
        let part = b"<?xml?><a x=\"1/2\"><b/><c></c>text</a></a><></>< /><<d/>>/><e/ ><f";
        let told = |scan: &PartScan| (scan.elements, scan.longest, scan.depth, scan.deepest);
        let in_pieces_of = |size: usize| {
            let mut scan = PartScan::default();
            part.chunks(size).for_each(|bytes| scan.take(bytes));
            told(&scan)
        };
        assert_eq!(in_pieces_of(1), (14, 11, 3, 3));
        for size in 2..=part.len() {
            assert_eq!(in_pieces_of(size), in_pieces_of(1), "{size}");
        }
    }

    #[test]
    fn a_small_file_with_millions_of_styles_is_refused_before_it_is_read() {
        let styles = format!(
            "<styleSheet><cellXfs>{}</cellXfs></styleSheet>",
            "<xf/>".repeat(4_000_000)
        );
        let bytes = archive(&[TYPES, ("xl/styles.xml", styles.as_bytes())]);
        assert!(bytes.len() < 150 * 1024, "{}", bytes.len());
        let refused = check(&bytes, &PartLimits::USUAL).unwrap_err();
        assert!(refused.what.contains("in its styles"), "{}", refused.what);
    }

    #[test]
    fn the_reference_has_these_limits() {
        let reference = crate::help::find("limits").unwrap().markdown;
        let usual = PartLimits::USUAL;
        let (thousand, million) = (1000, 1_000_000);
        for bound in [
            format!(
                "{},000 parts, which unpack to {} MB",
                usual.parts / thousand,
                usual.unpacked >> 20
            ),
            format!("{} MB for a part that is no sheet", usual.texts >> 20),
            format!("{} million elements in its sheets", usual.cells / million),
            format!("{} million in its shared texts", usual.strings / million),
            format!("{},000 in its styles", usual.styles / thousand as u64),
            format!(
                "elements {} deep; {} KB for a text",
                usual.depth,
                usual.stretch >> 10
            ),
        ] {
            assert!(reference.contains(&bound), "{bound}");
        }
    }
}
