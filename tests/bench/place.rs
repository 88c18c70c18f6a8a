//! What is measured: a real desk with QR codes of its own and no API, the same in practice, and dialog; each in a clean
//! environment.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;

/// Of 60 bytes.
pub const URL: &str = "https://register.example.edu.cn/wecom/xxxxxxxxxxxxxxxxxxxxxx";

pub struct Place {
    home: PathBuf,
    config: PathBuf,
}

impl Place {
    pub fn new(home: &Path) -> Place {
        assert_eq!(URL.len(), 60);
        let pack = format!(
            "base = \"imut\"\n[qr.register]\ntext = \"{URL}\"\n[qr.follow]\ntext = \"{URL}\"\n"
        );
        std::fs::write(home.join("pack.toml"), pack).unwrap();
        let config = home.join("yingxin.toml");
        let text = "pack = \"pack.toml\"\n[desk]\npin_file = \"pin\"\n";
        std::fs::write(&config, text).unwrap();
        let place = Place {
            home: home.to_owned(),
            config,
        };
        place.set_pin();
        place
    }

    pub fn store(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// A real desk.
    pub fn kiosk(&self, store: &str, theme: &str) -> CommandBuilder {
        self.desk("kiosk", store, theme)
    }

    pub fn practice(&self, store: &str, theme: &str) -> CommandBuilder {
        self.desk("practice", store, theme)
    }

    fn desk(&self, command: &str, store: &str, theme: &str) -> CommandBuilder {
        let mut builder = clean(env!("CARGO_BIN_EXE_yingxin"), &self.home);
        builder.args(["--lang", "en", "--theme", theme, "--config"]);
        builder.arg(&self.config);
        builder.arg("--store");
        builder.arg(self.store(store));
        builder.arg(command);
        builder
    }

    /// The command that reads a list of who is expected.
    pub fn roster_import(&self, store: &str, list: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command.arg("--config").arg(&self.config);
        command.arg("--store").arg(self.store(store));
        // What it says is read, so its language is fixed.
        command.args(["--lang", "en", "roster", "import"]).arg(list);
        command.env("HOME", &self.home);
        command
    }

    /// The report of these days, as JSON.
    pub fn report(&self, store: &str, days: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command.arg("--config").arg(&self.config);
        command.arg("--store").arg(self.store(store));
        command.args(["report", "--format", "json", "--day", days]);
        command.env("HOME", &self.home);
        command
    }

    fn set_pin(&self) {
        let mut pin = Command::new(env!("CARGO_BIN_EXE_yingxin"))
            .arg("--config")
            .arg(&self.config)
            .arg("pin")
            .env("HOME", &self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        pin.stdin.take().unwrap().write_all(b"471100\n").unwrap();
        assert!(pin.wait().unwrap().success(), "the PIN was not set");
    }
}

/// What all was measured on, in a line.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(0, |count| count.get());
    let model = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| {
            Some(
                line.strip_prefix("model name")?
                    .split_once(": ")?
                    .1
                    .to_owned(),
            )
        })
        .unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{processors} processors, {model}, Linux {}; load {load}",
        kernel.trim()
    )
}

/// What stands in dialog's box.
pub const DIALOG_IS_UP: &str = "dialog-is-up";

pub fn dialog(kind: &str) -> CommandBuilder {
    let mut command = clean("dialog", Path::new("/"));
    command.args([kind, DIALOG_IS_UP, "10", "60"]);
    command
}

fn clean(program: &str, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    let variables = [
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("LANG", "C.UTF-8"),
        ("LC_MESSAGES", "en_US.UTF-8"),
        ("PATH", path.as_str()),
    ];
    for (key, value) in variables {
        command.env(key, value);
    }
    command.env("HOME", home);
    command.cwd(home);
    command
}

/// The least that a program in a terminal can do: what starting itself costs here.
pub fn nothing() -> CommandBuilder {
    let mut command = clean("echo", Path::new("/"));
    command.arg(NOTHING);
    command
}

pub const NOTHING: &str = "nothing";
