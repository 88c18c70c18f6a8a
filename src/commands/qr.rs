//! `yingxin qr TEXT` prints a QR code that scans from a terminal; `yingxin qr --read IMAGE` prints what an image's QR
//! says. Neither touches a desk's data.
//!
//! Exit codes: 0 done, 1 it could not be done here (the window is too small, the output is gone), 2 usage (given by the
//! command line's reader), 65 the text or the image cannot be used, 66 there is no such image.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use image::DynamicImage;
use ratatui::layout::Size;

use crate::screen::qr::{QrArt, QrPalette};
use crate::screen::theme::Terminal;

/// `EX_DATAERR` and `EX_NOINPUT` of sysexits.
const BAD_DATA: u8 = 65;
const NO_INPUT: u8 = 66;
/// Images beyond this are refused: bytes of the file, pixels a side, bytes once decoded.
const MAX_FILE: u64 = 32 * 1024 * 1024;
const MAX_SIDE: u32 = 12_000;
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// Pixels a side to which a large photograph is brought down for a second look.
const SECOND_LOOK: u32 = 900;

/// How large a code is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// As large as the window allows.
    #[default]
    Auto,
    /// Cells a module is wide.
    By(u16),
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        match text {
            "auto" => Ok(Scale::Auto),
            _ => match text.parse() {
                Ok(scale @ 1..=32) => Ok(Scale::By(scale)),
                _ => Err("write auto, or a number from 1 to 32".to_owned()),
            },
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scale::Auto => f.write_str("auto"),
            Scale::By(scale) => write!(f, "{scale}"),
        }
    }
}

/// Why a command did not do what it should: one line with its remedy, and an exit code.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    code: u8,
    words: String,
}

impl Fault {
    fn new(code: u8, words: impl Into<String>) -> Fault {
        Fault {
            code,
            words: words.into(),
        }
    }

    fn tell(&self) -> ExitCode {
        // With stderr gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "yingxin qr: {}", self.words);
        ExitCode::from(self.code)
    }
}

/// Prints a QR code of the text to stdout.
pub fn print(text: &str, scale: Scale) -> ExitCode {
    let stdout = io::stdout();
    let window = window(stdout.is_terminal());
    let art = match art(text, scale, &window, Terminal::from_env().qr()) {
        Ok(art) => art,
        Err(fault) => return fault.tell(),
    };
    put_out(art.to_sgr().as_bytes())
}

/// Prints what the QR codes of an image (PNG or JPEG) say, each on a line.
pub fn read(image: &Path) -> ExitCode {
    let found = match open(image).and_then(|picture| find(&picture, image)) {
        Ok(found) => found,
        Err(fault) => return fault.tell(),
    };
    let to_person = io::stdout().is_terminal();
    let mut lines = String::new();
    for text in found {
        match to_person {
            true => lines.push_str(&escaped(&text)),
            false => lines.push_str(&text),
        }
        lines.push('\n');
    }
    put_out(lines.as_bytes())
}

/// Where the code will be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    size: Size,
    /// What is printed is seen in it at once; else it goes to a file or another program.
    seen: bool,
}

/// What stdout says of its size, else `COLUMNS` and `LINES`, else 80x24.
fn window(terminal: bool) -> Window {
    let from_terminal = rustix::termios::tcgetwinsize(io::stdout())
        .ok()
        .filter(|size| size.ws_col > 0 && size.ws_row > 0)
        .map(|size| Size::new(size.ws_col, size.ws_row));
    let variable = |name: &str, default: u16| {
        let value = std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok());
        value.filter(|value| *value > 0).unwrap_or(default)
    };
    let size =
        from_terminal.unwrap_or_else(|| Size::new(variable("COLUMNS", 80), variable("LINES", 24)));
    Window {
        size,
        seen: terminal,
    }
}

fn art(text: &str, scale: Scale, window: &Window, palette: QrPalette) -> Result<QrArt, Fault> {
    if text.is_empty() {
        return Err(Fault::new(
            BAD_DATA,
            "the text is empty; give what the code shall say",
        ));
    }
    // The prompt takes a row when it comes back.
    let room = Size::new(window.size.width, window.size.height.saturating_sub(1));
    let least = if palette == QrPalette::Console { 2 } else { 1 };
    let Some(smallest) = QrArt::at_scale(text, least, palette) else {
        let words = format!(
            "{} bytes are too much for a QR code; shorten the text (2331 bytes always fit)",
            text.len()
        );
        return Err(Fault::new(BAD_DATA, words));
    };
    let art = match scale {
        Scale::Auto => QrArt::fit(text, room, palette),
        Scale::By(scale) => match QrArt::at_scale(text, scale, palette) {
            Some(art) => Some(art),
            None => {
                return Err(Fault::new(
                    1,
                    "this console draws even scales only; use --scale auto, 2 or 4",
                ));
            }
        },
    };
    let fits = |art: &QrArt| art.size().width <= room.width && art.size().height <= room.height;
    match art {
        Some(art) if !window.seen || fits(&art) => Ok(art),
        // Nobody sees it in this window: it may as well be scrolled or widened there.
        None if !window.seen => Ok(smallest),
        art => {
            let size = art.as_ref().unwrap_or(&smallest).size();
            let words = format!(
                "the code needs {} columns and {} rows, the window has {} and {}; enlarge it, make the letters smaller, \
                 or shorten the text",
                size.width,
                size.height.saturating_add(1),
                window.size.width,
                window.size.height
            );
            Err(Fault::new(1, words))
        }
    }
}

