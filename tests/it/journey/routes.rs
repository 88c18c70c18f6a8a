//! The guide's cases, row by row, in a terminal: the keys that a student gives, and what the desk shows for each. By the
//! student's own phone on a desk without any API, where nothing else is said.

use super::*;
use crate::support::{ESC, F4};

/// What is shown, and the keys that are given then.
type Part = &'static [(&'static str, &'static str)];

fn goes(lang: &str, parts: &[Part]) {
    let words = if lang == "en" { EN } else { ZH };
    let place = Place::guide();
    let mut desk = place.kiosk(lang, 100, 45);
    desk.shows(words.welcome);
    for (shown, keys) in parts.iter().copied().flatten() {
        desk.shows(shown).types(keys);
    }
    desk.shows(words.noted).types(ENTER).shows(words.welcome);
}

macro_rules! rows {
    ($($name:ident: $lang:literal, [$($part:expr),* $(,)?];)*) => {
        $(#[test]
        fn $name() {
            goes($lang, &[$($part),*]);
        })*
    };
}

const SCANNED: Part = &[("我扫好了", "s")];
const NEW_NUMBER: Part = &[("换学号或教工", "c"), ("您是哪种情况", "2")];
const STAFF: Part = &[("换学号或教工", "c"), ("您是哪种情况", "3")];
const IN_WECHAT: Part = &[("老学号绑定在哪里", "1")];
const IN_THE_APP: Part = &[("老学号绑定在哪里", "2"), ("我的工作台", "1")];

const IPHONE: Part = &[("您的手机是哪一种", "1")];
const CACHE_IOS: Part = &[
    ("再点【设置】", "1"),
    ("点【通用】", "1"),
    ("千万不要点下面的【清空聊天记录】", "1"),
    ("清理【缓存】", "1"),
];
const CACHE_ANDROID: Part = &[
    ("然后点【通用】", "1"),
    ("点最下面的", "1"),
    ("缓存就清除了", "1"),
];
const UNBIND_IN_WECHAT: Part = &[("在学校的企业号里", "1")];
const UNBIND: Part = &[("按手机上的提示", "1"), ("老学号解绑好了", "1")];
const HOLD: Part = &[("先不要扫注册二维码", "1")];
const TAKE_THE_APP: Part = &[("接下来用哪个绑定", "1")];
const TAKE_WECHAT: Part = &[("接下来用哪个绑定", "2")];
const GET_APP: Part = &[("在应用商城里搜【企业微信】", "1")];
const APP_BY_WECHAT: Part = &[("点【微信登录】", "1")];
const APP: Part = &[
    ("扫这个注册二维码", "1"),
    ("点【在校师生】", "1"),
    ("用户名填学号", "1"),
    ("看到完成就好了", "1"),
];
const LOOK: Part = &[("先什么都不要", "1")];
const IS_CLEARED: Part = &[("看一看，点", "1")];
const IS_NOT: Part = &[("看一看，点", "2")];
const SIGN_OUT: Part = &[
    ("您能再登录回来吗", "1"),
    ("翻到最下面", "1"),
    ("把手机关机", "1"),
];
const SCAN: Part = &[("扫好了，要我选身份", "1")];
const ROLE: Part = &[("点【在校师生】", "1")];
const LOGIN: Part = &[("用户名填学号", "1")];
const NUMBER: Part = &[("点【填写手机号】", "1")];
const SAME: Part = &[("刚才在手机上填的那个号码", "1"), ("长按二维码", "1")];
const OTHER: Part = &[("刚才在手机上填的那个号码", "2"), ("长按二维码", "1")];
const ASSISTANT: Part = &[
    // The number may be typed here too; these students pass it over.
    ("要把号码放大显示吗", ENTER),
    ("选【关注身份验证】", "1"),
    ("填和前面一样的手机号", "1"),
    ("把短信里的验证码填进去", "1"),
    ("就办好了", "1"),
];

