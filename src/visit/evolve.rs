//! What a fact changes in a visit. A pure fold: the same facts always give the same visit, after a restart too.

mod code;

use jiff::Timestamp;

use super::{
    ActKind, Answer, Attestation, DirectoryRefusal, EffectId, Fact, Failure, Mark, MemberStatus,
    Old, OutboxEntry, Outcome, Proof, Question, Recorded, SignInMethod, Status, StepKind, Stopped,
    Student, Ticket, TicketContact, TicketNote, TicketState, Trouble, Unbinding, Unsettled, Visit,
    Way,
};

/// Folds a fact into the visit. Total: every fact fits every visit, so that no journal is unreadable.
pub fn evolve(visit: &mut Visit, recorded: &Recorded) {
    let Recorded { at, fact, .. } = recorded;
    let is_parked = matches!(visit.status, Status::Parked { .. });
    if !(is_parked && fact.is_by_itself()) {
        visit.touched = *at;
    }
    apply(visit, *at, fact);
    if let Some(trouble) = &visit.trouble
        && visit.last_trouble.as_ref().map(|(_, last)| last) != Some(trouble)
    {
        visit.last_trouble = Some((*at, trouble.clone()));
    }
}

/// Every kind of fact and what it changes. There is no wildcard here: a new kind decides it before it compiles.
fn apply(visit: &mut Visit, at: Timestamp, fact: &Fact) {
    match fact {
        // The visit as a whole.
        Fact::VisitOpened { prefers } => *visit = Visit::open(visit.id, *prefers, at),
        Fact::Parked {
            pickup,
            expires,
            why,
        } => {
            visit.status = Status::Parked {
                pickup: *pickup,
                expires: *expires,
                why: *why,
            };
        }
        Fact::Resumed { by } => resume(visit, at, *by),
        Fact::BegunAgain => restart(visit, at),
        Fact::Closed { outcome } => close(visit, *outcome),
        Fact::NumbersShown { .. } => {}
        // The route.
        Fact::StepDone { step, word } => finish_step(visit, at, *step, *word),
        Fact::Answered { question, answer } => answer_question(visit, at, *question, *answer),
        Fact::PageTurned { page } => visit.page = *page,
        Fact::Scanned => scan(visit, at),
        Fact::WentBack { keep } => go_back(visit, at, *keep),
        Fact::Preferred { way } => prefer(visit, at, *way),
        // Who the student is.
        Fact::SignInMethodChosen { means } => {
            visit.means = *means;
            visit.trouble = None;
        }
        Fact::SignInAsked { student, .. } => {
            visit.signing_in = Some(student.clone());
            visit.trouble = None;
        }
        Fact::SignInRefused { student, why } => {
            visit.tried_as = Some(student.clone());
            refuse(visit, Trouble::SignIn(why.clone()));
        }
        Fact::DeviceGrantAsked { .. } => visit.trouble = None,
        Fact::DeviceGrantFailed { why } => visit.trouble = Some(Trouble::DeviceGrant(why.clone())),
        Fact::ResumeRefused => refuse(visit, Trouble::SomebodyElse),
        Fact::Identified { student, proof } => {
            visit.tried_as = None;
            identify(visit, student, *proof, false);
        }
        Fact::Vouched { student } => identify(visit, student, Proof::Volunteer, true),
        Fact::FollowLookAsked { effect } => {
            visit.look = Some(*effect);
            visit.trouble = None;
        }
        Fact::FollowNotSeen { status } => {
            visit.look = None;
            visit.trouble = Some(match status {
                Some(_) => Trouble::FollowNotSeen,
                None => Trouble::FollowNotLooked,
            });
        }
        Fact::MemberSeen { status, word } => see_member(visit, *status, *word),
        // The old number.
        Fact::OldIdentified { student } => {
            visit.old = Some(Old::new(student.clone()));
            visit.signing_in = None;
            visit.trouble = None;
        }
        Fact::OldLetGo => {
            visit.old = None;
            visit.trouble = None;
        }
        Fact::OldNumberRefused => refuse(visit, Trouble::OldNumber),
        Fact::UnbindAsked { effect } => ask(visit, ActKind::Unbind, *effect),
        Fact::Unbound => settle_unbind(visit, Unbinding::Done, None),
        Fact::UnbindFailed { why } => {
            let trouble = Trouble::Directory(why.clone());
            settle_unbind(visit, Unbinding::Unasked, Some(trouble));
        }
        Fact::UnbindAskedAnew => {
            settle_unbind(visit, Unbinding::Unasked, Some(Trouble::UnbindUnknown));
        }
        // The number.
        Fact::NumberGiven { mobile } => {
            visit.number_bound = false;
            visit.mobile = Some(mobile.clone());
            visit.trouble = None;
            visit.remove_entry(ActKind::BindNumber);
        }
        Fact::BindAsked { effect } => ask(visit, ActKind::BindNumber, *effect),
        Fact::NumberBound => {
            visit.number_bound = true;
            visit.remove_entry(ActKind::BindNumber);
            settle(visit, None);
        }
        Fact::BindFailed { why } => fail(visit, at, ActKind::BindNumber, why),
        // The code and its confirmation.
        Fact::CodeIssued {
            effect,
            nonce,
            mobile,
            expires,
        } => {
            code::issued(visit, at, *nonce, mobile, *expires);
            ask(visit, ActKind::SendCode, *effect);
        }
        Fact::CodeSent => {
            if let Some(code) = &mut visit.code {
                code.taken = true;
            }
            settle(visit, None);
        }
        Fact::CodeNotSent { why } => settle(visit, Some(Trouble::Sms(why.clone()))),
        Fact::CodeCheckAsked { effect } => ask(visit, ActKind::CheckCode, *effect),
        Fact::CodeNotChecked { why } => code::not_checked(visit, at, why),
        Fact::CodeTried { right, left } => code::tried(visit, *right, *left),
        Fact::CodeAccepted => {
            if let Some(code) = &mut visit.code {
                code.accepted = true;
            }
        }
        Fact::ConfirmAsked { effect } => ask(visit, ActKind::ConfirmMember, *effect),
        Fact::Confirmed => {
            visit.remove_entry(ActKind::ConfirmMember);
            settle(visit, None);
        }
        Fact::ConfirmFailed { why } => fail(visit, at, ActKind::ConfirmMember, why),
        Fact::FateUnknown { .. } => lose_answer(visit),
        // What waits for the campus.
        Fact::Queued { what, why } => {
            if OutboxEntry::may_queue(*what) && !visit.has_entry(*what) {
                visit.outbox.push(OutboxEntry::new(*what, at, why.clone()));
            }
        }
        Fact::Checked { status } => {
            visit.seen_active |= *status == MemberStatus::Active;
            visit.remove_entry(ActKind::FindMember);
        }
        Fact::CheckFailed { why } => {
            if let Some(entry) = count_look_up(visit) {
                entry.record_failure(at, why);
            }
        }
        Fact::CheckDenied { status } => {
            if let Some(entry) = count_look_up(visit) {
                entry.stopped = Some(Stopped::NotActive(*status));
            }
        }
        Fact::TriedAgain { what } => {
            if let Some(entry) = visit.entry_mut(*what) {
                entry.stopped = None;
            }
        }
        Fact::Unqueued { what } => visit.remove_entry(*what),
        // The ticket.
        Fact::TicketOpened {
            number,
            reason,
            route,
            step,
        } => {
            visit.ticket = Some(Ticket {
                number: *number,
                opened: at,
                reason: reason.clone(),
                route: route.clone(),
                step: *step,
                done: visit.done.clone(),
                trouble: visit.last_trouble.clone(),
                student: visit.student.clone(),
                vouched: visit.vouched,
                tried_as: visit.tried_as.clone(),
                mobile: visit.mobile.clone(),
                contact: TicketContact::default(),
                notes: Vec::new(),
                state: TicketState::Open,
                changed: None,
            });
        }
        Fact::TicketContactGiven { contact } => {
            if let Some(ticket) = &mut visit.ticket {
                ticket.contact = contact.clone();
            }
        }
        Fact::TicketNoted {
            called_at,
            by,
            answer,
        } => {
            if let Some(ticket) = &mut visit.ticket {
                ticket.notes.push(TicketNote {
                    at,
                    called_at: *called_at,
                    by: by.clone(),
                    answer: answer.clone(),
                });
            }
        }
        Fact::TicketChanged { state, by } => {
            if let Some(ticket) = &mut visit.ticket {
                ticket.state = *state;
                ticket.changed = Some((at, by.clone()));
            }
        }
    }
}

