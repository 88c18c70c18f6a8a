//! What a fact means for a report: a change of how its visit stands, or an answer of the campus.

use crate::visit::{
    ActKind, Attestation, Fact, Failure, MemberStatus, Outcome, ParkedFor, Proof, StepKind,
    Trouble, Visit,
};

/// What a fact means for the numbers of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactReading {
    /// The visit is in hand now.
    Taken,
    /// It was parked.
    Parked(ParkedFor),
    /// It ended.
    Closed(Outcome),
    /// A ticket was opened for it.
    TicketOpened,
    /// The newest word on whether the account is bound: the campus's or the desk's own (`seen`), or the student's.
    Bound {
        seen: bool,
    },
    Nothing,
}

impl FactReading {
    pub(super) fn of(fact: &Fact) -> Self {
        match fact {
            Fact::VisitOpened { .. } | Fact::Resumed { .. } => FactReading::Taken,
            Fact::Parked { why, .. } => FactReading::Parked(*why),
            Fact::Closed { outcome } => FactReading::Closed(*outcome),
            Fact::TicketOpened { .. } => FactReading::TicketOpened,
            Fact::StepDone { word, .. } => FactReading::Bound {
                seen: *word == Attestation::Campus,
            },
            Fact::Checked { status } => FactReading::Bound {
                seen: *status == MemberStatus::Active,
            },
            Fact::CheckDenied { .. } | Fact::BegunAgain => FactReading::Bound { seen: false },
            Fact::Answered { .. }
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
            | Fact::NumbersShown { .. }
            | Fact::Queued { .. }
            | Fact::CheckFailed { .. }
            | Fact::TriedAgain { .. }
            | Fact::Unqueued { .. }
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
            | Fact::TicketContactGiven { .. }
            | Fact::TicketNoted { .. }
            | Fact::TicketChanged { .. } => FactReading::Nothing,
        }
    }
}

/// What the campus answered, where the fact is its answer: the act, and why it failed.
pub(super) fn answer(visit: &Visit, fact: &Fact) -> Option<(ActKind, Option<Trouble>)> {
    let directory = |why: &Failure<_>| Some(Trouble::Directory(why.clone()));
    Some(match fact {
        Fact::Identified {
            proof: Proof::SignIn,
            ..
        }
        | Fact::OldIdentified { .. } => {
            let by_password = visit.signing_in.is_some();
            (
                if by_password {
                    ActKind::SignIn
                } else {
                    ActKind::DeviceGrant
                },
                None,
            )
        }
        Fact::SignInRefused { why, .. } => (ActKind::SignIn, Some(Trouble::SignIn(why.clone()))),
        Fact::DeviceGrantFailed { why } => (
            ActKind::DeviceGrant,
            Some(Trouble::DeviceGrant(why.clone())),
        ),
        Fact::MemberSeen {
            word: Attestation::Campus,
            ..
        }
        | Fact::StepDone {
            step: StepKind::Follow,
            word: Attestation::Campus,
        }
        | Fact::FollowNotSeen { status: Some(_) }
        | Fact::CheckDenied { .. } => (ActKind::FindMember, None),
        Fact::FollowNotSeen { status: None } => (
            ActKind::FindMember,
            Some(Trouble::Directory(Failure::Offline)),
        ),
        // The step that such a lookup finishes has been counted.
        Fact::Checked { .. } if visit.has_entry(ActKind::FindMember) => (ActKind::FindMember, None),
        Fact::CheckFailed { why } => (ActKind::FindMember, directory(why)),
        Fact::NumberBound => (ActKind::BindNumber, None),
        Fact::BindFailed { why } => (ActKind::BindNumber, directory(why)),
        Fact::CodeSent => (ActKind::SendCode, None),
        Fact::CodeNotSent { why } => (ActKind::SendCode, Some(Trouble::Sms(why.clone()))),
        // Where the desk checks the codes itself, the campus answered nothing.
        Fact::CodeTried { .. }
            if visit
                .unsettled
                .is_some_and(|asked| asked.what == ActKind::CheckCode) =>
        {
            (ActKind::CheckCode, None)
        }
        Fact::CodeNotChecked { why } => (ActKind::CheckCode, Some(Trouble::CodeCheck(why.clone()))),
        Fact::Confirmed => (ActKind::ConfirmMember, None),
        Fact::ConfirmFailed { why } => (ActKind::ConfirmMember, directory(why)),
        Fact::Unbound => (ActKind::Unbind, None),
        Fact::UnbindFailed { why } => (ActKind::Unbind, directory(why)),
        Fact::Identified {
            proof: Proof::Volunteer,
            ..
        }
        | Fact::FollowLookAsked { .. }
        | Fact::MemberSeen { .. }
        | Fact::StepDone { .. }
        | Fact::Checked { .. }
        | Fact::VisitOpened { .. }
        | Fact::Answered { .. }
        | Fact::PageTurned { .. }
        | Fact::Scanned
        | Fact::Preferred { .. }
        | Fact::WentBack { .. }
        | Fact::SignInAsked { .. }
        | Fact::SignInMethodChosen { .. }
        | Fact::DeviceGrantAsked { .. }
        | Fact::ResumeRefused
        | Fact::Vouched { .. }
        | Fact::NumbersShown { .. }
        | Fact::Queued { .. }
        | Fact::TriedAgain { .. }
        | Fact::Unqueued { .. }
        | Fact::OldLetGo
        | Fact::OldNumberRefused
        | Fact::UnbindAsked { .. }
        | Fact::UnbindAskedAnew
        | Fact::NumberGiven { .. }
        | Fact::BindAsked { .. }
        | Fact::CodeIssued { .. }
        | Fact::CodeCheckAsked { .. }
        | Fact::CodeTried { .. }
        | Fact::CodeAccepted
        | Fact::ConfirmAsked { .. }
        | Fact::FateUnknown { .. }
        | Fact::Parked { .. }
        | Fact::Resumed { .. }
        | Fact::BegunAgain
        | Fact::Closed { .. }
        | Fact::TicketOpened { .. }
        | Fact::TicketContactGiven { .. }
        | Fact::TicketNoted { .. }
        | Fact::TicketChanged { .. } => return None,
    })
}

/// The same trouble without the pause that the service asked for: it differs each time.
pub(super) fn plain(trouble: Trouble) -> Trouble {
    fn of<R>(why: Failure<R>) -> Failure<R> {
        match why {
            Failure::Limited { .. } => Failure::Limited { retry_after: None },
            Failure::Offline
            | Failure::Unavailable
            | Failure::Rejected(_)
            | Failure::Misconfigured(_) => why,
        }
    }
    match trouble {
        Trouble::SignIn(why) => Trouble::SignIn(of(why)),
        Trouble::DeviceGrant(why) => Trouble::DeviceGrant(of(why)),
        Trouble::Directory(why) => Trouble::Directory(of(why)),
        Trouble::Sms(why) => Trouble::Sms(of(why)),
        Trouble::CodeCheck(why) => Trouble::CodeCheck(of(why)),
        other @ (Trouble::SomebodyElse
        | Trouble::CodeWrong { .. }
        | Trouble::CodeSpent
        | Trouble::FateUnknown
        | Trouble::UnbindUnknown
        | Trouble::FollowNotSeen
        | Trouble::FollowNotLooked
        | Trouble::OldNumber) => other,
    }
}
