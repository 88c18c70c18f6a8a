//! Never twice: every effect, its wire cut before the request, in it, after it and in mid-answer. What reached the campus
//! is counted by the campus; what is done again is done by its rule or by a person.

use super::glass::Keys;
use super::place::{Place, follows_with_another, to_number};
use super::steps::{
    ASK, BOUND, IDENTITY, NOTICE, NUMBER, TYPE, WELCOME, a_while, password, signs_in,
};
use super::wire::Cut;
use serde_json::json;
use yingxin::screen::UiKey;

/// Bound already; its binding is deleted.
const OLD: &str = "20260006";
/// Not provisioned yet: the member is created.
const NEW: &str = "20260007";

const SIGN_IN: &str = "/cas/v1/tickets";
const FIND: &str = "/cgi-bin/user/get";
const UPDATE: &str = "/cgi-bin/user/update";
const CREATE: &str = "/cgi-bin/user/create";
const DELETE: &str = "/cgi-bin/user/delete";
const CONFIRM: &str = "/cgi-bin/user/authsucc";
const SMS: &str = "/";

/// How often the campus got it: once where the cut let it through.
fn once(cut: Cut) -> u64 {
    u64::from(cut.reaches())
}

async fn signs_in_as_the_old_one(place: &Place, keys: &mut Keys, cut: Cut) {
    keys.shows(WELCOME).await.types("c").await;
    keys.shows("您是哪种情况").await.types("2").await;
    keys.shows(NOTICE).await.key(UiKey::Enter).await;
    keys.shows("老学号绑定在哪里").await.types("2").await;
    keys.shows("请用【老学号】登录").await;
    place.wire.cuts(&format!("POST {SIGN_IN}"), cut);
    signs_in(keys, OLD).await;
    keys.shows("没有回应，不是您的错").await;
    a_while().await;
    assert_eq!(
        place.calls(SIGN_IN).await,
        once(cut),
        "a password sent twice"
    );
    keys.types(&password(OLD)).await.key(UiKey::Enter).await;
    keys.shows("要删除的是").await;
    assert_eq!(place.calls(SIGN_IN).await, once(cut) + 1);
}

async fn unbinds(place: &Place, keys: &mut Keys, cut: Cut) {
    place.wire.cuts(&format!("GET {DELETE}"), cut);
    keys.types("0006").await.key(UiKey::Enter).await;
    if cut.reaches() {
        // It is gone: the desk looks, and says so.
        keys.shows(IDENTITY).await;
    } else {
        keys.shows("不知道刚才删除了没有").await;
        a_while().await;
        assert_eq!(place.calls(DELETE).await, 0, "deleted by itself");
        assert!(place.member(OLD).await.is_object());
        keys.types("0006").await.key(UiKey::Enter).await;
        keys.shows(IDENTITY).await;
    }
    assert_eq!(place.calls(DELETE).await, 1);
    assert!(place.member(OLD).await.is_null());
}

/// The lookup of the member right after the sign-in fails, and blocks no step.
async fn is_looked_up(place: &Place, keys: &mut Keys, cut: Cut) {
    let before = place.calls(FIND).await;
    place.wire.cuts(&format!("GET {FIND}"), cut);
    signs_in(keys, NEW).await;
    keys.shows(NUMBER).await;
    a_while().await;
    assert_eq!(
        place.calls(FIND).await,
        before + once(cut),
        "looked at twice"
    );
}

async fn gives_number(place: &Place, keys: &mut Keys, cut: Cut) {
    place.wechat_is("13900139000").await;
    place.wire.cuts(&format!("POST {CREATE}"), cut);
    keys.types("13700137000").await.key(UiKey::Enter).await;
    // No key: it waits, and is done by itself.
    keys.shows("手机号已经记下").await;
    keys.shows(ASK).await;
    assert_eq!(place.calls(CREATE).await, 1, "created twice, or never");
    assert_eq!(place.member(NEW).await["mobile"], json!("13700137000"));
}

async fn gets_code(place: &Place, keys: &mut Keys, cut: Cut) {
    follows_with_another(place, keys).await;
    place.wire.cuts(&format!("POST {SMS}"), cut);
    keys.key(UiKey::Enter).await;
    keys.shows("不知道短信发出去没有").await;
    a_while().await;
    assert_eq!(place.calls(SMS).await, once(cut), "sent by itself");
    if !cut.reaches() {
        keys.types("s").await.shows(TYPE).await;
        keys.hides("正在发送").await.shows("验证码已发到").await;
    }
    assert_eq!(place.calls(SMS).await, 1);
}

async fn is_confirmed(place: &Place, keys: &mut Keys, cut: Cut) {
    let code = place.code().await;
    place.wire.cuts(&format!("GET {CONFIRM}"), cut);
    keys.types(&code).await;
    // No key: confirming again is harmless.
    keys.shows(BOUND).await;
    assert_eq!(place.calls(CONFIRM).await, once(cut) + 1);
    assert_eq!(place.calls(SMS).await, 1, "no other code");
}

async fn every_effect_is_cut(cut: Cut) {
    let place = Place::new().await;
    place
        .desk()
        .run(async |keys| {
            signs_in_as_the_old_one(&place, keys, cut).await;
            unbinds(&place, keys, cut).await;
            is_looked_up(&place, keys, cut).await;
            gives_number(&place, keys, cut).await;
            gets_code(&place, keys, cut).await;
            is_confirmed(&place, keys, cut).await;
            assert!(place.wire.met_all(), "a cut that was never met");
            assert_eq!(place.calls(DELETE).await, 1);
            assert_eq!(place.calls(CREATE).await, 1);
        })
        .await
        .unwrap();
}

/// A member that is there: setting the same number again changes nothing, and reads before and after.
#[tokio::test]
async fn the_same_number_is_set_wherever_the_wire_is_cut() {
    for cut in Cut::ALL {
        let place = Place::new().await;
        let desk = place.desk();
        let run = desk.run(async |keys| {
            to_number(keys, "20260002").await;
            place.wire.cuts(&format!("POST {UPDATE}"), cut);
            keys.types("13700137000").await.key(UiKey::Enter).await;
            keys.shows("手机号已经记下").await.shows(ASK).await;
            // An app's secret is not shown the number: the same is set once more where the answer was lost, and no more.
            assert_eq!(place.calls(UPDATE).await, once(cut) + 1, "{cut:?}");
            assert!(place.wire.met_all());
        });
        run.await.unwrap();
        let member = place.member("20260002").await;
        assert_eq!(member["mobile"], json!("13700137000"));
    }
}

#[tokio::test]
async fn before_the_request() {
    every_effect_is_cut(Cut::BeforeRequest).await;
}

#[tokio::test]
async fn in_the_request() {
    every_effect_is_cut(Cut::InRequest).await;
}

#[tokio::test]
async fn after_the_request() {
    every_effect_is_cut(Cut::AfterRequest).await;
}

#[tokio::test]
async fn in_mid_answer() {
    every_effect_is_cut(Cut::InAnswer).await;
}
