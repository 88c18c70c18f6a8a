//! Fault 2: the guide's first sentence, 打开微信扫图1二维码, is the first page of the phone's way, however it was entered.

use super::*;
use crate::support::ESC;

const F5: &str = "\x1b[15~";
const SCAN: &str = "扫好了，要我选身份";

#[test]
fn fault_02_a_desk_without_services_shows_the_code_after_enter() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 100, 45);
    desk.shows(ZH.welcome).types(ENTER).shows(SCAN);
    assert_eq!(desk.qr(), REGISTER);
    desk.types("2").shows("点右上角的加号").types(ENTER);
    desk.types("3").shows("离屏幕一步").types(ENTER);
    desk.hides("离屏幕一步").types("1").shows("请选择你的身份");
    // Back to the scan page: by the answer, and by Esc.
    desk.types("4")
        .shows(SCAN)
        .types("1")
        .shows("请选择你的身份");
    desk.types(ESC).shows(SCAN).hides("请选择你的身份");
    desk.types(ESC).shows(ZH.welcome);
}

#[test]
fn fault_02_who_scanned_on_welcome_passes_it_over_and_may_go_back_to_it() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(ZH.welcome).types("s").shows("请选择你的身份");
    desk.types("4").shows(SCAN);
    assert_eq!(desk.qr(), REGISTER);
    desk.types("1").shows("请选择你的身份").types("1");
    desk.shows("用户名填学号");
}

#[test]
fn fault_02_f5_at_the_desk_leads_to_the_code() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(ZH.welcome).types(ENTER);
    desk.shows(ZH.notice).types(ENTER);
    desk.shows(ZH.identity).types(F5).shows(SCAN);
    assert_eq!(desk.qr(), REGISTER);
    // After F5 twice the scan page is skipped: it was answered before.
    desk.types("1").shows("请选择你的身份").types(F5);
    desk.shows(ZH.identity).types(F5).shows("请选择你的身份");
}

#[test]
fn fault_02_a_pack_without_the_code_says_where_it_is() {
    let home = tempfile::tempdir().unwrap();
    let place = Place::of_pack("base = \"imut\"\n", home, None);
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("注册二维码还没有放进来").types(ENTER);
    desk.shows(SCAN).shows("请看海报").types("1");
    desk.shows("请选择你的身份");
}
