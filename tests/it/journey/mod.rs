//! A student is registered end to end: the built binary in a terminal, real keys, a campus process of its own, the QR
//! codes decoded off the screen. By the desk and by the phone, (一) and (二), in both languages; every other case of the
//! guide; and the queue that is made of them.

mod campus_code;
mod queue;
mod routes;
mod scan;
mod scanner;

use crate::support::kiosk::{FOLLOW, Place, REGISTER};
use crate::support::{Desk, ENTER, TAB};
use serde_json::{Value, json};

/// What a screen says in one of the languages.
struct Words {
    lang: &'static str,
    welcome: &'static str,
    notice: &'static str,
    identity: &'static str,
    number: &'static str,
    ask: &'static str,
    ask_by_phone: &'static str,
    follow: &'static str,
    send_code: &'static str,
    code_sent: &'static str,
    tell: &'static str,
    told: &'static str,
    same_again: &'static str,
    bound: &'static str,
    noted: &'static str,
}

const ZH: Words = Words {
    lang: "zh-CN",
    welcome: "欢迎新同学",
    notice: "开始之前，请您知道",
    identity: "登录统一身份认证",
    number: "填写手机号",
    ask: "您的微信，绑定的是这个手机号吗？",
    ask_by_phone: "绑定的是刚才在手机上填的那个号码吗？",
    follow: "用微信关注",
    send_code: "发送验证码",
    code_sent: "验证码已发到",
    tell: "要把号码放大显示吗",
    told: "请填这个号码",
    same_again: "填和前面一样的手机号",
    bound: "绑定成功",
    noted: "已按您说的记下",
};

const EN: Words = Words {
    lang: "en",
    welcome: "Welcome, new students",
    notice: "Before we begin",
    identity: "Sign in with your unified identity",
    number: "Your mobile number",
    ask: "Is your WeChat bound to this number?",
    ask_by_phone: "bound to the number you have just typed",
    follow: "】 in WeChat",
    send_code: "Send the code",
    code_sent: "The code went to",
    tell: "Shall your number be shown large",
    told: "Fill in this number",
    same_again: "Type the same number as before",
    bound: "YOU ARE BOUND",
    noted: "Noted by your word",
};

/// From Welcome through notice and identity to the number step.
fn to_number(desk: &mut Desk, words: &Words, student: &str) {
    desk.shows(words.welcome).types(ENTER);
    desk.shows(words.notice).types(ENTER);
    desk.shows(words.identity)
        .types(student)
        .types(TAB)
        .types(&password(student))
        .types(ENTER);
    desk.shows(words.number);
}

fn password(student: &str) -> String {
    format!("practice-{}", &student[student.len() - 4..])
}

fn member(place: &Place, student: &str) -> Value {
    let state = place.campus().get("/practice/state");
    let member = &state["members"][student];
    assert!(member.is_object(), "no member {student} in {state}");
    member.clone()
}

fn newest_code(place: &Place) -> String {
    let phone = place.campus().get("/practice/phone");
    let message = phone["messages"][0].as_str().unwrap_or_default().to_owned();
    let code = message
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 6)
        .unwrap_or_else(|| panic!("no code in {message:?}"));
    code.to_owned()
}

fn same_number_by_the_desk(words: &Words, columns: u16, rows: u16) {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13800138000" }));
    let mut desk = place.kiosk(words.lang, columns, rows);
    desk.shows(words.welcome);
    assert_eq!(desk.qr(), REGISTER);
    to_number(&mut desk, words, "20260001");
    desk.types("138 0013-8000")
        .shows("138 0013 8000")
        .types(ENTER);
    desk.shows(words.ask).types("1");
    desk.shows(words.follow);
    assert_eq!(desk.qr(), FOLLOW);
    assert_eq!(member(&place, "20260001")["mobile"], "13800138000");
    place.campus().phone("scan-follow");
    desk.shows(words.bound);
    assert_eq!(member(&place, "20260001")["status"], 1);
    desk.types(ENTER).shows(words.welcome);
    let left = desk.text();
    assert!(
        !left.contains("20260001") && !left.contains("138 0013 8000"),
        "something is left:\n{left}"
    );
}

#[test]
fn the_same_number_by_the_desk_in_chinese() {
    same_number_by_the_desk(&ZH, 80, 24);
}

#[test]
fn the_same_number_by_the_desk_in_english() {
    same_number_by_the_desk(&EN, 120, 50);
}

/// (二) with the desk's own code.
fn another_number_by_the_desk(words: &Words, columns: u16, rows: u16) {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk(words.lang, columns, rows);
    to_number(&mut desk, words, "20260002");
    desk.types("13700137000").types(ENTER);
    desk.shows(words.ask).types("2");
    desk.shows(words.follow);
    place.campus().phone("scan-follow");
    assert_eq!(
        member(&place, "20260002")["status"],
        4,
        "following does not activate"
    );
    desk.types(ENTER).shows(words.send_code).types(ENTER);
    desk.shows(words.code_sent);
    let code = newest_code(&place);
    let wrong = if code == "000000" { "111111" } else { "000000" };
    desk.types(wrong).shows("4");
    desk.types(&code).shows(words.bound);
    assert_eq!(member(&place, "20260002")["status"], 1);
    desk.types(ENTER).shows(words.welcome);
}

