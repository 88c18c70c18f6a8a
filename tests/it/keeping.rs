//! What a desk keeps, handled from outside by the built binary: the roster, forgetting, the audit, the store's upkeep.

use std::os::unix::fs::PermissionsExt;

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, F10, TAB};

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

fn signed_in(place: &Place) -> Desk {
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证")
        .types("20260001")
        .types(TAB)
        .types("practice-0001")
        .types(ENTER);
    desk.shows("填写手机号");
    desk
}

/// A line of a receipt or a table, by its beginning.
fn line<'t>(text: &'t str, beginning: &str) -> &'t str {
    let found = text.lines().find(|line| line.starts_with(beginning));
    found.unwrap_or_else(|| panic!("no {beginning}: {text}"))
}

#[test]
fn a_person_is_forgotten_while_the_desk_runs_and_the_journal_stays_whole() {
    let place = Place::connected();
    let mut desk = signed_in(&place);
    let (_, list, _) = place.command(&["visits", "list", "--json"]);
    assert!(list.contains("20****01"), "{list}");
    let (code, out, why) = place.told("000000", &["visits", "forget", "20260001"]);
    assert!(code == 77 && out.is_empty(), "{code} {out} {why}");
    let (code, receipt, why) = place.told(PIN, &["visits", "forget", "20260001"]);
    assert_eq!(code, 0, "{why}");
    line(&receipt, "visits: 1");
    line(&receipt, "journal: segment 1, record ");
    assert!(!receipt.contains("2026000"), "{receipt}");
    // Nothing of it is left, on the screen neither.
    desk.shows("欢迎新同学");
    let (_, list, _) = place.command(&["visits", "list"]);
    assert_eq!(list, "no open or parked visits\n");
    // The running desk drops what it counted about that student too.
    desk.types(ENTER).shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证").types("20260001").types(TAB);
    for _ in 0..4 {
        desk.types("wrong").types(ENTER).shows("不对");
        desk.rests();
    }
    desk.types("practice-0001").types(ENTER).shows("请先歇一下");
    let (code, receipt, why) = place.told(PIN, &["visits", "forget", "20260001"]);
    assert_eq!(code, 0, "{why}");
    line(&receipt, "visits: 1");
    desk.shows("欢迎新同学")
        .types(ENTER)
        .shows("开始之前，请您知道")
        .types(ENTER);
    desk.shows("登录统一身份认证")
        .types("20260001")
        .types(TAB)
        .types("practice-0001")
        .types(ENTER);
    desk.shows("填写手机号");
    let (code, _, why) = place.told(PIN, &["visits", "forget", "20260001"]);
    assert_eq!(code, 0, "{why}");
    desk.shows("欢迎新同学");
    // Another student still comes, and the desk is stopped without warning.
    desk.types(ENTER).shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证");
    desk.kill();
    let (code, out, _) = place.command(&["audit", "verify"]);
    assert!(code == 0 && out.contains("the journal is whole"), "{out}");
    let hash = line(&receipt, "hash: ").trim_start_matches("hash: ");
    assert_eq!(hash.len(), 64);
    let (code, out, why) = place.told(PIN, &["visits", "forget", "20260001"]);
    assert_eq!(code, 0, "{why}");
    line(&out, "nothing was kept of a visit");
    let (code, _, why) = place.told(PIN, &["visits", "forget", "x"]);
    assert!(code == 65 && why.contains("no student number"), "{why}");
}

/// A copy of the folder with its keys would undo a forgetting: the receipt tells it.
#[test]
fn a_receipt_shows_an_older_copy_that_was_put_back_whole() {
    let place = Place::connected();
    let mut desk = signed_in(&place);
    desk.kill();
    let old = place.dir().join("old");
    crate::store::desk::copy_dir(&place.store(), &old);
    let (code, receipt, why) = place.told(PIN, &["visits", "forget", "20260001"]);
    assert_eq!(code, 0, "{why}");
    let receipt = write(&place, "receipt", receipt);
    let verify = ["audit", "verify", "--against", &receipt];
    let (code, out, why) = place.command(&verify);
    assert!(
        code == 0 && out.contains("compared with 1 seals"),
        "{out}{why}"
    );
    std::fs::remove_dir_all(place.store()).unwrap();
    std::fs::rename(&old, place.store()).unwrap();
    let (code, out, _) = place.command(&["audit", "verify"]);
    assert!(code == 0 && out.contains("the journal is whole"), "{out}");
    let (code, out, _) = place.command(&verify);
    assert!(code == 65 && out.contains("went as far once"), "{out}");
    // Neither a receipt without its seal nor one whose seal is cut counts as a comparison.
    let text = std::fs::read_to_string(&receipt).unwrap();
    let (before, seal) = text.split_once("yingxin-seal").unwrap();
    for less in [
        before.to_owned(),
        format!("{before}yingxin-seal{}", &seal[..90]),
    ] {
        let file = write(&place, "less", less);
        let (code, out, why) = place.command(&["audit", "verify", "--against", &file]);
        assert!(
            code == 65 && out.is_empty() && why.contains("seal"),
            "{out}{why}"
        );
    }
}

