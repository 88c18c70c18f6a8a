//! What the loop's own tasks bring: the store and the campus when they are there, answers, verdicts.

use super::{Canvas, Kiosk};
use crate::campus::GrantNews;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::desk::effects::{Links, Outside};
use crate::desk::event::{Answered, News, Ready};
use crate::desk::opening;
use crate::desk::practice_phone;
use crate::desk::visits::Visits;
use crate::visit::{EffectId, Failure, GrantRefusal, Reply};

impl<C: Canvas> Kiosk<C> {
    pub(super) fn take_news(&mut self, news: News) -> CliResult<()> {
        self.changed = true;
        match news {
            News::Ready(ready) => self.ready((*ready)?),
            News::Answered(answered) => self.answered(answered),
            News::Probed { port, answers } => self.probed(port, &answers),
            News::Delivery {
                id,
                visit,
                delivery,
            } => self.state.delivered(id, visit, delivery),
            News::Found { run, finding } => self.found(run, finding),
            News::Examined { run } => self.has_examined(run),
            News::Grant { id, news } => self.granting(id, news),
            News::PinChecked(right) => {
                self.state.panel.checked(right, self.state.now().mono);
                self.state.idle.touch(self.state.now().mono);
                tracing::info!(right, "a PIN was checked");
            }
            News::Phone(phone) => self.state.phone = Some(phone),
            News::Listed(listed) => self.listed(*listed),
            News::Asked(ask) => self.tell(ask),
            News::AskerChecked {
                right,
                wanted,
                answer,
            } => self.asker_checked(right, wanted, answer),
            News::Forgotten(forgotten) => self.forgotten(&forgotten),
            News::Fell => {
                return Err(CliError::new(
                    Exit::Failure,
                    "stopped by a fault of its own",
                    "start it again: every step that was shown as done is kept",
                ));
            }
        }
        Ok(())
    }

    fn ready(&mut self, ready: Ready) {
        let Ready {
            dir,
            store,
            opened,
            campus,
            base,
            letter,
            codes,
            today,
            zone,
        } = ready;
        if let Some(base) = base {
            self.state.pack.complete(base);
        }
        let mut visits = Visits::new(letter, self.state.pack.rules.clone(), codes.clone());
        self.state.links = Links::of(&campus);
        self.outside = Some(Outside::new(
            campus,
            codes,
            self.news.clone(),
            self.state.clock.clone(),
        ));
        opening::answer_others(&dir, self.news.clone());
        self.dir = Some(dir);
        self.health = Some(store.health());
        self.store = Some(store);
        self.state.is_rebuilt = opened.rebuilt;
        self.state.is_damaged = opened.damaged > 0 || opened.cut;
        if opened.torn {
            tracing::info!(
                "an unfinished record stood at the journal's end: it was never acknowledged"
            );
        }
        if opened.cut {
            tracing::error!("the journal ends before what was acknowledged");
        }
        if opened.damaged > 0 {
            tracing::error!(
                records = opened.damaged,
                "records of the journal could not be read"
            );
        }
        visits.found(opened, today, zone, self.state.now());
        self.state.visits = Some(visits);
        self.state.sweep();
        self.judge_store();
        practice_phone::look(&self.state.practice, &self.news);
    }

    fn answered(&mut self, answered: Answered) {
        let Answered {
            id,
            kind,
            reply,
            took,
        } = answered;
        let now = self.state.now().mono;
        // Without randomness the pause is the shortest, and the ceiling holds all the same.
        let random = getrandom::u64().unwrap_or_default();
        if self.state.links.note(kind, &reply, took, now, random) {
            self.gateway_is_back(kind.link());
        }
        match &reply {
            // Nobody need be there.
            Reply::DeviceGranted(Err(Failure::Rejected(GrantRefusal::Expired))) => {
                self.state.idle.patience_ends(now);
            }
            // Somebody just did something on the phone, or the page says something new.
            Reply::DeviceGranted(_) => self.state.idle.touch(now),
            _ => {}
        }
        if let Some(visits) = &mut self.state.visits {
            visits.answered(id, reply);
        }
        self.state.look_at_outbox();
        practice_phone::look(&self.state.practice, &self.news);
    }

    /// What a sign-in on the student's phone tells is shown, and is nobody's touch of the desk.
    fn granting(&mut self, id: EffectId, news: GrantNews) {
        let now = self.state.now().mono;
        if let Some(visits) = &mut self.state.visits {
            visits.flights.note_grant(id, news, now);
        }
        practice_phone::look(&self.state.practice, &self.news);
    }
}
