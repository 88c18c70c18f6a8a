//! The loop: signals, input, what comes back and the next deadline, in that order. It takes what is ready, lets the
//! visits turn once, has the store acknowledge what was made, then publishes, draws if something changed, and begins the
//! effects. Nothing ticks while nothing changes, and keys edit the screen also while the disk writes.

use std::path::PathBuf;
use std::time::Duration;

use ratatui::Frame;
use tokio::sync::{mpsc, oneshot, watch};

use super::input::Heard;
use super::opening::{self, Opening, Ready};
use super::outside::{Answered, Outside};
use super::pin::PinHash;
use super::practice_phone;
use super::setup::Setup;
use super::signals::Signals;
use super::socket::{Ask, WrongPin};
use super::state::{Due, Hand, State};
use super::terminal::Guard;
use super::visits::{Made, Visits};
use crate::campus::Campus;
use crate::complaint::{Complaint, Exit, Outcome};
use crate::screen::ui::Ui;
use crate::screen::{Delivery, Input, PracticePhone, Reaction, StoreHealth};
use crate::store::{CommitError, Disk, Health, Store};
use crate::visit::{Command, EffectId, ParkedFor, TicketRow, VisitId};

/// The most input taken before the screen is drawn again: a paste or a held key must not starve the rest.
const MOST_INPUT_A_TURN: usize = 64;
/// How long the desk waits for what is under way in the store when it stops.
const LAST_COMMIT: Duration = Duration::from_secs(3);
/// How long the store may take for one batch before the screen says that nothing is being kept.
const STORE_PATIENCE: Duration = Duration::from_secs(2);

/// What reaches the loop from its own tasks.
pub enum News {
    /// The store and the campus are there, or why they cannot be.
    Ready(Box<Outcome<Ready>>),
    Answered(Answered),
    /// What became of the message that an effect sent.
    Delivery {
        id: EffectId,
        visit: VisitId,
        delivery: Delivery,
    },
    PinChecked(bool),
    Phone(PracticePhone),
    /// Another command asks this desk.
    Asked(Ask),
    /// The PIN that another command brought was checked.
    AskerChecked {
        right: bool,
        answer: oneshot::Sender<Result<Vec<TicketRow>, WrongPin>>,
    },
    /// A task of the desk's fell. The terminal was given back by the panic hook: the desk ends.
    Fell,
}

/// What the store was given and has not acknowledged.
struct Committing {
    answer: oneshot::Receiver<Result<(), CommitError>>,
    made: Made,
    /// Since when, monotonic.
    since: Duration,
}

/// What the desk draws on: the guarded terminal, or a test's.
pub trait Canvas {
    /// Draws what changed.
    ///
    /// # Errors
    /// The terminal is gone.
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()>;

    /// Lets the next frame be drawn whole.
    ///
    /// # Errors
    /// The terminal is gone.
    fn repaint(&mut self) -> std::io::Result<()>;
}

impl Canvas for Guard {
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()> {
        Guard::draw(self, render)
    }

    fn repaint(&mut self) -> std::io::Result<()> {
        Guard::repaint(self)
    }
}

/// The desk, running.
pub struct Kiosk<C: Canvas> {
    canvas: C,
    pub(super) ui: Ui,
    pub(super) state: State,
    pub(super) theme: String,
    pub(super) themes_dir: Option<PathBuf>,
    pub(super) pin: PinHash,
    pub(super) news: mpsc::Sender<News>,
    inbox: mpsc::Receiver<News>,
    opening: Option<Opening>,
    pub(super) store: Option<Store>,
    /// Where the store lives, once it is open.
    dir: Option<PathBuf>,
    outside: Option<Outside>,
    committing: Option<Committing>,
    /// How the store says it is doing; none before it is open, and after its thread is gone.
    health: Option<watch::Receiver<Health>>,
    /// The store takes longer than it may.
    is_stalled: bool,
    /// The first page after the start is not chosen yet.
    settling: bool,
    pub(super) changed: bool,
    /// Foreign output may stand on the screen: the next frame is drawn whole.
    pub(super) repaint: bool,
    leaving: bool,
}

