//! A desk from answers, by the built program: what is written, what is refused, and that nothing is half done.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use yingxin::practice::Credentials;

use crate::support::campus::Campus;
use crate::support::kiosk::PIN;
use crate::support::{Desk, ENTER, ESC, F2, F10, yingxin};

/// What the registration poster says.
pub const REGISTER: &str = "https://wecom.example.edu.cn/register?c=setup";

/// A machine without a desk, and a stick with answers.
pub struct Machine {
    pub home: TempDir,
    pub stick: TempDir,
}

impl Machine {
    pub fn new() -> Machine {
        let machine = Machine {
            home: tempfile::tempdir().unwrap(),
            stick: tempfile::tempdir().unwrap(),
        };
        machine.secret("pin.txt", PIN);
        code(REGISTER)
            .save(machine.stick.path().join("poster.png"))
            .unwrap();
        machine
    }

    /// A private file on the stick.
    pub fn secret(&self, name: &str, text: &str) {
        let path = self.stick.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    }

    pub fn folder(&self) -> PathBuf {
        self.home.path().join(".config/yingxin")
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }

    /// A command line of this machine.
    pub fn line(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command
            .args(line)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("LC_MESSAGES", "en_US.UTF-8")
            .env("YINGXIN_AS_ROOT", "1")
            .stdin(Stdio::null());
        command
    }

    pub fn command(&self, line: &[&str]) -> (i32, String, String) {
        let output = self.line(line).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        (code, text(output.stdout), text(output.stderr))
    }

    /// Sets this machine up from answers.
    pub fn setup(&self, answers: &str, more: &[&str]) -> (i32, String, String) {
        let path = self.stick.path().join("answers.toml");
        std::fs::write(&path, answers).unwrap();
        let line = ["setup", "--answers", path.to_str().unwrap()];
        self.command(&[&line, more].concat())
    }

    /// The files of the desk; none without a folder.
    pub fn files(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder()) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The modules of a code with a quiet zone, eight pixels each.
pub fn code(content: &str) -> image::GrayImage {
    let code = qrcode::QrCode::new(content).unwrap();
    let (modules, colours) = (u32::try_from(code.width()).unwrap(), code.to_colors());
    let side = (modules + 8) * 8;
    image::GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / 8).wrapping_sub(4), (y / 8).wrapping_sub(4));
        let is_in = x < modules && y < modules;
        let is_dark = is_in && colours[(y * modules + x) as usize] == qrcode::Color::Dark;
        image::Luma([if is_dark { 0 } else { 255 }])
    })
}

pub const GUIDE: &str = "[desk]\npin_file = \"pin.txt\"\n[setup.codes]\nregister = \"poster.png\"\n\
     [setup.hotline]\narea_code = \"0471\"\n\
     campuses = [{ digit = \"1\", name = { zh-CN = \"新城校区\", en = \"Xincheng\" } }]\n";

