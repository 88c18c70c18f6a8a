//! The numbers of the day for the volunteer's page: read from the journal, as `yingxin report` reads them, off the loop's
//! thread and one reading at a time.

use jiff::tz::TimeZone;

use super::desk::Desk;
use super::serving::Serving;
use crate::desk::event::LoopEvent;
use crate::screen::DayState;
use crate::store::{Location, StoreError, read_report};
use crate::visit::report::{DayReport, ReportDays, configured};
use crate::visit::{Connectivity, Rules, StepKind, Visit, route};

impl Serving {
    /// Has the day read; the numbers come as [`LoopEvent::DayRead`].
    pub fn read_day(&mut self, desk: &mut Desk) {
        desk.state.day = DayState::Reading;
        if self.is_reading_day {
            return;
        }
        self.is_reading_day = true;
        let (location, zone, rules) = (
            self.location.clone(),
            self.zone.clone(),
            self.pack.rules.clone(),
        );
        let (now, reach) = (desk.state.now().wall, configured(desk.state.reach()));
        let news = desk.news.clone();
        tokio::task::spawn_blocking(move || {
            let today = now.to_zoned(zone.clone()).date();
            let days = ReportDays::new(today, today, &zone);
            let read = days.map(|days| read(&location, &zone, days, &rules, reach));
            let report = match read {
                Some(Ok(report)) => Some(Box::new(report)),
                Some(Err(error)) => {
                    tracing::warn!(%error, "the numbers of the day cannot be read");
                    None
                }
                None => None,
            };
            // Without a receiver the loop has ended.
            let _ = news.blocking_send(LoopEvent::DayRead(report));
        });
    }

    /// The numbers of the day; of no use where the panel was closed meanwhile.
    pub fn day_read(&mut self, desk: &mut Desk, report: Option<Box<DayReport>>) {
        self.is_reading_day = false;
        if desk.state.day == DayState::Reading {
            desk.state.day = report.map_or(DayState::Failed, DayState::Read);
        }
    }
}

fn read(
    location: &Location,
    zone: &TimeZone,
    days: ReportDays,
    rules: &Rules,
    reach: Connectivity,
) -> Result<DayReport, StoreError> {
    let step = |visit: &Visit| -> Option<StepKind> {
        route::step(visit, rules, reach).map(|step| step.kind)
    };
    read_report(location, zone, days, &step, false).map(|read| read.report)
}
