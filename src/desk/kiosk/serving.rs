//! The desk while it serves students: the store is open, the campus can be asked, and visits are known. A store whose
//! thread is gone is a state of this, not another life: the screen says that nothing is kept.

use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::desk::Desk;
use crate::campus::pack::Pack;
use crate::desk::effects::{Breakers, EffectRunner};
use crate::desk::event::Ready;
use crate::desk::opening;
use crate::desk::practice_phone;
use crate::desk::printing::Printing;
use crate::desk::state::{Hand, Served, State, VisitDue};
use crate::desk::visits::{PendingCommit, Visits};
use crate::screen::drill::DrillOrder;
use crate::screen::{PrinterNow, StoreHealth};
use crate::store::{CommitError, Health, Location, Store};
use crate::visit::report::DayReport;
use crate::visit::{Authority, Command, ParkedFor, VisitId};

/// A reading of the journal: the numbers of the day, or none where it could not be read.
pub(super) type DayReading = JoinHandle<Option<Box<DayReport>>>;

/// The store, the campus and the visits, which are there together or not at all.
pub(super) struct Serving {
    pub store: Store,
    /// Where the store lives.
    pub location: Location,
    /// The zone that says which day it is.
    pub zone: TimeZone,
    pub outside: EffectRunner,
    /// The whole pack; visits follow its rules.
    pub pack: Pack,
    pub health: StoreWatch,
    pub visits: Visits,
    pub committing: Option<Committing>,
    /// The store takes longer than it may.
    pub is_stalled: bool,
    /// The journal is being read for the numbers of the day.
    pub day_reading: Option<DayReading>,
    /// Whether a roster was imported: vouching is offered only with one.
    pub has_roster: bool,
    /// The first page after the start is chosen.
    pub is_settled: bool,
    /// When the servers were asked for the time last, monotonic: only where the clock is not believed.
    pub clock_asked: Option<Duration>,
    /// The slip printer at work; none where none is configured.
    pub printing: Option<Printing>,
}

/// What the store was given and has not acknowledged.
pub(super) struct Committing {
    pub answer: oneshot::Receiver<Result<(), CommitError>>,
    pub made: PendingCommit,
    /// Since when, monotonic.
    pub since: Duration,
}

/// What the store's thread says of itself.
pub(super) enum StoreWatch {
    Running(watch::Receiver<Health>),
    /// The thread has ended: nothing is kept any more.
    Gone,
}

impl Serving {
    /// Begins to serve with what was opened.
    pub fn begin(ready: Ready, desk: &mut Desk) -> Self {
        let Ready {
            location,
            store,
            opened,
            campus,
            pack,
            number,
            codes,
            today,
            zone,
        } = ready;
        desk.state.breakers = Breakers::of(&campus);
        let printer = campus.printer.clone();
        let printing = printer.and_then(|printer| Printing::start(printer, desk.news.clone()));
        desk.state.printer = printing.as_ref().map(|_| PrinterNow::Untried);
        let (news, clock) = (desk.news.clone(), desk.state.clock.clone());
        let outside = EffectRunner::new(campus, codes.clone(), news, clock);
        opening::answer_others(&location.dir, desk.news.clone());
        desk.state.is_rebuilt = opened.rebuilt;
        desk.state.is_damaged = opened.damaged > 0 || opened.cut;
        desk.state.is_unproved = opened.is_mark_lost;
        if opened.is_mark_lost {
            tracing::error!(
                "the mark of the last acknowledged record is gone or an old one: the journal may have been cut (yingxin audit verify)"
            );
        }
        if opened.torn {
            tracing::info!(
                "an unfinished record stood at the journal's end: it was never acknowledged"
            );
        }
        if opened.cut {
            tracing::error!("the journal ends before what was acknowledged");
        }
        if opened.damaged > 0 {
            tracing::error!(
                records = opened.damaged,
                "records of the journal could not be read"
            );
        }
        let mut visits = Visits::new(number, codes, pack.rules.pickup_life);
        visits.set_clock(store.clock());
        visits.found(opened, today, zone.clone(), desk.state.now());
        desk.state.sweep(&mut visits);
        practice_phone::refresh(&desk.state.practice, &desk.news);
        let practice = desk.state.practice.as_ref();
        if practice.is_some_and(|practice| practice.drill) {
            desk.drill(DrillOrder::Begin);
        }
        Serving {
            health: StoreWatch::Running(store.health()),
            has_roster: store.roster().is_there(),
            store,
            location,
            zone,
            outside,
            pack,
            visits,
            committing: None,
            is_stalled: false,
            day_reading: None,
            is_settled: false,
            clock_asked: None,
            printing,
        }
    }

