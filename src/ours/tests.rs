use std::os::unix::fs::{chown, symlink};
use std::time::{Duration, Instant};

use super::*;

/// A user that owns nothing here.
const OTHER: u32 = 54_321;

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path)
        .unwrap()
        .permissions()
        .mode()
        & 0o777
}

fn set(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn fault<T>(outcome: io::Result<T>) -> Option<OursFault> {
    let error = outcome.err()?;
    Some(
        NotOurs::of(&error)
            .unwrap_or_else(|| panic!("{error:?}"))
            .fault,
    )
}

/// Every way by which a file is opened or looked at.
fn ways(path: &Path) -> Vec<(&'static str, Option<OursFault>)> {
    vec![
        ("open", fault(open(path))),
        ("read", fault(read(path))),
        ("read_text", fault(read_text(path, 100))),
        ("open_enclosed", fault(open_enclosed(path))),
        ("open_secret", fault(open_secret(path, false))),
        ("open_secret, given", fault(open_secret(path, true))),
        ("open_to_write", fault(open_to_write(path))),
        ("open_or_create", fault(open_or_create(path))),
        ("append", fault(append(path))),
        ("file", fault(file(path))),
    ]
}

#[test]
fn no_way_opens_what_is_no_file_and_none_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("canary"), "canary").unwrap();
    set(&at("canary"), 0o644);
    symlink(at("canary"), at("link")).unwrap();
    symlink(at("nothing"), at("dangling")).unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    let fifo = rustix::fs::FileType::Fifo;
    let bits = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), fifo, bits, 0).unwrap();
    let begun = Instant::now();
    for (name, expected) in [
        ("link", OursFault::Link),
        ("dangling", OursFault::Link),
        ("folder", OursFault::NoFile),
        ("pipe", OursFault::NoFile),
    ] {
        for (way, found) in ways(&at(name)) {
            assert_eq!(found, Some(expected), "{way} of a {name}");
        }
    }
    for (way, found) in ways(Path::new("/dev/null")) {
        assert_eq!(found, Some(OursFault::NoFile), "{way} of a device");
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(!at("nothing").exists(), "a link made a file");
    assert_eq!(mode(&at("canary")), 0o644);
    assert_eq!(std::fs::read(at("canary")).unwrap(), b"canary");
    assert_eq!(fault(folder(&at("link"))), Some(OursFault::Link));
    assert_eq!(fault(folder(&at("canary"))), Some(OursFault::NoFolder));
    assert_eq!(fault(make_folder(&at("canary"))), Some(OursFault::NoFolder));
    assert_eq!(fault(make_inner_folder(&at("link"))), Some(OursFault::Link));
    assert_eq!(fault(socket(&at("canary"))), Some(OursFault::NoSocket));
    assert_eq!(fault(socket(&at("link"))), Some(OursFault::Link));
    // Behind a slash a link would be followed.
    symlink(at("folder"), at("way")).unwrap();
    for end in ["way", "way/", "way/."] {
        assert_eq!(fault(folder(&at(end))), Some(OursFault::Link), "{end}");
        assert_eq!(fault(make_folder(&at(end))), Some(OursFault::Link), "{end}");
    }
}

#[test]
fn a_file_put_there_meanwhile_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("canary"), "canary").unwrap();
    symlink(at("canary"), at("kept.new")).unwrap();
    symlink(at("canary"), at("kept")).unwrap();
    replace(&at("kept"), b"ours").unwrap();
    assert_eq!(read(&at("kept")).unwrap(), b"ours");
    assert_eq!(mode(&at("kept")), 0o600);
    assert_eq!(std::fs::read(at("canary")).unwrap(), b"canary");
    let there = create(&at("kept")).unwrap_err();
    assert_eq!(there.kind(), io::ErrorKind::AlreadyExists);
}

