//! What people do at a desk, and what they read there: said once for all tests of the loop.

use std::time::Duration;

use yingxin::screen::UiKey;

use super::glass::{self, Keys, squeezed};

pub const WELCOME: &str = "欢迎新同学";
pub const NOTICE: &str = "开始之前，请您知道";
pub const IDENTITY: &str = "登录统一身份认证";
pub const NUMBER: &str = "填写手机号";
pub const ASK: &str = "绑定的是这个手机号吗";
pub const FOLLOW: &str = "用微信关注";
pub const SEND: &str = "发送验证码";
pub const TYPE: &str = "输完自动提交";
pub const BOUND: &str = "绑定成功";
pub const OFFERED: &str = "接着刚才的办？";
/// The pickup number has stood there long enough to take Enter.
pub const NOTED: &str = "记好了 ] <";
/// The store does not keep anything now.
pub const NOT_KEPT: &str = "存不了数据";

/// Long enough for the desk to do something by itself that it should not.
pub async fn a_while() {
    tokio::time::sleep(Duration::from_millis(700)).await;
}

/// The desk is left to itself, and hardly draws: since then it drew no more than a few frames.
pub async fn is_quiet_since(keys: &Keys, drawn: usize) {
    a_while().await;
    let frames = keys.frames() - drawn;
    assert!(frames < 10, "{frames} frames at rest");
}

pub fn password(student: &str) -> String {
    format!("practice-{}", &student[student.len() - 4..])
}

pub async fn to_identity(keys: &mut Keys) {
    keys.shows(WELCOME).await.key(UiKey::Enter).await;
    keys.shows(NOTICE).await.key(UiKey::Enter).await;
    keys.shows(IDENTITY).await;
}

pub async fn signs_in(keys: &mut Keys, student: &str) {
    keys.types(student).await.key(UiKey::Tab).await;
    keys.types(&password(student)).await.key(UiKey::Enter).await;
}

pub async fn gives_number(keys: &mut Keys) {
    keys.types("13800138000").await.key(UiKey::Enter).await;
}

/// The student leaves, and the number to come back with is shown.
pub async fn leaves(keys: &mut Keys) {
    keys.key(UiKey::Esc).await.shows("要离开吗").await;
    keys.types("2").await.shows("先放一放，回头再来").await;
}

/// The number that is shown is noted, and the desk is free for the next student.
pub async fn notes_number(keys: &mut Keys) {
    keys.shows("请记下这个续办号").await.shows(NOTED).await;
    keys.key(UiKey::Enter).await.shows(WELCOME).await;
}

pub async fn unlocks(keys: &mut Keys) {
    keys.key(UiKey::Volunteer).await.shows("志愿者 ─").await;
    // The PIN may have been given a moment ago.
    if squeezed(&keys.text()).contains("请输入PIN") {
        keys.types(glass::PIN).await.key(UiKey::Enter).await;
    }
    keys.shows("等着的人").await;
}

/// A volunteer takes the next student: the one at the desk waits, under a number.
pub async fn waits(keys: &mut Keys) {
    unlocks(keys).await;
    keys.types("n").await;
    notes_number(keys).await;
}

/// A volunteer takes up the last one of those who wait.
pub async fn takes_up_the_last(keys: &mut Keys) {
    unlocks(keys).await;
    keys.types("w").await.key(UiKey::End).await;
    keys.key(UiKey::Enter).await;
}

/// Asks again and again until the page shows it: the store has to find out by itself that it can be written to.
pub async fn asks_until(keys: &mut Keys, shown: &str, ask: impl AsyncFn(&mut Keys)) {
    let end = tokio::time::Instant::now() + glass::PATIENCE;
    let shown = squeezed(shown);
    while !squeezed(&keys.text()).contains(&shown) {
        assert!(tokio::time::Instant::now() < end, "{}", keys.text());
        ask(keys).await;
        a_while().await;
        keys.hides("正在").await;
    }
}
