//! The power is cut (SIGKILL) at random moments of a journey; every step that the screen acknowledged is kept, the
//! student goes on at the same step after a sign-in, and no message is sent by itself.

use std::time::{Duration, Instant};

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, F10, TAB, squeezed};
use serde_json::json;

const STUDENT: &str = "20260002";
const PASSWORD: &str = "practice-0002";

/// The screens of (二) by the desk in order: what each shows, and the keys that lead on. From `FIRST_KEPT` on,
/// something of the student's is kept.
const SCREENS: [(&str, &str); 8] = [
    ("欢迎新同学", ENTER),
    ("开始之前，请您知道", ENTER),
    ("登录统一身份认证", "20260002\tpractice-0002\r"),
    ("填写手机号", "13700137000\r"),
    ("您的微信，绑定的是这个手机号吗？", "2"),
    ("用微信关注", ENTER),
    ("发送验证码", ENTER),
    ("输完自动提交", ""),
];
const FIRST_KEPT: usize = 3;

/// Goes through the journey to a screen, gives its keys, and lets a moment pass; gives the last screen that was seen. It
/// is the screens that are waited for and not the clock, so that a busy machine is killed at the same places.
fn go_to(desk: &mut Desk, stage: usize, moment: Duration) -> usize {
    for (text, keys) in &SCREENS[..=stage] {
        desk.shows(text).types(keys);
    }
    std::thread::sleep(moment);
    let screen = desk.text();
    let is_there = |(text, _): &(&str, &str)| squeezed(&screen).contains(&squeezed(text));
    SCREENS
        .iter()
        .rposition(is_there)
        .unwrap_or(stage)
        .max(stage)
}

fn messages(place: &Place) -> usize {
    place.campus().get("/practice/state")["calls"]["POST /"]
        .as_u64()
        .unwrap_or(0) as usize
}

/// A few digits of chance; the seed is printed, so that a failure can be had again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[test]
fn a_desk_that_was_killed_goes_on_where_it_was() {
    let rounds: usize = std::env::var("YINGXIN_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(8);
    let seed = std::env::var("YINGXIN_SEED")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(|| {
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap();
            now.as_nanos() as u64 | 1
        });
    println!("seed: YINGXIN_SEED={seed}");
    let mut chance = Chance(seed);
    for round in 0..rounds {
        // Every screen of the journey in turn, and some chance of how far the next one has come.
        let stage = (round + chance.below(SCREENS.len() as u64) as usize) % SCREENS.len();
        let stage = if round < SCREENS.len() { round } else { stage };
        one_kill(round, stage, Duration::from_millis(chance.below(300)));
    }
}

fn one_kill(round: usize, stage: usize, after: Duration) {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk("zh-CN", 100, 40);
    let seen = go_to(&mut desk, stage, after);
    desk.kill();
    let sent = messages(&place);
    println!("round {round}: killed {after:?} after {stage}, at {seen}");

    let mut desk = place.kiosk("zh-CN", 100, 40);
    let offered = desk.shows_one_of(&["欢迎新同学", "接着刚才的办？"]) == 1;
    assert!(
        offered || seen < FIRST_KEPT,
        "round {round}: {seen} was acknowledged and is lost"
    );
    if !offered {
        return;
    }
    let (code, list, _) = place.command(&["visits", "list"]);
    assert!(
        code == 0 && list.contains("20****02") && !list.contains(STUDENT),
        "{code}: {list}"
    );
    if round.is_multiple_of(2) {
        desk.types(STUDENT).types(TAB).types(PASSWORD).types(ENTER);
    } else {
        desk.types(F10)
            .shows("请输入 PIN")
            .types(PIN)
            .types(ENTER)
            .shows("看过证件，接着办")
            .types("v");
    }
    let kept: Vec<&str> = SCREENS[FIRST_KEPT..]
        .iter()
        .map(|(text, _)| *text)
        .collect();
    let stage = FIRST_KEPT + desk.shows_one_of(&kept);
    assert!(
        stage >= seen,
        "round {round}: {seen} was acknowledged, {stage} is shown"
    );
    assert_eq!(
        messages(&place),
        sent,
        "round {round}: a message was sent by itself"
    );
}

/// The pauses between wrong PINs grow, and a power cut restarts none of them.
#[test]
fn the_pause_after_wrong_pins_outlives_the_plug() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.types(F10).shows("请输入 PIN");
    for n in 1..=4 {
        // What was said of the one before goes with the first digit: only then is the next answer this one's.
        desk.types("0000").hides("PIN 不对");
        desk.types(ENTER).shows("PIN 不对");
        let kept = || std::fs::read_to_string(place.store().join("pin.wrong"));
        let end = Instant::now() + crate::support::PATIENCE;
        while !kept().is_ok_and(|kept| kept == n.to_string()) {
            assert!(Instant::now() < end, "{n} wrong ones are not kept");
            std::thread::sleep(Duration::from_millis(20));
        }
        // The first two cost no pause; the third's must be seen before its end is waited for.
        if n == 3 {
            desk.shows("秒后再试").hides("秒后再试");
        }
    }
    desk.kill();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学").types(F10).shows("请输入 PIN");
    desk.types(PIN)
        .types(ENTER)
        .shows("秒后再试")
        .hides("秒后再试");
    desk.types(PIN).types(ENTER).shows("未解决的工单");
    assert!(!place.store().join("pin.wrong").exists());
}
