//! The machine around a real desk: the user that it runs as, and the keys that the kernel, systemd and the terminal act on
//! before a program sees them. Files are read and nothing is changed; what cannot be seen is said to be so.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::House;
use crate::ours;
use crate::screen::checkup::CheckupFinding;

/// A longer file is no configuration of these.
const LONGEST: u64 = 64 * 1024;
/// The most files of a folder of configuration.
const MOST_FILES: usize = 100;
/// The keys of foot that open something (foot.ini(5), `[key-bindings]`).
const FOOT_KEYS: [&str; 4] = [
    "spawn-terminal",
    "search-start",
    "show-urls-launch",
    "unicode-input",
];

/// Checks the machine of a real desk; practice is nobody's danger.
pub fn examine(house: House, store: &Path) -> Vec<CheckupFinding> {
    let user = match house {
        House::Practice => return Vec::new(),
        House::Real => CheckupFinding::pass("check-user", "told-user"),
        House::RealAsRoot => CheckupFinding::fail("check-user", "told-root", "remedy-root")
            .with("path", ours::quoted(store)),
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut found = vec![user];
    found.extend(consoles(Path::new("/")));
    found.push(emulator(Path::new("/"), &variable));
    found
}

/// What the kernel and systemd do with keys. `root` is `/`.
fn consoles(root: &Path) -> Vec<CheckupFinding> {
    const CHECK: &str = "check-console";
    let terminals = root.join("sys/class/tty");
    if terminals.is_dir() && !terminals.join("tty0").exists() {
        return vec![CheckupFinding::pass(CHECK, "told-console-none")];
    }
    let unseen = |what: &str| {
        CheckupFinding::warn(CHECK, "told-console-unseen", "remedy-console-unseen")
            .with("what", what)
    };
    let kernel = |name: &str| read(&root.join("proc/sys/kernel").join(name));
    let has_systemd = root.join("run/systemd/system").is_dir();
    let mut found = Vec::new();
    match kernel("sysrq").as_deref().map(str::trim) {
        Some("0") => {}
        Some(value) => found.push(
            CheckupFinding::warn(CHECK, "told-console-sysrq", "remedy-console-sysrq")
                .with("value", clean(value)),
        ),
        None => found.push(unseen("Alt-SysRq")),
    }
    let restarts = || CheckupFinding::warn(CHECK, "told-console-cad", "remedy-console-cad");
    match kernel("ctrl-alt-del").as_deref().map(str::trim) {
        Some("1") => found.push(restarts()),
        _ if !has_systemd => found.push(unseen("Ctrl-Alt-Del")),
        _ if !is_masked(root, "ctrl-alt-del.target")
            || systemd(root, "system.conf", "CtrlAltDelBurstAction").as_deref() != Some("none") =>
        {
            found.push(restarts());
        }
        _ => {}
    }
    let logins = systemd(root, "logind.conf", "NAutoVTs");
    let reserved = systemd(root, "logind.conf", "ReserveVT");
    if !has_systemd {
        found.push(unseen("Ctrl-Alt-F2"));
    } else if (logins.as_deref(), reserved.as_deref()) != (Some("0"), Some("0")) {
        // Six is what logind does without a word (logind.conf(5)).
        let value = clean(logins.as_deref().unwrap_or("6"));
        found.push(
            CheckupFinding::warn(CHECK, "told-console-vt", "remedy-console-vt")
                .with("value", value),
        );
    }
    if found.is_empty() {
        found.push(CheckupFinding::pass(CHECK, "told-console-closed"));
    }
    found
}

/// What the terminal does with keys: of foot alone it is known where that is written.
fn emulator(root: &Path, variable: &dyn Fn(&str) -> Option<String>) -> CheckupFinding {
    const CHECK: &str = "check-emulator";
    let unseen = CheckupFinding::warn(CHECK, "told-emulator-unseen", "remedy-emulator-unseen");
    if !variable("TERM").is_some_and(|term| term.starts_with("foot")) {
        return unseen;
    }
    let home = variable("HOME").map(|home| PathBuf::from(home).join(".config"));
    let own = variable("XDG_CONFIG_HOME").map(PathBuf::from).or(home);
    let folders = own.into_iter().chain([root.join("etc/xdg")]);
    let mut files = folders.map(|folder| folder.join("foot/foot.ini"));
    // Without any it may have been started with another file.
    let Some(text) = files.find_map(|file| read(&file)) else {
        return unseen;
    };
    let open: Vec<&str> = FOOT_KEYS
        .into_iter()
        .filter(|key| last_value(&text, key).as_deref() != Some("none"))
        .collect();
    if open.is_empty() {
        return CheckupFinding::pass(CHECK, "told-emulator-foot");
    }
    CheckupFinding::warn(CHECK, "told-emulator-foot-open", "remedy-emulator-foot")
        .with("key", open.join(", "))
}

/// Whether systemd never starts this unit.
fn is_masked(root: &Path, unit: &str) -> bool {
    ["etc", "run"].iter().any(|place| {
        let path = root.join(place).join("systemd/system").join(unit);
        std::fs::read_link(path).is_ok_and(|to| to == Path::new("/dev/null"))
    })
}

/// A value of systemd's configuration: what stands in a folder of additions comes before the file itself (systemd.syntax(7)).
fn systemd(root: &Path, file: &str, key: &str) -> Option<String> {
    let places = ["usr/lib", "run", "etc"].map(|place| root.join(place).join("systemd"));
    let mut files: Vec<PathBuf> = places.iter().map(|place| place.join(file)).collect();
    for place in &places {
        let entries = std::fs::read_dir(place.join(format!("{file}.d")));
        let mut more: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "conf"))
            .take(MOST_FILES)
            .collect();
        more.sort();
        files.extend(more);
    }
    let mut last = files.iter().rev();
    last.find_map(|file| last_value(&read(file)?, key))
}

