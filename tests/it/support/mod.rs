//! A terminal for tests: the built binary in a pty, its screen read with vt100, its QR codes with a real decoder.
//! Every process started here ends with the value that started it.

pub mod campus;
pub mod certificates;
pub mod clock;
pub mod contract;
pub mod django;
pub mod gammu;
pub mod glewlwyd;
pub mod kiosk;
pub mod log;
pub mod memory;
pub mod passwords;
pub mod ports;
pub mod proxy;
pub mod qr;
pub mod samba;
pub mod servers;
pub mod slapd;
pub mod toolkit;
pub mod walk;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Runs a command with this on its standard input, to its end. A command that reads nothing may be gone before it is written.
pub fn run_with_input(command: &mut Command, input: &str) -> process::Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// How long a test waits for something to appear: machines under load are slow.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const TAB: &str = "\t";
pub const F1: &str = "\x1bOP";
pub const F2: &str = "\x1bOQ";
pub const F4: &str = "\x1bOS";
pub const F6: &str = "\x1b[17~";
pub const F7: &str = "\x1b[18~";
pub const F9: &str = "\x1b[20~";
pub const F10: &str = "\x1b[21~";

/// The built binary in a terminal.
pub struct Desk {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Seen>,
}

struct Seen {
    state: Mutex<Output>,
    changed: Condvar,
}

struct Output {
    parser: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
    /// How often the emulator was restarted.
    falls: usize,
}

impl Output {
    /// The emulator panics on wide glyphs at the edge of a window that shrinks: it is restarted then, and what is drawn
    /// later, or by Ctrl-L, stands on it.
    fn show(&mut self, bytes: &[u8]) {
        let (rows, columns) = self.parser.screen().size();
        let is_alternate = self.parser.screen().alternate_screen();
        let parser = &mut self.parser;
        let shown =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parser.process(bytes)));
        if shown.is_err() {
            self.falls += 1;
            self.parser = vt100::Parser::new(rows, columns, 0);
            if is_alternate {
                self.parser.process(b"\x1b[?1049h");
            }
        }
    }
}

/// A command line for the built binary in a clean environment.
pub fn yingxin(args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_yingxin"));
    command.args(args);
    command.env_clear();
    for (key, value) in [
        ("LANG", "C.UTF-8"),
        ("LC_MESSAGES", "en_US.UTF-8"),
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        // Where tests run as root, what they look at is not that.
        ("YINGXIN_AS_ROOT", "1"),
    ] {
        command.env(key, value);
    }
    for key in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Ok(value) = std::env::var(key) {
            command.env(key, value);
        }
    }
    command
}