    /// What a frame is drawn from besides the state.
    pub fn served(&self, state: &State) -> Served<'_> {
        Served {
            visits: &self.visits,
            pack: &self.pack,
            store: self.store_health(state),
            has_roster: self.has_roster,
        }
    }

    /// What the screen says of the store.
    pub fn store_health(&self, state: &State) -> StoreHealth {
        let health = match &self.health {
            StoreWatch::Running(health) => *health.borrow(),
            StoreWatch::Gone => Health::Failed,
        };
        match health {
            _ if self.is_stalled => StoreHealth::Failed,
            Health::Failed => StoreHealth::Failed,
            Health::ReadOnly => StoreHealth::ReadOnly,
            Health::Full => StoreHealth::Full,
            Health::Good if state.is_damaged => StoreHealth::Damaged,
            Health::Good if state.is_unproved => StoreHealth::Unproved,
            Health::Good if state.is_root => StoreHealth::AsRoot,
            Health::Good if state.is_rebuilt => StoreHealth::Rebuilt,
            Health::Good => StoreHealth::Good,
        }
    }

    /// Whether something is on its way to the store.
    pub fn is_busy(&self) -> bool {
        self.committing.is_some() || self.visits.has_commands()
    }

    /// Whether a visit is on its way into hand: what brings it there waits, or the store has it. Whatever else the store
    /// writes is of visits that were left, and the next student's key waits for its turn behind it.
    fn is_beginning(&self) -> bool {
        let committing = self.committing.as_ref();
        self.visits.begins_visit() || committing.is_some_and(|c| c.made.begins_visit())
    }

    /// The one entrance for what a person asks of a visit: a command that the person may not give does not pass. Returns
    /// whether it passed.
    fn enter(&mut self, desk: &Desk, visit: Option<VisitId>, command: Command) -> bool {
        if command.needs() > desk.state.authority() {
            tracing::warn!("a command was refused: the volunteer's panel is locked");
            return false;
        }
        match (command, visit) {
            (
                Command::Open {
                    prefers,
                    first_time,
                    scanned,
                },
                _,
            ) => {
                let is_free = desk.state.hand == Hand::Free && !self.is_beginning();
                let takes = self.store_health(&desk.state).takes_visits();
                let now = desk.state.now();
                if is_free && takes && self.visits.open(prefers, first_time, scanned, now).is_err()
                {
                    tracing::error!("no randomness: no visit can be begun");
                }
            }
            (command, Some(id)) => {
                let by = desk.state.panel.by().cloned();
                self.visits.ask(id, command, by);
            }
            (_, None) => {}
        }
        true
    }

    /// A command from the screen for the visit in hand; `Open` begins one where the desk is free. A volunteer's command
    /// locks the panel again.
    pub fn command(&mut self, desk: &mut Desk, command: Command) {
        let is_volunteers = command.needs() == Authority::Volunteer;
        let restarts = matches!(command, Command::BeginAgain);
        if self.enter(desk, desk.state.target(), command) && is_volunteers {
            desk.leave_panel();
            if restarts {
                // The same page may come again, and nothing half typed is to be on it.
                desk.ui.wipe();
            }
        }
    }

    /// A command for any visit, from the open panel, which stays open.
    pub fn command_for(&mut self, desk: &Desk, visit: VisitId, command: Command) {
        self.enter(desk, Some(visit), command);
    }

    /// Clears the screen for the next student, whatever the store says to it: `then` says what happens to the visit in
    /// hand, as soon as it can be kept.
    pub fn clear_for_next(&mut self, desk: &mut Desk, then: Command) {
        match desk.state.hand {
            Hand::Visit(id) => self.visits.enqueue(id, then),
            Hand::Offered(id) => {
                self.withdraw_offer(id);
                // Where all of it is done, nothing waits any more.
                self.visits.enqueue(id, Command::Finish);
            }
            Hand::Starting | Hand::Free | Hand::JustParked(_) => {}
        }
        desk.state.show(Hand::Free);
        desk.back_to_welcome();
    }

    /// The page that offered this visit is left. A sign-in that the store is about to keep brings it to nobody: it goes on
    /// waiting.
    pub fn withdraw_offer(&mut self, id: VisitId) {
        self.visits.withdraw_offer(id);
        if self.committing.as_mut().is_some_and(|c| c.made.leave(id)) {
            let why = ParkedFor::Idle;
            self.visits.enqueue(id, Command::Park { why });
        }
    }

    /// The student did not touch the desk in time: the page is cleared, and the pickup number stands for a while for who
    /// comes back to it. Where nothing was given the desk is free at once.
    fn show_number(&mut self, desk: &mut Desk) {
        let why = ParkedFor::Idle;
        let Hand::Visit(id) = desk.state.hand else {
            return self.clear_for_next(desk, Command::Park { why });
        };
        self.visits.enqueue(id, Command::Park { why });
        desk.state.show(Hand::JustParked(id));
        desk.ui.wipe();
        desk.repaint = true;
        desk.changed = true;
    }

    /// The monotonic moment of the next thing that time alone brings about here; none at rest.
    pub fn next_wake(&self, state: &State) -> Option<Duration> {
        [
            state.next_visit_due(&self.visits, &self.pack.rules, state.now().mono),
            self.stall_at(),
            self.next_drain(state),
            self.next_probe(state),
            self.next_clock_ask(state.now().mono),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When something that waits for the campus is tried next. Not while the store has a batch: its answer comes first.
    fn next_drain(&self, state: &State) -> Option<Duration> {
        if self.is_busy() {
            return None;
        }
        self.visits.next_drain(&state.breakers)
    }

    /// Does what is due for a visit by time alone.
    pub fn take_due(&mut self, desk: &mut Desk) {
        let now = desk.state.now().mono;
        match desk.state.visit_due(&self.visits, &self.pack.rules, now) {
            Some(VisitDue::Abandoned) => self.show_number(desk),
            Some(VisitDue::Shown) => self.clear_for_next(desk, Command::Finish),
            Some(VisitDue::Expired) => desk.state.sweep(&mut self.visits),
            None => {}
        }
    }

    /// Looks whether the store is late: then a number that it owes is given up. Begins what the desk asks of the campus
    /// by itself.
    pub fn tick(&mut self, desk: &mut Desk) {
        let now = desk.state.now().mono;
        if self.stall_at().is_some_and(|at| at <= now) {
            tracing::error!("the store does not answer");
            self.is_stalled = true;
        }
        if self.is_stalled {
            self.give_up_number(desk);
        }
        if self.next_clock_ask(now).is_some_and(|at| at <= now) {
            self.ask_clock(now);
        }
        if self.next_drain(&desk.state).is_some_and(|at| at <= now) {
            desk.state.drain(&mut self.visits);
            // A call that was just started serves as a probe; where nothing was, the next turn asks.
            return;
        }
        if self.next_probe(&desk.state).is_some_and(|at| at <= now) {
            self.probe(desk);
        }
    }
}