rows! {
    // First time, and what the number is.
    first_time_the_same_number: "zh-CN", [SCANNED, ROLE, LOGIN, NUMBER, SAME];
    first_time_another_number: "zh-CN", [SCANNED, ROLE, LOGIN, NUMBER, OTHER, ASSISTANT];
    first_time_not_sure_which_number: "zh-CN", [
        SCANNED, ROLE, LOGIN, NUMBER,
        &[("刚才在手机上填的那个号码", "3"), ("帐号与安全 > 手机号", "3"), ("长按二维码", "2")],
        &[("后面还要验证一次", "1")], ASSISTANT,
    ];
    first_time_and_not_sure_of_that: "zh-CN", [
        &[("换学号或教工", "c"), ("您是哪种情况", "4"), ("以前用别的学号", "4")], SCAN, ROLE, LOGIN, NUMBER, SAME,
    ];

    // Another student number, the old one in WeChat, and the app after it: by each kind of phone.
    from_wechat_to_the_app_on_an_iphone: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_THE_APP,
        GET_APP, APP_BY_WECHAT, APP,
    ];
    from_wechat_to_the_app_on_android: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, &[("您的手机是哪一种", "2")], CACHE_ANDROID, UNBIND_IN_WECHAT, UNBIND,
        HOLD, TAKE_THE_APP, GET_APP, APP_BY_WECHAT, APP,
    ];
    from_wechat_to_the_app_on_harmony: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, &[("您的手机是哪一种", "3"), ("鸿蒙上的路径", "2")], UNBIND_IN_WECHAT,
        UNBIND, HOLD, TAKE_THE_APP, GET_APP, APP_BY_WECHAT, APP,
    ];
    from_somewhere_to_the_app_on_some_phone: "zh-CN", [
        NEW_NUMBER, &[("老学号绑定在哪里", "3"), ("微信通讯录里", "3")],
        &[("您的手机是哪一种", "4"), ("看一看手机背面", "4")], CACHE_ANDROID, UNBIND_IN_WECHAT, UNBIND,
        HOLD, TAKE_THE_APP, GET_APP, APP_BY_WECHAT, APP,
    ];

    // WeChat again: the cache is cleared, or it is not.
    wechat_again_the_same_number: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_CLEARED, LOGIN, NUMBER, SAME,
    ];
    wechat_again_another_number: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_CLEARED, LOGIN, NUMBER, OTHER, ASSISTANT,
    ];
    wechat_not_cleared_and_no_sign_out: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_NOT, &[("您能再登录回来吗", "2")], GET_APP, APP_BY_WECHAT, APP,
    ];
    wechat_not_cleared_and_not_sure_to_sign_in_again: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_NOT, &[("您能再登录回来吗", "3"), ("还记得微信密码", "3")], GET_APP,
        APP_BY_WECHAT, APP,
    ];
    wechat_cleared_by_a_sign_out: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_NOT, SIGN_OUT, LOOK, IS_CLEARED, LOGIN, NUMBER, SAME,
    ];
    wechat_not_cleared_by_a_sign_out_either: "zh-CN", [
        NEW_NUMBER, IN_WECHAT, IPHONE, CACHE_IOS, UNBIND_IN_WECHAT, UNBIND, HOLD, TAKE_WECHAT,
        CACHE_IOS, LOOK, IS_NOT, SIGN_OUT, LOOK, IS_NOT, GET_APP, APP_BY_WECHAT, APP,
    ];

    // The old number in the app, and WeChat after it.
    from_the_app_to_wechat_the_same_number: "zh-CN", [
        NEW_NUMBER, IN_THE_APP, UNBIND, SCAN, ROLE, LOGIN, NUMBER, SAME,
    ];
    from_the_app_to_wechat_another_number: "zh-CN", [
        NEW_NUMBER, IN_THE_APP, UNBIND, SCAN, ROLE, LOGIN, NUMBER, OTHER, ASSISTANT,
    ];

    // Staff who also study here.
    staff_bound_in_wechat: "zh-CN", [
        STAFF, &[("职工号绑定在微信里吗", "1")], GET_APP, &[("不能用绑定职工号的", "1")],
        &[("扫这个注册二维码", "1"), ("点【在校师生】", "1"), ("用学号登录，不是", "1"), ("看到完成就好了", "1")],
    ];
    staff_not_sure_where_they_are_bound: "zh-CN", [
        STAFF, &[("职工号绑定在微信里吗", "3"), ("有没有学校的企业号", "3")], GET_APP,
        &[("不能用绑定职工号的", "1"), ("扫这个注册二维码", "1"), ("点【在校师生】", "1")],
        &[("用学号登录，不是", "1"), ("看到完成就好了", "1")],
    ];
    staff_not_bound_in_wechat_the_same_number: "zh-CN", [
        STAFF, &[("职工号绑定在微信里吗", "2")], SCAN, ROLE, LOGIN, NUMBER, SAME,
    ];
    staff_not_bound_in_wechat_another_number: "zh-CN", [
        STAFF, &[("职工号绑定在微信里吗", "2")], SCAN, ROLE, LOGIN, NUMBER, OTHER, ASSISTANT,
    ];

    // In English.
    staff_in_english: "en", [
        &[("New student ID/staff", "c"), ("Which of these are you", "3"), ("staff number", "1")],
        &[("Search for 企业微信", "1"), ("Not the number that", "1"), ("Scan this registration code", "1")],
        &[("Tap 在校师生", "1"), ("Sign in with the STUDENT", "1"), ("Fill in the number and tap", "1")],
    ];
    signed_out_in_english_on_android: "en", [
        &[("New student ID/staff", "c"), ("Which of these are you", "2"), ("Where is the old", "1")],
        &[("What kind of phone is it", "2"), ("Open WeChat, tap", "1"), ("at the bottom", "1"), ("Wait until it has loaded", "1")],
        &[("Open 微校园助手", "1"), ("Follow what the phone says", "1"), ("The old number is unbound", "1")],
        &[("You have just unbound", "1"), ("What will you bind with", "2")],
        &[("Open WeChat, tap", "1"), ("at the bottom", "1"), ("Wait until it has loaded", "1")],
        &[("Fill nothing in yet", "1"), ("See which page came", "2"), ("Could you sign in to WeChat again", "1")],
        &[("退出 on Android", "1"), ("Switch the phone off", "1"), ("Fill nothing in yet", "1")],
        &[("See which page came", "1"), ("User name: your student", "1"), ("Tap 填写手机号", "1")],
        &[("number you have just typed", "2"), ("Press and hold", "1"), ("Shall your number be shown large", ENTER), ("Open 微校园助手 and choose", "1")],
        &[("Type the same number", "1"), ("Type the code", "1"), ("you are done", "1")],
    ];
}

