//! What makes a machine a desk and nothing else (`scripts/kiosk`): each way out of it is closed in the files that are
//! installed. foot's own list of keys, of each Debian's version, is beside this file: foot.ini(5)
//! and the comments of its /etc/xdg/foot/foot.ini.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What foot's list names and binds to nothing by itself: a pipe and a pattern take a program, the modifiers only choose
/// who hears the mouse. To write `none` here is an error for foot 1.21.
const NOT_BOUND: [&str; 3] = [" pipe-", " regex-", " selection-override-modifiers"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/kiosk")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(folder().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// `section key` and the value, of files that are read one after the other.
fn settings(files: &[&str]) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for file in files {
        let mut section = String::new();
        for line in read(file).lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_owned();
            } else if let Some((key, value)) =
                line.split_once('=').filter(|_| !line.starts_with('#'))
            {
                settings.insert(format!("{section} {key}"), value.to_owned());
            }
        }
    }
    settings
}

/// The bindings that foot's own file names, each of which is a comment there.
fn own_list(text: &str) -> BTreeSet<String> {
    let mut section = "";
    let mut list = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line
            .strip_prefix("# ")
            .and_then(|line| line.split_once('='))
        {
            let key = key.trim();
            let is_key = key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let binds = [
                "key-bindings",
                "search-bindings",
                "url-bindings",
                "mouse-bindings",
            ];
            if is_key && binds.contains(&section) {
                list.insert(format!("{section} {key}"));
            }
        }
    }
    list
}

fn stored(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/kiosk")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_key_and_button_of_the_terminal_is_closed() {
    let first = &["foot.ini"][..];
    let both = &["foot.ini", "foot-1.21.ini"][..];
    for (list, files) in [("foot-1.13.txt", first), ("foot-1.21.txt", both)] {
        let settings = settings(files);
        let list = stored(list);
        assert!(list.len() > 50, "a list that lists nothing");
        for binding in &list {
            if NOT_BOUND.iter().any(|name| binding.contains(name)) {
                assert!(!settings.contains_key(binding), "{files:?}: {binding}");
                continue;
            }
            let value = settings.get(binding).map(String::as_str);
            assert_eq!(value, Some("none"), "{files:?}: {binding}");
        }
        // foot complains on the screen of a key that it does not know.
        let bound = settings.keys().filter(|key| key.contains("-bindings "));
        let unknown: Vec<&String> = bound.filter(|key| !list.contains(*key)).collect();
        assert!(unknown.is_empty(), "{files:?}: {unknown:?}");
        assert_eq!(
            settings.get("scrollback lines").map(String::as_str),
            Some("0")
        );
    }
}

/// foot 1.13 looks the second half of a wide character up in the first font. Where what that has for it is wider than a cell,
/// as in a Chinese font, the half is drawn anew and empty when the cell behind it changes.
#[test]
fn the_first_font_of_the_terminal_has_no_wide_characters() {
    let settings = settings(&["foot.ini"]);
    let fonts: Vec<&str> = settings[" font"].split(',').map(str::trim).collect();
    assert!(fonts[0].starts_with("DejaVu Sans Mono:"), "{fonts:?}");
    assert!(fonts[1].starts_with("Noto Sans Mono CJK SC:"), "{fonts:?}");
    // Both in one size.
    let sizes: BTreeSet<&str> = fonts
        .iter()
        .filter_map(|font| font.split(':').nth(1))
        .collect();
    assert_eq!(sizes.len(), 1, "{fonts:?}");
}

