//! What a command leads to: facts and effects. One file for each step of a route, one for the visit as a whole.

mod follow;
mod grant;
mod identity;
mod number;
mod outbox;
mod phone;
mod question;
mod ticket;
mod unbind;
mod verify;
mod whole;

use std::time::Duration;

use strum::VariantArray;

use super::{
    Act, ActKind, Command, Context, Effect, EffectId, Fact, Place, Recorded, Reply, StepKind,
    Visit, Way, evolve, route,
};

/// What a command leads to. Facts are journalled before they are shown, effects begin after that.
#[derive(Debug)]
pub struct Decision {
    /// The visit with these facts folded in.
    pub visit: Visit,
    /// What happened, in order.
    pub facts: Vec<Fact>,
    /// What to do outside.
    pub effects: Vec<Effect>,
    /// Effects under way whose answers are not wanted any more.
    pub cancel: Vec<EffectId>,
}

/// What a command leads to in this visit. Nothing at all where the command does not fit: a stale reply, a second Enter.
pub fn decide(visit: &Visit, context: &Context, command: Command) -> Decision {
    let answered = if let Command::Reply { id, .. } = &command {
        Some(*id)
    } else {
        None
    };
    let mut turn = Turn {
        visit: visit.clone(),
        context,
        answered,
        facts: Vec::new(),
        effects: Vec::new(),
        cancel: Vec::new(),
    };
    turn.take(command);
    Decision {
        visit: turn.visit,
        facts: turn.facts,
        effects: turn.effects,
        cancel: turn.cancel,
    }
}

/// A decision in the making: the visit as it will be, and what has been decided so far.
struct Turn<'a> {
    visit: Visit,
    context: &'a Context<'a>,
    /// The effect whose reply this is: it is under way no longer.
    answered: Option<EffectId>,
    facts: Vec<Fact>,
    effects: Vec<Effect>,
    cancel: Vec<EffectId>,
}

