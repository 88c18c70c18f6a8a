//! The guard of the terminal: raw mode, the alternate screen, paste and mouse; and back again on return, on error, on
//! panic. Nothing else of the program writes to the terminal while it stands.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::ThreadId;

use ratatui::Frame;

use super::halves::WideCells;
use super::wire::AnsiBackend;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::screen::theme::Terminal;
use crate::store::contained_call;

/// The thread whose terminal is entered. A panic elsewhere leaves the screen alone: that thread's partner notices.
static ENTERED: Mutex<Option<ThreadId>> = Mutex::new(None);

/// Keypad and cursor keys in their normal mode, which an earlier program may have left; alternate screen, cleared;
/// bracketed paste; buttons of the mouse (no motion), in decimal; no cursor.
const ENTER: &str =
    "\x1b>\x1b[?1l\x1b[?1049h\x1b[0m\x1b[2J\x1b[H\x1b[?2004h\x1b[?1000h\x1b[?1006h\x1b[?25l";
/// The same backwards. The alternate screen is cleared before it is left, for some terminals show it again.
const LEAVE: &str =
    "\x1b[?2026l\x1b[0m\x1b[2J\x1b[H\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Checks that there is a terminal that can show what will be drawn. To be asked before anything is opened.
///
/// # Errors
/// Where there is none, or its locale is not UTF-8.
pub fn check(environment: &dyn Fn(&str) -> Option<String>) -> CliResult<()> {
    for (stream, is_terminal) in [
        ("input", io::stdin().is_terminal()),
        ("output", io::stdout().is_terminal()),
    ] {
        if !is_terminal {
            return Err(CliError::new(
                Exit::NoInput,
                both!(
                    "the kiosk needs a terminal, and its {stream} is none",
                    "迎新台要在终端里运行，而它的 {stream} 不是终端"
                ),
                both!(
                    "start it in a terminal window, without a pipe or a file",
                    "请在终端窗口里启动，不要接管道或文件"
                ),
            ));
        }
    }
    check_locale(environment)
}

/// The locale of characters: the first of LC_ALL, LC_CTYPE and LANG that is set decides, as in POSIX.
pub fn locale(environment: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()))
}

/// Whether a locale's name says UTF-8.
pub fn is_utf8(locale: &str) -> bool {
    let upper = locale.to_ascii_uppercase();
    upper.contains("UTF-8") || upper.contains("UTF8")
}

fn check_locale(environment: &dyn Fn(&str) -> Option<String>) -> CliResult<()> {
    let locale = locale(environment);
    let name = locale.as_deref().unwrap_or("not set");
    if is_utf8(name) {
        return Ok(());
    }
    Err(CliError::new(
        Exit::Configuration,
        both!(
            "the terminal's locale is not UTF-8 (it is {name}), and Chinese could not be shown",
            "终端的语言环境不是 UTF-8（是 {name}），显示不了中文"
        ),
        "run: LC_ALL=C.UTF-8 yingxin   (请在 UTF-8 环境里运行)",
    ))
}

/// Holds the terminal; dropped, it gives it back as it was.
pub struct Guard {
    terminal: ratatui::Terminal<AnsiBackend<File>>,
    wide: WideCells,
}

impl Guard {
    /// Takes the terminal over. The kernel's console knows no synchronized updates: it gets none.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn enter(kind: Terminal) -> CliResult<Self> {
        Self::try_enter(kind).map_err(|e| {
            restore();
            CliError::io(pick("cannot take the terminal over", "接管不了终端"), &e)
        })
    }

    fn try_enter(kind: Terminal) -> io::Result<Self> {
        // Unbuffered and the guard's own: std's stdout would cut a frame at its line ends.
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        set_entered(Some(std::thread::current().id()));
        crossterm::terminal::enable_raw_mode()?;
        out.write_all(ENTER.as_bytes())?;
        let wire = AnsiBackend::new(out, size, !kind.console);
        Ok(Guard {
            terminal: ratatui::Terminal::new(wire)?,
            wide: WideCells::default(),
        })
    }

    /// Draws one frame: what changed, in one write, or nothing.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let (terminal, wide) = (&mut self.terminal, &mut self.wide);
        let draw = |frame: &mut Frame<'_>| {
            render(frame);
            wide.mend(frame.buffer_mut());
        };
        terminal.draw(draw).map(|_| ())
    }

    /// Lets the next frame be drawn whole: on Ctrl-L, on a new size, on the return to Welcome.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().forget();
        self.terminal.clear()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// The size of what is drawn on, in columns and rows: one call for each frame, where crossterm would open /dev/tty. It is
/// asked where the terminal does not know, as a serial line.
fn size() -> io::Result<(u16, u16)> {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Ok((size.ws_col, size.ws_row)),
        _ => crossterm::terminal::size(),
    }
}

/// Records which thread holds the terminal from now on. Returns the one before it.
fn set_entered(thread: Option<ThreadId>) -> Option<ThreadId> {
    let mut entered = ENTERED
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    std::mem::replace(&mut *entered, thread)
}

/// Whether this thread holds the terminal, or none does: then a panic is reported in any case.
fn is_entered_here() -> bool {
    let entered = ENTERED
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    entered.is_none_or(|thread| thread == std::thread::current().id())
}

/// Forgets which thread holds the terminal. Returns it, once.
fn take_entered() -> Option<ThreadId> {
    set_entered(None)
}

/// Gives the terminal back, once. A terminal that is gone cannot be given back: errors mean nothing here.
fn restore() {
    if take_entered().is_none() {
        return;
    }
    let mut out = io::stdout();
    let _ = out.write_all(LEAVE.as_bytes());
    let _ = out.flush();
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Sets the one panic hook: the terminal is given back, the log says what happened, and stderr where the log is.
pub fn set_panic_hook(log: PathBuf) {
    std::panic::set_hook(Box::new(move |info| on_panic(info, &log)));
}

fn on_panic(info: &PanicHookInfo<'_>, log: &Path) {
    let place = info
        .location()
        .map(|place| format!("{}:{}", place.file(), place.line()));
    let place = place.unwrap_or_else(|| "an unknown place".into());
    let words: String = info
        .payload_as_str()
        .unwrap_or("no words")
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    // A panic of sled's ends in the store as an error: it is logged, with what was asked of sled, and the desk goes on.
    let call = contained_call();
    let line = match call {
        Some(call) => format!("WARN panic at {place} (sled: {call}): {words}"),
        None => format!("ERROR panic at {place}: {words}"),
    };
    crate::desk::log::append(log, &line);
    if call.is_some() || !is_entered_here() {
        return;
    }
    restore();
    let _ = writeln!(
        io::stderr(),
        "yingxin: stopped by a fault of its own; every step that was shown as done is kept\n   help: start it again; \
         the log says more: {}",
        crate::escape::path(log)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_that_is_set_decides() {
        let check = |all: &'static str, ctype: &'static str, lang: &'static str| {
            check_locale(&move |name| match name {
                "LC_ALL" => Some(all.into()),
                "LC_CTYPE" => Some(ctype.into()),
                _ => Some(lang.into()),
            })
        };
        assert!(check("", "", "zh_CN.UTF-8").is_ok());
        assert!(check("", "C.utf8", "C").is_ok());
        assert!(check("C", "", "zh_CN.UTF-8").is_err());
        assert!(
            check("", "", "zh_CN.GB18030")
                .unwrap_err()
                .what
                .contains("zh_CN.GB18030")
        );
        assert!(
            check("", "", "").unwrap_err().remedy.is_ascii()
                || check("", "", "").unwrap_err().remedy.starts_with("run: ")
        );
    }
}