/// The stored lists are foot's own: where it is installed, it is asked.
#[test]
fn the_installed_terminal_has_no_key_that_the_list_lacks() {
    let Ok(text) = std::fs::read_to_string("/etc/xdg/foot/foot.ini") else {
        return;
    };
    let Ok(version) = Command::new("foot").arg("--version").output() else {
        return;
    };
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let (list, file) = if version.contains(" 1.13.") {
        ("foot-1.13.txt", "foot.ini")
    } else {
        assert!(
            version.contains(" 1.21."),
            "no list for this one: {version}"
        );
        ("foot-1.21.txt", "foot-1.21.ini")
    };
    let lacks: Vec<String> = own_list(&text).difference(&stored(list)).cloned().collect();
    assert!(lacks.is_empty(), "{lacks:?}");
    if file == "foot.ini" {
        let path = folder().join(file);
        let checked = Command::new("foot")
            .arg("-C")
            .arg("-c")
            .arg(path)
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

/// The other ways out that are known (terminal kiosks, systemd's and the kernel's own keys), each with what closes it.
#[test]
fn every_way_out_of_the_machine_is_closed() {
    for (file, line) in [
        ("lock/logind.conf", "NAutoVTs=0"),
        ("lock/logind.conf", "ReserveVT=0"),
        ("lock/logind.conf", "HandlePowerKey=ignore"),
        ("lock/logind.conf", "HandleSuspendKey=ignore"),
        ("lock/logind.conf", "HandleHibernateKey=ignore"),
        ("lock/logind.conf", "HandleRebootKey=ignore"),
        ("lock/logind.conf", "HandleLidSwitch=ignore"),
        ("lock/logind.conf", "IdleAction=ignore"),
        ("lock/system.conf", "CtrlAltDelBurstAction=none"),
        ("lock/system.conf", "DefaultLimitCORE=0"),
        ("lock/sysctl.conf", "kernel.sysrq = 0"),
        ("lock/sysctl.conf", "kernel.ctrl-alt-del = 0"),
        ("lock/sysctl.conf", "kernel.core_pattern = |/bin/false"),
        ("yingxin-kiosk.service", "Conflicts=getty@tty1.service"),
        ("yingxin-kiosk.service", "StandardInput=tty-fail"),
        ("yingxin-kiosk.service", "StartLimitIntervalSec=0"),
        ("yingxin-kiosk.service", "Restart=always"),
        ("yingxin-kiosk.service", "LimitCORE=0"),
        ("yingxin-kiosk.service", "NoNewPrivileges=yes"),
        (
            "yingxin-kiosk.service",
            "ExecStart=/usr/lib/yingxin-kiosk/screen",
        ),
        ("weston.ini", "shell=kiosk-shell.so"),
        ("weston.ini", "vt-switching=false"),
        ("weston.ini", "idle-time=0"),
        ("weston.ini", "xwayland=false"),
        // What is opened for the administrator asks for a name and a password.
        (
            "yingxin-maintenance.service",
            "ExecStart=-/sbin/agetty --noclear --timeout 60 tty1 linux",
        ),
        ("pam", "auth     required pam_deny.so"),
        (
            "sysusers.conf",
            "u yingxin - \"yingxin, the registration desk\" /var/lib/yingxin /usr/sbin/nologin",
        ),
    ] {
        let text = read(file);
        assert!(text.lines().any(|has| has == line), "{file} lacks {line}");
    }
    // Without -s, which would let keys change the console.
    assert!(
        read("screen").contains(" exec /usr/bin/cage -d -- /usr/lib/yingxin-kiosk/terminal ;;\n")
    );
    let lock = read("yingxin-kiosk").replace("\\\n", "");
    let masked = lock
        .lines()
        .find(|line| line.starts_with("masked="))
        .unwrap();
    for unit in [
        "getty@.service",
        "autovt@.service",
        "debug-shell.service",
        "ctrl-alt-del.target",
        "rescue.service",
        "rescue.target",
        "emergency.service",
        "emergency.target",
        "sleep.target",
        "suspend.target",
        "hibernate.target",
        "bluetooth.service",
        "swap.target",
    ] {
        assert!(masked.contains(unit), "{unit} is not masked");
    }
}

/// What the program asks for is what the units watch, in the folder that the tmpfiles make.
#[test]
fn the_units_watch_what_the_desk_asks() {
    assert!(read("yingxin-kiosk.service").contains("Environment=YINGXIN_LOCKED=/run/yingxin\n"));
    assert!(read("tmpfiles.conf").contains("d /run/yingxin 0700 yingxin yingxin\n"));
    for wish in ["switch-off", "maintenance"] {
        let path = read(&format!("yingxin-{wish}.path"));
        assert!(path.contains(&format!("PathExists=/run/yingxin/{wish}\n")));
        // Else the unit would be started again and again.
        let unit = read(&format!("yingxin-{wish}.service"));
        assert!(unit.contains(&format!("=/bin/rm -rf /run/yingxin/{wish}\n")));
    }
    let desk =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk/locked.rs"));
    let desk = desk.unwrap();
    assert!(desk.contains("\"switch-off\"") && desk.contains("\"maintenance\""));
}
