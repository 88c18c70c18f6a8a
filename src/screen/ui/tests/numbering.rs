//! The numbers that are read out: the desk's in every header, the pickup number on its page, what happens when there are
//! none left.

use super::handling::{free, signed};
use super::paths::ticket;
use super::scenes::{self, at_step, offered, secs};
use super::*;
use crate::visit::{Gateway, ParkedFor, Status, StepKind, TicketNumber};

fn parked() -> Scene {
    Scene::of(scenes::Desk::JustParked)
}

fn with_ticket() -> Scene {
    let mut scene = parked();
    let mut row = ticket(0);
    row.pickup = scene.pickup;
    row.ticket.number = TicketNumber::of(scene.pickup.unwrap());
    (scene.parked, scene.ticket) = ((ParkedFor::Ticket, false), Some(row));
    scene
}

/// Every header at these sizes, in both languages: the page's name, the header, and the desk's number as it is said there.
pub fn every_header(sizes: &[(u16, u16)], check: impl Fn(&str, &str, &str)) {
    for (columns, rows) in sizes.iter().copied() {
        let mut desk = Desk::new(columns, rows);
        for (name, mut scene) in scenes::all() {
            for (lang, desk_name) in [(Lang::Zh, "17 号台"), (Lang::En, "Desk 17")] {
                scene.lang = lang;
                desk.ui.wipe();
                let text = desk.text(&scene);
                let header = text.lines().next().unwrap();
                check(&format!("{name} {columns}x{rows}"), header, desk_name);
            }
        }
    }
}

#[test]
fn fault_06_the_number_of_the_desk_stands_in_every_header() {
    let sizes = [(80, 24), (100, 30), (132, 43), (200, 60)];
    every_header(&sizes, |page, header, desk_name| {
        assert!(header.contains(desk_name), "{page}: {header}");
    });
}

#[test]
fn the_university_stands_in_every_header_at_80_columns_by_its_short_name_at_the_least() {
    every_header(&[(80, 24)], |page, header, _| {
        let names = [
            "内蒙古工业大学",
            "内工大",
            "Inner Mongolia University of Technology",
            "IMUT",
        ];
        assert!(
            names.iter().any(|name| header.contains(name)),
            "{page}: {header}"
        );
    });
}

/// Nobody had signed in when the program stopped: the next student's sign-in would take the visit up, so none is asked for.
#[test]
fn fault_21_a_visit_of_nobody_is_offered_to_the_volunteer_alone() {
    let mut scene = offered(false);
    let scenes::Desk::Offered(visit, _) = &mut scene.desk else {
        panic!("not offered");
    };
    visit.status = Status::Parked {
        pickup: scene.pickup,
        expires: scene.now.wall,
        why: ParkedFor::ProgramRestart,
    };
    let known = visit.student.take();
    for (gateway, lang) in [
        (Gateway::Absent, Lang::Zh),
        (Gateway::Up, Lang::Zh),
        (Gateway::Up, Lang::En),
    ] {
        (scene.reach.device_grant, scene.lang) = (gateway, lang);
        let mut desk = Desk::new(80, 24);
        let text = desk.text(&scene);
        assert!(text.contains("F10") && text.contains("Esc"), "{text}");
        for wrong in ["密码", "再登录一次", "Password", "sign in"] {
            assert!(!text.contains(wrong), "{wrong}:\n{text}");
        }
        desk.keys(&scene, "20260001");
        desk.key(&scene, UiKey::Tab);
        desk.keys(&scene, "secret");
        assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Ignored));
        assert!(matches!(
            desk.key(&scene, UiKey::Esc),
            UiAction::Desk(DeskCommand::DismissOffer)
        ));
    }
    // Who had signed in signs in again.
    let scenes::Desk::Offered(visit, _) = &mut scene.desk else {
        panic!("not offered");
    };
    visit.student = known;
    scene.reach.device_grant = Gateway::Absent;
    assert!(matches!(
        signed(&mut Desk::new(80, 24), &scene),
        UiAction::Desk(DeskCommand::ResumeBySignIn(_))
    ));
}

/// `2` leaves, and a student who confirms it by habit does not dismiss the number that comes.
#[test]
fn fault_5_the_number_is_not_dismissed_by_the_page_before() {
    for (columns, rows) in [(80, 24), (100, 30), (132, 43)] {
        let mut scene = parked();
        let mut desk = Desk::new(columns, rows);
        desk.draw(&scene);
        let began = scene.now.mono;
        for waited in [0, 1, 1999] {
            scene.now.mono = began + std::time::Duration::from_millis(waited);
            for key in [UiKey::Enter, UiKey::Esc, UiKey::Char(' '), UiKey::Char('2')] {
                let action = desk.key(&scene, key);
                assert!(
                    matches!(action, UiAction::Ignored | UiAction::Edited),
                    "{key:?} after {waited} ms: {action:?}"
                );
            }
            assert!(!desk.text(&scene).contains("> [ Enter 记好了 ] <"));
            // It is drawn again by itself when it takes a key.
            assert_eq!(desk.ui.next_wake(&scene.view()), Some(began + secs(2)));
        }
        scene.now.mono = began + secs(2);
        assert!(desk.text(&scene).contains("> [ Enter 记好了 ] <"));
        assert!(matches!(
            desk.key(&scene, UiKey::Char('2')),
            UiAction::Ignored
        ));
        assert!(matches!(
            desk.key(&scene, UiKey::Enter),
            UiAction::Desk(DeskCommand::Continue)
        ));
    }
}

