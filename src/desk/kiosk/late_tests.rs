//! What comes while the store writes, or after it was left: a key of the next student, a sign-in, the health of the disk,
//! a hand-over, the numbers of the day.

use std::path::Path;
use std::sync::Arc;

use super::commit::StoreEvent;
use super::gate_tests::{Glass, Still, desk_at, desk_with, sign_in, student};
use super::serving::DayReading;
use super::*;
use crate::campus::fake::FakeCampus;
use crate::desk::locked::LockedDesk;
use crate::desk::state::Hand;
use crate::screen::{DayState, DeskCommand, HandoverState, SystemWish, UiAction};
use crate::store::Health;
use crate::visit::{Command, ParkedFor, Status, Visit, VisitId, VolunteerName, Way};

fn open() -> Command {
    Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    }
}

fn serving(kiosk: &mut Kiosk<Glass>) -> &mut Serving {
    match &mut kiosk.phase {
        Phase::Serving(serving) => serving,
        Phase::Opening(_) => panic!("not open"),
    }
}

fn visit_of(kiosk: &mut Kiosk<Glass>, id: VisitId) -> Visit {
    serving(kiosk).visits.get(id).unwrap().clone()
}

/// A desk with a student in hand who has signed in.
async fn with_a_student(dir: &Path, fake: &Arc<FakeCampus>) -> Kiosk<Glass> {
    let mut kiosk = desk_at(dir, fake);
    kiosk.opens().await;
    signs_in(&mut kiosk, fake).await;
    kiosk
}

/// A student begins and signs in; gives the visit.
async fn signs_in(kiosk: &mut Kiosk<Glass>, fake: &Arc<FakeCampus>) -> VisitId {
    kiosk.does(open()).await;
    kiosk.does(Command::Agree).await;
    fake.sign_in.push(Ok(student()));
    kiosk.does(Command::SignIn(sign_in())).await;
    kiosk.desk.state.hand.visit().unwrap()
}

/// The student goes away, and the store has yet to keep that.
fn goes_away(kiosk: &mut Kiosk<Glass>) {
    let why = ParkedFor::Idle;
    kiosk.with_serving(|s, desk| s.clear_for_next(desk, Command::Park { why }));
    kiosk.with_serving(Serving::turn);
    assert!(serving(kiosk).committing.is_some());
}

#[tokio::test]
async fn a_student_begins_while_the_store_keeps_the_last_visit_and_begins_once() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let mut kiosk = with_a_student(dir.path(), &fake).await;
    let first = kiosk.visit();
    goes_away(&mut kiosk);
    kiosk.react(UiAction::Visit(open()));
    // Again, before the store has either of them.
    kiosk.react(UiAction::Visit(open()));
    kiosk.settles().await;
    let second = kiosk.desk.state.hand.visit();
    assert!(
        second.is_some_and(|second| second != first),
        "the key was lost"
    );
    assert_eq!(serving(&mut kiosk).visits.iter().count(), 2);
    let first = visit_of(&mut kiosk, first);
    assert!(matches!(first.status, Status::Parked { .. }));
}

