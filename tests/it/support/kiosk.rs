//! A real desk as an administrator sets it up: a configuration, a pack, a PIN, secrets in files; and a campus process.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use yingxin::practice::Credentials;

use super::campus::Campus;
use super::{Desk, run_with_input, yingxin};

pub const PIN: &str = "471100";
pub const REGISTER: &str = "https://wecom.example.edu.cn/register?c=desk";
pub const FOLLOW: &str = "https://wecom.example.edu.cn/follow?c=desk";

/// A desk's folder, and the campus it is connected to.
pub struct Place {
    pub home: TempDir,
    pub campus: Option<Campus>,
    config: PathBuf,
}

impl Place {
    /// A desk connected to a campus process of its own by CAS REST, WeCom and Tencent's SMS.
    pub fn connected() -> Place {
        let home = tempfile::tempdir().unwrap();
        let campus = Campus::start(&home.path().join("campus"));
        Place::with(home, Some(campus))
    }

    /// A desk with no API and no secret.
    pub fn guide() -> Place {
        Place::with(tempfile::tempdir().unwrap(), None)
    }

    /// A desk of another university, whose pack this is.
    pub fn of_pack(pack: &str, home: TempDir, campus: Option<Campus>) -> Place {
        Place::made(pack, home, campus)
    }

    fn with(home: TempDir, campus: Option<Campus>) -> Place {
        let pack = format!(
            "base = \"imut\"\n[qr.register]\ntext = \"{REGISTER}\"\n[qr.follow]\ntext = \"{FOLLOW}\"\n\
             [ways]\nverify = [\"phone\", \"desk\"]\n"
        );
        Place::made(&pack, home, campus)
    }

    fn made(pack: &str, home: TempDir, campus: Option<Campus>) -> Place {
        let dir = home.path();
        std::fs::write(dir.join("pack.toml"), pack).unwrap();
        let mut text = String::from("pack = \"pack.toml\"\n[desk]\nidle_seconds = 600\n");
        if let Some(campus) = &campus {
            text += &connections(dir, &campus.url);
        }
        let config = dir.join("yingxin.toml");
        std::fs::write(&config, text).unwrap();
        let place = Place {
            home,
            campus,
            config,
        };
        place.set_pin();
        place
    }

    pub fn dir(&self) -> &Path {
        self.home.path()
    }

    pub fn store(&self) -> PathBuf {
        self.dir().join("store")
    }

    pub fn campus(&self) -> &Campus {
        self.campus.as_ref().unwrap()
    }

    /// Signs students in by other sections than the practice campus's.
    pub fn signs_in_by(&self, sections: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        let (before, rest) = text.split_once("[identity.cas_rest]").unwrap();
        let (_, after) = rest.split_once("[directory]").unwrap();
        let text = format!("{before}{sections}\n[directory]{after}");
        std::fs::write(&self.config, text).unwrap();
    }

    /// Sends messages by other sections than the practice campus's.
    pub fn sends_by(&self, sections: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        let (before, _) = text.split_once("[sms.tencent]").unwrap();
        std::fs::write(&self.config, format!("{before}{sections}")).unwrap();
    }

    /// A file in the desk's folder that only its owner can read.
    pub fn secret_file(&self, name: &str, secret: &str) {
        write_secret(&self.dir().join(name), secret);
    }

    /// Adds to the configuration: a line under `[desk]`.
    pub fn desk_setting(&self, line: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        std::fs::write(
            &self.config,
            text.replace("[desk]\n", &format!("[desk]\n{line}\n")),
        )
        .unwrap();
    }

    /// Adds to the pack: a section with its keys.
    pub fn pack_section(&self, section: &str) {
        let path = self.dir().join("pack.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{section}\n")).unwrap();
    }

    /// The kiosk in a terminal.
    pub fn kiosk(&self, lang: &str, columns: u16, rows: u16) -> Desk {
        Desk::start(
            yingxin(&self.arguments(&["--lang", lang])),
            self.dir(),
            columns,
            rows,
        )
    }

    /// The kiosk's whole command line.
    pub fn line(&self, lang: &str) -> Vec<String> {
        let program = env!("CARGO_BIN_EXE_yingxin");
        let arguments = self.arguments(&["--lang", lang]);
        let words = std::iter::once(program).chain(arguments);
        words.map(str::to_owned).collect()
    }

    /// The kiosk in a terminal that another program holds: it goes away when that is killed.
    pub fn kiosk_in_a_window(&self, columns: u16, rows: u16) -> Desk {
        let line = self.arguments(&["--lang", "zh-CN"]).join(" ");
        let mut window = yingxin(&[]);
        *window.get_argv_mut() = ["script", "-q", "-c"].map(Into::into).to_vec();
        window.arg(format!("exec {} {line}", env!("CARGO_BIN_EXE_yingxin")));
        window.arg("/dev/null");
        Desk::start(window, self.dir(), columns, rows)
    }

    /// The process that holds this desk's store.
    pub fn holder(&self) -> u32 {
        let lock = std::fs::read_to_string(self.store().join("lock")).unwrap();
        lock.split(|c: char| !c.is_ascii_digit())
            .find_map(|part| part.parse().ok())
            .unwrap()
    }

    /// Another command of this desk, run to its end: its exit code, output and complaints.
    pub fn command(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.prepared(args).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap_or(-1),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// As [`Place::command`], with its first line of input.
    pub fn told(&self, line: &str, args: &[&str]) -> (i32, String, String) {
        let output = run_with_input(&mut self.prepared(args), &format!("{line}\n"));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap_or(-1),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Sets the PIN: it stands in the store.
    pub fn set_pin(&self) {
        let output = run_with_input(&mut self.prepared(&["pin"]), &format!("{PIN}\n"));
        assert!(output.status.success(), "the PIN was not set");
    }

    fn prepared(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command
            .args(self.arguments(args))
            .env("HOME", self.dir())
            .env("LANG", "C.UTF-8")
            .env("LC_MESSAGES", "en_US.UTF-8")
            .env("YINGXIN_AS_ROOT", "1");
        command
    }

    fn arguments<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        let store = Box::leak(self.store().to_str().unwrap().to_owned().into_boxed_str());
        let mut all = vec!["--config", self.config.to_str().unwrap(), "--store", store];
        all.extend(args);
        all
    }
}

fn write_secret(path: &Path, secret: &str) {
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(secret.as_bytes()).unwrap();
}

fn connections(dir: &Path, url: &str) -> String {
    let known = Credentials::practice();
    for (name, secret) in [
        ("contacts", &known.contacts_secret),
        ("app", &known.app_secret),
        ("sms-id", &known.sms_secret_id),
        ("sms-key", &known.sms_secret_key),
    ] {
        write_secret(&dir.join(name), secret);
    }
    format!(
        "[identity.cas_rest]\nurl = \"{url}/cas\"\nservice = \"{}\"\n\
         [directory]\nkind = \"wecom\"\n[directory.wecom]\nurl = \"{url}\"\ncorp_id = \"{}\"\n\
         contacts_secret_file = \"contacts\"\napp_secret_file = \"app\"\ndepartment = {}\n\
         [sms.tencent]\nendpoint = \"{url}\"\nregion = \"{}\"\nsecret_id_file = \"sms-id\"\n\
         secret_key_file = \"sms-key\"\napp_id = \"{}\"\nsign = \"{}\"\ntemplate = \"{}\"\n",
        known.cas_service,
        known.corp_id,
        known.department,
        known.sms_region,
        known.sms_app_id,
        known.sms_sign,
        known.sms_template,
    )
}
