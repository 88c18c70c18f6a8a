//! Another student number, unbound by the desk: signed in as the old one, confirmed by typing, and after a crash never
//! deleted again by itself. The built binary in a terminal against a campus process of its own.

use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER, ESC, TAB};
use serde_json::json;

/// Bound already: the old number.
const OLD: &str = "20260006";
const NEW: &str = "20260001";
const DELETE: &str = "/cgi-bin/user/delete";

fn signs_in(desk: &mut Desk, student: &str) {
    let password = format!("practice-{}", &student[student.len() - 4..]);
    desk.types(student).types(TAB).types(&password).types(ENTER);
}

fn deletions(place: &Place) -> u64 {
    let state = place.campus().get("/practice/state");
    state["calls"][DELETE].as_u64().unwrap_or(0)
}

fn has_member(place: &Place, student: &str) -> bool {
    let state = place.campus().get("/practice/state");
    state["members"][student].is_object()
}

/// From Welcome to the confirmation.
fn to_the_confirmation(desk: &mut Desk) {
    desk.shows("欢迎新同学").types("c");
    desk.shows("您是哪种情况").types("2");
    desk.shows("开始之前，请您知道").types(ENTER);
    desk.shows("老学号绑定在哪里").types("2");
    desk.shows("请用【老学号】登录");
    signs_in(desk, OLD);
    desk.shows("要删除的是").shows(OLD).shows("最后 4 位");
}

#[test]
fn unbound_at_the_desk_and_the_new_number_registered() {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13800138000" }));
    let mut desk = place.kiosk("zh-CN", 100, 40);
    to_the_confirmation(&mut desk);
    desk.types("0001").types(ENTER).shows("什么都没有删除");
    assert_eq!(deletions(&place), 0);
    assert!(has_member(&place, OLD));
    // Another account, and back.
    desk.types(ESC).shows("请用【老学号】登录");
    signs_in(&mut desk, OLD);
    desk.shows("要删除的是").types("0006").types(ENTER);
    desk.shows("登录统一身份认证");
    assert_eq!(deletions(&place), 1);
    assert!(!has_member(&place, OLD));
    // The old number again, by mistake.
    signs_in(&mut desk, OLD);
    desk.shows("这是刚解绑的老学号");
    // The new number's own form: what was typed before is still there.
    desk.types("\x1b[Z\x15");
    signs_in(&mut desk, NEW);
    desk.shows("填写手机号").types("13800138000").types(ENTER);
    desk.shows("您的微信，绑定的是这个手机号吗？").types("1");
    desk.shows("用微信关注");
    place.campus().phone("scan-follow");
    desk.shows("绑定成功");
    assert_eq!(deletions(&place), 1);
    assert!(!has_member(&place, OLD) && has_member(&place, NEW));
}

/// The power is cut while the campus has not answered yet, and has not done it either.
fn killed_while_deleting() -> (Place, Desk) {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    to_the_confirmation(&mut desk);
    let fault = json!({
        "target": format!("GET {DELETE}"), "kind": "slow", "value": 60_000, "calls": 1
    });
    place.campus().post("/practice/faults", fault);
    desk.types("0006").types(ENTER).shows("正在删除");
    while deletions(&place) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    desk.kill();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("接着刚才的办？").shows("20****06");
    assert_eq!(deletions(&place), 1, "by itself");
    (place, desk)
}

/// What the campus would have done with the call that the desk made before it was killed.
fn gets_through(place: &Place) {
    let known = yingxin::practice::Credentials::practice();
    let (corp, secret) = (known.corp_id, known.contacts_secret);
    let campus = place.campus();
    let told = campus.get(&format!(
        "/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}"
    ));
    let token = told["access_token"].as_str().unwrap();
    campus.get(&format!("{DELETE}?access_token={token}&userid={OLD}"));
    assert!(!has_member(place, OLD));
}

#[test]
fn a_deletion_that_got_through_before_the_crash_is_found() {
    let (place, mut desk) = killed_while_deleting();
    gets_through(&place);
    let before = deletions(&place);
    signs_in(&mut desk, OLD);
    desk.shows("登录统一身份认证");
    assert_eq!(deletions(&place), before);
}

/// The dangerous one: it got through, and the student was bound again elsewhere before the desk came back.
#[test]
fn a_binding_made_elsewhere_meanwhile_stands() {
    let (place, mut desk) = killed_while_deleting();
    gets_through(&place);
    let known = yingxin::practice::Credentials::practice();
    let (corp, secret) = (known.corp_id, known.contacts_secret);
    let campus = place.campus();
    let told = campus.get(&format!(
        "/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}"
    ));
    let token = told["access_token"].as_str().unwrap();
    let member = json!({
        "userid": OLD, "name": "n", "mobile": "13500135000", "department": [known.department],
        "to_invite": false
    });
    campus.post(
        &format!("/cgi-bin/user/create?access_token={token}"),
        member,
    );
    let before = deletions(&place);
    // The desk is restarted once more, and the student signs in there.
    desk.kill();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("接着刚才的办？");
    signs_in(&mut desk, OLD);
    desk.shows("不知道刚才删除了没有").shows("要删除的是");
    desk.types(ENTER).shows("什么都没有删除");
    desk.types(ESC).shows("请用【老学号】登录");
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(deletions(&place), before, "by itself");
    let state = campus.get("/practice/state");
    assert_eq!(state["members"][OLD]["mobile"], "13500135000");
}

#[test]
fn a_deletion_that_did_not_is_asked_anew() {
    let (place, mut desk) = killed_while_deleting();
    signs_in(&mut desk, OLD);
    desk.shows("不知道刚才删除了没有").shows("要删除的是");
    desk.types(ENTER).shows("什么都没有删除");
    assert_eq!(deletions(&place), 1, "not by itself");
    assert!(has_member(&place, OLD), "it may be the new binding");
    desk.types("0006").types(ENTER).shows("登录统一身份认证");
    assert_eq!(deletions(&place), 2, "the student's own word");
    assert!(!has_member(&place, OLD));
}
