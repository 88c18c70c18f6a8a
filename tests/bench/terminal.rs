//! A program in a pty, timed: when a text appeared, how long a key took, what it does at rest.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const PATIENCE: Duration = Duration::from_secs(20);
/// A repaint has ended when nothing has come for this long.
const QUIET: Duration = Duration::from_millis(4);

pub struct Probe {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    seen: Vec<u8>,
}

/// What a program does while nobody touches it.
pub struct Rest {
    pub own_wakes: f64,
    pub sled_wakes: f64,
    pub cpu_percent: f64,
    pub resident_mb: f64,
}

impl Probe {
    pub fn start(command: CommandBuilder, cols: u16, rows: u16) -> Probe {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 65536];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender
                    .send((Instant::now(), buffer[..read].to_vec()))
                    .is_err()
                {
                    break;
                }
            }
        });
        Probe {
            child,
            _master: pair.master,
            writer,
            output,
            seen: Vec::new(),
        }
    }

    /// Waits for a text in the output; gives the moment it came.
    pub fn wait_for(&mut self, text: &str) -> Instant {
        let contains = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        let mut came = Instant::now();
        while !contains(&self.seen) {
            let (at, bytes) = self.output.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!(
                    "{text:?} never came:\n{}",
                    String::from_utf8_lossy(&self.seen)
                );
            });
            came = at;
            self.seen.extend(bytes);
        }
        came
    }

    /// Lets the program come to rest.
    pub fn settle(&mut self) {
        while self.output.recv_timeout(Duration::from_millis(400)).is_ok() {}
    }

    /// Sends a key; gives the time to the last byte of its repaint, and how many bytes there were.
    pub fn key(&mut self, key: &str) -> (Duration, usize) {
        let sent = Instant::now();
        self.writer.write_all(key.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        let (mut last, first) = self
            .output
            .recv_timeout(PATIENCE)
            .expect("a key led to no repaint");
        let mut size = first.len();
        while let Ok((at, bytes)) = self.output.recv_timeout(QUIET) {
            last = at;
            size += bytes.len();
        }
        (last.duration_since(sent), size)
    }

    /// What the program does at rest for so long, after a text has come.
    pub fn rest(mut self, text: &str, long: Duration) -> Rest {
        self.wait_for(text);
        self.settle();
        std::thread::sleep(Duration::from_secs(1));
        let pid = self.child.process_id().unwrap();
        let (wakes, ticks) = (wakes(pid), ticks(pid));
        std::thread::sleep(long);
        let after = self::wakes(pid);
        let rate = |now: u64, before: u64| now.saturating_sub(before) as f64 / long.as_secs_f64();
        let rest = Rest {
            own_wakes: rate(after.0, wakes.0),
            sled_wakes: rate(after.1, wakes.1),
            cpu_percent: rate(self::ticks(pid), ticks),
            resident_mb: resident_mb(pid),
        };
        self.end();
        rest
    }

    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.end();
    }
}

/// Times that threads were woken: our own, and those of sled's pool, which names its threads.
fn wakes(pid: u32) -> (u64, u64) {
    let mut wakes = (0, 0);
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))
        .unwrap()
        .flatten()
    {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        let switches: u64 = read("status")
            .lines()
            .filter(|line| line.contains("ctxt_switches"))
            .filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok())
            .sum();
        let name = read("comm");
        if name.contains("sled") || name.contains("log flusher") {
            wakes.1 += switches;
        } else {
            wakes.0 += switches;
        }
    }
    wakes
}

/// Processor time so far in hundredths of a second: per cent of one processor when divided by seconds.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum()
}

fn resident_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<f64>().ok())
        .unwrap_or(f64::NAN)
        / 1024.0
}
