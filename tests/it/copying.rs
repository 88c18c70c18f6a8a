//! A desk copied to the next machine by the built program, and brought up to date there; and what is refused.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::setup::{GUIDE, Machine, REGISTER, code};
use crate::support::{Desk, ENTER, F6, PATIENCE, qr, yingxin};

const PASSPHRASE: &str = "correct horse battery";

fn export(machine: &Machine, name: &str, more: &[&str]) -> PathBuf {
    machine.secret("passphrase", PASSPHRASE);
    let file = machine.stick.path().join(name);
    let passphrase = machine.stick.path().join("passphrase");
    let line = [
        "desk",
        "export",
        file.to_str().unwrap(),
        "--passphrase-file",
        passphrase.to_str().unwrap(),
    ];
    let (code, out, err) = machine.command(&[&line, more].concat());
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("yingxin setup --from"), "{out}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    file
}

/// Runs a command that opens an export, with the passphrase of `first`.
fn opens(machine: &Machine, first: &Machine, line: &[&str], file: &Path) -> (i32, String, String) {
    let passphrase = first.stick.path().join("passphrase");
    let more = [
        file.to_str().unwrap(),
        "--passphrase-file",
        passphrase.to_str().unwrap(),
    ];
    let (before, after) = line.split_at(2);
    machine.command(&[before, &more, after].concat())
}

fn set_up(number: &str) -> Machine {
    let machine = Machine::new();
    let (code, out, err) = machine.setup(GUIDE, &["--desk", number]);
    assert_eq!(code, 0, "{out}{err}");
    let list = machine.stick.path().join("list.csv");
    std::fs::write(&list, "学号,姓名\n20260001,陈小雨\n20260002,王芳\n").unwrap();
    let (code, _, err) = machine.command(&["roster", "import", list.to_str().unwrap()]);
    assert_eq!(code, 0, "{err}");
    machine
}

fn starts(machine: &Machine) -> Desk {
    let mut command = yingxin(&["--lang", "zh-CN"]);
    command.env("YINGXIN_AS_ROOT", "1");
    let mut desk = Desk::start(command, machine.home.path(), 100, 30);
    desk.shows("欢迎新同学");
    desk
}

/// A visit by the guide that is parked, on a desk with this number.
fn serves(desk: &mut Desk, number: &str) {
    for (shown, keys) in [
        ("换学号或教工", "c"),
        ("您是哪种情况", "3"),
        ("职工号绑定在微信里吗", "1"),
        ("在应用商城里搜", F6),
    ] {
        desk.shows(shown).types(keys);
    }
    desk.shows("请记下这个续办号").shows(&format!("{number}-"));
    desk.shows("记好了 ] <").types(ENTER).shows("欢迎新同学");
}

/// For a stick that only root's shell can write.
#[test]
fn an_export_goes_to_the_standard_output() {
    let first = set_up("17");
    let file = export(&first, "desk.age", &[]);
    let passphrase = first.stick.path().join("passphrase");
    let mut command = first.line(&["desk", "export", "-", "--passphrase-file"]);
    let output = command.arg(&passphrase).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && told.contains("wrote -: "),
        "{told}"
    );
    assert!(output.stdout.starts_with(b"age-encryption.org/v1\n"));
    std::fs::write(&file, output.stdout).unwrap();
    let second = Machine::new();
    let line = ["setup", "--from", "--desk", "18"];
    let (code, out, err) = opens(&second, &first, &line, &file);
    assert_eq!(code, 0, "{out}{err}");
}

/// Whoever asks for a lock that cannot be is told before anything is made.
#[test]
fn a_machine_that_cannot_be_locked_is_not_set_up_half() {
    let machine = Machine::new();
    let (code, _, err) = machine.setup(GUIDE, &["--desk", "17", "--lock"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("yingxin-kiosk"), "{err}");
    assert_eq!(machine.files(), [""; 0]);
}

#[test]
fn a_second_desk_has_what_the_first_has_and_a_number_of_its_own() {
    let first = set_up("17");
    let mut desk = starts(&first);
    assert_eq!(desk.qr(), REGISTER);
    serves(&mut desk, "017");
    let file = export(&first, "desk.age", &[]);
    let sealed = std::fs::read(&file).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    let second = Machine::new();
    let (code, out, err) = opens(&second, &first, &["setup", "--from", "--desk", "18"], &file);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("desk 18 has what desk 17 had"), "{out}");
    for name in ["pack.toml", "pin"] {
        assert_eq!(second.read(name), first.read(name));
    }
    assert!(second.command(&["roster", "stats"]).1.starts_with("2 rows"));
    let mut other = starts(&second);
    assert_eq!(other.qr(), REGISTER);
    serves(&mut other, "018");
    // Neither the key nor a visit came along.
    let key = |machine: &Machine| {
        std::fs::read(machine.home.path().join(".local/state/yingxin/desk.key")).unwrap()
    };
    assert_ne!(key(&first), key(&second));
    assert!(!second.command(&["visits", "list"]).1.contains("017-"));
}

