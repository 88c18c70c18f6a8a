//! Hostile names and texts given to every command of the built program: nothing of them acts on a terminal, hides, or
//! passes for a line of the program's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory;
use yingxin::cli::Cli;
use yingxin::visit::is_format;

use crate::support::kiosk::{PIN, Place};
use crate::support::run_with_input;

/// What would be seen as a line of the program's own.
const FORGED: &str = "yingxin: all is well";
/// A title for the window, a colour, C1's own sequence, orders to write backwards, invisible letters, and a forged line.
/// Each may stand in a file's name.
const HOSTILE: &str = "a\u{1b}]0;owned\u{7}\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{200b}\u{7f}\u{e0041}\r\nyingxin: all is well";

/// The program in a folder of its own, and which commands were tried.
struct Trial {
    dir: tempfile::TempDir,
    tried: BTreeSet<String>,
}

impl Trial {
    fn new() -> Trial {
        Trial {
            dir: tempfile::tempdir().unwrap(),
            tried: BTreeSet::new(),
        }
    }

    /// A path with the hostile name.
    fn path(&self, end: &str) -> PathBuf {
        self.dir.path().join(format!("{HOSTILE}{end}"))
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs a command: nothing that it prints does harm. The words before the first that is no command's name are noted.
    fn runs(&mut self, before: &[&str], line: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command
            .args(before)
            .args(line)
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("LC_MESSAGES", "en_US.UTF-8");
        let output = run_with_input(&mut command, &format!("{PIN}\n"));
        for printed in [&output.stdout, &output.stderr] {
            assert_harmless(printed, line);
        }
        self.tried.extend(named(line));
    }
}

fn assert_harmless(printed: &[u8], line: &[&str]) {
    let text = String::from_utf8(printed.to_vec()).unwrap();
    let is_kept = |c: char| matches!(c, '\n' | '\t');
    let odd = text
        .chars()
        .find(|c| (c.is_control() || is_format(*c)) && !is_kept(*c));
    assert_eq!(odd, None, "{line:?}: {text:?}");
    assert!(
        !text.lines().any(|line| line.starts_with(FORGED)),
        "{line:?}: {text}"
    );
}

/// The command that a line begins with, as `store check`.
fn named(line: &[&str]) -> Option<String> {
    let mut command = Cli::command();
    let mut words = Vec::new();
    for word in line {
        let Some(found) = command.find_subcommand(word).cloned() else {
            break;
        };
        words.push(*word);
        command = found;
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// The commands that have none below them.
fn all(of: &clap::Command, before: &str, found: &mut BTreeSet<String>) {
    let below: Vec<&clap::Command> = of.get_subcommands().collect();
    if below.is_empty() {
        found.insert(before.to_owned());
    }
    for command in below {
        all(
            command,
            format!("{before} {}", command.get_name()).trim(),
            found,
        );
    }
}

#[test]
fn no_name_acts_on_the_terminal_of_any_command() {
    let mut trial = Trial::new();
    let missing = trial.path("-missing");
    let missing = missing.to_str().unwrap();
    std::fs::write(trial.path(".toml"), "[desk]\nletter = \"A\"\n").unwrap();
    std::fs::write(trial.path(".png"), "no image").unwrap();
    let (file, image) = (trial.path(".toml"), trial.path(".png"));
    let (file, image) = (file.to_str().unwrap(), image.to_str().unwrap());
    let new = trial.path("-new");
    let new = new.to_str().unwrap();
    let new_config = format!("{new}.toml");
    for line in [
        &["config", "check"][..],
        &["config", "init"],
        &["doctor"],
        &["doctor", "--json"],
        &["doctor", "--sms", HOSTILE],
        &["store", "check"],
        &["store", "stats"],
        &["store", "rebuild"],
        &["store", "rekey"],
        &["store", "backup", new],
        &["store", "restore", image],
        &["audit", "verify"],
        &["audit", "verify", "--against", image],
        &["audit", "seal"],
        &["audit", "accept"],
        &["audit", "show", HOSTILE],
        &["audit", "shifts"],
        &["visits", "list"],
        &["visits", "list", "--json"],
        &["visits", "forget", HOSTILE],
        &["tickets", "list"],
        &["tickets", "show", HOSTILE],
        &["tickets", "export"],
        &["report"],
        &["report", HOSTILE],
        &["roster", "stats"],
        &["roster", "clear"],
        &["roster", "import", missing],
        &[
            "roster", "import", image, "--sheet", HOSTILE, "--number", HOSTILE,
        ],
        &["clock", "confirm"],
        &["theme", "list"],
        &["theme", "preview", HOSTILE],
        &["kiosk"],
        &["practice", "--pack", missing],
        &["pin", "--list"],
        &["pin"],
        &["campus", "--listen", HOSTILE, "--state", missing],
        &["campus", "--listen", "192.0.2.1:1", "--state", image],
        &["qr", "--read", missing],
        &["qr", "--read", image],
        &["qr", "--scale", HOSTILE, "x"],
        &["card"],
        &["setup", "--answers", missing],
        &["setup", "--answers", file],
        &["setup", "--from", image],
        &["desk", "export", missing],
        &["desk", "import", image],
        &["pack", "new", new],
        &["pack", "check", file],
        &["pack", "check", missing],
        &["help", HOSTILE],
        &["man", missing],
        &["completions", HOSTILE],
        &[HOSTILE],
        &["store", HOSTILE],
        &[&format!("--{HOSTILE}")],
    ] {
        trial.runs(&["--store", new], line);
    }
    for (before, line) in [
        (&["--config", file][..], &["config", "check"][..]),
        (&["--config", missing], &["config", "check"]),
        (&["--config", &new_config], &["config", "init"]),
        (&["--theme", HOSTILE], &["config", "check"]),
        (&["--lang", HOSTILE], &["config", "check"]),
        (&["--store", image], &["store", "check"]),
        (&["--store", image], &["store", "stats"]),
        (&["--store", image], &["doctor"]),
    ] {
        trial.runs(before, line);
    }
    let mut commands = BTreeSet::new();
    all(&Cli::command(), "", &mut commands);
    let untried: Vec<&String> = commands.difference(&trial.tried).collect();
    assert!(
        untried.is_empty(),
        "no hostile name is given to {untried:?}"
    );
}

/// As TOML writes it in a basic string.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| format!("\\U{:08x}", u32::from(c)))
        .collect()
}

#[test]
fn no_text_of_a_file_acts_on_a_terminal() {
    let mut trial = Trial::new();
    let (hostile, on_a_line) = (escaped(HOSTILE), HOSTILE.replace(['\r', '\n'], ""));
    for text in [
        format!("[\"{hostile}\"]\na = 1\n"),
        format!("[desk]\n\"{hostile}\" = 1\n"),
        format!("[desk]\n\"{hostile}\" = 1\n\"{hostile}\" = 1\n"),
        format!("[desk]\nlanguage = \"{hostile}\"\n"),
        format!("pack = \"{hostile}\"\n"),
        format!("[store]\ndir = \"{hostile}\"\n"),
        format!("base = \"{hostile}\"\n"),
        format!("base = \"imut\"\n[qr.register]\nimage = \"{hostile}\"\n"),
        format!("{on_a_line} = 1\n"),
        format!("[{on_a_line}]\n"),
    ] {
        let file = trial.write("hostile.toml", text);
        trial.runs(&["--config", &file], &["config", "check"]);
        trial.runs(&["--config", &file], &["doctor"]);
        trial.runs(&[], &["pack", "check", &file]);
    }
    let themes = trial.dir.path().join("themes");
    std::fs::create_dir(&themes).unwrap();
    std::fs::write(themes.join(format!("{HOSTILE}.toml")), "x = 1").unwrap();
    std::fs::write(themes.join("ok.toml"), format!("\"{hostile}\" = \"red\"\n")).unwrap();
    let config = trial.write("themes.toml", "[desk]\nthemes_dir = \"themes\"\n");
    trial.runs(&["--config", &config], &["theme", "list"]);
    trial.runs(&["--config", &config], &["theme", "preview", "ok"]);
    for list in [
        format!("学号,姓名\n20260001,\"张{HOSTILE}\"\n\"2026{HOSTILE}\",李四\n"),
        format!("\"学号{HOSTILE}\",姓名\n20260001,张三\n"),
        format!("学号{on_a_line},姓名{on_a_line}\n20260001,张三\n"),
    ] {
        let file = trial.write("list.csv", list);
        trial.runs(&[], &["roster", "import", "--check", &file]);
    }
    let journal = trial.dir.path().join("store/journal");
    std::fs::create_dir_all(&journal).unwrap();
    std::fs::write(journal.join(HOSTILE), "x").unwrap();
    let store = trial.dir.path().join("store");
    for line in [
        &["store", "check"],
        &["audit", "verify"],
        &["store", "stats"],
    ] {
        trial.runs(&["--store", store.to_str().unwrap()], line);
    }
}

/// A campus whose answers are hostile, looked at by the doctor, and what its log says of them.
#[test]
fn no_servers_text_acts_on_a_terminal_or_in_the_log() {
    let place = Place::connected();
    for hostile in [
        HOSTILE.to_owned(),
        format!(
            "{{\"errcode\":40001,\"errmsg\":\"{}\"}}",
            HOSTILE.replace(['\r', '\n'], "")
        ),
    ] {
        let server = answering(&hostile);
        let config = place.dir().join("yingxin.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text.replace(&place.campus().url, &server)).unwrap();
        for line in [&["doctor"][..], &["doctor", "--json"]] {
            let (_, out, err) = place.command(line);
            assert_harmless(out.as_bytes(), line);
            assert_harmless(err.as_bytes(), line);
        }
        std::fs::write(&config, text).unwrap();
    }
    for entry in std::fs::read_dir(place.store()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "log") {
            assert_harmless(&std::fs::read(&path).unwrap(), &["log"]);
        }
    }
}

/// A server that answers everything so, as long as the test runs.
fn answering(body: &str) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

#[test]
fn a_name_that_is_no_text_does_no_harm() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"/tmp/\xff\x1b[31m/missing.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_yingxin"))
        .args([
            "pack".as_ref(),
            "check".as_ref(),
            Path::new(name).as_os_str(),
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(66));
    assert_harmless(&output.stderr, &["pack", "check"]);
}
