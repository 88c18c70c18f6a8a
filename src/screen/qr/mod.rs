//! QR codes as terminal art that scanners read. Size is everything: the art is the largest whole multiple that fits,
//! black on white with both set on every cell, with a quiet zone, and it is drawn whole or not at all.
//!
//! Lengths are counted in modules (the code's squares), cells (the terminal's) and half rows: a cell is about twice as
//! high as wide, so a module of `scale` cells in width is `scale` half rows high, and square.

mod encode;
mod modules;
mod read;

use std::fmt;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;

use super::cells::clear;
use super::theme::{QrPalette, sgr};

pub use modules::QrModules;
pub use read::{CellLook, decode_cells};

/// The lower half of a cell. With a gap between lines it keeps twice the reads of the upper one.
const LOWER_HALF: &str = "▄";
/// Modules of quiet zone: what the standard asks for (ISO/IEC 18004, 6.3.8).
pub const QUIET: u16 = 4;
/// The least that still reads.
const QUIET_LEAST: u16 = 2;

/// A QR code, ready to be drawn in cells.
#[derive(Clone, PartialEq, Eq)]
pub struct QrArt {
    dark: Vec<bool>,
    modules: u16,
    quiet: u16,
    scale: u16,
    palette: QrPalette,
}

/// What would be drawn, before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::screen) struct QrPlan {
    version: encode::Version,
    /// The cells that a module is wide.
    pub scale: u16,
    /// The quiet zone, in modules.
    pub quiet: u16,
    palette: QrPalette,
}

impl QrPlan {
    /// Whether phones read it as well as at the least size of a terminal: with the whole quiet zone, or larger.
    pub(in crate::screen) fn reads_well(&self) -> bool {
        self.scale > 1 || self.quiet == QUIET
    }
}

impl QrArt {
    /// The largest art of this payload that fits the room (in cells). `None` where not even the smallest fits whole, or
    /// the payload is too long for any code: show its short address instead.
    ///
    /// The error correction is M, raised as far as version and scale stay the same; L where that gains a whole step of
    /// scale.
    pub fn fit(payload: impl AsRef<[u8]>, room: Size, palette: QrPalette) -> Option<QrArt> {
        let payload = payload.as_ref();
        QrArt::draw(payload, QrArt::plan(payload, room, palette)?)
    }

    /// What [`QrArt::fit`] would draw: some microseconds, where making the code takes half a millisecond.
    pub(in crate::screen) fn plan(
        payload: &[u8],
        room: Size,
        palette: QrPalette,
    ) -> Option<QrPlan> {
        let plan = |level| {
            let version = encode::smallest(payload, level)?;
            let (scale, quiet) = largest(version.modules(), room, palette)?;
            Some(QrPlan {
                version,
                scale,
                quiet,
                palette,
            })
        };
        match (plan(encode::MEDIUM), plan(encode::LOW)) {
            (Some(medium), Some(low)) if low.scale > medium.scale => Some(low),
            (Some(medium), _) => Some(medium),
            (None, low) => low,
        }
    }

    /// The art at a given scale (cells a module is wide, 1 or more) with the whole quiet zone, whatever room there is.
    /// `None` where the payload is too long for any code, the scale is 0, or the palette cannot draw this scale.
    pub fn at_scale(payload: impl AsRef<[u8]>, scale: u16, palette: QrPalette) -> Option<QrArt> {
        let payload = payload.as_ref();
        let version = encode::smallest(payload, encode::MEDIUM)
            .or_else(|| encode::smallest(payload, encode::LOW))?;
        let drawable =
            (1..=64).contains(&scale) && (palette != QrPalette::Console || scale.is_multiple_of(2));
        let plan = QrPlan {
            version,
            scale,
            quiet: QUIET,
            palette,
        };
        drawable.then(|| QrArt::draw(payload, plan)).flatten()
    }

    /// Makes the code itself. `None` where the payload does not fit the plan's version.
    pub(in crate::screen) fn draw(payload: &[u8], plan: QrPlan) -> Option<QrArt> {
        Some(QrArt {
            dark: encode::modules(payload, plan.version)?,
            modules: plan.version.modules(),
            quiet: plan.quiet,
            scale: plan.scale,
            palette: plan.palette,
        })
    }

    /// What it covers, in cells, quiet zone included.
    pub fn size(&self) -> Size {
        let side = self.side();
        Size::new(side, side.div_ceil(2))
    }

    /// Modules on a side, without the quiet zone.
    pub fn modules(&self) -> u16 {
        self.modules
    }

    /// Cells a module is wide. It is half as many rows high.
    pub fn scale(&self) -> u16 {
        self.scale
    }

    /// Modules of quiet zone on each side.
    pub fn quiet(&self) -> u16 {
        self.quiet
    }

