//! What a fact changes in a visit. A pure fold: the same facts always give the same visit, after a restart too.

use super::{
    ActKind, DirectoryRefusal, Fact, Failure, IssuedCode, Mark, Means, MemberStatus, Old, Outcome,
    Owed, Proof, Recorded, Status, Stopped, Ticket, TicketNote, TicketState, Trouble, Unbinding,
    Unsettled, Visit,
};

/// Folds a fact into the visit. Total: every fact fits every visit, so that no journal is unreadable.
pub fn evolve(visit: &mut Visit, recorded: &Recorded) {
    let at = recorded.at;
    if !(is_by_itself(&recorded.fact) && matches!(visit.status, Status::Parked { .. })) {
        visit.touched = at;
    }
    match &recorded.fact {
        Fact::VisitOpened { prefers } => *visit = Visit::open(visit.id, *prefers, at),
        Fact::StepDone { step, word } => {
            visit.done.push(Mark::Step(*step));
            done_by_now(visit, *step, *word);
            begin_step(visit, recorded);
        }
        Fact::Answered { question, answer } => {
            let given = Mark::Answer(*question, *answer);
            match visit
                .done
                .iter_mut()
                .find(|mark| matches!(mark, Mark::Answer(asked, _) if asked == question))
            {
                Some(mark) => *mark = given,
                None => visit.done.push(given),
            }
            begin_step(visit, recorded);
        }
        Fact::PageTurned { page } => visit.page = *page,
        Fact::WentBack { keep } => {
            visit.done.truncate(*keep);
            visit.unsettled = None;
            if !visit.has_done(super::StepKind::Number) {
                // A number that was taken back is not bound again by itself.
                visit.mobile = None;
                visit.number_bound = false;
                visit.code = None;
                visit.owes_no_more(ActKind::BindNumber);
                visit.owes_no_more(ActKind::ConfirmMember);
            }
            if !visit.has_done(super::StepKind::Follow) {
                visit.owes_no_more(ActKind::FindMember);
            }
            begin_step(visit, recorded);
        }
        Fact::Preferred { way } => {
            visit.prefers = *way;
            if *way == super::Way::Phone {
                // The phone may be given another number meanwhile.
                visit.owes_no_more(ActKind::BindNumber);
            }
            begin_step(visit, recorded);
        }
        Fact::Parked {
            pickup,
            expires,
            why,
        } => {
            visit.status = Status::Parked {
                pickup: pickup.clone(),
                expires: *expires,
                why: *why,
            };
        }
        Fact::Resumed { by } => {
            visit.status = Status::Open;
            visit.proof = Some(*by);
            visit.vouched &= *by == Proof::Volunteer;
            visit.signing_in = None;
            visit.trouble = None;
            visit.step_began = at;
        }
        Fact::Restarted => {
            let opened = visit.opened;
            let ticket = visit.ticket.take();
            *visit = Visit {
                opened,
                ticket,
                ..Visit::open(visit.id, visit.prefers, at)
            };
        }
        Fact::Closed { outcome } => {
            visit.status = Status::Closed { outcome: *outcome };
            if *outcome == Outcome::Ended {
                // A person's word: nothing goes on by itself behind it.
                visit.owed.clear();
            }
        }
        fact => evolve_within_step(visit, recorded, fact),
    }
    if let Some(trouble) = &visit.trouble
        && visit.last_trouble.as_ref().map(|(_, last)| last) != Some(trouble)
    {
        visit.last_trouble = Some((at, trouble.clone()));
    }
}

/// What the desk does by itself for a visit that waits, or a volunteer looks at: nobody stands there for that.
fn is_by_itself(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::BindAsked { .. }
            | Fact::BindFailed { .. }
            | Fact::ConfirmAsked { .. }
            | Fact::ConfirmFailed { .. }
            | Fact::Queued { .. }
            | Fact::Checked { .. }
            | Fact::CheckFailed { .. }
            | Fact::CheckDenied { .. }
            | Fact::TriedAgain { .. }
            | Fact::Unqueued { .. }
            | Fact::NumbersShown { .. }
    )
}