#[test]
fn a_story_names_nobody_without_the_pin_and_a_view_is_a_part_of_it() {
    let place = Place::connected();
    let mut desk = signed_in(&place);
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows("放一放")
        .clicks_on("放一放")
        .shows("请记下这个续办号");
    let (_, list, _) = place.command(&["visits", "list", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&list).unwrap();
    let pickup = row["pickup"].as_str().unwrap().to_owned();
    let show = ["audit", "show", &pickup];
    for running in [true, false] {
        if !running {
            desk.kill();
        }
        let (code, story, why) = place.command(&show);
        assert!(
            code == 0 && story.contains("known as 20****01"),
            "{story}{why}"
        );
        assert!(!story.contains("20260001"), "{story}");
        let unmasked = [&show[..], &["--unmasked"]].concat();
        let (code, out, _) = place.told("000000", &unmasked);
        assert!(code == 77 && out.is_empty(), "{out}");
        let (code, whole, why) = place.told(PIN, &unmasked);
        assert!(code == 0 && whole.contains("20260001"), "{whole}{why}");
        let seen = whole.matches("saw this story unmasked").count();
        assert_eq!(seen, if running { 1 } else { 2 }, "{whole}");
    }
    let (code, _, why) = place.command(&["audit", "show", "A3333A"]);
    assert!(code == 65 && why.contains("no such visit"), "{why}");
}

#[test]
fn the_store_is_looked_over_backed_up_restored_and_rekeyed_by_commands() {
    let place = Place::connected();
    let (code, out, _) = place.command(&["store", "check"]);
    assert!(code == 0 && out.contains("nothing was ever kept"), "{out}");
    let mut desk = signed_in(&place);
    let file = place.dir().join("a.backup");
    let file = file.to_str().unwrap();
    let (code, out, why) = place.command(&["store", "check"]);
    assert!(code == 0 && out.contains("uses this store"), "{out}{why}");
    let (code, out, why) = place.command(&["store", "backup", file, "--expires", "2"]);
    assert!(code == 0 && out.contains("good until"), "{out}{why}");
    for wants_it in [&["rebuild"][..], &["rekey"], &["restore", file]] {
        let (code, _, why) = place.command(&[&["store"], wants_it].concat());
        assert!([75, 73].contains(&code), "{wants_it:?}: {code} {why}");
    }
    let (code, out, _) = place.command(&["store", "stats"]);
    assert!(code == 0 && !out.contains("20260001"), "{out}");
    line(&out, "journal     1 segments");
    desk.kill();
    let (code, _, why) = place.command(&["store", "backup", "long", "--expires", "3000"]);
    assert!(code == 2 && why.contains("days at the most"), "{why}");

    // The disk is lost; the key was kept elsewhere.
    let kept = ["desk.key", "pin"].map(|name| {
        let bytes = std::fs::read(place.store().join(name)).unwrap();
        (name, bytes)
    });
    std::fs::remove_dir_all(place.store()).unwrap();
    let (code, _, why) = place.command(&["store", "restore", file]);
    assert!(code == 77 && why.contains("desk.key is not there"), "{why}");
    std::fs::create_dir_all(place.store()).unwrap();
    for (name, bytes) in kept {
        let path = place.store().join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let (code, out, why) = place.command(&["store", "restore", file]);
    assert!(code == 0 && out.contains("restored as of"), "{out}{why}");
    let (_, list, _) = place.command(&["visits", "list"]);
    assert!(list.contains("20****01"), "{list}");
    let (code, out, why) = place.command(&["store", "rebuild"]);
    assert!(
        code == 0 && out.contains("1 visits are open or wait"),
        "{out}{why}"
    );
    let (code, out, why) = place.command(&["store", "rekey"]);
    assert!(code == 0 && out.contains("take a new one"), "{out}{why}");
    let (code, _, why) = place.command(&["store", "restore", file]);
    assert!(
        code == 77 && why.contains("is sealed with the desk key"),
        "{why}"
    );
    let (code, out, _) = place.command(&["store", "check"]);
    assert_eq!(code, 0, "{out}");

    let segment = place.store().join("journal/00000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[8300] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let (code, out, _) = place.command(&["store", "check"]);
    assert!(
        code == 65 && out.contains("segment 1: record 0 is damaged"),
        "{out}"
    );
    let (code, out, _) = place.command(&["audit", "verify"]);
    assert!(code == 65 && out.contains("NOT whole"), "{out}");
    // The desk still starts, and it warns the volunteer until one has looked.
    std::fs::remove_file(place.store().join("clean")).ok();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("个别记录损坏");
    desk.kill();
    std::fs::remove_file(place.store().join("desk.key")).unwrap();
    let (code, out, _) = place.command(&["store", "check"]);
    assert!(code == 77 && out.contains("is not there"), "{out}");
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("desk.key 不在");
    assert_eq!(desk.ends().exit_code(), 77);
}
