//! Volunteers with PINs of their own: what is done from the panel bears the name of the one who did it.

use jiff::tz::TimeZone;
use yingxin::store::{Location, ShiftEntry, ShiftEvent, shifts};
use yingxin::visit::Fact;
use yingxin::visit::report::ReportDays;

use super::*;

const WANG: (&str, &str) = ("王老师", "2222");
const LI: (&str, &str) = ("Li Wei", "3333");

fn done(dir: &std::path::Path) -> Vec<ShiftEntry> {
    let zone = TimeZone::system();
    let today = jiff::Zoned::now().date();
    let days = ReportDays::new(today.yesterday().unwrap(), today, &zone).unwrap();
    shifts(&Location::new(dir.join("store")), &zone, &days).unwrap()
}

/// Who did it, and a word for what it was.
fn told(entries: &[ShiftEntry]) -> Vec<(String, &'static str)> {
    let word = |entry: &ShiftEntry| match &entry.what {
        ShiftEvent::Fact(_, fact) => match **fact {
            Fact::Parked { .. } => "parked",
            Fact::Resumed { .. } => "resumed",
            Fact::Closed { .. } => "closed",
            Fact::TicketOpened { .. } => "ticket",
            _ => "other",
        },
        ShiftEvent::HandedOver(_) => "handed over",
        ShiftEvent::Viewed(..) => "viewed",
        ShiftEvent::Confirmed(_) => "confirmed",
    };
    let who = |entry: &ShiftEntry| entry.by.as_ref().map_or("", |by| by.as_str()).to_owned();
    entries.iter().map(|one| (who(one), word(one))).collect()
}

async fn comes_with(keys: &mut Keys, pin: &str) {
    keys.key(UiKey::Volunteer).await.shows("请输入 PIN").await;
    keys.types(pin).await.key(UiKey::Enter).await;
    keys.shows("等着的人").await;
}

#[tokio::test]
async fn an_act_is_booked_on_whoever_gave_the_pin_and_not_on_who_was_there_before() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path())
        .against(&ports)
        .with_volunteers(&[WANG, LI]);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        comes_with(keys, WANG.1).await;
        keys.shows("志愿者：王老师").await;
        keys.key(UiKey::Esc).await.hides("等着的人").await;
        // Li presses F10 a moment later: the desk asks, and does not take Li for Wang.
        keys.key(UiKey::Volunteer)
            .await
            .shows("刚才是 王老师")
            .await;
        assert!(!keys.text().contains("退出程序"), "{}", keys.text());
        keys.types(LI.1).await.key(UiKey::Enter).await;
        keys.shows("志愿者：Li Wei").await;
        keys.types("n").await;
        notes_number(keys).await;
        // Wang comes back, with the PIN, and then says so by Enter alone.
        comes_with(keys, WANG.1).await;
        keys.key(UiKey::Esc).await.shows(WELCOME).await;
        keys.key(UiKey::Volunteer)
            .await
            .shows("刚才是 王老师")
            .await;
        keys.key(UiKey::Enter).await.shows("志愿者：王老师").await;
        keys.types("w").await.shows("20****01").await;
        keys.key(UiKey::Enter).await.shows(NUMBER).await;
        // Nobody's own: the PIN for all bears no name.
        comes_with(keys, glass::PIN).await;
        assert!(!keys.text().contains("志愿者："), "{}", keys.text());
        keys.types("x").await.types("x").await.shows(WELCOME).await;
    })
    .await
    .unwrap();
    let done = done(dir.path());
    let (wang, li) = (WANG.0.to_owned(), LI.0.to_owned());
    assert_eq!(told(&done), [(li, "parked"), (wang, "resumed")]);
}

