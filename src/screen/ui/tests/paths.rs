//! Every page of the guide's routes as it is drawn: each phone page of the pack, each question, the tickets, who waits. In
//! both languages and at three sizes, which stand one below the other in a snapshot.

use std::collections::BTreeSet;

use super::pages::{PageCase, SIZES};
use super::scenes::{Lock, Scene, at_step, mobile, student};
use super::*;
use crate::screen::LeaveWays;
use crate::visit::{
    Answer, Fact, FreeText, Mark, PageId, Pages, Pickup, Recorded, StepKind, TicketNote,
    TicketNumber, TicketRow, TicketState, Visit, VisitId, evolve,
};

/// A visit by the phone alone, with these marks.
fn phone_visit(marks: Vec<Mark>, place: Place) -> Scene {
    let mut scene = at_step(StepKind::Identity, Way::Phone, 0);
    scene.reach = Default::default();
    if let scenes::Desk::Visit(visit, at) = &mut scene.desk {
        if let Place::Step { page, .. } = place {
            visit.page = page;
        }
        visit.done = marks;
        visit.mobile = visit.has_done(StepKind::Number).then(mobile);
        *at = place;
    }
    scene
}

/// Each phone page of the embedded pack, where a route comes to it first.
fn phone_pages() -> Vec<(PageId, Scene)> {
    let rules = Scene::of(scenes::Desk::Free).pack.rules;
    let (mut met, mut pages) = (BTreeSet::new(), Vec::new());
    for route in &rules.routes {
        let said: Vec<Mark> = route
            .when
            .iter()
            .filter_map(|(question, answers)| Some(Mark::Answer(*question, *answers.first()?)))
            .collect();
        for (place, step) in route.steps.iter().enumerate() {
            let kinds: Vec<Option<Mark>> = match &step.pages {
                Pages::Same(_) => vec![None],
                Pages::By { question, pages } => pages
                    .keys()
                    .map(|answer| Some(Mark::Answer(*question, *answer)))
                    .collect(),
            };
            for kind in kinds {
                let mut marks = said.clone();
                marks.extend(kind);
                marks.extend(route.steps[..place].iter().map(|s| Mark::Step(s.kind)));
                let given = |question| {
                    marks.iter().find_map(|mark| match mark {
                        Mark::Answer(asked, answer) if *asked == question => Some(*answer),
                        _ => None,
                    })
                };
                for (page, id) in step.pages.of(given).iter().enumerate() {
                    if met.insert(id.clone()) {
                        let (step, way) = (step.kind, Way::Phone);
                        let place = Place::Step { step, way, page };
                        pages.push((id.clone(), phone_visit(marks.clone(), place)));
                    }
                }
            }
        }
    }
    pages
}

/// The phone pages as they are drawn: with the code, and with the phone where the code's contents are open.
pub fn coached_pages() -> Vec<PageCase> {
    let bare = crate::campus::pack::embedded().unwrap();
    let pages = phone_pages();
    let drawn: BTreeSet<&PageId> = pages.iter().map(|(id, _)| id).collect();
    assert!(
        bare.pages.keys().all(|id| drawn.contains(id)),
        "no route comes to some page"
    );
    let mut cases = Vec::new();
    for ((id, scene), (_, mut open)) in pages.into_iter().zip(phone_pages()) {
        cases.push(PageCase::new(format!("page_{}", id.0), scene, &[]));
        if bare.pages[&id].qr.is_some() {
            open.pack = bare.clone();
            cases.push(PageCase::new(format!("page_{}_no_qr", id.0), open, &[]));
        }
    }
    cases
}

