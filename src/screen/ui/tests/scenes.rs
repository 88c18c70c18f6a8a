//! Views made by hand: one for each thing a person can meet.

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;

use crate::campus::pack::Pack;
use crate::screen::checkup::{Checkup, CheckupFinding};
use crate::screen::drill::{Drill, DrillTask};
use crate::screen::{
    BadDayRow, DayState, Delivery, DeliveryIs, DeskState, HandoverState, IdleCountdown, Lookup,
    NextStudent, ParkedVisit, PendingCall, PhoneSignIn, PracticePhone, ShownCode, StoreHealth,
    UiView, Volunteer, WaitsFor,
};
use crate::text::Lang;
use crate::visit::*;

/// What a view borrows from.
pub struct Scene {
    pub lang: Lang,
    pub pack: Pack,
    pub now: Now,
    pub reach: Connectivity,
    pub not_private: Vec<Link>,
    pub desk: Desk,
    pub waiting_for: Option<PendingCall>,
    pub granting: Option<PhoneSignIn>,
    pub resend_in: Option<Duration>,
    pub code_ends_in: Option<Duration>,
    pub idle_left: Option<Duration>,
    pub patience_left: Option<Duration>,
    pub volunteer: Lock,
    pub by: Option<VolunteerName>,
    pub store: StoreHealth,
    pub clock_doubt: Option<ClockDoubt>,
    pub has_roster: bool,
    pub phone: Option<PracticePhone>,
    pub drill: Option<Drill>,
    pub practice: bool,
    pub pickup_missed: Option<Pickup>,
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
            },
            not_private: Vec::new(),
            desk,
            waiting_for: None,
            granting: None,
            resend_in: None,
            code_ends_in: None,
            idle_left: None,
            patience_left: None,
            volunteer: Lock::Locked,
            by: None,
            store: StoreHealth::Good,
            clock_doubt: None,
            has_roster: true,
            phone: None,
            drill: None,
            delivery: None,
            checkup: None,
            practice: false,
            pickup_missed: None,
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
            clock_doubt: self.clock_doubt,
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
            gave_way: self.gave_way,
            needs_person: self.needs_person,
        }
    }

    pub fn visit_mut(&mut self) -> &mut Visit {
        match &mut self.desk {
            Desk::Visit(visit, _) | Desk::Offered(visit, _) => visit,
            _ => panic!("no visit"),
        }
    }

    pub fn waits(mut self, what: ActKind) -> Self {
        self.waiting_for = Some(PendingCall {
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

fn opened(prefers: Way) -> Visit {
    Visit::open(VisitId(7), prefers, at(590))
}

fn done(visit: &mut Visit, steps: &[StepKind]) {
    visit.done.extend(steps.iter().map(|s| Mark::Step(*s)));
}

pub fn at_step(step: StepKind, way: Way, page: usize) -> Scene {
    let mut visit = opened(way);
    visit.page = page;
    let before: &[StepKind] = match step {
        StepKind::Notice => &[],
        StepKind::Identity => &[StepKind::Notice],
        StepKind::Number => &[StepKind::Notice, StepKind::Identity],
        StepKind::Follow => &[StepKind::Notice, StepKind::Identity, StepKind::Number],
        StepKind::Verify => &[
            StepKind::Notice,
            StepKind::Identity,
            StepKind::Number,
            StepKind::Follow,
        ],
        // Steps of other routes: whatever stands before them.
        _ => &[],
    };
    let before = match way {
        Way::Desk => before,
        Way::Phone => before.get(1..).unwrap_or_default(),
    };
    done(&mut visit, before);
    if before.contains(&StepKind::Identity) && way == Way::Desk {
        visit.student = Some(student());
    }
    if before.contains(&StepKind::Number) && way == Way::Desk {
        visit.mobile = Some(mobile());
        visit.number_bound = true;
    }
    let verifies = step == StepKind::Verify;
    if before.contains(&StepKind::Number) {
        visit.done.push(Mark::Answer(
            Question::WechatNumber,
            if verifies { Answer::No } else { Answer::Yes },
        ));
    }
    Scene::of(Desk::Visit(visit, Place::Step { step, way, page }))
}

pub fn placed(place: Place) -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    if let Desk::Visit(visit, at) = &mut scene.desk {
        if matches!(place, Place::Ask(_)) {
            visit.done.pop();
        }
        visit.seen_active = matches!(place, Place::AlreadyBound | Place::Bound);
        *at = place;
    }
    scene
}

/// The phone says that the account was bound before.
pub fn bound_by_word() -> Scene {
    let mut scene = placed(Place::AlreadyBound);
    scene.visit_mut().seen_active = false;
    scene
}

/// The student asked for a lookup, and it did not see the follow.
pub fn follow_not_seen() -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    scene.visit_mut().trouble = Some(Trouble::FollowNotSeen);
    scene
}

pub fn coded() -> Scene {
    let mut scene = at_step(StepKind::Verify, Way::Desk, 0);
    scene.visit_mut().code = Some(IssuedCode {
        nonce: Nonce(1),
        mobile: mobile(),
        issued: at(560),
        sent: at(560),
        expires: at(860),
        wrong: 0,
        taken: true,
        accepted: false,
    });
    scene.code_ends_in = Some(secs(260));
    scene.resend_in = Some(secs(20));
    scene
}

pub fn offered(failed: bool) -> Scene {
    let mut visit = opened(Way::Desk);
    visit.student = Some(student());
    Scene::of(Desk::Offered(visit, failed))
}

/// At the sign-in as the old number, which the app holds.
pub fn other_number() -> Scene {
    let mut scene = at_step(StepKind::Unbind, Way::Desk, 0);
    scene.visit_mut().done = vec![
        Mark::Answer(Question::Standing, Answer::NewNumber),
        Mark::Answer(Question::OldBinding, Answer::App),
        Mark::Step(StepKind::Notice),
    ];
    scene
}

/// At the confirmation, signed in as the old number.
pub fn unbinding() -> Scene {
    let mut scene = other_number();
    scene.visit_mut().old = Some(Old::new(Student {
        number: StudentNumber::from_campus("2023001017"),
        ..student()
    }));
    scene
}

/// The student typed here the number that the phone was given.
fn told() -> Scene {
    let mut scene = at_step(StepKind::Verify, Way::Phone, 1);
    scene.visit_mut().mobile = Some(mobile());
    scene
}

/// The number that was given belongs to another account.
pub fn number_taken() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.visit_mut().mobile = Some(mobile());
    let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
    scene.troubled(Trouble::Directory(taken))
}

