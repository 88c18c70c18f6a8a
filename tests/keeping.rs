//! What a desk keeps, handled from outside: the roster, from the built binary.

mod support;

use support::kiosk::Place;

fn write(place: &Place, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = place.dir().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_roster_is_imported_whole_or_not_at_all() {
    let place = Place::guide();
    let (_, out, _) = place.command(&["roster", "stats"]);
    assert_eq!(out, "no roster\n");
    assert!(!place.store().join("desk.key").exists());
    let list = write(
        &place,
        "list.csv",
        "学号,姓名\n20260001,张三\n20260002,李四\n",
    );
    let (code, out, why) = place.command(&["roster", "import", &list]);
    assert!(
        code == 0 && out.starts_with("imported: 2 rows"),
        "{out}{why}"
    );

    let faulty = write(
        &place,
        "faulty.csv",
        "学号,姓名\n20260003,王五\n2026000\u{1b}[2J4,赵六\n20260003,钱七\n",
    );
    let (code, out, why) = place.command(&["roster", "import", &faulty]);
    assert_eq!((code, out.as_str()), (65, ""));
    assert!(why.contains("line 3, column 学号 (A)"), "{why}");
    assert!(why.contains("line 4, column 学号 (A)"), "{why}");
    for hidden in ["赵六", "钱七", "2026000", "\u{1b}"] {
        assert!(!why.contains(hidden), "{why:?}");
    }
    let (_, out, _) = place.command(&["roster", "stats"]);
    assert!(out.starts_with("2 rows"), "{out}");
    let (code, out, why) = place.command(&["roster", "import", &faulty, "--skip-faulty"]);
    assert!(
        code == 0 && out.contains("1 row, 2 rows left out"),
        "{out}{why}"
    );
    let bytes = std::fs::read(place.store().join("roster")).unwrap();
    let name = "王五".as_bytes();
    assert!(!bytes.windows(name.len()).any(|w| w == name));
    let (_, out, _) = place.command(&["roster", "clear"]);
    assert_eq!(out, "the roster is gone\n");
    let (code, _, why) = place.command(&["roster", "import", "nowhere.csv"]);
    assert!(code == 66 && why.contains("nowhere.csv"), "{why}");
}
