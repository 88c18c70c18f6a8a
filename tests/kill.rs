//! The plug is pulled at random moments of a journey; every step that the screen had acknowledged is there again, the
//! student goes on at the same step after a sign-in, and no message is sent by itself.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::kiosk::{PIN, Place};
use support::{Desk, ENTER, F10, TAB};

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

/// Goes through the journey until the moment comes; gives the last screen that was seen.
fn go_until(desk: &mut Desk, moment: Instant) -> Option<usize> {
    let mut last = None;
    for (stage, (text, keys)) in SCREENS.iter().enumerate() {
        if !desk.shows_before(text, moment) {
            return last;
        }
        last = Some(stage);
        desk.types(keys);
    }
    std::thread::sleep(moment.saturating_duration_since(Instant::now()));
    last
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
        // The first rounds cover the whole journey evenly, whatever chance says.
        let after = Duration::from_millis(if round == 0 { 6000 } else { chance.below(1600) });
        one_kill(round, after);
    }
}

fn one_kill(round: usize, after: Duration) {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk("zh-CN", 100, 40);
    let seen = go_until(&mut desk, Instant::now() + after);
    desk.kill();
    let sent = messages(&place);
    println!("round {round}: killed after {after:?} at {seen:?}");

    let mut desk = place.kiosk("zh-CN", 100, 40);
    let offered = desk.shows_one_of(&["欢迎新同学", "接着刚才的办？"]) == 1;
    assert!(
        offered || seen.is_none_or(|stage| stage < FIRST_KEPT),
        "round {round}: {seen:?} was acknowledged and is lost"
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
            .shows("看过证件，继续这份登记")
            .types("1");
    }
    let kept: Vec<&str> = SCREENS[FIRST_KEPT..]
        .iter()
        .map(|(text, _)| *text)
        .collect();
    let stage = FIRST_KEPT + desk.shows_one_of(&kept);
    assert!(
        seen.is_none_or(|seen| stage >= seen),
        "round {round}: {seen:?} was acknowledged, {stage} is shown"
    );
    assert_eq!(
        messages(&place),
        sent,
        "round {round}: a message was sent by itself"
    );
}

/// The pauses between wrong PINs grow, and pulling the plug begins none of them anew.
#[test]
fn the_pause_after_wrong_pins_outlives_the_plug() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.types(F10).shows("请输入 PIN");
    for n in 1..=4 {
        desk.types("0000").types(ENTER).shows("PIN 不对");
        let kept = || std::fs::read_to_string(place.store().join("pin.wrong"));
        let end = Instant::now() + support::PATIENCE;
        while !kept().is_ok_and(|kept| kept == n.to_string()) {
            assert!(Instant::now() < end, "{n} wrong ones are not kept");
            std::thread::sleep(Duration::from_millis(20));
        }
        if n < 4 {
            desk.hides("秒后再试");
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
