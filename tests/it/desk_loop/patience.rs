//! The desk waits for students who are busy with the phone, for as long as the pack says, and shows the pickup number before
//! it is free.

use super::*;

/// The usual patience for a download, and what the desk counts down from at its end.
const DOWNLOAD: Duration = Duration::from_secs(600);
const COUNTDOWN: Duration = Duration::from_secs(20);

async fn to_the_app(keys: &mut Keys) {
    keys.shows(WELCOME).await.types("c").await;
    keys.shows("您是哪种情况").await.types("3").await;
    keys.shows("职工号绑定在微信里吗").await.types("1").await;
    keys.shows("在应用商城里搜").await;
}

#[tokio::test]
async fn fault_4_a_download_is_waited_for_and_the_number_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, ports) = (HeldClock::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .by(&clock)
        .against(&ports)
        .patient_for(90);
    desk.run(async |keys| {
        to_the_app(keys).await;
        keys.shows("这里还等您 10 分钟").await;
        clock.advance(Duration::from_secs(121));
        keys.shows("这里还等您 8 分钟").await;
        // Still here.
        keys.types(" ").await.shows("这里还等您 10 分钟").await;
        clock.advance(DOWNLOAD - Duration::from_secs(1));
        keys.shows("这里还等您 1 分钟").await;
        clock.advance(Duration::from_secs(1));
        keys.shows("您还在吗").await.types(" ").await;
        keys.shows("这里还等您 10 分钟").await;
        clock.advance(DOWNLOAD + COUNTDOWN);
        keys.shows("请记下这个续办号").await.shows("001-").await;
        keys.shows("请回到 1 号台").await;
        clock.advance(Duration::from_secs(59));
        keys.shows("> [ Enter 记好了 ] <").await.shows("001-").await;
        clock.advance(Duration::from_secs(1));
        keys.shows(WELCOME).await;
        // The visit waits under the number.
        unlocks(keys).await;
        keys.shows("001-").await;
    })
    .await
    .unwrap();
}

/// Where nothing was given there is nothing to come back to.
#[tokio::test]
async fn a_scan_without_an_answer_ends_at_welcome() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, ports) = (HeldClock::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .by(&clock)
        .against(&ports)
        .patient_for(90);
    desk.run(async |keys| {
        keys.shows(WELCOME).await.types("s").await;
        keys.shows("这里还等您 5 分钟").await;
        clock.advance(Duration::from_secs(300) + COUNTDOWN);
        keys.shows(WELCOME).await.hides("还等您").await;
    })
    .await
    .unwrap();
}

/// A number that is not kept yet is not shown, and Welcome does not stand in its place.
#[tokio::test]
async fn a_number_is_shown_once_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, disk, ports) = (HeldClock::new(), Disk::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .by(&clock)
        .on(&disk)
        .against(&ports)
        .patient_for(90);
    desk.run(async |keys| {
        to_the_app(keys).await;
        keys.shows("这里还等您 10 分钟").await;
        disk.hangs();
        clock.advance(DOWNLOAD + COUNTDOWN);
        keys.shows("马上就好").await;
        for other in ["在应用商城里搜", "001-", WELCOME, "上次的记录"] {
            assert!(!keys.text().contains(other), "{}", keys.text());
        }
        disk.goes_on();
        keys.shows("请记下这个续办号").await.shows("001-").await;
    })
    .await
    .unwrap();
}

/// Where nothing can be kept there is no number: the desk is free at once.
#[tokio::test]
async fn a_number_that_cannot_be_kept_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, disk, ports) = (HeldClock::new(), Disk::new(), fake_campus());
    let desk = Desk::at(dir.path())
        .by(&clock)
        .on(&disk)
        .against(&ports)
        .patient_for(90);
    desk.run(async |keys| {
        to_the_app(keys).await;
        keys.shows("这里还等您 10 分钟").await;
        disk.breaks();
        clock.advance(DOWNLOAD + COUNTDOWN);
        keys.shows(WELCOME).await.shows(NOT_KEPT).await;
        disk.mends();
        is_shown_to_nobody(keys).await;
    })
    .await
    .unwrap();
}

/// The disk goes on: the number that was asked for before is in the volunteer's list, and not before the next student.
async fn is_shown_to_nobody(keys: &mut Keys) {
    keys.hides(NOT_KEPT).await;
    a_while().await;
    assert!(!keys.text().contains("001-"), "{}", keys.text());
    keys.shows(WELCOME).await.key(UiKey::Enter).await;
    keys.shows(NOTICE).await;
    unlocks(keys).await;
    keys.shows("001-").await;
}

/// The disk hangs while the number is being kept, or hung before it was asked for.
#[tokio::test]
async fn a_number_that_comes_too_late_is_not_shown_to_the_next_student() {
    for hung_before in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let (clock, disk, ports) = (HeldClock::new(), Disk::new(), fake_campus());
        let desk = Desk::at(dir.path())
            .by(&clock)
            .on(&disk)
            .against(&ports)
            .patient_for(90);
        desk.run(async |keys| {
            to_the_app(keys).await;
            keys.shows("这里还等您 10 分钟").await;
            disk.hangs();
            if hung_before {
                keys.key(UiKey::Enter).await;
                a_while().await;
                clock.advance(Duration::from_secs(2));
                keys.shows(NOT_KEPT).await;
                clock.advance(DOWNLOAD + COUNTDOWN);
            } else {
                clock.advance(DOWNLOAD + COUNTDOWN);
                keys.shows("马上就好").await;
                clock.advance(Duration::from_secs(2));
            }
            keys.shows(WELCOME).await.shows(NOT_KEPT).await;
            disk.goes_on();
            is_shown_to_nobody(keys).await;
        })
        .await
        .unwrap();
    }
}
