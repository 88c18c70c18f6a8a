//! The visits this desk knows, and the one turn that changes them: commands in, facts and effects out.

mod numbers;
mod outbox;
mod turn;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::effects::{Breakers, InFlightEffects};
use super::random;
use crate::screen::{ParkedVisit, PendingCall, by_need};
use crate::store::{LimitSubject, Opened};
use crate::visit::{
    ActKind, ClockDoubt, ClockState, CodeKey, Command, Connectivity, Counts, DeskNumber, EffectId,
    Limits, Link, Now, OutboxRow, ParkedFor, Pickup, Reply, Rules, Status, TicketRow, Visit,
    VisitId, VolunteerName, Way, beyond_cap,
};
use numbers::PickupNumbers;
use outbox::Outbox;
use turn::HeldReply;
pub use turn::{Changed, PendingCommit};

/// The most commands that wait: more than a person can give while the disk writes.
const MOST_WAITING: usize = 64;
/// The most visits that expire in one turn.
const MOST_EXPIRING: usize = 256;

/// A command that waits for the next turn.
struct QueuedCommand {
    visit: VisitId,
    command: Command,
    /// The volunteer who gave it, where the PIN was their own.
    by: Option<VolunteerName>,
}

impl QueuedCommand {
    /// A command of the desk's own, or of a student.
    fn new(visit: VisitId, command: Command) -> Self {
        QueuedCommand {
            visit,
            command,
            by: None,
        }
    }
}

/// Everything about visits that the loop holds.
pub struct Visits {
    numbers: PickupNumbers,
    pub limits: Limits,
    pub in_flight: InFlightEffects,
    counts: Counts,
    /// The local day that is counted.
    day: Date,
    zone: TimeZone,
    codes: Arc<CodeKey>,
    /// Published: what the store has acknowledged. Open and parked ones, and closed ones with an answer outstanding.
    live: BTreeMap<VisitId, Visit>,
    commands: VecDeque<QueuedCommand>,
    /// What the campus answered and the store did not take. Their effects stay under way until it does.
    held: Vec<HeldReply>,
    /// When the first pickup number runs out.
    next_expiry: Option<Timestamp>,
    outbox: Outbox,
    /// How long a pickup number is good.
    pickup_life: Duration,
    /// Whether the wall clock is believed: a number runs out only by one that is.
    clock: ClockState,
}

impl Visits {
    /// No visits, before those of the store are found.
    pub fn new(desk: DeskNumber, codes: Arc<CodeKey>, pickup_life: Duration) -> Self {
        Visits {
            numbers: PickupNumbers::of(desk),
            limits: Limits::default(),
            in_flight: InFlightEffects::default(),
            counts: Counts::default(),
            day: Date::default(),
            zone: TimeZone::UTC,
            codes,
            live: BTreeMap::new(),
            commands: VecDeque::new(),
            held: Vec::new(),
            next_expiry: None,
            outbox: Outbox::default(),
            pickup_life,
            clock: ClockState::default(),
        }
    }

    /// Whether the wall clock is believed, as the store says.
    pub fn set_clock(&mut self, clock: ClockState) {
        self.clock = clock;
        self.update_numbers();
    }

    /// The wall clock has jumped: no number runs out until the store says that it is believed again.
    pub fn distrust_clock(&mut self) {
        self.clock.doubt.get_or_insert(ClockDoubt::Jumped);
        self.update_numbers();
    }

    /// Why the wall clock is not believed; `None` where it is.
    pub fn clock_doubt(&self) -> Option<ClockDoubt> {
        self.clock.doubt
    }

    /// When a pickup number stamped with this end runs out; `None` while the clock is not believed.
    fn runs_out(&self, stamped: Timestamp) -> Option<Timestamp> {
        self.clock.end_of(stamped, self.pickup_life)
    }

    /// Takes over what the store knew, and asks each visit to settle what was under way when the desk stopped. `day` is
    /// the local one that the store's counts are of.
    pub fn found(&mut self, opened: Opened, day: Date, zone: TimeZone, now: Now) {
        self.limits = opened.limits;
        self.counts = opened.counts;
        (self.day, self.zone) = (day, zone);
        for visit in opened.visits {
            let id = visit.id;
            let needs_settling = visit.is_open() || visit.unsettled.is_some();
            self.live.insert(id, visit);
            if needs_settling {
                // Found visits are as many as they are: the bound is for what comes from people.
                self.commands
                    .push_back(QueuedCommand::new(id, Command::Recover));
            }
        }
        self.update_numbers();
        self.numbers.begin(self.live.values());
        self.make_room();
        self.outbox.refresh(self.live.values(), now);
    }

    /// The counts of the local day that it is now: a new day begins at nothing, also where nothing happens in it.
    pub fn counts(&self, now: Now) -> Counts {
        if self.day_of(now) == self.day {
            self.counts
        } else {
            Counts::default()
        }
    }

    fn day_of(&self, now: Now) -> Date {
        now.wall.to_zoned(self.zone.clone()).date()
    }