/// What happens within a step: sign-in, number, code.
fn evolve_within_step(visit: &mut Visit, recorded: &Recorded, fact: &Fact) {
    match fact {
        Fact::SignInAsked { student, .. } => {
            visit.signing_in = Some(student.clone());
            visit.trouble = None;
        }
        Fact::SignInRefused { student, why } => {
            visit.signing_in = None;
            visit.tried_as = Some(student.clone());
            visit.trouble = Some(Trouble::SignIn(why.clone()));
        }
        Fact::MeansChosen { means } => {
            visit.means = *means;
            visit.trouble = None;
        }
        Fact::DeviceGrantAsked { .. } => visit.trouble = None,
        Fact::DeviceGrantFailed { why } => visit.trouble = Some(Trouble::DeviceGrant(why.clone())),
        Fact::ResumeRefused => {
            visit.signing_in = None;
            visit.trouble = Some(Trouble::SomebodyElse);
        }
        Fact::Vouched { student } => {
            visit.student = Some(student.clone());
            visit.proof = Some(Proof::Volunteer);
            visit.vouched = true;
            visit.signing_in = None;
            visit.trouble = None;
        }
        Fact::Identified { student, proof } => {
            visit.student = Some(student.clone());
            visit.proof = Some(*proof);
            visit.vouched = false;
            visit.signing_in = None;
            visit.tried_as = None;
            visit.trouble = None;
        }
        Fact::MemberSeen { status, .. } => {
            visit.member = Some(*status);
            if *status == MemberStatus::Active {
                visit.owes_no_more(ActKind::BindNumber);
            }
            visit.trouble = match status {
                MemberStatus::Disabled => Some(Trouble::Directory(Failure::Rejected(
                    DirectoryRefusal::Disabled,
                ))),
                MemberStatus::Departed => Some(Trouble::Directory(Failure::Rejected(
                    DirectoryRefusal::Departed,
                ))),
                _ => None,
            };
        }
        Fact::NumberGiven { mobile } => {
            visit.number_bound = false;
            visit.mobile = Some(mobile.clone());
            visit.trouble = None;
            visit.owes_no_more(ActKind::BindNumber);
        }
        Fact::BindAsked { effect } => ask(visit, ActKind::BindNumber, *effect),
        Fact::NumberBound => {
            visit.number_bound = true;
            visit.owes_no_more(ActKind::BindNumber);
            settle(visit, None);
        }
        Fact::BindFailed { why } | Fact::ConfirmFailed { why } => {
            let what = match &recorded.fact {
                Fact::BindFailed { .. } => ActKind::BindNumber,
                _ => ActKind::ConfirmMember,
            };
            if let Some(owed) = visit.owed_mut(what) {
                owed.failed(recorded.at, why);
            }
            settle(visit, Some(Trouble::Directory(why.clone())))
        }
        Fact::ConfirmAsked { effect } => ask(visit, ActKind::ConfirmMember, *effect),
        Fact::Confirmed => {
            visit.owes_no_more(ActKind::ConfirmMember);
            settle(visit, None);
        }
        Fact::FateUnknown { .. } => {
            let what = visit.unsettled.map(|asked| asked.what);
            if what == Some(ActKind::Unbind) {
                settle_unbind(visit, Unbinding::Unknown, Some(Trouble::UnbindUnknown));
            } else {
                settle(visit, Some(Trouble::FateUnknown));
            }
        }
        _ => evolve_old(visit, recorded, fact),
    }
}

/// What happens to the old number.
fn evolve_old(visit: &mut Visit, recorded: &Recorded, fact: &Fact) {
    match fact {
        Fact::OldIdentified { student } => {
            visit.old = Some(Old::new(student.clone()));
            visit.signing_in = None;
            visit.trouble = None;
        }
        Fact::OldLetGo => {
            visit.old = None;
            visit.trouble = None;
        }
        Fact::OldNumberRefused => {
            visit.signing_in = None;
            visit.trouble = Some(Trouble::OldNumber);
        }
        Fact::UnbindAsked { effect } => ask(visit, ActKind::Unbind, *effect),
        Fact::Unbound => settle_unbind(visit, Unbinding::Done, None),
        Fact::UnbindFailed { why } => {
            let trouble = Trouble::Directory(why.clone());
            settle_unbind(visit, Unbinding::Unasked, Some(trouble));
        }
        Fact::UnbindAskedAnew => {
            settle_unbind(visit, Unbinding::Unasked, Some(Trouble::UnbindUnknown));
        }
        _ => evolve_code(visit, recorded, fact),
    }
}

