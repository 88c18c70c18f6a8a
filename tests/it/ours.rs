//! The store's folder is ours or the program stops: a folder of another user, and what somebody put in the place of a file,
//! are neither read nor written, by no command.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, F10, yingxin};

/// A user that owns nothing here.
const OTHER: u32 = 54_321;

/// Commands that read or write a store; `{}` stands for a file beside it.
const COMMANDS: [&str; 16] = [
    "visits list",
    "visits forget 20260001",
    "tickets list",
    "tickets export --format csv",
    "report",
    "roster stats",
    "roster clear",
    "clock confirm",
    "store check",
    "store stats",
    "store rebuild",
    "store rekey",
    "store backup {}",
    "audit verify",
    "audit seal",
    "pin",
];

/// All that can be seen of a folder: owners, modes, times and bytes.
fn picture(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut seen = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let found = std::fs::symlink_metadata(&path).unwrap();
            if found.is_dir() {
                folders.push(path.clone());
            }
            let bytes = found.is_file().then(|| std::fs::read(&path).unwrap());
            let (mode, owner, at) = (found.mode(), found.uid(), found.modified().unwrap());
            seen.insert(path, format!("{mode:o} {owner} {at:?} {bytes:?}"));
        }
    }
    seen
}

fn owned_by(dir: &Path, owner: u32) {
    for path in picture(dir).into_keys().chain([dir.to_owned()]) {
        chown(path, Some(owner), None).unwrap();
    }
}

/// A desk whose store was made and closed.
fn with_store() -> Place {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.signal("TERM");
    desk.ends();
    let _ = std::fs::remove_file(place.store().join("yingxin.log"));
    place
}

fn run(place: &Place, command: &str) -> (i32, String) {
    let beside = place.dir().join("beside");
    let _ = std::fs::remove_file(&beside);
    let line = command.replace("{}", beside.to_str().unwrap());
    let words: Vec<&str> = line.split(' ').collect();
    let (code, _, told) = place.told(PIN, &words);
    (code, told)
}

/// The kiosk, as far as it comes in a few seconds.
fn starts(place: &Place) -> (bool, String) {
    let mut desk = place.kiosk("zh-CN", 100, 40);
    let end = Instant::now() + crate::support::PATIENCE;
    while Instant::now() < end && desk.is_running() && !desk.text().contains("欢迎新同学") {
        std::thread::sleep(Duration::from_millis(50));
    }
    let opened = desk.is_running();
    let text = desk.text();
    if opened {
        desk.signal("TERM");
    }
    (opened, text)
}

#[test]
fn no_command_touches_a_store_of_another_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let place = with_store();
    owned_by(&place.store(), OTHER);
    let before = picture(&place.store());
    for command in COMMANDS {
        let (code, told) = run(&place, command);
        assert_eq!(code, 77, "{command}: {told}");
        let store = place.store();
        for said in [
            store.to_str().unwrap(),
            "54321",
            "sudo -u",
            "chown -R 0",
            "属于",
        ] {
            assert!(told.contains(said), "{command} does not say {said}: {told}");
        }
        assert_eq!(picture(&place.store()), before, "{command}");
    }
    let (opened, told) = starts(&place);
    assert!(!opened && told.contains("54321"), "{told}");
    let (code, told, _) = place.command(&["doctor"]);
    assert_eq!(code, 1);
    assert!(told.contains("54321"), "{told}");
    assert_eq!(picture(&place.store()), before, "the desk or its doctor");
    // Practice as well: it is the folder that is another's.
    let folder = place.dir().join("practice");
    std::fs::create_dir(&folder).unwrap();
    chown(&folder, Some(OTHER), None).unwrap();
    let mut desk = Desk::start(
        yingxin(&["--store", folder.to_str().unwrap(), "practice"]),
        place.dir(),
        100,
        40,
    );
    assert_eq!(desk.ends().exit_code(), 77, "{}", desk.text());
    assert!(picture(&folder).is_empty());
}

