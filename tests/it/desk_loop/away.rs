//! The network goes and comes at any step, also in mid-request, and the journey goes on from there; what the campus did
//! not receive is sent when it is back; and a student who cannot sign in is vouched for.

use std::time::Duration;

use super::glass::Keys;
use super::place::{Place, follows_with_another, to_number};
use super::steps::{
    ASK, BOUND, FOLLOW, IDENTITY, NOTED, NOTICE, NUMBER, SEND, TYPE, WELCOME, a_while, leaves,
    notes_number, password, signs_in, to_identity, unlocks,
};
use super::wire::Cut;
use crate::support::clock::HeldClock;
use serde_json::json;
use yingxin::screen::UiKey;
use yingxin::store::{Enrolled, RealDisk, Store};
use yingxin::visit::{Mobile, Name, Student, StudentNumber};

const STUDENT: &str = "20260002";

/// How the cable goes: before a call is made, or while its request is on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    Before,
    During,
}

/// The cable goes at this call, which `act` makes; `told` is what the screen says then.
async fn goes_at(
    place: &Place,
    keys: &mut Keys,
    goes: Goes,
    call: &str,
    wait: &str,
    act: impl AsyncFnOnce(&mut Keys),
) {
    match goes {
        Goes::Before => {
            place.wire.goes_down();
            act(keys).await;
        }
        Goes::During => {
            place.wire.cuts(call, Cut::Held);
            act(keys).await;
            keys.shows(wait).await;
            place.wire.goes_down();
        }
    }
}

async fn to_the_follow(place: &Place, keys: &mut Keys, goes: Goes, mobile: &str, same: &str) {
    to_identity(keys).await;
    let call = "POST /cas/v1/tickets";
    goes_at(place, keys, goes, call, "正在核对身份", async |keys| {
        signs_in(keys, STUDENT).await
    })
    .await;
    keys.shows("没有回应，不是您的错").await;
    keys.hides("看过证件也能先往下办").await;
    place.wire.comes_up();
    keys.types(&password(STUDENT)).await.key(UiKey::Enter).await;
    keys.shows(NUMBER).await.hides("没有回应").await;

    let call = "POST /cgi-bin/user/update";
    goes_at(
        place,
        keys,
        goes,
        call,
        "正在登记手机号",
        async |keys| {
            keys.types(mobile).await.key(UiKey::Enter).await;
        },
    )
    .await;
    keys.shows("手机号已经记下").await;
    place.wire.comes_up();
    // By itself.
    keys.shows(ASK).await;
    assert_eq!(place.member(STUDENT).await["mobile"], json!(mobile));
    keys.types(same).await.shows(FOLLOW).await;
}

async fn by_the_same_number(goes: Goes) {
    let place = Place::new().await;
    place.wechat_is("13800138000").await;
    let run = place.desk().run(async |keys| {
        to_the_follow(&place, keys, goes, "13800138000", "1").await;
        place.wire.goes_down();
        keys.shows("暂时查不到关注情况").await;
        place.phone("scan-follow").await;
        place.wire.comes_up();
        keys.types("r").await.shows(BOUND).await;
    });
    run.await.unwrap();
    assert_eq!(place.member(STUDENT).await["status"], json!(1));
}

#[tokio::test]
async fn the_same_number_with_the_network_gone_before_each_step() {
    by_the_same_number(Goes::Before).await;
}

#[tokio::test]
async fn the_same_number_with_the_network_gone_in_each_request() {
    by_the_same_number(Goes::During).await;
}