/// What is answered and done when a question comes up.
fn before(question: Question) -> Vec<Mark> {
    use Answer::{NewNumber, No, Staff, Wechat};
    use Question::{CacheCleared, OldBinding, Onward, Phone, SignInAgain, StaffBound, Standing};
    use StepKind::{Cache, CacheCheck, Hold, Identity, Number, Unbind};
    let answered = |question, answer| vec![Mark::Answer(question, answer)];
    let done = |steps: &[StepKind]| steps.iter().copied().map(Mark::Step).collect::<Vec<_>>();
    let new = [answered(Standing, NewNumber), answered(OldBinding, Wechat)].concat();
    let unbound = [new.clone(), done(&[Cache, Unbind, Hold])].concat();
    let again = [unbound.clone(), answered(Onward, Wechat), done(&[Cache])].concat();
    match question {
        Standing => Vec::new(),
        OldBinding => answered(Standing, NewNumber),
        StaffBound => answered(Standing, Staff),
        Phone => new,
        Onward => unbound,
        CacheCleared => again,
        SignInAgain => [again, answered(CacheCleared, No), done(&[CacheCheck])].concat(),
        Question::WechatNumber => done(&[Identity, Number]),
    }
}

/// Each question, and where to look for its answer.
pub fn questions() -> Vec<PageCase> {
    let mut cases = Vec::new();
    for question in Question::ALL.iter().copied() {
        let scene = || phone_visit(before(question), Place::Ask(question));
        let name = format!("ask_{}", question.name());
        let unsure = question.answers().iter().position(|a| *a == Answer::Unsure);
        if let Some(place) = unsure {
            let digit = char::from_digit(u32::try_from(place).unwrap() + 1, 10).unwrap();
            let keys = [UiKey::Char(digit)];
            cases.push(PageCase::new(format!("{name}_look"), scene(), &keys));
        }
        cases.push(PageCase::new(name, scene(), &[]));
    }
    cases
}

/// A ticket of somebody known, with a long reason and calls.
pub fn ticket(notes: usize) -> TicketRow {
    let at = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let number = TicketNumber::of(Pickup::new(Default::default(), 711));
    let mut visit = Visit::open(VisitId(9), Way::Phone, at);
    (visit.student, visit.mobile) = (Some(student()), Some(mobile()));
    visit.done = before(Question::SignInAgain);
    let reason = "微信里一直是旧身份，清理了两次缓存，退出登录、关机重启也试过了。".repeat(12);
    let fact = Fact::TicketOpened {
        number,
        reason: FreeText::new(&format!("=cmd 😀\n{reason}")),
        route: Some("wechat-stuck-to-app".into()),
        step: Some(StepKind::GetApp),
    };
    let visit_id = visit.id;
    let recorded = |fact| Recorded::new(visit_id, at, fact);
    evolve(&mut visit, &recorded(fact));
    let mut row = TicketRow::of(&visit).unwrap();
    row.pickup = Some(Pickup::new(Default::default(), 711));
    row.ticket.notes = (0..notes)
        .map(|n| TicketNote {
            at,
            called_at: Some(at),
            by: FreeText::new("王老师"),
            answer: FreeText::new(&format!("第 {n} 次：工程师明天回电")),
        })
        .collect();
    row
}

fn volunteers() -> Scene {
    let mut scene = at_step(StepKind::GetApp, Way::Phone, 0);
    scene.volunteer = Lock::Open;
    scene.tickets = (0..3)
        .map(|n| {
            let mut row = ticket(n);
            row.visit = VisitId(n as u128);
            row.ticket.number = TicketNumber::of(Pickup::new(Default::default(), 711 + n as u16));
            row.ticket.state = match n {
                0 => TicketState::Open,
                _ => TicketState::HandedOver,
            };
            row
        })
        .collect();
    // The last one is the one that is looked at.
    scene.seen = Some(VisitId(2));
    scene
}

fn with_pin(keys: &[UiKey]) -> Vec<UiKey> {
    [&[UiKey::Volunteer, UiKey::Char('1'), UiKey::Enter], keys].concat()
}