/// The student said before that WeChat has another number.
pub fn number_of_other_case() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    let other = Mark::Answer(Question::WechatNumber, Answer::No);
    scene.visit_mut().done.push(other);
    scene
}

/// Begun by the phone, after the scan; then the student chose the desk.
pub fn taking_over() -> Scene {
    let mut scene = at_step(StepKind::Notice, Way::Desk, 0);
    scene.visit_mut().done.push(Mark::Scanned);
    scene
}

/// At a campus whose phones cannot unbind.
fn unbind_at_the_desk_alone() -> Scene {
    let mut scene = other_number();
    let steps = scene.pack.rules.routes.iter_mut();
    for step in steps.flat_map(|route| &mut route.steps) {
        if step.kind == StepKind::Unbind {
            step.ways = vec![Way::Desk];
        }
    }
    scene
}

fn without_gateways() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.reach = Connectivity::default();
    scene
}

fn without_qr() -> Scene {
    let mut scene = without_gateways();
    scene.pack.front.register_qr = None;
    scene
}

fn late_follow() -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    scene.visit_mut().step_began = at(500);
    scene
}

pub fn practised(mut scene: Scene) -> Scene {
    scene.practice = true;
    scene.phone = Some(PracticePhone {
        page: "role".into(),
        wechat: "13800138000".into(),
        messages: vec!["【练习】验证码 123456".into()],
        actions: vec!["scan-register".into(), "tap-role".into(), "unknown".into()],
        said: Some("scanned".into()),
        bad_days: ["no-network", "slow"]
            .map(|id| BadDayRow {
                id: id.into(),
                on: false,
            })
            .into(),
        next: Some(NextStudent {
            number: "20260001".into(),
            password: "practice-0001".into(),
        }),
    });
    scene
}

