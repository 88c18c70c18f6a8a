//! What the desk shows and knows, beside the screen's half-typed state: the visit in hand, the volunteer's lock, the
//! idle watch, the gateways. Changed only by the loop.

use std::time::Duration;

use super::clock::Clock;
use super::idle::{Idle, IdleWatch};
use super::links::Links;
use super::pin_tries::PinTries;
use super::setup::PracticeLink;
use super::visits::{Changed, Visits};
use super::volunteer::{self, Lock, Panel};
use crate::campus::pack::Pack;
use crate::screen::checkup::Checkup;
use crate::screen::{
    Delivery, DeliveryIs, DeskState, GRANT_PATIENCE, Granting, Lookup, PracticePhone, StoreHealth,
    View, Volunteer, Waiting,
};
use crate::text::Lang;
use crate::visit::{
    EffectId, Now, OutboxRow, ParkedFor, Place, Reach, Shown, Status, Student, StudentNumber,
    TicketRow, Trouble, Visit, VisitId, route,
};

/// How long "bound" is shown before the next student's Welcome.
const BOUND_FOR: Duration = Duration::from_secs(12);
/// How long a pickup number is shown.
const PICKUP_FOR: Duration = Duration::from_secs(60);
/// How long a ticket with the script of its call is shown.
const TICKET_FOR: Duration = Duration::from_secs(180);
/// Between two looks for pickup numbers that have run out: a store that takes nothing is not asked again and again.
const SWEEP_PAUSE: Duration = Duration::from_secs(60);

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Starting,
    Free,
    Offered(VisitId),
    Visit(VisitId),
    JustParked(VisitId),
}

impl Hand {
    /// The visit in hand; one that is only offered is not.
    pub fn visit(self) -> Option<VisitId> {
        match self {
            Hand::Visit(id) => Some(id),
            _ => None,
        }
    }
}

pub struct State {
    pub clock: Clock,
    pub lang: Lang,
    /// The language that the next student finds.
    pub home_lang: Lang,
    pub pack: Pack,
    pub hand: Hand,
    /// Something may be half typed on a page that belongs to no visit.
    pub is_untidy: bool,
    /// The last stop was unclean, and no volunteer has seen that yet.
    pub is_rebuilt: bool,
    /// Records of the journal were lost, and no volunteer has seen that yet.
    pub is_damaged: bool,
    /// Pickup numbers that have run out are not looked for before this monotonic moment.
    pub sweep_from: Duration,
    /// Since when `hand`, or the place within it, is what it is: monotonic.
    pub shown_since: Duration,
    /// None until the store is ready.
    pub visits: Option<Visits>,
    pub links: Links,
    pub idle: IdleWatch,
    pub panel: Panel,
    pub pin_tries: PinTries,
    /// The lock for the PINs that other commands bring: it opens nothing on the screen.
    pub commands: Panel,
    pub store: StoreHealth,
    pub practice: Option<PracticeLink>,
    pub phone: Option<PracticePhone>,
    /// The last message that a carrier took, by the effect that sent it.
    pub message: Option<(EffectId, VisitId, Delivery)>,
    /// What the checks have found, while a volunteer looks at it.
    pub checkup: Option<Checkup>,
    pub waiting: Vec<Waiting>,
    /// The tickets that are not solved.
    pub tickets: Vec<TicketRow>,
    /// What waits for the campus.
    pub outbox: Vec<OutboxRow>,
    /// What the roster says, while the panel is open.
    pub lookup: Lookup,
    /// Whom the roster found, until the journal knows that it is shown.
    pub listed: Option<(StudentNumber, Student)>,
    /// The visit whose ticket the journal knows is looked at, while the panel is open.
    pub seen: Option<VisitId>,
    pub pickup_missed: bool,
}

/// What time alone brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nobody is here any more.
    Abandoned,
    /// The page that only informs was shown long enough.
    Shown,
    /// The volunteer went away from the open panel.
    PanelLeft,
    /// Somebody typed something at Welcome and went away.
    Untidy,
    /// A pickup number ran out.
    Expired,
}

impl State {
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    pub fn reach(&self) -> Reach {
        self.links.reach()
    }

    /// How many wrong PINs there were in a row, at the lock that had more of them.
    pub fn wrong_pins(&self) -> u32 {
        self.panel.wrong().max(self.commands.wrong())
    }

