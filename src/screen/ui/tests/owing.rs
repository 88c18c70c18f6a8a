//! When the campus cannot be reached: what the student reads, what the volunteer's tray shows, and how somebody is
//! vouched for.

use super::scenes::{self, Lock, at_step, mobile, secs, student};
use super::*;
use crate::screen::{Lookup, TlsFault};
use crate::visit::{
    ActKind, DeskNumber, DirectoryRefusal, Failure, Gateway, Link, MemberStatus, OutboxEntry,
    OutboxRow, ParkedFor, Pickup, StepKind, Stopped, Trouble, VisitId,
};

fn row(n: u64, what: ActKind, why: Failure<DirectoryRefusal>) -> OutboxRow {
    let at = jiff::Timestamp::from_second(1_790_000_000 + 60 * i64::try_from(n).unwrap()).unwrap();
    OutboxRow {
        visit: VisitId(u128::from(n)),
        pickup: Some(Pickup::new(
            DeskNumber::default(),
            u16::try_from(n).unwrap(),
        )),
        student: Some(student()),
        entry: OutboxEntry {
            tries: 3,
            ..OutboxEntry::new(what, at, Some(why))
        },
        has_ticket: false,
        next_try: Some(secs(612)),
    }
}

fn stopped(row: OutboxRow, stopped: Stopped) -> OutboxRow {
    let entry = OutboxEntry {
        stopped: Some(stopped),
        ..row.entry
    };
    OutboxRow {
        entry,
        next_try: None,
        ..row
    }
}

/// One of each kind.
pub fn tray() -> Vec<OutboxRow> {
    let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
    let refused = Stopped::Refused(taken.clone());
    let lost = row(1, ActKind::Unbind, Failure::Offline);
    let told = row(2, ActKind::FindMember, Failure::Offline);
    vec![
        stopped(lost, Stopped::FateUnknown),
        stopped(told, Stopped::NotActive(MemberStatus::NotActive)),
        stopped(row(3, ActKind::BindNumber, taken), refused),
        row(4, ActKind::BindNumber, Failure::Offline),
        OutboxRow {
            next_try: None,
            ..row(4, ActKind::ConfirmMember, Failure::Offline)
        },
    ]
}

fn down() -> Gateway {
    Gateway::Down { since: secs(240) }
}

fn cannot_sign_in() -> Scene {
    let mut scene = at_step(StepKind::Identity, Way::Desk, 0);
    scene.reach.identity = down();
    scene
}

fn number_waits() -> Scene {
    let offline = Trouble::Directory(Failure::Offline);
    let mut scene = at_step(StepKind::Number, Way::Desk, 0).troubled(offline);
    scene.reach.directory_write = down();
    let visit = scene.visit_mut();
    visit.mobile = Some(mobile());
    visit.outbox = vec![row(4, ActKind::BindNumber, Failure::Offline).entry];
    scene
}

fn vouched() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.visit_mut().vouched = true;
    scene
}

fn cannot_look() -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    scene.reach.directory_read = down();
    scene
}

fn no_sms() -> Scene {
    let mut scene = at_step(StepKind::Verify, Way::Desk, 0);
    scene.reach.sms = down();
    scene
}

fn parked(why: ParkedFor, owes: bool) -> Scene {
    let mut scene = Scene::of(scenes::Desk::JustParked);
    scene.parked = (why, owes);
    scene
}

/// The volunteer's panel is open.
fn opened(mut scene: Scene, lookup: Lookup) -> Scene {
    scene.volunteer = Lock::Open;
    scene.outbox = tray();
    scene.needs_person = 3;
    scene.lookup = lookup;
    scene
}

fn to_the_panel() -> Vec<UiKey> {
    let digits = "246810".chars().map(UiKey::Char);
    [UiKey::Volunteer]
        .into_iter()
        .chain(digits)
        .chain([UiKey::Enter])
        .collect()
}

fn then(keys: &[UiKey]) -> Vec<UiKey> {
    [to_the_panel(), keys.to_vec()].concat()
}

pub fn pages() -> Vec<(&'static str, Scene, Vec<UiKey>)> {
    let typed: Vec<UiKey> = "202610010017".chars().map(UiKey::Char).collect();
    let looks = [vec![UiKey::Char('v')], typed, vec![UiKey::Enter]].concat();
    let free = || Scene::of(scenes::Desk::Free);
    let mut nothing = opened(free(), Lookup::None);
    nothing.outbox.clear();
    nothing.needs_person = 0;
    let mut waits = free();
    waits.needs_person = 3;
    let found = || Lookup::Found(student());
    vec![
        ("identity_down", cannot_sign_in(), vec![]),
        ("number_queued", number_waits(), vec![]),
        ("number_vouched", vouched(), vec![]),
        ("follow_down", cannot_look(), vec![]),
        ("verify_down", no_sms(), vec![]),
        ("parked_owed", parked(ParkedFor::Student, true), vec![]),
        ("parked_vouched", parked(ParkedFor::SignIn, false), vec![]),
        ("welcome_needed", waits, vec![]),
        (
            "panel_down",
            opened(cannot_sign_in(), Lookup::None),
            to_the_panel(),
        ),
        (
            "outbox",
            opened(free(), Lookup::None),
            then(&[UiKey::Char('o')]),
        ),
        (
            "outbox_refused",
            opened(free(), Lookup::None),
            then(&[UiKey::Char('o'), UiKey::Down, UiKey::Down]),
        ),
        (
            "outbox_waits",
            opened(free(), Lookup::None),
            then(&[UiKey::Char('o'), UiKey::Up, UiKey::Up]),
        ),
        ("outbox_none", nothing, then(&[UiKey::Char('o')])),
        (
            "vouch",
            opened(cannot_sign_in(), Lookup::None),
            then(&[UiKey::Char('v')]),
        ),
        (
            "vouch_found",
            opened(cannot_sign_in(), found()),
            then(&looks),
        ),
        (
            "vouch_missing",
            opened(cannot_sign_in(), Lookup::Missing),
            then(&looks),
        ),
    ]
}

