//! The core: what a visit is and what may happen next.
//!
//! This is event sourcing: [`decide`] answers a [`Command`] with facts (events) and effects, [`evolve`] folds a fact into
//! a visit (the reducer), [`route`] says where the visit stands. All of it is pure: no I/O, no clock, no randomness, no
//! terminal, no async. What lies outside a visit arrives in a [`Context`].

// A wildcard over facts, commands or acts would decide for kinds that are added later.
#![cfg_attr(not(test), deny(clippy::wildcard_enum_match_arm))]

mod characters;
mod clock_doubt;
mod code;
mod command;
mod context;
mod counts;
mod decide;
mod effect;
mod evolve;
mod fact;
mod fact_about;
mod fact_parts;
mod gateways;
mod ids;
mod limit_tag;
mod limits;
mod nameless;
mod old;
mod outbox;
mod patience;
mod person;
mod pickup;
mod pickup_tries;
pub mod report;
pub mod route;
mod rules;
mod secret;
mod ticket;
mod volunteer_name;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use characters::{is_format, narrow};
pub use clock_doubt::{ClockDoubt, ClockState, DoubtedSpans};
pub use code::{Code, CodeKey, Nonce, SmsPolicy};
pub use command::{Authority, Command, Reply, SignInWith};
pub use context::{Context, Fresh, InFlight, Now};
pub use counts::Counts;
pub use decide::{Decision, decide};
pub use effect::{
    Act, ActKind, Binding, CodeRefusal, CodeVerdict, DirectoryRefusal, Effect, Failure,
    GrantRefusal, Member, MemberStatus, SignInRefusal, SmsRefusal,
};
pub use evolve::evolve;
pub use fact::{Fact, FactKind};
pub use fact_parts::{
    Attestation, Counted, NumberInFact, Outcome, ParkedFor, Proof, Recorded, ShownNumbers, Trouble,
};
pub use gateways::{CodesBy, Connectivity, Gateway, Link, SignInMethod};
pub use ids::{EffectId, VisitId};
pub use limit_tag::{LimitKeys, LimitTag};
pub use limits::{Limits, PlainLimits, SmsAllowance};
pub use nameless::{MOST_NAMELESS, NAMELESS_LIFE, beyond_cap};
pub use old::{Old, Unbinding};
pub use outbox::{OutboxEntry, OutboxRow, Stopped};
pub use patience::{Patience, PhoneTask};
pub use person::{
    Mobile, MobileError, Name, Student, StudentNumber, StudentNumberError, group_digits,
};
pub use pickup::{DeskNumber, Pickup, PickupError};
pub use pickup_tries::PickupTries;
pub use rules::{
    Answer, Lead, PageChoices, PageId, Pages, Question, Route, Rules, Step, StepKind,
    StudentNumberRule, Way,
};
pub use secret::Secret;
pub use ticket::{
    FreeText, Ticket, TicketContact, TicketNote, TicketNumber, TicketRow, TicketState,
};
pub use volunteer_name::{VolunteerName, VolunteerNameError};

/// One student's session at the desk: what the facts so far add up to.
///
/// Only [`evolve`] changes it. It holds no secret and nothing half typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// When the visit was opened.
    pub opened: Timestamp,
    /// When the newest fact happened: for "waiting since".
    pub touched: Timestamp,
    /// How the student began: at the desk, or with their own phone.
    pub prefers: Way,
    /// What has been done and answered, in order. Esc takes the last one back.
    pub done: Vec<Mark>,
    /// The phone page within the present step, counted from 0.
    pub page: usize,
    /// When the present step began: the follow step offers the other case after a while.
    pub step_began: Timestamp,
    /// With what the student signs in at the present step.
    #[serde(default)]
    pub means: SignInMethod,
    /// Whose sign-in is under way.
    pub signing_in: Option<StudentNumber>,
    /// The student that the visit registers, once that is known.
    pub student: Option<Student>,
    /// The old student number that is unbound by the desk, once it signed in.
    #[serde(default)]
    pub old: Option<Old>,
    /// How it is known who the student is.
    pub proof: Option<Proof>,
    /// A volunteer alone vouched for who the student is: there was no sign-in. The pack says what that allows.
    #[serde(default)]
    pub vouched: bool,
    /// What the directory said of the member right after identity was proved.
    pub member: Option<MemberStatus>,
    /// The directory itself has said that the member is active.
    #[serde(default)]
    pub seen_active: bool,
    /// The steps done that rest on the campus's word: the desk did them, or the directory said so.
    #[serde(default)]
    pub by_campus: Vec<StepKind>,
    /// The directory lookup that the student asked for at the follow step, until it is answered.
    #[serde(default)]
    pub look: Option<EffectId>,
    /// The mobile number that was given.
    pub mobile: Option<Mobile>,
    /// The directory holds `mobile` for this student.
    pub number_bound: bool,
    /// The code issued last.
    pub code: Option<IssuedCode>,
    /// What was asked of the campus and not answered yet; after a restart each is settled by its rule.
    pub unsettled: Option<Unsettled>,
    /// What waits for the campus, in order: at most one of a kind.
    #[serde(default, rename = "owed")]
    pub outbox: Vec<OutboxEntry>,
    /// Why the present step does not go on, for the screen's words.
    pub trouble: Option<Trouble>,
    /// The newest trouble and its time, also when it is over: a ticket names it.
    pub last_trouble: Option<(Timestamp, Trouble)>,
    /// The student number of the last sign-in that was refused.
    pub tried_as: Option<StudentNumber>,
    /// Its ticket, where one was opened.
    pub ticket: Option<Ticket>,
    /// Whether it is open, parked or closed.
    pub status: Status,
}

