//! What a volunteer is shown whole is in the journal first: where that cannot be kept, it is not shown.

use yingxin::store::{Enrolled, RealDisk, Store};
use yingxin::visit::Mobile;

use super::*;

const NOTING: &str = "记好了再显示";

#[tokio::test]
async fn a_ticket_is_shown_whole_only_where_it_can_be_kept_that_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), Ports::new());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        unlocks(keys).await;
        keys.types("2").await.shows("请记下这个取号").await;
        keys.key(Key::Enter).await.shows(WELCOME).await;
        unlocks(keys).await;
        keys.key(Key::Up).await.types("t").await;
        keys.shows("(0/4000)").await.key(Key::Enter).await;
        keys.shows("20260001").await;
        keys.key(Key::Esc).await.shows("未解决的工单").await;
        disk.breaks();
        keys.key(Key::Enter).await.shows(NOTING).await;
        keys.shows("存不了数据").await;
        assert!(!keys.text().contains("20260001"), "{}", keys.text());
        disk.mends();
        keys.key(Key::Esc).await.hides(NOTING).await;
        keys.key(Key::Enter).await.shows("20260001").await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whom_the_roster_found_is_named_only_where_it_can_be_kept_that_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let location = yingxin::store::Location::new(dir.path().join("store"));
    let roster = Store::make_roster(&location, &jiff::tz::TimeZone::UTC).unwrap();
    let listed = Enrolled {
        student: student("20260001"),
        mobile: Mobile::parse("13800138000").ok(),
    };
    roster.replace(&RealDisk, &[listed]).unwrap();
    let (disk, ports) = (Disk::new(), Ports::new());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_identity(keys).await;
        signs_in(keys, "20260001").await;
        ports.signs_in(Err(Failure::Offline)).await;
        keys.shows("看过证件也能先往下办").await;
        unlocks(keys).await;
        keys.types("1").await.shows("看学生证").await;
        keys.types("20260001").await;
        disk.hangs_for(Duration::from_millis(1500));
        keys.key(Key::Enter).await.shows("正在查名单").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!keys.text().contains("张三"), "{}", keys.text());
        keys.shows("张三").await.types("2").await;
        keys.types("20260001").await;
        disk.breaks();
        keys.key(Key::Enter).await.shows("不能确认").await;
        assert!(!keys.text().contains("张三"), "{}", keys.text());
        disk.mends();
        // Asked again until the store has found out by itself that it can be written to.
        while !keys.text().contains("1. 核对过了") {
            keys.key(Key::Enter).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        keys.shows("张三").await;
    })
    .await
    .unwrap();
}
