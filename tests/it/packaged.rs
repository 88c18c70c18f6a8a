//! The packages as they are installed in a fresh Debian, by root's command lines and by keys in a terminal. `./scripts/image`
//! makes two such systems and names their folders; without them there is nothing to try.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use portable_pty::CommandBuilder;

use crate::setup::{GUIDE, REGISTER, code};
use crate::support::kiosk::PIN;
use crate::support::{Desk, ENTER, ESC, F6, F10};

const PASSPHRASE: &str = "correct horse battery";

/// A system with the packages, below a folder.
struct Debian {
    root: PathBuf,
}

impl Debian {
    fn of(variable: &str) -> Debian {
        let root = std::env::var_os(variable).expect("a folder with an installed system");
        Debian { root: root.into() }
    }

    /// A command that root gives: its exit code, output and complaints.
    fn root(&self, line: &[&str]) -> (i32, Vec<u8>, String) {
        let output = Command::new("chroot")
            .arg(&self.root)
            .args(line)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap_or(-1), output.stdout, told)
    }

    fn succeeds(&self, line: &[&str]) -> String {
        let (code, out, told) = self.root(line);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(code, 0, "{line:?}: {out}{told}");
        out
    }

    /// A file on the stick, which is the desk's user's to read.
    fn stick(&self, name: &str, bytes: &[u8]) -> String {
        let folder = self.root.join("mnt");
        std::fs::write(folder.join(name), bytes).unwrap();
        let path = format!("/mnt/{name}");
        self.succeeds(&["chown", "yingxin", &path]);
        self.succeeds(&["chmod", "600", &path]);
        path
    }

    /// The desk in a terminal, as its user.
    fn desk(&self, line: &[&str]) -> Desk {
        Desk::start(self.line(line), Path::new("/"), 100, 45)
    }

    /// The desk as its unit starts it.
    fn locked_desk(&self) -> Desk {
        let mut command = self.line(&[]);
        command.env("YINGXIN_LOCKED", "/run/yingxin");
        let mut desk = Desk::start(command, Path::new("/"), 100, 45);
        desk.shows("欢迎新同学");
        desk
    }

    fn line(&self, line: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new("chroot");
        command.arg(&self.root);
        command.args(["yingxin"]);
        command.args(line);
        command.env_clear();
        for (key, value) in [
            ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            ("LANG", "C.UTF-8"),
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
        ] {
            command.env(key, value);
        }
        command
    }
}

/// Welcome shows the poster's code, and a visit by the phone goes on to its number.
fn serves(desk: &mut Desk, number: &str) {
    desk.shows("欢迎新同学");
    assert_eq!(desk.qr(), REGISTER);
    desk.types("c").shows("您是哪种情况").types("3");
    desk.shows("职工号绑定在微信里吗").types("1");
    desk.shows("在应用商城里搜").types(F6);
    desk.shows("请记下这个续办号").shows(number);
    desk.shows("记好了 ] <").types(ENTER).shows("欢迎新同学");
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows("退出程序");
    let (column, row) = desk.find("退出程序").unwrap();
    desk.clicks(column, row).shows("输入 退出 或 quit");
    desk.types("quit").shows("quit").types(ENTER);
    assert_eq!(desk.ends().exit_code(), 0);
}

/// An upgrade in mid-visit waits for Welcome, and so does the way back: the desk ends there, and its unit starts it again.
fn upgrades(debian: &Debian) {
    for (packages, option) in [("later", ""), ("now", "--force-downgrade")] {
        let mut desk = debian.locked_desk();
        desk.types("c").shows("您是哪种情况");
        let install = format!("dpkg {option} -i /root/{packages}/yingxin*.deb");
        debian.succeeds(&["sh", "-c", &install]);
        // Longer than the desk's pause between two looks, and as long as it lets Welcome be untouched.
        std::thread::sleep(Duration::from_secs(25));
        desk.shows("您是哪种情况").types(ESC).shows("欢迎新同学");
        std::thread::sleep(Duration::from_secs(20));
        assert_eq!(desk.ends().exit_code(), 0);
    }
    debian.locked_desk();
}

/// Removing keeps the store; purging says what it takes.
fn goes(debian: &Debian) {
    let told = debian.succeeds(&["dpkg", "--remove", "yingxin-kiosk"]);
    assert!(told.contains("kept: /var/lib/yingxin"), "{told}");
    assert!(debian.root.join("var/lib/yingxin/desk.key").exists());
    let told = debian.succeeds(&["dpkg", "--purge", "yingxin-kiosk"]);
    assert!(told.contains("taking away /var/lib/yingxin"), "{told}");
    assert!(!debian.root.join("var/lib/yingxin").exists());
    assert!(!debian.root.join("etc/yingxin").exists());
}

#[test]
#[ignore = "./scripts/image"]
fn a_desk_from_answers_and_a_second_one_from_its_export() {
    let (first, second) = (Debian::of("YINGXIN_FIRST"), Debian::of("YINGXIN_SECOND"));
    for (file, text) in [("pin.txt", PIN), ("passphrase", PASSPHRASE)] {
        first.stick(file, text.as_bytes());
    }
    code(REGISTER)
        .save(first.root.join("mnt/poster.png"))
        .unwrap();
    first.succeeds(&["chown", "yingxin", "/mnt/poster.png"]);
    let answers = first.stick("answers.toml", GUIDE.as_bytes());
    let out = first.succeeds(&[
        "yingxin",
        "setup",
        "--answers",
        &answers,
        "--desk",
        "17",
        "--lock",
    ]);
    assert!(!out.contains("✗"), "{out}");
    assert_eq!(
        first.succeeds(&["yingxin-kiosk", "status"]).trim(),
        "locked"
    );
    // What root commanded is the desk's user's.
    let owners = first.succeeds(&[
        "find",
        "/etc/yingxin",
        "/var/lib/yingxin",
        "-not",
        "-user",
        "yingxin",
    ]);
    assert_eq!(owners, "");

    let line = [
        "yingxin",
        "desk",
        "export",
        "-",
        "--passphrase-file",
        "/mnt/passphrase",
    ];
    let (code, sealed, told) = first.root(&line);
    assert_eq!(code, 0, "{told}");
    let export = second.stick("desk.age", &sealed);
    let passphrase = second.stick("passphrase", PASSPHRASE.as_bytes());
    second.succeeds(&[
        "yingxin",
        "setup",
        "--from",
        &export,
        "--passphrase-file",
        &passphrase,
        "--desk",
        "18",
        "--lock",
    ]);
    assert_eq!(
        second.succeeds(&["yingxin-kiosk", "status"]).trim(),
        "locked"
    );

    serves(&mut first.desk(&[]), "017-");
    serves(&mut second.desk(&[]), "018-");
    for debian in [&first, &second] {
        debian.succeeds(&["yingxin", "doctor"]);
        debian.succeeds(&["yingxin", "store", "check"]);
        // A visit of practice, with nothing set up.
        let mut desk = debian.desk(&["practice"]);
        desk.shows("欢迎新同学").types("s").shows("在校师生");
    }
    upgrades(&first);
    goes(&second);
}
