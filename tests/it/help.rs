//! Help in a real terminal: the first letters of pinyin find the question, at any moment, and nothing of the visit is
//! lost by looking.

use crate::support::kiosk::Place;
use crate::support::{ENTER, ESC, F1, F2};

#[test]
fn first_letters_find_the_cache() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("欢迎新同学").types(F1);
    desk.shows("打字查找").types("qchc");
    desk.shows("1. 怎样清除缓存").types(ENTER);
    desk.shows("千万不要点【清空聊天记录】");
    desk.types(ESC).shows("1. 怎样清除缓存");
    // What was found stays found in the other language.
    desk.types(F2).shows("1. How to clear the cache");
    desk.types(F2).types(ESC).shows("欢迎新同学");
    desk.hides("qchc");
}

#[test]
fn it_opens_where_the_student_stands_and_leaves_what_is_typed() {
    let place = Place::connected();
    let mut desk = place.kiosk("en", 100, 45);
    desk.shows("Welcome, new students").types(ENTER);
    desk.shows("Before we begin").types(ENTER);
    desk.shows("Sign in with your unified identity")
        .types("20260001");
    desk.types(F1).shows("I forgot the password");
    desk.types(ESC).shows("Your steps").types("1");
    desk.shows("steps left");
    desk.types(ENTER).shows("20260001");
}