impl Desk {
    /// Starts a command in a terminal of this size.
    pub fn start(mut command: CommandBuilder, home: &Path, columns: u16, rows: u16) -> Desk {
        command.env("HOME", home);
        command.cwd(home);
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols: columns,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let output = Output {
            parser: vt100::Parser::new(rows, columns, 0),
            raw: Vec::new(),
            ended: false,
            falls: 0,
        };
        let seen = Arc::new(Seen {
            state: Mutex::new(output),
            changed: Condvar::new(),
        });
        let theirs = seen.clone();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 8192];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut state = theirs.state.lock().unwrap();
                if read == 0 {
                    state.ended = true;
                } else {
                    state.show(&buffer[..read]);
                    state.raw.extend_from_slice(&buffer[..read]);
                }
                theirs.changed.notify_all();
                if state.ended {
                    break;
                }
            }
        });
        Desk {
            child,
            master: pair.master,
            writer,
            seen,
        }
    }

    /// Types bytes as a terminal would send them.
    pub fn types(&mut self, bytes: &str) -> &mut Self {
        self.writer.write_all(bytes.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// A bracketed paste.
    pub fn pastes(&mut self, text: &str) -> &mut Self {
        self.types("\x1b[200~").types(text).types("\x1b[201~")
    }

    /// A click of the left button on a cell, counted from 0.
    pub fn clicks(&mut self, column: u16, row: u16) -> &mut Self {
        let (column, row) = (column + 1, row + 1);
        self.types(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"))
    }

    /// Clicks on the first place where the text stands.
    pub fn clicks_on(&mut self, text: &str) -> &mut Self {
        self.shows(text);
        let (column, row) = self.find(text).unwrap();
        self.clicks(column, row)
    }

    /// Waits until the screen shows a text. Spaces and line breaks are not compared: texts wrap.
    pub fn shows(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} on the screen"), |screen| {
            squeezed(screen).contains(&squeezed(text))
        });
        self
    }

    /// Waits until the screen shows a text no more.
    pub fn hides(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} gone"), |screen| {
            !squeezed(screen).contains(&squeezed(text))
        });
        self
    }

    /// Waits until one of the texts is shown, and says which.
    pub fn shows_one_of(&mut self, texts: &[&str]) -> usize {
        let mut found = 0;
        self.until(&format!("one of {texts:?}"), |screen| {
            let screen = squeezed(screen);
            texts
                .iter()
                .position(|text| screen.contains(&squeezed(text)))
                .map(|place| found = place)
                .is_some()
        });
        found
    }

    /// Waits until the screen's text is as wanted; shows it where it never is.
    pub fn until(&mut self, wanted: &str, mut is_so: impl FnMut(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut state = self.seen.state.lock().unwrap();
        loop {
            let text = state.parser.screen().contents();
            if is_so(&text) {
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.ended {
                let why = if state.ended {
                    "the program ended"
                } else {
                    "it took too long"
                };
                drop(state);
                panic!("waited for {wanted}, but {why}; the screen:\n{text}");
            }
            state = self.seen.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until nothing has been written for a moment.
    pub fn rests(&mut self) {
        loop {
            let before = self.raw().len();
            std::thread::sleep(Duration::from_millis(300));
            if self.raw().len() == before {
                return;
            }
        }
    }

    /// The screen's text now.
    pub fn text(&self) -> String {
        self.seen.state.lock().unwrap().parser.screen().contents()
    }

    /// The screen's text now, without spaces and line breaks.
    pub fn squeezed(&self) -> String {
        squeezed(&self.text())
    }

    /// A copy of the screen now.
    pub fn screen(&self) -> vt100::Screen {
        self.seen.state.lock().unwrap().parser.screen().clone()
    }

    /// How often the emulator has crashed and been restarted.
    pub fn falls(&self) -> usize {
        self.seen.state.lock().unwrap().falls
    }

    /// Everything the program has written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.state.lock().unwrap().raw.clone()
    }

    /// Where a text stands on one row, in cells from 0.
    pub fn find(&self, text: &str) -> Option<(u16, u16)> {
        let screen = self.screen();
        let (rows, columns) = screen.size();
        (0..rows).find_map(|row| {
            let mut cells = Vec::new();
            for column in 0..columns {
                if let Some(cell) = screen
                    .cell(row, column)
                    .filter(|cell| !cell.is_wide_continuation())
                {
                    let contents = if cell.has_contents() {
                        cell.contents().to_owned()
                    } else {
                        " ".to_owned()
                    };
                    cells.push((column, contents));
                }
            }
            (0..cells.len()).find_map(|start| {
                let rest: String = cells[start..]
                    .iter()
                    .map(|(_, contents)| contents.as_str())
                    .collect();
                rest.starts_with(text).then_some((cells[start].0, row))
            })
        })
    }

    /// The text of the QR code on the screen, waited for.
    pub fn qr(&mut self) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(text) = qr::read(&self.screen()) {
                return text;
            }
            assert!(
                Instant::now() < end,
                "no QR code can be read on the screen:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub fn resizes(&mut self, columns: u16, rows: u16) {
        self.seen
            .state
            .lock()
            .unwrap()
            .parser
            .screen_mut()
            .set_size(rows, columns);
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// SIGKILL, as in a power cut. The pty library's own `kill` sends SIGHUP first, on which the desk ends cleanly.
    pub fn kill(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
            let _ = kill_process(pid.unwrap(), Signal::KILL);
        }
        let _ = self.child.wait();
    }

    /// Sends a signal by name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.pid().to_string())
            .status();
        assert!(status.unwrap().success());
    }

    /// Waits for the program's end, and for what it wrote last.
    pub fn ends(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let state = self.seen.state.lock().unwrap();
                let rest = Duration::from_secs(2);
                let read = self
                    .seen
                    .changed
                    .wait_timeout_while(state, rest, |s| !s.ended);
                drop(read.unwrap());
                return status;
            }
            assert!(
                Instant::now() < end,
                "the program does not end; the screen:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Without the spaces and line breaks of wrapped texts.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