#[tokio::test]
async fn a_name_is_good_for_two_minutes_and_not_over_another_visit() {
    let dir = tempfile::tempdir().unwrap();
    let (ports, clock) = (fake_campus(), HeldClock::new());
    let desk = Desk::at(dir.path())
        .against(&ports)
        .by(&clock)
        .with_volunteers(&[WANG]);
    desk.run(async |keys| {
        keys.shows(WELCOME).await;
        comes_with(keys, WANG.1).await;
        keys.key(UiKey::Esc).await.hides("等着的人").await;
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
        keys.key(UiKey::Volunteer).await.shows("请输入 PIN").await;
        assert!(!keys.text().contains("刚才是"), "{}", keys.text());
        keys.types(WANG.1).await.key(UiKey::Enter).await;
        keys.shows("志愿者：王老师").await;
        keys.key(UiKey::Esc).await.hides("等着的人").await;
        keys.key(UiKey::Volunteer)
            .await
            .shows("刚才是 王老师")
            .await;
        // The pad stands open until the time is over: Enter alone opens nothing then.
        clock.advance(Duration::from_secs(121));
        keys.key(UiKey::Enter).await.hides("刚才是").await;
        assert!(!keys.text().contains("退出程序"), "{}", keys.text());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_next_one_takes_over_with_a_pin_and_the_journal_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let (disk, waits) = (Disk::new(), "等着的人：1 份");
    let desk = Desk::at(dir.path())
        .on(&disk)
        .against(&ports)
        .with_volunteers(&[WANG, LI]);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        comes_with(keys, WANG.1).await;
        keys.types("n").await;
        notes_number(keys).await;
        comes_with(keys, WANG.1).await;
        keys.types("h").await.shows(waits).await;
        // Wrong, then the PIN of the one who is there: neither hands anything over, and the panel stays open.
        keys.types("9999").await.key(UiKey::Enter).await;
        keys.shows("PIN 不对").await;
        keys.types(WANG.1).await.key(UiKey::Enter).await;
        keys.shows("这是交班的人自己的").await;
        // What cannot be kept did not happen.
        disk.breaks();
        keys.types(LI.1).await.key(UiKey::Enter).await;
        keys.shows("没有交成").await;
        disk.mends();
        asks_until(keys, "Li Wei", async |keys| {
            keys.types(LI.1).await.key(UiKey::Enter).await;
        })
        .await;
        if keys.text().contains("回到面板") {
            keys.key(UiKey::Enter).await;
        }
        keys.shows("志愿者：Li Wei").await;
        keys.types("w").await.shows("20****01").await;
        keys.key(UiKey::Enter).await.shows(NUMBER).await;
    })
    .await
    .unwrap();
    let done = done(dir.path());
    let (wang, li) = (WANG.0.to_owned(), LI.0.to_owned());
    let told = told(&done);
    let expected = [
        (wang, "parked"),
        (li.clone(), "handed over"),
        (li, "resumed"),
    ];
    assert_eq!(told, expected);
    let ShiftEvent::HandedOver(handover) = &done[1].what else {
        panic!("{done:?}");
    };
    let from = handover.from.as_ref().map(|name| name.as_str());
    assert_eq!((from, handover.waiting), (Some(WANG.0), 1));
}

/// Wang has pressed H, and Li has confirmed it: the journal is being written.
async fn li_confirms(keys: &mut Keys, disk: &Disk) {
    keys.shows(WELCOME).await;
    comes_with(keys, WANG.1).await;
    keys.types("h").await.shows("等着的人：0 份").await;
    disk.hangs();
    keys.types(LI.1).await.key(UiKey::Enter).await;
    keys.shows("正在记下").await;
}

#[tokio::test]
async fn a_hand_over_is_not_lost_on_another_page() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .on(&disk)
        .against(&ports)
        .with_volunteers(&[WANG, LI]);
    desk.run(async |keys| {
        li_confirms(keys, &disk).await;
        keys.key(UiKey::Esc).await.shows("志愿者：王老师").await;
        keys.types("h").await.shows("正在记下").await;
        keys.key(UiKey::Esc).await.shows("志愿者：王老师").await;
        disk.goes_on();
        keys.shows("志愿者：Li Wei").await;
        keys.types("h").await.shows("Li Wei 交班").await;
    })
    .await
    .unwrap();
    assert_eq!(told(&done(dir.path())), [(LI.0.to_owned(), "handed over")]);
}

#[tokio::test]
async fn who_leaves_a_panel_that_is_being_handed_over_is_not_taken_for_who_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .on(&disk)
        .against(&ports)
        .with_volunteers(&[WANG, LI]);
    desk.run(async |keys| {
        li_confirms(keys, &disk).await;
        keys.key(UiKey::Volunteer).await.shows(WELCOME).await;
        keys.key(UiKey::Volunteer).await.shows("请输入 PIN").await;
        assert!(!keys.text().contains("刚才是"), "{}", keys.text());
        // Enter alone opens nothing, and neither does the journal.
        keys.key(UiKey::Enter).await;
        disk.goes_on();
        a_while().await;
        assert!(!keys.text().contains("退出程序"), "{}", keys.text());
        keys.types(LI.1).await.key(UiKey::Enter).await;
        keys.shows("志愿者：Li Wei").await;
    })
    .await
    .unwrap();
}
