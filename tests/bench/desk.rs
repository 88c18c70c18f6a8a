//! The figures that the kiosk is held to, measured from outside in a pty beside `dialog` in the same run, each printed
//! beside its limit. `./scripts/bench` runs it in release; machines differ, so the ratio to dialog is what counts.

#![allow(clippy::unwrap_used)]

mod durable;
mod terminal;

use std::path::Path;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use terminal::Probe;

const STARTS: usize = 25;
const KEYS: usize = 200;
const IDLE: Duration = Duration::from_secs(20);
const CLOSED_VISITS: usize = 100_000;

fn main() {
    // Cargo passes --bench; a filter is not understood, there is one run.
    let table = &mut Table::default();
    let home = tempfile::tempdir().unwrap();
    let config = guide_desk(home.path());
    let desk = |store: &str, theme: &str| kiosk(home.path(), &config, store, theme);

    let dialog_start = median(starts(&|| dialog("--msgbox"), "dialog-is-up", "dialog-is-up").0);
    let (first, ready) = starts(&|| desk("empty", "dark"), FIRST, WELCOME);
    let first_empty = median(first);
    table.row(
        "start to first frame, empty store",
        ms(first_empty),
        limit_ms(dialog_start.mul_f64(1.5)),
        ms(dialog_start),
    );
    table.row(
        "start to ready, empty store",
        ms(median(ready)),
        "100.0 ms".into(),
        String::new(),
    );
    durable::closed_visits(&home.path().join("full"), CLOSED_VISITS);
    let (first, ready) = starts(&|| desk("full", "dark"), FIRST, WELCOME);
    table.row(
        "start to first frame, 100,000 closed",
        ms(median(first)),
        limit_ms(dialog_start.mul_f64(1.5)),
        ms(dialog_start),
    );
    table.row(
        "start to ready, 100,000 closed",
        ms(median(ready)),
        "100.0 ms".into(),
        String::new(),
    );

    let (dialog_keys, dialog_bytes) = keys(dialog("--inputbox"), "dialog-is-up", "");
    let dialog_key = median(dialog_keys);
    for (theme, most_bytes) in [("16-colour", 60), ("dark", 100)] {
        let (mut times, bytes) = keys(desk("keys", theme), WELCOME, TO_PICKUP);
        times.sort_unstable();
        let name = |what: &str| format!("{what}, {theme}");
        table.row(
            &name("key to repaint, median"),
            ms(median(times.clone())),
            "0.5 ms".into(),
            ms(dialog_key),
        );
        table.row(
            &name("key to repaint, 99th percentile"),
            ms(times[times.len() * 99 / 100]),
            "5.0 ms".into(),
            String::new(),
        );
        table.row(
            &name("bytes a typed digit, median"),
            bytes.to_string(),
            most_bytes.to_string(),
            dialog_bytes.to_string(),
        );
    }

    let (durable, bare) = durable::steps(&home.path().join("durable"), 200);
    table.row(
        "durable step, median",
        ms(durable),
        limit_ms(bare.mul_f64(1.2) + Duration::from_micros(300)),
        format!("bare {}", ms(bare)),
    );
    let (qr, cells) = durable::qr(500);
    table.row(
        &format!("QR of a 60-byte URL, made and drawn ({cells})"),
        ms(qr),
        "1.0 ms".into(),
        String::new(),
    );

    let dialog_rest =
        Probe::start(dialog("--msgbox"), 80, 24).rest("dialog-is-up", Duration::from_secs(2));
    let rest = Probe::start(desk("idle", "dark"), 80, 24).rest(WELCOME, IDLE);
    table.row(
        "idle: wake-ups of our own a second",
        format!("{:.2}", rest.own_wakes),
        "0.00".into(),
        String::new(),
    );
    table.row(
        "idle: wake-ups of sled's pool a second",
        format!("{:.2}", rest.sled_wakes),
        "-".into(),
        String::new(),
    );
    table.row(
        "idle: processor",
        format!("{:.3} %", rest.cpu_percent),
        "0.100 %".into(),
        String::new(),
    );
    table.row(
        "resident",
        format!("{:.1} MB", rest.resident_mb),
        "15.0 MB".into(),
        format!("{:.1} MB", dialog_rest.resident_mb),
    );
    table.print();
}