fn evolve_code(visit: &mut Visit, recorded: &Recorded, fact: &Fact) {
    match fact {
        Fact::CodeIssued {
            effect,
            nonce,
            mobile,
            expires,
        } => {
            let again = visit.code.take().filter(|code| code.nonce == *nonce);
            visit.code = Some(IssuedCode {
                nonce: *nonce,
                mobile: mobile.clone(),
                issued: again.as_ref().map_or(recorded.at, |code| code.issued),
                sent: recorded.at,
                expires: *expires,
                wrong: again.as_ref().map_or(0, |code| code.wrong),
                taken: false,
                accepted: false,
            });
            ask(visit, ActKind::SendCode, *effect);
        }
        Fact::CodeSent => {
            if let Some(code) = &mut visit.code {
                code.taken = true;
            }
            settle(visit, None);
        }
        Fact::CodeNotSent { why } => settle(visit, Some(Trouble::Sms(why.clone()))),
        Fact::CodeTried { right, left } => {
            if let Some(code) = &mut visit.code {
                code.wrong = code.wrong.saturating_add(u8::from(!right));
            }
            visit.trouble = match (right, left) {
                (true, _) => None,
                (false, 0) => Some(Trouble::CodeSpent),
                (false, left) => Some(Trouble::CodeWrong { left: *left }),
            };
        }
        Fact::CodeAccepted => {
            if let Some(code) = &mut visit.code {
                code.accepted = true;
            }
        }
        _ => evolve_owed(visit, recorded, fact),
    }
}

/// What waits for the campus.
fn evolve_owed(visit: &mut Visit, recorded: &Recorded, fact: &Fact) {
    let at = recorded.at;
    let looked_up = |visit: &mut Visit, stopped: Option<Stopped>, why: Option<Failure<_>>| {
        if let Some(owed) = visit.owed_mut(ActKind::FindMember) {
            owed.tries = owed.tries.saturating_add(1);
            if let Some(why) = &why {
                owed.failed(at, why);
            }
            owed.stopped = stopped.or(owed.stopped.take());
        }
    };
    match fact {
        Fact::Queued { what, why } if Owed::may_wait(*what) && !visit.owes(*what) => {
            visit.owed.push(Owed::new(*what, at, why.clone()));
        }
        Fact::Checked { .. } => visit.owes_no_more(ActKind::FindMember),
        Fact::CheckFailed { why } => looked_up(visit, None, Some(why.clone())),
        Fact::CheckDenied { status } => looked_up(visit, Some(Stopped::NotActive(*status)), None),
        Fact::TriedAgain { what } => {
            if let Some(owed) = visit.owed_mut(*what) {
                owed.stopped = None;
            }
        }
        Fact::Unqueued { what } => visit.owes_no_more(*what),
        _ => evolve_ticket(visit, recorded, fact),
    }
}

/// A step that is done leaves nothing of it to wait for; only a follow that the student told is still looked up.
fn done_by_now(visit: &mut Visit, step: super::StepKind, word: super::Word) {
    match step {
        super::StepKind::Number => visit.owes_no_more(ActKind::BindNumber),
        super::StepKind::Verify => visit.owes_no_more(ActKind::ConfirmMember),
        super::StepKind::Follow if word == super::Word::Campus => {
            visit.owes_no_more(ActKind::FindMember);
        }
        _ => {}
    }
}

fn evolve_ticket(visit: &mut Visit, recorded: &Recorded, fact: &Fact) {
    let at = recorded.at;
    match (fact, &mut visit.ticket) {
        (
            Fact::TicketOpened {
                number,
                reason,
                route,
                step,
            },
            _,
        ) => {
            visit.ticket = Some(Ticket {
                number: number.clone(),
                opened: at,
                reason: reason.clone(),
                route: route.clone(),
                step: *step,
                done: visit.done.clone(),
                trouble: visit.last_trouble.clone(),
                student: visit.student.clone(),
                tried_as: visit.tried_as.clone(),
                mobile: visit.mobile.clone(),
                notes: Vec::new(),
                state: TicketState::Open,
                changed: None,
            });
        }
        (
            Fact::TicketNoted {
                called_at,
                by,
                answer,
            },
            Some(ticket),
        ) => ticket.notes.push(TicketNote {
            at,
            called_at: *called_at,
            by: by.clone(),
            answer: answer.clone(),
        }),
        (Fact::TicketChanged { state, by }, Some(ticket)) => {
            ticket.state = *state;
            ticket.changed = Some((at, by.clone()));
        }
        _ => {}
    }
}

fn begin_step(visit: &mut Visit, recorded: &Recorded) {
    visit.page = 0;
    visit.step_began = recorded.at;
    visit.means = Means::default();
    visit.trouble = None;
}

fn ask(visit: &mut Visit, what: ActKind, effect: super::EffectId) {
    visit.unsettled = Some(Unsettled { effect, what });
    if let Some(owed) = visit.owed_mut(what) {
        owed.tries = owed.tries.saturating_add(1);
    }
    visit.trouble = None;
}

fn settle(visit: &mut Visit, trouble: Option<Trouble>) {
    visit.unsettled = None;
    visit.trouble = trouble;
}

fn settle_unbind(visit: &mut Visit, unbinding: Unbinding, trouble: Option<Trouble>) {
    if let Some(old) = &mut visit.old {
        old.unbinding = unbinding;
    }
    settle(visit, trouble);
}

#[cfg(test)]
mod tests;
