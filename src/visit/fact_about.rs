//! What a fact is about beyond its visit: the student number in it, what it counts for, and whether the student must have
//! been there. No match here has a wildcard: a kind that is added decides each of them.

use super::{Counted, Fact, NumberInFact, Proof, ShownNumbers};

impl Fact {
    /// The student number in it: what `visits forget` looks for. A fact whose number is not named here is not found, and
    /// survives the student's request to be forgotten.
    pub fn student(&self) -> Option<NumberInFact<'_>> {
        let (number, is_proved) = match self {
            Fact::SignInAsked { student, .. } | Fact::SignInRefused { student, .. } => {
                (student, false)
            }
            Fact::Identified { student, .. }
            | Fact::OldIdentified { student }
            | Fact::Vouched { student } => (&student.number, true),
            Fact::NumbersShown { whose } => match whose {
                ShownNumbers::Roster(number) => (number, false),
                ShownNumbers::Ticket | ShownNumbers::TicketToCommand => return None,
            },
            Fact::TicketContactGiven { contact } => (contact.number.as_ref()?, false),
            Fact::VisitOpened { .. }
            | Fact::StepDone { .. }
            | Fact::Answered { .. }
            | Fact::PageTurned { .. }
            | Fact::Scanned
            | Fact::Preferred { .. }
            | Fact::WentBack { .. }
            | Fact::SignInMethodChosen { .. }
            | Fact::DeviceGrantAsked { .. }
            | Fact::DeviceGrantFailed { .. }
            | Fact::ResumeRefused
            | Fact::Queued { .. }
            | Fact::Checked { .. }
            | Fact::CheckFailed { .. }
            | Fact::CheckDenied { .. }
            | Fact::TriedAgain { .. }
            | Fact::Unqueued { .. }
            | Fact::OldLetGo
            | Fact::OldNumberRefused
            | Fact::UnbindAsked { .. }
            | Fact::Unbound
            | Fact::UnbindFailed { .. }
            | Fact::UnbindAskedAnew
            | Fact::FollowLookAsked { .. }
            | Fact::FollowNotSeen { .. }
            | Fact::MemberSeen { .. }
            | Fact::NumberGiven { .. }
            | Fact::BindAsked { .. }
            | Fact::NumberBound
            | Fact::BindFailed { .. }
            | Fact::CodeIssued { .. }
            | Fact::CodeSent
            | Fact::CodeNotSent { .. }
            | Fact::CodeCheckAsked { .. }
            | Fact::CodeNotChecked { .. }
            | Fact::CodeTried { .. }
            | Fact::CodeAccepted
            | Fact::ConfirmAsked { .. }
            | Fact::Confirmed
            | Fact::ConfirmFailed { .. }
            | Fact::FateUnknown { .. }
            | Fact::Parked { .. }
            | Fact::Resumed { .. }
            | Fact::BegunAgain
            | Fact::Closed { .. }
            | Fact::TicketOpened { .. }
            | Fact::TicketNoted { .. }
            | Fact::TicketChanged { .. } => return None,
        };
        Some(NumberInFact { number, is_proved })
    }

    /// What it counts for beyond its visit.
    pub fn counted(&self) -> Option<Counted<'_>> {
        match self {
            Fact::VisitOpened { .. } => Some(Counted::VisitOpened),
            Fact::Parked { .. } => Some(Counted::Parked),
            Fact::Closed { outcome } => Some(Counted::Closed(*outcome)),
            Fact::CodeIssued { mobile, .. } => Some(Counted::CodeIssued(mobile)),
            Fact::SignInRefused { student, why } => Some(Counted::SignInRefused(student, why)),
            Fact::Identified { student, proof } => {
                Some(Counted::Identified(&student.number, *proof))
            }
            Fact::OldIdentified { student } => {
                Some(Counted::Identified(&student.number, Proof::SignIn))
            }
            Fact::StepDone { .. }
            | Fact::Answered { .. }
            | Fact::PageTurned { .. }
            | Fact::Scanned
            | Fact::Preferred { .. }
            | Fact::WentBack { .. }
            | Fact::SignInAsked { .. }
            | Fact::SignInMethodChosen { .. }
            | Fact::DeviceGrantAsked { .. }
            | Fact::DeviceGrantFailed { .. }
            | Fact::ResumeRefused
            | Fact::Vouched { .. }
            | Fact::NumbersShown { .. }
            | Fact::Queued { .. }
            | Fact::Checked { .. }
            | Fact::CheckFailed { .. }
            | Fact::CheckDenied { .. }
            | Fact::TriedAgain { .. }
            | Fact::Unqueued { .. }
            | Fact::OldLetGo
            | Fact::OldNumberRefused
            | Fact::UnbindAsked { .. }
            | Fact::Unbound
            | Fact::UnbindFailed { .. }
            | Fact::UnbindAskedAnew
            | Fact::FollowLookAsked { .. }
            | Fact::FollowNotSeen { .. }
            | Fact::MemberSeen { .. }
            | Fact::NumberGiven { .. }
            | Fact::BindAsked { .. }
            | Fact::NumberBound
            | Fact::BindFailed { .. }
            | Fact::CodeSent
            | Fact::CodeNotSent { .. }
            | Fact::CodeCheckAsked { .. }
            | Fact::CodeNotChecked { .. }
            | Fact::CodeTried { .. }
            | Fact::CodeAccepted
            | Fact::ConfirmAsked { .. }
            | Fact::Confirmed
            | Fact::ConfirmFailed { .. }
            | Fact::FateUnknown { .. }
            | Fact::Resumed { .. }
            | Fact::BegunAgain
            | Fact::TicketOpened { .. }
            | Fact::TicketContactGiven { .. }
            | Fact::TicketNoted { .. }
            | Fact::TicketChanged { .. } => None,
        }
    }

    /// Whether the desk does it by itself, or a volunteer looks: the student need not be at the desk for it. It does not
    /// change since when a parked visit waits.
    pub fn is_by_itself(&self) -> bool {
        match self {
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
            | Fact::NumbersShown { .. } => true,
            Fact::VisitOpened { .. }
            | Fact::StepDone { .. }
            | Fact::Answered { .. }
            | Fact::PageTurned { .. }
            | Fact::Scanned
            | Fact::Preferred { .. }
            | Fact::WentBack { .. }
            | Fact::SignInAsked { .. }
            | Fact::SignInRefused { .. }
            | Fact::SignInMethodChosen { .. }
            | Fact::DeviceGrantAsked { .. }
            | Fact::DeviceGrantFailed { .. }
            | Fact::ResumeRefused
            | Fact::Identified { .. }
            | Fact::Vouched { .. }
            | Fact::OldIdentified { .. }
            | Fact::OldLetGo
            | Fact::OldNumberRefused
            | Fact::UnbindAsked { .. }
            | Fact::Unbound
            | Fact::UnbindFailed { .. }
            | Fact::UnbindAskedAnew
            | Fact::FollowLookAsked { .. }
            | Fact::FollowNotSeen { .. }
            | Fact::MemberSeen { .. }
            | Fact::NumberGiven { .. }
            | Fact::NumberBound
            | Fact::CodeIssued { .. }
            | Fact::CodeSent
            | Fact::CodeNotSent { .. }
            | Fact::CodeCheckAsked { .. }
            | Fact::CodeNotChecked { .. }
            | Fact::CodeTried { .. }
            | Fact::CodeAccepted
            | Fact::Confirmed
            | Fact::FateUnknown { .. }
            | Fact::Parked { .. }
            | Fact::Resumed { .. }
            | Fact::BegunAgain
            | Fact::Closed { .. }
            | Fact::TicketOpened { .. }
            | Fact::TicketContactGiven { .. }
            | Fact::TicketNoted { .. }
            | Fact::TicketChanged { .. } => false,
        }
    }
}