/// A step done or a question answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// A step was done.
    Step(StepKind),
    /// A question was answered.
    Answer(Question, Answer),
    /// The registration code was scanned, by the student's word: the scan page is skipped.
    Scanned,
}

/// Whether the visit is in hand, waits, or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// The visit is in hand.
    Open,
    /// The visit waits under a pickup number.
    Parked {
        /// The pickup number; none where all numbers of the desk waited already.
        pickup: Option<Pickup>,
        /// When it ends.
        expires: Timestamp,
        /// What it waits for.
        why: ParkedFor,
    },
    /// The visit has ended.
    Closed {
        /// How it ended.
        outcome: Outcome,
    },
}

/// A code that was issued for this visit: all but the code itself, which is derived from the desk's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// What makes this code differ from the one before.
    pub nonce: Nonce,
    /// The mobile number that was given.
    pub mobile: Mobile,
    /// When it was issued first.
    pub issued: Timestamp,
    /// When it was last handed to the SMS service: the resend countdown starts here.
    pub sent: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// Wrong tries so far.
    pub wrong: u8,
    /// The SMS service said that it took the message.
    pub taken: bool,
    /// The right code was typed.
    pub accepted: bool,
}

/// An effect with a consequence outside, asked and not yet answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    /// The id of the effect.
    pub effect: EffectId,
    /// The kind of act.
    pub what: ActKind,
}

/// Where a visit stands: what the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A step of the route, the way it is done here and the phone page within it (0 where the desk does it).
    Step {
        /// The step.
        step: StepKind,
        /// Who does it.
        way: Way,
        /// The page, counted from 0.
        page: usize,
    },
    /// A question that decides between routes.
    Ask(Question),
    /// The account turned out to be bound already, by the directory's word or the student's: see
    /// [`Visit::seen_active`].
    AlreadyBound,
    /// Every step is done, and the desk knows that the account is bound: the directory said so, or the desk did the last
    /// step.
    Bound,
    /// Every step is done by the student's word: the desk has not seen that the account is bound.
    NotedByWord,
    /// The visit waits under a pickup number.
    Parked,
    /// The visit has ended.
    Closed,
    /// The pack's routes leave this situation without a step that can be done here: a person must help.
    Stuck,
}

impl IssuedCode {
    /// Whether it can still be typed: in time, not spent by `tries` wrong ones, not used. Where the wall clock stepped
    /// back by more than the code's life, its age is unknown, and it is over.
    pub fn is_good(&self, tries: u8, now: Timestamp) -> bool {
        let life = self.expires.duration_since(self.issued);
        let in_time = now < self.expires && self.issued.duration_since(now) <= life;
        in_time && self.wrong < tries && !self.accepted
    }

    /// How long until it may be sent again, at most the policy's pause; zero where that is now: the pause is over, or no
    /// message went out. Where the wall clock stepped back by more than the pause there is none: it would last until
    /// the clock has caught up, and the limits an hour and a day hold by themselves.
    pub fn resend_in(&self, policy: &SmsPolicy, now: Timestamp) -> Duration {
        let pause = policy.resend_after;
        let ahead = Duration::try_from(self.sent.duration_since(now)).unwrap_or_default();
        if !self.taken || ahead > pause {
            return Duration::ZERO;
        }
        let since = Duration::try_from(now.duration_since(self.sent)).unwrap_or_default();
        pause.saturating_sub(since)
    }
}

impl Visit {
    /// Whether no sign-in can succeed here now, with a password or on a phone, or the account has to pause; or one did, and
    /// whose it is has to be seen.
    pub fn cannot_sign_in(&self, reach: Connectivity) -> bool {
        let is_way = |gateway: Gateway| gateway.is_connected() && !gateway.is_down();
        let (by_password, by_phone) = (is_way(reach.identity), is_way(reach.device_grant));
        match &self.trouble {
            // A pause is nobody's fault who shows papers: wrong passwords may have been somebody else's.
            Some(Trouble::SignIn(
                Failure::Offline
                | Failure::Unavailable
                | Failure::Limited { .. }
                | Failure::Misconfigured(_),
            )) => true,
            Some(Trouble::SignIn(Failure::Rejected(
                SignInRefusal::OtherNumber | SignInRefusal::NotAStudent,
            ))) => true,
            Some(Trouble::DeviceGrant(Failure::Rejected(GrantRefusal::NotAStudent))) => true,
            Some(Trouble::DeviceGrant(
                Failure::Offline | Failure::Unavailable | Failure::Misconfigured(_),
            )) => !by_password,
            _ => reach.desk_can_sign_in() && !by_password && !by_phone,
        }
    }