#[test]
fn a_later_export_reaches_a_running_desk_when_nobody_stands_there() {
    let first = set_up("17");
    let old = export(&first, "old.age", &[]);
    let second = Machine::new();
    assert_eq!(
        opens(&second, &first, &["setup", "--from", "--desk", "18"], &old).0,
        0
    );
    let later = "https://wecom.example.edu.cn/register?c=later";
    code(later)
        .save(first.stick.path().join("poster.png"))
        .unwrap();
    assert_eq!(first.setup(GUIDE, &["--desk", "17", "--replace"]).0, 0);
    let new = export(&first, "new.age", &["--without-roster"]);
    let mut desk = starts(&second);
    assert_eq!(desk.qr(), REGISTER);
    // A student stands there: the page stays.
    desk.shows("换学号或教工").types("c").shows("您是哪种情况");
    let (code, out, err) = opens(&second, &first, &["desk", "import"], &new);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("as soon as nobody stands there"), "{out}");
    assert!(second.command(&["roster", "stats"]).1.starts_with("2 rows"));
    desk.shows("您是哪种情况")
        .types("3")
        .shows("职工号绑定在微信里吗")
        .types("1");
    desk.shows("在应用商城里搜")
        .types(F6)
        .shows("记好了 ] <")
        .types(ENTER);
    let began = std::time::Instant::now();
    while qr::read(&desk.screen()).as_deref() != Some(later) {
        assert!(began.elapsed() < PATIENCE, "{}", desk.text());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    serves(&mut desk, "018");
    // An older one is refused, and the same again is none.
    let (code, _, err) = opens(&second, &first, &["desk", "import"], &old);
    assert_eq!(code, 65, "{err}");
    assert!(err.contains("this desk has a later one"), "{err}");
    assert_eq!(opens(&second, &first, &["desk", "import"], &new).0, 0);
    let (code, _, err) = opens(&first, &first, &["desk", "import"], &old);
    assert_eq!(code, 65, "its own older one as well: {err}");
}

#[test]
fn a_file_that_was_changed_or_cut_changes_nothing() {
    let first = set_up("17");
    let file = export(&first, "desk.age", &["--without-roster"]);
    let sealed = std::fs::read(&file).unwrap();
    let second = Machine::new();
    let from = ["setup", "--from", "--desk", "18"];
    let bad = second.stick.path().join("bad.age");
    for (name, bytes, wanted) in [
        (
            "a flipped byte",
            [&sealed[..400], &[sealed[400] ^ 1], &sealed[401..]].concat(),
            "changed or cut",
        ),
        (
            "a cut file",
            sealed[..sealed.len() - 1].to_vec(),
            "changed or cut",
        ),
        (
            "half of the head",
            sealed[..60].to_vec(),
            "no file in the age format",
        ),
        (
            "another file",
            b"PK\x03\x04".to_vec(),
            "no file in the age format",
        ),
        ("nothing", Vec::new(), "no file in the age format"),
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let (code, out, err) = opens(&second, &first, &from, &bad);
        assert_eq!(code, 65, "{name}: {out}{err}");
        assert!(
            err.contains(wanted) && err.contains("help: "),
            "{name}: {err}"
        );
        assert_eq!(second.files(), [""; 0], "{name}");
    }
    first.secret("passphrase", "another passphrase");
    let (code, _, err) = opens(&second, &first, &from, &file);
    assert_eq!(code, 77, "{err}");
    assert!(err.contains("the passphrase is wrong"), "{err}");
    assert_eq!(second.files(), [""; 0]);
    first.secret("passphrase", PASSPHRASE);
    // No number, no desk to bring up to date, another desk in the way, a file in the way.
    let (code, _, err) = opens(&second, &first, &["setup", "--from"], &file);
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = opens(&second, &first, &["desk", "import"], &file);
    assert_eq!(
        (code, err.contains("no desk is set up here")),
        (66, true),
        "{err}"
    );
    assert_eq!(second.setup(GUIDE, &["--desk", "3"]).0, 0);
    let (code, _, err) = opens(&second, &first, &from, &file);
    assert_eq!((code, err.contains("--replace")), (73, true), "{err}");
    let (code, _, err) = first.command(&["desk", "export", file.to_str().unwrap()]);
    assert_eq!(
        (code, err.contains("is there already")),
        (73, true),
        "{err}"
    );
}

#[test]
fn secrets_stay_behind_where_they_are_to() {
    let first = Machine::new();
    first.secret("app", "s3cret-of-the-app");
    let answers = format!(
        "{GUIDE}[directory]\nkind = \"wecom\"\n[directory.wecom]\nurl = \"http://127.0.0.1:9\"\ncorp_id = \"ww1\"\n\
         app_secret_file = \"app\"\n"
    );
    // Nothing answers there: the doctor says so.
    assert_eq!(first.setup(&answers, &["--desk", "1"]).0, 1);
    let with = export(&first, "with.age", &[]);
    let without = export(&first, "without.age", &["--without-secrets"]);
    let name = "directory.wecom.app_secret.secret";
    let second = Machine::new();
    let (code, _, err) = opens(
        &second,
        &first,
        &["setup", "--from", "--desk", "2"],
        &without,
    );
    assert_eq!(code, 66, "{err}");
    assert!(
        err.contains(name) && err.contains("made without secrets"),
        "{err}"
    );
    assert_eq!(second.files(), [""; 0]);
    let (code, out, _) = opens(&second, &first, &["setup", "--from", "--desk", "2"], &with);
    assert_eq!(code, 1, "{out}");
    assert_eq!(second.read(name), "s3cret-of-the-app\n");
    // A desk that has them keeps them.
    let (code, _, err) = opens(&second, &first, &["desk", "import"], &without);
    assert_eq!(code, 0, "{err}");
    assert_eq!(second.read(name), "s3cret-of-the-app\n");
    assert!(!err.contains("s3cret"));
}
