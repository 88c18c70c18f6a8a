//! A wall clock that is not believed: the servers are asked for theirs until one agrees, a volunteer says that it is right,
//! or `yingxin clock confirm` does. Until then nothing is dropped and no pickup number runs out.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::desk::Desk;
use super::serving::Serving;
use crate::campus::{Port, Probed};
use crate::desk::event::LoopEvent;
use crate::desk::socket::IpcReply;
use crate::visit::VolunteerName;

/// The pause between two questions.
const PAUSE: Duration = Duration::from_secs(60);
/// A server's clock agrees if it is no further away than this.
const AGREES: SignedDuration = SignedDuration::from_mins(10);

impl Serving {
    /// When the servers are asked for the time next, monotonic; `None` where the clock is believed.
    pub fn next_clock_ask(&self, now: Duration) -> Option<Duration> {
        self.visits.clock_doubt()?;
        Some(
            self.clock_asked
                .map_or(now, |asked| asked.saturating_add(PAUSE)),
        )
    }

    /// Asks every port something that changes nothing: their answers have a time.
    pub fn ask_clock(&mut self, now: Duration) {
        self.clock_asked = Some(now);
        for port in Port::ALL {
            self.outside.probe(*port);
        }
    }

    /// Confirms the clock where a server's agrees.
    pub fn compare_clock(&self, desk: &Desk, answers: &[Probed]) {
        if self.visits.clock_doubt().is_none() {
            return;
        }
        let ahead = || answers.iter().filter_map(|answer| answer.ahead);
        if ahead().any(|ahead| ahead.abs() <= AGREES) {
            tracing::info!("a server's clock agrees with this machine's");
            self.confirm_clock(desk, None, None);
        } else if let Some(ahead) = ahead().next() {
            tracing::warn!(
                seconds = ahead.as_secs(),
                "a server's clock is ahead of this machine's: set this machine's clock"
            );
        }
    }

    /// The clock is right. `by` is the volunteer who says so, where their PIN is their own; `answer` is for the command
    /// that asked.
    pub fn confirm_clock(
        &self,
        desk: &Desk,
        by: Option<&VolunteerName>,
        answer: Option<oneshot::Sender<IpcReply>>,
    ) {
        tracing::info!(
            by = by.map(VolunteerName::as_str),
            clock = %desk.state.now().wall,
            "the clock is confirmed"
        );
        let confirmed = self.store.confirm_clock();
        let news = desk.news.clone();
        tokio::spawn(async move {
            let reply = match confirmed.await {
                Ok(Ok(())) => IpcReply::Done,
                Ok(Err(why)) => IpcReply::Error(why.to_string()),
                Err(_) => IpcReply::Error("the store is closed".into()),
            };
            // Without a receiver the loop has ended.
            let _ = news.send(LoopEvent::ClockConfirmed).await;
            if let Some(answer) = answer {
                let _ = answer.send(reply);
            }
        });
    }

    /// The store has judged the clock anew: numbers that have run out by it do so now.
    pub fn clock_confirmed(&mut self, desk: &mut Desk) {
        self.visits.set_clock(self.store.clock());
        desk.state.sweep(&mut self.visits);
    }
}
