//! Signing in on the student's own phone: what is drawn reads back, and every key and tap that the page names works.

use super::scenes::{self, at_step, granting, refused};
use super::*;
use crate::screen::qr::QrArt;
use crate::visit::{ActKind, Gateway, GrantRefusal, SignInMethod};

const PLAIN: &str = "https://sso.example.edu.cn/device";
const WHOLE: &str = "https://sso.example.edu.cn/device?code=WDJB-MJHT";

fn coded(whole: bool) -> Scene {
    granting(at_step(StepKind::Identity, Way::Desk, 0), whole)
}

fn chooses(reaction: UiAction, means: SignInMethod) -> bool {
    matches!(reaction, UiAction::Visit(Command::ChooseSignInMethod { means: chosen }) if chosen == means)
}

#[test]
fn the_code_for_the_phone_reads_back_in_every_theme_and_size() {
    for theme in Theme::names(None) {
        for (columns, rows) in [(80, 24), (100, 45), (120, 40), (200, 60)] {
            for (practice, whole) in [(false, true), (true, false)] {
                let mut scene = coded(whole);
                scene.practice = practice;
                let mut desk = Desk::new(columns, rows);
                desk.ui.set_theme(Theme::builtin(&theme).unwrap());
                let buffer = desk.draw(&scene);
                let drawn = QrArt::decode_back(buffer, buffer.area);
                let meant = if whole { WHOLE } else { PLAIN };
                assert_eq!(drawn.as_deref(), Some(meant), "{theme} {columns}x{rows}");
                assert!(text_of(buffer).contains("WDJB-MJHT"));
            }
        }
    }
}

#[test]
fn a_code_that_cannot_be_drawn_whole_is_typed() {
    let mut scene = coded(true);
    let code = scene.granting.as_mut().and_then(|g| g.code.as_mut());
    let long = format!("{WHOLE}&state={}", "x".repeat(330));
    code.unwrap().whole_address = Some(long.into());
    let mut desk = Desk::new(80, 24);
    let buffer = desk.frame(&scene);
    let text = text_of(buffer);
    let white = Color::Rgb(255, 255, 255);
    let is_bare = buffer.content().iter().all(|cell| cell.bg != white);
    assert!(is_bare, "no half of a code: {text}");
    assert!(text.contains("WDJB-MJHT") && text.contains(PLAIN), "{text}");
}

#[test]
fn every_way_on_is_a_key_and_a_tap() {
    let scene = coded(true);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    assert!(chooses(
        desk.key(&scene, UiKey::Char('p')),
        SignInMethod::Password
    ));
    desk.ui.wipe();
    assert!(chooses(
        desk.tap(&scene, "P 改用密码"),
        SignInMethod::Password
    ));
    desk.ui.wipe();
    let prefers = |reaction| {
        matches!(
            reaction,
            UiAction::Visit(Command::Prefer { way: Way::Phone })
        )
    };
    assert!(prefers(desk.tap(&scene, "F5 用手机办")));
    desk.ui.wipe();
    assert!(prefers(desk.key(&scene, UiKey::OtherWay)));
    // Another code is not asked for while one is good, and Enter sends nothing.
    for key in [UiKey::Char('n'), UiKey::Enter] {
        assert!(matches!(desk.key(&scene, key), UiAction::Ignored));
    }
    // Where only the phone signs in there is no password to choose.
    let mut only = coded(true);
    only.reach.identity = Gateway::Absent;
    assert!(!desk.text(&only).contains("改用密码"));
    assert!(matches!(
        desk.key(&only, UiKey::Char('p')),
        UiAction::Ignored
    ));
}

#[test]
fn after_a_failure_one_key_gets_another_code() {
    for why in [
        GrantRefusal::Denied,
        GrantRefusal::Expired,
        GrantRefusal::NotAStudent,
    ] {
        let scene = refused(at_step(StepKind::Identity, Way::Desk, 0), why);
        for key in [UiKey::Char('n'), UiKey::Enter] {
            let mut desk = Desk::new(80, 24);
            assert!(desk.text(&scene).contains('N'));
            let reaction = desk.key(&scene, key);
            assert!(
                matches!(reaction, UiAction::Visit(Command::StartDeviceGrant)),
                "{why:?} {key:?}"
            );
        }
    }
}

#[test]
fn esc_at_the_password_leads_back_to_the_code() {
    let mut scene = coded(true);
    scene.granting = None;
    if let scenes::Desk::Visit(visit, _) = &mut scene.desk {
        visit.means = SignInMethod::Password;
    }
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.keys(&scene, "20260001");
    assert!(chooses(desk.key(&scene, UiKey::Esc), SignInMethod::Device));
    // While a password is judged, Esc gives that up first.
    let waiting = scene.waits(ActKind::SignIn);
    assert!(matches!(
        desk.key(&waiting, UiKey::Esc),
        UiAction::Visit(Command::Back)
    ));
}

#[test]
fn a_waiting_visit_asks_for_no_code_by_itself() {
    let offered = |g: bool| {
        let scene = scenes::all().into_iter();
        let name = if g { "grant_resume" } else { "grant_offered" };
        scene
            .filter(|(n, _)| *n == name)
            .map(|(_, s)| s)
            .next()
            .unwrap()
    };
    let scene = offered(false);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('n')),
        UiAction::Visit(Command::StartDeviceGrant)
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Desk(DeskCommand::DismissOffer)
    ));
    let scene = offered(true);
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Visit(Command::Back)
    ));
}