async fn by_another_number(goes: Goes) {
    let place = Place::new().await;
    place.wechat_is("13900139000").await;
    let run = place.desk().run(async |keys| {
        to_the_follow(&place, keys, goes, "13700137000", "2").await;
        place.phone("scan-follow").await;
        // The phone's own step: the desk asks nothing here.
        place.wire.goes_down();
        keys.key(UiKey::Enter).await.shows(SEND).await;
        place.wire.comes_up();
        goes_at(
            &place,
            keys,
            goes,
            "POST /",
            "正在发送验证码",
            async |keys| {
                keys.key(UiKey::Enter).await;
            },
        )
        .await;
        keys.shows("不知道短信发出去没有").await;
        assert_eq!(place.calls("/").await, 0);
        place.wire.comes_up();
        keys.types("s")
            .await
            .shows(TYPE)
            .await
            .shows("验证码已发到")
            .await;
        let code = place.code().await;
        let call = "GET /cgi-bin/user/authsucc";
        goes_at(
            &place,
            keys,
            goes,
            call,
            "正在完成验证",
            async |keys| {
                keys.types(&code).await;
            },
        )
        .await;
        keys.shows("连上以后自己会办").await;
        place.wire.comes_up();
        keys.shows(BOUND).await;
        assert_eq!(place.calls("/").await, 1, "no other code");
    });
    run.await.unwrap();
}

#[tokio::test]
async fn another_number_with_the_network_gone_before_each_step() {
    by_another_number(Goes::Before).await;
}

#[tokio::test]
async fn another_number_with_the_network_gone_in_each_request() {
    by_another_number(Goes::During).await;
}

/// The old binding is deleted by the desk: whether it was done is not known while nothing can be asked, and it is never
/// done twice.
async fn by_unbinding(goes: Goes) {
    const OLD: &str = "20260006";
    let place = Place::new().await;
    let run = place.desk().run(async |keys| {
        keys.shows(WELCOME).await.types("c").await;
        keys.shows("您是哪种情况").await.types("2").await;
        keys.shows(NOTICE).await.key(UiKey::Enter).await;
        keys.shows("老学号绑定在哪里").await.types("2").await;
        keys.shows("请用【老学号】登录").await;
        let call = "POST /cas/v1/tickets";
        goes_at(
            &place,
            keys,
            goes,
            call,
            "正在核对身份",
            async |keys| signs_in(keys, OLD).await,
        )
        .await;
        keys.shows("没有回应，不是您的错").await;
        place.wire.comes_up();
        keys.types(&password(OLD)).await.key(UiKey::Enter).await;
        keys.shows("要删除的是").await;
        let call = "GET /cgi-bin/user/delete";
        goes_at(&place, keys, goes, call, "正在删除", async |keys| {
            keys.types("0006").await.key(UiKey::Enter).await;
        })
        .await;
        keys.shows("不知道刚才删除了没有").await;
        place.wire.comes_up();
        a_while().await;
        assert_eq!(place.calls("/cgi-bin/user/delete").await, 0, "by itself");
        assert!(place.member(OLD).await.is_object());
        keys.types("0006").await.key(UiKey::Enter).await;
        keys.shows(IDENTITY).await;
        assert_eq!(place.calls("/cgi-bin/user/delete").await, 1);
    });
    run.await.unwrap();
    assert!(place.member(OLD).await.is_null());
}

#[tokio::test]
async fn an_old_binding_with_the_network_gone_before_each_step() {
    by_unbinding(Goes::Before).await;
}

#[tokio::test]
async fn an_old_binding_with_the_network_gone_in_each_request() {
    by_unbinding(Goes::During).await;
}

/// A number is given while the directory is away, and the student leaves.
async fn leaves_with_a_number_that_waits(place: &Place, keys: &mut Keys, mobile: &str) {
    to_number(keys, STUDENT).await;
    place.wire.goes_down();
    keys.types(mobile).await.key(UiKey::Enter).await;
    keys.shows("手机号已经记下").await;
    leaves(keys).await;
    keys.shows("校园系统连上就自己办").await;
}

