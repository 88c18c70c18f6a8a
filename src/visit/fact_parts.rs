//! What facts are made of: how the journal keeps one, what one counts for, whose word it rests on, why a visit waits or does
//! not go on, how it ended. Their serialised names stay, for old journals are read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    CodeRefusal, DirectoryRefusal, Fact, Failure, GrantRefusal, Mobile, SignInRefusal, SmsRefusal,
    StudentNumber, VisitId, VolunteerName,
};

/// A fact as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The visit.
    pub visit: VisitId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub fact: Fact,
    /// The volunteer who had it done from the panel, where the PIN was their own. Old journals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<VolunteerName>,
}

impl Recorded {
    /// A fact that no volunteer had done.
    pub fn new(visit: VisitId, at: Timestamp, fact: Fact) -> Self {
        Recorded {
            visit,
            at,
            fact,
            by: None,
        }
    }
}

/// A student number in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberInFact<'a> {
    /// The number.
    pub number: &'a StudentNumber,
    /// The student was identified by it; otherwise it was only typed.
    pub is_proved: bool,
}

/// What a fact adds to the counters that reach over visits: the day's counts and the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted<'a> {
    /// The visit began.
    VisitOpened,
    /// The visit was parked.
    Parked,
    /// The visit ended.
    Closed(Outcome),
    /// A code was issued for this number.
    CodeIssued(&'a Mobile),
    /// It did not succeed.
    SignInRefused(&'a StudentNumber, &'a Failure<SignInRefusal>),
    /// It is known who the student is.
    Identified(&'a StudentNumber, Proof),
}

/// Whose word a fact rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attestation {
    /// The student's.
    Student,
    /// The campus's.
    Campus,
}

/// Whose numbers a volunteer was shown whole, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownNumbers {
    /// The visit's own, with its ticket, on the screen.
    Ticket,
    /// The visit's own, with its ticket, to another command that brought the PIN.
    TicketToCommand,
    /// A student of the roster, looked up to be vouched for.
    Roster(StudentNumber),
}

/// How the student's identity is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A sign-in.
    SignIn,
    /// A volunteer looked at the papers and gave the PIN.
    Volunteer,
}

/// What a parked visit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParkedFor {
    /// The desk was left without a key press for a while.
    Idle,
    /// A volunteer or the student put it aside.
    Student,
    /// The next student was taken.
    Queue,
    /// A ticket was opened: the hotline must act first.
    Ticket,
    /// The program was started again.
    #[serde(rename = "restart")]
    ProgramRestart,
    /// A volunteer vouched for who it is: going on takes a sign-in.
    SignIn,
}

impl ParkedFor {
    /// Whether the student may still stand at the desk, so that the end of the visit is to be shown before it is closed.
    pub fn may_be_unseen(self) -> bool {
        match self {
            ParkedFor::ProgramRestart => true,
            ParkedFor::Idle
            | ParkedFor::Student
            | ParkedFor::Queue
            | ParkedFor::Ticket
            | ParkedFor::SignIn => false,
        }
    }
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The account is bound: the directory said so, or the desk did the last step. Older journals have it for a student's
    /// word too.
    Bound,
    /// The student says that the account is bound; the desk has not seen it.
    BoundByWord,
    /// After a visit that ended by the student's word, the directory says that the account is active.
    WordConfirmed,
    /// The account was bound before, by the directory's word. Older journals have it for a student's word too.
    AlreadyBound,
    /// The student's phone says that the account was bound before; the desk has not seen it.
    AlreadyBoundByWord,
    /// The student left before anything was done.
    Left,
    /// A volunteer ended it.
    Ended,
    /// The pickup number ran out.
    Expired,
}

impl Outcome {
    /// On whose word it rests that the account is bound; none where it does not say that it is.
    pub fn bound_by(self) -> Option<Attestation> {
        match self {
            Outcome::Bound | Outcome::WordConfirmed | Outcome::AlreadyBound => {
                Some(Attestation::Campus)
            }
            Outcome::BoundByWord | Outcome::AlreadyBoundByWord => Some(Attestation::Student),
            Outcome::Left | Outcome::Ended | Outcome::Expired => None,
        }
    }
}

/// Why the present step does not go on: what the screen has words for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// The sign-in failed.
    SignIn(Failure<SignInRefusal>),
    /// The sign-in on the phone failed.
    DeviceGrant(Failure<GrantRefusal>),
    /// The student who signed in is not the one the visit belongs to.
    SomebodyElse,
    /// The directory did not do it.
    Directory(Failure<DirectoryRefusal>),
    /// No message went out.
    Sms(Failure<SmsRefusal>),
    /// The campus did not check the code, or takes none any more.
    CodeCheck(Failure<CodeRefusal>),
    /// The code was wrong.
    CodeWrong {
        /// How many tries remain.
        left: u8,
    },
    /// The tries are used up: another code is needed.
    CodeSpent,
    /// A message may or may not have gone out before the desk was restarted or the wait was given up.
    FateUnknown,
    /// A deletion may or may not have got through.
    UnbindUnknown,
    /// The old number signed in where the new one is asked for.
    OldNumber,
    /// The student asked for a lookup, and the directory does not have the account as active.
    FollowNotSeen,
    /// The student asked for a lookup, and the directory did not answer.
    FollowNotLooked,
}
