//! Reads the QR codes of an image or a photograph. It writes nothing, and bounds its work: the file, the pixels, and the
//! places that look like the corner of a code. The limits stand in `yingxin help limits`.

mod finders;
mod search;

use std::io::{self, Read};
use std::path::Path;

use image::error::{ImageError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder};

pub use search::find;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;

/// The largest file, in bytes.
const MAX_FILE: u64 = 32 * 1024 * 1024;
/// The largest width or height, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The most pixels: more than a telephone's camera takes.
const MAX_PIXELS: u64 = 50_000_000;
/// The largest decoded image, in bytes.
const MAX_DECODED: u64 = 256 * 1024 * 1024;

/// Checks that a file is there which may be an image, without reading it.
///
/// # Errors
/// When the file is missing or too large.
pub fn look_for(path: &Path) -> CliResult<()> {
    let meta = std::fs::metadata(path).map_err(|error| unread(path, &error))?;
    if !meta.is_file() {
        return Err(CliError::new(
            Exit::NoInput,
            both!("{} is not a file", "{} 不是文件", path.display()),
            both!("name a PNG or JPEG image", "请指定 PNG 或 JPEG 图片"),
        ));
    }
    if meta.len() > MAX_FILE {
        return Err(too_large(path, &both!("larger than 32 MB", "超过 32 MB")));
    }
    Ok(())
}

fn unread(path: &Path, error: &io::Error) -> CliError {
    CliError::io(both!("cannot open {}", "打不开 {}", path.display()), error)
}

/// Opens an image. Its content decides about the format, not its name.
///
/// # Errors
/// When the file is missing, too large, or neither PNG nor JPEG.
pub fn open(path: &Path) -> CliResult<DynamicImage> {
    look_for(path)?;
    let shown = path.display();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE).read_to_end(&mut bytes))
        .map_err(|error| unread(path, &error))?;
    if let Some(kind) = other_format(&bytes) {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{shown} is {kind}, which is not read",
                "{shown} 是 {kind}，读不了"
            ),
            both!("save it as PNG or JPEG", "请另存为 PNG 或 JPEG"),
        ));
    }
    decoded(&bytes).map_err(|error| match error {
        ImageError::Limits(limit) => {
            let what = match limit.kind() {
                LimitErrorKind::DimensionError => both!(
                    "larger than {MAX_SIDE} pixels a side",
                    "每边超过 {MAX_SIDE} 像素"
                ),
                _ => both!(
                    "larger than {} million pixels",
                    "超过 {} 百万像素",
                    MAX_PIXELS / 1_000_000
                ),
            };
            too_large(path, &what)
        }
        ImageError::Unsupported(_) => CliError::new(
            Exit::BadData,
            both!(
                "{shown} is neither a PNG nor a JPEG image",
                "{shown} 既不是 PNG 也不是 JPEG 图片"
            ),
            both!("save it as PNG or JPEG", "请另存为 PNG 或 JPEG"),
        ),
        damaged => CliError::new(
            Exit::BadData,
            both!("{shown} is damaged: {damaged}", "{shown} 已损坏：{damaged}"),
            both!(
                "fetch the image again, or save it as PNG",
                "请重新取得图片，或另存为 PNG"
            ),
        ),
    })
}

fn too_large(path: &Path, what: &str) -> CliError {
    CliError::new(
        Exit::BadData,
        both!("{} is {what}", "{} {what}", path.display()),
        both!(
            "cut the code out of it, or make it smaller",
            "请把二维码剪出来，或缩小图片"
        ),
    )
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = image::ImageReader::new(io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    let decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED {
        let kind = LimitErrorKind::InsufficientMemory;
        return Err(ImageError::Limits(image::error::LimitError::from_kind(
            kind,
        )));
    }
    DynamicImage::from_decoder(decoder)
}

/// The name of a format that people take for an image of the kinds that are read, by its first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let at =
        |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(mark));
    let known: [(usize, &[u8], &'static str); 9] = [
        (8, b"WEBP", "a WebP image"),
        (4, b"ftyphei", "a HEIC image, as an iPhone takes it"),
        (4, b"ftypmif1", "a HEIC image, as an iPhone takes it"),
        (4, b"ftypavif", "an AVIF image"),
        (0, b"GIF8", "a GIF image"),
        (0, b"BM", "a BMP image"),
        (0, b"II*\0", "a TIFF image"),
        (0, b"MM\0*", "a TIFF image"),
        (0, b"%PDF", "a PDF"),
    ];
    let named = known.iter().find(|(from, mark, _)| at(*from, mark));
    let is_svg = || {
        let head = bytes.get(..512).unwrap_or(bytes);
        head.windows(4).any(|window| window == b"<svg")
    };
    named
        .map(|(_, _, name)| *name)
        .or_else(|| is_svg().then_some("an SVG drawing"))
}

#[cfg(test)]
mod tests;
