//! A program in a pty, timed from outside: when a frame was whole, how long a key took. Bytes are stamped by the thread
//! that reads them the moment they arrive, and nothing is parsed while a clock runs.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

const PATIENCE: Duration = Duration::from_secs(60);
/// Output has ended when nothing has come for this long. It is waited for and never counted.
const QUIET: Duration = Duration::from_millis(20);
/// The end of a synchronized update: every large frame of the kiosk ends with it.
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;

pub struct Probe {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    began: Instant,
    seen: Vec<u8>,
    /// When what was seen up to a length came.
    came: Vec<(usize, Instant)>,
}

/// A key's repaint.
#[derive(Clone, Copy)]
pub struct Repaint {
    /// From the key's write to the last byte.
    pub took: Duration,
    pub bytes: usize,
}

impl Probe {
    pub fn start(command: CommandBuilder) -> Probe {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 65536];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let came = Instant::now();
                if sender.send((came, buffer[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        Probe {
            child,
            _master: pair.master,
            writer,
            output,
            began,
            seen: Vec::new(),
            came: Vec::new(),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// How long its first thread was on a processor so far: unlike on wall time, other load on the machine hardly
    /// affects it.
    pub fn ran(&self) -> Duration {
        let pid = self.pid();
        let ran = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/schedstat")).unwrap();
        Duration::from_nanos(ran.split(' ').next().unwrap().parse().unwrap())
    }

    /// From the start to the last byte of the kiosk's first large frame, second, ..; the screen then shows these texts.
    pub fn frame(&mut self, nth: usize, shows: &[&str]) -> Duration {
        loop {
            let end = positions(&self.seen, FRAME_ENDS).nth(nth.saturating_sub(1));
            let Some(end) = end.map(|at| at + FRAME_ENDS.len()) else {
                self.take();
                continue;
            };
            let screen = shown(&self.seen[..end]);
            for text in shows {
                assert!(
                    screen.contains(text),
                    "no {text:?} in frame {nth}:\n{screen}"
                );
            }
            let whole = self.came.iter().find(|(length, _)| *length >= end);
            return whole.unwrap().1.duration_since(self.began);
        }
    }

    /// From the start to the last byte that came before the program stopped writing, once a text had come.
    pub fn silent_after(&mut self, text: &str) -> Duration {
        while positions(&self.seen, text.as_bytes()).next().is_none() {
            self.take();
        }
        self.rest();
        self.came.last().unwrap().1.duration_since(self.began)
    }

    /// Waits until the screen shows a text, then for silence.
    pub fn shows(&mut self, text: &str) {
        while !shown(&self.seen).contains(text) {
            self.take();
        }
        self.rest();
    }

    /// What the screen shows once nothing comes any more.
    pub fn text(&mut self) -> String {
        self.rest();
        shown(&self.seen)
    }

    pub fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Sends a key and waits for its repaint.
    pub fn key(&mut self, key: &str) -> Repaint {
        self.rest();
        let before = self.seen.len();
        let sent = Instant::now();
        self.types(key);
        self.take();
        self.rest();
        Repaint {
            took: self.came.last().unwrap().1.duration_since(sent),
            bytes: self.seen.len() - before,
        }
    }

    /// From a key to the last byte of the frame that shows a text, be it the first frame after the key or a later one.
    pub fn page(&mut self, key: &str, text: &str) -> Duration {
        self.rest();
        let sent = Instant::now();
        self.types(key);
        self.shows(text);
        self.came.last().unwrap().1.duration_since(sent)
    }

    /// Asks it to end as the service manager does, and waits for it.
    pub fn close(mut self) {
        self.ends_by(Signal::TERM);
    }

    fn ends_by(&mut self, signal: Signal) {
        if let Ok(None) = self.child.try_wait() {
            let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
            let _ = kill_process(pid, signal);
        }
        let _ = self.child.wait();
    }

    /// Takes what is there until nothing comes any more.
    fn rest(&mut self) {
        while let Ok((came, bytes)) = self.output.recv_timeout(QUIET) {
            self.note(came, &bytes);
        }
    }

    fn take(&mut self) {
        match self.output.recv_timeout(PATIENCE) {
            Ok((came, bytes)) => self.note(came, &bytes),
            Err(_) => panic!("nothing came any more; the screen:\n{}", shown(&self.seen)),
        }
    }

    fn note(&mut self, came: Instant, bytes: &[u8]) {
        self.seen.extend_from_slice(bytes);
        self.came.push((self.seen.len(), came));
    }
}

impl Drop for Probe {
    /// The pty library's own `kill` would send SIGHUP first, on which the desk ends cleanly.
    fn drop(&mut self) {
        self.ends_by(Signal::KILL);
    }
}

fn positions<'a>(bytes: &'a [u8], of: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let windows = bytes.windows(of.len()).enumerate();
    windows
        .filter(move |(_, window)| *window == of)
        .map(|(at, _)| at)
}

/// What a terminal shows after these bytes.
fn shown(bytes: &[u8]) -> String {
    let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
    parser.process(bytes);
    parser.screen().contents()
}
