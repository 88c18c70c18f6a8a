//! A QR code as a PNG image, like the one that a campus's console exports. The kiosk does not draw with this.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};

/// The QR code of a text as a PNG of `size` by `size` pixels: a quiet zone of four modules, and the remaining pixels as
/// margin. `None` when the text does not fit.
pub fn png(text: &str, size: u32) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = u32::try_from(code.width()).ok()?;
    let module = (size / width.saturating_add(8)).max(1);
    let margin = size.saturating_sub(module.saturating_mul(width)) / 2;
    let picture = GrayImage::from_fn(size, size, |x, y| {
        let place = |pixel: u32| pixel.checked_sub(margin).map(|inside| inside / module);
        let dark = match (place(x), place(y)) {
            (Some(column), Some(row)) if column < width && row < width => {
                code[(column as usize, row as usize)] == Color::Dark
            }
            _ => false,
        };
        Luma([if dark { 0 } else { 255 }])
    });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}