impl Turn<'_> {
    fn take(&mut self, command: Command) {
        if self.visit.is_closed() && !self.fits_closed(&command) {
            return;
        }
        match command {
            Command::Open {
                prefers,
                first_time,
                scanned,
            } => self.open(prefers, first_time, scanned),
            Command::Agree => self.agree(),
            Command::SignIn(with) => self.sign_in(with),
            Command::StartDeviceGrant => self.start_grant(),
            Command::ChooseSignInMethod { means } => self.choose_sign_in_method(means),
            Command::GiveNumber { mobile } => self.give_number(mobile),
            Command::TellNumber { mobile } => self.tell_number(mobile),
            Command::Answer { question, answer } => self.answer(question, answer),
            Command::Choose { choice } => self.choose(choice),
            Command::Unbind { typed } => self.confirm_unbind(&typed),
            Command::SayFollowed => self.say_followed(),
            Command::CheckAgain => self.check_again(),
            Command::SendCode => self.send_code(),
            Command::TypeCode { code } => self.type_code(code),
            Command::ChangeNumber => self.change_number(),
            Command::Retry => self.retry(),
            Command::Back => self.back(),
            Command::Finish => self.finish(),
            Command::Leave => self.leave(),
            Command::Prefer { way } => self.prefer(way),
            Command::Park { why } => self.park_or_close(why),
            Command::StepAside => self.step_aside(),
            Command::BeginAsNewNumber => self.begin_as_new_number(),
            Command::ResumeByVolunteer => self.resume_by_volunteer(),
            Command::BeginAgain => self.restart(),
            Command::OpenTicket { reason, contact } => self.open_ticket(reason, contact),
            Command::NoteTicket {
                called_at,
                by,
                answer,
                state,
            } => return self.note_ticket(called_at, by, answer, state),
            Command::End => self.end(),
            Command::Expire => self.expire(),
            Command::MakeRoom => self.make_room(),
            Command::Vouch { student } => self.vouch(student),
            Command::ShowNumbers { whose } => self.fact(Fact::NumbersShown { whose }),
            Command::RetryDue => self.retry_due(),
            Command::RetryEntry { what } => self.retry_entry(what),
            Command::DiscardEntry { what } => self.discard_entry(what),
            Command::TicketForEntry { what, reason } => self.ticket_for_entry(what, reason),
            Command::Recover => self.recover(),
            Command::Reply { id, reply } => self.reply(id, reply),
        }
        self.keep_watch();
        self.keep_grant();
    }

    /// Whether a command may be given to a visit that has ended: only those that are named here.
    fn fits_closed(&self, command: &Command) -> bool {
        match command {
            // The hotline may answer days later.
            Command::NoteTicket { .. } => true,
            Command::ShowNumbers { .. } => !self.visit.is_over(),
            Command::RetryDue
            | Command::RetryEntry { .. }
            | Command::DiscardEntry { .. }
            | Command::TicketForEntry { .. }
            | Command::Reply { .. } => !self.visit.outbox.is_empty(),
            Command::Open { .. }
            | Command::Agree
            | Command::SignIn(_)
            | Command::StartDeviceGrant
            | Command::ChooseSignInMethod { .. }
            | Command::GiveNumber { .. }
            | Command::TellNumber { .. }
            | Command::Answer { .. }
            | Command::Choose { .. }
            | Command::SayFollowed
            | Command::Unbind { .. }
            | Command::CheckAgain
            | Command::SendCode
            | Command::TypeCode { .. }
            | Command::ChangeNumber
            | Command::Retry
            | Command::Back
            | Command::Finish
            | Command::Leave
            | Command::Prefer { .. }
            | Command::Park { .. }
            | Command::StepAside
            | Command::BeginAsNewNumber
            | Command::ResumeByVolunteer
            | Command::Vouch { .. }
            | Command::BeginAgain
            | Command::OpenTicket { .. }
            | Command::End
            | Command::Expire
            | Command::MakeRoom
            | Command::Recover => false,
        }
    }

    /// A reply counts only while its effect is under way: a cancelled or answered one is stale.
    fn reply(&mut self, id: EffectId, reply: Reply) {
        let Some(asked) = self.context.in_flight.iter().find(|flight| flight.id == id) else {
            return;
        };
        if asked.kind != reply.kind() {
            return;
        }
        match reply {
            Reply::SignedIn(answer) => self.signed_in(answer),
            Reply::DeviceGranted(answer) => self.granted(answer),
            Reply::MemberFound(answer) => self.member_found(answer),
            Reply::NumberBound(answer) => self.number_answered(answer),
            Reply::CodeSent(answer) => self.code_answered(answer),
            Reply::CodeChecked(answer) => self.check_answered(answer),
            Reply::Confirmed(answer) => self.confirm_answered(answer),
            Reply::Unbound(answer) => self.unbind_answered(answer),
        }
    }

    /// Adds a fact, and folds it into the visit as it will be.
    fn fact(&mut self, fact: Fact) {
        let recorded = Recorded::new(self.visit.id, self.context.now.wall, fact);
        evolve(&mut self.visit, &recorded);
        self.facts.push(recorded.fact);
    }

    /// Adds an effect under the fresh id. A decision has one effect at the most: a second takes the next id.
    fn effect(&mut self, act: Act, after: Duration) {
        let deadline = match act {
            Act::SignIn { .. } => Duration::from_secs(15),
            Act::StartDeviceGrant => grant::LONGEST,
            Act::FindMember { .. } => Duration::from_secs(10),
            Act::BindNumber { .. }
            | Act::SendCode { .. }
            | Act::CheckCode { .. }
            | Act::ConfirmMember { .. }
            | Act::Unbind { .. } => Duration::from_secs(20),
        };
        let id = EffectId(
            self.fresh_effect()
                .0
                .wrapping_add(self.effects.len() as u64),
        );
        self.effects.push(Effect {
            id,
            visit: self.visit.id,
            after,
            deadline,
            act,
        });
    }

    fn fresh_effect(&self) -> EffectId {
        self.context.fresh.effect
    }

    /// Whether such an effect is under way or about to be.
    fn is_under_way(&self, kind: ActKind) -> bool {
        let begun = |flight: &&super::InFlight| {
            flight.kind == kind
                && self.answered != Some(flight.id)
                && !self.cancel.contains(&flight.id)
        };
        self.context.in_flight.iter().any(|flight| begun(&flight))
            || self.effects.iter().any(|effect| effect.act.kind() == kind)
    }

    /// Whether the student waits for an answer; watching the directory is no such wait, nor is a code on the screen.
    fn is_waiting(&self) -> bool {
        let is_waited_for = |kind: ActKind| match kind {
            ActKind::SignIn
            | ActKind::BindNumber
            | ActKind::SendCode
            | ActKind::CheckCode
            | ActKind::ConfirmMember
            | ActKind::Unbind => true,
            ActKind::DeviceGrant => false,
            ActKind::FindMember => self.is_identifying() || self.is_looking_for_old(),
        };
        let mut kinds = ActKind::VARIANTS.iter().copied();
        kinds.any(|kind| self.is_under_way(kind) && is_waited_for(kind))
    }

    fn cancel(&mut self, kind: ActKind) {
        let unwanted = self
            .context
            .in_flight
            .iter()
            .filter(|flight| flight.kind == kind)
            .map(|flight| flight.id);
        self.cancel.extend(unwanted);
        self.effects.retain(|effect| effect.act.kind() != kind);
    }

    fn place(&self) -> Place {
        route::place(&self.visit, self.context.rules, self.context.reach)
    }

    fn stands_at(&self, step: StepKind, way: Way) -> bool {
        matches!(self.place(), Place::Step { step: at, way: by, .. } if at == step && by == way)
    }

    fn stands_at_step(&self, step: StepKind) -> bool {
        matches!(self.place(), Place::Step { step: at, .. } if at == step)
    }
}

#[cfg(test)]
pub(in crate::visit) mod tests;
