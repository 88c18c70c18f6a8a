//! The whole loop in this process: its keys through a channel, its screen a buffer, its campus the practice campus or one
//! that answers when the test says so, its disk one that fails when the test says so.

mod away;
mod bad_days;
mod clock;
mod cuts;
mod day;
mod disk;
mod ends;
mod glass;
mod noted;
mod patience;
mod place;
mod shifts;
mod steps;
mod views;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use crate::support::clock::HeldClock;
use crate::support::ports::fake::FakeCampus;
use disk::Disk;
use glass::{Desk, IDLE, Keys, PATIENCE, squeezed};
use place::Place;
use steps::*;
use yingxin::screen::UiKey;
use yingxin::visit::{Binding, Failure, Member, MemberStatus, Name, Student, StudentNumber};

/// A campus that answers when the test pushes an answer.
fn fake_campus() -> Arc<FakeCampus> {
    FakeCampus::carrier("fake")
}

fn student(number: &str) -> Student {
    Student {
        number: StudentNumber::from_campus(number),
        name: Name::new("张三"),
    }
}

/// Signs 20260001 in against ports that answer when the test says so.
async fn to_number(keys: &mut Keys, ports: &Arc<FakeCampus>) {
    to_number_as(keys, ports, "20260001").await;
}

async fn to_number_as(keys: &mut Keys, ports: &Arc<FakeCampus>, number: &str) {
    to_identity(keys).await;
    signs_in(keys, number).await;
    ports.sign_in.push(Ok(student(number)));
    ports.find.push(Ok(not_active()));
    keys.shows(NUMBER).await;
}

fn not_active() -> Member {
    Member {
        status: MemberStatus::NotActive,
        mobile: None,
    }
}

#[tokio::test]
async fn a_student_is_registered_against_the_practice_campus() {
    let place = Place::new().await;
    place.wechat_is("13800138000").await;
    let run = place.desk().run(async |keys| {
        place::to_number(keys, "20260001").await;
        gives_number(keys).await;
        keys.shows(ASK).await.types("1").await.shows(FOLLOW).await;
        place.phone("scan-follow").await;
        keys.shows(BOUND).await.key(UiKey::Enter).await;
        keys.shows(WELCOME).await;
        assert!(!keys.text().contains("20260001"));
    });
    run.await.unwrap();
}

/// WeCom says 60104: another number is accepted at once, or the student begins again with their old student number.
#[tokio::test]
async fn a_number_of_another_account_leaves_nobody_standing() {
    let place = Place::new().await;
    let run = place.desk().run(async |keys| {
        place::to_number(keys, "20260001").await;
        keys.types("13700137006").await;
        keys.key(UiKey::Enter).await.shows("绑定在别的账号上").await;
        keys.types("v").await.shows("服务台查").await;
        keys.key(UiKey::Enter).await.hides("服务台查").await;
        keys.types("c13800138000").await.key(UiKey::Enter).await;
        keys.shows(ASK)
            .await
            .key(UiKey::Esc)
            .await
            .shows(NUMBER)
            .await;
        keys.key(UiKey::ClearField).await.types("13700137006").await;
        keys.key(UiKey::Enter).await.shows("绑定在别的账号上").await;
        keys.types("o").await.shows(NOTICE).await;
        keys.key(UiKey::Enter)
            .await
            .shows("老学号绑定在哪里？")
            .await;
        assert!(!keys.text().contains("20260001"), "{}", keys.text());
    });
    run.await.unwrap();
}

#[tokio::test]
async fn what_the_campus_did_is_not_forgotten_when_the_disk_fails() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        gives_number(keys).await;
        keys.shows("正在登记手机号").await;
        // It is said as soon as it is decided; what the campus is asked is asked once that is kept.
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        disk.breaks();
        ports.bind.push(Ok(Binding::Set));
        keys.shows(NOT_KEPT).await;
        assert!(
            !keys.text().contains("绑定的是这个"),
            "shown, and not kept:\n{}",
            keys.text()
        );
        disk.mends();
        keys.shows(ASK).await.hides(NOT_KEPT).await;
        assert_eq!(ports.count("bind"), 1, "asked twice");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nobody_new_is_begun_while_nothing_can_be_kept_and_the_desk_comes_back_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::new();
    let desk = Desk::at(dir.path()).on(&disk).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(WELCOME).await;
        disk.becomes_read_only();
        keys.key(UiKey::Enter).await.shows("磁盘变成了只读").await;
        keys.key(UiKey::Enter).await.key(UiKey::Enter).await;
        keys.shows("去旁边的迎新台").await;
        disk.mends();
        keys.hides(NOT_KEPT).await;
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_screen_is_cleared_though_the_visit_cannot_be_kept_and_nothing_spins() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        keys.types("138").await.shows("[138").await;
        disk.breaks();
        clock.advance(IDLE * 2);
        keys.shows("去旁边的迎新台").await;
        assert!(!keys.text().contains("138"), "{}", keys.text());
        is_quiet_since(keys, keys.frames()).await;
        disk.mends();
        keys.hides(NOT_KEPT).await;
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_disk_that_hangs_is_told_and_idle_does_not_spin_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_identity(keys).await;
        disk.hangs();
        signs_in(keys, "20260001").await;
        keys.shows("正在核对身份").await;
        let drawn = keys.frames();
        clock.advance(Duration::from_secs(2));
        keys.shows(NOT_KEPT).await;
        clock.advance(IDLE * 2);
        keys.shows(WELCOME).await;
        is_quiet_since(keys, drawn).await;
        disk.goes_on();
        keys.hides(NOT_KEPT).await;
        assert_eq!(ports.count("sign in"), 0, "nobody is there any more");
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
    })
    .await
    .unwrap();
}

