//! Reads a QR code off a terminal's cells as a camera would see it: each cell a rectangle of 8 by 16 pixels.

use vt100::{Color, Screen};

const WIDE: usize = 8;
const HIGH: usize = 16;

/// The text of the first QR code that a decoder finds.
pub fn read(screen: &Screen) -> Option<String> {
    let (rows, columns) = screen.size();
    let (width, height) = (usize::from(columns) * WIDE, usize::from(rows) * HIGH);
    let mut pixels = vec![0u8; width * height];
    for row in 0..rows {
        for column in 0..columns {
            let Some(cell) = screen.cell(row, column) else {
                continue;
            };
            let (mut ink, mut paper) = (grey(cell.fgcolor(), 220), grey(cell.bgcolor(), 30));
            if cell.inverse() {
                std::mem::swap(&mut ink, &mut paper);
            }
            let (upper, lower) = match cell.contents() {
                "▄" => (paper, ink),
                "▀" => (ink, paper),
                "█" => (ink, ink),
                _ => (paper, paper),
            };
            for y in 0..HIGH {
                let start = (usize::from(row) * HIGH + y) * width + usize::from(column) * WIDE;
                pixels[start..start + WIDE].fill(if y < HIGH / 2 { upper } else { lower });
            }
        }
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
}

fn grey(color: Color, default: u8) -> u8 {
    match color {
        Color::Default => default,
        Color::Idx(0) => 0,
        Color::Idx(15) => 255,
        Color::Idx(7) => 200,
        Color::Idx(_) => 128,
        Color::Rgb(r, g, b) => {
            ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000) as u8
        }
    }
}
