//! A visit that waits, as the volunteer's list shows and finds it. No I/O; nothing is drawn here.

use crate::campus::pack::SpokenName;
use crate::visit::{
    Connectivity, Mobile, Name, ParkedFor, Pickup, Place, Rules, Status, StudentNumber, Ticket,
    Visit, VisitId, narrow, route,
};

/// A visit that waits.
#[derive(Clone, Debug)]
pub struct ParkedVisit {
    /// The visit's id.
    pub visit: VisitId,
    /// Its pickup number, where it has one.
    pub pickup: Option<Pickup>,
    /// The student's number, once it is known.
    pub student: Option<StudentNumber>,
    /// The student's name, once it is known.
    pub name: Option<Name>,
    /// The mobile number, where it was given.
    pub mobile: Option<Mobile>,
    /// How the name is read aloud.
    spoken: SpokenName,
    /// Since when the visit waits.
    pub since: jiff::Timestamp,
    /// Where it goes on.
    pub place: Place,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// It names nobody.
    is_nameless: bool,
}

/// What a visit waits for; what needs a person comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitsFor {
    /// The campus refused something, and only a person can mend it.
    Person,
    /// The hotline has not solved its ticket.
    Ticket,
    /// The student went away, and was not seen to write the pickup number down.
    StudentGone,
    /// The student comes back.
    Student,
    /// The sign-in is down: the student comes back once it works.
    SignIn,
    /// An outbox entry waits for the campus; it is retried by itself.
    Campus,
}

impl WaitsFor {
    /// All of them, what needs a person first.
    pub const ALL: [WaitsFor; 6] = [
        WaitsFor::Person,
        WaitsFor::Ticket,
        WaitsFor::StudentGone,
        WaitsFor::Student,
        WaitsFor::SignIn,
        WaitsFor::Campus,
    ];

    fn of(visit: &Visit, why: ParkedFor) -> Self {
        let has_ticket = visit.ticket.as_ref().is_some_and(Ticket::is_pending);
        let is_stopped = visit.outbox.iter().any(|entry| entry.stopped.is_some());
        match why {
            _ if has_ticket => WaitsFor::Ticket,
            _ if is_stopped => WaitsFor::Person,
            ParkedFor::SignIn => WaitsFor::SignIn,
            _ if visit.owes_campus() => WaitsFor::Campus,
            ParkedFor::Idle | ParkedFor::ProgramRestart => WaitsFor::StudentGone,
            ParkedFor::Student | ParkedFor::Queue | ParkedFor::Ticket => WaitsFor::Student,
        }
    }
}

impl ParkedVisit {
    /// A row of the list.
    pub fn new(visit: VisitId, since: jiff::Timestamp, place: Place, waits_for: WaitsFor) -> Self {
        ParkedVisit {
            visit,
            pickup: None,
            student: None,
            name: None,
            mobile: None,
            spoken: SpokenName::default(),
            since,
            place,
            waits_for,
            is_nameless: false,
        }
    }

    /// The row of a visit; none where it does not wait.
    pub fn of(visit: &Visit, rules: &Rules, reach: Connectivity) -> Option<Self> {
        let Status::Parked { pickup, why, .. } = &visit.status else {
            return None;
        };
        let place = route::place_when_taken_up(visit, rules, reach);
        let row = ParkedVisit::new(visit.id, visit.touched, place, WaitsFor::of(visit, *why));
        let owner = visit.owner();
        Some(ParkedVisit {
            pickup: *pickup,
            student: owner.map(|student| student.number.clone()),
            mobile: visit.mobile.clone(),
            is_nameless: visit.is_nameless(),
            ..row.named(owner.map(|student| student.name.clone()))
        })
    }

    /// The same with a name.
    #[must_use]
    pub fn named(self, name: Option<Name>) -> Self {
        let spoken = name.as_ref().map(|name| SpokenName::new(name.as_str()));
        ParkedVisit {
            spoken: spoken.unwrap_or_default(),
            name,
            ..self
        }
    }

    /// Whether this is one of those that are looked for. It copies next to nothing: it is asked of hundreds at each key.
    pub fn is_like(&self, query: &WaitingQuery) -> bool {
        if query.0.is_empty() {
            return true;
        }
        let pickup = self.pickup.map(|pickup| pickup.code());
        let student = self.student.as_ref().map(StudentNumber::as_str);
        let name = self.name.as_ref().map(Name::as_str);
        pickup.is_some_and(|pickup| query.fits(&pickup))
            || student.is_some_and(|student| query.fits(student))
            || query.is_letters() && self.spoken.begins(&query.0)
            || name.is_some_and(|name| query.begins(name))
    }
}

/// What was typed to find somebody: the pickup number, the last digits of a number, the surname or the letters of its
/// pinyin. Case, full width, blanks and hyphens do not matter.
pub struct WaitingQuery(String);

impl WaitingQuery {
    /// What was typed, ready to be compared.
    pub fn new(typed: &str) -> Self {
        WaitingQuery(plain(typed).collect())
    }