#[test]
fn another_number_by_the_desk_in_chinese() {
    another_number_by_the_desk(&ZH, 100, 45);
}

#[test]
fn another_number_by_the_desk_in_english() {
    another_number_by_the_desk(&EN, 80, 24);
}

/// Whether the number that the phone was given is typed at the desk too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Typed,
    PassedOver,
}

/// By the student's own phone, the same number or another: the desk coaches, the practice phone does what it says.
fn by_the_phone(words: &Words, connected: bool, other_number: Option<Telling>) {
    let place = if connected {
        Place::connected()
    } else {
        Place::guide()
    };
    let mut desk = place.kiosk(words.lang, 100, 30);
    desk.shows(words.welcome);
    assert_eq!(desk.qr(), REGISTER);
    let phone = |actions: &[&str]| {
        if connected {
            actions
                .iter()
                .for_each(|action| drop(place.campus().phone(action)));
        }
    };
    phone(&["reset", "scan-register"]);
    desk.types("s").shows("在校师生");
    phone(&["tap-role"]);
    desk.types("1").shows("统一身份认证");
    phone(&["sign-in"]);
    desk.types("1").shows("填写手机号");
    phone(&[if other_number.is_some() {
        "fill-other-number"
    } else {
        "fill-number"
    }]);
    desk.types("1")
        .shows(words.ask_by_phone)
        .types(if other_number.is_some() { "2" } else { "1" });
    phone(&["follow"]);
    desk.shows("长按并关注微信企业号").types("1");
    if let Some(telling) = other_number {
        phone(&["assistant", "assistant-verify"]);
        // The number that the phone was given may be typed here too, or one key passes it over.
        desk.shows(words.tell);
        if telling == Telling::Typed {
            desk.types("1370013 7000")
                .shows("137 0013 7000")
                .types(ENTER);
        } else {
            desk.types(ENTER);
        }
        desk.hides(words.tell).shows("关注身份验证").types("1");
        if telling == Telling::Typed {
            desk.shows(words.told).shows("[ 137 0013 7000");
        } else {
            desk.shows(words.same_again);
            assert!(!desk.text().contains(words.told), "{}", desk.text());
        }
        phone(&["assistant-number"]);
        desk.types("1");
        phone(&["assistant-code"]);
        desk.types("1").shows("关注成功").types("1");
    }
    // By the phone alone it is the student's word, on a page of its own.
    desk.shows(words.noted);
    assert!(!desk.text().contains(words.bound), "{}", desk.text());
    if connected {
        let state = place.campus().get("/practice/phone");
        let done = if other_number.is_some() {
            "verified"
        } else {
            "followed-active"
        };
        assert_eq!(state["page"], done, "{state}");
    }
    desk.types(ENTER).shows(words.welcome);
}

#[test]
fn the_same_number_by_the_phone_in_chinese() {
    by_the_phone(&ZH, true, None);
}

#[test]
fn another_number_by_the_phone_in_english() {
    by_the_phone(&EN, true, Some(Telling::PassedOver));
}

#[test]
fn another_number_by_the_phone_in_chinese_on_a_desk_without_any_api() {
    by_the_phone(&ZH, false, Some(Telling::Typed));
}

#[test]
fn the_same_number_by_the_phone_in_english_on_a_desk_without_any_api() {
    by_the_phone(&EN, false, None);
}

#[test]
fn an_account_that_is_bound_already_is_told_so() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    let state = place.campus().get("/practice/state");
    let members = state["members"].as_object().unwrap();
    let (student, _) = members
        .iter()
        .find(|(_, member)| member["status"] == 1)
        .unwrap();
    desk.shows(ZH.welcome)
        .types(ENTER)
        .shows(ZH.notice)
        .types(ENTER)
        .shows(ZH.identity);
    desk.types(student)
        .types(TAB)
        .types(&password(student))
        .types(ENTER);
    desk.shows("您已经绑定过了").types(ENTER).shows(ZH.welcome);
}

#[test]
fn the_desk_offers_the_other_case_when_a_follow_does_not_become_active() {
    let place = Place::connected();
    place.pack_section("[timing]\nfollow_patience_seconds = 2");
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk("zh-CN", 80, 24);
    to_number(&mut desk, &ZH, "20260003");
    desk.types("13700137001")
        .types(ENTER)
        .shows(ZH.ask)
        .types("33")
        .shows(ZH.follow);
    place.campus().phone("scan-follow");
    desk.shows("可能您的微信绑定的是别的手机号")
        .shows("是别的号码");
}