#[test]
fn a_desk_by_the_guide_comes_from_a_file_of_answers() {
    let machine = Machine::new();
    let (code, out, err) = machine.setup(GUIDE, &["--desk", "17"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(machine.files(), ["pack.toml", "pin", "yingxin.toml"]);
    assert!(machine.read("yingxin.toml").contains("\nnumber = 17\n"));
    assert!(machine.read("pack.toml").contains(REGISTER));
    let pin = machine.read("pin");
    assert!(pin.starts_with("$argon2id$") && !pin.contains(PIN), "{pin}");
    for name in machine.files() {
        let mode = machine
            .folder()
            .join(&name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // The same again changes nothing; other answers are no accident.
    assert_eq!(machine.setup(GUIDE, &["--desk", "17"]).0, 0);
    let (code, _, err) = machine.setup(GUIDE, &["--desk", "18"]);
    assert_eq!(code, 73, "{err}");
    assert!(
        err.contains("is there already, with other settings"),
        "{err}"
    );
    assert!(machine.read("yingxin.toml").contains("\nnumber = 17\n"));
    assert_eq!(machine.setup(GUIDE, &["--desk", "18", "--replace"]).0, 0);
    assert!(machine.read("yingxin.toml").contains("\nnumber = 18\n"));
    // It opens its doors.
    let mut command = yingxin(&["--lang", "en"]);
    command.env("HOME", machine.home.path());
    command.env("YINGXIN_AS_ROOT", "1");
    let mut desk = Desk::start(command, machine.home.path(), 100, 45);
    desk.shows("18");
    desk.types(F10).shows("PIN");
}

#[test]
fn the_way_of_signing_in_is_found_by_its_address() {
    let machine = Machine::new();
    let campus = Campus::start(&machine.stick.path().join("campus"));
    let known = Credentials::practice();
    machine.secret("app", &known.app_secret);
    let answers = format!(
        "[desk]\nnumber = 3\npin_file = \"pin.txt\"\n[setup.sign_in]\naddress = \"{0}/cas\"\nservice = \"{1}\"\n\
         [directory]\nkind = \"wecom\"\n[directory.wecom]\nurl = \"{0}\"\ncorp_id = \"{2}\"\napp_secret_file = \"app\"\n",
        campus.url, known.cas_service, known.corp_id
    );
    let (code, out, err) = machine.setup(&answers, &[]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("sign-in: cas_rest"), "{err}");
    assert!(out.contains("identity.cas_rest"), "{out}");
    let written = machine.read("yingxin.toml");
    assert!(written.contains("\n[identity.cas_rest]\n"), "{written}");
    assert!(written.contains("\napp_secret_file = \"directory.wecom.app_secret.secret\"\n"));
    let (code, out, _) = machine.command(&["config", "check"]);
    assert_eq!(code, 0);
    assert!(!out.contains(&known.app_secret) && !written.contains(&known.app_secret));
    // OpenID Connect is found as well, and asks for its client.
    let issuer = format!("{}/oidc", campus.url);
    let answers = format!(
        "[desk]\nnumber = 3\npin_file = \"pin.txt\"\n[setup.sign_in]\naddress = \"{issuer}\"\n"
    );
    let (code, _, err) = machine.setup(&answers, &["--replace"]);
    assert_eq!(code, 78, "{err}");
    assert!(err.contains("identity.oidc.client_id: is missing"), "{err}");
    // Nothing answers there.
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let answers = answers.replace(&issuer, &format!("http://{nobody}"));
    let (code, _, err) = machine.setup(&answers, &["--replace"]);
    assert_eq!(code, 78, "{err}");
    assert!(
        err.contains("answers.toml:5: setup.sign_in.address: no way of signing in was found there"),
        "{err}"
    );
    assert_eq!(machine.read("yingxin.toml"), written, "nothing was changed");
}

#[test]
fn each_wrong_answer_is_named_and_nothing_is_written() {
    let machine = Machine::new();
    std::fs::write(machine.stick.path().join("white.png"), "no image").unwrap();
    machine.secret("short.txt", "12");
    std::fs::write(machine.stick.path().join("open.txt"), PIN).unwrap();
    let desk = "[desk]\nnumber = 1\npin_file = \"pin.txt\"\n";
    for (answers, key, what) in [
        (
            "[desk]\npin_file = \"pin.txt\"\n".to_owned(),
            "desk.number",
            "is missing",
        ),
        (
            "[desk]\nnumber = 1\n".to_owned(),
            "desk.pin_file",
            "is missing, and no PIN is set",
        ),
        (
            "[desk]\nnumber = 1\npin_file = \"short.txt\"\n".to_owned(),
            "answers.toml:3: desk.pin_file",
            "a PIN has 4 to 32",
        ),
        (
            "[desk]\nnumber = 1\npin_file = \"open.txt\"\n".to_owned(),
            "answers.toml:3: desk.pin_file",
            "others",
        ),
        (
            format!("{desk}[setup.codes]\nfollow = \"white.png\"\n"),
            "answers.toml:5: setup.codes.follow",
            "neither a PNG",
        ),
        (
            format!("{desk}[setup.codes]\nfollow = \"none.png\"\n"),
            "answers.toml:5: setup.codes.follow",
            "cannot open",
        ),
        (
            format!("{desk}[setup]\npack = \"none.toml\"\n"),
            "none.toml",
            "cannot read the pack",
        ),
        (
            format!("{desk}[setup]\npack = \"http://campus.example/pack.toml\"\n"),
            "answers.toml:5: setup.pack",
            "without https",
        ),
        (
            format!("{desk}[identity.ldap]\nurl = \"ldaps://ldap.example\"\n"),
            "identity.ldap.base",
            "is missing",
        ),
        (
            format!("{desk}[sms.tencent]\nsign = \"x\"\n"),
            "sms.tencent",
            "is missing",
        ),
    ] {
        let (code, out, err) = machine.setup(&answers, &[]);
        assert!([65, 66, 77, 78].contains(&code), "{code}: {err}");
        assert!(
            err.contains(key) && err.contains(what) && err.contains("help: "),
            "{key}: {err}"
        );
        assert_eq!((out.as_str(), machine.files()), ("", Vec::new()), "{err}");
    }
}

/// Serves these bytes once, over HTTP.
fn serve(status: &str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body);
    });
    format!("http://{at}/pack.toml")
}

#[test]
fn a_pack_comes_from_a_file_or_an_address_within_bounds() {
    let machine = Machine::new();
    let desk = "[desk]\nnumber = 1\npin_file = \"pin.txt\"\n";
    let new = machine.command(&["pack", "new"]).1;
    let from = |pack: &str| {
        format!("{desk}[setup]\npack = \"{pack}\"\n[setup.codes]\nregister = \"poster.png\"\n")
    };
    let address = serve("200 OK", new.clone().into_bytes());
    let (code, out, err) = machine.setup(&from(&address), &[]);
    assert_eq!(code, 0, "{out}{err}");
    let written = machine.read("pack.toml");
    assert!(written.starts_with(&new) && written.contains(REGISTER));
    for (address, what) in [
        (serve("404 Not Found", Vec::new()), "HTTP 404"),
        (
            serve("200 OK", vec![b'#'; 257 * 1024]),
            "a longer one than a pack has",
        ),
        (serve("200 OK", b"<html>".to_vec()), "not valid TOML"),
        (serve("200 OK", vec![0xff; 8]), "not UTF-8"),
    ] {
        let (code, _, err) = machine.setup(&from(&address), &["--replace"]);
        assert!([65, 78].contains(&code), "{code} {err}");
        assert!(err.contains(what), "{err}");
        assert_eq!(machine.read("pack.toml"), written);
    }
    // A file brings its images along, from its own folder only.
    let stick = |name: &str| machine.stick.path().join(name);
    let base = "base = \"imut\"\n[qr.follow]\nimage = \"poster.png\"\n";
    std::fs::write(stick("own.toml"), base).unwrap();
    let (code, out, err) = machine.setup(&from("own.toml"), &["--replace"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(
        machine.files(),
        ["pack.toml", "pin", "poster.png", "yingxin.toml"]
    );
    let other = machine.home.path().join("other.png");
    std::fs::copy(stick("poster.png"), &other).unwrap();
    let outside = base.replace("poster.png", other.to_str().unwrap());
    std::fs::write(stick("own.toml"), outside).unwrap();
    let (code, _, err) = machine.setup(&from("own.toml"), &["--replace"]);
    assert_eq!(code, 78, "{err}");
    assert!(err.contains("stands in another folder"), "{err}");
    // The same code twice.
    std::fs::write(stick("own.toml"), base.replace("follow", "register")).unwrap();
    let (_, _, err) = machine.setup(&from("own.toml"), &["--replace"]);
    assert!(
        err.contains("setup.codes.register: the pack has this code already"),
        "{err}"
    );
}

#[test]
fn a_folder_that_others_may_write_into_is_refused() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.home.path().join(".config")).unwrap();
    // A file is in the folder's place.
    std::fs::write(machine.folder(), "").unwrap();
    let (code, _, err) = machine.setup(GUIDE, &["--desk", "1"]);
    assert!([65, 73, 77].contains(&code), "{code}: {err}");
    std::fs::remove_file(machine.folder()).unwrap();
    std::fs::create_dir(machine.folder()).unwrap();
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(machine.folder(), open).unwrap();
    let (code, _, err) = machine.setup(GUIDE, &["--desk", "1"]);
    assert_eq!(code, 77, "{err}");
    assert!(err.contains("help: "), "{err}");
    assert_eq!(machine.files(), [""; 0]);
}

#[test]
fn the_form_makes_a_desk_and_goes_on_where_it_was_left() {
    let machine = Machine::new();
    let form = || {
        let mut command = yingxin(&["--lang", "zh-CN", "setup"]);
        command.env("YINGXIN_AS_ROOT", "1");
        Desk::start(command, machine.home.path(), 80, 24)
    };
    let poster = machine.stick.path().join("poster.png");
    let mut screen = form();
    screen
        .shows("安装迎新台")
        .types("0")
        .types(ENTER)
        .shows("超出范围");
    screen.types("\x7f17").types(ENTER).shows("第 2 项");
    screen
        .types(PIN)
        .types(ENTER)
        .shows("第 3 项")
        .types(PIN)
        .types(ENTER)
        .shows("第 4 项");
    screen.types("/none.toml").types(ENTER).shows("读不了");
    screen.types("\x15").types(ENTER).shows("第 5 项");
    screen.pastes("/none.png").types(ENTER).shows("打不开");
    screen
        .types("\x15")
        .pastes(poster.to_str().unwrap())
        .types(ENTER);
    screen.shows("第 6 项").types(ESC).shows("什么也没有建立");
    drop(screen);
    assert_eq!(machine.files(), ["setup-draft.toml"]);
    assert!(!machine.read("setup-draft.toml").contains(PIN));
    let mut screen = form();
    screen
        .shows("安装迎新台")
        .shows("17")
        .types(F2)
        .shows("Setting this desk up");
    for place in 2..=18 {
        screen.types(ENTER).shows(&format!("({place} of 18)"));
    }
    // The PIN was not kept.
    screen
        .types(ENTER)
        .shows("No PIN is set")
        .shows("(2 of 18)");
    screen
        .types(PIN)
        .types(ENTER)
        .shows("(3 of 18)")
        .types("4712")
        .types(ENTER);
    for place in 4..=18 {
        screen.shows(&format!("({place} of 18)")).types(ENTER);
    }
    screen
        .shows("not the same")
        .types(PIN)
        .types(ENTER)
        .shows("(3 of 18)");
    screen.types(PIN).types(ENTER);
    for place in 4..=18 {
        screen.shows(&format!("({place} of 18)")).types(ENTER);
    }
    screen.shows("wrote pack.toml, pin, yingxin.toml");
    // The draft goes after these words.
    let end = Instant::now() + Duration::from_secs(30);
    while machine.files().len() > 3 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(screen);
    assert_eq!(machine.files(), ["pack.toml", "pin", "yingxin.toml"]);
    assert!(machine.read("yingxin.toml").contains("\nnumber = 17\n"));
    assert!(machine.read("pack.toml").contains(REGISTER));
    // Without a terminal there is no form.
    let (code, _, err) = machine.command(&["setup"]);
    assert_eq!((code, err.contains("--answers")), (2, true), "{err}");
}

/// The header of a segment of the journal, as `store/record.rs` writes it, of this version.
fn segment(version: u16) -> Vec<u8> {
    let mut out = b"yxjrnl\r\n".to_vec();
    out.extend_from_slice(&version.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&1_u32.to_le_bytes());
    out.extend_from_slice(&[0; 60]);
    out.extend_from_slice(&crc32fast::hash(&out).to_le_bytes());
    out.resize(4096, 0);
    out.extend_from_within(..);
    out
}

#[test]
fn a_store_of_a_newer_program_is_told_before_anything_is_written() {
    let machine = Machine::new();
    let store = machine.home.path().join(".local/state/yingxin");
    std::fs::create_dir_all(store.join("journal")).unwrap();
    for folder in [store.clone(), store.join("journal")] {
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700)).unwrap();
    }
    let journal = store.join("journal/1.seg");
    std::fs::write(&journal, segment(999)).unwrap();
    std::fs::set_permissions(&journal, PermissionsExt::from_mode(0o600)).unwrap();
    let (code, _, err) = machine.setup(GUIDE, &["--desk", "17"]);
    assert!(err.contains("was written by a newer program"), "{err}");
    assert!(err.contains("install the newer program here"), "{err}");
    assert_eq!((code, machine.files()), (65, Vec::new()), "{err}");
    let (_, _, err) = machine.setup(GUIDE, &["--desk", "17", "--lang", "zh-CN"]);
    assert!(err.contains("请在这里装上较新的程序"), "{err}");
}

#[test]
fn a_disk_without_room_is_told_and_nothing_is_half_done() {
    let machine = Machine::new();
    let small = machine.home.path().join("small");
    std::fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs"])
        .arg(&small)
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("not tried: only root mounts a small disk");
        return;
    }
    let config = small.join("desk/yingxin.toml");
    let line = ["--desk", "17", "--config", config.to_str().unwrap()];
    let (code, _, err) = machine.setup(GUIDE, &line);
    let left: Vec<_> = std::fs::read_dir(small.join("desk")).unwrap().collect();
    Command::new("umount").arg(&small).status().unwrap();
    assert_eq!(code, 74, "{err}");
    assert!(
        err.contains("has 7 MB left") || err.contains("has 8 MB left"),
        "{err}"
    );
    assert!(err.contains("make room on that disk"), "{err}");
    assert!(left.is_empty(), "{left:?}");
}
