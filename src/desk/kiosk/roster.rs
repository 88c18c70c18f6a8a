//! The lookup of a student in the roster, for a volunteer about to vouch for them. Runs off the loop thread, and shown
//! only where it can be kept that it was looked at.

use super::desk::Desk;
use super::serving::Serving;
use crate::desk::event::{LoopEvent, NoRoster, RosterAnswer};
use crate::screen::Lookup;
use crate::store::Roster;
use crate::visit::{Command, ShownNumbers, Student, StudentNumber};

impl Serving {
    /// Looks a student up for a volunteer; the roster's answer comes as [`LoopEvent::Listed`].
    pub fn find_student(&mut self, desk: &mut Desk, number: StudentNumber) {
        if !self.store_health(&desk.state).keeps() {
            desk.state.lookup = Lookup::NotNow;
            return;
        }
        (desk.state.lookup, desk.state.listed) = (Lookup::Looking, None);
        let (roster, news) = (self.store.roster(), desk.news.clone());
        let wanted = number.clone();
        let found = tokio::task::spawn_blocking(move || find_in_roster(&roster, &wanted));
        tokio::spawn(async move {
            // A search that fell found nothing.
            let found = found.await.unwrap_or(Err(NoRoster));
            let answer = Box::new(RosterAnswer { number, found });
            // Without a receiver the loop has ended.
            let _ = news.send(LoopEvent::Listed(answer)).await;
        });
    }

    /// The roster's answer; of no use where the panel was closed meanwhile, or the visit is gone.
    pub fn listed(&mut self, desk: &mut Desk, listed: RosterAnswer) {
        let RosterAnswer { number, found } = listed;
        // A panel that is closed looks for nothing.
        let is_awaited = desk.state.lookup == Lookup::Looking;
        let (true, Some(visit)) = (is_awaited, desk.state.hand.visit()) else {
            return;
        };
        desk.state.lookup = match found {
            Err(NoRoster) => Lookup::NoRoster,
            Ok(None) => Lookup::Missing,
            Ok(Some(student)) => {
                let whose = ShownNumbers::Roster(number.clone());
                desk.state.listed = Some((number, student));
                self.command_for(desk, visit, Command::ShowNumbers { whose });
                // Found, once that is kept.
                Lookup::Looking
            }
        };
    }
}

fn find_in_roster(roster: &Roster, number: &StudentNumber) -> Result<Option<Student>, NoRoster> {
    match roster.stats() {
        Ok(Some(_)) => Ok(roster.find(number).map(|enrolled| enrolled.student)),
        Ok(None) => Err(NoRoster),
        Err(error) => {
            tracing::warn!(%error, "the roster cannot be read");
            Err(NoRoster)
        }
    }
}
