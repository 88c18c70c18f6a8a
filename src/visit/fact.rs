//! What has happened: past tense, with its time, in the journal before it is shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, VariantArray};

use super::{
    ActKind, Answer, Attestation, CodeRefusal, DirectoryRefusal, EffectId, Failure, FreeText,
    GrantRefusal, MemberStatus, Mobile, Nonce, Outcome, ParkedFor, Pickup, Proof, Question,
    ShownNumbers, SignInMethod, SignInRefusal, SmsRefusal, StepKind, Student, StudentNumber,
    TicketContact, TicketNumber, TicketState, Way,
};

/// What has happened in a visit. New kinds are added; none is ever given another meaning, for old journals are read.
///
/// No match over it has a wildcard where that would decide something for kinds that are added later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[strum_discriminants(name(FactKind), derive(Hash, PartialOrd, Ord, VariantArray))]
#[strum_discriminants(doc = "A fact without its data.")]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The visit began.
    VisitOpened {
        /// How the student begins: at the desk or with the phone.
        prefers: Way,
    },
    /// A step was done, by whose word.
    StepDone {
        /// The step.
        step: StepKind,
        /// On whose word it rests.
        word: Attestation,
    },
    /// A question was answered.
    Answered {
        /// The question.
        question: Question,
        /// The answer.
        answer: Answer,
    },
    /// The student turned to another page of the present step.
    PageTurned {
        /// The page, counted from 0.
        page: usize,
    },
    /// The student said that they have scanned the registration code (guide 一.1).
    Scanned,
    /// The phone goes on instead of the desk, or the other way round.
    Preferred {
        /// The way from here on.
        way: Way,
    },
    /// Marks beyond the first `keep` were taken back.
    WentBack {
        /// How many marks are left.
        keep: usize,
    },
    /// A sign-in with a password was asked for.
    SignInAsked {
        /// The id of the effect.
        effect: EffectId,
        /// The student.
        student: StudentNumber,
    },
    /// It did not succeed.
    SignInRefused {
        /// The student.
        student: StudentNumber,
        /// Why it failed.
        why: Failure<SignInRefusal>,
    },
    /// With the phone, or with the password.
    #[serde(rename = "means-chosen")]
    SignInMethodChosen {
        /// The method that was chosen.
        means: SignInMethod,
    },
    /// A code for the student's own phone was asked for. The code itself is in no fact.
    DeviceGrantAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The sign-in on the phone did not succeed.
    DeviceGrantFailed {
        /// Why it failed.
        why: Failure<GrantRefusal>,
    },
    /// The student who signed in to resume the visit is not the one it belongs to.
    ResumeRefused,
    /// It is known who the student is.
    Identified {
        /// The student.
        student: Student,
        /// How it is known who the student is.
        proof: Proof,
    },
    /// The sign-in could not be reached; a volunteer looked at the papers, found the student in the roster and gave the
    /// PIN. There was no sign-in.
    Vouched {
        /// The student.
        student: Student,
    },
    /// A volunteer was shown, whole, who this is: the explicit view of what is masked everywhere else.
    NumbersShown {
        /// Whose numbers.
        whose: ShownNumbers,
    },
    /// Something was not done, and waits for the campus from now on; `why` is what it answered, where it was asked.
    Queued {
        /// The kind of act.
        what: ActKind,
        /// Why it failed.
        #[serde(default)]
        why: Option<Failure<DirectoryRefusal>>,
    },
    /// What was to be looked up later was: the member stands like this, and nothing is left to do.
    Checked {
        /// How the member stands.
        status: MemberStatus,
    },
    /// The lookup failed once more.
    CheckFailed {
        /// Why it failed.
        why: Failure<DirectoryRefusal>,
    },
    /// The student said that the account is followed, and the member is not active: for a person.
    CheckDenied {
        /// How the member stands.
        status: MemberStatus,
    },
    /// A volunteer lets what had stopped be tried again.
    TriedAgain {
        /// The kind of act.
        what: ActKind,
    },
    /// It waits no longer: a person took it over, or dropped it.
    Unqueued {
        /// The kind of act.
        what: ActKind,
    },
    /// Signed in as the OLD number, whose binding is to be deleted. Who the visit registers stays open.
    OldIdentified {
        /// The student.
        student: Student,
    },
    /// That was another account than the one to unbind.
    OldLetGo,
    /// The old number signed in where the new one is asked for.
    OldNumberRefused,
    /// Synced before the directory is asked to delete the old number's member.
    UnbindAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The old number is deleted, or was not there.
    Unbound,
    /// The directory did not delete it.
    UnbindFailed {
        /// Why it failed.
        why: Failure<DirectoryRefusal>,
    },
    /// After an unknown fate the old number's member was looked for and stands, or it cannot be read: the student is
    /// asked again, for it may be a new binding.
    UnbindAskedAnew,
    /// The student asked the desk to look now whether the account is followed.
    FollowLookAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The desk looked because the student asked it to, and the member is not active; no status where the directory did
    /// not answer.
    FollowNotSeen {
        /// How the member stands.
        status: Option<MemberStatus>,
    },
    /// What is known of the member after identity, by the directory's word or the student's.
    MemberSeen {
        /// How the member stands.
        status: MemberStatus,
        /// On whose word it rests.
        word: Attestation,
    },
    /// The mobile number was given.
    NumberGiven {
        /// The mobile number.
        mobile: Mobile,
    },
    /// Synced before the directory is asked to set the number.
    BindAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The directory holds the number.
    NumberBound,
    /// The directory did not set the number.
    BindFailed {
        /// Why it failed.
        why: Failure<DirectoryRefusal>,
    },
    /// Synced before the SMS is asked for. The same nonce again is a resend.
    CodeIssued {
        /// The id of the effect.
        effect: EffectId,
        /// What makes this code differ from the one before.
        nonce: Nonce,
        /// The mobile number.
        mobile: Mobile,
        /// When it ends.
        expires: Timestamp,
    },
    /// The SMS service took the message.
    CodeSent,
    /// No message went out.
    CodeNotSent {
        /// Why it failed.
        why: Failure<SmsRefusal>,
    },
    /// Synced before the campus is asked whether the typed code is the one that it sent. The code is in no fact.
    CodeCheckAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The campus did not check the code, or takes none for this number any more. A wrong code is [`Fact::CodeTried`].
    CodeNotChecked {
        /// Why it failed.
        why: Failure<CodeRefusal>,
    },
    /// Synced before its verdict is shown. `left` is how many tries remain.
    CodeTried {
        /// Whether the code was the right one.
        right: bool,
        /// How many tries remain.
        left: u8,
    },
    /// The right code was typed: the number is proved.
    CodeAccepted,
    /// Synced before the directory is asked to confirm the member.
    ConfirmAsked {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The directory has confirmed the member.
    Confirmed,
    /// The directory did not confirm the member.
    ConfirmFailed {
        /// Why it failed.
        why: Failure<DirectoryRefusal>,
    },
    /// The desk was restarted, or the student gave up waiting, while this was under way: its fate is not known.
    FateUnknown {
        /// The id of the effect.
        effect: EffectId,
    },
    /// The visit was parked.
    Parked {
        /// The pickup number; none where all numbers of the desk waited already.
        pickup: Option<Pickup>,
        /// When it ends.
        expires: Timestamp,
        /// What it waits for.
        why: ParkedFor,
    },
    /// A parked visit was resumed.
    Resumed {
        /// How it is known that the student is the right one.
        by: Proof,
    },
    /// The visit begins again, by a volunteer's order or because the account that is bound is an old one: identity and
    /// answers are asked again.
    #[serde(rename = "restarted")]
    BegunAgain,
    /// The visit ended.
    Closed {
        /// How it ended.
        outcome: Outcome,
    },
    /// A ticket was opened, on this route and at this step.
    TicketOpened {
        /// The number.
        number: TicketNumber,
        /// The reason, as it was typed.
        reason: FreeText,
        /// The pack's id of the route, where the answers decided it; earlier programs wrote the likeliest one.
        route: Option<String>,
        /// The step.
        step: Option<StepKind>,
    },
    /// Who a ticket is about was typed for the hotline.
    TicketContactGiven {
        /// All that was typed of it so far.
        contact: TicketContact,
    },
    /// A call to the hotline, or a note: who called, and the answer.
    TicketNoted {
        /// When the call was, where there was one.
        called_at: Option<Timestamp>,
        /// Who called or decided.
        by: FreeText,
        /// The answer.
        answer: FreeText,
    },
    /// The ticket's state changed.
    TicketChanged {
        /// The state from now on.
        state: TicketState,
        /// Who called or decided.
        by: FreeText,
    },
}
