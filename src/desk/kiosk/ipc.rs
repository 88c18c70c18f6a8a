//! What other commands ask of a running desk, and its answers. The command may be gone.

use tokio::sync::oneshot;

use super::desk::Desk;
use super::serving::Serving;
use crate::desk::event::LoopEvent;
use crate::desk::lock::PinVerdict;
use crate::desk::socket::{IpcReply, IpcRequest, Wanted, WrongPin};
use crate::desk::state::Hand;
use crate::store::{ForgottenPerson, sort_tickets, ticket_rows};
use crate::visit::{Secret, StudentNumber, VisitId};

type ReplySender = oneshot::Sender<IpcReply>;

impl Serving {
    /// Answers another command.
    pub fn answer_command(&mut self, desk: &mut Desk, ask: IpcRequest) {
        match ask {
            IpcRequest::List { answer } => {
                let _ = answer.send(crate::store::list_rows(self.visits.iter()));
            }
            IpcRequest::Reload { answer } => {
                let _ = answer.send(desk.reload());
            }
            IpcRequest::BehindPin {
                pin,
                wanted,
                answer,
            } => desk.check_asker(pin, wanted, answer),
        }
    }

    /// The PIN was checked.
    pub fn asker_checked(
        &self,
        desk: &mut Desk,
        verdict: PinVerdict,
        wanted: Wanted,
        answer: ReplySender,
    ) {
        let now = desk.state.now().mono;
        desk.state.commands.checked(verdict.clone(), now);
        let tried = desk.state.commands.clone();
        desk.state.count_together(&tried);
        tracing::info!(right = verdict.is_right(), "a command brought a PIN");
        let PinVerdict::Right(by) = verdict else {
            let _ = answer.send(desk.wrong_pin());
            return;
        };
        desk.state.commands.close();
        match wanted {
            Wanted::Tickets => self.answer_tickets(answer),
            Wanted::Forget(number) => self.forget(desk, number, answer),
            Wanted::ConfirmClock => self.confirm_clock(desk, by.as_ref(), Some(answer)),
            Wanted::View(view, visit) => {
                let noted = self.store.record_view(view, visit, by);
                tokio::spawn(async move {
                    let _ = answer.send(match noted.await {
                        Ok(Ok(())) => IpcReply::Done,
                        Ok(Err(why)) => IpcReply::Error(why.to_string()),
                        Err(_) => IpcReply::Error("the store is closed".into()),
                    });
                });
            }
        }
    }

    /// The store knows all tickets, the loop what is newest of those that are not solved.
    fn answer_tickets(&self, answer: ReplySender) {
        let live = ticket_rows(self.visits.iter());
        let stored = self.store.tickets();
        tokio::spawn(async move {
            let mut rows = match stored.await {
                Ok(Some(rows)) => rows,
                _ => {
                    tracing::warn!("solved tickets cannot be told before the next start");
                    Vec::new()
                }
            };
            rows.retain(|row| !live.iter().any(|l| l.visit == row.visit));
            rows.extend(live);
            sort_tickets(&mut rows);
            let _ = answer.send(IpcReply::Tickets(rows));
        });
    }

    /// The store forgets, then the loop, then sled is built anew, then the command gets its answer.
    fn forget(&self, desk: &Desk, number: StudentNumber, answer: ReplySender) {
        let forgotten = self.store.forget_person(number);
        let news = desk.news.clone();
        tokio::spawn(async move {
            let reply = match forgotten.await {
                Ok(Ok(forgotten)) => {
                    let person = Box::new(forgotten.person.clone());
                    let _ = news.send(LoopEvent::Forgotten(person)).await;
                    IpcReply::Forgotten(forgotten.receipt().await)
                }
                Ok(Err(why)) => IpcReply::Error(why.to_string()),
                Err(_) => IpcReply::Error("the store is closed".into()),
            };
            let _ = answer.send(reply);
        });
    }

    /// Somebody was forgotten: nothing of them stays here or on the screen.
    pub fn forgotten(&mut self, desk: &mut Desk, forgotten: &ForgottenPerson) {
        let gone: &[VisitId] = &forgotten.receipt.visits;
        self.visits
            .forget(gone, &forgotten.limits, desk.state.now());
        desk.state.forget_views();
        desk.state.message.take_if(|(_, of, _)| gone.contains(of));
        let shown = match desk.state.hand {
            Hand::Visit(id) | Hand::Offered(id) | Hand::JustParked(id) => gone.contains(&id),
            Hand::Starting | Hand::Free => false,
        };
        desk.state.follow(&mut self.visits, &self.pack.rules, &[]);
        if shown {
            desk.state.show(Hand::Free);
            desk.back_to_welcome();
        }
        tracing::info!(visits = gone.len(), "visits were forgotten on request");
    }
}

impl Desk {
    /// What names people is answered and done only for the PIN, and with the same pauses as on the screen:
    /// wrong ones count together.
    fn check_asker(&mut self, pin: Secret, wanted: Wanted, answer: ReplySender) {
        let now = self.state.now().mono;
        let Some(way) = self.pins.begin(&mut self.state.commands, &pin, now) else {
            let _ = answer.send(self.wrong_pin());
            return;
        };
        self.find_owner(pin, way, |verdict| LoopEvent::AskerChecked {
            verdict,
            wanted,
            answer,
        });
    }

    fn reload(&mut self) -> IpcReply {
        if self.state.practice.is_some() {
            return IpcReply::Error("practice has no files of a desk".into());
        }
        tracing::info!("the desk's files are new: it begins anew when nobody stands there");
        self.reloads = true;
        IpcReply::Done
    }

    fn wrong_pin(&self) -> IpcReply {
        let pause = self.state.commands.pause(self.state.now().mono);
        IpcReply::WrongPin(WrongPin {
            again_in: pause
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        })
    }
}
