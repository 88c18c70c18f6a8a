//! The day on one page: at the desk it says what the report of the same journal says.

use jiff::tz::TimeZone;
use yingxin::campus::pack;
use yingxin::store::{Location, read_report};
use yingxin::visit::report::{DayReport, ReportDays, configured};
use yingxin::visit::{Connectivity, Gateway, Visit, route};

use super::*;

fn reported(dir: &std::path::Path) -> DayReport {
    let zone = TimeZone::system();
    let today = jiff::Zoned::now().date();
    let days = ReportDays::new(today, today, &zone).unwrap();
    let rules = glass::sends_codes(pack::for_practice(pack::embedded().unwrap()).unwrap()).rules;
    let up = Gateway::Up;
    let reach = configured(Connectivity {
        identity: up,
        directory_read: up,
        sms: up,
        ..Connectivity::default()
    });
    let step = |visit: &Visit| route::step(visit, &rules, reach).map(|step| step.kind);
    let location = Location::new(dir.join("store"));
    read_report(&location, &zone, days, &step, false)
        .unwrap()
        .report
}

#[tokio::test]
async fn the_day_at_the_desk_is_the_report_of_its_journal() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        // One goes away at the number, one after a wrong password.
        to_number(keys, &ports).await;
        waits(keys).await;
        to_identity(keys).await;
        signs_in(keys, "20260002").await;
        let wrong = yingxin::visit::SignInRefusal::WrongPassword;
        ports.sign_in.push(Err(Failure::Rejected(wrong)));
        keys.shows("密码").await;
        unlocks(keys).await;
        keys.types("x").await.types("x").await.shows(WELCOME).await;
        unlocks(keys).await;
        keys.types("d").await.shows("的登记").await;
        let report = reported(dir.path());
        assert_eq!((report.total.served, report.waiting), (2, 1), "{report:?}");
        let text = squeezed(&keys.text());
        assert!(text.contains("接待2"), "{text}");
        assert!(text.contains("还在等1"), "{text}");
        let end = keys.key(UiKey::End).await;
        end.shows("停在哪一步").await;
        for answer in &report.answers {
            let times = squeezed(&format!("登录 {}", answer.times));
            let what = yingxin::visit::ActKind::SignIn;
            let text = squeezed(&keys.text());
            assert!(
                answer.what != what || text.contains(&times),
                "{times}: {text}"
            );
        }
        assert!(!keys.text().contains("20****01") && !keys.text().contains("张"));
        keys.key(UiKey::Esc).await.shows("等着的人").await;
    })
    .await
    .unwrap();
}
