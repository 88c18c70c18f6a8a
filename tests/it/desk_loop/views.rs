//! What a volunteer is shown whole is in the journal first: where that cannot be kept, it is not shown.

use yingxin::store::{Enrolled, RealDisk, Store};
use yingxin::visit::Mobile;

use super::*;

const NOTING: &str = "记好了再显示";

#[tokio::test]
async fn a_ticket_is_shown_whole_only_where_it_can_be_kept_that_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        waits(keys).await;
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
        keys.key(UiKey::Tab).await.key(UiKey::Enter).await;
        // From the number to the problem, and from there on.
        keys.shows("（0/4000）").await.key(UiKey::Enter).await;
        keys.key(UiKey::Enter).await;
        // The hotline is told nothing to act on: it is asked for.
        keys.shows("请先写问题").await.types("x").await;
        keys.key(UiKey::Enter).await.shows("20260001").await;
        keys.key(UiKey::Esc).await.shows("未解决的工单").await;
        disk.breaks();
        keys.key(UiKey::Enter).await.shows(NOTING).await;
        keys.shows(NOT_KEPT).await;
        assert!(!keys.text().contains("20260001"), "{}", keys.text());
        disk.mends();
        keys.key(UiKey::Esc).await.hides(NOTING).await;
        keys.key(UiKey::Enter).await.shows("20260001").await;
    })
    .await
    .unwrap();
}

/// Somebody who cannot sign in stands at the desk, and the roster knows them.
async fn to_vouching(keys: &mut Keys, ports: &Arc<FakeCampus>) {
    to_identity(keys).await;
    signs_in(keys, "20260001").await;
    ports.sign_in.push(Err(Failure::Offline));
    keys.shows("看过证件也能先往下办").await;
    unlocks(keys).await;
    keys.types("v").await.shows("看学生证").await;
    keys.types("20260001").await;
}

fn imports(dir: &std::path::Path) {
    let location = yingxin::store::Location::new(dir.join("store"));
    let roster = Store::make_roster(&location, &jiff::tz::TimeZone::UTC).unwrap();
    let listed = Enrolled {
        student: student("20260001"),
        mobile: Mobile::parse("13800138000").ok(),
    };
    roster.replace(&RealDisk, &[listed]).unwrap();
}

/// A lost record is reported to the volunteer and does not stop the desk from serving students.
#[tokio::test]
async fn a_store_with_a_damaged_record_still_keeps_what_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    imports(dir.path());
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| to_number_as(keys, &ports, "20260002").await)
        .await
        .unwrap();
    let segments = std::fs::read_dir(dir.path().join("store/journal")).unwrap();
    let segment = segments.map(|entry| entry.unwrap().path()).min().unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    // In the last record; behind it the segment is zeros.
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[end - 40] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    // The journal is read where sled is not there.
    std::fs::remove_dir_all(dir.path().join("store/derived")).unwrap();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        keys.shows("个别记录损坏").await;
        // The visit is offered, whichever of its records was hit.
        keys.shows(OFFERED).await.key(UiKey::Esc).await;
        to_vouching(keys, &ports).await;
        keys.key(UiKey::Enter).await.shows("张三").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whom_the_roster_found_is_named_only_where_it_can_be_kept_that_they_were() {
    let dir = tempfile::tempdir().unwrap();
    imports(dir.path());
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_vouching(keys, &ports).await;
        disk.hangs();
        keys.key(UiKey::Enter).await.shows("正在查名单").await;
        a_while().await;
        assert!(!keys.text().contains("张三"), "{}", keys.text());
        disk.goes_on();
        keys.shows("张三").await.types("2").await;
        keys.types("20260001").await;
        disk.breaks();
        keys.key(UiKey::Enter).await.shows("不能确认").await;
        assert!(!keys.text().contains("张三"), "{}", keys.text());
        disk.mends();
        asks_until(keys, "1. 核对过了", async |keys| {
            keys.key(UiKey::Enter).await;
        })
        .await;
        keys.shows("张三").await;
    })
    .await
    .unwrap();
}