fn resume(visit: &mut Visit, at: Timestamp, by: Proof) {
    visit.status = Status::Open;
    visit.proof = Some(by);
    visit.vouched &= by == Proof::Volunteer;
    visit.signing_in = None;
    visit.trouble = None;
    visit.step_began = at;
}

/// The visit begins again. The moment it was opened and its ticket stay.
fn restart(visit: &mut Visit, at: Timestamp) {
    let opened = visit.opened;
    let ticket = visit.ticket.take();
    *visit = Visit {
        opened,
        ticket,
        ..Visit::open(visit.id, visit.prefers, at)
    };
}

fn close(visit: &mut Visit, outcome: Outcome) {
    visit.status = Status::Closed { outcome };
    if outcome == Outcome::Ended {
        // A volunteer decided it: nothing goes on by itself behind it.
        visit.outbox.clear();
    }
}

fn finish_step(visit: &mut Visit, at: Timestamp, step: StepKind, word: Attestation) {
    visit.done.push(Mark::Step(step));
    if word == Attestation::Campus {
        visit.by_campus.push(step);
    }
    // Only its being active ends a lookup at the follow step by the campus's word.
    visit.seen_active |= (step, word) == (StepKind::Follow, Attestation::Campus);
    if let Some(what) = waits_no_more(step, word) {
        visit.remove_entry(what);
    }
    begin_step(visit, at);
}