/// The drill, with two tasks done, one of them at the second try; over or not.
pub fn drilled(mut scene: Scene, is_over: bool) -> Scene {
    let mut drill = Drill::begin(secs(400));
    drill.tick_off(DrillTask::Register, secs(465));
    drill.count_failure(DrillTask::PickUp, secs(500));
    drill.tick_off(DrillTask::PickUp, secs(520));
    if is_over {
        drill.end(secs(590));
    }
    scene.drill = Some(drill);
    practised(scene)
}

/// The panel, with what the checks have found.
pub fn examined() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.volunteer = Lock::Open;
    let complaint = "WeCom user/get: 203.0.113.7 is not a trusted IP (企业可信IP) of this secret's app (errcode 60020)";
    scene.checkup = Some(Checkup {
        findings: vec![
            CheckupFinding::pass("check-size", "told-size")
                .with("columns", 120)
                .with("rows", 40),
            CheckupFinding::pass("check-colours", "told-colours-rgb"),
            CheckupFinding::pass("check-utf8", "told-utf8").with("locale", "zh_CN.UTF-8"),
            CheckupFinding::warn("check-qr", "told-qr-open", "remedy-qr-open")
                .with("names", "qr.follow, qr.unbind")
                .with("n", 2),
            CheckupFinding::pass("check-store", "told-store"),
            CheckupFinding::warn("check-space", "told-space", "remedy-space").with("n", 320),
            CheckupFinding::pass("check-secrets", "told-secrets").with("n", 5),
            CheckupFinding::pass("check-gateway", "told-answers").about("identity.cas_rest"),
            CheckupFinding::misconfigured("check-gateway", "directory.wecom", complaint)
                .about("directory.wecom.app"),
            CheckupFinding::fail("check-gateway", "told-offline", "remedy-offline")
                .about("sms.aliyun"),
            CheckupFinding::warn("check-clock", "told-clock", "remedy-clock").with("n", 42),
        ],
        is_done: true,
        may_send: true,
    });
    scene
}

/// Students sign in on their own phones; without an address that holds the code where `whole` is false.
pub fn granting(mut scene: Scene, whole: bool) -> Scene {
    let address = "https://sso.example.edu.cn/device";
    let whole = whole.then(|| format!("{address}?code=WDJB-MJHT").into());
    scene.reach.device_grant = Gateway::Up;
    scene.granting = Some(PhoneSignIn {
        code: Some(ShownCode {
            user_code: "WDJB-MJHT".to_owned().into(),
            address: address.into(),
            whole_address: whole,
            until: secs(1200),
        }),
        is_heard: true,
    });
    scene
}

/// The code is sent, and its carrier has reported the delivery status.
pub fn messaged(is: DeliveryIs) -> Scene {
    let mut scene = coded();
    let carrier = "aliyun";
    scene.delivery = Some(Delivery { carrier, is });
    scene
}

pub fn undelivered() -> DeliveryIs {
    DeliveryIs::Failed {
        code: "MK:0001".into(),
    }
}

fn asking_for_code() -> Scene {
    let mut scene = granting(at_step(StepKind::Identity, Way::Desk, 0), true);
    scene.granting = Some(PhoneSignIn::default());
    scene
}

fn unheard() -> Scene {
    let mut scene = granting(at_step(StepKind::Identity, Way::Desk, 0), true);
    if let Some(granting) = &mut scene.granting {
        granting.is_heard = false;
    }
    scene
}