impl<C: Canvas> Kiosk<C> {
    /// A desk that has drawn nothing and opened nothing yet.
    pub fn new(canvas: C, setup: Setup) -> Self {
        let (news, inbox) = mpsc::channel(256);
        let (state, opening, look) = opening::begin(setup);
        Kiosk {
            canvas,
            ui: look.ui,
            state,
            theme: look.theme,
            themes_dir: look.themes_dir,
            pin: look.pin,
            news,
            inbox,
            opening: Some(opening),
            store: None,
            dir: None,
            outside: None,
            committing: None,
            health: None,
            is_stalled: false,
            settling: true,
            changed: true,
            repaint: false,
            leaving: false,
        }
    }

    /// Keeps the store on another disk: for tests.
    #[must_use]
    pub fn on_disk(mut self, disk: std::sync::Arc<dyn Disk>) -> Self {
        self.opening = self.opening.map(|opening| opening.on_disk(disk));
        self
    }

    /// Works against another campus than the configured one: for tests.
    #[must_use]
    pub fn against(mut self, campus: Campus) -> Self {
        self.opening = self.opening.map(|opening| opening.against(campus));
        self
    }

    /// Runs until a signal, the end of input, or a volunteer ends it; the visit in hand is parked then.
    ///
    /// # Errors
    /// The store cannot be opened, or the terminal cannot be written to.
    pub async fn run(
        mut self,
        mut input: mpsc::Receiver<Heard>,
        mut signals: Signals,
    ) -> Outcome<()> {
        let served = self.serve(&mut input, &mut signals).await;
        // Whatever ended it: what is in hand is kept, and the store is closed.
        self.stop().await;
        served
    }

