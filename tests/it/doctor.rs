//! The checks before the doors open, from outside: the command's table, its JSON and its exit codes, what it asks of the
//! terminal; and the same in the volunteer's panel.

use std::os::unix::fs::PermissionsExt;

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, ESC, F10, yingxin};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

/// The findings of `doctor --json`, and its exit code.
fn findings(place: &Place, more: &[&str]) -> (i32, Vec<Value>) {
    let line: Vec<&str> = ["doctor", "--json"].iter().chain(more).copied().collect();
    let (code, out, err) = place.command(&line);
    assert!(err.is_empty(), "{err}");
    let rows = out.lines().map(|line| serde_json::from_str(line).unwrap());
    (code, rows.collect())
}

fn verdict<'v>(findings: &'v [Value], check: &str, subject: Option<&str>) -> &'v str {
    let found = findings
        .iter()
        .find(|row| row["check"] == check && row["subject"].as_str() == subject);
    found.unwrap_or_else(|| panic!("no {check} {subject:?} in {findings:?}"))["verdict"]
        .as_str()
        .unwrap()
}

fn doctors(place: &Place, section: &str) {
    let path = place.dir().join("yingxin.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\n[doctor]\n{section}\n")).unwrap();
}

fn secret(place: &Place, name: &str, text: &str) {
    let path = place.dir().join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_desk_that_may_open_passes_and_nothing_happened_to_anybody() {
    let place = Place::connected();
    secret(&place, "test-account", "practice-0001\n");
    doctors(
        &place,
        "student = \"20260001\"\npassword_file = \"test-account\"",
    );
    let members = || place.campus().get("/practice/state")["members"].clone();
    let before = members();
    let (code, found) = findings(&place, &[]);
    assert_eq!(code, 0, "{found:?}");
    for gateway in [
        "identity.cas_rest",
        "directory.wecom.app",
        "directory.wecom.contacts",
        "sms.tencent",
    ] {
        assert_eq!(verdict(&found, "gateway", Some(gateway)), "pass");
    }
    for check in [
        "config", "pack", "pin", "visits", "qr", "store", "space", "secrets", "clock", "account",
    ] {
        let told = verdict(&found, check, None);
        assert!(
            told == "pass" || check == "qr" || check == "space",
            "{check}: {found:?}"
        );
    }
    let account = found.iter().find(|row| row["check"] == "account").unwrap();
    assert_eq!(account["told"], "signed in as 20****01 陈**.");
    let log = std::fs::metadata(place.dir().join("store/doctor.log")).unwrap();
    assert_eq!(log.permissions().mode() & 0o777, 0o600);
    assert_eq!(members(), before);
    let state = place.campus().get("/practice/state");
    assert_eq!(state["phone"]["messages"], json!([]), "no message was sent");
    let whole = found.iter().map(Value::to_string).collect::<String>();
    for canary in ["practice-0001", "practice-app-secret", "practice-sms-key"] {
        assert!(!whole.contains(canary), "{whole}");
    }
}

#[test]
fn a_message_goes_out_only_where_a_number_is_given() {
    let place = Place::connected();
    let (code, found) = findings(&place, &["--sms", "13900139009"]);
    assert_eq!(code, 0, "{found:?}");
    assert_eq!(verdict(&found, "message", None), "pass");
    let state = place.campus().get("/practice/state");
    assert_eq!(state["phone"]["messages"][0]["to"], "13900139009");
    let (code, _, err) = place.command(&["doctor", "--sms", "12345"]);
    assert_eq!(code, 2);
    assert!(err.contains("no mobile number"), "{err}");
}

#[test]
fn each_thing_that_is_wrong_is_named_with_a_remedy() {
    let place = Place::connected();
    secret(&place, "test-account", "wrong\n");
    doctors(
        &place,
        "student = \"20260001\"\npassword_file = \"test-account\"",
    );
    let campus = place.campus();
    let fault = |target: &str, kind: &str, value: Value| {
        let order = json!({"target": target, "kind": kind, "value": value, "calls": 1});
        campus.post("/practice/faults", order);
    };
    fault("/cgi-bin/user/get", "errcode", json!(60020));
    fault(
        "sms",
        "errcode",
        json!("FailedOperation.InsufficientBalanceInSmsPackage"),
    );
    let (code, found) = findings(&place, &[]);
    assert_eq!(code, 1, "{found:?}");
    let app = verdict(&found, "gateway", Some("directory.wecom.app"));
    assert_eq!(app, "fail");
    let told = |subject: &str| {
        let row = found.iter().find(|row| row["subject"] == subject).unwrap();
        row["told"].as_str().unwrap().to_owned()
    };
    assert!(told("directory.wecom.app").contains("127.0.0.1 is not a trusted IP"));
    assert!(told("sms.tencent").contains("package of messages is used up"));
    assert_eq!(verdict(&found, "account", None), "fail");
    for row in found.iter().filter(|row| row["verdict"] == "fail") {
        assert!(
            row["remedy"].as_str().is_some_and(|r| !r.is_empty()),
            "{row}"
        );
    }
    // A secret that others read: nothing is connected with it.
    let app_secret = place.dir().join("app");
    std::fs::set_permissions(&app_secret, PermissionsExt::from_mode(0o644)).unwrap();
    let (code, found) = findings(&place, &[]);
    assert_eq!(code, 1);
    assert_eq!(verdict(&found, "secrets", None), "fail");
    assert_eq!(verdict(&found, "connections", None), "fail");
    let text = found.iter().map(Value::to_string).collect::<String>();
    assert!(text.contains("chmod 600"), "{text}");
}

/// The clock's row, in the table of a language, one blank between words.
fn clock_rows(place: &Place, lang: &str) -> (i32, String) {
    let (code, out, err) = place.command(&["--lang", lang, "doctor"]);
    assert!(err.is_empty() && !out.contains(['{', '}']), "{out}{err}");
    (code, out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A store whose newest time, or whose last stop, the clock of this machine does not fit.
#[test]
fn a_doubted_clock_fails_where_no_server_agrees_and_until_it_is_confirmed() {
    let zh = "和以前的记录对不上：确认之前什么也不删，续办号也不过期";
    let en = "which does not fit its records: until it is confirmed nothing is deleted";
    for stopped in ["2090-01-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
        let record = json!({"trusted": stopped}).to_string();
        let alone = Place::guide();
        secret(&alone, "store/clock", &record);
        for (lang, words, remedy) in [
            ("zh-CN", zh, "F10 再按 L"),
            (
                "en",
                en,
                "if it is right, yingxin clock confirm, or F10 and L",
            ),
        ] {
            let (code, told) = clock_rows(&alone, lang);
            assert_eq!(code, 1, "{told}");
            assert!(told.contains(words) && told.contains(remedy), "{told}");
        }
        // Its server's clock is this machine's: a desk that begins now is confirmed by it, and there is nothing to do.
        let connected = Place::connected();
        secret(&connected, "store/clock", &record);
        let (code, told) = clock_rows(&connected, "en");
        assert!(code == 0 && !told.contains(en), "{told}");
        // A person's word.
        let (code, out, err) = alone.told(PIN, &["clock", "confirm"]);
        assert_eq!(code, 0, "{out}{err}");
        let (code, told) = clock_rows(&alone, "en");
        assert!(code == 0 && !told.contains(en), "{told}");
    }
}

#[test]
fn a_desk_without_any_service_can_be_checked() {
    let place = Place::guide();
    let (code, found) = findings(&place, &[]);
    assert_eq!(code, 0, "{found:?}");
    for gateway in ["identity", "directory", "sms"] {
        assert_eq!(verdict(&found, "gateway", Some(gateway)), "pass");
    }
    let (code, out, _) = place.command(&["--lang", "zh-CN", "doctor"]);
    assert_eq!(code, 0);
    assert!(out.contains("没有连接，由手机办"), "{out}");
}

/// Runs the command in a terminal that measures what is drawn on it so, and gives this answer to the other questions.
fn asked(place: &Place, width: Option<fn(&str) -> usize>, others: &str) -> String {
    let config = place.dir().join("yingxin.toml");
    let store = place.store();
    let line = [
        "--config",
        config.to_str().unwrap(),
        "--store",
        store.to_str().unwrap(),
        "doctor",
    ];
    let mut desk = Desk::start(yingxin(&line), place.dir(), 120, 40);
    let end = std::time::Instant::now() + crate::support::PATIENCE;
    let query = loop {
        let raw = String::from_utf8_lossy(&desk.raw()).into_owned();
        if let Some((query, _)) = raw.split_once("\x1b[c") {
            break query.to_owned();
        }
        assert!(
            std::time::Instant::now() < end,
            "it asks nothing: {}",
            desk.text()
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let samples: Vec<&str> = query
        .split("\x1b[6n")
        .filter_map(|asked| Some(asked.rsplit_once("\x1b[K")?.1))
        .collect();
    let (_, samples) = samples.split_last().unwrap();
    assert_eq!(
        samples.len(),
        3,
        "Chinese, ambiguous width, a code: {samples:?}"
    );
    let answer = |sample: &&str| width.map(|width| format!("\x1b[1;{}R", width(sample) + 1));
    let answers: String = samples.iter().filter_map(answer).collect();
    desk.types(&format!("{answers}{others}"));
    assert!(desk.ends().exit_code() <= 1);
    desk.rests();
    desk.text()
}

#[test]
fn the_terminal_is_asked_how_wide_chinese_lines_and_codes_are() {
    let place = Place::guide();
    let good = asked(
        &place,
        Some(UnicodeWidthStr::width),
        "\x1b[?1006;2$y\x1b[?62;22c",
    );
    assert!(good.contains("takes two columns"), "{good}");
    assert!(good.contains("quotation marks take one column"), "{good}");
    assert!(good.contains("takes the columns that it should"), "{good}");
    assert!(good.contains("knows mouse and touch"), "{good}");
    // A terminal that takes what is ambiguous for wide, as many do in a Chinese locale.
    let wide = asked(
        &place,
        Some(UnicodeWidthStr::width_cjk),
        "\x1b[?1006;2$y\x1b[?62;22c",
    );
    assert!(wide.contains("marks take 14 columns"), "{wide}");
    assert!(wide.contains("no phone reads it"), "{wide}");
    let narrow = asked(
        &place,
        Some(|text| text.chars().count()),
        "\x1b[?1006;0$y\x1b[?6c",
    );
    assert!(narrow.contains("two characters take 2 columns"), "{narrow}");
    assert!(narrow.contains("it knows no mouse"), "{narrow}");
    let silent = asked(&place, None, "\x1b[?6c");
    assert!(silent.contains("did not say how wide"), "{silent}");
}

#[test]
fn the_volunteer_checks_from_the_panel_and_esc_leaves() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学").types(F10).shows("PIN");
    desk.types(PIN).types(ENTER).shows("开门前检查");
    desk.clicks_on("开门前检查")
        .shows("屏幕大小")
        .shows("directory.wecom.app");
    desk.shows("sms.tencent").shows("再查一遍");
    assert!(!desk.text().contains("不行"), "{}", desk.text());
    // The first one is wrong the second time.
    let order =
        json!({"target": "/cgi-bin/user/get", "kind": "errcode", "value": 60020, "calls": 1});
    place.campus().post("/practice/faults", order);
    desk.types("r").shows("企业可信IP");
    desk.types(ESC)
        .shows("退出程序")
        .types(ESC)
        .shows("欢迎新同学");
    // A gateway that hangs does not block: Esc leaves at once.
    let order = json!({"target": "wecom", "kind": "slow", "value": 20000, "calls": 9});
    place.campus().post("/practice/faults", order);
    // The PIN was given a moment ago.
    desk.types(F10).clicks_on("开门前检查").shows("正在检查");
    desk.types(ESC)
        .shows("退出程序")
        .types(ESC)
        .shows("欢迎新同学");
}

#[test]
fn the_volunteer_has_a_message_sent_to_their_own_number() {
    let place = Place::connected();
    doctors(&place, "mobile = \"13900139009\"");
    let mut desk = place.kiosk("zh-CN", 120, 40);
    desk.shows("欢迎新同学").types(F10).shows("PIN");
    desk.types(PIN).types(ENTER).shows("开门前检查");
    desk.clicks_on("开门前检查").shows("再查一遍");
    let messages = || place.campus().get("/practice/state")["phone"]["messages"].clone();
    assert_eq!(messages(), json!([]), "nobody has asked for one");
    desk.types("s").shows("已送达（tencent）。");
    let sent = messages();
    assert_eq!(sent.as_array().map(Vec::len), Some(1), "{sent}");
    assert_eq!(sent[0]["to"], "13900139009");
    assert!(!desk.text().contains("13900139009"), "{}", desk.text());
}

/// Every file that holds a secret is looked at, the desk's own key and the PIN's hash among them.
#[test]
fn a_file_that_others_can_read_is_named() {
    let place = Place::connected();
    secret(&place, "test-account", "practice-0001\n");
    doctors(
        &place,
        "student = \"20260001\"\npassword_file = \"test-account\"",
    );
    // The desk makes its key when it runs.
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("欢迎新同学").signal("TERM");
    desk.ends();
    let counted = |found: &[Value]| {
        let row = found.iter().find(|row| row["check"] == "secrets").unwrap();
        row["told"].as_str().unwrap().to_owned()
    };
    let (_, found) = findings(&place, &[]);
    assert_eq!(counted(&found), "7, and only their owner reads them.");
    let open = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    for path in [place.store().join("pin"), place.dir().join("test-account")] {
        open(&path, 0o604);
        let (code, found) = findings(&place, &[]);
        assert_eq!(code, 1);
        let row = found.iter().find(|row| row["check"] == "secrets").unwrap();
        assert_eq!(row["verdict"], "fail", "{row}");
        assert_eq!(row["remedy"], format!("run: chmod 600 {}", path.display()));
        open(&path, 0o600);
    }
}