/// The last code came to nothing.
pub fn refused(mut scene: Scene, why: GrantRefusal) -> Scene {
    scene.reach.device_grant = Gateway::Up;
    scene.troubled(Trouble::DeviceGrant(Failure::Rejected(why)))
}

fn offered_by_phone(failed: bool) -> Scene {
    let mut scene = offered(failed);
    scene.reach.device_grant = Gateway::Up;
    scene
}

fn expired() -> Scene {
    let mut scene = coded();
    scene.code_ends_in = None;
    scene.resend_in = Some(Duration::ZERO);
    scene
}

fn idle() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.idle_left = Some(secs(12));
    scene
}

fn full() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.store = StoreHealth::Full;
    scene
}

/// Every screen, by name.
pub fn all() -> Vec<(&'static str, Scene)> {
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    use Way::{Desk as D, Phone as P};
    let wrong = Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword));
    let must_change = Trouble::SignIn(Failure::Rejected(SignInRefusal::MustChange));
    vec![
        ("starting", Scene::of(Desk::Starting)),
        ("welcome", Scene::of(Desk::Free)),
        ("welcome_phone_only", without_gateways()),
        ("welcome_no_qr", without_qr()),
        ("welcome_full", full()),
        ("welcome_practice", practised(Scene::of(Desk::Free))),
        ("notice", at_step(Notice, D, 0)),
        ("notice_taking_over", taking_over()),
        ("identity", at_step(Identity, D, 0)),
        (
            "identity_waiting",
            at_step(Identity, D, 0).waits(ActKind::SignIn),
        ),
        ("identity_wrong", at_step(Identity, D, 0).troubled(wrong)),
        (
            "identity_must_change",
            at_step(Identity, D, 0).troubled(must_change),
        ),
        ("grant_asking", asking_for_code()),
        ("grant", granting(at_step(Identity, D, 0), true)),
        ("grant_plain", granting(at_step(Identity, D, 0), false)),
        ("grant_unheard", unheard()),
        (
            "grant_denied",
            refused(at_step(Identity, D, 0), GrantRefusal::Denied),
        ),
        ("grant_unbind", granting(other_number(), true)),
        ("grant_offered", offered_by_phone(false)),
        ("grant_resume", granting(offered(false), true)),
        ("number", at_step(Number, D, 0)),
        ("number_taken", number_taken()),
        ("number_other_case", number_of_other_case()),
        ("unbind_phone_cannot", unbind_at_the_desk_alone()),
        ("ask", placed(Place::Ask(Question::WechatNumber))),
        ("follow", at_step(Follow, D, 0)),
        ("follow_late", late_follow()),
        ("verify_unsent", at_step(Verify, D, 0)),
        ("verify", coded()),
        ("verify_delivered", messaged(DeliveryIs::Delivered)),
        ("verify_undelivered", messaged(undelivered())),
        ("verify_expired", expired()),
        ("coach_scan", at_step(Identity, P, 0)),
        ("coach_role", at_step(Identity, P, 1)),
        ("coach_login", at_step(Identity, P, 2)),
        ("coach_number", at_step(Number, P, 0)),
        ("coach_follow", at_step(Follow, P, 0)),
        ("tell_number", at_step(Verify, P, 0)),
        ("coach_verify", at_step(Verify, P, 1)),
        ("coach_verify_told", told()),
        ("unbind", other_number()),
        ("unbind_confirm", unbinding()),
        (
            "unbind_unknown",
            unbinding().troubled(Trouble::UnbindUnknown),
        ),
        ("already_bound", placed(Place::AlreadyBound)),
        ("already_bound_by_word", bound_by_word()),
        ("follow_not_seen", follow_not_seen()),
        ("bound", placed(Place::Bound)),
        ("noted_by_word", placed(Place::NotedByWord)),
        ("stuck", placed(Place::Stuck)),
        ("closed", placed(Place::Closed)),
        ("parked", Scene::of(Desk::JustParked)),
        ("offered", offered(false)),
        ("offered_failed", offered(true)),
        ("idle", idle()),
    ]
}
