//! What the keys of each step lead to.

use super::handling::free;
use super::scenes::{at_step, coded, placed};
use super::*;
use crate::visit::{ActKind, Answer, Connectivity, Gateway, StepKind};

/// Typed wrong: nothing is done, and the field is empty again. Typed right: done, once.
#[test]
fn a_deletion_takes_the_right_confirmation() {
    use super::scenes::unbinding;
    let scene = unbinding();
    for typed in ["", "1018", "2023001017", "017"] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        desk.keys(&scene, typed);
        assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
        let text = desk.text(&scene);
        assert!(text.contains("什么都没有删除"), "{typed}: {text}");
        desk.keys(&scene, "1017");
        let did = desk.key(&scene, UiKey::Enter);
        assert!(
            matches!(did, UiAction::Visit(Command::Unbind { .. })),
            "{typed}: {did:?}"
        );
        let again = desk.key(&scene, UiKey::Enter);
        assert!(!matches!(again, UiAction::Visit(_)), "{again:?}");
    }
    // Esc lets the account go.
    let did = Desk::new(80, 24).key(&scene, UiKey::Esc);
    assert!(matches!(did, UiAction::Visit(Command::Back)), "{did:?}");
    // While it is under way, Enter is inert.
    let scene = unbinding().waits(ActKind::Unbind);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.keys(&scene, "1017");
    let did = desk.key(&scene, UiKey::Enter);
    assert!(!matches!(did, UiAction::Visit(_)), "{did:?}");
}

#[test]
fn welcome_begins_at_the_desk_or_with_the_phone() {
    let mut desk = Desk::new(80, 24);
    let opens = |reaction, way| matches!(reaction, UiAction::Visit(Command::Open { prefers, .. }) if prefers == way);
    assert!(opens(desk.key(&free(), UiKey::Enter), Way::Desk));
    desk.ui.wipe();
    assert!(opens(desk.key(&free(), UiKey::Char('s')), Way::Phone));
    desk.ui.wipe();
    let scans = |reaction| {
        matches!(
            reaction,
            UiAction::Visit(Command::Open { scanned: true, .. })
        )
    };
    assert!(scans(desk.key(&free(), UiKey::Char('s'))));
    desk.ui.wipe();
    assert!(!scans(desk.key(&free(), UiKey::Enter)));
    desk.ui.wipe();
    assert!(opens(desk.key(&free(), UiKey::Char(' ')), Way::Phone));
    let mut coached = free();
    coached.reach = Connectivity::default();
    desk.ui.wipe();
    assert!(opens(desk.key(&coached, UiKey::Enter), Way::Phone));
    coached.store = StoreHealth::Full;
    desk.ui.wipe();
    assert!(matches!(desk.key(&coached, UiKey::Enter), UiAction::Edited));
}

/// 60104: another number, the old number's account first, a volunteer, or the same once more.
#[test]
fn a_number_of_another_account_has_its_ways_on() {
    let scene = scenes::number_taken();
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('o')),
        UiAction::Visit(Command::BeginAsNewNumber)
    ));
    desk.ui.wipe();
    assert!(matches!(
        desk.key(&scene, UiKey::Char('v')),
        UiAction::Edited
    ));
    let told = desk.text(&scene);
    assert!(told.contains("工单"), "{told}");
    desk.key(&scene, UiKey::Enter);
    // Another number: the field is empty, and the other ways stay.
    assert!(matches!(
        desk.key(&scene, UiKey::Char('C')),
        UiAction::Edited
    ));
    desk.keys(&scene, "13900139000");
    let told = desk.text(&scene);
    assert!(
        told.contains("先解绑") && told.contains("号码没问题"),
        "{told}"
    );
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::GiveNumber { mobile }) if mobile.as_str() == "13900139000"
    ));
    // Before the number is typed, and while it is asked again, letters do not lead on.
    for scene in [
        at_step(StepKind::Number, Way::Desk, 0),
        scenes::number_taken().waits(ActKind::BindNumber),
    ] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        let did = desk.key(&scene, UiKey::Char('o'));
        assert!(!matches!(did, UiAction::Visit(_)), "{did:?}");
    }
    // A campus without a way for new numbers offers none.
    let mut scene = scenes::number_taken();
    for route in &mut scene.pack.rules.routes {
        route.when.remove(&Question::Standing);
    }
    let mut desk = Desk::new(80, 24);
    assert!(!desk.text(&scene).contains("老学号绑的"));
    let did = desk.key(&scene, UiKey::Char('o'));
    assert!(!matches!(did, UiAction::Visit(_)), "{did:?}");
}

#[test]
fn the_question_shows_where_to_look_before_it_takes_not_sure() {
    let scene = placed(Place::Ask(Question::WechatNumber));
    let answers = |reaction, want| matches!(reaction, UiAction::Visit(Command::Answer { answer, .. }) if answer == want);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('3')),
        UiAction::Edited
    ));
    assert!(desk.text(&scene).contains("帐号与安全"));
    assert!(answers(desk.key(&scene, UiKey::Char('3')), Answer::Unsure));
    desk.ui.wipe();
    assert!(answers(desk.key(&scene, UiKey::Char('1')), Answer::Yes));
    desk.ui.wipe();
    desk.key(&scene, UiKey::Down);
    assert!(answers(desk.key(&scene, UiKey::Enter), Answer::No));
}