/// Neither where there is no journal yet, nor behind a link that another user may turn elsewhere.
#[test]
fn no_command_makes_anything_in_a_folder_of_another_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let place = Place::guide();
    std::fs::remove_dir_all(place.store()).unwrap();
    let behind = place.dir().join("behind");
    std::fs::create_dir(&behind).unwrap();
    for kind in ["folder", "link"] {
        if kind == "folder" {
            std::fs::create_dir(place.store()).unwrap();
            owned_by(&place.store(), OTHER);
        } else {
            std::fs::remove_dir(place.store()).unwrap();
            symlink(&behind, place.store()).unwrap();
            std::os::unix::fs::lchown(place.store(), Some(OTHER), None).unwrap();
        }
        for command in COMMANDS {
            let (code, told) = run(&place, command);
            assert_ne!(code, 0, "{kind}, {command}: {told}");
            for folder in [&place.store(), &behind] {
                assert!(picture(folder).is_empty(), "{kind}, {command}");
            }
        }
    }
}

#[test]
fn nothing_is_opened_that_stands_in_the_place_of_a_file() {
    let place = with_store();
    let canary = place.dir().join("canary");
    std::fs::write(&canary, "canary").unwrap();
    std::fs::set_permissions(&canary, std::fs::Permissions::from_mode(0o644)).unwrap();
    let seen = |path: &Path| {
        let found = std::fs::metadata(path).unwrap();
        (
            found.mode(),
            found.modified().unwrap(),
            std::fs::read(path).unwrap(),
        )
    };
    let before = seen(&canary);
    let aside = place.dir().join("aside");
    for name in [
        "desk.key",
        "lock",
        "visits.keys",
        "high-water",
        "clean",
        "clock",
        "roster",
        "pin",
        "keys.retired",
        "ballast",
        "roster.lock",
        "journal",
        "derived",
        "staged",
    ] {
        let path = place.store().join(name);
        let was = path.exists();
        if was {
            std::fs::rename(&path, &aside).unwrap();
        }
        for kind in ["link", "dangling", "pipe"] {
            match kind {
                "link" => symlink(&canary, &path).unwrap(),
                "dangling" => symlink(place.dir().join("nothing"), &path).unwrap(),
                _ => {
                    let mode = rustix::fs::Mode::from_raw_mode(0o600);
                    let fifo = rustix::fs::FileType::Fifo;
                    rustix::fs::mknodat(rustix::fs::CWD, &path, fifo, mode, 0).unwrap();
                }
            }
            for command in ["visits forget 20260001", "store check"] {
                if (name, command) == ("pin", "store check") {
                    continue;
                }
                let begun = Instant::now();
                let (code, told) = run(&place, command);
                assert!(code != 0, "{command} with a {kind} for {name}: {told}");
                assert!(told.contains(name), "{command}, {kind}, {name}: {told}");
                assert!(
                    begun.elapsed() < Duration::from_secs(20),
                    "{command}, {name}"
                );
            }
            std::fs::remove_file(&path).unwrap();
        }
        if was {
            std::fs::rename(&aside, &path).unwrap();
        }
    }
    for name in [
        "yingxin.log",
        "doctor.log",
        "pin.wrong",
        "pin.lock",
        "kiosk.sock",
    ] {
        let path = place.store().join(name);
        let _ = std::fs::remove_file(&path);
        symlink(&canary, path).unwrap();
    }
    let (opened, told) = starts(&place);
    assert!(!opened && told.contains("yingxin.log"), "{told}");
    place.command(&["doctor"]);
    run(&place, "visits forget 20260001");
    assert_eq!(seen(&canary), before);
    assert!(!place.dir().join("nothing").exists());
    let mode = std::fs::metadata(place.store()).unwrap().mode();
    std::fs::set_permissions(place.store(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let (code, told) = run(&place, "visits list");
    assert_eq!(code, 77, "{told}");
    assert!(
        told.contains("chmod go-w") && told.contains("别人也能写"),
        "{told}"
    );
    assert_eq!(mode & 0o777, 0o700);
}

/// What a process has in memory, in KiB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let words = line.and_then(|line| line.split_whitespace().nth(1));
    words.unwrap().parse().unwrap()
}

/// A PIN is hashed in 19 MiB: they are given back each time.
#[test]
fn a_hundred_pins_leave_the_memory_where_it_was() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    let opens = || {
        let (code, _, told) = place.told(PIN, &["tickets", "list"]);
        assert_eq!(code, 0, "{told}");
    };
    desk.rests();
    let before = resident(desk.pid());
    for _ in 0..100 {
        opens();
    }
    desk.rests();
    let after = resident(desk.pid());
    println!("{before} KiB before any PIN, {after} KiB after a hundred");
    assert!(after < before + 4096, "{before} KiB, then {after} KiB");
}