/// A step that is done leaves nothing of it to wait for; only a follow that rests on the student's word is still looked
/// up.
fn waits_no_more(step: StepKind, word: Attestation) -> Option<ActKind> {
    match step {
        StepKind::Number => Some(ActKind::BindNumber),
        StepKind::Verify => Some(ActKind::ConfirmMember),
        StepKind::Follow => (word == Attestation::Campus).then_some(ActKind::FindMember),
        StepKind::Notice
        | StepKind::Identity
        | StepKind::Cache
        | StepKind::CacheCheck
        | StepKind::SignOut
        | StepKind::Hold
        | StepKind::GetApp
        | StepKind::AppSignIn
        | StepKind::Activate
        | StepKind::Portal
        | StepKind::Wait
        | StepKind::Unbind => None,
    }
}

fn answer_question(visit: &mut Visit, at: Timestamp, question: Question, answer: Answer) {
    let given = Mark::Answer(question, answer);
    let is_same = |mark: &&mut Mark| matches!(mark, Mark::Answer(asked, _) if *asked == question);
    match visit.done.iter_mut().find(is_same) {
        Some(mark) => *mark = given,
        None => visit.done.push(given),
    }
    begin_step(visit, at);
}

fn scan(visit: &mut Visit, at: Timestamp) {
    if !visit.has_scanned() {
        visit.done.push(Mark::Scanned);
    }
    begin_step(visit, at);
}

fn go_back(visit: &mut Visit, at: Timestamp, keep: usize) {
    visit.done.truncate(keep);
    let done: Vec<StepKind> = visit.steps_done().collect();
    visit.by_campus.retain(|step| done.contains(step));
    visit.unsettled = None;
    if !visit.has_done(StepKind::Number) {
        // A number that was taken back is not bound again by itself.
        visit.mobile = None;
        visit.number_bound = false;
        visit.code = None;
        visit.remove_entry(ActKind::BindNumber);
        visit.remove_entry(ActKind::ConfirmMember);
    }
    if !visit.has_done(StepKind::Follow) {
        visit.remove_entry(ActKind::FindMember);
    }
    begin_step(visit, at);
}

fn prefer(visit: &mut Visit, at: Timestamp, way: Way) {
    visit.prefers = way;
    if way == Way::Phone {
        // The phone may be given another number meanwhile.
        visit.remove_entry(ActKind::BindNumber);
    }
    begin_step(visit, at);
}

fn begin_step(visit: &mut Visit, at: Timestamp) {
    visit.page = 0;
    visit.look = None;
    visit.step_began = at;
    visit.means = SignInMethod::default();
    visit.trouble = None;
}

fn identify(visit: &mut Visit, student: &Student, proof: Proof, vouched: bool) {
    visit.student = Some(student.clone());
    visit.proof = Some(proof);
    visit.vouched = vouched;
    visit.signing_in = None;
    visit.trouble = None;
}

/// A sign-in ended with this trouble.
fn refuse(visit: &mut Visit, trouble: Trouble) {
    visit.signing_in = None;
    visit.trouble = Some(trouble);
}

fn see_member(visit: &mut Visit, status: MemberStatus, word: Attestation) {
    visit.member = Some(status);
    visit.seen_active = (status, word) == (MemberStatus::Active, Attestation::Campus);
    if status == MemberStatus::Active {
        visit.remove_entry(ActKind::BindNumber);
    }
    let refusal = match status {
        MemberStatus::Disabled => Some(DirectoryRefusal::Disabled),
        MemberStatus::Departed => Some(DirectoryRefusal::Departed),
        MemberStatus::Absent | MemberStatus::NotActive | MemberStatus::Active => None,
    };
    visit.trouble = refusal.map(|refusal| Trouble::Directory(Failure::Rejected(refusal)));
}

/// Something was asked of the campus.
fn ask(visit: &mut Visit, what: ActKind, effect: EffectId) {
    visit.unsettled = Some(Unsettled { effect, what });
    if let Some(entry) = visit.entry_mut(what) {
        entry.tries = entry.tries.saturating_add(1);
    }
    visit.trouble = None;
}

/// What was asked of the directory failed.
fn fail(visit: &mut Visit, at: Timestamp, what: ActKind, why: &Failure<DirectoryRefusal>) {
    if let Some(entry) = visit.entry_mut(what) {
        entry.record_failure(at, why);
    }
    settle(visit, Some(Trouble::Directory(why.clone())));
}

/// The fate of the request is not known.
fn lose_answer(visit: &mut Visit) {
    let what = visit.unsettled.map(|asked| asked.what);
    if what == Some(ActKind::Unbind) {
        settle_unbind(visit, Unbinding::Unknown, Some(Trouble::UnbindUnknown));
    } else {
        settle(visit, Some(Trouble::FateUnknown));
    }
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

/// The waiting lookup, counted as tried once more.
fn count_look_up(visit: &mut Visit) -> Option<&mut OutboxEntry> {
    let entry = visit.entry_mut(ActKind::FindMember)?;
    entry.tries = entry.tries.saturating_add(1);
    Some(entry)
}

#[cfg(test)]
mod tests;