#[tokio::test]
async fn a_number_that_waits_is_bound_after_a_restart_with_nobody_there() {
    let place = Place::new().await;
    let run = place.desk().run(async |keys| {
        leaves_with_a_number_that_waits(&place, keys, "13700137000").await;
    });
    run.await.unwrap();
    assert!(place.member(STUDENT).await["mobile"].is_null());
    place.wire.comes_up();
    let run = place.desk().run(async |keys| {
        keys.shows(WELCOME).await;
        place.holds(STUDENT, "mobile", json!("13700137000")).await;
        assert_eq!(place.calls("/cgi-bin/user/update").await, 1);
        unlocks(keys).await;
        keys.types("w").await.shows("20****02").await;
        keys.key(UiKey::Esc).await.types("o").await;
        keys.shows("都办好了，没有等着的").await;
        keys.key(UiKey::Esc).await.key(UiKey::Esc).await;
        keys.shows(WELCOME).await;
        // Papers and PIN, and the journey goes on behind the number.
        unlocks(keys).await;
        keys.types("w")
            .await
            .key(UiKey::Enter)
            .await
            .shows(ASK)
            .await;
    });
    run.await.unwrap();
}

#[tokio::test]
async fn what_the_campus_refuses_is_in_the_tray_and_one_key_makes_a_ticket() {
    let place = Place::new().await;
    let run = place.desk().run(async |keys| {
        // Somebody else's number.
        leaves_with_a_number_that_waits(&place, keys, "13700137006").await;
        notes_number(keys).await;
        place.wire.comes_up();
        keys.shows("志愿者（1）").await;
        unlocks(keys).await;
        keys.shows("要人处理 1").await.types("o").await;
        keys.shows("20****02").await.shows("要人处理").await;
        keys.shows("60104").await.shows("换一个号码").await;
        assert!(!keys.text().contains(STUDENT) && !keys.text().contains("13700137006"));
        keys.types("t").await.shows("没有等着的").await;
        keys.key(UiKey::Esc).await;
        keys.types("k").await.shows("20****02").await;
        assert!(place.member(STUDENT).await["mobile"].is_null());
    });
    run.await.unwrap();
}

