//! Reading a code back from cells: what a camera would see of the terminal, without the camera.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::LOWER_HALF;

/// How light the two halves of a cell are: 0 is black, 255 is white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellLook {
    /// The upper half's luminance.
    pub upper: u8,
    /// The lower half's luminance.
    pub lower: u8,
}

/// Every code that can be read in a grid of cells. A cell is drawn as 10x20 pixels, fewer where the grid is large.
pub fn decode_cells(width: u16, height: u16, look: impl Fn(u16, u16) -> CellLook) -> Vec<String> {
    let looks: Vec<CellLook> = (0..height)
        .flat_map(|row| (0..width).map(move |column| (column, row)))
        .map(|(column, row)| look(column, row))
        .collect();
    let (width, height) = (usize::from(width), usize::from(height));
    if looks.is_empty() {
        return Vec::new();
    }
    let pixels = if looks.len() > 1500 { 5 } else { 10 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(
        width.saturating_mul(pixels),
        height.saturating_mul(pixels).saturating_mul(2),
        |x, y| {
            let half_row = y / pixels;
            let index = (half_row / 2)
                .saturating_mul(width)
                .saturating_add(x / pixels);
            looks.get(index).map_or(0, |look| match half_row % 2 {
                0 => look.upper,
                _ => look.lower,
            })
        },
    );
    let grids = image.detect_grids();
    grids
        .iter()
        .filter_map(|grid| Some(grid.decode().ok()?.1))
        .collect()
}

/// The first code that can be read in an area.
pub(super) fn decode_buffer(buf: &Buffer, area: Rect) -> Option<String> {
    let area = area.intersection(buf.area);
    let found = decode_cells(area.width, area.height, |column, row| {
        let at = (area.x.saturating_add(column), area.y.saturating_add(row));
        let Some(cell) = buf.cell(at) else {
            return CellLook::default();
        };
        let reversed = cell.modifier.contains(Modifier::REVERSED);
        let (fg, bg) = if reversed {
            (cell.bg, cell.fg)
        } else {
            (cell.fg, cell.bg)
        };
        // A theme's own background is unknown where it is not set: taken as dark, the worse case.
        let (fg, bg) = (luma(fg).unwrap_or(200), luma(bg).unwrap_or(0));
        match cell.symbol() {
            LOWER_HALF => CellLook {
                upper: bg,
                lower: fg,
            },
            "▀" => CellLook {
                upper: fg,
                lower: bg,
            },
            "█" => CellLook {
                upper: fg,
                lower: fg,
            },
            _ => CellLook {
                upper: bg,
                lower: bg,
            },
        }
    });
    found.into_iter().next()
}

/// How light a colour is in xterm's palette; `None` for the terminal's own.
fn luma(colour: Color) -> Option<u8> {
    let (r, g, b): (u8, u8, u8) = match colour {
        Color::Reset => return None,
        Color::Black => (0, 0, 0),
        Color::Red => (205, 0, 0),
        Color::Green => (0, 205, 0),
        Color::Yellow => (205, 205, 0),
        Color::Blue => (0, 0, 238),
        Color::Magenta => (205, 0, 205),
        Color::Cyan => (0, 205, 205),
        Color::Gray => (229, 229, 229),
        Color::DarkGray => (127, 127, 127),
        Color::LightRed => (255, 0, 0),
        Color::LightGreen => (0, 255, 0),
        Color::LightYellow => (255, 255, 0),
        Color::LightBlue => (92, 92, 255),
        Color::LightMagenta => (255, 0, 255),
        Color::LightCyan => (0, 255, 255),
        Color::White => (255, 255, 255),
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(16) => (0, 0, 0),
        Color::Indexed(231) => (255, 255, 255),
        Color::Indexed(_) => (127, 127, 127),
    };
    // ITU-R BT.601, in whole numbers.
    let weighed = u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114;
    u8::try_from(weighed / 1000).ok()
}
