//! What the loop's own tasks bring: the store and the campus when they are there, answers, verdicts.

use super::desk::Desk;
use super::serving::Serving;
use super::{Canvas, Kiosk, Phase};
use crate::campus::GrantNews;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::pick;
use crate::desk::event::{EffectAnswer, LoopEvent};
use crate::desk::practice_phone;
use crate::visit::{EffectId, Failure, GrantRefusal, PickupTries, Reply};

impl<C: Canvas> Kiosk<C> {
    pub(super) fn take_event(&mut self, news: LoopEvent) -> CliResult<()> {
        self.desk.changed = true;
        match news {
            LoopEvent::Ready(ready) => {
                let serving = Serving::begin((*ready)?, &mut self.desk);
                self.phase = Phase::Serving(Box::new(serving));
            }
            LoopEvent::Answered(answered) => {
                self.with_serving(|s, desk| s.answered(desk, answered))
            }
            LoopEvent::Probed { port, answers } => {
                self.with_serving(|s, desk| s.probed(desk, port, &answers));
            }
            LoopEvent::Delivery {
                id,
                visit,
                delivery,
            } => self.desk.state.delivered(id, visit, delivery),
            LoopEvent::Found { run, finding } => self.desk.found(run, finding),
            LoopEvent::Examined { run } => self.desk.checks_done(run),
            LoopEvent::Grant { id, news } => {
                self.with_serving(|s, desk| s.granting(desk, id, news))
            }
            LoopEvent::PinChecked(verdict) => {
                if verdict.is_right() {
                    self.with_serving(Serving::lift_limits);
                }
                self.desk.pin_checked(verdict);
                self.with_serving(Serving::refresh_lists);
            }
            LoopEvent::Phone(phone) => self.desk.phone_is(phone),
            LoopEvent::Listed(listed) => self.with_serving(|s, desk| s.listed(desk, *listed)),
            LoopEvent::HandoverChecked(verdict) => {
                self.with_serving(|s, desk| s.handover_checked(desk, verdict));
            }
            LoopEvent::HandedOver { run, to, kept } => {
                self.with_serving(|s, desk| s.handed_over(desk, run, to, kept));
            }
            LoopEvent::ClockConfirmed => self.with_serving(Serving::clock_confirmed),
            LoopEvent::Printed(printed) => self.desk.state.printed(printed),
            LoopEvent::Asked(ask) => self.with_serving(|s, desk| s.answer_command(desk, ask)),
            LoopEvent::AskerChecked {
                verdict,
                wanted,
                answer,
            } => self.with_serving(|s, desk| s.asker_checked(desk, verdict, wanted, answer)),
            LoopEvent::Forgotten(forgotten) => {
                self.with_serving(|s, desk| s.forgotten(desk, &forgotten));
            }
            LoopEvent::Fell => {
                return Err(CliError::new(
                    Exit::Failure,
                    pick("stopped by a fault of its own", "自己出错停了"),
                    pick(
                        "start it again: every step that was shown as done is kept",
                        "请重新启动：显示为完成的每一步都保留着",
                    ),
                ));
            }
        }
        Ok(())
    }
}

impl Serving {
    /// A volunteer is there with a PIN: what this desk as a whole slowed down or stopped goes on.
    fn lift_limits(&mut self, desk: &mut Desk) {
        self.visits.limits.lift_desk();
        desk.state.pickup_tries = PickupTries::default();
    }

    fn answered(&mut self, desk: &mut Desk, answered: EffectAnswer) {
        let EffectAnswer {
            id,
            kind,
            reply,
            took,
        } = answered;
        let now = desk.state.now().mono;
        // Without randomness the pause is the shortest, and the ceiling still holds.
        let random = getrandom::u64().unwrap_or_default();
        if desk.state.breakers.note(kind, &reply, took, now, random) {
            self.gateway_is_back(kind.link());
        }
        match &reply {
            // The student may have gone.
            Reply::DeviceGranted(Err(Failure::Rejected(GrantRefusal::Expired))) => {
                desk.state.idle.patience_ends(now);
            }
            // Somebody just did something on the phone, or the page says something new.
            Reply::DeviceGranted(_) => desk.state.idle.touch(now),
            Reply::SignedIn(_)
            | Reply::MemberFound(_)
            | Reply::NumberBound(_)
            | Reply::CodeSent(_)
            | Reply::CodeChecked(_)
            | Reply::Confirmed(_)
            | Reply::Unbound(_) => {}
        }
        self.visits.answered(id, reply);
        desk.state.refresh_outbox(&self.visits);
        practice_phone::refresh(&desk.state.practice, &desk.news);
    }

    /// What a sign-in on the student's phone says is shown, and is no touch of the desk.
    fn granting(&mut self, desk: &Desk, id: EffectId, news: GrantNews) {
        let now = desk.state.now().mono;
        self.visits.in_flight.record_grant(id, news, now);
        practice_phone::refresh(&desk.state.practice, &desk.news);
    }
}
