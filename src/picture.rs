//! Reads the QR codes of an image or a photograph. It writes nothing, and bounds the size of what it decodes.

use std::fmt;
use std::io;
use std::path::Path;

use image::DynamicImage;

use crate::cli_error::{CliError, CliResult, Exit};

/// The largest file, in bytes.
const MAX_FILE: u64 = 32 * 1024 * 1024;
/// The largest width or height, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The largest decoded image, in bytes.
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// A large photograph is scaled down to this for a second attempt, in pixels a side.
const SECOND_ATTEMPT: u32 = 900;

/// Opens an image. Its content decides about the format, not its name.
///
/// # Errors
/// When the file is missing, too large, or neither PNG nor JPEG.
pub fn open(path: &Path) -> CliResult<DynamicImage> {
    let shown = path.display();
    let unread = |error: io::Error| CliError::io(format!("cannot open {shown}"), &error);
    let meta = std::fs::metadata(path).map_err(unread)?;
    if !meta.is_file() {
        return Err(CliError::new(
            Exit::NoInput,
            format!("{shown} is not a file"),
            "name a PNG or JPEG image",
        ));
    }
    if meta.len() > MAX_FILE {
        return Err(CliError::new(
            Exit::BadData,
            format!("{shown} is larger than 32 MiB"),
            "cut the code out of it",
        ));
    }
    let bad = |error: &dyn fmt::Display| {
        CliError::new(
            Exit::BadData,
            format!("{shown} cannot be read as a PNG or JPEG image: {error}"),
            "name a PNG or JPEG image",
        )
    };
    let file = std::fs::File::open(path).map_err(unread)?;
    let mut reader = image::ImageReader::new(io::BufReader::new(file))
        .with_guessed_format()
        .map_err(|error| bad(&error))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    reader.decode().map_err(|error| bad(&error))
}

/// The texts of the image's codes. It tries the image as it is, then scaled down (which removes noise), then inverted
/// (light on dark, as on a dark terminal).
///
/// # Errors
/// When no code can be read.
pub fn find(picture: &DynamicImage, path: &Path) -> CliResult<Vec<String>> {
    let plain = picture.to_luma8();
    let mut attempts = vec![plain.clone()];
    if picture.width().max(picture.height()) > SECOND_ATTEMPT {
        attempts.push(picture.thumbnail(SECOND_ATTEMPT, SECOND_ATTEMPT).to_luma8());
    }
    let mut inverted = plain;
    image::imageops::invert(&mut inverted);
    attempts.push(inverted);
    for attempt in attempts {
        let found = codes(&attempt);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(CliError::new(
        Exit::BadData,
        format!("no QR code can be read in {}", path.display()),
        "take it sharper, straight from the front, with its white edge",
    ))
}

fn codes(image: &image::GrayImage) -> Vec<String> {
    let (width, height) = image.dimensions();
    let side = |length: u32| usize::try_from(length).unwrap_or_default();
    let pixels = image.as_raw();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(side(width), side(height), |x, y| {
            let index = y.saturating_mul(side(width)).saturating_add(x);
            pixels.get(index).copied().unwrap_or(255)
        });
    let mut found: Vec<String> = Vec::new();
    for grid in prepared.detect_grids() {
        if let Ok((_, text)) = grid.decode()
            && !found.contains(&text)
        {
            found.push(text);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    /// A picture of codes side by side, `pixels` to a module.
    fn picture(texts: &[&str], pixels: u32, invert: bool) -> GrayImage {
        let codes: Vec<qrcode::QrCode> = texts
            .iter()
            .map(|text| qrcode::QrCode::new(text).unwrap())
            .collect();
        let side = |code: &qrcode::QrCode| u32::try_from(code.width() + 8).unwrap() * pixels;
        let width = codes.iter().map(side).sum();
        let height = codes.iter().map(side).max().unwrap();
        let mut image = GrayImage::from_pixel(width, height, Luma([255]));
        let mut left = 0;
        for code in &codes {
            let modules = u32::try_from(code.width()).unwrap();
            for (n, colour) in (0u32..).zip(code.to_colors()) {
                let (x, y) = (
                    (n % modules + 4) * pixels + left,
                    (n / modules + 4) * pixels,
                );
                let value = if colour == qrcode::Color::Dark {
                    0
                } else {
                    255
                };
                for (dx, dy) in (0..pixels).flat_map(|dx| (0..pixels).map(move |dy| (dx, dy))) {
                    image.put_pixel(x + dx, y + dy, Luma([value]));
                }
            }
            left += side(code);
        }
        if invert {
            image::imageops::invert(&mut image);
        }
        image
    }

    fn read_back(image: GrayImage, name: &str) -> CliResult<Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        image.save(&path).unwrap();
        open(&path).and_then(|picture| find(&picture, &path))
    }

    #[test]
    fn reads_what_images_say() {
        let text = "https://example.edu.cn/注册";
        assert_eq!(
            read_back(picture(&[text], 4, false), "a.png"),
            Ok(vec![text.to_owned()])
        );
        assert_eq!(
            read_back(picture(&[text], 8, false), "a.jpg"),
            Ok(vec![text.to_owned()])
        );
        assert_eq!(
            read_back(picture(&[text], 6, true), "a.png"),
            Ok(vec![text.to_owned()])
        );
        let mut both = read_back(picture(&["one", "two"], 5, false), "a.png").unwrap();
        both.sort();
        assert_eq!(both, ["one", "two"]);
        let large = read_back(picture(&[text], 40, false), "a.png");
        assert_eq!(large, Ok(vec![text.to_owned()]));
    }

    #[test]
    fn what_is_no_image_has_its_code() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.png");
        assert_eq!(open(&path).unwrap_err().exit, Exit::NoInput);
        assert_eq!(open(dir.path()).unwrap_err().exit, Exit::NoInput);
        std::fs::write(&path, b"not an image").unwrap();
        assert_eq!(open(&path).unwrap_err().exit, Exit::BadData);
        std::fs::write(&path, b"").unwrap();
        assert_eq!(open(&path).unwrap_err().exit, Exit::BadData);
        let blank = GrayImage::from_pixel(50, 50, Luma([255]));
        assert_eq!(read_back(blank, "a.png").unwrap_err().exit, Exit::BadData);
        let wide = GrayImage::from_pixel(MAX_SIDE + 1, 1, Luma([255]));
        assert_eq!(read_back(wide, "a.png").unwrap_err().exit, Exit::BadData);
    }
}
