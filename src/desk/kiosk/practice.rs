//! What practice asks of the desk: bad days, and the drill, which begins only here.

use super::desk::Desk;
use crate::desk::drill::DrillRun;
use crate::desk::practice_phone;
use crate::screen::PracticePhone;
use crate::screen::drill::DrillOrder;
use crate::visit::Recorded;

impl Desk {
    /// The practice phone shows something else, or something goes wrong now or no more.
    pub fn phone_is(&mut self, phone: PracticePhone) {
        let (is_bad, now) = (phone.bad_now().next().is_some(), self.state.now().mono);
        self.state.phone = Some(phone);
        if let Some(run) = &mut self.state.drill {
            run.day_is(is_bad, now);
        }
    }

    /// Sets the n-th bad day, or takes it back.
    pub fn toggle_bad_day(&self, day: usize) {
        let days = self.state.phone.as_ref().map(|phone| &phone.bad_days);
        if let Some(day) = days.and_then(|days| days.get(day)) {
            practice_phone::toggle_day(&self.state.practice, &self.news, day.id.clone());
        }
    }

    /// Begins or ends the drill. A real desk has none.
    pub fn drill(&mut self, order: DrillOrder) {
        if self.state.practice.is_none() {
            return;
        }
        let now = self.state.now().mono;
        match (order, &mut self.state.drill) {
            (DrillOrder::Begin, drill) => {
                let phone = self.state.phone.as_ref();
                let is_bad = phone.is_some_and(|phone| phone.bad_now().next().is_some());
                *drill = Some(DrillRun::begin(now, is_bad));
            }
            (DrillOrder::End, Some(run)) => run.drill.end(now),
            (DrillOrder::End, None) => {}
        }
    }

    /// What the journal has acknowledged counts for the drill.
    pub fn tick_off(&mut self, records: &[Recorded]) {
        let now = self.state.now().mono;
        if let Some(run) = &mut self.state.drill {
            run.take(records, now);
        }
    }

    /// A pickup number that was typed may have found nothing.
    pub fn count_missed_pickup(&mut self) {
        let now = self.state.now().mono;
        if let Some(run) = &mut self.state.drill
            && self.state.pickup_missed.is_some()
        {
            run.pickup_missed(now);
        }
    }
}
