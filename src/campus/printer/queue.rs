//! A queue of CUPS: `lpstat` says how it is, `lp` takes the slip as it is (raw). CUPS itself speaks to the printer.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{DEADLINE, Paper, PrinterTrouble, SlipPrinter};
use crate::campus::setting::InvalidSetting;
use crate::cli_lang::{both, pick};

/// The longest name of a queue.
const LONGEST: usize = 127;
/// What is read of a program's output, in bytes.
const OUTPUT: u64 = 64 * 1024;

/// A queue of CUPS.
pub(super) struct QueuePrinter {
    name: String,
    paper: Paper,
    /// The folder of `lp` and `lpstat`; the usual ones where it is empty.
    programs: String,
}

/// A name that is no option and no path.
pub(super) fn check_name(text: &str) -> Result<(), InvalidSetting> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let is_one = !text.starts_with('-') && text.len() <= LONGEST;
    if is_one && !text.is_empty() && text.chars().all(plain) {
        Ok(())
    } else {
        let what = both!(
            "\"{text}\" is no name of a queue",
            "\"{text}\" 不是队列的名称"
        );
        Err(InvalidSetting::new(
            what,
            pick(
                "write a name as lpstat -e prints it",
                "请照 lpstat -e 打印的那样写",
            ),
        ))
    }
}

impl QueuePrinter {
    pub fn new(name: String, paper: Paper) -> Self {
        QueuePrinter {
            name,
            paper,
            programs: String::new(),
        }
    }

    /// Runs one of CUPS's programs to its end or the deadline: whether it succeeded, and what it said.
    fn run(
        &self,
        program: &str,
        args: &[&str],
        input: &[u8],
    ) -> Result<(bool, String), PrinterTrouble> {
        let end = Instant::now() + DEADLINE;
        let mut child = Command::new(format!("{}{program}", self.programs))
            .args(args)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| PrinterTrouble::Absent)?;
        // A slip fits a pipe: this does not wait for the program to read it.
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(input);
        }
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
                Ok(None) | Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(PrinterTrouble::Offline);
                }
            }
        };
        let mut said = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            let _ = stdout.take(OUTPUT).read_to_end(&mut said);
        }
        Ok((
            status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        ))
    }
}

impl SlipPrinter for QueuePrinter {
    fn paper(&self) -> Paper {
        self.paper
    }

    fn print(&self, slip: &[u8]) -> Result<(), PrinterTrouble> {
        // A queue that is stopped would keep the slip, and print it when its student is long gone.
        self.check()?;
        match self.run("lp", &["-d", &self.name, "-o", "raw", "-s"], slip)? {
            (true, _) => Ok(()),
            (false, _) => Err(PrinterTrouble::Offline),
        }
    }

    fn check(&self) -> Result<(), PrinterTrouble> {
        let (is_known, said) = self.run("lpstat", &["-l", "-p", &self.name], &[])?;
        if is_known {
            read_state(&said)
        } else {
            Err(PrinterTrouble::Absent)
        }
    }
}

/// What `lpstat -l -p` says in English: whether the queue is enabled, and which alerts there are.
fn read_state(said: &str) -> Result<(), PrinterTrouble> {
    let said = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&[
        "media-empty",
        "media-needed",
        "media-jam",
        "cover-open",
        "out of paper",
    ]) {
        Err(PrinterTrouble::NoPaper)
    } else if has(&[
        " disabled since ",
        "offline-report",
        "connecting-to-device",
        "is stopped",
    ]) {
        Err(PrinterTrouble::Offline)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_queue_is_named_and_nothing_else() {
        for name in ["slips", "POS-80", "a_b.c"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "-d", "../x", "a b", "a;b", "打印机", &"x".repeat(128)] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_lpstat_says_is_read() {
        for (said, state) in [
            (
                "printer slips is idle.  enabled since Sat 28 Nov 2026\n\tAlerts: none\n",
                Ok(()),
            ),
            (
                "printer slips now printing slips-7.  enabled since Sat\n",
                Ok(()),
            ),
            (
                "printer slips disabled since Sat 28 Nov -\n\tPaused\n",
                Err(PrinterTrouble::Offline),
            ),
            (
                "printer slips is idle.  enabled since Sat\n\tAlerts: offline-report\n",
                Err(PrinterTrouble::Offline),
            ),
            (
                "printer slips is idle.\n\tAlerts: media-empty-error\n",
                Err(PrinterTrouble::NoPaper),
            ),
        ] {
            assert_eq!(read_state(said), state, "{said}");
        }
    }

    /// Programs in CUPS's place.
    fn queue(dir: &std::path::Path, lpstat: &str, lp: &str) -> QueuePrinter {
        for (name, script) in [("lpstat", lpstat), ("lp", lp)] {
            let path = dir.join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let mut queue = QueuePrinter::new("slips".into(), Paper::Wide);
        queue.programs = format!("{}/", dir.display());
        queue
    }

    #[test]
    fn a_slip_goes_to_the_queue_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let lp = format!("echo \"$@\" > {0}.args; cat > {0}", out.display());
        let printer = queue(
            dir.path(),
            "echo printer slips is idle. enabled since now",
            &lp,
        );
        let slip = [0x1b, 0x40, 0xff, b'\n', 0];
        assert_eq!(printer.print(&slip), Ok(()));
        assert_eq!(std::fs::read(&out).unwrap(), slip);
        let args = std::fs::read_to_string(dir.path().join("out.args")).unwrap();
        assert_eq!(args.trim(), "-d slips -o raw -s");
    }

    #[test]
    fn a_stopped_or_unknown_queue_gets_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let lp = format!("cat > {}", out.display());
        let stopped = queue(dir.path(), "echo 'printer slips disabled since Sat -'", &lp);
        assert_eq!(stopped.print(b"slip"), Err(PrinterTrouble::Offline));
        let unknown = queue(dir.path(), "exit 1", &lp);
        assert_eq!(unknown.print(b"slip"), Err(PrinterTrouble::Absent));
        assert!(!out.exists());
        let mut none = QueuePrinter::new("slips".into(), Paper::Wide);
        none.programs = format!("{}/none/", dir.path().display());
        assert_eq!(none.check(), Err(PrinterTrouble::Absent));
    }
}