/// The last value of a key in a file of `key=value` lines.
fn last_value(text: &str, key: &str) -> Option<String> {
    let mut last = text.lines().rev().map(str::trim);
    last.find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

fn read(path: &Path) -> Option<String> {
    // A pipe there would wait without end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = File::open(path).ok()?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// A value of another program's file, as it can be shown.
fn clean(value: &str) -> String {
    let shown = value.chars().filter(|c| c.is_ascii_graphic());
    shown.take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::checkup::CheckupVerdict::{Fail, Pass, Warn};

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn told(root: &Path) -> Vec<&'static str> {
        consoles(root).iter().map(|found| found.told).collect()
    }

    #[test]
    fn root_fails_where_students_are_served_and_nowhere_else() {
        let store = Path::new("/srv/store");
        let user = |house| {
            let found = examine(house, store);
            found.first().map(|found| (found.verdict, found.told))
        };
        assert_eq!(user(House::RealAsRoot), Some((Fail, "told-root")));
        assert_eq!(user(House::Real), Some((Pass, "told-user")));
        assert_eq!(user(House::Practice), None);
        let found = examine(House::RealAsRoot, store).remove(0);
        assert!(found.values.contains(&("path", "/srv/store".into())));
    }

    #[test]
    fn what_the_machine_does_with_keys_is_seen_where_it_can_be() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        assert_eq!(
            told(root),
            ["told-console-unseen"; 3],
            "nothing can be seen of it"
        );
        std::fs::create_dir_all(root.join("sys/class/tty/ttyS0")).unwrap();
        assert_eq!(told(root), ["told-console-none"]);
        std::fs::create_dir_all(root.join("sys/class/tty/tty0")).unwrap();
        std::fs::create_dir_all(root.join("run/systemd/system")).unwrap();
        write(root, "proc/sys/kernel/sysrq", "176\n");
        write(root, "proc/sys/kernel/ctrl-alt-del", "0\n");
        let open = ["told-console-sysrq", "told-console-cad", "told-console-vt"];
        assert_eq!(told(root), open);
        assert!(consoles(root).iter().all(|found| found.verdict == Warn));
        let values: Vec<_> = consoles(root).into_iter().flat_map(|f| f.values).collect();
        assert_eq!(values, [("value", "176".into()), ("value", "6".into())]);
        write(root, "proc/sys/kernel/sysrq", "0\n");
        std::fs::create_dir_all(root.join("etc/systemd/system")).unwrap();
        let target = root.join("etc/systemd/system/ctrl-alt-del.target");
        std::os::unix::fs::symlink("/dev/null", target).unwrap();
        assert_eq!(told(root), ["told-console-cad", "told-console-vt"]);
        write(
            root,
            "etc/systemd/system.conf",
            "[Manager]\n#CtrlAltDelBurstAction=none\nCtrlAltDelBurstAction = none\n",
        );
        write(root, "etc/systemd/logind.conf", "[Login]\nNAutoVTs=0\n");
        assert_eq!(told(root), ["told-console-vt"]);
        write(
            root,
            "etc/systemd/logind.conf.d/kiosk.conf",
            "ReserveVT=0\n",
        );
        assert_eq!(told(root), ["told-console-closed"]);
        write(root, "usr/lib/systemd/logind.conf.d/a.conf", "NAutoVTs=2\n");
        assert_eq!(told(root), ["told-console-vt"], "an addition comes first");
        write(root, "proc/sys/kernel/ctrl-alt-del", "1\n");
        assert_eq!(told(root), ["told-console-cad", "told-console-vt"]);
    }

    #[test]
    fn foots_keys_are_read_and_another_terminals_are_said_to_be_unseen() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().to_str().unwrap().to_owned();
        let at = |term: &'static str| {
            let variable = |name: &str| match name {
                "TERM" => Some(term.to_owned()),
                "HOME" => Some(home.clone()),
                _ => None,
            };
            let found = emulator(dir.path(), &variable);
            (found.verdict, found.told, found.values)
        };
        let unseen = (Warn, "told-emulator-unseen", Vec::new());
        assert_eq!(at("xterm-256color"), unseen);
        assert_eq!(at("foot"), unseen);
        write(
            dir.path(),
            ".config/foot/foot.ini",
            "[key-bindings]\nspawn-terminal=none\nsearch-start = none\nunicode-input=Control+u\n",
        );
        let open = vec![("key", "show-urls-launch, unicode-input".to_owned())];
        assert_eq!(at("foot-extra"), (Warn, "told-emulator-foot-open", open));
        let all = FOOT_KEYS.map(|key| format!("{key}=none\n")).concat();
        write(dir.path(), ".config/foot/foot.ini", &all);
        assert_eq!(at("foot"), (Pass, "told-emulator-foot", Vec::new()));
    }
}
