//! The one gate: with the volunteer's panel locked, nothing that needs a volunteer has any effect.

mod calling;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use ratatui::Frame;
use ratatui::backend::TestBackend;

use super::*;
use crate::campus::connections::Connections;
use crate::campus::fake::FakeCampus;
use crate::campus::pack::{self, BegunPack};
use crate::desk::lock::{PinHash, PinVerdict};
use crate::desk::state::Hand;
use crate::screen::drill::DrillOrder;
use crate::screen::theme::{Colours, Terminal};
use crate::screen::{DeskCommand, SystemWish, UiAction};
use crate::store::Location;
use crate::text::Lang;
use crate::visit::{
    ActKind, Answer, Authority, Command, DeskNumber, EffectId, Failure, FreeText, Mobile, Name,
    Now, ParkedFor, Pickup, Question, Reply, Secret, ShownNumbers, SignInMethod, SignInWith,
    Student, StudentNumber, TicketContact, TicketState, VisitId, Way,
};

/// Time stands still, except for what a test lets pass, in seconds: nothing happens but what a person does.
#[derive(Debug, Default)]
pub(super) struct Still(AtomicU32);

impl Still {
    pub(super) fn passes(&self, seconds: u32) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Still {
    fn now(&self) -> Now {
        let passed = self.0.load(Ordering::Relaxed);
        Now {
            wall: jiff::Timestamp::from_second(1_790_000_000 + i64::from(passed)).unwrap(),
            mono: Duration::from_secs(1000 + u64::from(passed)),
        }
    }

    fn sleep_until(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

pub(super) struct Glass(ratatui::Terminal<TestBackend>);

impl Canvas for Glass {
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()> {
        let _ = self.0.draw(render);
        Ok(())
    }

    fn repaint(&mut self) -> std::io::Result<()> {
        let _ = self.0.clear();
        Ok(())
    }
}

pub(super) fn student() -> Student {
    Student {
        number: StudentNumber::from_campus("20260001"),
        name: Name::new("张三"),
    }
}

pub(super) fn sign_in() -> SignInWith {
    SignInWith {
        student: student().number,
        password: Secret::new("canary".into()),
    }
}

/// The command after this one; the compiler asks here for each new one.
fn command_after(command: &Command) -> Option<Command> {
    let what = ActKind::BindNumber;
    let reason = FreeText::new("reason");
    let mobile = || Mobile::parse("13800138000").unwrap();
    Some(match command {
        Command::Open { .. } => Command::Agree,
        Command::Agree => Command::SignIn(sign_in()),
        Command::SignIn(_) => Command::StartDeviceGrant,
        Command::StartDeviceGrant => Command::ChooseSignInMethod {
            means: SignInMethod::Password,
        },
        Command::ChooseSignInMethod { .. } => Command::GiveNumber { mobile: mobile() },
        Command::GiveNumber { .. } => Command::TellNumber { mobile: mobile() },
        Command::TellNumber { .. } => Command::Answer {
            question: Question::Standing,
            answer: Answer::Yes,
        },
        Command::Answer { .. } => Command::Choose { choice: 0 },
        Command::Choose { .. } => Command::SayFollowed,
        Command::SayFollowed => Command::Unbind {
            typed: Secret::new("20260001".into()),
        },
        Command::Unbind { .. } => Command::CheckAgain,
        Command::CheckAgain => Command::SendCode,
        Command::SendCode => Command::TypeCode {
            code: Secret::new("123456".into()),
        },
        Command::TypeCode { .. } => Command::ChangeNumber,
        Command::ChangeNumber => Command::Retry,
        Command::Retry => Command::Back,
        Command::Back => Command::Finish,
        Command::Finish => Command::Leave,
        Command::Leave => Command::Prefer { way: Way::Phone },
        Command::Prefer { .. } => Command::Park {
            why: ParkedFor::Queue,
        },
        Command::Park { .. } => Command::StepAside,
        Command::StepAside => Command::BeginAsNewNumber,
        Command::BeginAsNewNumber => Command::ResumeByVolunteer,
        Command::ResumeByVolunteer => Command::Vouch { student: student() },
        Command::Vouch { .. } => Command::ShowNumbers {
            whose: ShownNumbers::Ticket,
        },
        Command::ShowNumbers { .. } => Command::RetryDue,
        Command::RetryDue => Command::RetryEntry { what },
        Command::RetryEntry { .. } => Command::DiscardEntry { what },
        Command::DiscardEntry { .. } => Command::TicketForEntry { what, reason },
        Command::TicketForEntry { .. } => Command::BeginAgain,
        Command::BeginAgain => Command::OpenTicket {
            reason,
            contact: TicketContact::default(),
        },
        Command::OpenTicket { .. } => Command::NoteTicket {
            called_at: None,
            by: FreeText::new("by"),
            answer: FreeText::new("answer"),
            state: Some(TicketState::Solved),
        },
        Command::NoteTicket { .. } => Command::End,
        Command::End => Command::Expire,
        Command::Expire => Command::MakeRoom,
        Command::MakeRoom => Command::Recover,
        Command::Recover => Command::Reply {
            id: EffectId(1),
            reply: Reply::SignedIn(Err(Failure::Offline)),
        },
        Command::Reply { .. } => return None,
    })
}

/// Every command that a student may not give.
fn privileged_commands() -> Vec<Command> {
    let first = Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    };
    std::iter::successors(Some(first), command_after)
        .filter(|command| command.needs() > Authority::Student)
        .collect()
}

/// The order after this one; the compiler asks here for each new one.
fn order_after(order: &DeskCommand, visit: VisitId) -> Option<DeskCommand> {
    let reason = || FreeText::new("reason");
    Some(match order {
        DeskCommand::Language => DeskCommand::Theme,
        DeskCommand::Theme => DeskCommand::Repaint,
        DeskCommand::Repaint => DeskCommand::Unlock {
            pin: Secret::new("0000".into()),
        },
        DeskCommand::Unlock { .. } => DeskCommand::Lock,
        DeskCommand::Lock => DeskCommand::Reopen,
        DeskCommand::Reopen => DeskCommand::NextStudent,
        DeskCommand::NextStudent => DeskCommand::TakeUp { visit },
        DeskCommand::TakeUp { .. } => DeskCommand::ResumeBySignIn(sign_in()),
        DeskCommand::ResumeBySignIn(_) => DeskCommand::DismissOffer,
        DeskCommand::DismissOffer => DeskCommand::FindPickup {
            pickup: Pickup::new(DeskNumber::default(), 7),
        },
        DeskCommand::FindPickup { .. } => DeskCommand::OpenTicket {
            visit,
            reason: reason(),
            contact: TicketContact::default(),
        },
        DeskCommand::OpenTicket { .. } => DeskCommand::ShowTicket { visit },
        DeskCommand::ShowTicket { .. } => DeskCommand::ForVisit {
            visit,
            command: Command::TicketForEntry {
                what: ActKind::BindNumber,
                reason: reason(),
            },
        },
        DeskCommand::ForVisit { .. } => DeskCommand::FindStudent {
            number: student().number,
        },
        DeskCommand::FindStudent { .. } => DeskCommand::ReadDay,
        DeskCommand::ReadDay => DeskCommand::ConfirmClock,
        DeskCommand::ConfirmClock => DeskCommand::BeginHandover,
        DeskCommand::BeginHandover => DeskCommand::HandOver {
            pin: Secret::new("0000".into()),
        },
        DeskCommand::HandOver { .. } => DeskCommand::Continue,
        DeskCommand::Continue => DeskCommand::PrintSlip,
        DeskCommand::PrintSlip => DeskCommand::PrintTicket { visit },
        DeskCommand::PrintTicket { .. } => DeskCommand::Examine { message: true },
        DeskCommand::Examine { .. } => DeskCommand::StopExamining,
        DeskCommand::StopExamining => DeskCommand::Quit,
        DeskCommand::Quit => DeskCommand::AskSystem(SystemWish::SwitchOff),
        DeskCommand::AskSystem(_) => DeskCommand::PhoneAction { action: 0 },
        DeskCommand::PhoneAction { .. } => DeskCommand::PhoneNumber {
            mobile: "13800138000".into(),
        },
        DeskCommand::PhoneNumber { .. } => DeskCommand::BadDay { day: 0 },
        DeskCommand::BadDay { .. } => DeskCommand::Drill(DrillOrder::Begin),
        DeskCommand::Drill(_) => DeskCommand::Call,
        DeskCommand::Call => DeskCommand::EndCall,
        DeskCommand::EndCall => return None,
    })
}

fn privileged_orders(visit: VisitId) -> Vec<DeskCommand> {
    std::iter::successors(Some(DeskCommand::Language), |order| {
        order_after(order, visit)
    })
    .filter(|order| order.needs() > Authority::Student)
    .collect()
}

pub(super) fn desk_at(dir: &Path, fake: &Arc<FakeCampus>) -> Kiosk<Glass> {
    desk_with(dir, fake, Arc::new(Still::default()))
}

pub(super) fn desk_with(dir: &Path, fake: &Arc<FakeCampus>, clock: Arc<Still>) -> Kiosk<Glass> {
    let setup = Setup {
        terminal: Terminal {
            colours: Colours::Rgb,
            no_color: false,
            console: false,
        },
        pack: BegunPack::Whole(Box::new(
            pack::for_practice(pack::embedded().unwrap()).unwrap(),
        )),
        number: DeskNumber::default(),
        lang: Lang::En,
        theme: None,
        themes_dir: None,
        store: Location::new(dir),
        key_file: None,
        idle: Duration::from_secs(600),
        pins: PinHash::for_practice(&Secret::new("471100".into()))
            .unwrap()
            .into(),
        has_scanner: false,
        connections: Connections::default(),
        orders: crate::desk::doctor::CheckSettings::default(),
        locked: None,
        practice: None,
    };
    let glass = Glass(ratatui::Terminal::new(TestBackend::new(100, 45)).unwrap());
    Kiosk::with_clock(glass, setup, clock).against(fake.campus())
}

/// The bytes of the journal's files, in order.
fn journal(dir: &Path) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(dir.join("journal")).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

impl Kiosk<Glass> {
    pub(super) async fn opens(&mut self) {
        if let Phase::Opening(opening) = &mut self.phase {
            opening.start(self.desk.news.clone());
        }
        let news = self.inbox.recv().await.unwrap();
        self.take_event(news).unwrap();
        self.settles().await;
    }

    /// Runs the loop until it has nothing to do.
    pub(super) async fn settles(&mut self) {
        loop {
            while let Ok(Ok(news)) = tokio::time::timeout(Duration::from_millis(5), async {
                self.inbox.recv().await.ok_or(())
            })
            .await
            {
                self.take_event(news).unwrap();
            }
            self.with_serving(Serving::turn);
            match &self.phase {
                Phase::Serving(serving) if serving.committing.is_some() => {
                    let event = self.phase.store_event().await;
                    self.with_serving(|serving, desk| serving.take_store_event(desk, event));
                }
                Phase::Serving(serving) if serving.is_busy() => {}
                _ => return,
            }
        }
    }

    pub(super) async fn does(&mut self, command: Command) {
        self.react(UiAction::Visit(command));
        self.settles().await;
    }

    /// A volunteer types the right PIN.
    pub(super) fn unlocks(&mut self) {
        let now = self.desk.state.now().mono;
        let panel = &mut self.desk.state.panel;
        assert!(panel.begin_check(now));
        panel.checked(PinVerdict::Right(None), now);
    }

    /// A volunteer gives the PIN and leaves the panel.
    fn looks_in(&mut self) {
        self.unlocks();
        self.react(UiAction::Desk(DeskCommand::Lock));
        assert!(!self.desk.state.panel.is_open());
    }

    /// Whether F10 opens the panel without the PIN; it is locked then, and left by no one.
    fn opens_again(&mut self) -> bool {
        self.react(UiAction::Desk(DeskCommand::Reopen));
        let opens = self.desk.state.panel.is_open();
        self.desk.lock_panel();
        opens
    }

    pub(super) fn visit(&self) -> VisitId {
        let Phase::Serving(serving) = &self.phase else {
            panic!("not open");
        };
        serving.visits.iter().next().map_or(VisitId(7), |v| v.id)
    }

    /// All that an effect would change: the journal, the visits, the screen, and what the desk knows.
    fn everything(&mut self, dir: &Path) -> String {
        self.draw().unwrap();
        let Phase::Serving(serving) = &self.phase else {
            panic!("not open");
        };
        let state = &self.desk.state;
        format!(
            "{:?}\n{:?}\n{:?}\n{:?} {:?} {} {:?} {:?} {} {}",
            journal(dir),
            serving.visits.iter().collect::<Vec<_>>(),
            self.canvas.0.backend().buffer(),
            state.hand,
            state.panel,
            serving.is_busy(),
            state.lookup,
            state.seen,
            state.checkup.is_some(),
            self.desk.is_leaving,
        )
    }

    /// Gives every command and order that needs a volunteer, while the panel is locked.
    async fn refuses_all(&mut self, dir: &Path, situation: &str) {
        assert!(!self.desk.state.panel.is_open());
        let before = self.everything(dir);
        let commands = privileged_commands().into_iter().map(UiAction::Visit);
        let orders = privileged_orders(self.visit()).into_iter();
        for reaction in commands.chain(orders.map(UiAction::Desk)) {
            let name = format!("{reaction:?}");
            self.react(reaction);
            self.settles().await;
            assert!(before == self.everything(dir), "{situation}: {name}");
        }
    }
}

#[tokio::test]
async fn with_the_panel_locked_nothing_that_needs_it_has_any_effect() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let mut kiosk = desk_at(dir.path(), &fake);
    kiosk.opens().await;
    kiosk.refuses_all(dir.path(), "free").await;
    let open = || Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    };
    kiosk.does(open()).await;
    kiosk.refuses_all(dir.path(), "begun").await;
    kiosk.does(Command::Agree).await;
    fake.sign_in.push(Ok(student()));
    kiosk.does(Command::SignIn(sign_in())).await;
    assert_eq!(
        fake.calls().first().map(String::as_str),
        Some("sign in 20260001")
    );
    kiosk.refuses_all(dir.path(), "signed in").await;
    kiosk.does(Command::StepAside).await;
    let reason = FreeText::new("reason");
    let park = |why| Command::Park { why };
    kiosk.unlocks();
    kiosk.does(park(ParkedFor::Queue)).await;
    assert!(!kiosk.desk.state.panel.is_open(), "locked again");
    kiosk.refuses_all(dir.path(), "just parked").await;
    kiosk.react(UiAction::Desk(DeskCommand::Continue));
    kiosk.settles().await;
    kiosk.refuses_all(dir.path(), "parked").await;
    let visit = kiosk.visit();
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::OpenTicket {
        visit,
        reason,
        contact: TicketContact::default(),
    }));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.tickets.len(), 1);
    kiosk.react(UiAction::Desk(DeskCommand::Lock));
    kiosk.refuses_all(dir.path(), "with a ticket").await;
    // The gate is what refused: a volunteer may.
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::TakeUp { visit }));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand.visit(), Some(visit));
}

