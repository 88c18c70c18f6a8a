//! `yingxin qr TEXT` prints a QR code that scans from a terminal; `yingxin qr --read IMAGE` prints the text of an image's
//! QR code. Neither touches a desk's data.
//!
//! Exit codes: 0 success, 1 the window is too small, 2 usage (from clap), 65 the text or the image cannot be used, 66
//! there is no such image.

use std::io::{self, IsTerminal};
use std::path::Path;

use ratatui::layout::Size;

use super::say_as_is;
use crate::cli::Scale;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::escape;
use crate::picture;
use crate::screen::qr::QrArt;
use crate::screen::theme::{QrPalette, Terminal};

/// Prints a QR code of the text to stdout.
///
/// # Errors
/// The text is empty or too long, or the code does not fit the window.
pub fn print(text: &str, scale: Scale) -> CliResult<()> {
    let window = window(io::stdout().is_terminal());
    let art = art(text, scale, &window, Terminal::from_env().qr())?;
    say_as_is(&art.to_sgr())
}

/// Prints the texts of the QR codes in an image (PNG or JPEG), one on each line.
///
/// # Errors
/// There is no such image, or no code in it.
pub fn read(image: &Path) -> CliResult<()> {
    let found = picture::open(image).and_then(|opened| picture::find(&opened, image))?;
    say_as_is(&in_lines(&found, io::stdout().is_terminal()))
}

/// A text a line: escaped for a person, for another program to the letter.
fn in_lines(texts: &[String], to_person: bool) -> String {
    let line = |text: &String| {
        if to_person {
            escape::line(text) + "\n"
        } else {
            format!("{text}\n")
        }
    };
    texts.iter().map(line).collect()
}

/// The window that shows the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    size: Size,
    /// Whether stdout is this window; else it is a file or another program.
    seen: bool,
}

/// The window of stdout, else `COLUMNS` and `LINES`, else 80x24.
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

fn art(text: &str, scale: Scale, window: &Window, palette: QrPalette) -> CliResult<QrArt> {
    if text.is_empty() {
        return Err(CliError::new(
            Exit::BadData,
            both!("the text is empty", "内容是空的"),
            both!("give what the code shall say", "请给出二维码的内容"),
        ));
    }
    // The shell's prompt takes a row.
    let room = Size::new(window.size.width, window.size.height.saturating_sub(1));
    let least = if palette == QrPalette::Console { 2 } else { 1 };
    let Some(smallest) = QrArt::at_scale(text, least, palette) else {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{} bytes are too much for a QR code",
                "{} 字节，二维码放不下",
                text.len()
            ),
            both!(
                "shorten the text (2331 bytes always fit)",
                "请缩短内容（2331 字节总放得下）"
            ),
        ));
    };
    let art = match scale {
        Scale::Auto => QrArt::fit(text, room, palette),
        Scale::By(scale) => match QrArt::at_scale(text, scale, palette) {
            Some(art) => Some(art),
            None => {
                return Err(CliError::new(
                    Exit::Failure,
                    both!(
                        "this console draws even scales only",
                        "这个控制台只画得出偶数大小"
                    ),
                    both!("use --scale auto, 2 or 4", "请用 --scale auto、2 或 4"),
                ));
            }
        },
    };
    let fits = |art: &QrArt| art.size().width <= room.width && art.size().height <= room.height;
    match art {
        Some(art) if !window.seen || fits(&art) => Ok(art),
        // Not for this window: a viewer can scroll or widen its own.
        None if !window.seen => Ok(smallest),
        art => {
            let size = art.as_ref().unwrap_or(&smallest).size();
            let what = both!(
                "the code of {} bytes needs {} columns and {} rows, the window has {} and {}",
                "{} 字节的二维码要 {} 列 {} 行，窗口只有 {} 列 {} 行",
                text.len(),
                size.width,
                size.height.saturating_add(1),
                window.size.width,
                window.size.height
            );
            let shorter = match fitting(text.len(), room, palette) {
                0 => String::new(),
                bytes => both!(
                    ", or shorten the text to {bytes} bytes (a short link)",
                    "，或把内容缩短到 {bytes} 字节（短链接）"
                ),
            };
            Err(CliError::new(
                Exit::Failure,
                what,
                both!(
                    "enlarge it, make the letters smaller{shorter}",
                    "请放大窗口、缩小字号{shorter}"
                ),
            ))
        }
    }
}

/// The longest text that this room has a code for, in bytes; less than `most`, and 0 where it has none.
fn fitting(most: usize, room: Size, palette: QrPalette) -> usize {
    // The text grows with its length: found by halves.
    let (mut fits, mut too_long) = (0usize, most);
    while too_long.saturating_sub(fits) > 1 {
        let middle = fits.saturating_add(too_long) / 2;
        if QrArt::fit("x".repeat(middle), room, palette).is_some() {
            fits = middle;
        } else {
            too_long = middle;
        }
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Window = Window {
        size: Size::new(80, 24),
        seen: true,
    };

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
        assert_eq!(fault.exit, Exit::Failure);
        assert!(
            fault
                .what
                .contains("24 bytes needs 33 columns and 18 rows, the window has 20 and 100"),
            "{}",
            fault.what
        );
        let long = "https://example.edu.cn/".repeat(8);
        let seen = art(&long, Scale::Auto, &SEEN, QrPalette::Rgb).unwrap_err();
        assert!(seen.what.contains("184 bytes"), "{}", seen.what);
        let fits = fitting(184, Size::new(80, 23), QrPalette::Rgb);
        assert!((100..160).contains(&fits), "{fits}");
        assert!(
            seen.remedy.contains(&format!("to {fits} bytes")),
            "{}",
            seen.remedy
        );
    }

    #[test]
    fn what_cannot_be_is_said_with_its_remedy() {
        let say = |text: &str, scale, palette| art(text, scale, &SEEN, palette).unwrap_err();
        assert_eq!(say("", Scale::Auto, QrPalette::Rgb).exit, Exit::BadData);
        assert_eq!(
            say(&"字".repeat(2000), Scale::Auto, QrPalette::Rgb).exit,
            Exit::BadData
        );
        assert_eq!(say("x", Scale::By(9), QrPalette::Rgb).exit, Exit::Failure);
        assert!(
            say("x", Scale::By(3), QrPalette::Console)
                .remedy
                .contains("--scale auto")
        );
    }

    #[test]
    fn a_strangers_code_does_not_drive_the_terminal() {
        let texts = ["a\x1b[2Jb\n\u{202e}字".to_owned()];
        assert_eq!(in_lines(&texts, true), "a\\u001b[2Jb\\u000a\\u202e字\n");
        assert_eq!(in_lines(&texts, false), "a\x1b[2Jb\n\u{202e}字\n");
    }
}