#[test]
fn a_familys_phone_that_is_not_here_is_waited_for_elsewhere() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    for (shown, keys) in [
        ("换学号或教工", "c"),
        ("您是哪种情况", "3"),
        ("职工号绑定在微信里吗", "1"),
        ("在应用商城里搜", "1"),
        ("那部手机不在身边", "2"),
    ] {
        desk.shows(shown).types(keys);
    }
    desk.shows("请记下这个续办号");
}

/// By the phone's word. What is bound may be the old number: then it is unbound first.
#[test]
fn bound_already_by_the_phones_word() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("我扫好了").types("s").shows("点【在校师生】");
    desk.types("3").shows("手机说已经绑定").types(ENTER);
    desk.shows(ZH.welcome)
        .types("s")
        .shows("点【在校师生】")
        .types("3");
    desk.shows("这是老学号").types("o");
    desk.shows("老学号绑定在哪里").types("2");
    desk.shows("我的工作台");
}

#[test]
fn a_forgotten_password_has_the_hotline_and_the_digit_of_the_campus() {
    for (lang, [welcome, forgot, west, call]) in [
        ("zh-CN", ["我扫好了", "密码不对", "西校区", "接通后按 2"]),
        (
            "en",
            ["I have scanned", "The password is wrong", "West", "press 2"],
        ),
    ] {
        let place = Place::guide();
        place.pack_section(
            "[hotline]\nnumber = \"6576286\"\narea_code = \"0000\"\ncampuses = [\n\
             { digit = \"1\", name = { zh-CN = \"东校区\", en = \"East\" } },\n\
             { digit = \"2\", name = { zh-CN = \"西校区\", en = \"West\" } },\n]",
        );
        let mut desk = place.kiosk(lang, 80, 24);
        desk.shows(welcome).types("s").shows("在校师生");
        desk.types("1").shows(forgot).types("2").shows("F4");
        desk.types(F4).shows(west).types("2").shows(call);
    }
}

/// Unbound by the desk, held back, and the app after WeChat.
#[test]
fn unbound_by_the_desk_and_the_app_after_wechat() {
    let place = Place::connected();
    let mut desk = place.kiosk("zh-CN", 100, 45);
    desk.shows(ZH.welcome);
    for (shown, keys) in NEW_NUMBER {
        desk.shows(shown).types(keys);
    }
    desk.shows(ZH.notice).types(ENTER);
    for (shown, keys) in [IN_WECHAT, IPHONE, CACHE_IOS].into_iter().flatten() {
        desk.shows(shown).types(keys);
    }
    desk.shows("请用【老学号】登录")
        .types("20260006")
        .types(TAB)
        .types(&password("20260006"))
        .types(ENTER);
    desk.shows("要删除的是").types("0006").types(ENTER);
    desk.shows("先不要绑定").shows("先不要扫注册二维码");
    let state = place.campus().get("/practice/state");
    assert!(!state["members"]["20260006"].is_object(), "{state}");
    // What is deleted is not taken back.
    desk.types(ESC)
        .shows("要离开吗")
        .types(ESC)
        .hides("要离开吗");
    desk.shows("先不要扫注册二维码").types("1");
    desk.shows("接下来用哪个绑定").shows("推荐").types("1");
    for (shown, keys) in [GET_APP, APP_BY_WECHAT, APP].into_iter().flatten() {
        desk.shows(shown).types(keys);
    }
    desk.shows(ZH.noted);
}
