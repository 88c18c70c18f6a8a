//! Canaries: a password, a code and a phone number go through a whole journey; afterwards they are searched for in every
//! file of the desk, in its log, in what it printed and in what stands on the screen.

mod support;

use std::path::Path;

use serde_json::json;
use support::kiosk::Place;
use support::{ENTER, TAB, memory};

const PASSWORD: &str = "practice-0002";
const MOBILE: &str = "13700137000";

/// Every file below a folder that holds the text, as it is or as UTF-16.
fn files_with(dir: &Path, text: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_with(&path, text, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
            if holds(text.as_bytes()) || holds(&wide) {
                found.push(path.display().to_string());
            }
        }
    }
}

#[test]
fn no_password_no_code_and_no_number_stays_behind() {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学")
        .types(ENTER)
        .shows("开始之前")
        .types(ENTER);
    desk.shows("登录统一身份认证")
        .types("20260002")
        .types(TAB)
        .pastes(PASSWORD)
        .types(ENTER);
    desk.shows("填写手机号")
        .types(MOBILE)
        .types(ENTER)
        .shows("您的微信，绑定的是")
        .types("2");
    desk.shows("用微信关注")
        .types(ENTER)
        .shows("发送验证码")
        .types(ENTER)
        .shows("验证码已发到");
    let phone = place.campus().get("/practice/phone");
    let message = phone["messages"][0].as_str().unwrap().to_owned();
    let code = message
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 6)
        .unwrap()
        .to_owned();
    desk.types(&code)
        .shows("绑定成功")
        .types(ENTER)
        .shows("欢迎新同学");
    memory::holds_none(desk.pid(), &[PASSWORD, &code]);
    desk.signal("TERM");
    desk.ends();

    // The canary sings where it is: in the campus's state, which is not the desk's.
    let mut found = Vec::new();
    files_with(&place.dir().join("campus"), MOBILE, &mut found);
    assert!(!found.is_empty(), "the search finds nothing at all");
    for (what, text) in [
        ("password", PASSWORD),
        ("code", code.as_str()),
        ("number", MOBILE),
        ("number", "137 0013 7000"),
    ] {
        let mut found = Vec::new();
        files_with(&place.store(), text, &mut found);
        assert!(found.is_empty(), "the {what} stands in {found:?}");
    }
    let printed = String::from_utf8_lossy(&desk.raw()).into_owned();
    for text in [PASSWORD, code.as_str()] {
        assert!(!printed.contains(text), "{text} was printed");
    }
    // What was printed after Done shows nothing of the student.
    let after = printed.rsplit("请让下一位同学过来").next().unwrap();
    for text in [MOBILE, "137 0013 7000", "20260002", "乌日娜"] {
        assert!(!after.contains(text), "{text} was printed after Done");
    }
}