    fn is_letters(&self) -> bool {
        self.0.starts_with(|c: char| c.is_ascii_alphabetic())
    }

    /// Whether the text begins with it.
    fn begins(&self, text: &str) -> bool {
        let mut text = plain(text);
        self.0.chars().all(|c| text.next() == Some(c))
    }

    /// Whether the number begins or ends with it. A number has ASCII alone: its characters stand for themselves.
    fn fits(&self, number: &str) -> bool {
        let is_part = |c: &char| *c != '-' && !c.is_whitespace();
        let mut last = number.chars().rev().filter(is_part);
        let ends = |c: char| last.next().is_some_and(|own| own.eq_ignore_ascii_case(&c));
        self.begins(number) || self.0.chars().rev().all(ends)
    }
}

/// The characters that are compared.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
}

/// What needs a person first, and what names nobody last; among equals the longest wait.
pub fn by_need(waiting: &mut [ParkedVisit]) {
    waiting.sort_by_key(|one| (one.is_nameless, one.waits_for, one.since));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{DeskNumber, StepKind, Way};

    fn pickup(n: u64) -> Pickup {
        Pickup::new(DeskNumber::default(), u16::try_from(n % 1000).unwrap())
    }

    fn waits(n: u64, name: &str, waits_for: WaitsFor) -> ParkedVisit {
        let second = 1_790_000_000 + i64::try_from(n).unwrap();
        let since = jiff::Timestamp::from_second(second).unwrap();
        let place = Place::Step {
            step: StepKind::Number,
            way: Way::Desk,
            page: 0,
        };
        let row = ParkedVisit::new(VisitId(u128::from(n)), since, place, waits_for);
        ParkedVisit {
            pickup: Some(pickup(n)),
            student: Some(StudentNumber::from_campus(&format!("2026{n:06}"))),
            ..row.named(Some(Name::new(name)))
        }
    }

    #[test]
    fn fault_19_one_is_found_by_pickup_number_last_digits_surname_and_its_pinyin() {
        let one = waits(4321, "欧阳静怡", WaitsFor::Student);
        let pickup = one.pickup.map(|pickup| pickup.code()).unwrap();
        let read_out = one.pickup.map(|pickup| pickup.to_string()).unwrap();
        let found = |typed: &str| one.is_like(&WaitingQuery::new(typed));
        for typed in [
            "",
            pickup.as_str(),
            read_out.as_str(),
            &pickup[..3],
            &pickup[4..],
            &read_out[4..],
            "2026004321",
            "20260",
            "21",
            "４３２１",
            "欧",
            "欧阳",
            "o",
            "OuYang",
            "oy",
        ] {
            assert!(found(typed), "{typed}");
        }
        for typed in ["22", "阳", "yang", "w", "432199"] {
            assert!(!found(typed), "{typed}");
        }
        let unknown = ParkedVisit {
            pickup: None,
            student: None,
            ..waits(1, "", WaitsFor::Student).named(None)
        };
        assert!(!unknown.is_like(&WaitingQuery::new("1")));
        assert!(unknown.is_like(&WaitingQuery::new(" ")));
    }

    #[test]
    fn what_needs_a_person_comes_first_and_then_the_longest_wait() {
        use WaitsFor::{Campus, Person, Student, StudentGone, Ticket};
        let kinds = [Student, Campus, Person, StudentGone, Ticket, Student];
        let mut waiting: Vec<ParkedVisit> = (0..)
            .zip(kinds)
            .map(|(n, kind)| waits(n, "张三", kind))
            .collect();
        waiting.reverse();
        by_need(&mut waiting);
        let order: Vec<u128> = waiting.iter().map(|one| one.visit.0).collect();
        assert_eq!(order, [2, 4, 3, 0, 5, 1]);
    }

    /// Three thousand parked visits are gathered and sorted at once when the panel opens. The bound has slack for a busy
    /// machine and a program that is not optimised.
    #[test]
    fn fault_19_thousands_are_gathered_in_a_moment() {
        let pack = crate::campus::pack::embedded().unwrap();
        let at = jiff::Timestamp::from_second(1_790_000_000).unwrap();
        let parked = |n: u64| {
            let mut visit = Visit::open(VisitId(u128::from(n)), Way::Phone, at);
            visit.student = Some(crate::visit::Student {
                number: StudentNumber::from_campus(&format!("2026{n:06}")),
                name: Name::new("欧阳静怡"),
            });
            visit.status = Status::Parked {
                pickup: Some(pickup(n)),
                expires: at,
                why: ParkedFor::Queue,
            };
            visit
        };
        let visits: Vec<Visit> = (0..3000).map(parked).collect();
        let began = std::time::Instant::now();
        let rows = visits
            .iter()
            .filter_map(|visit| ParkedVisit::of(visit, &pack.rules, Connectivity::default()));
        let mut rows: Vec<ParkedVisit> = rows.collect();
        by_need(&mut rows);
        let took = began.elapsed();
        assert_eq!(rows.len(), 3000);
        assert!(took.as_millis() < 1000, "{took:?}");
    }
}
