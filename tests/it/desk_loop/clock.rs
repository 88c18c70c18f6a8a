//! A start whose clock is wrong: nothing that waits is lost, and who may say that the clock is right.

use super::*;

const DAY: i64 = 86_400;
const YEARS: i64 = 5 * 365 * DAY;
const DOUBTED: &str = "本机时间是";

/// 20260001 waits here.
async fn one_waits(dir: &std::path::Path, disk: &Disk) {
    let ports = fake_campus();
    let desk = Desk::at(dir).on(disk).against(&ports);
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

#[tokio::test]
async fn a_server_whose_clock_agrees_confirms_it() {
    let place = Place::new().await;
    let disk = Disk::new();
    disk.is_ahead(-20 * DAY);
    one_waits(place.path(), &disk).await;
    // It is right now, and 20 days have passed since the last visit: a campus that says no time leaves the doubt.
    disk.is_ahead(0);
    let desk = Desk::at(place.path()).on(&disk).against(&fake_campus());
    desk.run(async |keys| {
        keys.shows(DOUBTED).await;
    })
    .await
    .unwrap();
    let desk = place.desk().on(&disk);
    desk.run(async |keys| {
        keys.shows(WELCOME).await.hides(DOUBTED).await;
        unlocks(keys).await;
        assert!(!squeezed(&keys.text()).contains("时间没错"));
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
