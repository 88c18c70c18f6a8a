//! A visit by the phone, decided as a desk does it, with all its facts: for properties over whole packs.

use std::time::Duration;

use yingxin::campus::pack::Pack;
use yingxin::visit::{
    CodeKey, Command, Connectivity, Context, DeskNumber, DoubtedSpans, EffectId, Fact, FreeText,
    Fresh, Lead, Limits, Mobile, Nonce, Now, PageId, Pickup, Place, Recorded, TicketContact, Visit,
    VisitId, Way, decide, evolve, route,
};

pub struct Walk<'a> {
    pub pack: &'a Pack,
    pub visit: Visit,
    pub facts: Vec<Recorded>,
    seconds: i64,
}

/// What can be seen of where a visit stands: the place, the phone's page, the answers and the number.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub place: Place,
    pub page: Option<PageId>,
    pub visit: Visit,
}

impl<'a> Walk<'a> {
    /// Just opened; a first-time student has scanned the code on Welcome.
    pub fn open(pack: &'a Pack, first_time: bool) -> Self {
        Self::open_by(pack, first_time, first_time)
    }

    /// Just opened; `scanned` means by S on Welcome.
    pub fn open_by(pack: &'a Pack, first_time: bool, scanned: bool) -> Self {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let mut walk = Walk {
            pack,
            visit: Visit::open(VisitId(1), Way::Phone, at),
            facts: Vec::new(),
            seconds: 0,
        };
        walk.does(Command::Open {
            prefers: Way::Phone,
            first_time,
            scanned,
        });
        walk
    }

    pub fn at(&self) -> Place {
        route::place(&self.visit, &self.pack.rules, Connectivity::default())
    }

    /// What is seen. What only says when something was touched is left out.
    pub fn seen(&self) -> Seen {
        let place = self.at();
        let page = match &place {
            Place::Step { step, page, .. } => {
                route::page_id(&self.pack.rules, &self.visit, *step, *page).cloned()
            }
            _ => None,
        };
        let epoch = jiff::Timestamp::UNIX_EPOCH;
        let mut visit = self.visit.clone();
        (visit.touched, visit.step_began, visit.proof) = (epoch, epoch, None);
        Seen { place, page, visit }
    }

    pub fn does(&mut self, command: Command) {
        self.seconds += 1;
        let wall = jiff::Timestamp::from_second(self.seconds).unwrap();
        let context = Context {
            now: Now {
                wall,
                mono: Duration::ZERO,
            },
            fresh: Fresh {
                effect: EffectId(1),
                nonce: Nonce(1),
                desk: DeskNumber::default(),
                pickup: Some(Pickup::new(DeskNumber::default(), 7)),
            },
            doubted: &DoubtedSpans::default(),
            rules: &self.pack.rules,
            limits: &Limits::default(),
            reach: Connectivity::default(),
            in_flight: &[],
            has_room: true,
            codes: &CodeKey::new([1; 32]),
        };
        for fact in decide(&self.visit, &context, command).facts {
            let visit = self.visit.id;
            let recorded = Recorded::new(visit, wall, fact);
            evolve(&mut self.visit, &recorded);
            self.facts.push(recorded);
        }
    }

    /// The facts alone, read back from what a journal holds of them.
    pub fn replayed(&self) -> Visit {
        let mut visit = Visit::open(VisitId(1), Way::Desk, jiff::Timestamp::UNIX_EPOCH);
        for recorded in &self.facts {
            let kept = serde_json::to_string(&recorded.fact).unwrap();
            let fact: Fact = serde_json::from_str(&kept).unwrap();
            let Recorded { visit: id, at, .. } = *recorded;
            evolve(&mut visit, &Recorded::new(id, at, fact));
        }
        visit
    }

    /// One step: whatever is asked is answered by `pick`; with `onward`, the phone shows what it should. Says whether
    /// the visit has not come to an end.
    pub fn step(&mut self, pick: usize, onward: bool) -> bool {
        match self.at() {
            Place::Ask(question) => {
                let answers = question.answers();
                let answer = answers[pick % answers.len()];
                self.does(Command::Answer { question, answer });
            }
            Place::Step { step, page, way } => {
                assert_eq!(way, Way::Phone);
                if !onward && pick == 11 {
                    // The number that the phone was given is typed at the desk, so that it can be shown.
                    let mobile = Mobile::parse("13800138000").unwrap();
                    self.does(Command::TellNumber { mobile });
                }
                let lead = |n| route::lead(&self.pack.rules, &self.visit, step, page, n);
                let goes_on = |n: &usize| {
                    matches!(
                        lead(*n),
                        Some(Lead::Next | Lead::Scanned | Lead::StepDone | Lead::Verdict { .. })
                    )
                };
                let choices = (0..4).filter(|n| lead(*n).is_some()).count();
                let choice = if onward {
                    (0..4).find(goes_on).expect("a way on")
                } else {
                    pick % choices
                };
                self.does(Command::Choose { choice });
            }
            Place::Bound | Place::NotedByWord | Place::AlreadyBound | Place::Parked => {
                return false;
            }
            place @ (Place::Closed | Place::Stuck) => panic!("{}: {place:?}", self.pack.id),
        }
        true
    }

    /// Nothing helps.
    pub fn gets_a_ticket(&mut self) {
        self.does(Command::OpenTicket {
            reason: FreeText::new("打不开"),
            contact: TicketContact::default(),
        });
    }
}
