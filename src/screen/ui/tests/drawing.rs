//! What is drawn: snapshots of each screen, every size without a panic, the QR read back.

use super::scenes::{
    Lock, all, at_step, coded, drilled, examined, messaged, practised, undelivered,
};
use super::secrets::CANARY;
use super::*;
use crate::screen::qr::QrArt;
use crate::visit::{StepKind, Trouble};

pub fn snap(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

pub fn overlays() -> Vec<(&'static str, Scene, Vec<UiKey>)> {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let digits = |text: &str| text.chars().map(UiKey::Char).collect::<Vec<_>>();
    let pin = [vec![UiKey::Volunteer], digits("246810"), vec![UiKey::Enter]].concat();
    let mut open = identity();
    open.volunteer = Lock::Open;
    open.practice = true;
    let mut unreported = messaged(undelivered());
    unreported.volunteer = Lock::Open;
    let mut wrong = identity();
    wrong.volunteer = Lock::Wrong(609);
    vec![
        ("help", identity(), vec![UiKey::Help]),
        ("forgotten", identity(), vec![UiKey::Forgotten]),
        ("call", identity().called(), vec![]),
        (
            "forgotten_call",
            identity(),
            vec![UiKey::Forgotten, UiKey::Char('2')],
        ),
        (
            "identity_typed",
            identity(),
            [digits("2026001012"), vec![UiKey::Tab], digits(CANARY)].concat(),
        ),
        (
            "tell_number_typed",
            at_step(StepKind::Verify, Way::Phone, 0),
            digits("1380013"),
        ),
        (
            "leave",
            at_step(StepKind::Number, Way::Desk, 0),
            vec![UiKey::Esc],
        ),
        ("pin", practised(identity()), vec![UiKey::Volunteer]),
        ("pin_wrong", wrong, vec![UiKey::Volunteer]),
        ("panel", open, pin.clone()),
        ("panel_sms", unreported, pin.clone()),
        ("checkup", examined(), pin),
        (
            "pickup",
            Scene::of(scenes::Desk::Free),
            vec![UiKey::Char('p')],
        ),
        (
            "cache",
            at_step(StepKind::Identity, Way::Phone, 0),
            vec![UiKey::Char('2')],
        ),
        ("phone", practised(identity()), vec![UiKey::Phone]),
        (
            "phone_days",
            practised(identity()),
            vec![UiKey::Phone, UiKey::Char('b')],
        ),
        // A drill that was begun before opens by its key; one that is new opens by itself.
        (
            "drill",
            drilled(identity(), false),
            vec![UiKey::Esc, UiKey::Phone, UiKey::Char('d')],
        ),
        (
            "drill_over",
            drilled(identity(), true),
            vec![UiKey::Esc, UiKey::Phone, UiKey::Char('d')],
        ),
        (
            "number_typed",
            at_step(StepKind::Number, Way::Desk, 0),
            digits("13800138000"),
        ),
        (
            "number_foreign",
            at_step(StepKind::Number, Way::Desk, 0),
            digits("+85251234567"),
        ),
        (
            "unbind_wrong",
            scenes::unbinding(),
            vec![UiKey::Char('9'), UiKey::Enter],
        ),
        (
            "ask_unsure",
            scenes::placed(Place::Ask(Question::WechatNumber)),
            vec![UiKey::Char('3')],
        ),
    ]
}

#[test]
fn no_secret_stands_in_a_snapshot() {
    let dir =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen/ui/tests/snapshots");
    let mut read = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(CANARY), "{}", path.display());
        read += 1;
    }
    assert!(read > 100, "{read} snapshots");
}

#[test]
fn a_small_terminal_is_told_the_same_on_every_page() {
    for lang in [Lang::Zh, Lang::En] {
        let small = |mut scene: Scene| {
            scene.lang = lang;
            Desk::new(40, 15).text(&scene)
        };
        let first = small(Scene::of(scenes::Desk::Free));
        if lang == Lang::Zh {
            snap("small_zh_40x15", &first);
        }
        for (name, scene) in all() {
            assert_eq!(small(scene), first, "{name}");
        }
    }
}

#[test]
fn no_size_is_too_small_for_what_lies_over_a_page() {
    for (_, scene, keys) in overlays() {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        for key in &keys {
            desk.key(&scene, *key);
        }
        for (columns, rows) in
            (0..=30).flat_map(|columns| [0, 1, 5, 12].map(|rows| (columns, rows)))
        {
            desk.resize(columns, rows);
            desk.draw(&scene);
        }
    }
}

#[test]
fn no_size_is_too_small_to_draw() {
    let sizes = (0..=30).flat_map(|columns| (0..=12).map(move |rows| (columns, rows)));
    let more = [
        (79, 24),
        (80, 23),
        (80, 24),
        (81, 25),
        (100, 45),
        (200, 60),
        (300, 10),
    ];
    let sizes: Vec<(u16, u16)> = sizes.chain(more).collect();
    let mut scenes: Vec<Scene> = all().into_iter().map(|(_, scene)| scene).collect();
    scenes.push(practised(coded()));
    let mut desk = Desk::new(80, 24);
    for scene in &scenes {
        for (columns, rows) in &sizes {
            desk.ui.wipe();
            desk.resize(*columns, *rows);
            desk.draw(scene);
        }
    }
    for scene in &scenes {
        for (columns, rows) in more {
            desk.ui.wipe();
            desk.resize(columns, rows);
            for key in [
                UiKey::Help,
                UiKey::Esc,
                UiKey::Volunteer,
                UiKey::Char('1'),
                UiKey::Enter,
            ] {
                desk.key(scene, key);
                desk.draw(scene);
            }
        }
    }
}

