//! Commands: what a student, a volunteer or the desk asks of a visit, and what the campus replies.

use std::time::Duration;

use super::{
    ActKind, Answer, Binding, CodeRefusal, CodeVerdict, DirectoryRefusal, EffectId, Failure,
    FreeText, GrantRefusal, Member, Mobile, ParkedFor, Question, Secret, ShownNumbers,
    SignInMethod, SignInRefusal, SmsRefusal, Student, StudentNumber, TicketContact, TicketState,
    Way,
};

/// A key's meaning, a reply of the campus, or a volunteer's order. Never a raw key.
#[derive(Debug)]
pub enum Command {
    /// A student begins, at the desk or with the phone. `first_time` answers the question of standing, where the pack
    /// has it: most students are asked nothing then.
    Open {
        /// How the student begins: at the desk or with the phone.
        prefers: Way,
        /// The student says that it is their first registration.
        first_time: bool,
        /// The student says that they have scanned the registration code.
        scanned: bool,
    },
    /// The notice is agreed to.
    Agree,
    /// The student signs in with a password.
    SignIn(SignInWith),
    /// Another code for the student's own phone.
    StartDeviceGrant,
    /// With the phone, or with the password.
    ChooseSignInMethod {
        /// The method chosen.
        means: SignInMethod,
    },
    /// The student gives the mobile number that the desk binds.
    GiveNumber {
        /// The mobile number.
        mobile: Mobile,
    },
    /// The student types the number that the phone was given, so that the desk can show it large. Nothing is asked of
    /// the campus.
    TellNumber {
        /// The mobile number.
        mobile: Mobile,
    },
    /// A question is answered.
    Answer {
        /// The question.
        question: Question,
        /// The answer.
        answer: Answer,
    },
    /// The n-th choice of the phone page shown.
    Choose {
        /// The choice, counted from 0.
        choice: usize,
    },
    /// The student says that WeChat shows the account as followed.
    SayFollowed,
    /// Delete the old number's binding; `typed` is what was typed to confirm it.
    Unbind {
        /// What was typed.
        typed: Secret,
    },
    /// Ask the directory once more, now.
    CheckAgain,
    /// Send a code, or the same one again.
    SendCode,
    /// A code was typed.
    TypeCode {
        /// The code that was typed.
        code: Secret,
    },
    /// Back to the number step.
    ChangeNumber,
    /// Do again what failed, where that is safe.
    Retry,
    /// Esc: the last thing is taken back, or what is under way is given up.
    Back,
    /// A screen that only informs was read: bound, already bound.
    Finish,
    /// The student leaves: closed where nothing was given yet, parked otherwise.
    Leave,
    /// What the phone does instead of the desk from here on, or the other way round.
    Prefer {
        /// The way from here on.
        way: Way,
    },
    /// The visit is parked, or closed where nothing was given yet.
    Park {
        /// What the visit waits for.
        why: ParkedFor,
    },
    /// The student waits for something that takes its time, and lets the next one go first. It needs no volunteer: a visit
    /// that is parked shows nothing.
    StepAside,
    /// The account that is bound already, or that holds the mobile number, belongs to an old student number: the visit
    /// begins again, for a student with a new number.
    BeginAsNewNumber,
    /// A volunteer looked at the papers and resumes the visit.
    ResumeByVolunteer,
    /// The sign-in cannot be reached: a volunteer looked at the papers of this student, found in the roster.
    Vouch {
        /// The student number that signs in.
        student: Student,
    },
    /// A volunteer looks at numbers whole.
    ShowNumbers {
        /// Whose numbers.
        whose: ShownNumbers,
    },
    /// The next outbox entry of the visit is due: it is tried.
    RetryDue,
    /// A volunteer lets a stopped outbox entry be tried again.
    RetryEntry {
        /// The kind of act.
        what: ActKind,
    },
    /// A volunteer discards an outbox entry.
    DiscardEntry {
        /// The kind of act.
        what: ActKind,
    },
    /// A ticket hands an outbox entry over to the hotline.
    TicketForEntry {
        /// The kind of act.
        what: ActKind,
        /// The reason, as it was typed.
        reason: FreeText,
    },
    /// A volunteer lets the student begin again.
    BeginAgain,
    /// A ticket for the hotline, where nothing helps or the student asks for it. The visit is parked.
    OpenTicket {
        /// The reason, as it was typed.
        reason: FreeText,
        /// Who it is about, as far as that is not known and was typed.
        contact: TicketContact,
    },
    /// What came of a ticket; `state` where that changes.
    NoteTicket {
        /// When the call was, where there was one.
        called_at: Option<jiff::Timestamp>,
        /// Who called or decided.
        by: FreeText,
        /// The answer.
        answer: FreeText,
        /// The new state, where it changes.
        state: Option<TicketState>,
    },
    /// A volunteer ends the visit.
    End,
    /// The pickup number ran out.
    Expire,
    /// Too many visits wait that name nobody: this one goes.
    MakeRoom,
    /// The desk was started again and found this visit: what was under way is settled.
    Recover,
    /// The campus answered an effect.
    Reply {
        /// The id of the effect.
        id: EffectId,
        /// The reply.
        reply: Reply,
    },
}

/// Who may give a command. Each may also give what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// The student at the desk: any key press.
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
            Command::RetryDue
            | Command::Expire
            | Command::MakeRoom
            | Command::Recover
            | Command::Reply { .. } => Authority::Desk,
        }
    }
}

/// What the identity form holds.
#[derive(Debug)]
pub struct SignInWith {
    /// The student number that signs in.
    pub student: StudentNumber,
    /// The password.
    pub password: Secret,
}

/// What an effect answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// To a sign-in with a password.
    SignedIn(Result<Student, Failure<SignInRefusal>>),
    /// To a sign-in on the phone.
    DeviceGranted(Result<Student, Failure<GrantRefusal>>),
    /// To a lookup of the member.
    MemberFound(Result<Member, Failure<DirectoryRefusal>>),
    /// To setting the number.
    NumberBound(Result<Binding, Failure<DirectoryRefusal>>),
    /// To sending a code.
    CodeSent(Result<(), Failure<SmsRefusal>>),
    /// To having a code checked.
    CodeChecked(Result<CodeVerdict, Failure<CodeRefusal>>),
    /// To confirming the member.
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
            Reply::CodeChecked(_) => ActKind::CheckCode,
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
            Reply::CodeChecked(answer) => of(answer),
            Reply::Confirmed(answer) | Reply::Unbound(answer) => of(answer),
        }
    }

    /// Whether the gateway gave no answer, or none that is one.
    pub fn is_offline(&self) -> bool {
        self.failure().is_some_and(|why| why.is_fate_unknown())
    }

    /// Whether the service answered that it is asked too often, and for how long a pause it asks where it says so.
    pub fn asks_for_pause(&self) -> Option<Option<Duration>> {
        match self.failure()? {
            Failure::Limited { retry_after } => Some(retry_after),
            Failure::Offline
            | Failure::Unavailable
            | Failure::Rejected(())
            | Failure::Misconfigured(_) => None,
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
            ActKind::CheckCode => Reply::CodeChecked(Err(Failure::Offline)),
            ActKind::ConfirmMember => Reply::Confirmed(Err(Failure::Offline)),
            ActKind::Unbind => Reply::Unbound(Err(Failure::Offline)),
        }
    }
}