/// What the store still writes of a visit that was left takes no key from the next student.
#[tokio::test]
async fn a_key_at_welcome_is_not_lost_while_the_last_visit_is_being_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        gives_number(keys).await;
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        ports.bind.push(Ok(Binding::Set));
        keys.shows(ASK).await.key(UiKey::Char('1')).await;
        ports.find.push(Ok(Member {
            status: MemberStatus::Active,
            mobile: None,
        }));
        keys.shows(FOLLOW).await.key(UiKey::Enter).await;
        keys.shows(BOUND).await;
        disk.hangs();
        // The page that only informs was shown long enough.
        clock.advance(IDLE);
        keys.shows(WELCOME).await.key(UiKey::Enter).await;
        // Whatever else is pressed meanwhile.
        keys.key(UiKey::Enter).await;
        a_while().await;
        disk.goes_on();
        keys.shows(NOTICE).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn at_rest_nothing_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(WELCOME).await;
        a_while().await;
        let drawn = keys.frames();
        clock.advance(Duration::from_secs(3600));
        a_while().await;
        assert_eq!(keys.frames(), drawn);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_is_half_typed_at_welcome_is_taken_away_and_so_is_the_language() {
    let dir = tempfile::tempdir().unwrap();
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(WELCOME).await;
        keys.key(UiKey::Language).await.shows("Welcome").await;
        keys.key(UiKey::Volunteer).await.types("4711").await;
        keys.shows("****").await;
        clock.advance(IDLE);
        keys.shows(WELCOME).await;
        assert!(!keys.text().contains("****"), "{}", keys.text());
    })
    .await
    .unwrap();
}

/// A desk that was stopped in the middle of 20260001's visit.
async fn stopped_at_number(dir: &std::path::Path) {
    let ports = fake_campus();
    let desk = Desk::at(dir).against(&ports);
    desk.run(async |keys| to_number(keys, &ports).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_offered_visit_goes_on_for_its_own_student_alone() {
    let dir = tempfile::tempdir().unwrap();
    stopped_at_number(dir.path()).await;
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        keys.shows(OFFERED).await;
        assert!(!keys.text().contains("不是同一位"), "{}", keys.text());
        signs_in(keys, "20260002").await;
        ports.sign_in.push(Ok(student("20260002")));
        keys.shows("不是同一位同学").await;
        keys.key(UiKey::ClearField).await;
        keys.key(UiKey::BackTab).await.key(UiKey::ClearField).await;
        signs_in(keys, "20260001").await;
        ports.sign_in.push(Ok(student("20260001")));
        keys.shows(NUMBER).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_sign_in_at_an_offer_that_was_left_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    stopped_at_number(dir.path()).await;
    let (clock, ports) = (HeldClock::new(), fake_campus());
    let desk = Desk::at(dir.path()).by(&clock).against(&ports);
    desk.run(async |keys| {
        keys.shows(OFFERED).await;
        signs_in(keys, "20260001").await;
        ports.wait_for_calls("sign in", 1, PATIENCE).await;
        clock.advance(IDLE * 2);
        keys.shows(WELCOME).await;
        ports.sign_in.push(Ok(student("20260001")));
        a_while().await;
        assert!(keys.text().contains("用微信扫"), "{}", keys.text());
    })
    .await
    .unwrap();
}

/// The campus has answered, and the disk hangs until the student is gone.
#[tokio::test]
async fn a_sign_in_that_is_kept_too_late_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    stopped_at_number(dir.path()).await;
    let (clock, disk, ports) = (HeldClock::new(), Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        keys.shows(OFFERED).await;
        signs_in(keys, "20260001").await;
        ports.wait_for_calls("sign in", 1, PATIENCE).await;
        disk.hangs();
        ports.sign_in.push(Ok(student("20260001")));
        a_while().await;
        clock.advance(IDLE * 2);
        keys.shows(WELCOME).await.shows(NOT_KEPT).await;
        disk.goes_on();
        keys.hides(NOT_KEPT).await;
        a_while().await;
        keys.shows(WELCOME).await.key(UiKey::Enter).await;
        keys.shows(NOTICE).await;
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_terminal_that_cannot_be_written_to_ends_the_desk_and_the_visit_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    let ended = desk
        .run(async |keys| {
            to_number(keys, &ports).await;
            keys.breaks_the_glass();
            keys.types("1").await;
            std::future::pending().await
        })
        .await;
    assert!(ended.is_err());
    let desk = Desk::at(dir.path()).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(OFFERED).await.shows("20****01").await;
        assert!(
            !keys.text().contains("没有正常退出"),
            "not closed cleanly:\n{}",
            keys.text()
        );
    })
    .await
    .unwrap();
}
