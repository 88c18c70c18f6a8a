//! A wall clock that is not believed: the servers are asked for theirs until one agrees, a volunteer says that it is right,
//! or `yingxin clock confirm` does. Until then nothing is dropped and no pickup number runs out. Where it jumped while the
//! desk runs, the desk's time goes on by the monotonic clock meanwhile.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::desk::Desk;
use super::serving::Serving;
use crate::campus::{Port, Probed};
use crate::desk::event::LoopEvent;
use crate::desk::socket::IpcReply;
use crate::store::{CommitError, clock_agrees};
use crate::visit::VolunteerName;

/// The pause between two questions.
const PAUSE: Duration = Duration::from_secs(60);

impl Serving {
    /// Looks whether the wall clock jumped.
    pub fn watch_clock(&mut self, desk: &mut Desk) {
        if self.visits.clock_doubt().is_some() || !desk.state.clock.has_jumped() {
            return;
        }
        let clock = desk.state.clock.machine_wall();
        tracing::warn!(%clock, "the clock of this machine jumped: it is not believed until it is confirmed");
        self.visits.distrust_clock();
        self.store.judge_clock();
        self.clock_asked = None;
        desk.changed = true;
    }

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
        match nearest(answers) {
            Some(ahead) if clock_agrees(ahead) => {
                tracing::info!("a server's clock agrees with this machine's");
                let confirmed = self.store.confirm_clock();
                Self::await_confirmed(desk, None, confirmed, None);
            }
            Some(ahead) => tracing::warn!(
                seconds = ahead.as_secs(),
                "a server's clock is ahead of this machine's: set this machine's clock"
            ),
            None => {}
        }
    }

    /// The clock is right, by a volunteer's word, which the journal holds: `by` name, where their PIN is their own. `answer`
    /// is for the command that asked.
    pub fn confirm_clock(
        &self,
        desk: &Desk,
        by: Option<&VolunteerName>,
        answer: Option<oneshot::Sender<IpcReply>>,
    ) {
        let confirmed = self.store.confirm_clock_by(by.cloned());
        Self::await_confirmed(desk, by.cloned(), confirmed, answer);
    }

    /// Tells the loop, the log and whoever asked when the store has confirmed it.
    fn await_confirmed(
        desk: &Desk,
        by: Option<VolunteerName>,
        confirmed: oneshot::Receiver<Result<(), CommitError>>,
        answer: Option<oneshot::Sender<IpcReply>>,
    ) {
        let clock = desk.state.clock.machine_wall();
        let news = desk.news.clone();
        tokio::spawn(async move {
            let reply = match confirmed.await {
                Ok(Ok(())) => IpcReply::Done,
                Ok(Err(why)) => IpcReply::Error(why.to_string()),
                Err(_) => IpcReply::Error("the store is closed".into()),
            };
            let by = by.as_ref().map(VolunteerName::as_str);
            match &reply {
                IpcReply::Error(why) => {
                    tracing::error!(why, by, "the clock could not be confirmed")
                }
                _ => tracing::info!(by, %clock, "the clock is confirmed"),
            }
            // Without a receiver the loop has ended.
            let _ = news.send(LoopEvent::ClockConfirmed).await;
            if let Some(answer) = answer {
                let _ = answer.send(reply);
            }
        });
    }

    /// The store has judged the clock anew: numbers that have run out by it do so now.
    pub fn clock_confirmed(&mut self, desk: &mut Desk) {
        let clock = self.store.clock();
        if clock.doubt.is_none() {
            desk.state.clock.believe();
        }
        self.visits.set_clock(clock);
        desk.state.sweep(&mut self.visits);
    }
}

/// How far the servers' clocks are ahead, by the one that is nearest to this machine's.
fn nearest(answers: &[Probed]) -> Option<SignedDuration> {
    let ahead = answers.iter().filter_map(|answer| answer.ahead);
    ahead.min_by_key(|ahead| ahead.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_that_agrees_is_enough_and_none_is_not() {
        let answer = |ahead: Option<i64>| Probed {
            ahead: ahead.map(SignedDuration::from_secs),
            ..Probed::silent()
        };
        let agrees = |answers: &[Probed]| nearest(answers).is_some_and(clock_agrees);
        assert!(!agrees(&[]));
        assert!(!agrees(&[answer(None)]));
        assert!(!agrees(&[answer(Some(601)), answer(Some(-86_400))]));
        assert!(agrees(&[answer(Some(86_400)), answer(Some(-590))]));
    }
}