/// What stands on the first whole frame, and on Welcome when the desk is ready.
const FIRST: &str = "Ctrl-L";
const WELCOME: &str = "F10";
/// From Welcome to a field that digits are typed into and nothing is committed by.
const TO_PICKUP: &str = "P";

fn kiosk(home: &Path, config: &Path, store: &str, theme: &str) -> CommandBuilder {
    let mut command = clean(env!("CARGO_BIN_EXE_yingxin"), home);
    command.args(["--lang", "en", "--theme", theme, "--config"]);
    command.arg(config);
    command.arg("--store");
    command.arg(home.join(store));
    command
}

fn dialog(kind: &str) -> CommandBuilder {
    let mut command = clean("dialog", Path::new("/"));
    command.args([kind, "dialog-is-up", "10", "60"]);
    command
}

fn clean(program: &str, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    let colour = [
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("LANG", "C.UTF-8"),
        ("PATH", path.as_str()),
    ];
    for (key, value) in colour {
        command.env(key, value);
    }
    command.env("HOME", home);
    command.cwd(home);
    command
}

/// A real desk with no API and no secret, and a PIN.
fn guide_desk(home: &Path) -> std::path::PathBuf {
    let config = home.join("yingxin.toml");
    std::fs::write(
        &config,
        format!("[desk]\npin_file = {:?}\n", home.join("pin")),
    )
    .unwrap();
    let mut pin = std::process::Command::new(env!("CARGO_BIN_EXE_yingxin"))
        .arg("--config")
        .arg(&config)
        .arg("pin")
        .env("HOME", home)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(pin.stdin.as_mut().unwrap(), b"471100\n471100\n").unwrap();
    assert!(pin.wait().unwrap().success(), "the PIN was not set");
    config
}

/// Times from the start to two texts.
fn starts(
    command: &dyn Fn() -> CommandBuilder,
    first: &str,
    second: &str,
) -> (Vec<Duration>, Vec<Duration>) {
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for run in 0..=STARTS {
        let began = Instant::now();
        let mut probe = Probe::start(command(), 80, 24);
        let to_first = probe.wait_for(first).duration_since(began);
        let to_second = probe.wait_for(second).duration_since(began);
        probe.end();
        if run > 0 {
            firsts.push(to_first);
            seconds.push(to_second);
        }
    }
    (firsts, seconds)
}

/// Times from a key to the end of its repaint, and the median of the bytes written for it.
fn keys(command: CommandBuilder, up: &str, way_there: &str) -> (Vec<Duration>, usize) {
    let mut probe = Probe::start(command, 80, 24);
    probe.wait_for(up);
    probe.settle();
    for key in way_there.chars() {
        probe.key(&key.to_string());
        probe.settle();
    }
    let (mut times, mut bytes) = (Vec::new(), Vec::new());
    for key in 0..KEYS {
        // Two digits in, two out, so that the field never fills.
        let what = if key % 4 < 2 { "3" } else { "\x7f" };
        let (time, size) = probe.key(what);
        times.push(time);
        if key % 4 < 2 {
            bytes.push(size);
        }
    }
    bytes.sort_unstable();
    (times, bytes[bytes.len() / 2])
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn limit_ms(time: Duration) -> String {
    ms(time)
}

#[derive(Default)]
struct Table(Vec<[String; 4]>);

impl Table {
    fn row(&mut self, what: &str, figure: String, limit: String, beside: String) {
        eprintln!("measured: {what}: {figure}");
        self.0.push([what.to_owned(), figure, limit, beside]);
    }

    fn print(&self) {
        println!(
            "{:<52} {:>12} {:>12} {:>16}",
            "figure", "measured", "limit", "dialog"
        );
        for [what, figure, limit, beside] in &self.0 {
            println!("{what:<52} {figure:>12} {limit:>12} {beside:>16}");
        }
    }
}