#[test]
fn a_screen_goes_over_into_another_size() {
    let scene = Scene::of(scenes::Desk::Free);
    let mut desk = Desk::new(120, 40);
    desk.draw(&scene);
    desk.resize(80, 24);
    let area = *desk.draw(&scene).area();
    let drawn = QrArt::decode_back(desk.draw(&scene), area);
    assert_eq!(drawn, Some(scene.pack.front.register_qr.unwrap().text));
}

#[test]
fn the_registration_code_reads_back_from_the_screen() {
    for (columns, rows) in [(80, 24), (100, 45), (120, 40), (200, 60)] {
        for practice in [false, true] {
            let mut scene = Scene::of(scenes::Desk::Free);
            scene.practice = practice;
            let mut desk = Desk::new(columns, rows);
            let buffer = desk.draw(&scene);
            let drawn = QrArt::decode_back(buffer, buffer.area);
            let meant = scene.pack.register_qr.as_ref().map(|qr| qr.text.clone());
            assert_eq!(drawn, meant, "{columns}x{rows}");
        }
    }
}

#[test]
fn the_follow_code_reads_back_from_the_screen() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let scene = at_step(StepKind::Follow, Way::Desk, 0);
        let mut desk = Desk::new(columns, rows);
        let buffer = desk.draw(&scene);
        let drawn = QrArt::decode_back(buffer, buffer.area);
        assert_eq!(
            drawn,
            scene.pack.follow_qr.as_ref().map(|qr| qr.text.clone())
        );
    }
}

#[test]
fn the_cursor_stands_at_the_caret_and_nowhere_else() {
    let scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    let before = desk.terminal.get_cursor_position().unwrap();
    desk.keys(&scene, "20");
    desk.draw(&scene);
    let after = desk.terminal.get_cursor_position().unwrap();
    assert_eq!((before.x + 2, before.y), (after.x, after.y));
}

#[test]
fn every_trouble_has_words_for_the_student_and_a_cause_for_the_volunteer() {
    use crate::screen::pages::cause;
    use crate::visit::{
        CodeRefusal as C, DirectoryRefusal as D, Failure as F, SignInRefusal as S, SmsRefusal as M,
    };
    let limited = [
        None,
        Some(Duration::from_secs(30)),
        Some(Duration::from_secs(3000)),
    ];
    let mut troubles = vec![
        Trouble::SomebodyElse,
        Trouble::CodeWrong { left: 1 },
        Trouble::CodeSpent,
        Trouble::FateUnknown,
        Trouble::UnbindUnknown,
        Trouble::OldNumber,
        Trouble::SignIn(F::Offline),
        Trouble::SignIn(F::Unavailable),
        Trouble::DeviceGrant(F::Unavailable),
        Trouble::Directory(F::Unavailable),
        Trouble::Sms(F::Unavailable),
        Trouble::CodeCheck(F::Offline),
        Trouble::CodeCheck(F::Unavailable),
        Trouble::CodeCheck(F::Misconfigured("ticket_at".into())),
        Trouble::CodeCheck(F::Rejected(C::Expired)),
        Trouble::CodeCheck(F::Rejected(C::TooManyTries)),
        Trouble::SignIn(F::Misconfigured("the key `identity`".into())),
        Trouble::Directory(F::Offline),
        Trouble::Directory(F::Misconfigured("60020".into())),
        Trouble::Sms(F::Offline),
        Trouble::Sms(F::Misconfigured("the template".into())),
    ];
    for retry_after in limited {
        troubles.push(Trouble::SignIn(F::Limited { retry_after }));
        troubles.push(Trouble::Directory(F::Limited { retry_after }));
        troubles.push(Trouble::Sms(F::Limited { retry_after }));
        troubles.push(Trouble::CodeCheck(F::Limited { retry_after }));
    }
    for why in S::EACH {
        troubles.push(Trouble::SignIn(F::Rejected(why)));
    }
    for why in [
        D::NumberTaken,
        D::BadNumber,
        D::AlreadyActive,
        D::Disabled,
        D::Departed,
        D::UnknownMember,
        D::Creator,
        D::Other(48002),
    ] {
        troubles.push(Trouble::Directory(F::Rejected(why)));
    }
    for why in [M::BadNumber, M::Blocked, M::Other] {
        troubles.push(Trouble::Sms(F::Rejected(why)));
    }
    for lang in [Lang::Zh, Lang::En] {
        let text = Text::new(lang);
        for one in &troubles {
            let by_phone = trouble(&text, one, true);
            let words = trouble(&text, one, false);
            assert!(!words.contains("F5"), "{words}");
            assert!(cells::width(&by_phone) > 12, "{one:?}: {by_phone}");
            assert!(cells::width(&words) > 12, "{one:?}: {words}");
            assert!(
                !words.contains("48002") && !words.contains("60020"),
                "{words}"
            );
            assert!(!cause(&text, one).is_empty());
        }
    }
}