    async fn serve(
        &mut self,
        input: &mut mpsc::Receiver<Heard>,
        signals: &mut Signals,
    ) -> Outcome<()> {
        self.draw()?;
        if let Some(opening) = self.opening.take() {
            opening.spawn(self.news.clone());
        }
        while !self.leaving {
            let wake = self.next_wake().map(|mono| self.state.clock.instant(mono));
            tokio::select! {
                biased;
                _ = signals.ending() => break,
                heard = input.recv() => match heard {
                    Some(heard) => self.hear(heard, input),
                    // The terminal is gone: nobody is left to serve, and reading on would spin.
                    None => break,
                },
                acknowledged = acknowledged(&mut self.committing) => self.acknowledged(acknowledged),
                health = changed_health(&mut self.health) => self.store_says(health),
                Some(news) = self.inbox.recv() => self.take_news(news)?,
                () = sleep_until(wake) => self.tick(),
            }
            self.turn();
            if self.changed {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// Takes the input that is there, one after the other.
    fn hear(&mut self, first: Heard, input: &mut mpsc::Receiver<Heard>) {
        let rest = std::iter::from_fn(|| input.try_recv().ok());
        for heard in std::iter::once(first).chain(rest).take(MOST_INPUT_A_TURN) {
            match heard {
                Heard::Resized => {
                    self.repaint = true;
                    self.changed = true;
                }
                Heard::Input(input) => self.take_input(input),
            }
        }
    }

    fn take_input(&mut self, input: Input) {
        let now = self.state.now().mono;
        let counting = self.state.view().idle_left.is_some();
        self.state.idle.touch(now);
        if counting {
            // The key that says "still here" says nothing else.
            self.changed = true;
            return;
        }
        let reaction = self.ui.handle(input, &self.state.view());
        self.state.is_untidy |= !matches!(reaction, Reaction::Ignored);
        match reaction {
            Reaction::Ignored => {}
            Reaction::Edited => self.changed = true,
            Reaction::Do(command) => {
                self.changed = true;
                self.asked(command);
            }
            Reaction::Order(order) => {
                self.changed = true;
                self.order(order);
            }
        }
    }

    /// A command from the screen. What is a volunteer's takes the open panel, and locks it again.
    fn asked(&mut self, command: Command) {
        if is_volunteers(&command) {
            if !self.state.panel.is_open() {
                return;
            }
            self.lock_panel();
            if matches!(command, Command::Restart) {
                // The same page may come again, and nothing half typed is to be on it.
                self.ui.wipe();
            }
        }
        self.command(command);
    }

    /// Locks the panel; what it told is told.
    pub(super) fn lock_panel(&mut self) {
        if self.state.panel.is_open() {
            self.state.is_rebuilt = false;
            self.judge_store();
        }
        self.state.panel.close();
    }

    /// A command for the visit in hand; `Open` begins one where nobody is here.
    pub(super) fn command(&mut self, command: Command) {
        let target = self.state.target();
        let free = self.state.hand == Hand::Free && !self.is_busy();
        let now = self.state.now();
        let Some(visits) = &mut self.state.visits else {
            return;
        };
        match (command, target) {
            (
                Command::Open {
                    prefers,
                    first_time,
                },
                _,
            ) => {
                let takes = matches!(self.state.store, StoreHealth::Good | StoreHealth::Rebuilt);
                if free && takes && visits.open(prefers, first_time, now).is_err() {
                    tracing::error!("no randomness: no visit can be begun");
                }
            }
            (command, Some(id)) => visits.ask(id, command),
            (_, None) => {}
        }
    }

    /// Whether something is on its way to the store.
    pub(super) fn is_busy(&self) -> bool {
        self.committing.is_some() || self.state.visits.as_ref().is_some_and(Visits::has_commands)
    }

    fn take_news(&mut self, news: News) -> Outcome<()> {
        self.changed = true;
        match news {
            News::Ready(ready) => self.ready((*ready)?),
            News::Answered(answered) => self.answered(answered),
            News::Delivery {
                id,
                visit,
                delivery,
            } => self.state.delivered(id, visit, delivery),
            News::PinChecked(right) => {
                self.state.panel.checked(right, self.state.now().mono);
                self.state.idle.touch(self.state.now().mono);
                tracing::info!(right, "a PIN was checked");
            }
            News::Phone(phone) => self.state.phone = Some(phone),
            News::Asked(ask) => self.tell(ask),
            News::AskerChecked { right, answer } => self.tell_tickets(right, answer),
            News::Fell => {
                return Err(Complaint::new(
                    Exit::Failure,
                    "stopped by a fault of its own",
                    "start it again: every step that was shown as done is kept",
                ));
            }
        }
        Ok(())
    }

    fn ready(&mut self, ready: Ready) {
        let Ready {
            dir,
            store,
            opened,
            campus,
            letter,
            links,
            codes,
            today,
            zone,
        } = ready;
        let mut visits = Visits::new(letter, self.state.pack.rules.clone(), codes.clone());
        self.outside = Some(Outside::new(campus, codes, self.news.clone()));
        opening::answer_others(&dir, self.news.clone());
        self.dir = Some(dir);
        self.health = Some(store.health());
        self.store = Some(store);
        self.state.links = links;
        self.state.is_rebuilt = opened.rebuilt;
        if opened.cut {
            tracing::error!("the journal ends before what was acknowledged");
        }
        if opened.damaged > 0 {
            tracing::error!(
                records = opened.damaged,
                "records of the journal could not be read"
            );
        }
        visits.found(opened, today, zone);
        self.state.visits = Some(visits);
        self.state.sweep();
        self.judge_store();
        practice_phone::look(&self.state.practice, &self.news);
    }

    fn answered(&mut self, answered: Answered) {
        let Answered {
            id,
            kind,
            reply,
            took,
        } = answered;
        let now = self.state.now().mono;
        self.state.links.note(kind, &reply, took, now);
        if let Some(visits) = &mut self.state.visits {
            visits.answered(id, reply);
        }
        practice_phone::look(&self.state.practice, &self.news);
    }

    /// Lets the visits turn, if nothing is on its way to the store.
    fn turn(&mut self) {
        if self.committing.is_some() {
            return;
        }
        let (now, reach) = (self.state.now(), self.state.reach());
        let (Some(visits), Some(store)) = (&mut self.state.visits, &self.store) else {
            return;
        };
        if visits.has_commands() {
            let made = visits.turn(now, reach);
            if made.batch.records.is_empty() {
                self.begin(made);
            } else {
                self.committing = Some(Committing {
                    answer: store.commit(made.batch.clone()),
                    made,
                    since: now.mono,
                });
            }
        }
        if self.settling && !self.is_busy() {
            self.settling = false;
            self.state.offer_what_was_in_hand();
            self.changed = true;
        }
    }

    /// The store has the batch, or could not take it.
    fn acknowledged(&mut self, result: Result<(), CommitError>) {
        let Some(Committing { mut made, .. }) = self.committing.take() else {
            return;
        };
        let now = self.state.now();
        self.changed = true;
        self.is_stalled = false;
        self.judge_store();
        let Some(visits) = &mut self.state.visits else {
            return;
        };
        if let Err(error) = result {
            tracing::error!(%error, "the store did not take a step");
            visits.discard(made);
            return;
        }
        let hand = self.state.hand;
        let changed = visits.publish(&mut made, now);
        self.state.follow(&changed);
        if hand != self.state.hand && self.state.hand == Hand::Free {
            self.back_to_welcome();
        }
        self.begin(made);
        if let Some(visits) = &mut self.state.visits {
            visits.try_again(self.state.hand.visit());
        }
    }

    /// The store's word on how it is doing; nothing where its thread is gone.
    fn store_says(&mut self, health: Option<Health>) {
        self.changed = true;
        if health.is_none() {
            tracing::error!("the store's thread is gone");
            self.health = None;
        }
        self.judge_store();
        if let (Some(Health::Good | Health::Full), Some(visits)) = (health, &mut self.state.visits)
        {
            visits.try_again(self.state.hand.visit());
        }
    }

    /// What the screen says of the store.
    fn judge_store(&mut self) {
        if self.store.is_none() {
            return;
        }
        let health = self.health.as_ref().map(|health| *health.borrow());
        self.state.store = match health {
            _ if self.is_stalled => StoreHealth::Failed,
            None | Some(Health::ReadOnly | Health::Failed) => StoreHealth::Failed,
            Some(Health::Full) => StoreHealth::Full,
            Some(Health::Good) if self.state.is_rebuilt => StoreHealth::Rebuilt,
            Some(Health::Good) => StoreHealth::Good,
        };
    }

    /// Begins the effects that were not cancelled meanwhile.
    fn begin(&mut self, made: Made) {
        let (Some(visits), Some(outside)) = (&mut self.state.visits, &self.outside) else {
            return;
        };
        for effect in made.effects {
            if visits.flights.is_planned(effect.id) {
                let id = effect.id;
                visits.flights.begun(id, outside.begin(effect));
            }
        }
    }

    /// Nothing of the last student is left: neither half typed nor on the screen.
    pub(super) fn back_to_welcome(&mut self) {
        self.ui.wipe();
        self.state.lang = self.state.home_lang;
        self.ui.set_lang(self.state.lang);
        self.state.pickup_missed = false;
        self.state.is_untidy = false;
        self.repaint = true;
        self.changed = true;
    }

    /// Clears the screen for the next student, whatever the store says to it: `then` is what becomes of the visit in
    /// hand, as soon as it can be kept.
    pub(super) fn put_away(&mut self, then: Command) {
        let hand = self.state.hand;
        if let Some(visits) = &mut self.state.visits {
            match hand {
                Hand::Visit(id) => visits.put_away(id, then),
                Hand::Offered(id) => visits.withdraw_offer(id),
                Hand::Starting | Hand::Free | Hand::JustParked(_) => {}
            }
        }
        self.state.show(Hand::Free);
        self.back_to_welcome();
    }

    fn next_wake(&self) -> Option<Duration> {
        let now = self.state.now().mono;
        let screen = self.ui.next_wake(&self.state.view());
        [self.state.next_due(now), screen, self.stall_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// When the store has taken too long for a batch.
    fn stall_at(&self) -> Option<Duration> {
        let committing = self.committing.as_ref().filter(|_| !self.is_stalled)?;
        Some(committing.since.saturating_add(STORE_PATIENCE))
    }

    fn tick(&mut self) {
        self.changed = true;
        let now = self.state.now().mono;
        if self.stall_at().is_some_and(|at| at <= now) {
            tracing::error!("the store does not answer");
            self.is_stalled = true;
            self.judge_store();
        }
        match self.state.due(now) {
            Some(Due::PanelLeft) => self.lock_panel(),
            Some(Due::Abandoned) => self.put_away(Command::Park {
                why: ParkedFor::Idle,
            }),
            Some(Due::Shown) => self.put_away(Command::Finish),
            Some(Due::Untidy) => {
                self.lock_panel();
                self.back_to_welcome();
            }
            Some(Due::Expired) => self.state.sweep(),
            None => {}
        }
    }

    fn draw(&mut self) -> Outcome<()> {
        self.changed = false;
        let gone = |e: std::io::Error| Complaint::io("cannot write to the terminal", &e);
        if std::mem::take(&mut self.repaint) {
            self.canvas.repaint().map_err(gone)?;
        }
        let (ui, view) = (&mut self.ui, self.state.view());
        self.canvas
            .draw(|frame| ui.draw(frame, &view))
            .map_err(gone)
    }

    /// A volunteer ends the program.
    pub(super) fn leave(&mut self) {
        self.leaving = true;
    }

    /// Parks what is in hand, waits a moment for the store, closes it.
    async fn stop(&mut self) {
        self.ui.wipe();
        self.command(Command::Park {
            why: ParkedFor::Restart,
        });
        let end = tokio::time::Instant::now() + LAST_COMMIT;
        while self.committing.is_some()
            || self.state.visits.as_ref().is_some_and(Visits::has_commands)
        {
            self.turn();
            if self.committing.is_none() {
                continue;
            }
            match tokio::time::timeout_at(end, acknowledged(&mut self.committing)).await {
                Ok(Ok(())) => self.acknowledged(Ok(())),
                // Nothing is tried again now: the next start settles what is open.
                _ => break,
            }
        }
        if let Some(dir) = &self.dir {
            super::socket::unbind(dir);
        }
        if let Some(store) = self.store.take() {
            let closing = tokio::task::spawn_blocking(move || store.close());
            match tokio::time::timeout(LAST_COMMIT, closing).await {
                Ok(Ok(Ok(()))) => {}
                other => {
                    tracing::warn!(closed = ?other.is_ok(), "the store was not closed cleanly: the next start rebuilds it")
                }
            }
        }
    }
}

/// What only a volunteer may ask of a visit.
fn is_volunteers(command: &Command) -> bool {
    matches!(
        command,
        Command::Park { .. } | Command::ResumeByVolunteer | Command::Restart | Command::End
    )
}

/// The store's answer to what it was given; never, where it was given nothing.
async fn acknowledged(committing: &mut Option<Committing>) -> Result<(), CommitError> {
    match committing {
        // A dropped sender is a store thread that is gone: nothing was acknowledged.
        Some(committing) => (&mut committing.answer)
            .await
            .unwrap_or(Err(CommitError::Closed)),
        None => std::future::pending().await,
    }
}

/// The store's health when it changes; `None` where its thread is gone. Never, where there is no store.
async fn changed_health(health: &mut Option<watch::Receiver<Health>>) -> Option<Health> {
    match health {
        Some(health) => match health.changed().await {
            Ok(()) => Some(*health.borrow_and_update()),
            Err(_) => None,
        },
        None => std::future::pending().await,
    }
}

async fn sleep_until(wake: Option<std::time::Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
