//! What somebody asks of a visit, and what comes back from outside.

use std::time::Duration;

use super::{
    ActKind, Answer, Binding, DirectoryRefusal, EffectId, Failure, FreeText, GrantRefusal, Member,
    Mobile, ParkedFor, Question, Secret, ShownNumbers, SignInMethod, SignInRefusal, SmsRefusal,
    Student, StudentNumber, TicketState, Way,
};

/// A key's meaning, a reply of the campus, or a volunteer's order. Never a raw key.
#[derive(Debug)]
pub enum Command {
    /// A student begins, at the desk or with the phone. `first_time` answers the question of standing, where the pack
    /// has it: most students are asked nothing then.
    Open {
        prefers: Way,
        first_time: bool,
    },
    /// The notice is agreed to.
    Agree,
    SignIn(SignInWith),
    /// Another code for the student's own phone.
    StartDeviceGrant,
    /// With the phone, or with the password.
    ChooseSignInMethod {
        means: SignInMethod,
    },
    GiveNumber {
        mobile: Mobile,
    },
    /// The number that the phone was given, told to the desk only so that it can be shown large; nothing is asked of the
    /// campus.
    TellNumber {
        mobile: Mobile,
    },
    Answer {
        question: Question,
        answer: Answer,
    },
    /// The n-th choice of the phone page shown.
    Choose {
        choice: usize,
    },
    /// The student says that WeChat shows the account as followed.
    SayFollowed,
    /// Delete the old number's binding; `typed` is what was typed to confirm it.
    Unbind {
        typed: Secret,
    },
    /// Ask the directory once more, now.
    CheckAgain,
    /// Send a code, or the same one again.
    SendCode,
    TypeCode {
        code: Secret,
    },
    /// Back to the number step.
    ChangeNumber,
    /// Do again what failed, where that is safe.
    Retry,
    Back,
    /// A screen that only tells something was read: bound, already bound.
    Finish,
    /// The student leaves: closed where nothing was given yet, parked otherwise.
    Leave,
    /// What the phone does instead of the desk from here on, or the other way round.
    Prefer {
        way: Way,
    },
    Park {
        why: ParkedFor,
    },
    /// The student waits for something that takes its time, and lets the next one go first. It needs no volunteer: a visit
    /// that is put aside shows nothing.
    StepAside,
    /// What is bound already, or holds the mobile number, is an old number's account: the visit begins anew, as that of
    /// somebody with another number.
    BeginAsNewNumber,
    /// A volunteer looked at the papers and takes the visit up again.
    ResumeByVolunteer,
    /// The sign-in cannot be reached: a volunteer looked at the papers of this student, found in the roster.
    Vouch {
        student: Student,
    },
    /// A volunteer looks at numbers whole.
    ShowNumbers {
        whose: ShownNumbers,
    },
    /// It is time: what waits for the campus is tried.
    RetryDue,
    /// A volunteer has what had stopped tried again.
    RetryEntry {
        what: ActKind,
    },
    /// A volunteer lets what waits go.
    DiscardEntry {
        what: ActKind,
    },
    /// What waits is handed over by a ticket.
    TicketForEntry {
        what: ActKind,
        reason: FreeText,
    },
    /// A volunteer lets the student begin again.
    BeginAgain,
    /// Nothing helps, or the student asks: what the hotline is told. The visit is put aside.
    OpenTicket {
        reason: FreeText,
    },
    /// What came of a ticket; `state` where that changes.
    NoteTicket {
        called_at: Option<jiff::Timestamp>,
        by: FreeText,
        answer: FreeText,
        state: Option<TicketState>,
    },
    /// A volunteer ends the visit.
    End,
    /// The pickup number ran out.
    Expire,
    /// The desk was started again and found this visit: what was under way is settled.
    Recover,
    Reply {
        id: EffectId,
        reply: Reply,
    },
}

/// Who may give a command. Each may also give what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// Anybody who stands at the desk.
    Student,
    /// A volunteer: the panel is open.
    Volunteer,
    /// The desk itself: a timer, a restart, the answer of the campus. No key gives it.
    Desk,
}

