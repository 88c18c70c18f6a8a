//! SIGKILL at random moments during a stream of visits on one desk: every step that the screen had acknowledged is there
//! again, and the student goes on at the same step.

use std::time::{Duration, Instant};

use serde_json::json;

use super::chance::Chance;
use super::{row, times};
use crate::store::desk::copy_dir;
use crate::support::campus::Campus;
use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER, TAB};

/// The students who come, in turn: those of the practice roster who can be registered.
const STUDENTS: [&str; 7] = [
    "20260001", "20260002", "20260003", "20260004", "20260009", "20260010", "20260007",
];
/// The screens of (二) at the desk, in order. From `FIRST_KEPT` on, the visit holds data of the student.
const SCREENS: [&str; 9] = [
    "欢迎新同学",
    "开始之前，请您知道",
    "登录统一身份认证",
    "填写手机号",
    "您的微信，绑定的是这个手机号吗？",
    "用微信关注",
    "发送验证码",
    "输完自动提交",
    "绑定成功",
];
const FIRST_KEPT: usize = 3;
const BOUND: usize = 8;
/// Ctrl-U: empties the field.
const CLEAR: &str = "\x15";
const OFFERED: &str = "接着刚才的办？";

const SPENT: &str = "这个验证码不能用了";
/// The longest time that a page without a possible action is shown.
const STUCK: Duration = Duration::from_secs(20);
/// The longest time that a student looks at a page before a key press, in milliseconds.
const LOOKS: usize = 300;
/// The desk has handled a key, with its sync, within this time, in milliseconds.
const WORKS: usize = 25;

/// The stream: the student at the desk, and the screens of the visit that were seen.
struct Stream {
    place: Place,
    /// Visits so far.
    begun: usize,
    bound: usize,
    /// The furthest screen of this visit that was seen.
    seen: Option<usize>,
}

impl Stream {
    fn new() -> Stream {
        let place = Place::connected();
        // Otherwise the limit of the desk would end the stream.
        place.pack_section("[sms]\ndesk_per_hour = 1000");
        let stream = Stream {
            place,
            begun: 0,
            bound: 0,
            seen: None,
        };
        stream.other_wechat();
        stream
    }

    /// The number that is typed is not the one this WeChat is bound to: (二).
    fn other_wechat(&self) {
        let phone = self.place.campus();
        phone.put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    }

    fn student(&self) -> &'static str {
        STUDENTS[self.begun % STUDENTS.len()]
    }

    fn sign_in(&self) -> String {
        let student = self.student();
        format!("{student}{TAB}practice-{}{ENTER}", &student[4..])
    }

    /// A number of this visit's own: no number is sent more than a few messages.
    fn mobile(&self) -> String {
        format!("137{:08}", 1000 + self.begun)
    }

    /// Every student is bound: the campus is started again, at the same address.
    fn next_visit(&mut self) {
        self.seen = None;
        self.begun += 1;
        if self.begun.is_multiple_of(STUDENTS.len()) {
            let url = self.place.campus().url.clone();
            let listen = url.trim_start_matches("http://").to_owned();
            self.place.campus = None;
            let state = self.place.dir().join(format!("campus-{}", self.begun));
            self.place.campus = Some(Campus::start_at(&listen, &state));
            self.other_wechat();
        }
    }

    /// The keys that lead on from a screen.
    fn keys(&self, screen: usize) -> String {
        match screen {
            0 | 1 | 5 | 6 | BOUND => ENTER.to_owned(),
            2 => self.sign_in(),
            3 => format!("{CLEAR}{}{ENTER}", self.mobile()),
            4 => "2".to_owned(),
            // After a kill before the message was sent, it is requested again.
            _ => self.code().unwrap_or("s".into()),
        }
    }

    /// The code on this student's phone.
    fn code(&self) -> Option<String> {
        let phone = self.place.campus().get("/practice/phone");
        let mobile = self.mobile();
        let message = phone["messages"]
            .as_array()?
            .iter()
            .filter_map(|message| message.as_str())
            .find(|message| message.starts_with(&mobile))?;
        let mut parts = message.split(|c: char| !c.is_ascii_digit());
        parts.find(|part| part.len() == 6).map(str::to_owned)
    }

    /// Goes on until the moment of the kill. Half of these moments come right after a key.
    fn go_until(&mut self, desk: &mut Desk, moment: Instant, chance: &mut Chance) {
        let is_behind_a_key = chance.coin();
        let mut acted = None;
        let mut since = Instant::now();
        loop {
            let is_time = Instant::now() >= moment;
            if is_time && !is_behind_a_key || moment.elapsed() > STUCK {
                break;
            }
            let text = desk.squeezed();
            let on = SCREENS.iter().rposition(|screen| text.contains(screen));
            // A key while the desk waits for the campus is ignored: it is pressed again, as people do.
            let again = since.elapsed() > Duration::from_secs(1);
            let Some(screen) = on.filter(|screen| again || acted != Some(*screen)) else {
                std::thread::sleep(Duration::from_millis(4));
                continue;
            };
            if screen == 0 && self.seen.is_some_and(|seen| seen >= BOUND) {
                self.bound += 1;
                self.next_visit();
            }
            self.seen = self.seen.max(Some(screen));
            let looks = Duration::from_millis(chance.below(LOOKS) as u64);
            if !is_time && Instant::now() + looks >= moment && !is_behind_a_key {
                std::thread::sleep(moment.saturating_duration_since(Instant::now()));
                break;
            }
            std::thread::sleep(looks);
            desk.types(&self.keys(screen));
            acted = Some(screen);
            since = Instant::now();
            if is_time {
                std::thread::sleep(Duration::from_millis(chance.below(WORKS) as u64));
                break;
            }
        }
        // A screen shown in the last moment counts too.
        let text = desk.squeezed();
        let on = SCREENS.iter().rposition(|screen| text.contains(screen));
        if on != Some(0) {
            self.seen = self.seen.max(on);
        }
    }

    /// Resumes the visit after a kill; returns what is wrong with its place.
    fn take_up(&mut self, desk: &mut Desk) -> Result<(), String> {
        let offered = desk.shows_one_of(&[SCREENS[0], OFFERED]) == 1;
        let seen = self.seen.unwrap_or(0);
        if !offered {
            // Bound, and parked by the kill or before it.
            if seen >= BOUND {
                return Ok(());
            }
            self.seen = None;
            return if seen < FIRST_KEPT {
                Ok(())
            } else {
                Err(format!("{} was acknowledged and is lost", SCREENS[seen]))
            };
        }
        desk.types(&self.sign_in());
        let mut stages = SCREENS[FIRST_KEPT..].to_vec();
        stages.push(SPENT);
        let stage = FIRST_KEPT + desk.shows_one_of(&stages);
        if stage > BOUND {
            return Err("the code is spent, and only the right one was typed".into());
        }
        if stage < seen {
            return Err(format!(
                "{} was acknowledged, {} is shown",
                SCREENS[seen], SCREENS[stage]
            ));
        }
        Ok(())
    }
}