#[test]
fn fault_01_after_a_look_in_vain_the_ways_on_are_to_wait_to_get_help_and_to_say_it() {
    for (lang, shown) in [
        (Lang::Zh, "还没有看到关注成功"),
        (Lang::En, "has not been seen yet"),
    ] {
        let mut scene = super::scenes::follow_not_seen();
        scene.lang = lang;
        let mut desk = Desk::new(80, 24);
        assert!(desk.text(&scene).contains(shown), "{}", desk.text(&scene));
        // Pressing Enter again and again never binds.
        for key in [UiKey::Enter, UiKey::Char('1')] {
            let action = Desk::new(80, 24).key(&scene, key);
            let looks = matches!(action, UiAction::Visit(Command::CheckAgain));
            assert!(looks, "{lang:?} {key:?}: {action:?}");
        }
        let other = desk.key(&scene, UiKey::Char('2'));
        assert!(matches!(
            other,
            UiAction::Visit(Command::Answer {
                question: Question::WechatNumber,
                answer: Answer::No
            })
        ));
        let action = desk.key(&scene, UiKey::Char('4'));
        assert!(matches!(action, UiAction::Visit(Command::SayFollowed)));
        desk.key(&scene, UiKey::Char('3'));
        let help = if lang == Lang::Zh {
            "志愿者"
        } else {
            "volunteer"
        };
        assert!(desk.text(&scene).contains(help));
    }
}

#[test]
fn following_is_said_also_while_the_desk_watches() {
    let scene = at_step(StepKind::Follow, Way::Desk, 0).waits(ActKind::FindMember);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::CheckAgain)
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('r')),
        UiAction::Visit(Command::CheckAgain)
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('2')),
        UiAction::Ignored
    ));
    let wake = desk.ui.next_wake(&scene.view()).unwrap();
    let mut late = at_step(StepKind::Follow, Way::Desk, 0);
    let waits = wake - late.now.mono;
    late.now.wall = late.now.wall.checked_add(waits).unwrap();
    assert!(matches!(
        desk.key(&late, UiKey::Char('2')),
        UiAction::Visit(Command::Answer {
            answer: Answer::No,
            ..
        })
    ));
    assert_eq!(desk.ui.next_wake(&late.view()), None);
}

#[test]
fn the_code_is_sent_typed_and_sent_again_in_time() {
    let mut desk = Desk::new(80, 24);
    let unsent = at_step(StepKind::Verify, Way::Desk, 0);
    assert!(matches!(
        desk.key(&unsent, UiKey::Enter),
        UiAction::Visit(Command::SendCode)
    ));
    let mut scene = coded();
    assert!(matches!(
        desk.key(&scene, UiKey::Char('s')),
        UiAction::Ignored
    ));
    assert_eq!(
        desk.ui.next_wake(&scene.view()),
        Some(scene.now.mono + Duration::from_secs(1))
    );
    scene.resend_in = Some(Duration::ZERO);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('S')),
        UiAction::Visit(Command::SendCode)
    ));
    // The student is quicker than the answer.
    let scene = scene.waits(ActKind::SendCode);
    assert!(matches!(
        desk.paste(&scene, "１２３ 456"),
        UiAction::Visit(Command::TypeCode { code }) if code.expose() == "123456"
    ));
    let confirming = coded().waits(ActKind::ConfirmMember);
    assert!(matches!(
        desk.paste(&confirming, "123456"),
        UiAction::Edited
    ));
    let scene = coded();
    assert!(matches!(
        desk.key(&scene, UiKey::Char('c')),
        UiAction::Visit(Command::ChangeNumber)
    ));
}

#[test]
fn choices_of_a_phone_page_go_on_or_help() {
    let scene = at_step(StepKind::Identity, Way::Phone, 1);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('1')),
        UiAction::Visit(Command::Choose { choice: 0 })
    ));
    desk.ui.wipe();
    assert!(matches!(
        desk.key(&scene, UiKey::Char('2')),
        UiAction::Edited
    ));
    assert!(desk.text(&scene).contains("旧身份"));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('9')),
        UiAction::Ignored
    ));
    assert!(matches!(
        desk.tap(&scene, "说我已经绑定了"),
        UiAction::Visit(Command::Choose { choice: 2 })
    ));
}

#[test]
fn the_other_way_is_offered_where_there_is_one() {
    let mut desk = Desk::new(80, 24);
    let by_desk = at_step(StepKind::Identity, Way::Desk, 0);
    assert!(matches!(
        desk.key(&by_desk, UiKey::OtherWay),
        UiAction::Visit(Command::Prefer { way: Way::Phone })
    ));
    let mut by_phone = at_step(StepKind::Identity, Way::Phone, 0);
    assert!(matches!(
        desk.key(&by_phone, UiKey::OtherWay),
        UiAction::Visit(Command::Prefer { way: Way::Desk })
    ));
    by_phone.reach = Connectivity::default();
    assert!(matches!(
        desk.key(&by_phone, UiKey::OtherWay),
        UiAction::Ignored
    ));
    by_phone.reach.identity = Gateway::Up;
}