#[test]
fn modes_are_looked_at_and_only_a_writer_of_ours_changes_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, "x").unwrap();
    for bits in [0o620, 0o602, 0o666, 0o777] {
        set(&path, bits);
        let writable = Some(OursFault::Writable { mode: bits });
        assert_eq!(fault(open(&path)), writable);
        assert_eq!(fault(append(&path)), writable);
        assert_eq!(fault(open_secret(&path, false)), writable);
        assert_eq!(
            mode(&path),
            bits,
            "what may have been changed is not hidden"
        );
    }
    set(&path, 0o640);
    let readable = Some(OursFault::Readable { mode: 0o640 });
    assert_eq!(fault(open_secret(&path, false)), readable);
    assert_eq!(fault(open_secret(&path, true)), None);
    assert_eq!((fault(open(&path)), fault(file(&path))), (None, None));
    assert_eq!(mode(&path), 0o640, "looking changes nothing");
    append(&path).unwrap();
    assert_eq!(mode(&path), 0o600);
    for bits in [0o720, 0o702, 0o777] {
        set(dir.path(), bits);
        let writable = Some(OursFault::Writable { mode: bits });
        assert_eq!(fault(folder(dir.path())), writable);
        assert_eq!(fault(make_folder(dir.path())), writable);
        assert_eq!(mode(dir.path()), bits);
    }
    set(dir.path(), 0o755);
    assert_eq!(fault(folder(dir.path())), None);
}

#[test]
fn what_belongs_to_another_user_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, "x").unwrap();
    set(&path, 0o644);
    if !rustix::process::geteuid().is_root() {
        // Nobody else can give a file away: root's own stands for one.
        assert!(matches!(
            fault(open(Path::new("/etc/passwd"))),
            Some(OursFault::Foreign { owner: 0, .. })
        ));
        return;
    }
    chown(&path, Some(OTHER), None).unwrap();
    let foreign = OursFault::Foreign {
        owner: OTHER,
        own: 0,
    };
    for (way, found) in ways(&path) {
        assert_eq!(found, Some(foreign), "{way}");
    }
    assert_eq!(mode(&path), 0o644);
    chown(&path, Some(0), None).unwrap();
    let inner = dir.path().join("inner");
    make_folder(&inner).unwrap();
    assert_eq!(mode(&inner), 0o700);
    std::fs::write(inner.join("db"), "x").unwrap();
    set(&inner.join("db"), 0o664);
    tree(&inner).unwrap();
    chown(inner.join("db"), Some(OTHER), None).unwrap();
    assert_eq!(fault(tree(&inner)), Some(foreign));
    chown(inner.join("db"), Some(0), None).unwrap();
    symlink("/etc/passwd", inner.join("blob")).unwrap();
    assert_eq!(fault(tree(&inner)), Some(OursFault::Link));
    assert_eq!(fault(folder(&inner)), None);
    // Whoever owns a folder above can put another in its place.
    chown(dir.path(), Some(OTHER), None).unwrap();
    assert_eq!(fault(folder(&inner)), Some(foreign));
    assert_eq!(fault(make_folder(&inner)), Some(foreign));
    chown(dir.path(), Some(0), None).unwrap();
    set(dir.path(), 0o777);
    let writable = Some(OursFault::Writable { mode: 0o777 });
    assert_eq!(fault(folder(&inner)), writable);
    set(dir.path(), 0o1777);
    assert_eq!(fault(folder(&inner)), None);
}

#[test]
fn the_remedy_is_said_in_both_languages_with_the_path_the_owner_and_what_to_type() {
    let path = Path::new("/srv/迎新/\u{1b}[2Jit's");
    let error = NotOurs::error(
        path,
        OursFault::Foreign {
            owner: 0,
            own: OTHER,
        },
    );
    let not_ours = NotOurs::of(&error).unwrap();
    assert_eq!(
        not_ours.told(),
        r"'/srv/迎新/?[2Jit'\''s' belongs to root (0), and this program runs as 54321 / '/srv/迎新/?[2Jit'\''s' 属于 root (0)，而程序是以 54321 运行的"
    );
    for typed in [
        "sudo -u root yingxin",
        r"chown -R 54321 '/srv/迎新/?[2Jit'\''s'",
        "请运行",
    ] {
        let remedy = not_ours.remedy();
        assert!(remedy.contains(typed), "{remedy}");
    }
    for fault in [
        OursFault::Link,
        OursFault::NoFile,
        OursFault::NoFolder,
        OursFault::NoSocket,
        OursFault::Writable { mode: 0o666 },
        OursFault::Readable { mode: 0o644 },
    ] {
        let error = NotOurs::error(Path::new("/x"), fault);
        let said = NotOurs::of(&error).unwrap().to_string();
        assert!(said.contains(" / ") && said.contains("/x"), "{said}");
        assert!(said.contains("mv /x") || said.contains("chmod"), "{said}");
    }
}
