//! A desk in small: keeps a visit, its facts, the limits, the clocks and what is under way, as the real one does, and
//! checks at every turn what must always hold.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::campus::{self, everything, mobile, sign_in, student};
use super::invariants::Before;
use crate::visit::{
    ActKind, Answer, Binding, CodeKey, Command, Connectivity, Context, Decision, DeskNumber,
    DoubtedSpans, EffectId, Failure, Fresh, InFlight, Limits, Member, MemberStatus, Nonce, Now,
    Outcome, Pickup, Place, Question, Recorded, Reply, Rules, Secret, Status, StepKind, Visit,
    VisitId, Way, decide, evolve, route,
};

pub struct Rig {
    pub visit: Visit,
    pub facts: Vec<Recorded>,
    pub limits: Limits,
    pub doubted: DoubtedSpans,
    pub rules: Rules,
    pub now: Now,
    pub reach: Connectivity,
    pub in_flight: Vec<InFlight>,
    pub codes: CodeKey,
    pub last: Decision,
    /// What went out by SMS: when by the monotonic clock, whereto, which code.
    pub sent: Vec<(Duration, String, String)>,
    /// Wrong tries by code.
    pub wrong: BTreeMap<u64, u8>,
    /// A pickup number is free.
    pub has_numbers: bool,
    opened: Timestamp,
    fresh: u64,
}

const ID: VisitId = VisitId(7);

pub fn at(step: StepKind, way: Way, page: usize) -> Place {
    Place::Step { step, way, page }
}

pub fn desk(step: StepKind) -> Place {
    at(step, Way::Desk, 0)
}

pub fn phone(step: StepKind) -> Place {
    at(step, Way::Phone, 0)
}

impl Rig {
    /// A visit opened at the desk of the guide's campus, with everything connected.
    pub fn new() -> Self {
        Rig::with(campus::guide(), everything(), Way::Desk)
    }

    pub fn with(rules: Rules, reach: Connectivity, prefers: Way) -> Self {
        let wall: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        let mut rig = Rig {
            visit: Visit::open(ID, prefers, wall),
            facts: Vec::new(),
            limits: Limits::default(),
            doubted: DoubtedSpans::default(),
            rules,
            now: Now {
                wall,
                mono: Duration::from_secs(100),
            },
            reach,
            in_flight: Vec::new(),
            codes: CodeKey::new([3; 32]),
            last: Decision {
                visit: Visit::open(ID, prefers, wall),
                facts: Vec::new(),
                effects: Vec::new(),
                cancel: Vec::new(),
            },
            sent: Vec::new(),
            wrong: BTreeMap::new(),
            has_numbers: true,
            opened: wall,
            fresh: 100,
        };
        rig.does(Command::Open {
            prefers,
            first_time: true,
            scanned: false,
        });
        rig
    }

    /// Decides, folds the facts, and keeps the books of what is under way as the desk does.
    pub fn does(&mut self, command: Command) -> &Decision {
        let before = Before::new(&self.visit, &command);
        let answered = match &command {
            Command::Reply { id, .. } => Some(*id),
            _ => None,
        };
        let decision = self.decide(command);
        for fact in &decision.facts {
            let recorded = Recorded::new(ID, self.now.wall, fact.clone());
            evolve(&mut self.visit, &recorded);
            self.limits.count(&recorded);
            self.count_tries(fact);
            self.facts.push(recorded);
        }
        self.in_flight
            .retain(|flight| Some(flight.id) != answered && !decision.cancel.contains(&flight.id));
        for effect in &decision.effects {
            self.in_flight.push(InFlight {
                id: effect.id,
                kind: effect.act.kind(),
            });
        }
        assert_eq!(
            decision.visit, self.visit,
            "the facts were folded otherwise"
        );
        self.check(&before, &decision);
        self.last = decision;
        &self.last
    }

    /// What a command would lead to; nothing is kept.
    pub fn decide(&mut self, command: Command) -> Decision {
        self.fresh += 1;
        let context = Context {
            now: self.now,
            fresh: Fresh {
                effect: EffectId(self.fresh),
                nonce: Nonce(self.fresh),
                desk: DeskNumber::default(),
                pickup: self.has_numbers.then(|| {
                    let serial = u16::try_from(self.fresh % 1000).unwrap();
                    Pickup::new(DeskNumber::default(), serial)
                }),
            },
            doubted: &self.doubted,
            rules: &self.rules,
            limits: &self.limits,
            reach: self.reach,
            in_flight: &self.in_flight,
            has_room: true,
            codes: &self.codes,
        };
        decide(&self.visit, &context, command)
    }

    /// The newest effect under way that such a reply can belong to answers.
    pub fn answers(&mut self, reply: Reply) -> &Decision {
        let kind = match &reply {
            Reply::SignedIn(_) => ActKind::SignIn,
            Reply::DeviceGranted(_) => ActKind::DeviceGrant,
            Reply::MemberFound(_) => ActKind::FindMember,
            Reply::NumberBound(_) => ActKind::BindNumber,
            Reply::CodeSent(_) => ActKind::SendCode,
            Reply::CodeChecked(_) => ActKind::CheckCode,
            Reply::Confirmed(_) => ActKind::ConfirmMember,
            Reply::Unbound(_) => ActKind::Unbind,
        };
        let id = self.under_way(kind).unwrap();
        self.does(Command::Reply { id, reply })
    }