/// No button of the first page is cut off.
#[test]
fn every_button_of_the_first_page_is_whole() {
    for (lang, labels) in [
        (Lang::Zh, ["换学号或教工", "有续办号"]),
        (Lang::En, ["New student ID/staff", "Have a pickup number"]),
    ] {
        let mut scene = free();
        scene.lang = lang;
        for (columns, rows) in [(80, 24), (100, 30), (100, 45), (132, 43)] {
            let text = Desk::new(columns, rows).text(&scene);
            for label in labels {
                assert!(text.contains(&format!("{label} ]")), "{label}:\n{text}");
            }
        }
    }
}

/// The number is there in plain text, for copying and screen readers, and the desk to come back to.
#[test]
fn fault_3_the_number_and_the_desk_are_read_in_plain_text() {
    for lang in [Lang::Zh, Lang::En] {
        for (columns, rows) in [(80, 24), (100, 30), (132, 43), (200, 60)] {
            for scene in [parked(), with_ticket()] {
                let mut scene = scene;
                scene.lang = lang;
                let text = Desk::new(columns, rows).text(&scene);
                let lines = text.lines().filter(|line| line.contains("017-4822"));
                assert_eq!(lines.count(), 1, "{columns}x{rows}:\n{text}");
                let back = match lang {
                    Lang::Zh => "17 号台",
                    Lang::En => "esk 17",
                };
                let told = text.matches(back).count();
                assert!(told >= 2, "{columns}x{rows}:\n{text}");
            }
        }
    }
}

/// Where all numbers wait, words say so to the student and to the volunteer; a ticket cannot be opened.
#[test]
fn no_free_number_is_told_in_words() {
    let mut scene = parked();
    (scene.pickup, scene.numbers_left) = (None, 0);
    let text = Desk::new(80, 24).text(&scene);
    for told in ["这份登记没有号码", "请叫志愿者：续办号用完了", "17 号台"] {
        assert!(text.contains(told), "{told}:\n{text}");
    }
    let mut few = free();
    few.numbers_left = 50;
    assert!(Desk::new(80, 24).text(&few).contains("续办号只剩 50 个"));
    few.numbers_left = 51;
    assert!(!Desk::new(80, 24).text(&few).contains("续办号只剩"));
    let mut at_work = at_step(StepKind::GetApp, Way::Phone, 0);
    at_work.numbers_left = 0;
    let mut desk = Desk::new(80, 24);
    desk.key(&at_work, UiKey::Help);
    desk.key(&at_work, UiKey::Ticket);
    assert!(
        desk.text(&at_work).contains("开不了工单"),
        "{}",
        desk.text(&at_work)
    );
    assert!(matches!(desk.key(&at_work, UiKey::Enter), UiAction::Edited));
}

/// The quiet line stands where the student is busy with the phone, at every size; its key and a tap say "still here" and
/// nothing else.
#[test]
fn fault_4_how_long_the_desk_waits_is_told() {
    for (step, way) in [
        (StepKind::GetApp, Way::Phone),
        (StepKind::Cache, Way::Phone),
        (StepKind::SignOut, Way::Phone),
        (StepKind::Follow, Way::Desk),
        (StepKind::Verify, Way::Desk),
    ] {
        let mut scene = at_step(step, way, 0);
        let mut desk = Desk::new(80, 24);
        assert!(!desk.text(&scene).contains("这里还等您"));
        scene.patience_left = Some(secs(8 * 60 + 1));
        let text = desk.text(&scene);
        assert!(text.contains("这里还等您 9 分钟"), "{text}");
        for action in [
            desk.key(&scene, UiKey::Char(' ')),
            desk.tap(&scene, "不用着急"),
        ] {
            assert!(matches!(action, UiAction::Edited), "{step:?}: {action:?}");
        }
        // It is drawn again when the minutes are fewer.
        let next = desk.ui.next_wake(&scene.view()).unwrap();
        assert!(next <= scene.now.mono + secs(1), "{step:?}");
        scene.volunteer = scenes::Lock::Open;
        desk.key(&scene, UiKey::Volunteer);
        assert!(!desk.text(&scene).contains("这里还等您"));
    }
}
