//! Whom the roster knows, for a volunteer who is about to vouch for somebody. Looked up off the loop's thread, and shown
//! only where it can be kept that it was looked at.

use super::{Canvas, Kiosk};
use crate::desk::event::{Listed, News, NoRoster};
use crate::screen::Lookup;
use crate::store::Roster;
use crate::visit::{Command, Shown, Student, StudentNumber};

impl<C: Canvas> Kiosk<C> {
    pub(super) fn find_student(&mut self, number: StudentNumber) {
        let store = self.store.as_ref().filter(|_| self.state.panel.is_open());
        let Some(roster) = store.map(|store| store.roster()) else {
            return;
        };
        if !self.state.store.keeps() {
            self.state.lookup = Lookup::NotNow;
            return;
        }
        (self.state.lookup, self.state.listed) = (Lookup::Looking, None);
        let news = self.news.clone();
        tokio::task::spawn_blocking(move || {
            let found = look(&roster, &number);
            // The loop is gone when nobody listens.
            let _ = news.blocking_send(News::Listed(Box::new(Listed { number, found })));
        });
    }

    /// The roster's answer; of no use where the panel was closed meanwhile, or the visit is gone.
    pub(super) fn listed(&mut self, listed: Listed) {
        let Listed { number, found } = listed;
        let waits = self.state.panel.is_open() && self.state.lookup == Lookup::Looking;
        let (true, Some(visit)) = (waits, self.state.hand.visit()) else {
            return;
        };
        self.state.lookup = match found {
            Err(NoRoster) => Lookup::NoRoster,
            Ok(None) => Lookup::Missing,
            Ok(Some(student)) => {
                let whose = Shown::Roster(number.clone());
                self.state.listed = Some((number, student));
                self.as_volunteer(visit, Command::ShowNumbers { whose });
                // Found, once that is kept.
                Lookup::Looking
            }
        };
    }
}

fn look(roster: &Roster, number: &StudentNumber) -> Result<Option<Student>, NoRoster> {
    match roster.stats() {
        Ok(Some(_)) => Ok(roster.find(number).map(|enrolled| enrolled.student)),
        Ok(None) => Err(NoRoster),
        Err(error) => {
            tracing::warn!(%error, "the roster cannot be read");
            Err(NoRoster)
        }
    }
}
