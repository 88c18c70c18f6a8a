//! A slip as the bytes of ESC/POS. The code is printed as dots, which every printer knows; the text is GB18030.

use std::sync::{Arc, Mutex};

use escpos::driver::Driver;
use escpos::errors::Result as PrinterResult;
use escpos::printer::Printer;
use escpos::utils::{Encoder, JustifyMode, Protocol};

use crate::campus::printer::Paper;
use crate::screen::qr::{QUIET, QrModules};
use crate::screen::wrap;
use crate::visit::is_format;

/// The most lines of a slip's text: what a ticket has beyond is on the screen.
const MOST_LINES: usize = 120;
/// Dots that a module of the code is wide at the most: a phone reads it from a hand's breadth.
const MODULE: u16 = 8;
/// Lines of paper behind the text, so that it is not beneath the knife.
const TAIL: u8 = 3;
/// Selects the Chinese characters (FS &), which some printers begin without.
const CHINESE: [u8; 2] = [0x1c, b'&'];

/// A line of a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlipLine {
    /// In the middle, bold.
    Title(String),
    /// In the middle, three times as large: a pickup number.
    Large(String),
    /// From the left.
    Text(String),
    /// This as a code.
    Code(String),
    /// Nothing.
    Gap,
}

/// The bytes for a printer with this paper.
///
/// # Errors
/// What the encoder says of a text that it does not know.
pub fn bytes(slip: &[SlipLine], paper: Paper) -> PrinterResult<Vec<u8>> {
    let sheet = Sheet::default();
    let protocol = Protocol::new(Encoder::new(encoding_rs::GB18030).allow_unencodable(true));
    let mut printer = Printer::new(sheet.clone(), protocol, None);
    printer.init()?.custom(&CHINESE)?;
    let mut room = MOST_LINES;
    for line in slip {
        match line {
            SlipLine::Title(text) => {
                printer.justify(JustifyMode::CENTER)?.bold(true)?;
                room = write(&mut printer, text, paper.columns(), room)?;
                printer.bold(false)?.justify(JustifyMode::LEFT)?;
            }
            SlipLine::Large(text) => {
                printer.justify(JustifyMode::CENTER)?.size(3, 3)?;
                room = write(&mut printer, text, paper.columns() / 3, room)?;
                printer.reset_size()?.justify(JustifyMode::LEFT)?;
            }
            SlipLine::Text(text) => {
                room = write(&mut printer, text, paper.columns(), room)?;
            }
            SlipLine::Code(text) => {
                if let Some(dots) = code(text, paper) {
                    printer.custom(&dots)?;
                }
            }
            SlipLine::Gap => {
                printer.feed()?;
            }
        }
    }
    printer.feeds(TAIL)?.print_cut()?;
    Ok(sheet.taken())
}

/// Writes a text in lines that fit; how many more may follow.
fn write(
    printer: &mut Printer<Sheet>,
    text: &str,
    columns: u16,
    room: usize,
) -> PrinterResult<usize> {
    // What a printer takes for an order does not get there.
    let plain: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control() && !is_format(*c))
        .collect();
    let lines = wrap(&plain, columns);
    for line in lines.iter().take(room) {
        printer.writeln(line)?;
    }
    Ok(room.saturating_sub(lines.len()))
}

/// The code as a raster of dots (GS v 0) over the paper's width, itself in the middle; `None` where it does not fit.
fn code(text: &str, paper: Paper) -> Option<Vec<u8>> {
    let code = QrModules::of(text)?;
    let side = code.side().saturating_add(QUIET * 2);
    let module = (paper.dots() / side).min(MODULE);
    if module == 0 {
        return None;
    }
    let bytes_wide = paper.dots() / 8;
    let rows = side.saturating_mul(module);
    let left = paper.dots().saturating_sub(rows) / 2;
    let mut dots = vec![0x1d, b'v', b'0', 0];
    dots.extend(bytes_wide.to_le_bytes());
    dots.extend(rows.to_le_bytes());
    let is_dark = |column: u16, row: u16| {
        let column = column.checked_sub(left).map(|column| column / module);
        let inside = |at: u16| at.checked_sub(QUIET);
        match (column.and_then(inside), inside(row / module)) {
            (Some(column), Some(row)) => code.is_dark(column, row),
            _ => false,
        }
    };
    for row in 0..rows {
        for byte in 0..bytes_wide {
            let bits = (0..8).fold(0_u8, |bits, bit| {
                let column = byte.saturating_mul(8).saturating_add(bit);
                bits << 1 | u8::from(is_dark(column, row))
            });
            dots.push(bits);
        }
    }
    Some(dots)
}

/// Takes what a printer would get.
#[derive(Clone, Default)]
struct Sheet(Arc<Mutex<Vec<u8>>>);

impl Sheet {
    fn taken(&self) -> Vec<u8> {
        let mut bytes = self.0.lock().unwrap_or_else(|e| e.into_inner());
        std::mem::take(&mut bytes)
    }
}

impl Driver for Sheet {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> PrinterResult<()> {
        let mut bytes = self.0.lock().unwrap_or_else(|e| e.into_inner());
        bytes.extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> PrinterResult<usize> {
        Ok(0)
    }

    fn flush(&self) -> PrinterResult<()> {
        Ok(())
    }
}
