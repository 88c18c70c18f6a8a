//! `yingxin pin` with names, and `yingxin audit shifts`: whose PIN opened, and what was done with it.

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
    assert_eq!(out.matches("1 act").count(), 2, "{out}");
    let (code, out, _) = place.command(&["audit", "shifts", "--day", "2020-01-01"]);
    assert!(code == 0 && out.contains("no volunteer"), "{out}");
}
