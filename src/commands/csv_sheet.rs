//! CSV for a spreadsheet, as every command writes it: UTF-8 with the mark by which a Chinese Excel knows it, CRLF, no
//! formula, and long numbers as text. It writes no file.

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::pick;

/// What Excel takes for UTF-8.
const BOM: &str = "\u{feff}";
/// More digits than this name somebody or something: a spreadsheet must not round them or take their zeros.
const PLAIN_DIGITS: usize = 7;

/// A sheet that is being written.
pub struct CsvSheet(csv::Writer<Vec<u8>>);

impl CsvSheet {
    /// An empty sheet.
    pub fn new() -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        CsvSheet(writer)
    }

    /// Adds a row, with its cells disarmed.
    ///
    /// # Errors
    /// The rows have different numbers of cells.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> CliResult<()> {
        let cells = cells.into_iter().map(|cell| disarmed(cell.as_ref()));
        self.0.write_record(cells).map_err(failed)
    }

    /// The sheet as text.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn finish(self) -> CliResult<String> {
        let bytes = self.0.into_inner().map_err(|e| failed(e.error()))?;
        let text = String::from_utf8(bytes).map_err(failed)?;
        Ok(BOM.to_owned() + &text)
    }
}

fn failed(e: impl std::fmt::Display) -> CliError {
    CliError::new(
        Exit::Failure,
        e.to_string(),
        pick("report this", "请报告这个错误"),
    )
}

/// What a spreadsheet would take for a formula (OWASP, CSV injection) gets an apostrophe before it. What names somebody or
/// something gets a tab behind it, if a spreadsheet would make a number or a date of it: Excel takes the cell for text
/// then, and shows nothing of the tab.
fn disarmed(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula {
        format!("'{cell}")
    } else if is_name(cell) {
        format!("{cell}\t")
    } else {
        cell.to_owned()
    }
}

/// Whether a cell names somebody or something and a spreadsheet would take it for an amount: long digits, digits with
/// zeros before them, `20E12345` (a power of ten), `2026-12` (a month), `MAR1` (a day of March). An amount and a day of
/// ours (2026-09-01) are what they look like.
fn is_name(cell: &str) -> bool {
    const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(cell) {
        return cell.len() > PLAIN_DIGITS || cell.len() > 1 && cell.starts_with('0');
    }
    let is_power = cell
        .split_once(['e', 'E'])
        .is_some_and(|(head, power)| digits(head) && digits(power));
    let is_day = cell.len() == 10 && cell.parse::<jiff::civil::Date>().is_ok();
    let is_dated = !is_day && cell.contains('-') && cell.split('-').all(digits);
    let is_month = cell.get(..3).is_some_and(|month| {
        let rest = cell.get(3..).unwrap_or_default().trim_start_matches('-');
        digits(rest) && MONTHS.contains(&month.to_ascii_lowercase())
    });
    is_power || is_dated || is_month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_long_numbers_are_disarmed_and_nothing_else() {
        for armed in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "＝1",
        ] {
            assert_eq!(disarmed(armed), format!("'{armed}"));
        }
        for number in [
            "202600101234",
            "20260001",
            "0071",
            "13800138000",
            "20E12345",
            "2026E001",
            "2026-12",
            "MAR1",
            "017-4826",
        ] {
            assert_eq!(disarmed(number), format!("{number}\t"));
        }
        for plain in [
            "",
            "0",
            "42",
            "1234567",
            "138 0013 8000",
            "微信打不开",
            "😀=1",
            "2026-09-01 08:00",
            "2026-09-01",
            "10:30 - 10:45",
            "imut",
            "TAAWFGF",
            "x12",
        ] {
            assert_eq!(disarmed(plain), plain);
        }
    }

    #[test]
    fn a_sheet_is_read_back_as_it_was() {
        let mut sheet = CsvSheet::new();
        sheet.row(["学号", "原因"]).unwrap();
        sheet.row(["20260001", "引号\"，逗号, 换行\n完"]).unwrap();
        let text = sheet.finish().unwrap();
        assert!(text.starts_with(BOM) && text.contains("\r\n"));
        let body = text.trim_start_matches(BOM);
        let mut reader = csv::Reader::from_reader(body.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[0], "20260001\t");
        assert_eq!(&row[1], "引号\"，逗号, 换行\n完");
    }
}
