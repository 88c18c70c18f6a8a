//! Views made by hand: one for each thing a person can meet.

mod every;
mod practice;
mod students;

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;

use crate::campus::pack::Pack;
use crate::screen::checkup::Checkup;
use crate::screen::drill::Drill;
use crate::screen::{
    DayState, Delivery, DeskState, HandoverState, IdleCountdown, LeaveWays, Lookup, ParkedVisit,
    PendingCall, PhoneSignIn, PracticePhone, PrinterState, StoreHealth, TlsFault, UiView,
    Volunteer, WaitsFor,
};
use crate::text::Lang;
use crate::visit::*;

pub use every::all;
pub use practice::{drilled, examined, practised};
pub use students::*;

/// What a view borrows from.
pub struct Scene {
    pub lang: Lang,
    pub pack: Pack,
    pub now: Now,
    pub reach: Connectivity,
    pub not_private: Vec<(Link, TlsFault)>,
    pub untried: Vec<Link>,
    pub desk: Desk,
    pub waiting_for: Option<PendingCall>,
    pub granting: Option<PhoneSignIn>,
    pub resend_in: Option<Duration>,
    pub code_ends_in: Option<Duration>,
    pub idle_left: Option<Duration>,
    pub patience_left: Option<Duration>,
    pub is_called: bool,
    pub leave: LeaveWays,
    pub volunteer: Lock,
    pub by: Option<VolunteerName>,
    pub store: StoreHealth,
    pub doubted_clock: Option<Timestamp>,
    pub has_roster: bool,
    pub phone: Option<PracticePhone>,
    pub drill: Option<Drill>,
    pub practice: bool,
    pub pickup_missed: Option<Pickup>,
    pub pickup_wait: Duration,
    pub gave_way: Option<Pickup>,
    pub numbers_left: u16,
    pub tickets: Vec<TicketRow>,
    /// Of the visit that was just parked.
    pub ticket: Option<TicketRow>,
    pub parked: (ParkedFor, bool),
    pub outbox: Vec<OutboxRow>,
    pub lookup: Lookup,
    pub day: DayState,
    pub handover: HandoverState,
    /// The visit whose ticket the journal knows is looked at.
    pub seen: Option<VisitId>,
    pub needs_person: usize,
    pub printer: Option<PrinterState>,
    pub delivery: Option<Delivery>,
    pub checkup: Option<Checkup>,
    pub waiting: Vec<ParkedVisit>,
    pub pickup: Option<Pickup>,
}

pub enum Desk {
    Starting,
    Free,
    Offered(Visit, bool),
    Visit(Visit, Place),
    JustParked,
}

#[derive(Clone, Copy)]
pub enum Lock {
    Locked,
    Left,
    Checking,
    Wrong(u64),
    Open,
}

pub fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub fn mobile() -> Mobile {
    Mobile::parse("13800138000").unwrap()
}

pub fn student() -> Student {
    Student {
        number: StudentNumber::from_campus("2026001012"),
        name: Name::new("张三丰"),
    }
}

impl Scene {
    pub fn of(desk: Desk) -> Self {
        static PACK: OnceLock<Pack> = OnceLock::new();
        let practised = || {
            let pack = crate::campus::pack::embedded();
            let mut pack = pack.and_then(crate::campus::pack::for_practice).unwrap();
            // A campus whose desk sends codes too has more pages to be drawn.
            let steps = pack
                .rules
                .routes
                .iter_mut()
                .flat_map(|route| &mut route.steps);
            for step in steps.filter(|step| step.kind == StepKind::Verify) {
                step.ways = vec![Way::Phone, Way::Desk];
            }
            pack
        };
        let pack = PACK.get_or_init(practised).clone();
        Scene {
            lang: Lang::Zh,
            pack,
            now: Now {
                wall: at(600),
                mono: secs(600),
            },
            reach: Connectivity {
                identity: Gateway::Up,
                device_grant: Gateway::Absent,
                directory_read: Gateway::Up,
                directory_write: Gateway::Up,
                sms: Gateway::Up,
                codes: CodesBy::Desk,
            },
            not_private: Vec::new(),
            untried: Vec::new(),
            desk,
            waiting_for: None,
            granting: None,
            resend_in: None,
            code_ends_in: None,
            idle_left: None,
            patience_left: None,
            is_called: false,
            leave: LeaveWays::Program,
            volunteer: Lock::Locked,
            by: None,
            store: StoreHealth::Good,
            doubted_clock: None,
            has_roster: true,
            phone: None,
            drill: None,
            delivery: None,
            checkup: None,
            practice: false,
            pickup_missed: None,
            pickup_wait: Duration::ZERO,
            gave_way: None,
            numbers_left: 900,
            tickets: Vec::new(),
            ticket: None,
            waiting: three_wait(),
            pickup: Some(Pickup::new(desk_number(), 482)),
            parked: (ParkedFor::Student, false),
            outbox: Vec::new(),
            lookup: Lookup::None,
            day: DayState::None,
            handover: HandoverState::None,
            seen: None,
            needs_person: 0,
            printer: None,
        }
    }