/// The disk fills, or is found to be well, while a visit is being begun.
#[tokio::test]
async fn a_visit_that_is_being_begun_is_no_stray() {
    for health in [Health::Good, Health::Full] {
        let dir = tempfile::tempdir().unwrap();
        let mut kiosk = desk_at(dir.path(), &Arc::new(FakeCampus::default()));
        kiosk.opens().await;
        kiosk.react(UiAction::Visit(open()));
        kiosk.with_serving(Serving::turn);
        assert!(serving(&mut kiosk).committing.is_some());
        let event = StoreEvent::Health(Some(health));
        kiosk.with_serving(|s, desk| s.take_store_event(desk, event));
        kiosk.settles().await;
        let hand = kiosk.desk.state.hand;
        assert_eq!(hand, Hand::Visit(kiosk.visit()), "{health:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_being_kept_brings_nobody_back_to_a_page_that_was_left() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let mut kiosk = with_a_student(dir.path(), &fake).await;
    let visit = kiosk.visit();
    goes_away(&mut kiosk);
    kiosk.settles().await;
    let Status::Parked { pickup, .. } = visit_of(&mut kiosk, visit).status else {
        panic!("not parked");
    };
    kiosk.react(UiAction::Desk(DeskCommand::FindPickup {
        pickup: pickup.unwrap(),
    }));
    assert_eq!(kiosk.desk.state.hand, Hand::Offered(visit));
    kiosk.does(Command::SignIn(sign_in())).await;
    fake.sign_in.push(Ok(student()));
    let news = kiosk.inbox.recv().await.unwrap();
    kiosk.take_event(news).unwrap();
    kiosk.with_serving(Serving::turn);
    assert!(serving(&mut kiosk).committing.is_some());
    kiosk.react(UiAction::Desk(DeskCommand::DismissOffer));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand, Hand::Free);
    let status = visit_of(&mut kiosk, visit).status;
    assert!(matches!(status, Status::Parked { .. }), "{status:?}");
}

#[tokio::test]
async fn the_number_of_a_visit_that_gave_way_is_said_for_a_while() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let clock = Arc::new(Still::default());
    let mut kiosk = desk_with(dir.path(), &fake, clock.clone());
    kiosk.opens().await;
    let waits = signs_in(&mut kiosk, &fake).await;
    goes_away(&mut kiosk);
    kiosk.settles().await;
    let stands_there = signs_in(&mut kiosk, &fake).await;
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::TakeUp { visit: waits }));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand, Hand::Visit(waits));
    let Status::Parked { pickup, .. } = visit_of(&mut kiosk, stands_there).status else {
        panic!("it does not wait");
    };
    let said = |kiosk: &Kiosk<Glass>| kiosk.phase.view(&kiosk.desk.state).gave_way;
    assert!(pickup.is_some());
    assert_eq!(said(&kiosk), pickup);
    clock.passes(60);
    assert_eq!(said(&kiosk), None);
    let now = kiosk.desk.state.now().mono;
    assert!(kiosk.next_wake().is_none_or(|wake| wake > now), "it spins");
}

/// Whatever happens on the panel meanwhile; only a panel that is locked ends it, and opens for no name of before.
#[tokio::test]
async fn a_hand_over_that_is_being_kept_ends_with_the_panel_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut kiosk = desk_at(dir.path(), &Arc::new(FakeCampus::default()));
    kiosk.opens().await;
    let li = VolunteerName::parse("Li Wei").ok();
    kiosk.unlocks();
    kiosk.desk.state.handover = HandoverState::Keeping;
    kiosk.desk.handover_run = 7;
    kiosk.react(UiAction::Desk(DeskCommand::BeginHandover));
    kiosk.desk.state.forget_views();
    assert_eq!(kiosk.desk.state.handover, HandoverState::Keeping);
    // An earlier one, which the store was slow with.
    kiosk.with_serving(|s, desk| s.handed_over(desk, 6, None, true));
    assert_eq!(kiosk.desk.state.handover, HandoverState::Keeping);
    kiosk.with_serving(|s, desk| s.handed_over(desk, 7, li.clone(), true));
    assert_eq!(kiosk.desk.state.handover, HandoverState::Done);
    assert_eq!(kiosk.desk.state.panel.by(), li.as_ref());
    // The next time it is left before the journal has it.
    kiosk.desk.state.handover = HandoverState::Keeping;
    kiosk.react(UiAction::Desk(DeskCommand::Lock));
    let now = kiosk.desk.state.now().mono;
    assert_eq!(kiosk.desk.state.handover, HandoverState::None);
    assert!(!kiosk.desk.state.panel.may_reopen(now));
    kiosk.with_serving(|s, desk| s.handed_over(desk, 7, li.clone(), true));
    assert!(!kiosk.desk.state.panel.is_open());
    assert_eq!(kiosk.desk.state.handover, HandoverState::None);
}

