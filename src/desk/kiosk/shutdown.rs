//! The end: when the desk stops, what is in hand is kept and the store is closed.

use std::time::Duration;

use super::commit::acknowledged;
use super::desk::Desk;
use super::serving::Serving;
use super::{Canvas, Kiosk, Phase};
use crate::visit::{Command, ParkedFor};

/// How long the desk waits for what is under way in the store when it stops.
const LAST_COMMIT: Duration = Duration::from_secs(3);

impl<C: Canvas> Kiosk<C> {
    /// Parks what is in hand, waits a moment for the store, closes it.
    pub(super) async fn stop(mut self) {
        self.desk.ui.wipe();
        match self.phase {
            Phase::Opening(_) => {}
            Phase::Serving(serving) => serving.stop(&mut self.desk).await,
        }
    }
}

impl Serving {
    async fn stop(mut self: Box<Self>, desk: &mut Desk) {
        if let Some(id) = desk.state.target() {
            let why = ParkedFor::ProgramRestart;
            self.visits.enqueue(id, Command::Park { why });
        }
        let end = tokio::time::Instant::now() + LAST_COMMIT;
        while self.is_busy() {
            self.turn(desk);
            if self.committing.is_none() {
                continue;
            }
            match tokio::time::timeout_at(end, acknowledged(&mut self.committing)).await {
                Ok(Ok(())) => self.acknowledged(desk, Ok(())),
                // Nothing is tried again now: the next start settles what is open.
                _ => break,
            }
        }
        crate::desk::socket::unbind(&self.location.dir);
        let store = self.store;
        let closing = tokio::task::spawn_blocking(move || store.close());
        match tokio::time::timeout(LAST_COMMIT, closing).await {
            Ok(Ok(Ok(()))) => {}
            other => {
                tracing::warn!(closed = ?other.is_ok(), "the store was not closed cleanly: the next start rebuilds it")
            }
        }
    }
}