    pub fn view(&self) -> UiView<'_> {
        let visit = match &self.desk {
            Desk::Visit(visit, _) | Desk::Offered(visit, _) => Some(visit),
            Desk::Starting | Desk::Free | Desk::JustParked => None,
        };
        UiView {
            lang: self.lang,
            front: &self.pack.front,
            pack: Some(&self.pack).filter(|_| !matches!(self.desk, Desk::Starting)),
            now: self.now,
            reach: self.reach,
            not_private: self.not_private.clone(),
            untried: self.untried.clone(),
            desk: match &self.desk {
                Desk::Starting => DeskState::Starting,
                Desk::Free => DeskState::Free,
                Desk::Offered(visit, failed) => DeskState::Offered {
                    visit,
                    failed: *failed,
                },
                Desk::Visit(visit, place) => DeskState::Visit {
                    visit,
                    place: place.clone(),
                },
                Desk::JustParked => DeskState::JustParked {
                    why: self.parked.0,
                    owes: self.parked.1,
                    ticket: self.ticket.clone().map(Box::new),
                    pickup: self.pickup,
                },
            },
            waiting_for: self.waiting_for,
            granting: self.granting.as_ref(),
            grant_patience: secs(300),
            other_case_in: visit
                .and_then(|visit| visit.other_case_in(&self.pack.rules, self.now.wall)),
            resend_in: self.resend_in,
            code_ends_in: self.code_ends_in,
            idle: self
                .idle_left
                .map(|left| IdleCountdown { left, of: secs(20) }),
            patience_left: self.patience_left,
            is_called: self.is_called,
            leave: self.leave,
            volunteer: match self.volunteer {
                Lock::Locked => Volunteer::Locked,
                Lock::Left => Volunteer::Left {
                    by: self.by.as_ref(),
                },
                Lock::Checking => Volunteer::Checking,
                Lock::Wrong(again) => Volunteer::Wrong {
                    again_at: secs(again),
                },
                Lock::Open => Volunteer::Open {
                    by: self.by.as_ref(),
                    tickets: &self.tickets,
                    outbox: &self.outbox,
                    lookup: &self.lookup,
                    day: &self.day,
                    handover: self.handover,
                    seen: self.seen,
                    counts: Counts {
                        opened: 42,
                        bound: 31,
                        by_word: 3,
                        already_bound: 4,
                        parked: 5,
                        ended: 2,
                    },
                    waiting: &self.waiting,
                },
            },
            store: self.store,
            doubted_clock: self.doubted_clock,
            has_roster: self.has_roster,
            checkup: self.checkup.as_ref(),
            delivery: self.delivery.as_ref(),
            phone: self.phone.as_ref(),
            drill: self.drill.as_ref(),
            practice: self.practice,
            practice_pin: self.practice.then_some("246810"),
            desk_number: desk_number(),
            numbers_left: self.numbers_left,
            pickup_missed: self.pickup_missed,
            pickup_wait: self.pickup_wait,
            gave_way: self.gave_way,
            needs_person: self.needs_person,
            printer: self.printer,
        }
    }

    pub fn visit_mut(&mut self) -> &mut Visit {
        match &mut self.desk {
            Desk::Visit(visit, _) | Desk::Offered(visit, _) => visit,
            _ => panic!("no visit"),
        }
    }

    /// A volunteer was called from here.
    pub fn called(self) -> Self {
        Scene {
            is_called: true,
            ..self
        }
    }

    pub fn waits(mut self, what: ActKind) -> Self {
        self.waiting_for = Some(PendingCall {
            is_slowed: false,
            what,
            since: secs(599),
            until: secs(614),
        });
        self
    }

    pub fn troubled(mut self, trouble: Trouble) -> Self {
        self.visit_mut().trouble = Some(trouble);
        self
    }
}

pub fn desk_number() -> DeskNumber {
    DeskNumber::new(17).unwrap()
}

/// The second one has not signed in.
fn three_wait() -> Vec<ParkedVisit> {
    let step = |step| Place::Step {
        step,
        way: Way::Desk,
        page: 0,
    };
    let one = |n: u64, place, waits_for| {
        let since = at(i64::try_from(n).unwrap() * 60);
        let student = (n != 1).then(student);
        let row = ParkedVisit::new(VisitId(u128::from(n)), since, place, waits_for);
        let mut row = row.named(student.as_ref().map(|student| student.name.clone()));
        row.pickup = Some(Pickup::new(desk_number(), 77 + u16::try_from(n).unwrap()));
        row.student = student.map(|student| student.number);
        row
    };
    vec![
        one(0, step(StepKind::Number), WaitsFor::Person),
        one(1, Place::Ask(Question::Standing), WaitsFor::StudentGone),
        one(2, step(StepKind::Follow), WaitsFor::Student),
    ]
}