fn open(path: &Path) -> Result<DynamicImage, Fault> {
    let shown = path.display();
    let meta = std::fs::metadata(path).map_err(|error| no_input(path, &error))?;
    if !meta.is_file() {
        return Err(Fault::new(
            NO_INPUT,
            format!("{shown} is not a file; name a PNG or JPEG image"),
        ));
    }
    if meta.len() > MAX_FILE {
        let words = format!("{shown} is larger than 32 MiB; cut the code out of it");
        return Err(Fault::new(BAD_DATA, words));
    }
    let bad = |error: &dyn fmt::Display| {
        Fault::new(
            BAD_DATA,
            format!("{shown} cannot be read as a PNG or JPEG image: {error}"),
        )
    };
    let file = std::fs::File::open(path).map_err(|error| no_input(path, &error))?;
    // The content says what it is, not the name.
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

fn no_input(path: &Path, error: &io::Error) -> Fault {
    let words = format!(
        "{} cannot be opened: {error}; check the path",
        path.display()
    );
    Fault::new(NO_INPUT, words)
}

/// Looks as it is, then smaller (noise goes), then turned over (light on dark, as on a dark terminal).
fn find(picture: &DynamicImage, path: &Path) -> Result<Vec<String>, Fault> {
    let plain = picture.to_luma8();
    let mut looks = vec![plain.clone()];
    if picture.width().max(picture.height()) > SECOND_LOOK {
        looks.push(picture.thumbnail(SECOND_LOOK, SECOND_LOOK).to_luma8());
    }
    let mut inverted = plain;
    image::imageops::invert(&mut inverted);
    looks.push(inverted);
    for look in looks {
        let found = codes(&look);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let words = format!(
        "no QR code can be read in {}; take it sharper, straight from the front, with its white edge",
        path.display()
    );
    Err(Fault::new(BAD_DATA, words))
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

/// What a stranger's code says, safe for a terminal: control and bidi characters as escapes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_control() || crate::visit::is_format(c) {
            true => safe.extend(c.escape_default()),
            false => safe.push(c),
        }
    }
    safe
}

/// Writes to stdout; a reader who has left is no fault.
fn put_out(bytes: &[u8]) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => Fault::new(1, format!("the output cannot be written: {error}")).tell(),
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    const SEEN: Window = Window {
        size: Size::new(80, 24),
        seen: true,
    };

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

    fn read_back(image: GrayImage, name: &str) -> Result<Vec<String>, Fault> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        image.save(&path).unwrap();
        open(&path).and_then(|picture| find(&picture, &path))
    }

    #[test]
    fn as_large_as_the_window_allows() {
        let size = |columns, rows, seen| {
            let window = Window {
                size: Size::new(columns, rows),
                seen,
            };
            art(
                "https://example.edu.cn/r",
                Scale::Auto,
                &window,
                QrPalette::Rgb,
            )
            .map(|art| art.scale())
        };
        assert_eq!(size(80, 24, true), Ok(1));
        assert_eq!(size(80, 40, true), Ok(2));
        assert_eq!(size(200, 100, true), Ok(6));
        assert_eq!(
            size(20, 100, false),
            Ok(1),
            "in a pipe it is printed all the same"
        );
        let fault = size(20, 100, true).unwrap_err();
        assert_eq!(fault.code, 1);
        assert!(
            fault
                .words
                .contains("needs 33 columns and 18 rows, the window has 20 and 100"),
            "{}",
            fault.words
        );
    }

    #[test]
    fn what_cannot_be_is_said_with_its_remedy() {
        let say = |text: &str, scale, palette| art(text, scale, &SEEN, palette).unwrap_err();
        assert_eq!(say("", Scale::Auto, QrPalette::Rgb).code, BAD_DATA);
        assert_eq!(
            say(&"字".repeat(2000), Scale::Auto, QrPalette::Rgb).code,
            BAD_DATA
        );
        assert_eq!(say("x", Scale::By(9), QrPalette::Rgb).code, 1);
        assert!(
            say("x", Scale::By(3), QrPalette::Console)
                .words
                .contains("--scale auto")
        );
        assert_eq!("auto".parse(), Ok(Scale::Auto));
        assert_eq!("2".parse(), Ok(Scale::By(2)));
        for bad in ["0", "-1", "33", "large", ""] {
            assert!(bad.parse::<Scale>().is_err(), "{bad}");
        }
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
        assert_eq!(open(&path).unwrap_err().code, NO_INPUT);
        assert_eq!(open(dir.path()).unwrap_err().code, NO_INPUT);
        std::fs::write(&path, b"not an image").unwrap();
        assert_eq!(open(&path).unwrap_err().code, BAD_DATA);
        std::fs::write(&path, b"").unwrap();
        assert_eq!(open(&path).unwrap_err().code, BAD_DATA);
        let blank = GrayImage::from_pixel(50, 50, Luma([255]));
        assert_eq!(read_back(blank, "a.png").unwrap_err().code, BAD_DATA);
        let wide = GrayImage::from_pixel(MAX_SIDE + 1, 1, Luma([255]));
        assert_eq!(read_back(wide, "a.png").unwrap_err().code, BAD_DATA);
    }

    #[test]
    fn a_strangers_code_does_not_drive_the_terminal() {
        assert_eq!(
            escaped("a\x1b[2Jb\n\u{202e}字"),
            "a\\u{1b}[2Jb\\n\\u{202e}字"
        );
    }
}