    /// A visit that this desk knows.
    pub fn get(&self, id: VisitId) -> Option<&Visit> {
        self.live.get(&id)
    }

    /// All visits that this desk knows.
    pub fn iter(&self) -> impl Iterator<Item = &Visit> {
        self.live.values()
    }

    /// What the student at this visit waits for. An answer that the store did not take is there: what is waited for then
    /// is the store, and the screen says so itself.
    pub fn wait(&self, id: VisitId) -> Option<PendingCall> {
        let is_held = |effect| self.held.iter().any(|held| held.id == effect);
        self.in_flight.wait(id, is_held)
    }

    /// The visit that waits under a pickup number which has not run out. A ticket's number finds it as well, where that
    /// is another one.
    pub fn by_pickup(&self, pickup: Pickup, now: Now) -> Option<VisitId> {
        let waiting = || {
            self.live.values().filter_map(|visit| match visit.status {
                Status::Parked {
                    pickup, expires, ..
                } if self.runs_out(expires).is_none_or(|at| at > now.wall) => Some((visit, pickup)),
                Status::Parked { .. } | Status::Open | Status::Closed { .. } => None,
            })
        };
        let of_ticket = |visit: &Visit| visit.ticket.as_ref().map(|t| *t.number.pickup());
        let mut found = waiting().filter(|(_, its)| *its == Some(pickup));
        let mut by_ticket = waiting().filter(|(visit, _)| of_ticket(visit) == Some(pickup));
        let (visit, _) = found.next().or_else(|| by_ticket.next())?;
        Some(visit.id)
    }

    /// How many pickup numbers are free.
    pub fn numbers_left(&self) -> u16 {
        self.numbers.left()
    }

    /// The visits that wait: what needs a person first.
    pub fn waiting(&self, rules: &Rules, reach: Connectivity) -> Vec<ParkedVisit> {
        let visits = self.live.values();
        let mut waiting: Vec<ParkedVisit> = visits
            .filter_map(|visit| ParkedVisit::of(visit, rules, reach))
            .collect();
        by_need(&mut waiting);
        waiting
    }

    /// The tickets that are not solved, the oldest first.
    pub fn tickets(&self) -> Vec<TicketRow> {
        let mut rows = crate::store::ticket_rows(self.live.values());
        rows.retain(|row| row.ticket.is_pending());
        rows
    }

    /// Asks something of a visit in the next turn, a volunteer with a PIN of their own by that name. Dropped, with whatever
    /// secret is in it, where too much waits already.
    pub fn ask(&mut self, visit: VisitId, command: Command, by: Option<VolunteerName>) {
        if self.commands.len() < MOST_WAITING {
            self.commands
                .push_back(QueuedCommand { visit, command, by });
        } else {
            tracing::warn!("too many commands wait: one was dropped");
        }
    }

