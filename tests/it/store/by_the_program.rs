//! Who was forgotten, or is too old, stands nowhere: the built program does it, and all that its folder holds is opened and
//! searched, the logs too.

use std::fs;

use super::closed;
use super::desk::*;
use super::erased::{canary, turns};
use super::opener::{Found, Person, search, search_with};
use super::retention::day;
use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk as Kiosk, ENTER, F10, TAB};

const NUMBER: &str = "20260001";
const MOBILE: &str = "13700137001";
const NAME: &str = "陈晓雨";

fn person() -> Person {
    Person {
        number: NUMBER.to_owned(),
        words: [MOBILE, "137 0013 7001", NAME, "practice-0001"]
            .map(str::to_owned)
            .to_vec(),
    }
}

fn done(place: &Place, args: &[&str]) {
    let (code, out, why) = place.told(PIN, args);
    assert_eq!(code, 0, "{args:?}: {out}{why}");
}

/// A student who mistypes the password, signs in, gives a number, asks for a code, and is put aside; volunteers look.
fn visited(place: &Place) -> Kiosk {
    let list = place.dir().join("list.csv");
    let rows = format!("学号,姓名,手机\n{NUMBER},{NAME},{MOBILE}\n20260002,乌日娜,\n");
    fs::write(&list, rows).unwrap();
    done(place, &["roster", "import", list.to_str().unwrap()]);
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前").types(ENTER);
    desk.shows("登录统一身份认证").types(NUMBER).types(TAB);
    desk.types("wrong").types(ENTER).shows("不对");
    desk.rests();
    desk.types("practice-0001").types(ENTER);
    desk.shows("填写手机号").types(MOBILE).types(ENTER);
    desk.shows("您的微信，绑定的是").types("2");
    desk.shows("用微信关注").types(ENTER);
    desk.shows("发送验证码").types(ENTER).shows("验证码已发到");
    desk.types("000000").shows("不对");
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows("放一放")
        .clicks_on("放一放")
        .shows("请记下这个续办号");
    done(place, &["visits", "list"]);
    done(place, &["report"]);
    place.command(&["doctor"]);
    desk
}

fn is_nowhere(when: &str, found: Found) {
    assert!(found.is_nothing(), "{when}: {found:?}");
}

/// The program starts, and is stopped.
fn starts_and_stops(place: &Place) {
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.rests();
    desk.signal("TERM");
    desk.ends();
}

#[test]
fn whom_the_program_forgot_is_in_no_file_of_its_folder() {
    let place = Place::connected();
    let mut desk = visited(&place);
    desk.signal("TERM");
    desk.ends();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    let store = place.store();
    let found = search(&store, &person());
    for file in ["journal/00000001.seg", "derived/00000001/db", "roster"] {
        assert!(found.plain.contains(file), "no {file} in {found:?}");
    }
    for log in ["yingxin.log", "doctor.log"] {
        assert!(store.join(log).exists(), "no {log}");
        assert!(!found.plain.contains(log), "{found:?}");
    }
    done(&place, &["visits", "forget", NUMBER]);
    is_nowhere("while the desk runs", search(&store, &person()));
    desk.signal("TERM");
    desk.ends();
    is_nowhere("stopped", search(&store, &person()));
    done(&place, &["store", "rebuild"]);
    is_nowhere("rebuilt", search(&store, &person()));
    starts_and_stops(&place);
    is_nowhere("started again", search(&store, &person()));
    let old_key = place.dir().join("old.key");
    fs::copy(store.join("desk.key"), &old_key).unwrap();
    done(&place, &["store", "rekey"]);
    is_nowhere("by the new key", search(&store, &person()));
    is_nowhere("by the old key", search_with(&store, &old_key, &person()));
    starts_and_stops(&place);
    is_nowhere("started with it", search(&store, &person()));
    is_nowhere("the old key", search_with(&store, &old_key, &person()));
    // The next one of that number is found: nothing is blind.
    drop(visited(&place));
    assert!(!search(&store, &person()).plain.is_empty());
}

#[test]
fn what_is_too_old_for_the_program_is_in_no_file_of_its_folder() {
    let place = Place::guide();
    let store = place.store();
    day(&mut Desk::default(), &store, -88_200, turns(1, closed()));
    assert!(!search(&store, &canary()).plain.is_empty());
    place.pack_section("[retention]\ndays = 1");
    starts_and_stops(&place);
    assert!(!store.join("journal/00000001.seg").exists());
    for when in ["dropped", "rebuilt", "under another key"] {
        let found = search(&store, &canary());
        assert!(found.plain.is_empty(), "{when}: {found:?}");
        match when {
            "dropped" => done(&place, &["store", "rebuild"]),
            _ => done(&place, &["store", "rekey"]),
        }
        starts_and_stops(&place);
    }
}
