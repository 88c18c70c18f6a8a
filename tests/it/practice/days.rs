//! Bad days: each is set on the practice phone, takes effect at once, is shown as on, and can be taken back.

use crate::support::{ENTER, ESC, F2, F9};

use super::Practice;

/// Each with its key, its short words and what the desk says then.
fn set(practice: &mut Practice, key: &str, short: &str) {
    practice.toggles(key);
    practice.desk.shows(&format!("正在模拟：{short}"));
    practice.desk.types(ESC).shows("注册码").types(ESC);
    // It is seen without the phone too.
    practice
        .desk
        .hides("放下手机")
        .shows(&format!("正在模拟：{short}"));
}

fn take_back(practice: &mut Practice, key: &str) {
    practice.toggles(key);
    practice.desk.shows("现在一切正常").types(ESC);
    practice.desk.shows("注册码").types(ESC);
    practice.desk.shows("一切都是模拟的");
}

#[test]
fn no_network_reaches_the_desk_and_is_taken_back() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 80, 24);
    practice.desk.shows("欢迎新同学");
    set(&mut practice, "1", "断网");
    practice.signs_in("20260001");
    practice.desk.shows("看过证件也能先往下办");
    take_back(&mut practice, "1");
    // The number still stands there.
    practice
        .desk
        .types("practice-0001")
        .types(ENTER)
        .shows("填写手机号");
}

#[test]
fn a_locked_account_and_a_number_that_is_taken() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 80, 24);
    practice.desk.shows("欢迎新同学");
    set(&mut practice, "3", "锁账号");
    practice.signs_in("20260001");
    practice.desk.shows("锁定");
    take_back(&mut practice, "3");
    set(&mut practice, "4", "占号码");
    practice.desk.types("practice-0001").types(ENTER);
    practice
        .desk
        .shows("填写手机号")
        .types("13800138000")
        .types(ENTER);
    practice.desk.shows("已经绑定在别的账号上");
    practice.desk.types("c").types("13700137000").types(ENTER);
    practice.desk.shows("绑定的是这个手机号吗");
}

#[test]
fn a_follow_that_is_not_seen_until_the_day_is_good_again() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 80, 24);
    practice.desk.shows("欢迎新同学");
    set(&mut practice, "5", "看不到关注");
    practice.signs_in("20260001");
    let desk = &mut practice.desk;
    desk.shows("填写手机号").types("13800138000").types(ENTER);
    desk.shows("绑定的是这个手机号吗")
        .types("1")
        .shows("用微信关注");
    desk.types(F9)
        .shows("微信首页")
        .types("2")
        .shows("已激活")
        .types(ESC);
    desk.hides("放下手机").types(ENTER).shows("还没有看到");
    practice.toggles("5");
    practice.desk.shows("绑定成功");
}

#[test]
fn no_message_arrives_and_a_slow_campus_is_waited_for() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 80, 24);
    practice.desk.shows("欢迎新同学");
    set(&mut practice, "6", "慢");
    practice.signs_in("20260001");
    practice.desk.shows("最多").shows("填写手机号");
    take_back(&mut practice, "6");
    set(&mut practice, "2", "无短信");
    let desk = &mut practice.desk;
    desk.types("13700137000").types(ENTER);
    desk.shows("绑定的是这个手机号吗")
        .types("2")
        .shows("用微信关注");
    desk.types(F9)
        .shows("微信首页")
        .types("2")
        .shows("还需身份验证");
    // On the phone: the assistant sends its code, and none comes.
    desk.types("1").shows("微校园助手（对话与菜单）").types("1");
    desk.shows("关注身份验证：填写手机号").types("1");
    desk.shows("验证码已发送到该手机号")
        .types("1")
        .shows("还没有短信");
}

#[test]
fn the_menu_is_in_both_languages() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 80, 24);
    practice.desk.shows("欢迎新同学").types(F9).shows("B 故障");
    practice.desk.types("b").shows("断网").shows("看不到关注");
    practice.desk.types(F2).shows("no network").shows("unseen");
    practice
        .desk
        .types("6")
        .shows("Going wrong on purpose: slow");
}