#[test]
fn a_stream_of_visits_outlives_every_kill() {
    let mut chance = Chance::new("kills");
    let kills = times(15, 500);
    let mut stream = Stream::new();
    let mut faults = Vec::new();
    let (mut messages, mut kept) = (0, 0);
    let mut killed_at = [0; SCREENS.len()];
    for kill in 0..kills {
        // A copy as the kill left it, for the case of a failure.
        let found = tempfile::tempdir().unwrap();
        if kill > 0 {
            copy_dir(&stream.place.store(), found.path());
        }
        let mut desk = stream.place.kiosk("zh-CN", 100, 40);
        let before = sent(&stream.place);
        if let Err(what) = stream.take_up(&mut desk) {
            let found = found.keep();
            faults.push(format!("kill {kill}: {what}; {}", found.display()));
        }
        // The first request for a message comes from a key.
        messages += sent(&stream.place).saturating_sub(before);
        let moment = Duration::from_millis(chance.below(2500) as u64);
        stream.go_until(&mut desk, Instant::now() + moment, &mut chance);
        desk.kill();
        let clean = stream.place.store().join("clean");
        assert!(!clean.exists(), "it had time to close its store");
        let seen = stream.seen.unwrap_or(0);
        killed_at[seen] += 1;
        kept += usize::from(seen >= FIRST_KEPT);
        println!(
            "kill {kill} after {moment:?}: {seen} seen, visit {}",
            stream.begun
        );
    }
    println!("the furthest page seen, by how many kills: {killed_at:?}");
    row(
        "kills under a stream of visits",
        format!(
            "{kills} kills, {kept} of them with something acknowledged; {} visits begun, {} bound",
            stream.begun + 1,
            stream.bound
        ),
        format!(
            "{} acknowledged steps lost, {} of {kills} went on at the right step, {messages} messages sent by themselves",
            faults.len(),
            kills - faults.len()
        ),
    );
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(messages, 0, "messages were sent by themselves");
    // A stream that stops somewhere would test little.
    let is_all_over = killed_at.iter().skip(FIRST_KEPT).all(|kills| *kills > 0);
    assert!(kills < 500 || is_all_over, "{killed_at:?}");
}

/// Messages that the campus was asked to send since it began.
fn sent(place: &Place) -> u64 {
    let state = place.campus().get("/practice/state");
    state["calls"]["POST /"].as_u64().unwrap_or(0)
}
