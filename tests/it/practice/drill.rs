//! The drill of five minutes at 80x24, as a volunteer takes it: each task is ticked off by what happened, and its end says
//! what to read again.

use std::time::Duration;

use crate::support::{ENTER, ESC, F1, F9, TAB};

use super::Practice;

/// A registration, with the phone laid down again at its end.
fn registers(practice: &mut Practice, student: &str) {
    practice.signs_in(student);
    let desk = &mut practice.desk;
    desk.shows("填写手机号").types("13800138000").types(ENTER);
    desk.shows("绑定的是这个手机号吗")
        .types("1")
        .shows("用微信关注");
    desk.types(F9).shows("关注码").types("2").shows("绑定成功");
    desk.types(ESC).hides("放下手机").types(ENTER);
}

/// A visit is put aside, and goes on by its number.
fn parks_and_takes_up(practice: &mut Practice, student: &str) {
    practice.signs_in(student);
    practice
        .desk
        .shows("填写手机号")
        .types(ESC)
        .shows("要离开吗");
    practice.desk.types("2").hides("要离开吗").shows("先放一放");
    let parked = practice.parked();
    let pickup = parked["pickup"].as_str().unwrap().to_owned();
    practice.leaves_the_number();
    practice.desk.types("p").types(&pickup).types(ENTER);
    practice.desk.shows("接着刚才的办？");
    practice.gives(student);
    practice.desk.shows("填写手机号");
}

#[test]
fn the_whole_drill_at_80x24_to_its_end() {
    let mut practice = Practice::start(&["--lang", "zh-CN", "--drill"], 80, 24);
    practice.desk.shows("五分钟演练").shows("1 办完一份登记");
    practice
        .desk
        .shows("20260001")
        .types(ENTER)
        .hides("五分钟演练");
    practice.desk.shows("演练 0/5，下一项：办完一份登记");
    registers(&mut practice, "20260001");
    practice.desk.shows("演练 1/5，下一项：放一放");
    parks_and_takes_up(&mut practice, "20260002");
    practice.desk.shows("演练 2/5，下一项：断网时看证件");
    // A ticket for the student who is there.
    practice.desk.types(F1).shows("开工单").types("\x1b[18~");
    practice
        .desk
        .shows("（0/4000）")
        .types(TAB)
        .types("手机上没有反应")
        .types(ENTER);
    practice.desk.shows("请记下续办号");
    practice.leaves_the_number();
    practice.desk.shows("演练 3/5");
    // The phone's key shows what is ticked off.
    practice.desk.types(F9).shows("放下手机").types("d");
    practice
        .desk
        .shows("4 ✓ 开一张工单")
        .shows("3 断网时看证件");
    practice.desk.types(ENTER).hides("五分钟演练");
    // The network goes, somebody is vouched for at the second number, and it comes back.
    practice.toggles("1");
    practice
        .desk
        .shows("正在模拟：断网")
        .types(ESC)
        .shows("注册码")
        .types(ESC)
        .hides("放下手机");
    practice.signs_in("20260003");
    practice.desk.shows("看过证件也能先往下办");
    practice.unlocks();
    practice
        .desk
        .types("v")
        .shows("看学生证")
        .types("20260004")
        .types(ENTER);
    practice.desk.shows("20****04").types("2");
    practice.desk.shows("查").types("20260003").types(ENTER);
    practice.desk.shows("20****03").types("1");
    practice
        .desk
        .shows("填写手机号")
        .shows("演练 3/5，下一项：断网时看证件");
    // The network that comes back ends that task and is no bad day of its own.
    practice.toggles("1");
    practice
        .desk
        .shows("现在一切正常")
        .types(ESC)
        .shows("注册码")
        .types(ESC)
        .shows("演练 4/5，下一项：最后遇上一次故障");
    // The slow day; the student is given a number.
    practice.toggles("6");
    practice
        .desk
        .shows("正在模拟：慢")
        .types(ESC)
        .shows("注册码")
        .types(ESC)
        .hides("放下手机")
        .types(ESC)
        .shows("要离开吗")
        .types("2")
        .shows("先放一放");
    practice.toggles("6");
    practice
        .desk
        .shows("演练结束")
        .shows("通过：5 件事都办成了");
    // The phone was in hand: its key does not take away what was not read.
    practice.desk.types(ESC);
    std::thread::sleep(Duration::from_millis(2200));
    practice.desk.shows("没成 1 次【请再读】");
    let told = practice.desk.squeezed();
    assert_eq!(
        told.matches("【请再读】").count(),
        2,
        "one row and its words: {told}"
    );
    practice.desk.types(ENTER).hides("演练结束");
    practice.desk.shows("一切都是模拟的");
}

#[test]
fn a_drill_that_is_ended_says_what_was_not_done() {
    let mut practice = Practice::start(&["--lang", "en"], 80, 24);
    practice.desk.shows("Welcome, new students").types(F9);
    practice.desk.shows("Practice phone").types("d");
    practice
        .desk
        .shows("The drill of five minutes")
        .shows("1 Finish a registration");
    practice
        .desk
        .types("x")
        .shows("The drill is over")
        .shows("Not passed: 0 of 5 done");
    practice.desk.shows("not done: read again");
    // What is read again is there, by Down.
    practice.desk.types("\x1b[B").shows("On Welcome press P");
    std::thread::sleep(Duration::from_millis(2200));
    practice
        .desk
        .types("d")
        .shows("The drill of five minutes")
        .shows("1 Finish a registration");
    practice
        .desk
        .types(ENTER)
        .shows("Drill 0/5, next: Finish a registration");
}
