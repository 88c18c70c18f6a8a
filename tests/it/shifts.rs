//! `yingxin pin` with names, and `yingxin audit shifts`: whose PIN opened, and what was done with it.

use std::os::unix::fs::PermissionsExt;

use crate::support::kiosk::{PIN, Place};

fn names(place: &Place) -> String {
    let (code, out, why) = place.command(&["pin", "--list"]);
    assert_eq!(code, 0, "{why}");
    out
}

#[test]
fn volunteers_get_pins_of_their_own_by_name() {
    let place = Place::guide();
    assert_eq!(names(&place), "-  (for all)\n");
    let set = |name: &str, pin: &str| place.told(pin, &["pin", "--name", name]);
    assert_eq!(set("王老师", "2222").0, 0);
    assert_eq!(set("017", "3333").0, 0);
    assert_eq!(names(&place), "-  (for all)\n王老师\n017\n");
    let file = std::fs::read_to_string(place.store().join("pin")).unwrap();
    assert!(!file.contains("2222") && file.matches("$argon2id$").count() == 3);

    // Who has it already is not told apart by it any more.
    let (code, _, why) = set("Li", PIN);
    assert!(code == 65 && why.contains("another volunteer's"), "{why}");
    for (name, remedy) in [
        ("", "it is empty"),
        ("-", "it is empty"),
        ("\u{1b}[31m", "cannot be shown"),
        ("一二三四五六七八九十一", "wider than 20"),
    ] {
        let (code, out, why) = set(name, "9999");
        assert!(code == 2 && why.contains(remedy), "{name:?}: {code} {why}");
        assert!(!(out + &why).contains('\u{1b}'), "{why:?}");
    }
    let remove = |name: &str| place.command(&["pin", "--remove", name]);
    assert_eq!(remove("nobody").0, 65);
    assert_eq!(remove("-").0, 0);
    assert_eq!(remove("王老师").0, 0);
    let (code, _, why) = remove("017");
    assert!(code == 65 && why.contains("the last PIN"), "{why}");
    assert_eq!(names(&place), "017\n");
}

/// Nothing but a missing file means that there are no PINs yet.
#[test]
fn a_file_of_pins_that_cannot_be_read_is_left_as_it_is() {
    let place = Place::guide();
    let path = place.store().join("pin");
    assert_eq!(place.told("2222", &["pin", "--name", "王老师"]).0, 0);
    let good = std::fs::read_to_string(&path).unwrap();
    let damaged = format!("{good}$argon2id$v=19 李老师\n");
    for (text, mode, said) in [
        (good.as_str(), 0o644, "chmod 600"),
        (damaged.as_str(), 0o600, "line 3"),
        ("", 0o600, "is empty"),
        ("4711\n", 0o600, "is no PIN file"),
    ] {
        std::fs::write(&path, text).unwrap();
        let permissions = PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&path, permissions).unwrap();
        for line in [&["pin"][..], &["pin", "--name", "017"], &["pin", "--list"]] {
            let (code, _, why) = place.told("3333", line);
            assert!(code != 0 && why.contains(said), "{line:?}: {code} {why}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{said}");
        }
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(place.told("3333", &["pin"]).0, 0);
    assert_eq!(names(&place), "-  (for all)\n");
}

#[test]
fn two_hundred_pins_are_refused_before_the_desk_starts() {
    let place = Place::guide();
    let path = place.store().join("pin");
    let one = std::fs::read_to_string(&path).unwrap();
    let many: String = (0..200).map(|n| format!("{} {n}\n", one.trim())).collect();
    std::fs::write(&path, many).unwrap();
    let (code, _, why) = place.told(PIN, &["tickets", "list"]);
    assert!(code == 65 && why.contains("too long"), "{code} {why}");
}

#[test]
fn what_was_done_with_a_pin_of_ones_own_is_in_the_audit_with_the_name() {
    let place = Place::guide();
    assert_eq!(place.told("2222", &["pin", "--name", "王老师"]).0, 0);
    let list = |pin: &str| place.told(pin, &["report", "--persons"]);
    assert_eq!(list(PIN).0, 0);
    let (code, _, why) = list("2222");
    assert_eq!(code, 0, "{why}");
    let (code, out, why) = place.command(&["audit", "shifts"]);
    assert_eq!(code, 0, "{why}");
    let listed = "listed the visits of a report unmasked";
    assert!(out.contains(&format!("王老师 {listed}")), "{out}");
    assert!(
        out.contains(&format!("somebody with the PIN {listed}")),
        "{out}"
    );
    // The PIN for all is nobody's: it is not counted, and the head says so.
    assert!(out.contains("a deletion bears no name"), "{out}");
    assert_eq!(out.matches("1 act").count(), 1, "{out}");
    assert!(out.contains("王老师                1 act"), "{out}");
    let (code, out, _) = place.command(&["audit", "shifts", "--day", "2020-01-01"]);
    assert!(code == 0 && out.contains("no volunteer"), "{out}");
    // It is no report that has too many days.
    let (code, _, why) = place.command(&["audit", "shifts", "--day", "2020-01-01..2026-09-01"]);
    let told = "at most 400 days are read at once";
    assert!(code == 2 && why.contains(told), "{code} {why}");
}
