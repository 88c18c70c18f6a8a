//! Ends: nothing of a student is left on the screen, and when the desk stops what is in hand is kept.

use std::time::Duration;

use super::commit::acknowledged;
use super::{Canvas, Kiosk};
use crate::desk::state::Hand;
use crate::desk::visits::Visits;
use crate::visit::{Command, ParkedFor};

/// How long the desk waits for what is under way in the store when it stops.
const LAST_COMMIT: Duration = Duration::from_secs(3);

impl<C: Canvas> Kiosk<C> {
    /// Nothing of the last student is left: neither half typed nor on the screen.
    pub(in crate::desk) fn back_to_welcome(&mut self) {
        self.ui.wipe();
        self.state.lang = self.state.home_lang;
        self.ui.set_lang(self.state.lang);
        self.state.pickup_missed = false;
        self.state.is_untidy = false;
        self.repaint = true;
        self.changed = true;
    }

    /// Clears the screen for the next student, whatever the store says to it: `then` is what becomes of the visit in
    /// hand, as soon as it can be kept.
    pub(in crate::desk) fn put_away(&mut self, then: Command) {
        let hand = self.state.hand;
        if let Some(visits) = &mut self.state.visits {
            match hand {
                Hand::Visit(id) => visits.put_away(id, then),
                Hand::Offered(id) => {
                    visits.withdraw_offer(id);
                    // Where all of it is done, nothing waits any more.
                    visits.put_away(id, Command::Finish);
                }
                Hand::Starting | Hand::Free | Hand::JustParked(_) => {}
            }
        }
        self.state.show(Hand::Free);
        self.back_to_welcome();
    }

    /// A volunteer ends the program.
    pub(in crate::desk) fn leave(&mut self) {
        self.leaving = true;
    }

    /// Parks what is in hand, waits a moment for the store, closes it.
    pub(super) async fn stop(&mut self) {
        self.ui.wipe();
        self.command(Command::Park {
            why: ParkedFor::Restart,
        });
        let end = tokio::time::Instant::now() + LAST_COMMIT;
        while self.committing.is_some()
            || self.state.visits.as_ref().is_some_and(Visits::has_commands)
        {
            self.turn();
            if self.committing.is_none() {
                continue;
            }
            match tokio::time::timeout_at(end, acknowledged(&mut self.committing)).await {
                Ok(Ok(())) => self.acknowledged(Ok(())),
                // Nothing is tried again now: the next start settles what is open.
                _ => break,
            }
        }
        if let Some(dir) = &self.dir {
            crate::desk::socket::unbind(dir);
        }
        if let Some(store) = self.store.take() {
            let closing = tokio::task::spawn_blocking(move || store.close());
            match tokio::time::timeout(LAST_COMMIT, closing).await {
                Ok(Ok(Ok(()))) => {}
                other => {
                    tracing::warn!(closed = ?other.is_ok(), "the store was not closed cleanly: the next start rebuilds it")
                }
            }
        }
    }
}