#[test]
fn nobody_is_named_whole_but_for_vouching() {
    for (name, mut scene, keys) in pages() {
        for lang in [Lang::Zh, Lang::En] {
            scene.lang = lang;
            let text = at(&scene, &keys).text(&scene);
            assert!(!text.contains(student().number.as_str()) || name.starts_with("vouch"));
        }
    }
}

fn at(scene: &Scene, keys: &[UiKey]) -> Desk {
    let mut desk = Desk::new(80, 24);
    desk.draw(scene);
    for key in keys {
        desk.key(scene, *key);
    }
    desk.draw(scene);
    desk
}

#[test]
fn the_tray_is_worked_by_keys_and_by_taps() {
    let scene = opened(Scene::of(scenes::Desk::Free), Lookup::None);
    let mut desk = at(&scene, &then(&[UiKey::Char('o')]));
    // A deletion whose fate is not known: no key repeats it.
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::ForVisit {
            command: Command::TicketForEntry {
                what: ActKind::Unbind,
                ..
            },
            ..
        })
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('a')),
        UiAction::Edited
    ));
    // The third line, tapped; then tried, and handed over with one key.
    desk.draw(&scene);
    assert!(matches!(desk.tap(&scene, "登记手机号"), UiAction::Edited));
    assert!(matches!(
        desk.tap(&scene, "Enter 再试"),
        UiAction::Desk(DeskCommand::ForVisit {
            visit: VisitId(3),
            command: Command::RetryEntry { .. },
        })
    ));
    let UiAction::Desk(DeskCommand::ForVisit {
        command: Command::TicketForEntry { reason, .. },
        ..
    }) = desk.key(&scene, UiKey::Char('t'))
    else {
        panic!("no ticket");
    };
    assert!(reason.as_str().contains("60104"), "{}", reason.as_str());
    // Letting go is asked for twice.
    assert!(matches!(
        desk.key(&scene, UiKey::Char('x')),
        UiAction::Edited
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('x')),
        UiAction::Desk(DeskCommand::ForVisit {
            command: Command::DiscardEntry { .. },
            ..
        })
    ));
}

#[test]
fn nobody_is_vouched_for_by_pressing_enter_twice() {
    let typed: Vec<UiKey> = "202610010017".chars().map(UiKey::Char).collect();
    let mut scene = opened(cannot_sign_in(), Lookup::None);
    let mut desk = at(&scene, &then(&[UiKey::Char('v')]));
    for key in typed {
        desk.key(&scene, key);
    }
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::FindStudent { number }) if number.as_str() == "202610010017"
    ));
    scene.lookup = Lookup::Found(student());
    desk.draw(&scene);
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    // Another number: the name that was found is not shown for it.
    desk.key(&scene, UiKey::Char('2'));
    assert!(!desk.text(&scene).contains(student().name.as_str()));
    desk.keys(&scene, "202610010017");
    desk.key(&scene, UiKey::Enter);
    assert!(desk.text(&scene).contains(student().name.as_str()));
    assert!(matches!(
        desk.tap(&scene, "1. 核对过了"),
        UiAction::Visit(Command::Vouch { student: s }) if s == student()
    ));
}

#[test]
fn the_panel_tells_a_connection_that_is_not_private_from_a_silent_one() {
    let mut scene = opened(cannot_sign_in(), Lookup::None);
    let mut desk = at(&scene, &to_the_panel());
    assert!(!desk.text(&scene).contains("证书"));
    scene.not_private = vec![
        (Link::Sms, TlsFault::Expired),
        (Link::Identity, TlsFault::WrongName),
    ];
    let told = desk.text(&scene);
    assert!(told.contains("断开 6 分钟：证书域名不符"), "{told}");
    // The one that is up is up, whatever a probe said before.
    assert!(!told.contains("过期"), "{told}");
}

#[test]
fn the_panel_calls_nothing_well_that_was_not_tried_since_the_fault() {
    let mut scene = opened(cannot_sign_in(), Lookup::None);
    let mut desk = at(&scene, &to_the_panel());
    assert!(!desk.text(&scene).contains("未知"));
    scene.untried = vec![Link::Identity, Link::DirectoryRead, Link::Sms];
    let told = desk.text(&scene);
    // The one that is down is known to be.
    assert!(told.contains("统一身份认证 断开"), "{told}");
    assert_eq!(told.matches("未知（最近没有试过）").count(), 2, "{told}");
    for link in ["通讯录 未知", "短信 未知"] {
        assert!(told.contains(link), "{link}: {told}");
    }
}

#[test]
fn the_header_of_a_visit_that_was_vouched_for_names_no_sign_in() {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    assert!(desk.text(&scene).contains("✓ 2.登录"));
    scene.visit_mut().vouched = true;
    let told = desk.text(&scene);
    assert!(
        told.contains("✓ 2.证件") && !told.contains("2.登录"),
        "{told}"
    );
}

#[test]
fn nobody_is_vouched_for_where_the_sign_in_works() {
    let scene = opened(at_step(StepKind::Identity, Way::Desk, 0), Lookup::None);
    let mut desk = at(&scene, &to_the_panel());
    let words = "V  看过证件，接着办";
    assert!(!desk.text(&scene).contains(words));
    let scene = opened(cannot_sign_in(), Lookup::None);
    assert!(desk.text(&scene).contains(words));
    let mut known = opened(cannot_sign_in(), Lookup::None);
    known.visit_mut().student = Some(student());
    assert!(!desk.text(&known).contains(words));
}