/// Wrong PINs of a command and of the pad count together, and the administrator's secret ends the pause at both.
#[test]
fn the_pause_is_one_for_the_keyboard_and_for_commands() {
    let place = Place::guide();
    let (code, _, told) = place.told("short", &["pin", "--lift"]);
    assert!(code != 0 && told.contains("12"), "{told}");
    let (code, _, told) = place.told("fetch-the-admin", &["pin", "--lift"]);
    assert_eq!(code, 0, "{told}");
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    for _ in 0..7 {
        // Seven wrong ones, as far as the pauses let them through.
        place.told("000000", &["tickets", "list"]);
    }
    let (code, _, told) = place.told(PIN, &["tickets", "list"]);
    assert!(code == 77 && told.contains("in "), "{told}");
    desk.types(F10).shows("请输入 PIN").types("00").types(ENTER);
    desk.shows("秒后再试");
    // The right PIN is not looked at within the pause, and waits in the field.
    desk.types("fetch-the-admin").types(ENTER).hides("秒后再试");
    let end = Instant::now() + crate::support::PATIENCE;
    while place.store().join("pin.wrong").exists() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    desk.rests();
    desk.types(PIN).types(ENTER).shows("没有人在等");
    let (code, _, told) = place.told(PIN, &["tickets", "list"]);
    assert_eq!(code, 0, "{told}");
}

/// As root a real desk says so before its screen opens and on it, and the doctor fails; a container may be told to allow it.
#[test]
fn a_real_desk_says_that_it_runs_as_root() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let place = Place::guide();
    let line = place.line("zh-CN");
    let arguments: Vec<&str> = line.iter().skip(1).map(String::as_str).collect();
    let mut command = yingxin(&arguments);
    command.env_remove("YINGXIN_AS_ROOT");
    let mut desk = Desk::start(command, place.dir(), 100, 40);
    desk.shows("欢迎新同学").shows("正以 root 运行");
    let raw = String::from_utf8_lossy(&desk.raw()).into_owned();
    let (before, _) = raw.split_once("\x1b[?1049h").unwrap();
    for said in [
        "runs as root",
        "正以 root 运行",
        "useradd",
        "chown -R kiosk",
    ] {
        assert!(before.contains(said), "{said}: {before}");
    }
    let log = std::fs::read_to_string(place.store().join("yingxin.log")).unwrap();
    assert!(
        log.contains("ERROR") && log.contains("runs as root"),
        "{log}"
    );
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.clicks_on("开门前检查")
        .shows("运行的用户")
        .shows("不行");
    let doctor = |as_root: Option<&str>| {
        let mut words = arguments[..arguments.len() - 2].to_vec();
        words.push("doctor");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yingxin"));
        command
            .args(words)
            .env("HOME", place.dir())
            .env("LC_MESSAGES", "en_US.UTF-8");
        match as_root {
            Some(value) => command.env("YINGXIN_AS_ROOT", value),
            None => command.env_remove("YINGXIN_AS_ROOT"),
        };
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), told)
    };
    let (code, told) = doctor(None);
    assert!(code == Some(1) && told.contains("runs as root"), "{told}");
    let (_, told) = doctor(Some("1"));
    assert!(!told.contains("runs as root"), "{told}");
    // Practice may.
    let mut command = yingxin(&["practice", "--lang", "zh-CN", "--listen", "127.0.0.1:0"]);
    command.env_remove("YINGXIN_AS_ROOT");
    let mut desk = Desk::start(command, place.dir(), 100, 40);
    desk.shows("欢迎新同学");
    assert!(!desk.text().contains("root"), "{}", desk.text());
}