    /// Begins a new visit.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn open(
        &mut self,
        prefers: Way,
        first_time: bool,
        scanned: bool,
        now: Now,
    ) -> Result<VisitId, getrandom::Error> {
        let id = random::visit_id()?;
        self.live.insert(id, Visit::open(id, prefers, now.wall));
        // Not bounded: what is opened here must reach the store or be discarded.
        let command = Command::Open {
            prefers,
            first_time,
            scanned,
        };
        self.commands.push_back(QueuedCommand::new(id, command));
        Ok(id)
    }

    /// An effect's answer, for the visit that asked for it; one that was cancelled has none.
    pub fn answered(&mut self, id: EffectId, reply: Reply) {
        if let Some(visit) = self.in_flight.visit_of(id) {
            // Never dropped: at most as many as there are effects under way.
            let command = Command::Reply { id, reply };
            self.commands.push_back(QueuedCommand::new(visit, command));
        }
    }

    /// Whether a command waits for the next turn.
    pub fn has_commands(&self) -> bool {
        !self.commands.is_empty()
    }

    /// Whether a command that waits brings a visit into hand.
    pub fn begins_visit(&self) -> bool {
        let begins = |command: &Command| {
            matches!(command, Command::Open { .. } | Command::ResumeByVolunteer)
        };
        self.commands.iter().any(|queued| begins(&queued.command))
    }

    /// Queues a command of the desk's own for the next turn. Never dropped.
    pub fn enqueue(&mut self, id: VisitId, command: Command) {
        self.commands.push_back(QueuedCommand::new(id, command));
    }

    /// The page that offered this visit was left: a sign-in that is under way there is not waited for.
    pub fn withdraw_offer(&mut self, id: VisitId) {
        for flight in self.in_flight.of(id) {
            if matches!(flight.kind, ActKind::SignIn | ActKind::DeviceGrant) {
                self.in_flight.cancel(flight.id);
            }
        }
        self.commands
            .retain(|queued| queued.visit != id || !is_sign_in(&queued.command));
    }

    /// The store takes batches again: what was held goes first; open visits that are not in hand are parked, except those
    /// whose step is on its way to the store: a visit that is being begun comes into hand with its acknowledgement.
    pub fn try_again(&mut self, in_hand: Option<VisitId>, on_its_way: Option<&PendingCommit>) {
        self.release_held();
        let is_left = |visit: &&Visit| {
            self.is_stray(visit, in_hand) && !on_its_way.is_some_and(|made| made.has(visit.id))
        };
        let strays: Vec<VisitId> = self
            .live
            .values()
            .filter(is_left)
            .map(|visit| visit.id)
            .collect();
        for id in strays {
            let is_lost = self
                .live
                .get(&id)
                .is_some_and(|visit| visit.unsettled.is_some() && !self.in_flight.has_any(id));
            let command = if is_lost {
                Command::Recover
            } else {
                Command::Park {
                    why: ParkedFor::Idle,
                }
            };
            self.commands.push_back(QueuedCommand::new(id, command));
        }
    }

    fn is_stray(&self, visit: &Visit, in_hand: Option<VisitId>) -> bool {
        visit.is_open()
            && in_hand != Some(visit.id)
            && !self.commands.iter().any(|queued| queued.visit == visit.id)
    }

    fn release_held(&mut self) {
        for HeldReply { visit, id, reply } in std::mem::take(&mut self.held).into_iter().rev() {
            // Given up meanwhile: then its rule has settled it.
            if self.in_flight.is_planned(id) {
                let command = Command::Reply { id, reply };
                self.commands.push_front(QueuedCommand::new(visit, command));
            }
        }
    }

    /// Has what waits for the campus tried where it is time. Never dropped: at most a few a turn.
    pub fn drain(&mut self, breakers: &Breakers, now: Duration) {
        // Without randomness the pauses are the shortest.
        let random = getrandom::u64().unwrap_or_default();
        let due = self.outbox.due(breakers, &self.in_flight, now, random);
        let retried = |visit| QueuedCommand::new(visit, Command::RetryDue);
        self.commands.extend(due.into_iter().map(retried));
    }

    /// A gateway is back: what waits for it waits no longer.
    pub fn gateway_is_back(&mut self, link: Link) {
        self.outbox.gateway_is_back(link);
    }

    /// The monotonic moment at which something that waits is tried next.
    pub fn next_drain(&self, breakers: &Breakers) -> Option<Duration> {
        self.outbox.next(breakers, &self.in_flight)
    }

    /// What waits for the campus, as the volunteer's tray shows it.
    pub fn outbox(&self, breakers: &Breakers) -> Vec<OutboxRow> {
        self.outbox.rows(self.live.values(), breakers)
    }

    /// When the first pickup number runs out.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.next_expiry
    }

    /// Notes when the next pickup number runs out, and which are given.
    fn update_numbers(&mut self) {
        let ends = |visit: &Visit| self.runs_out(visit.expires()?);
        self.next_expiry = self.live.values().filter_map(ends).min();
        self.numbers.note(self.live.values());
    }

    /// Parked visits whose pickup number has run out.
    pub fn sweep(&mut self, now: Now) {
        let ends = |visit: &Visit| self.runs_out(visit.expires()?);
        let is_over = |visit: &&Visit| ends(visit).is_some_and(|at| at <= now.wall);
        let over = self.live.values().filter(is_over).take(MOST_EXPIRING);
        let expired = |visit: &Visit| QueuedCommand::new(visit.id, Command::Expire);
        let expired: Vec<QueuedCommand> = over.map(expired).collect();
        self.commands.extend(expired);
    }

    /// Has those go that are too many of what waits and names nobody.
    fn make_room(&mut self) {
        for id in beyond_cap(self.live.values()) {
            // It is asked once, and not while somebody signs in to take it up.
            let is_busy = self.in_flight.has_any(id);
            if !is_busy && !self.commands.iter().any(|queued| queued.visit == id) {
                self.enqueue(id, Command::MakeRoom);
            }
        }
    }

    /// These are deleted: what waits for them or is under way is dropped, and what was counted of these students.
    pub fn forget(&mut self, gone: &[VisitId], limits: &[LimitSubject], now: Now) {
        for id in gone {
            for flight in self.in_flight.of(*id) {
                self.in_flight.cancel(flight.id);
            }
            self.live.remove(id);
        }
        self.commands.retain(|queued| !gone.contains(&queued.visit));
        self.held.retain(|answer| !gone.contains(&answer.visit));
        for whom in limits {
            match whom {
                LimitSubject::Student(tag) | LimitSubject::Mobile(tag) => self.limits.forget(*tag),
                LimitSubject::Desk => {}
            }
        }
        self.update_numbers();
        self.outbox.refresh(self.live.values(), now);
    }

    /// Forgets closed visits that nothing is outstanding for.
    pub fn tidy(&mut self) {
        let in_flight = &self.in_flight;
        self.live
            .retain(|id, visit| !visit.is_over() || in_flight.has_any(*id));
    }
}

fn is_sign_in(command: &Command) -> bool {
    matches!(command, Command::SignIn(_) | Command::StartDeviceGrant)
}