/// The pages of tickets, and the panel with those who wait.
pub fn tickets() -> Vec<PageCase> {
    use UiKey::{Char, End, Enter, PageDown, Tab, Ticket};
    let opened = || {
        let mut scene = Scene::of(scenes::Desk::JustParked);
        scene.ticket = Some(ticket(0));
        scene
    };
    let stuck = || scenes::placed(Place::Stuck);
    let coach = || {
        phone_visit(before(Question::WechatNumber)[..1].to_vec(), {
            let (step, way, page) = (StepKind::Number, Way::Phone, 0);
            Place::Step { step, way, page }
        })
    };
    let mut unknown = volunteers();
    unknown.desk = scenes::Desk::Free;
    let mut unseen = volunteers();
    unseen.seen = Some(VisitId(1));
    let mut nobody = volunteers();
    nobody.waiting.clear();
    let mut locked = volunteers();
    locked.leave = LeaveWays::System { was_refused: false };
    let pages: [(&str, Scene, Vec<UiKey>); 21] = [
        ("ticket_form", stuck(), vec![Char('t')]),
        ("ticket_opened", opened(), vec![]),
        ("ticket_opened_end", opened(), vec![End]),
        ("lead_volunteer", coach(), vec![Char('3')]),
        ("lead_cache", coach(), vec![Char('2')]),
        ("panel_waiting", volunteers(), with_pin(&[End])),
        ("panel_free", unknown, with_pin(&[End])),
        (
            "panel_ticket",
            volunteers(),
            with_pin(&[Char('w'), End, Ticket, Char('x')]),
        ),
        ("panel_end", volunteers(), with_pin(&[Char('x')])),
        (
            "panel_quit",
            volunteers(),
            with_pin(&[Char('q'), Char('q')]),
        ),
        ("panel_leave_desk", locked, with_pin(&[Char('q')])),
        ("waiting_list", volunteers(), with_pin(&[Char('w')])),
        (
            "waiting_found",
            volunteers(),
            with_pin(&[Char('/'), Char('z')]),
        ),
        ("waiting_ticket", volunteers(), with_pin(&[Char('w'), Tab])),
        (
            "waiting_none",
            volunteers(),
            with_pin(&[Char('0'), Char('0')]),
        ),
        ("waiting_nobody", nobody, with_pin(&[Char('w')])),
        ("tickets", volunteers(), with_pin(&[Char('k')])),
        (
            "tickets_one",
            volunteers(),
            with_pin(&[Char('k'), End, Enter]),
        ),
        ("tickets_unseen", unseen, with_pin(&[Char('k'), End, Enter])),
        (
            "tickets_one_end",
            volunteers(),
            with_pin(&[Char('k'), End, Enter, PageDown, End]),
        ),
        (
            "tickets_note",
            volunteers(),
            with_pin(&[Char('k'), End, Enter, Char('f'), Char('a')]),
        ),
    ];
    pages
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(name, scene, &keys))
        .collect()
}

/// By keys and by taps, to the end and back, whatever the room.
#[test]
fn a_long_script_is_read_to_its_end() {
    let mut scene = Scene::of(scenes::Desk::JustParked);
    scene.ticket = Some(ticket(0));
    for (columns, rows) in SIZES {
        let mut desk = Desk::new(columns, rows);
        let first = desk.text(&scene);
        assert!(first.contains("学号：2026001012"), "{first}");
        let end = "关机重启也试过了。";
        let is_at_end = |text: &str| !text.contains("PgDn 往下看");
        let mut taps = 0;
        while !is_at_end(&desk.text(&scene)) {
            desk.tap(&scene, "还有");
            taps += 1;
            assert!(taps < 40, "round and round");
        }
        assert!(desk.text(&scene).contains(end));
        desk.key(&scene, UiKey::Home);
        assert_eq!(desk.text(&scene), first, "{columns}x{rows}");
        desk.key(&scene, UiKey::End);
        let last = desk.text(&scene);
        assert!(is_at_end(&last) && last.contains(end), "{last}");
        // What is always there: the number's hotline, the pickup number, the way on.
        assert!(
            last.contains("6576286")
                && last.contains("凭这个续办号回到 17 号台")
                && last.contains("记好了")
        );
    }
}