#[tokio::test]
async fn the_pin_stays_good_for_two_minutes_and_over_no_other_students_visit() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let clock = Arc::new(Still::default());
    let mut kiosk = desk_with(dir.path(), &fake, clock.clone());
    kiosk.opens().await;
    assert!(!kiosk.opens_again(), "no PIN was given");
    kiosk.looks_in();
    clock.passes(119);
    assert!(kiosk.opens_again());
    kiosk.looks_in();
    clock.passes(120);
    assert!(!kiosk.opens_again(), "two minutes are over");
    // What was locked by time alone was not left.
    kiosk.unlocks();
    clock.passes(120);
    assert!(kiosk.desk.take_due());
    assert!(!kiosk.opens_again());
    // A student begins.
    let open = || Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    };
    kiosk.looks_in();
    kiosk.does(open()).await;
    assert!(!kiosk.opens_again(), "a student stands there");
    // The same student goes on; then waits, and the desk is free.
    kiosk.looks_in();
    kiosk.does(Command::Agree).await;
    fake.sign_in.push(Ok(student()));
    kiosk.does(Command::SignIn(sign_in())).await;
    assert!(kiosk.opens_again());
    let first = kiosk.visit();
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::NextStudent));
    kiosk.settles().await;
    kiosk.react(UiAction::Desk(DeskCommand::Continue));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand, Hand::Free);
    assert!(kiosk.opens_again());
    // Another visit is resumed from the panel, or found by its number.
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::TakeUp { visit: first }));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand.visit(), Some(first));
    assert!(
        !kiosk.opens_again(),
        "another student's data are on the screen"
    );
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::NextStudent));
    kiosk.settles().await;
    kiosk.react(UiAction::Desk(DeskCommand::Continue));
    kiosk.settles().await;
    kiosk.looks_in();
    let Phase::Serving(serving) = &kiosk.phase else {
        panic!("not open");
    };
    let status = serving.visits.get(first).map(|visit| &visit.status);
    let Some(crate::visit::Status::Parked { pickup, .. }) = status else {
        panic!("{status:?}");
    };
    let pickup = pickup.unwrap();
    kiosk.react(UiAction::Desk(DeskCommand::FindPickup { pickup }));
    assert_eq!(kiosk.desk.state.hand, Hand::Offered(first));
    assert!(!kiosk.opens_again(), "another student's visit is offered");
}