#[tokio::test]
async fn the_day_is_read_once_at_a_time_and_a_reading_that_falls_has_failed() {
    let dir = tempfile::tempdir().unwrap();
    let mut kiosk = desk_at(dir.path(), &Arc::new(FakeCampus::default()));
    kiosk.opens().await;
    kiosk.desk.state.day = DayState::Reading;
    let falls: DayReading = tokio::task::spawn_blocking(|| panic!("a fall"));
    let reading = falls.id();
    serving(&mut kiosk).day_reading = Some(falls);
    kiosk.with_serving(Serving::read_day);
    let under_way = serving(&mut kiosk).day_reading.as_ref().map(|r| r.id());
    assert_eq!(under_way, Some(reading), "a second one was begun");
    let event = kiosk.phase.store_event().await;
    kiosk.with_serving(|s, desk| s.take_store_event(desk, event));
    assert_eq!(kiosk.desk.state.day, DayState::Failed);
    kiosk.with_serving(Serving::read_day);
    let event = kiosk.phase.store_event().await;
    kiosk.with_serving(|s, desk| s.take_store_event(desk, event));
    assert!(matches!(kiosk.desk.state.day, DayState::Read(_)));
}

/// A desk whose program's file is replaced after its start, with the time that passes there.
async fn replaced(dir: &Path, fake: &Arc<FakeCampus>) -> (Kiosk<Glass>, Arc<Still>) {
    let clock = Arc::new(Still::default());
    let mut kiosk = desk_with(dir, fake, clock.clone());
    let program = dir.join("program");
    std::fs::write(&program, "1").unwrap();
    let state = &mut kiosk.desk.state;
    state.locked = Some(LockedDesk::new(dir.to_owned(), Some(&program)));
    state.program_look_at = Some(Duration::ZERO);
    kiosk.opens().await;
    std::fs::write(dir.join("new"), "2").unwrap();
    std::fs::rename(dir.join("new"), program).unwrap();
    (kiosk, clock)
}

#[tokio::test]
async fn an_upgrade_waits_for_the_visit_in_hand_and_for_the_volunteer() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let (mut kiosk, clock) = replaced(dir.path(), &fake).await;
    signs_in(&mut kiosk, &fake).await;
    clock.passes(60);
    kiosk.give_way();
    assert!(!kiosk.desk.is_leaving, "a student is there");
    goes_away(&mut kiosk);
    kiosk.settles().await;
    kiosk.desk.state.show(Hand::Free);
    kiosk.unlocks();
    clock.passes(60);
    kiosk.give_way();
    assert!(!kiosk.desk.is_leaving, "a volunteer is there");
    kiosk.desk.lock_panel();
    let now = kiosk.desk.state.now().mono;
    kiosk.desk.state.idle.touch(now);
    clock.passes(19);
    kiosk.give_way();
    assert!(!kiosk.desk.is_leaving, "somebody pressed a key just now");
    clock.passes(60);
    assert!(kiosk.next_wake().is_some(), "nothing wakes the desk");
    kiosk.give_way();
    assert!(kiosk.desk.is_leaving);
}

#[tokio::test]
async fn a_desk_in_a_developers_terminal_gives_way_to_no_upgrade_and_asks_no_system() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let (mut kiosk, clock) = replaced(dir.path(), &fake).await;
    kiosk.desk.state.locked = None;
    clock.passes(60);
    kiosk.give_way();
    kiosk.unlocks();
    kiosk.react(UiAction::Desk(DeskCommand::AskSystem(
        SystemWish::SwitchOff,
    )));
    assert!(!kiosk.desk.is_leaving);
    assert!(!dir.path().join("switch-off").exists());
}

#[tokio::test]
async fn a_locked_desk_ends_for_what_it_asks_and_stays_where_nobody_listens() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(FakeCampus::default());
    let (mut kiosk, _) = replaced(dir.path(), &fake).await;
    kiosk.unlocks();
    let ask = || UiAction::Desk(DeskCommand::AskSystem(SystemWish::SwitchOff));
    let watched = kiosk.desk.state.locked.take();
    kiosk.desk.state.locked = Some(LockedDesk::new(dir.path().join("absent"), None));
    kiosk.react(ask());
    assert!(!kiosk.desk.is_leaving && kiosk.desk.state.wish_refused);
    kiosk.desk.state.locked = watched;
    kiosk.react(ask());
    assert!(kiosk.desk.is_leaving && !kiosk.desk.state.panel.is_open());
    assert!(dir.path().join("switch-off").exists());
}
