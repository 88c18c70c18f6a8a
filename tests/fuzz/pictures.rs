//! Images with QR codes.

use std::io::Cursor;
use std::time::Duration;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};

use super::{Target, cases, folder, kind};
use crate::picture;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub const IMAGE: Target = Target {
    name: "image",
    words: &[
        "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "acTL", "iCCP", "\u{8}", "JFIF", "Exif",
    ],
    seeds: || {
        let mut found = cases(&[".png"]);
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            found.push(code(format));
        }
        found
    },
    longest: 128 * 1024,
    // One way to look at it may begin just before its 5 s are over; an unoptimised build is slow.
    slowest: Duration::from_secs(30),
    memory: 1024,
    read: |bytes| {
        let dir = folder();
        let path = dir.path().join("image");
        std::fs::write(&path, checked_again(bytes)).unwrap();
        let read = picture::open(&path).and_then(|opened| picture::find(&opened, &path));
        match read {
            Ok(texts) => {
                assert!(!texts.is_empty());
                "read".to_owned()
            }
            Err(error) => kind(&error.what.replace(path.to_str().unwrap(), "")),
        }
    },
};

/// A small code.
fn code(format: ImageFormat) -> Vec<u8> {
    let code = qrcode::QrCode::new(b"https://a.example/").unwrap();
    let side = code.width() as u32;
    let modules = code.to_colors();
    let image = GrayImage::from_fn((side + 8) * 3, (side + 8) * 3, |x, y| {
        let (x, y) = ((x / 3).wrapping_sub(4), (y / 3).wrapping_sub(4));
        let is_dark =
            x < side && y < side && modules[(y * side + x) as usize] == qrcode::Color::Dark;
        Luma([if is_dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(image)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A PNG image with the checksums of its chunks put right: else hardly a change would be looked at.
fn checked_again(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if !bytes.starts_with(PNG) {
        return bytes;
    }
    let mut at = PNG.len();
    while let Some(head) = bytes.get(at..at + 4) {
        let length = u32::from_be_bytes(head.try_into().unwrap()) as usize;
        let end = at.saturating_add(8).saturating_add(length);
        let Some(chunk) = bytes.get(at + 4..end) else {
            break;
        };
        let sum = crc32fast::hash(chunk).to_be_bytes();
        let Some(place) = bytes.get_mut(end..end + 4) else {
            break;
        };
        place.copy_from_slice(&sum);
        at = end + 4;
    }
    bytes
}
