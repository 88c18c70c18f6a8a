//! "Noted by your word" is shown for a limited time, which does not run while the volunteer's panel is open.

use std::time::Duration;

use super::fake_campus;
use super::glass::Desk;
use super::steps::{WELCOME, a_while, unlocks};
use crate::support::clock::HeldClock;
use yingxin::screen::UiKey;

const NOTED: &str = "已按您说的记下";

#[tokio::test]
async fn what_is_noted_by_word_gives_way_to_the_next_student_but_not_under_a_volunteer() {
    let dir = tempfile::tempdir().unwrap();
    let clock = HeldClock::new();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).by(&clock).against(&ports);
    // The idle watch must not end the page first.
    let desk = desk.patient_for(3600);
    desk.run(async |keys| {
        keys.shows(WELCOME).await.types("s").await;
        for (shown, key) in [
            ("请选择你的身份", "1"),
            ("用户名填学号", "1"),
            ("点【填写手机号】", "1"),
            ("刚才在手机上填的那个号码", "1"),
            ("长按二维码", "1"),
        ] {
            keys.shows(shown).await.types(key).await;
        }
        keys.shows(NOTED).await;
        unlocks(keys).await;
        clock.advance(Duration::from_secs(61));
        a_while().await;
        keys.key(UiKey::Esc).await.shows(NOTED).await;
        clock.advance(Duration::from_secs(61));
        keys.shows(WELCOME).await;
    })
    .await
    .unwrap();
}
