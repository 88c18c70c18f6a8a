//! The numbers of the day for the volunteer's page: read from the journal, as `yingxin report` reads them, off the loop's
//! thread and one reading at a time.

use jiff::tz::TimeZone;
use tokio::task::JoinError;

use super::desk::Desk;
use super::serving::{DayReading, Serving};
use crate::screen::DayState;
use crate::store::{Location, StoreError, read_report};
use crate::visit::report::{DayReport, ReportDays, configured};
use crate::visit::{Connectivity, Rules, StepKind, Visit, route};

/// What a reading came to; it may have fallen.
pub(super) type DayRead = Result<Option<Box<DayReport>>, JoinError>;

impl Serving {
    /// Has the day read; the numbers come as [`StoreEvent::DayRead`](super::commit::StoreEvent). A reading that is under
    /// way serves whoever asks meanwhile.
    pub fn read_day(&mut self, desk: &mut Desk) {
        desk.state.day = DayState::Reading;
        if self.day_reading.is_some() {
            return;
        }
        let (location, zone, rules) = (
            self.location.clone(),
            self.zone.clone(),
            self.pack.rules.clone(),
        );
        let (now, reach) = (desk.state.now().wall, configured(desk.state.reach()));
        self.day_reading = Some(tokio::task::spawn_blocking(move || {
            let today = now.to_zoned(zone.clone()).date();
            let days = ReportDays::new(today, today, &zone)?;
            match read(&location, &zone, days, &rules, reach) {
                Ok(report) => Some(Box::new(report)),
                Err(error) => {
                    tracing::warn!(%error, "the numbers of the day cannot be read");
                    None
                }
            }
        }));
    }

    /// The numbers of the day; of no use where the panel was closed meanwhile. A reading that fell is one that failed: the
    /// next one may begin.
    pub fn day_read(&mut self, desk: &mut Desk, read: DayRead) {
        desk.changed = true;
        self.day_reading = None;
        let report = read.unwrap_or_else(|error| {
            tracing::error!(%error, "the reading of the day's numbers fell");
            None
        });
        if desk.state.day == DayState::Reading {
            desk.state.day = report.map_or(DayState::Failed, DayState::Read);
        }
    }
}

/// What the reading came to; never, where there is none.
pub(super) async fn day_read(reading: &mut Option<DayReading>) -> DayRead {
    match reading {
        Some(reading) => reading.await,
        None => std::future::pending().await,
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