/// While something waits for a gateway that is down, the desk sleeps from try to try.
#[tokio::test]
async fn waiting_is_quiet_and_ever_quieter() {
    let (clock, place) = (HeldClock::new(), Place::new().await);
    let run = place.desk().by(&clock).run(async |keys| {
        leaves_with_a_number_that_waits(&place, keys, "13700137000").await;
        clock.advance(Duration::from_secs(2));
        keys.shows(NOTED).await;
        keys.key(UiKey::Enter).await.shows(WELCOME).await;
        let drawn = keys.frames();
        for _ in 0..60 {
            clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let frames = keys.frames() - drawn;
        assert!(frames <= 40, "{frames} frames for a few tries in a minute");
    });
    run.await.unwrap();
}

/// Without input the monitor finds out by itself that each gateway is back, and it uses no student's account to probe.
#[tokio::test]
async fn that_a_gateway_is_back_is_found_with_nobody_there() {
    let place = Place::new().await;
    place.wechat_is("13900139000").await;
    let run = place.desk().run(async |keys| {
        to_identity(keys).await;
        place.wire.goes_down();
        signs_in(keys, STUDENT).await;
        keys.shows("没有回应，不是您的错").await;
        keys.shows("认证系统暂时用不了").await;
        place.wire.comes_up();
        keys.hides("认证系统暂时用不了").await;
        assert_eq!(place.calls("/cas/v1/tickets").await, 0, "nobody signed in");
        keys.types(&password(STUDENT)).await.key(UiKey::Enter).await;
        keys.shows(NUMBER).await.types("13700137000").await;
        keys.key(UiKey::Enter).await;
        follows_with_another(&place, keys).await;
        place.wire.goes_down();
        keys.key(UiKey::Enter)
            .await
            .shows("不知道短信发出去没有")
            .await;
        unlocks(keys).await;
        keys.shows("断开").await;
        place.wire.comes_up();
        keys.hides("断开").await;
        assert_eq!(place.calls("/").await, 0, "no message");
    });
    run.await.unwrap();
}

fn listed(number: &str, name: &str) -> Enrolled {
    Enrolled {
        student: Student {
            number: StudentNumber::from_campus(number),
            name: Name::new(name),
        },
        mobile: Mobile::parse("13800138000").ok(),
    }
}

/// Two people are imported.
fn imports(place: &Place) {
    let store = yingxin::store::Location::new(place.path().join("store"));
    let roster = Store::make_roster(&store, &jiff::tz::TimeZone::UTC).unwrap();
    let people = [listed(STUDENT, "乌日娜"), listed("20260003", "巴雅尔图")];
    roster.replace(&RealDisk, &people).unwrap();
}

/// The pack takes it: the number waits for the campus and is bound by itself, without a sign-in.
#[tokio::test]
async fn where_the_campus_takes_a_volunteers_word_the_bind_waits_in_the_outbox() {
    let place = Place::new().await;
    imports(&place);
    let desk = place.desk().where_vouching_binds();
    let run = desk.run(async |keys| {
        to_identity(keys).await;
        place.wire.goes_down();
        signs_in(keys, STUDENT).await;
        keys.shows("看过证件也能先往下办").await;
        unlocks(keys).await;
        keys.types("v")
            .await
            .shows("看学生证")
            .await
            .types(STUDENT)
            .await;
        keys.key(UiKey::Enter)
            .await
            .shows("校园系统连上就绑定")
            .await;
        keys.types("1").await.shows(NUMBER).await;
        keys.types("13700137000").await.key(UiKey::Enter).await;
        keys.shows("手机号已经记下").await;
        leaves(keys).await;
        place.wire.comes_up();
        place.holds(STUDENT, "mobile", json!("13700137000")).await;
        assert_eq!(place.calls("/cas/v1/tickets").await, 0);
    });
    run.await.unwrap();
}

#[tokio::test]
async fn whoever_cannot_sign_in_is_vouched_for_and_bound_after_a_sign_in() {
    let place = Place::new().await;
    imports(&place);
    let run = place.desk().run(async |keys| {
        to_identity(keys).await;
        place.wire.goes_down();
        signs_in(keys, STUDENT).await;
        keys.shows("看过证件也能先往下办").await;
        unlocks(keys).await;
        keys.types("v").await.shows("看学生证").await;
        keys.types("20269999").await.key(UiKey::Enter).await;
        keys.shows("名单里没有这个学号").await;
        keys.key(UiKey::ClearField).await.types(STUDENT).await;
        keys.key(UiKey::Enter)
            .await
            .shows("乌日娜")
            .await
            .shows("20****02")
            .await;
        // Enter again does not vouch.
        keys.key(UiKey::Enter).await.shows("1. 核对过了").await;
        keys.types("1").await.shows(NUMBER).await;
        assert!(!keys.text().contains("乌日娜"), "{}", keys.text());
        keys.shows("回来登录一次以后才绑定").await;
        keys.types("13700137000").await.key(UiKey::Enter).await;
        keys.shows("手机号已经记下").await.shows("登录一次").await;
        notes_number(keys).await;
        place.wire.comes_up();
        a_while().await;
        assert_eq!(
            place.calls("/cgi-bin/user/update").await,
            0,
            "not on that word"
        );
        unlocks(keys).await;
        keys.types("w").await.shows("20****02").await;
        let pickup = pickup_in(&keys.text());
        keys.key(UiKey::Esc).await.key(UiKey::Esc).await;
        keys.hides("等着的人").await;
        // If another member holds the number, the page says so; the student signs in, and the bind is sent by itself.
        keys.types("p")
            .await
            .shows("一共七位数字")
            .await
            .types(&pickup)
            .await;
        keys.key(UiKey::Enter).await.shows("接着刚才的办").await;
        signs_in(keys, "20260003").await;
        keys.shows("不是同一位同学").await;
        keys.key(UiKey::BackTab).await.key(UiKey::ClearField).await;
        signs_in(keys, STUDENT).await;
        keys.shows(ASK).await;
        assert_eq!(place.calls("/cgi-bin/user/update").await, 1);
    });
    run.await.unwrap();
    assert_eq!(place.member(STUDENT).await["mobile"], json!("13700137000"));
}

/// The pickup number in the volunteer's list.
fn pickup_in(text: &str) -> String {
    let line = text.lines().find(|line| line.contains("20****02")).unwrap();
    let is_pickup =
        |word: &&str| word.len() == 8 && word.starts_with("001-") && !word.contains('*');
    line.split(' ').find(is_pickup).unwrap().to_owned()
}