    /// The student asked for a lookup at the follow step, and it did not see the account active.
    pub fn has_looked_in_vain(&self) -> bool {
        matches!(
            self.trouble,
            Some(Trouble::FollowNotSeen | Trouble::FollowNotLooked)
        )
    }

    /// The number that was given last belongs to another account.
    pub fn number_is_taken(&self) -> bool {
        let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
        self.trouble == Some(Trouble::Directory(taken))
    }

    /// An opened visit at its beginning.
    pub fn open(id: VisitId, prefers: Way, at: Timestamp) -> Self {
        Visit {
            id,
            opened: at,
            touched: at,
            prefers,
            done: Vec::new(),
            page: 0,
            step_began: at,
            means: SignInMethod::default(),
            signing_in: None,
            student: None,
            old: None,
            proof: None,
            vouched: false,
            member: None,
            seen_active: false,
            by_campus: Vec::new(),
            look: None,
            mobile: None,
            number_bound: false,
            code: None,
            unsettled: None,
            outbox: Vec::new(),
            trouble: None,
            last_trouble: None,
            tried_as: None,
            ticket: None,
            status: Status::Open,
        }
    }

    /// The answer given to a question, if any.
    pub fn answer(&self, question: Question) -> Option<Answer> {
        self.done.iter().find_map(|mark| match mark {
            Mark::Answer(asked, answer) => (*asked == question).then_some(*answer),
            Mark::Step(_) | Mark::Scanned => None,
        })
    }

    /// Whether the student gave or did anything yet that is worth keeping: agreeing to the notice, a scan and saying who
    /// one is are not.
    pub fn holds_something(&self) -> bool {
        let is_worth_keeping = |mark: &Mark| match mark {
            Mark::Step(step) => *step != StepKind::Notice,
            Mark::Answer(question, _) => *question != Question::Standing,
            Mark::Scanned => false,
        };
        self.owner().is_some()
            || self.ticket.is_some()
            || self.page > 0
            || self.done.iter().any(is_worth_keeping)
    }

    /// The student that the visit belongs to: the one registered here or, until that is known, the old number.
    pub fn owner(&self) -> Option<&Student> {
        let old = self.old.as_ref().map(|old| &old.student);
        self.student.as_ref().or(old)
    }

    /// Whether nobody is named by it and nothing outside waits for it: it holds how far somebody came, and no more.
    pub fn is_nameless(&self) -> bool {
        self.owner().is_none()
            && self.mobile.is_none()
            && self.ticket.is_none()
            && self.outbox.is_empty()
    }

    /// Whether the desk has deleted the old number's binding.
    pub fn is_unbound(&self) -> bool {
        let old = self.old.as_ref();
        old.is_some_and(|old| old.unbinding == Unbinding::Done)
    }

    /// Whether a step is done.
    pub fn has_done(&self, step: StepKind) -> bool {
        self.done.contains(&Mark::Step(step))
    }

    /// Whether the student said that they have scanned the registration code.
    pub fn has_scanned(&self) -> bool {
        self.done.contains(&Mark::Scanned)
    }

    /// The steps done so far, in order.
    pub fn steps_done(&self) -> impl Iterator<Item = StepKind> + '_ {
        self.done.iter().filter_map(|mark| match mark {
            Mark::Step(step) => Some(*step),
            Mark::Answer(..) | Mark::Scanned => None,
        })
    }

    /// Whether it is in hand: neither parked nor closed.
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    /// Whether it has ended.
    pub fn is_closed(&self) -> bool {
        matches!(self.status, Status::Closed { .. })
    }

    /// Whether nothing can happen to it any more: it is closed, its ticket is solved or there is none, and
    /// nothing of it waits for the campus.
    pub fn is_over(&self) -> bool {
        let has_ticket = self.ticket.as_ref().is_some_and(Ticket::is_pending);
        self.is_closed() && self.outbox.is_empty() && !has_ticket
    }

    /// Whether the number may be bound: the student signed in, or the pack takes a volunteer's word for it.
    pub fn may_bind(&self, rules: &Rules) -> bool {
        !self.vouched || rules.vouching_binds
    }

    /// How long the present step has been under way by the wall clock; zero where the clock stepped back.
    pub fn in_step_for(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.step_began)).unwrap_or_default()
    }

    /// How long until a student who said that WeChat has the same number is offered the other case; zero for now. `None`
    /// where that was not said.
    pub fn other_case_in(&self, rules: &Rules, now: Timestamp) -> Option<Duration> {
        let answer = self.answer(Question::WechatNumber)?;
        let left = rules.follow_patience.saturating_sub(self.in_step_for(now));
        (answer != Answer::No).then_some(left)
    }
}