    /// The visit that commands are for.
    pub fn target(&self) -> Option<VisitId> {
        match self.hand {
            Hand::Visit(id) | Hand::Offered(id) => Some(id),
            _ => None,
        }
    }

    pub fn show(&mut self, hand: Hand) {
        self.hand = hand;
        self.shown_since = self.now().mono;
        self.idle.touch(self.shown_since);
    }

    pub fn place(&self) -> Option<Place> {
        let (Hand::Visit(id), Some(visits)) = (self.hand, &self.visits) else {
            return None;
        };
        Some(route::place(visits.get(id)?, &visits.rules, self.reach()))
    }

    /// Learns where a message is. What is told of an earlier one than the last is not of interest any more.
    pub fn delivered(&mut self, id: EffectId, visit: VisitId, delivery: Delivery) {
        let is_new = delivery.is == DeliveryIs::HandedOver;
        let is_last = self.message.as_ref().is_some_and(|(last, ..)| *last == id);
        if is_new || is_last {
            self.message = Some((id, visit, delivery));
        }
    }

    fn granting(&self) -> Option<&Granting> {
        let visits = self.visits.as_ref()?;
        visits.flights.granting(self.target()?)
    }

    /// Everything a frame is drawn from.
    pub fn view(&self) -> View<'_> {
        let now = self.now();
        let visit = self.target().and_then(|id| self.visits.as_ref()?.get(id));
        let policy = &self.pack.rules.sms;
        let code = visit.and_then(|visit| visit.code.as_ref());
        let left = |until: jiff::Timestamp| {
            Duration::try_from(until.duration_since(now.wall)).unwrap_or_default()
        };
        View {
            lang: self.lang,
            pack: &self.pack,
            now,
            reach: self.reach(),
            desk: self.desk(),
            waiting_for: self.target().and_then(|id| self.visits.as_ref()?.wait(id)),
            granting: self.granting(),
            resend_in: code.map(|code| code.resend_in(policy, now.wall)),
            code_ends_in: code
                .filter(|code| code.is_good(policy.tries, now.wall))
                .map(|code| left(code.expires)),
            idle_left: match self.idle_at(now.mono) {
                Some(Idle::Countdown { left }) => Some(left),
                _ => None,
            },
            volunteer: self.volunteer(),
            store: self.store,
            checkup: self.checkup.as_ref(),
            delivery: self
                .message
                .as_ref()
                .filter(|(_, of, _)| self.target() == Some(*of))
                .map(|(_, _, delivery)| delivery),
            phone: self.phone.as_ref(),
            practice: self.practice.is_some(),
            practice_pin: self
                .practice
                .as_ref()
                .and_then(|practice| practice.pin.as_deref()),
            pickup_missed: self.pickup_missed,
            needs_person: self
                .outbox
                .iter()
                .filter(|row| row.owed.stopped.is_some() && !row.has_ticket)
                .count(),
        }
    }

    fn desk(&self) -> DeskState<'_> {
        let Some(visits) = &self.visits else {
            return DeskState::Starting;
        };
        match self.hand {
            Hand::Starting => DeskState::Starting,
            Hand::Free => DeskState::Free,
            Hand::Offered(id) => match visits.get(id) {
                Some(visit) => DeskState::Offered {
                    visit,
                    // What stopped the visit before it was put aside is not the sign-in's fault.
                    failed: matches!(
                        visit.trouble,
                        Some(Trouble::SignIn(_) | Trouble::DeviceGrant(_) | Trouble::SomebodyElse)
                    ),
                },
                None => DeskState::Free,
            },
            Hand::Visit(id) => match visits.get(id) {
                Some(visit) => DeskState::Visit {
                    visit,
                    place: route::place(visit, &visits.rules, self.reach()),
                },
                None => DeskState::Free,
            },
            Hand::JustParked(id) => match visits.get(id).map(|visit| (visit, &visit.status)) {
                Some((visit, Status::Parked { pickup, why, .. })) => DeskState::JustParked {
                    pickup,
                    why: *why,
                    owes: !visit.owed.is_empty(),
                    ticket: TicketRow::of(visit)
                        .filter(|_| *why == ParkedFor::Ticket)
                        .map(Box::new),
                },
                _ => DeskState::Free,
            },
        }
    }

    fn volunteer(&self) -> Volunteer<'_> {
        match self.panel.lock_state() {
            Lock::Locked => Volunteer::Locked,
            Lock::Checking => Volunteer::Checking,
            Lock::Wrong { again_at } => Volunteer::Wrong { again_at },
            Lock::Open => Volunteer::Open {
                counts: self
                    .visits
                    .as_ref()
                    .map(|visits| visits.counts(self.now()))
                    .unwrap_or_default(),
                waiting: &self.waiting,
                tickets: &self.tickets,
                outbox: &self.outbox,
                lookup: &self.lookup,
                seen: self.seen,
            },
        }
    }

    /// Where the idle watch stands; it watches only while something of a student is on the screen.
    pub fn idle_at(&self, now: Duration) -> Option<Idle> {
        let watches =
            matches!(self.hand, Hand::Visit(_) | Hand::Offered(_)) && !self.panel.is_open();
        // Whoever is at their phone does not touch the desk.
        let is_at_phone = self.granting().is_some_and(|g| g.code.is_some());
        let idle = match is_at_phone {
            true => self.idle.at_least(GRANT_PATIENCE),
            false => self.idle,
        };
        watches.then(|| idle.at(now))
    }

    /// What time alone has brought about by the monotonic `now`.
    pub fn due(&self, now: Duration) -> Option<Due> {
        if self.panel.is_open() && self.idle.quiet(now) >= volunteer::OPEN_FOR {
            return Some(Due::PanelLeft);
        }
        if self.idle_at(now) == Some(Idle::Over) {
            return Some(Due::Abandoned);
        }
        let shown_for = now.saturating_sub(self.shown_since);
        let enough = match self.hand {
            Hand::JustParked(id) => shown_for >= self.parked_shown_for(id),
            Hand::Visit(_) if self.place() == Some(Place::Bound) => shown_for >= BOUND_FOR,
            _ => false,
        };
        if enough {
            return Some(Due::Shown);
        }
        if self.untidy_until().is_some_and(|until| until <= now) {
            return Some(Due::Untidy);
        }
        self.expiry_at()
            .is_some_and(|at| at <= now)
            .then_some(Due::Expired)
    }

    /// The journal has it that a volunteer is shown, whole, who this is.
    pub fn was_noted(&mut self, visit: VisitId, whose: &Shown) {
        if !self.panel.is_open() {
            return;
        }
        match whose {
            Shown::Ticket | Shown::TicketToCommand => self.seen = Some(visit),
            Shown::Roster(number) => {
                if let Some((_, student)) = self.listed.take_if(|(listed, _)| listed == number) {
                    self.lookup = Lookup::Found(student);
                }
            }
        }
    }

    /// What was to be noted was not: it is not shown.
    pub fn was_not_noted(&mut self) {
        if self.listed.take().is_some() {
            self.lookup = Lookup::NotNow;
        }
    }

    /// The panel is left: nothing that it showed is kept here.
    pub fn forget_views(&mut self) {
        (self.lookup, self.listed, self.seen) = (Lookup::None, None, None);
    }

    fn parked_shown_for(&self, id: VisitId) -> Duration {
        let visit = self.visits.as_ref().and_then(|visits| visits.get(id));
        match visit.map(|visit| &visit.status) {
            Some(Status::Parked {
                why: ParkedFor::Ticket,
                ..
            }) => TICKET_FOR,
            _ => PICKUP_FOR,
        }
    }

    /// When what is half typed on a page of no visit is taken away.
    fn untidy_until(&self) -> Option<Duration> {
        let watches = self.is_untidy
            && matches!(self.hand, Hand::Starting | Hand::Free)
            && !self.panel.is_open();
        watches.then(|| self.idle.patient_until())
    }

    /// The monotonic moment at which the next pickup number runs out.
    fn expiry_at(&self) -> Option<Duration> {
        let (now, next) = (self.now(), self.visits.as_ref()?.next_expiry()?);
        let left = Duration::try_from(next.duration_since(now.wall)).unwrap_or_default();
        Some(now.mono.saturating_add(left).max(self.sweep_from))
    }

    /// Looks for pickup numbers that have run out.
    pub fn sweep(&mut self) {
        let now = self.now();
        self.sweep_from = now.mono.saturating_add(SWEEP_PAUSE);
        if let Some(visits) = &mut self.visits {
            visits.sweep(now);
        }
    }

    /// Has what waits for the campus tried, where it is time.
    pub fn drain(&mut self) {
        let now = self.now().mono;
        if let Some(visits) = &mut self.visits {
            visits.drain(&self.links, now);
        }
        self.look_at_outbox();
    }

    /// What the volunteer's tray shows.
    pub fn look_at_outbox(&mut self) {
        let outbox = |visits: &Visits| visits.outbox(&self.links);
        self.outbox = self.visits.as_ref().map(outbox).unwrap_or_default();
    }

    /// The monotonic moment of the next thing that time alone brings about or changes on the screen; none at rest.
    pub fn next_due(&self, now: Duration) -> Option<Duration> {
        let idle = match self.idle_at(now) {
            Some(Idle::Awake { until }) => Some(until),
            Some(Idle::Countdown { left }) => Some(next_second(now, left)),
            Some(Idle::Over) => Some(now),
            None => None,
        };
        let shown = match self.hand {
            Hand::JustParked(id) => {
                Some(self.shown_since.saturating_add(self.parked_shown_for(id)))
            }
            Hand::Visit(_) if self.place() == Some(Place::Bound) => {
                Some(self.shown_since.saturating_add(BOUND_FOR))
            }
            _ => None,
        };
        let panel = match self.panel.lock_state() {
            Lock::Open => Some(self.idle.quiet_at(volunteer::OPEN_FOR)),
            Lock::Wrong { again_at } if again_at > now => Some(again_at),
            _ => None,
        };
        [idle, shown, panel, self.untidy_until(), self.expiry_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// What to show when visits have changed. A visit that was begun or taken up is shown, unless another is in hand;
    /// one that nobody has in hand any more never comes back by itself.
    pub fn follow(&mut self, changed: &[Changed]) {
        for Changed { id, is_begun } in changed {
            let Some(status) = self
                .visits
                .as_ref()
                .and_then(|v| v.get(*id))
                .map(|v| v.status.clone())
            else {
                continue;
            };
            let in_hand = self.hand == Hand::Visit(*id);
            match status {
                Status::Open if in_hand || *is_begun && !self.has_open_visit() => {
                    self.show(Hand::Visit(*id));
                }
                Status::Parked {
                    why: ParkedFor::Idle,
                    ..
                } if in_hand => self.show(Hand::Free),
                Status::Parked { .. } if in_hand => self.show(Hand::JustParked(*id)),
                Status::Closed { .. }
                    if self.target() == Some(*id) || self.hand == Hand::JustParked(*id) =>
                {
                    self.show(Hand::Free);
                }
                _ => {}
            }
        }
        if let Some(visits) = &mut self.visits {
            visits.tidy();
            self.waiting = visits.waiting();
            self.tickets = visits.tickets();
        }
        self.look_at_outbox();
    }

    fn has_open_visit(&self) -> bool {
        let Hand::Visit(id) = self.hand else {
            return false;
        };
        let visit = self.visits.as_ref().and_then(|visits| visits.get(id));
        visit.is_some_and(Visit::is_open)
    }

    /// The first page once the store is ready: the visit that was in hand when the desk stopped, or Welcome.
    pub fn offer_what_was_in_hand(&mut self) {
        let Some(visits) = &self.visits else { return };
        let stopped = visits
            .iter()
            .filter(|visit| {
                matches!(
                    visit.status,
                    Status::Parked {
                        why: ParkedFor::Restart,
                        ..
                    }
                )
            })
            .max_by_key(|visit| visit.touched);
        self.show(stopped.map_or(Hand::Free, |visit| Hand::Offered(visit.id)));
        self.waiting = self
            .visits
            .as_ref()
            .map(Visits::waiting)
            .unwrap_or_default();
        self.tickets = self
            .visits
            .as_ref()
            .map(Visits::tickets)
            .unwrap_or_default();
        self.look_at_outbox();
    }
}

/// When a countdown with `left` to go shows its next whole second.
fn next_second(now: Duration, left: Duration) -> Duration {
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    now.saturating_add(if part.is_zero() {
        Duration::from_secs(1)
    } else {
        part
    })
}
