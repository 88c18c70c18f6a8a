//! A ticket is opened at the desk, outlives a pulled plug, is noted by a volunteer, and comes out whole behind the PIN.

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, F1, F10, TAB};

fn reason() -> String {
    let start = "=cmd|' /C calc'!A0 \"引号\",逗号;分号\n第二行 家人👨‍👩‍👧 ";
    let rest = 4000 - start.chars().count();
    format!("{start}{}", "😀".repeat(rest))
}

fn to_number(desk: &mut Desk) {
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证")
        .types("20260001")
        .types(TAB)
        .types("practice-0001")
        .types(ENTER);
    desk.shows("填写手机号");
}

fn cells(csv: &str) -> Vec<Vec<String>> {
    let bytes = csv.strip_prefix('\u{feff}').unwrap().as_bytes();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(String::from).collect())
        .collect()
}

#[test]
fn a_ticket_outlives_a_pulled_plug_and_comes_out_whole_behind_the_pin() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    to_number(&mut desk);
    desk.types(F1).shows("开工单").clicks_on("开工单");
    desk.shows("（0/4000）")
        .types(TAB)
        .pastes(&reason())
        .shows("（4000/4000）");
    desk.types(ENTER).shows("请记下续办号").shows("20260001");
    desk.kill();

    for running in [false, true] {
        let mut desk = running.then(|| place.kiosk("zh-CN", 100, 40));
        if let Some(desk) = &mut desk {
            desk.shows("欢迎新同学");
            desk.rests();
        }
        let (code, out, why) = place.told("000000", &["tickets", "export"]);
        assert!(code == 77 && out.is_empty(), "{code} {out} {why}");
        let (code, list, why) = place.told(PIN, &["tickets", "list"]);
        assert!(
            code == 0 && list.contains("20****01"),
            "{code} {list} {why}"
        );
        assert!(!list.contains("20260001"), "{list}");
        let number = list.split_whitespace().next().unwrap().to_owned();
        let (_, sheet, _) = place.told(PIN, &["tickets", "show", &number.to_lowercase()]);
        assert!(
            sheet.contains("20260001") && sheet.contains(&reason()),
            "{sheet}"
        );
        let (_, csv, _) = place.told(PIN, &["tickets", "export", "--format", "csv"]);
        let rows = cells(&csv);
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (&rows[1][0], &rows[1][12]),
            (&format!("{number}\t"), &format!("'{}", reason()))
        );
        let (_, json, _) = place.told(PIN, &["tickets", "export", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json[0]["reason"], reason());
        assert_eq!(json[0]["number"], number.replace('-', ""));
    }

    // Where no desk runs, wrong PINs cost the same growing pauses, and the right one is not looked at within them.
    for pause in ["try again\n", "try again\n", "in 2 s"] {
        let (code, out, why) = place.told("000000", &["tickets", "list"]);
        assert!(code == 77 && out.is_empty(), "{code} {out} {why}");
        assert!(why.contains(pause), "{pause}: {why}");
    }
    let (code, out, why) = place.told(PIN, &["tickets", "list"]);
    assert!(code == 77 && out.is_empty() && why.contains(" s"), "{why}");
    // The pause is over.
    let tries = std::fs::File::open(place.store().join("pin.wrong")).unwrap();
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    tries.set_modified(earlier).unwrap();

    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("欢迎新同学").types(F10).shows("请输入 PIN");
    // A desk that was restarted meanwhile begins the pause again.
    desk.types(PIN)
        .types(ENTER)
        .shows("秒后再试")
        .hides("秒后再试");
    desk.types(PIN)
        .types(ENTER)
        .shows("未解决的工单")
        .types("k");
    desk.shows("20****01")
        .types(ENTER)
        .shows("已交给热线")
        .types("f");
    desk.shows("打电话的人")
        .types("王老师")
        .types(TAB)
        .types(TAB);
    desk.types("-已转工程师")
        .types(ENTER)
        .shows("已转交")
        .shows("-已转工程师");
    desk.types("s").shows("打电话的人").types("李").types(ENTER);
    desk.shows("没有未解决的工单");
    let (_, csv, _) = place.told(PIN, &["tickets", "export"]);
    let rows = cells(&csv);
    assert_eq!(rows.len(), 3, "{csv}");
    let (_, story, _) = place.command(&["audit", "show", &rows[1][0]]);
    for seen in [
        "saw the ticket unmasked",
        "exported all tickets",
        "a volunteer saw",
    ] {
        assert!(story.contains(seen), "{seen}: {story}");
    }
    assert_eq!(
        (rows[1][14].as_str(), rows[1][15].as_str()),
        ("王老师", "'-已转工程师")
    );
    assert_eq!((rows[2][1].as_str(), rows[2][4].as_str()), ("已解决", "李"));
}