    pub fn under_way(&self, kind: ActKind) -> Option<EffectId> {
        let newest = self.in_flight.iter().rev().find(|f| f.kind == kind)?;
        Some(newest.id)
    }

    /// Time goes by, by both clocks.
    pub fn waits(&mut self, secs: u64) -> &mut Self {
        let by = Duration::from_secs(secs);
        self.now.mono += by;
        self.now.wall = self.now.wall.saturating_add(by).unwrap();
        self
    }

    /// The wall clock is set back.
    pub fn steps_back(&mut self, secs: u64) -> &mut Self {
        let by = Duration::from_secs(secs);
        self.now.wall = self.now.wall.saturating_sub(by).unwrap();
        self
    }

    /// The power goes and comes back: the facts are all there is.
    pub fn restarts(&mut self) -> &Decision {
        self.in_flight.clear();
        let (visit, limits) = self.folded();
        (self.visit, self.limits) = (visit, limits);
        self.does(Command::Recover)
    }

    pub fn place(&self) -> Place {
        route::place(&self.visit, &self.rules, self.reach)
    }

    /// The code that the newest issued one stands for.
    pub fn code(&self) -> String {
        let code = self.visit.code.as_ref().unwrap();
        let code = self.codes.derive(ID, &code.mobile, code.nonce);
        code.expose().to_owned()
    }

    pub fn wrong_code(&self) -> Secret {
        let right = self.code();
        let other = if right.starts_with('1') { "2" } else { "1" };
        Secret::new(format!("{other}{}", &right[1..]))
    }

    // Shorter words for the steps of a journey.

    pub fn agrees(&mut self) -> &mut Self {
        self.does(Command::Agree);
        self
    }

    /// Signs in as the n-th student, and the campus agrees.
    pub fn signs_in(&mut self, n: u32) -> &mut Self {
        self.does(Command::SignIn(sign_in(n)));
        self.answers(Reply::SignedIn(Ok(student(n))));
        self
    }

    pub fn member_is(&mut self, status: MemberStatus) -> &mut Self {
        self.answers(Reply::MemberFound(Ok(Member {
            status,
            mobile: None,
        })));
        self
    }

    /// From the beginning to the number step.
    pub fn comes_to_number(&mut self) -> &mut Self {
        self.agrees().signs_in(1).member_is(MemberStatus::NotActive)
    }

    pub fn gives(&mut self, n: u32) -> &mut Self {
        self.does(Command::GiveNumber { mobile: mobile(n) });
        self
    }

    /// From the beginning through the number step.
    pub fn binds_number(&mut self) -> &mut Self {
        self.comes_to_number().gives(1).is_bound()
    }

    pub fn is_bound(&mut self) -> &mut Self {
        self.answers(Reply::NumberBound(Ok(Binding::Set)));
        self
    }

    /// The directory gives no answer to what is under way.
    pub fn is_not_bound(&mut self) -> &mut Self {
        self.answers(Reply::NumberBound(Err(Failure::Offline)));
        self
    }

    pub fn drains(&mut self) -> &mut Self {
        self.does(Command::RetryDue);
        self
    }

    /// What waits for the campus, in order.
    pub fn outbox(&self) -> Vec<ActKind> {
        self.visit.outbox.iter().map(|entry| entry.what).collect()
    }

    pub fn says(&mut self, answer: Answer) -> &mut Self {
        self.does(Command::Answer {
            question: Question::WechatNumber,
            answer,
        });
        self
    }

    /// From the beginning to the code, by the desk.
    pub fn comes_to_code(&mut self) -> &mut Self {
        self.binds_number().says(Answer::No);
        self.does(Command::SayFollowed);
        self
    }

    /// Asks for a code, and the service takes the message.
    pub fn gets_code(&mut self) -> &mut Self {
        self.does(Command::SendCode);
        self.answers(Reply::CodeSent(Ok(())));
        self
    }

    pub fn types(&mut self, code: Secret) -> &mut Self {
        self.does(Command::TypeCode { code });
        self
    }

    pub fn types_right(&mut self) -> &mut Self {
        let code = Secret::new(self.code());
        self.types(code)
    }

    pub fn types_wrong(&mut self) -> &mut Self {
        let code = self.wrong_code();
        self.types(code)
    }

    /// The last screen is left.
    pub fn ends(&mut self, outcome: Outcome) {
        self.does(Command::Finish);
        assert_eq!(self.visit.status, Status::Closed { outcome });
        assert_eq!(self.in_flight, []);
    }

    /// The visit and the limits as the facts alone give them.
    pub fn folded(&self) -> (Visit, Limits) {
        let mut visit = Visit::open(ID, Way::Desk, self.opened);
        let mut limits = Limits::default();
        for recorded in &self.facts {
            evolve(&mut visit, recorded);
            limits.count(recorded);
        }
        (visit, limits)
    }
}
