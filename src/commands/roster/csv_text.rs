//! Lists as text: the encodings that Chinese Windows writes, the separator of the line with the headings, and quotation
//! marks that would swallow rows.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::rows::{COLUMNS, Cell, RowSink, bad, bounded, hand_over};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;

const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// The lines among which the headings are looked for, and the most bytes of them.
const HEAD_LINES: usize = 40;
const HEAD_BYTES: usize = 256 * 1024;

/// The encoding of the byte order mark, else UTF-8 if it is valid, else GBK, which Chinese Windows writes.
///
/// # Errors
/// The bytes are text in none of them.
pub fn decoded(bytes: &[u8]) -> CliResult<String> {
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
            both!(
                "this is no CSV file: line {} is neither UTF-8 nor GBK text",
                "这不是 CSV 文件：第 {} 行既不是 UTF-8 也不是 GBK 文字",
                bad_line(encoding, bytes)
            ),
            both!(
                "save it as \"CSV UTF-8\" or as .xlsx",
                "请另存为“CSV UTF-8”或 .xlsx"
            ),
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

/// How a text file separates its cells.
struct Layout {
    separator: u8,
    /// The number of cells in the row of the headings; 0 where it is not known.
    columns: usize,
}

/// Hands over each row of the text.
///
/// # Errors
/// A quotation mark that would swallow rows; or the sink's.
pub fn read(text: &str, sink: &mut dyn RowSink) -> CliResult<()> {
    sink.begin(None);
    let layout = layout(text, sink);
    check_quotes(text, &layout)?;
    let mut reader = reader(text, layout.separator);
    let mut record = csv::StringRecord::new();
    loop {
        let read = reader.read_record(&mut record).map_err(|e| {
            bad(
                both!("this is no CSV file: {e}", "这不是 CSV 文件：{e}"),
                both!("save it again, or as .xlsx", "请重新保存，或另存为 .xlsx"),
            )
        })?;
        if !read {
            return Ok(());
        }
        let line = record.position().map_or(0, |at| line_of(text, at));
        if hand_over(line, cells(&record), false, sink)?.is_break() {
            return Ok(());
        }
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

fn cells(record: &csv::StringRecord) -> Vec<Cell> {
    record.iter().take(COLUMNS).map(written).collect()
}

/// The separator with which the headings are found: a title above them says nothing about it. Without headings it is the
/// one that stands in the most lines.
fn layout(text: &str, sink: &dyn RowSink) -> Layout {
    let head = head(text);
    for separator in SEPARATORS {
        let mut reader = reader(head, separator);
        let found = reader
            .records()
            .flatten()
            .map(|record| cells(&record))
            .find(|cells| sink.is_heading(cells));
        if let Some(cells) = found {
            return Layout {
                separator,
                columns: cells.len(),
            };
        }
    }
    let lines = |separator: u8| {
        let separator = char::from(separator);
        head.lines().filter(|line| line.contains(separator)).count()
    };
    // The first of equals: `max_by_key` takes the last.
    let separator = SEPARATORS.iter().rev().max_by_key(|mark| lines(**mark));
    Layout {
        separator: separator.copied().unwrap_or(b','),
        columns: 0,
    }
}

/// The first lines of the text.
fn head(text: &str) -> &str {
    let lines = text.split_inclusive('\n').take(HEAD_LINES);
    let mut end = 0usize;
    for line in lines {
        let next = end.saturating_add(line.len());
        if next > HEAD_BYTES {
            break;
        }
        end = next;
    }
    text.get(..end).unwrap_or(text)
}

/// Where a scan for quotation marks stands.
#[derive(Clone, Copy)]
enum CellScan {
    Begin,
    Unquoted,
    Quoted,
    /// Behind a mark that ends the cell, unless another one follows.
    MarkInQuoted,
}

/// A quoted cell: the line and the column that it begins in.
#[derive(Clone, Copy)]
struct OpenCell {
    line: u64,
    column: usize,
}

/// A scan for a mark that opens a cell and never closes it, one that closes it in the middle of a text, and a cell that
/// runs over lines which look like rows: each takes students away in silence.
struct QuoteScan<'l> {
    layout: &'l Layout,
    at: CellScan,
    line: u64,
    column: usize,
    open: OpenCell,
    /// Separators within the open cell.
    held: usize,
    /// The cell that was open when this line began; the separators of this line, and those of it within that cell.
    carried: Option<OpenCell>,
    separators: usize,
    within: usize,
    /// The first line that looks like a row within a cell. A cell that is never closed says more, and is reported instead.
    row_within: Option<CliError>,
}

fn check_quotes(text: &str, layout: &Layout) -> CliResult<()> {
    let mut scan = QuoteScan {
        layout,
        at: CellScan::Begin,
        line: 1,
        column: 0,
        open: OpenCell { line: 1, column: 0 },
        held: 0,
        carried: None,
        separators: 0,
        within: 0,
        row_within: None,
    };
    text.bytes().try_for_each(|byte| scan.take(byte))?;
    scan.finish()
}

impl QuoteScan<'_> {
    fn take(&mut self, byte: u8) -> CliResult<()> {
        let is_separator = byte == self.layout.separator;
        self.at = match (self.at, byte) {
            (CellScan::Begin, b'"') => {
                let (line, column) = (self.line, self.column);
                (self.open, self.held) = (OpenCell { line, column }, 0);
                CellScan::Quoted
            }
            (CellScan::Quoted, b'"') => CellScan::MarkInQuoted,
            (CellScan::MarkInQuoted, b'"') => CellScan::Quoted,
            (CellScan::Quoted, _) => {
                let is_carried = is_separator && self.open.line != self.line;
                self.held = self.held.saturating_add(usize::from(is_separator));
                self.within = self.within.saturating_add(usize::from(is_carried));
                CellScan::Quoted
            }
            (_, b'\n' | b'\r') => {
                self.column = 0;
                CellScan::Begin
            }
            _ if is_separator => {
                self.column = self.column.saturating_add(1);
                CellScan::Begin
            }
            (CellScan::MarkInQuoted, b' ') => CellScan::MarkInQuoted,
            (CellScan::MarkInQuoted, _) if self.open.line != self.line || self.held > 0 => {
                let row = self.row_within.take();
                return Err(row.unwrap_or_else(|| stray(self.open.line)));
            }
            _ => CellScan::Unquoted,
        };
        self.separators = self.separators.saturating_add(usize::from(is_separator));
        if byte == b'\n' {
            self.end_line();
        }
        Ok(())
    }

    fn end_line(&mut self) {
        let is_row =
            self.layout.columns > 1 && self.separators.saturating_add(1) >= self.layout.columns;
        let swallows = |cell: &OpenCell| is_row && (cell.column > 0 || self.within > 0);
        if let (None, Some(cell)) = (&self.row_within, self.carried.filter(swallows)) {
            self.row_within = Some(swallowed(cell.line, self.line));
        }
        self.carried = matches!(self.at, CellScan::Quoted).then_some(self.open);
        (self.separators, self.within) = (0, 0);
        self.line = self.line.saturating_add(1);
    }

    fn finish(mut self) -> CliResult<()> {
        if matches!(self.at, CellScan::Quoted) {
            let line = self.open.line;
            return Err(bad(
                both!(
                    "line {line}: a quotation mark opens a cell that is never closed, and the rest of the list would be in it",
                    "第 {line} 行：引号开了一格而没有收尾，其余的名单都会进这一格"
                ),
                remedy(),
            ));
        }
        self.end_line();
        self.row_within.map_or(Ok(()), Err)
    }
}

fn remedy() -> String {
    both!(
        "take that quotation mark out, or save the list as .xlsx",
        "请去掉那个引号，或把名单另存为 .xlsx"
    )
}

fn stray(line: u64) -> CliError {
    bad(
        both!(
            "line {line}: a quotation mark opens a cell, and text stands behind the one that closes it",
            "第 {line} 行：引号开了一格，收尾的引号后面还有文字"
        ),
        remedy(),
    )
}

fn swallowed(from: u64, to: u64) -> CliError {
    bad(
        both!(
            "line {from}: a quotation mark opens a cell, and line {to}, which looks like a row, would be in it",
            "第 {from} 行：引号开了一格，而看起来是一行的第 {to} 行会进这一格"
        ),
        remedy(),
    )
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

#[cfg(test)]
mod tests {
    use super::super::sheet::tests::{rows_of, words};
    use super::*;
    use crate::cli_error::Exit;

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
    }

    #[test]
    fn what_is_no_text_is_refused_and_says_where() {
        assert_eq!(rows_of(b"a,b\n\0\0\0\n").unwrap_err().exit, Exit::BadData);
        let mut broken = b"a,b\nc,d\n".to_vec();
        broken.extend_from_slice(b"\xff\xff\xff\n");
        let refused = rows_of(&broken).unwrap_err();
        assert!(refused.what.contains("line 3"), "{}", refused.what);
    }

    #[test]
    fn the_separator_is_that_of_the_headings() {
        for (separator, title) in [
            ('\t', "新生，一, 二"),
            (';', "a\tb"),
            ('|', "a;b"),
            (',', "a|b|c"),
        ] {
            let text = format!("{title}\n学号,姓名\n20260001,张三\n")
                .replacen("学号,姓名", &format!("学号{separator}姓名"), 1)
                .replacen("1,张", &format!("1{separator}张"), 1);
            let rows = rows_of(text.as_bytes()).unwrap();
            assert_eq!(words(&rows[1]), ["学号", "姓名"], "{separator:?}");
            assert_eq!(words(&rows[2]), ["20260001", "张三"], "{separator:?}");
        }
    }

    #[test]
    fn a_quotation_mark_takes_no_row_away_in_silence() {
        let head = "学号,姓名,备注\n20260001,张三,\n";
        let refused = |rest: &str| {
            rows_of(format!("{head}{rest}").as_bytes())
                .unwrap_err()
                .what
        };
        // Never closed, also in the last line.
        assert!(
            refused("20260002,李四,\"材料\n20260003,王五,\n")
                .contains("line 3: a quotation mark opens a cell that is never")
        );
        assert!(refused("20260002,李四,\"材料").contains("line 3"));
        // Closed by another stray mark, some lines later.
        assert!(refused("20260002,李四,\"甲\n20260003,王五,\"乙\n").contains("line 3"));
        assert!(
            refused("20260002,李四,\"甲\n20260003,王五,丙\"\n")
                .contains("line 4, which looks like a row")
        );
        assert!(
            refused("20260002,\"李四,甲\n20260003,王五\",丙\n")
                .contains("line 4, which looks like a row")
        );
        assert!(
            refused("20260002,李四,\"甲\n20260003,王五,\n20260004,赵六,乙\"\n").contains("line 4")
        );
        assert!(refused("20260002,\"李四,甲\"乙,\n").contains("line 3"));
    }

    #[test]
    fn a_quotation_mark_that_is_meant_is_read() {
        let text = "\"学号\n（必填）\",姓名,备注\n学号,姓名,备注\n20260001,张三,\"一\n二, 三\"\n20260002,李\"四,\"说\"\"好\"\"\"\n\
                    20260003,\"王五\" ,\"一,二\",\"优秀\"学生\n";
        let rows = rows_of(text.as_bytes()).unwrap();
        assert_eq!(words(&rows[2]), ["20260001", "张三", "一\n二, 三"]);
        assert_eq!(words(&rows[3]), ["20260002", "李\"四", "说\"好\""]);
        assert_eq!(words(&rows[4])[0], "20260003");
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[4].line, 7);
    }
}