impl Command {
    /// The least authority that this command takes for the visit in hand. A command for another visit takes at least
    /// [`Authority::Volunteer`].
    pub fn needs(&self) -> Authority {
        match self {
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
            | Command::StepAside
            | Command::BeginAsNewNumber
            | Command::OpenTicket { .. } => Authority::Student,
            Command::Park { .. }
            | Command::ResumeByVolunteer
            | Command::Vouch { .. }
            | Command::ShowNumbers { .. }
            | Command::RetryEntry { .. }
            | Command::DiscardEntry { .. }
            | Command::TicketForEntry { .. }
            | Command::BeginAgain
            | Command::NoteTicket { .. }
            | Command::End => Authority::Volunteer,
            Command::RetryDue | Command::Expire | Command::Recover | Command::Reply { .. } => {
                Authority::Desk
            }
        }
    }
}

/// What the identity form holds.
#[derive(Debug)]
pub struct SignInWith {
    pub student: StudentNumber,
    pub password: Secret,
}

/// What an effect answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    SignedIn(Result<Student, Failure<SignInRefusal>>),
    DeviceGranted(Result<Student, Failure<GrantRefusal>>),
    MemberFound(Result<Member, Failure<DirectoryRefusal>>),
    NumberBound(Result<Binding, Failure<DirectoryRefusal>>),
    CodeSent(Result<(), Failure<SmsRefusal>>),
    Confirmed(Result<(), Failure<DirectoryRefusal>>),
    /// Gone now, or there was nothing.
    Unbound(Result<(), Failure<DirectoryRefusal>>),
}

impl Reply {
    /// The kind of act that it answers.
    pub fn kind(&self) -> ActKind {
        match self {
            Reply::SignedIn(_) => ActKind::SignIn,
            Reply::DeviceGranted(_) => ActKind::DeviceGrant,
            Reply::MemberFound(_) => ActKind::FindMember,
            Reply::NumberBound(_) => ActKind::BindNumber,
            Reply::CodeSent(_) => ActKind::SendCode,
            Reply::Confirmed(_) => ActKind::ConfirmMember,
            Reply::Unbound(_) => ActKind::Unbind,
        }
    }

    /// Why the act failed, whichever act it was; none where it did not.
    fn failure(&self) -> Option<Failure<()>> {
        fn of<T, R>(answer: &Result<T, Failure<R>>) -> Option<Failure<()>> {
            answer.as_ref().err().map(Failure::without_refusal)
        }
        match self {
            Reply::SignedIn(answer) => of(answer),
            Reply::DeviceGranted(answer) => of(answer),
            Reply::MemberFound(answer) => of(answer),
            Reply::NumberBound(answer) => of(answer),
            Reply::CodeSent(answer) => of(answer),
            Reply::Confirmed(answer) | Reply::Unbound(answer) => of(answer),
        }
    }

    /// Whether the gateway gave no answer at all.
    pub fn is_offline(&self) -> bool {
        self.failure() == Some(Failure::Offline)
    }

    /// Whether the service answered that it is asked too often, and for how long a pause it asks where it says so.
    pub fn asks_for_pause(&self) -> Option<Option<Duration>> {
        match self.failure()? {
            Failure::Limited { retry_after } => Some(retry_after),
            Failure::Offline | Failure::Rejected(()) | Failure::Misconfigured(_) => None,
        }
    }

    /// What an act answers when its deadline passes without an answer.
    pub fn offline(kind: ActKind) -> Self {
        match kind {
            ActKind::SignIn => Reply::SignedIn(Err(Failure::Offline)),
            ActKind::DeviceGrant => Reply::DeviceGranted(Err(Failure::Offline)),
            ActKind::FindMember => Reply::MemberFound(Err(Failure::Offline)),
            ActKind::BindNumber => Reply::NumberBound(Err(Failure::Offline)),
            ActKind::SendCode => Reply::CodeSent(Err(Failure::Offline)),
            ActKind::ConfirmMember => Reply::Confirmed(Err(Failure::Offline)),
            ActKind::Unbind => Reply::Unbound(Err(Failure::Offline)),
        }
    }
}
