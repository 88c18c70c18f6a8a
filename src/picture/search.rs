//! The search for codes in an image: at which sizes and on which ground, how long, and what to say where none is read.

use std::path::Path;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, Luma};

use super::finders::{self, Bitmap};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;

/// An image is searched at this size, in pixels a side.
const SEARCHED: u32 = 2400;
/// A large photograph is scaled down to this for a second attempt, which removes noise.
const SECOND_ATTEMPT: u32 = 900;
/// No attempt begins after this.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The most corners that are looked at, and the most pixels for all groups of them.
pub(super) const MAX_FINDERS: usize = 80;
const MAX_WORK: u64 = 20_000_000_000;

/// What a search came to without a text. The later ones say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NoText {
    /// Nothing looks like a code.
    Nothing,
    /// More places look like the corner of a code than are tried.
    TooMany(usize),
    /// A code is there, but it is damaged or blurred.
    Unreadable,
    /// A code was read, and its content is no text in UTF-8.
    OtherBytes,
}

/// The texts of the image's codes. What is transparent counts as white, then as black. It tries the image scaled to a
/// size at which photographs are read, smaller, inverted (light on dark, as on a dark terminal), and as it is.
///
/// # Errors
/// When no code can be read, with why.
pub fn find(picture: &DynamicImage, path: &Path) -> CliResult<Vec<String>> {
    let began = Instant::now();
    let mut why = NoText::Nothing;
    for ground in grounds(picture) {
        let flat = flattened(picture, ground);
        for attempt in [
            Attempt::Searched,
            Attempt::Small,
            Attempt::Inverted,
            Attempt::Whole,
        ] {
            if began.elapsed() > PATIENCE {
                break;
            }
            let Some(image) = attempt.of(&flat) else {
                continue;
            };
            match codes(&image) {
                Ok(texts) => return Ok(texts),
                Err(this) => why = why.max(this),
            }
        }
    }
    Err(why.error(path))
}

/// What transparent pixels are taken for, in the order of trying. An image without any has one ground.
fn grounds(picture: &DynamicImage) -> &'static [u8] {
    let is_clear = picture.color().has_alpha()
        && picture
            .to_luma_alpha8()
            .pixels()
            .any(|pixel| pixel.0[1] < 255);
    if is_clear { &[255, 0] } else { &[255] }
}

/// The image in shades of grey, on this ground.
fn flattened(picture: &DynamicImage, ground: &u8) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let with_alpha = picture.to_luma_alpha8();
    GrayImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let [shade, alpha] = with_alpha.get_pixel(x, y).0.map(u32::from);
        let behind = u32::from(*ground).saturating_mul(255u32.saturating_sub(alpha));
        let mixed = shade.saturating_mul(alpha).saturating_add(behind) / 255;
        Luma([u8::try_from(mixed).unwrap_or(255)])
    })
}

/// One way to look at an image.
#[derive(Clone, Copy)]
enum Attempt {
    Searched,
    Small,
    Inverted,
    Whole,
}

impl Attempt {
    /// The image to search; `None` where it would be the same as an earlier one.
    fn of(self, image: &GrayImage) -> Option<GrayImage> {
        let side = image.width().max(image.height());
        match self {
            Attempt::Searched => Some(scaled(image, SEARCHED)),
            Attempt::Small => (side > SECOND_ATTEMPT).then(|| scaled(image, SECOND_ATTEMPT)),
            Attempt::Inverted => {
                let mut inverted = scaled(image, SEARCHED);
                image::imageops::invert(&mut inverted);
                Some(inverted)
            }
            Attempt::Whole => (side > SEARCHED).then(|| image.clone()),
        }
    }
}

/// The image scaled down to at most so many pixels a side.
fn scaled(image: &GrayImage, most: u32) -> GrayImage {
    let (width, height) = image.dimensions();
    let side = width.max(height);
    if side <= most {
        return image.clone();
    }
    let part = |length: u32| {
        let scaled = u64::from(length).saturating_mul(u64::from(most)) / u64::from(side.max(1));
        u32::try_from(scaled).unwrap_or(most).max(1)
    };
    image::imageops::thumbnail(image, part(width), part(height))
}

fn codes(image: &GrayImage) -> Result<Vec<String>, NoText> {
    // The reader is foreign code, and the image is untrusted.
    let read = std::panic::catch_unwind(|| read_codes(image));
    read.unwrap_or(Err(NoText::Unreadable))
}

fn read_codes(image: &GrayImage) -> Result<Vec<String>, NoText> {
    let side = |length: u32| usize::try_from(length).unwrap_or_default();
    let (width, height) = (side(image.width()), side(image.height()));
    let pixels = image.as_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let index = y.saturating_mul(width).saturating_add(x);
        pixels.get(index).copied().unwrap_or(255)
    });
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let dark = places
        .map(|(x, y)| prepared.get_pixel_at(x, y) == 1u8)
        .collect();
    let finders = finders::count(&Bitmap {
        width,
        height,
        dark,
    });
    if is_too_much(finders, pixels.len() as u64) {
        return Err(NoText::TooMany(finders));
    }
    let (mut texts, mut why) = (Vec::new(), NoText::Nothing);
    for grid in prepared.detect_grids() {
        match grid.decode() {
            Ok((_, text)) if texts.contains(&text) => {}
            Ok((_, text)) => texts.push(text),
            Err(rqrr::DeQRError::EncodingError) => why = why.max(NoText::OtherBytes),
            Err(_) => why = why.max(NoText::Unreadable),
        }
    }
    if texts.is_empty() {
        Err(why)
    } else {
        Ok(texts)
    }
}

/// For each corner the reader tries pairs of the others, and copies the image for each.
pub(super) fn is_too_much(finders: usize, pixels: u64) -> bool {
    let n = finders as u64;
    let work = n.saturating_pow(3).saturating_mul(pixels) / 4;
    finders > MAX_FINDERS || (finders > 12 && work > MAX_WORK)
}

impl NoText {
    fn error(self, path: &Path) -> CliError {
        let shown = path.display();
        let (what, remedy) = match self {
            NoText::Nothing => (
                both!(
                    "no QR code was found in {shown}",
                    "{shown} 里没有找到二维码"
                ),
                both!(
                    "use an image of black squares with their white edge, at least four pixels a square; a photograph: \
                     sharper, straight from the front",
                    "请用黑色方块、带白边、每块至少四个像素的图片；拍照要清楚、正对"
                ),
            ),
            NoText::TooMany(places) => (
                both!(
                    "{places} places in {shown} look like the corner of a QR code, which is too many to try",
                    "{shown} 里有 {places} 处像二维码的角，太多了，试不过来"
                ),
                both!("cut the code out of it", "请把二维码剪出来"),
            ),
            NoText::Unreadable => (
                both!(
                    "a QR code was found in {shown}, and it cannot be read",
                    "{shown} 里有二维码，但读不出来"
                ),
                both!(
                    "use the original image; a photograph: sharper, straight from the front, without a reflection",
                    "请用原图；拍照要清楚、正对、没有反光"
                ),
            ),
            NoText::OtherBytes => (
                both!(
                    "a QR code was found in {shown}, and what it says is not text in UTF-8",
                    "{shown} 里有二维码，但内容不是 UTF-8 文字"
                ),
                both!(
                    "make the code anew with a program that writes UTF-8 (this one may be in GBK), or from an address of \
                     letters, digits and signs",
                    "请用写 UTF-8 的程序重新生成（这个可能是 GBK），或只用字母、数字和符号的网址"
                ),
            ),
        };
        CliError::new(Exit::BadData, what, remedy)
    }
}
