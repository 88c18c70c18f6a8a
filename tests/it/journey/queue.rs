//! The queue: a student who waits lets the next one go first with one key, and goes on at their step; a student who is
//! cut off does so too.

use super::*;
use crate::support::kiosk::PIN;
use crate::support::{F6, F10, TAB};

/// The pickup number of the newest visit that waits.
fn newest_pickup(place: &Place) -> String {
    let (code, rows, why) = place.command(&["visits", "list", "--json"]);
    assert_eq!(code, 0, "{why}");
    let newest = rows.lines().last().unwrap();
    let row: Value = serde_json::from_str(newest).unwrap();
    row["pickup"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_waits_for_a_code_lets_the_next_one_go_first() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    to_number(&mut desk, &ZH, "20260002");
    desk.types("13700137000").types(ENTER);
    desk.shows(ZH.ask).types("2");
    desk.shows(ZH.follow).types(ENTER);
    desk.shows(ZH.send_code)
        .types(ENTER)
        .shows(ZH.code_sent)
        .shows("F6 让下一位");
    desk.types(F6).shows("请记下这个续办号");
    let (pickup, code) = (newest_pickup(&place), newest_code(&place));
    desk.shows("记好了 ] <");
    desk.types(ENTER).shows(ZH.welcome);
    // The next one, all the way, while the first one waits.
    to_number(&mut desk, &ZH, "20260001");
    assert!(!desk.text().contains("20260002"));
    desk.types("13800138000").types(ENTER).shows(ZH.ask);
    desk.types("1").shows(ZH.follow);
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13800138000" }));
    place.campus().phone("scan-follow");
    desk.shows(ZH.bound).types(ENTER).shows(ZH.welcome);
    // Back, with the number and a sign-in: at the code.
    desk.types("p")
        .shows("一共七位数字")
        .types(&pickup)
        .types(ENTER)
        .shows("20****02");
    desk.types("20260002")
        .types(TAB)
        .types(&password("20260002"))
        .types(ENTER);
    desk.shows(ZH.code_sent).types(&code).shows(ZH.bound);
}

/// A visit by the phone without a sign-in: the volunteer finds it by number, checks papers, and it resumes at its step.
/// Meanwhile a ticket is opened for it, and the visit goes on waiting.
#[test]
fn a_download_is_waited_for_and_the_volunteer_opens_a_ticket_meanwhile() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    for (shown, keys) in [
        ("换学号或教工", "c"),
        ("您是哪种情况", "3"),
        ("职工号绑定在微信里吗", "1"),
        ("在应用商城里搜", F6),
    ] {
        desk.shows(shown).types(keys);
    }
    desk.shows("请记下这个续办号");
    let pickup = newest_pickup(&place);
    desk.shows("记好了 ] <");
    desk.types(ENTER).shows(ZH.welcome);
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows(&pickup).types("w").shows("开工单，接着等");
    // Typing finds it: the number's last digits.
    desk.types(&pickup[4..]).shows("找到 1 份");
    desk.types(TAB)
        .shows("> [ F7 开工单，接着等 ] <")
        .types(ENTER)
        .shows("（0/4000）");
    desk.types("20260009")
        .types(TAB)
        .types("欧阳静怡")
        .types(TAB)
        .types("13900139009")
        .types(TAB)
        .types("=装不上")
        .types(ENTER);
    desk.shows("=装不上").shows("欧阳静怡").shows(&pickup);
    let (_, rows, _) = place.command(&["visits", "list", "--json"]);
    assert!(rows.contains(&pickup) && rows.contains("parked"), "{rows}");
    desk.types("\x1b")
        .hides("照着念")
        .types("\x1b")
        .shows("退出程序")
        .types("\x1b")
        .shows(ZH.welcome);
    desk.types("p")
        .shows("一共七位数字")
        .types(&pickup)
        .types(ENTER);
    desk.hides("一共七位数字").types(F10).shows("请输入 PIN");
    desk.types(PIN)
        .types(ENTER)
        .shows("继续这份登记")
        .types("g");
    desk.shows("在应用商城里搜");
}

/// The power is cut at the third page of a step, the route not decided yet.
#[test]
fn a_crash_at_a_page_loses_neither_the_place_nor_the_answers() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    for (shown, keys) in [
        ("换学号或教工", "c"),
        ("您是哪种情况", "2"),
        ("老学号绑定在哪里", "1"),
        ("您的手机是哪一种", "1"),
        ("右下角【我】", "1"),
        ("点【通用】", "1"),
        ("点【存储空间】", ""),
    ] {
        desk.shows(shown).types(keys);
    }
    desk.kill();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("接着刚才的办？").types(F10).shows("请输入 PIN");
    desk.types(PIN)
        .types(ENTER)
        .shows("继续这份登记")
        .types("g");
    desk.shows("千万不要点下面的")
        .types("1")
        .shows("清理【缓存】");
    // The answers too: back, one by one.
    desk.types("\x1b")
        .shows("点【存储空间】")
        .types("\x1b")
        .shows("点【通用】");
    desk.types("\x1b")
        .shows("右下角【我】")
        .types("\x1b")
        .shows("您的手机是哪一种");
    desk.types("\x1b").shows("老学号绑定在哪里");
}