    /// Where the widget draws within an area: its centre. `None` where it does not fit whole.
    pub fn place(&self, area: Rect) -> Option<Rect> {
        let size = self.size();
        let left = area.width.checked_sub(size.width)? / 2;
        let top = area.height.checked_sub(size.height)? / 2;
        Some(Rect {
            x: area.x.saturating_add(left),
            y: area.y.saturating_add(top),
            width: size.width,
            height: size.height,
        })
    }

    /// Lines of escape sequences, each ending in a line feed with the colours reset.
    pub fn to_sgr(&self) -> String {
        let size = self.size();
        let mut text = String::new();
        for row in 0..size.height {
            let mut set = None;
            for column in 0..size.width {
                let (symbol, style) = self.cell(column, row);
                if set != Some(style) {
                    text.push_str(&sgr(style));
                    set = Some(style);
                }
                text.push_str(symbol);
            }
            text.push_str("\x1b[0m\n");
        }
        text
    }

    /// Reads a code back from drawn cells: rasterised, then given to a QR reader. For tests and self-checks.
    pub fn decode_back(buf: &Buffer, area: Rect) -> Option<String> {
        read::decode_buffer(buf, area)
    }

    /// Columns of the whole art, which are its half rows too.
    fn side(&self) -> u16 {
        let modules = self.modules.saturating_add(self.quiet.saturating_mul(2));
        modules.saturating_mul(self.scale)
    }

    /// Whether a point is dark, counted in columns and half rows.
    fn is_dark(&self, column: u16, half_row: u16) -> bool {
        let scale = self.scale.max(1);
        let module = |at: u16| {
            let module = (at / scale).checked_sub(self.quiet)?;
            (module < self.modules).then_some(usize::from(module))
        };
        let (Some(x), Some(y)) = (module(column), module(half_row)) else {
            return false;
        };
        let index = y
            .saturating_mul(usize::from(self.modules))
            .saturating_add(x);
        self.dark.get(index).copied().unwrap_or(false)
    }

    /// A solid cell is a space, so that no font and no seam can spoil it; only a mixed one needs a glyph.
    fn cell(&self, column: u16, row: u16) -> (&'static str, Style) {
        let upper = self.is_dark(column, row.saturating_mul(2));
        let lower = self.is_dark(column, row.saturating_mul(2).saturating_add(1));
        let symbol = if upper == lower { " " } else { LOWER_HALF };
        // Both colours are set on every cell, also where the glyph needs only one.
        let fg = if upper == lower { !upper } else { lower };
        (
            symbol,
            Style::new().fg(self.colour(fg)).bg(self.colour(upper)),
        )
    }

    fn colour(&self, dark: bool) -> Color {
        match (self.palette, dark) {
            (QrPalette::Rgb, true) => Color::Rgb(0, 0, 0),
            (QrPalette::Rgb, false) => Color::Rgb(255, 255, 255),
            (QrPalette::Indexed, true) => Color::Indexed(16),
            (QrPalette::Indexed, false) => Color::Indexed(231),
            (QrPalette::Ansi16 | QrPalette::Console, true) => Color::Black,
            (QrPalette::Ansi16 | QrPalette::Console, false) => Color::White,
        }
    }
}

/// The largest scale for so many modules, then the quiet zone, which costs less than a step of scale would.
fn largest(modules: u16, room: Size, palette: QrPalette) -> Option<(u16, u16)> {
    // A side of n columns takes n half rows: ceil(n / 2) <= rows is n <= 2 * rows.
    let side = room.width.min(room.height.saturating_mul(2));
    let scale_with = |quiet: u16| {
        let scale = side / modules.saturating_add(quiet.saturating_mul(2));
        match palette {
            QrPalette::Console => scale & !1,
            _ => scale,
        }
    };
    let scale = scale_with(QUIET_LEAST);
    let quiet = if scale_with(QUIET) == scale {
        QUIET
    } else {
        QUIET_LEAST
    };
    (scale > 0).then_some((scale, quiet))
}

impl Widget for &QrArt {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Some(place) = self.place(area) else {
            return;
        };
        if buf.area.intersection(place) != place {
            return;
        }
        clear(place, buf);
        for row in 0..place.height {
            for column in 0..place.width {
                let at = (place.x.saturating_add(column), place.y.saturating_add(row));
                let (symbol, style) = self.cell(column, row);
                if let Some(cell) = buf.cell_mut(at) {
                    cell.set_symbol(symbol).set_style(style);
                }
            }
        }
    }
}

/// The payload may be personal: only sizes are shown.
impl fmt::Debug for QrArt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrArt")
            .field("modules", &self.modules)
            .field("quiet", &self.quiet)
            .field("scale", &self.scale)
            .field("palette", &self.palette)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