#[test]
fn whoever_waits_is_told_of_the_key_and_a_tap_does_it_too() {
    let scene = phone_visit(
        before(Question::StaffBound),
        Place::Step {
            step: StepKind::GetApp,
            way: Way::Phone,
            page: 0,
        },
    );
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.tap(&scene, "让下一位"),
        UiAction::Visit(Command::StepAside)
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::StepAside),
        UiAction::Visit(Command::StepAside)
    ));
    // The key is not offered where no student waits, nor through what lies over the page.
    let identity = at_step(StepKind::Identity, Way::Desk, 0);
    assert!(!desk.text(&identity).contains("让下一位"));
    assert!(matches!(
        desk.key(&identity, UiKey::StepAside),
        UiAction::Ignored
    ));
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    assert!(!desk.text(&scene).contains("让下一位"));
    assert!(!matches!(
        desk.key(&scene, UiKey::StepAside),
        UiAction::Visit(_)
    ));
}

/// A visit that waits gets a ticket as it is: the volunteer reads its script, it goes on waiting.
#[test]
fn a_ticket_is_written_for_one_that_waits() {
    let mut scene = volunteers();
    scene.volunteer = Lock::Locked;
    let mut desk = Desk::new(80, 24);
    desk.opens_panel(&mut scene);
    desk.keys(&scene, "w");
    desk.key(&scene, UiKey::End);
    desk.draw(&scene);
    desk.tap(&scene, "F7 开工单，接着等");
    // The student is known except for the number.
    desk.keys(&scene, "1380013");
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(desk.text(&scene).contains("请核对手机号"));
    desk.keys(&scene, "8000");
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    // What is wrong is asked for, of a volunteer as of a student.
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(desk.text(&scene).contains("请先写问题"));
    desk.keys(&scene, "=x");
    assert!(!desk.text(&scene).contains("请先写问题"));
    let visit = match desk.key(&scene, UiKey::Enter) {
        UiAction::Desk(DeskCommand::OpenTicket {
            visit,
            reason,
            contact,
        }) => {
            assert_eq!(contact.mobile, Some(scenes::mobile()));
            assert_eq!(reason.as_str(), "=x");
            visit
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(visit, VisitId(2), "the one that was chosen");
    assert!(desk.text(&scene).contains("已交给热线"), "its script");
}

/// A ticket of somebody who has not signed in: all its fields are asked for.
fn unsigned_ticket(keys: &[&str]) -> (UiAction, String) {
    let scene = scenes::at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    let mut last = desk.key(&scene, UiKey::Help);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Ticket);
    for key in keys {
        desk.draw(&scene);
        last = match *key {
            "Enter" => desk.key(&scene, UiKey::Enter),
            "Tab" => desk.key(&scene, UiKey::Tab),
            typed => desk.keys(&scene, typed),
        };
    }
    (last, desk.text(&scene))
}

#[test]
fn fault_18_enter_goes_from_field_to_field_and_tab_to_the_one_that_is_empty() {
    let whole = [
        "2026001012",
        "Enter",
        "Zhang",
        "Enter",
        "13800138000",
        "Enter",
        "no code",
        "Enter",
    ];
    // The problem was asked for first: Tab leads on to what is empty, and what is typed stands there.
    let begun_below = [
        "Tab",
        "Tab",
        "Tab",
        "Enter",
        "Tab",
        "2026001012",
        "Tab",
        "Zhang",
        "Tab",
        "13800138000",
        "Tab",
        "no code",
        "Enter",
    ];
    for keys in [&whole[..], &begun_below] {
        match unsigned_ticket(keys) {
            (UiAction::Visit(Command::OpenTicket { reason, contact }), _) => {
                assert_eq!(reason.as_str(), "no code");
                assert_eq!(contact.number.unwrap().as_str(), "2026001012");
                assert_eq!(contact.name.unwrap().as_str(), "Zhang");
                assert_eq!(contact.mobile, Some(scenes::mobile()));
            }
            (other, text) => panic!("{other:?}: {text}"),
        }
    }
    // The button says what Enter does.
    for (keys, words) in [
        (&whole[..1], "> [ Enter 换一栏 ] <"),
        (&whole[..7], "> [ Enter 开工单 ] <"),
    ] {
        let (_, text) = unsigned_ticket(keys);
        assert!(text.contains(words), "{text}");
    }
}
