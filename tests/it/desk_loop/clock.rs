//! A clock that is wrong at the start, or jumps while the desk runs: nothing that waits is lost, and who may say that the
//! clock is right.

use super::*;
use yingxin::visit::SignInRefusal;

const FIND: &str = "/cgi-bin/user/get";

const DAY: i64 = 86_400;
const YEARS: i64 = 5 * 365 * DAY;
const DOUBTED: &str = "本机时间是";

/// 20260001 waits here.
async fn one_waits(dir: &std::path::Path, disk: &Disk) {
    one_waits_since(0, dir, disk).await;
}

/// 20260001 waits here since so many seconds, by the desk's clock and the disk's.
async fn one_waits_since(ago: i64, dir: &std::path::Path, disk: &Disk) {
    disk.is_ahead(-ago);
    let clock = HeldClock::at(jiff::Timestamp::now() - jiff::SignedDuration::from_secs(ago));
    let ports = fake_campus();
    let desk = Desk::at(dir).by(&clock).on(disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        assert!(!squeezed(&keys.text()).contains(DOUBTED));
        unlocks(keys).await;
        keys.types("n").await.shows("请记下这个续办号").await;
    })
    .await
    .unwrap();
}

/// A clock that is years ahead, as the disk's is.
fn years_ahead(disk: &Disk) -> Arc<HeldClock> {
    disk.is_ahead(YEARS);
    let clock = HeldClock::new();
    clock.advance(Duration::from_secs(YEARS.unsigned_abs()));
    clock
}

#[tokio::test]
async fn a_clock_that_jumped_ends_no_visit_until_a_volunteer_confirms_it() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::new();
    one_waits(dir.path(), &disk).await;
    let clock = years_ahead(&disk);
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        keys.shows(DOUBTED).await;
        unlocks(keys).await;
        keys.shows("时间没错").await;
        keys.types("w").await.shows("20****01").await;
        keys.key(UiKey::Esc).await.shows("时间没错").await;
        keys.types("l").await.hides("时间没错").await;
        keys.types("w").await.hides("20****01").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stop_after_a_wrong_start_leaves_what_waits() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::new();
    one_waits(dir.path(), &disk).await;
    let clock = years_ahead(&disk);
    let desk = Desk::at(dir.path()).by(&clock).on(&disk);
    desk.against(&fake_campus())
        .run(async |keys| {
            keys.shows(DOUBTED).await;
        })
        .await
        .unwrap();
    disk.is_ahead(0);
    let desk = Desk::at(dir.path()).on(&disk).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(WELCOME).await.hides(DOUBTED).await;
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
    })
    .await
    .unwrap();
}

/// Four days lie between a stop and the start, longer than a pickup number lasts: nobody has to do anything where a server
/// says the time, and without one nothing ends.
#[tokio::test]
async fn a_server_whose_clock_agrees_confirms_it() {
    let place = Place::new().await;
    let disk = Disk::new();
    one_waits_since(4 * DAY, place.path(), &disk).await;
    // It is right now: a campus that says no time leaves the doubt, and what waits.
    disk.is_ahead(0);
    let desk = Desk::at(place.path()).on(&disk).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(DOUBTED).await;
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
    })
    .await
    .unwrap();
    let desk = place.desk().on(&disk);
    desk.run(async |keys| {
        keys.shows(WELCOME).await.hides(DOUBTED).await;
        unlocks(keys).await;
        assert!(!squeezed(&keys.text()).contains("时间没错"));
        keys.types("w").await.hides("20****01").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_day_that_was_worked_by_a_dead_clock_is_there_when_it_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::new();
    // The newest record is of today; the next start shows a time long before.
    one_waits(dir.path(), &disk).await;
    disk.is_ahead(-YEARS);
    let clock = HeldClock::at(jiff::Timestamp::now() - jiff::SignedDuration::from_secs(YEARS));
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        keys.shows(DOUBTED).await;
        to_number_as(keys, &ports, "20260002").await;
        unlocks(keys).await;
        keys.types("n").await.shows("请记下这个续办号").await;
    })
    .await
    .unwrap();
    disk.is_ahead(0);
    let desk = Desk::at(dir.path()).on(&disk).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(WELCOME).await.hides(DOUBTED).await;
        unlocks(keys).await;
        keys.types("w")
            .await
            .shows("20****01")
            .await
            .shows("20****02")
            .await;
    })
    .await
    .unwrap();
}

/// Sets the clocks of the desk and of its store, as who sets the machine's does.
fn is_set(clock: &HeldClock, disk: &Disk, by: i64) {
    clock.is_set_by(by);
    disk.is_ahead(by);
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_desk_runs_ends_no_visit_until_it_is_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, clock, ports) = (Disk::new(), HeldClock::new(), fake_campus());
    let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        unlocks(keys).await;
        keys.types("n").await.shows("请记下这个续办号").await;
        clock.advance(Duration::from_secs(3));
        notes_number(keys).await;
        assert!(!squeezed(&keys.text()).contains(DOUBTED));
        is_set(&clock, &disk, YEARS);
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
        keys.shows(DOUBTED).await;
        keys.key(UiKey::Esc).await.shows(WELCOME).await;
        unlocks(keys).await;
        keys.shows("时间没错").await;
        keys.types("w").await.shows("20****01").await;
        keys.key(UiKey::Esc).await.shows("时间没错").await;
        keys.types("l").await.hides("时间没错").await;
        keys.types("w").await.hides("20****01").await;
    })
    .await
    .unwrap();
}

/// A pause that protects the student's account lasts as long as it would have.
#[tokio::test]
async fn a_clock_that_jumps_ends_no_pause() {
    let wrong = || Err(Failure::Rejected(SignInRefusal::WrongPassword));
    for jump in [YEARS, -YEARS] {
        let dir = tempfile::tempdir().unwrap();
        let (disk, clock, ports) = (Disk::new(), HeldClock::new(), fake_campus());
        let desk = Desk::at(dir.path()).by(&clock).on(&disk).against(&ports);
        desk.run(async |keys| {
            to_identity(keys).await;
            keys.types("20260001").await.key(UiKey::Tab).await;
            for tried in 1..=4 {
                ports.sign_in.push(wrong());
                keys.types(&password("20260001"))
                    .await
                    .key(UiKey::Enter)
                    .await;
                ports.wait_for_calls("sign in", tried, PATIENCE).await;
                keys.hides("正在核对").await.shows("学号或密码不对").await;
            }
            is_set(&clock, &disk, jump);
            keys.types(&password("20260001"))
                .await
                .key(UiKey::Enter)
                .await;
            keys.shows("免得账号被锁").await;
            assert_eq!(ports.count("sign in"), 4, "{jump}");
            // Later, by the clock that nobody can set.
            clock.advance(IDLE * 2);
            keys.shows(WELCOME).await;
            to_identity(keys).await;
            signs_in(keys, "20260001").await;
            ports.wait_for_calls("sign in", 5, PATIENCE).await;
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_clock_that_jumps_to_the_right_time_is_confirmed_by_a_server() {
    let place = Place::new().await;
    let disk = Disk::new();
    disk.is_ahead(-3 * 3600);
    let clock = HeldClock::at(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(3));
    let desk = place.desk().by(&clock).on(&disk);
    desk.run(async |keys| {
        keys.shows(WELCOME).await.hides(DOUBTED).await;
        let asked = place.wire.probes(FIND);
        clock.is_set_by(3 * 3600);
        disk.is_ahead(0);
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
        keys.hides(DOUBTED).await;
        unlocks(keys).await;
        assert!(!squeezed(&keys.text()).contains("时间没错"));
        assert!(place.wire.probes(FIND) > asked, "nobody was asked");
    })
    .await
    .unwrap();
}
