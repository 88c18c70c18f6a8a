//! Help at any moment: where it opens, what typing finds, how it is left; and the card of a long route.

use super::scenes::at_step;
use super::*;
use crate::visit::{Answer, Mark, StepKind, Trouble};

/// The guide's longest route, its second step under way: the old number is in WeChat, and WeChat it shall be again.
fn changed() -> Scene {
    let mut scene = at_step(StepKind::Unbind, Way::Phone, 0);
    // The phone does it all: nothing is connected.
    scene.reach = crate::visit::Connectivity::default();
    let answers = [
        (Question::Standing, Answer::NewNumber),
        (Question::OldBinding, Answer::Wechat),
        (Question::Phone, Answer::Iphone),
        (Question::Onward, Answer::Wechat),
        (Question::CacheCleared, Answer::Yes),
        (Question::WechatNumber, Answer::No),
    ];
    let marks = answers.map(|(question, answer)| Mark::Answer(question, answer));
    let visit = scene.visit_mut();
    visit.done = marks.to_vec();
    visit.done.push(Mark::Step(StepKind::Cache));
    scene
}

pub fn pages() -> Vec<(&'static str, Scene, Vec<UiKey>)> {
    let typed = |text: &str| {
        let letters = text.chars().map(UiKey::Char);
        [UiKey::Help].into_iter().chain(letters).collect::<Vec<_>>()
    };
    let free = || Scene::of(scenes::Desk::Free);
    vec![
        ("help_list", free(), vec![UiKey::Help]),
        ("help_step", changed(), vec![UiKey::Help]),
        ("help_found", changed(), typed("qchc")),
        (
            "help_found_page",
            changed(),
            [typed("qchc"), vec![UiKey::Enter]].concat(),
        ),
        ("help_none", free(), typed("zzzz")),
        (
            "help_route",
            changed(),
            vec![UiKey::Help, UiKey::Esc, UiKey::Enter],
        ),
        ("coach_long", changed(), vec![]),
    ]
}

#[test]
fn it_opens_at_the_topic_that_fits() {
    let asked = |question| placed(Place::Ask(question));
    for (scene, title) in [
        (at_step(StepKind::Identity, Way::Desk, 0), "忘记密码怎么办"),
        (at_step(StepKind::Verify, Way::Phone, 1), "收不到验证码"),
        (at_step(StepKind::Cache, Way::Phone, 0), "怎样清除缓存"),
        (
            at_step(StepKind::Hold, Way::Phone, 0),
            "解绑后为什么不能马上绑定",
        ),
        (asked(Question::StaffBound), "教职工同时在本校读研、读博"),
    ] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        desk.key(&scene, UiKey::Help);
        let text = desk.text(&scene);
        assert!(
            text.contains(title) && text.contains("好的，回去继续"),
            "{text}"
        );
        desk.key(&scene, UiKey::Esc);
        let text = desk.text(&scene);
        assert!(text.contains("1.  您这次要办的"), "{text}");
        assert!(text.contains(&format!("2.  {title}")), "{text}");
    }
    let free = Scene::of(scenes::Desk::Free);
    let mut desk = Desk::new(80, 24);
    desk.draw(&free);
    desk.key(&free, UiKey::Help);
    assert!(desk.text(&free).contains("> 1.  怎样清除缓存"));
}

/// From the page that help opened at: keys, what is seen then, what is not.
#[test]
fn keys_of_help() {
    use UiKey::{Char, Down, Enter, Esc, Help, PageDown, Up};
    let scene = changed();
    let cases: &[(&[UiKey], &str, &str)] = &[
        (&[Enter], "请看您的手机", "打字查找"),
        (&[Help], "请看您的手机", "打字查找"),
        (&[Esc, Esc], "请看您的手机", "打字查找"),
        (&[Esc, Help], "请看您的手机", "打字查找"),
        (&[Esc, Char('1')], "还有 8 步", "1.  您这次"),
        (&[Esc, Down, Enter], "怎样解除绑定", "1.  您这次"),
        (&[Esc, Down, Down, Enter], "怎样清除缓存", "1.  您这次"),
        (&[Esc, Char('9'), Esc], "> 9.", "zzz"),
        // The last entry leaves, after asking.
        (&[Esc, Up, Enter], "要离开吗", "打字查找"),
        (
            &[Char('w'), Char('j'), Char('m'), Char('m')],
            "> 1. 忘记密码怎么办",
            "您这次要办的",
        ),
        (
            &[Char('w'), Char('j'), Char('m'), Char('m'), Char('1')],
            "统一身份认证平台的",
            "> 1.",
        ),
        // What was typed stays for the next look, and goes with Backspace.
        (
            &[Char('z'), Char('z'), UiKey::Backspace, UiKey::Backspace],
            "1.  您这次要办的",
            "没有找到",
        ),
        (
            &[Char('z'), Char('z'), Char('z'), Char('z'), Enter],
            "没有找到",
            "好的，回去",
        ),
        (
            &[Char('z'), Char('z'), UiKey::ClearField],
            "1.  您这次要办的",
            "没有找到",
        ),
        // Keys that edit nothing leave the page where it is.
        (
            &[UiKey::Left, UiKey::Backspace, UiKey::Delete],
            "好的，回去继续",
            "1.  您这次",
        ),
        (&[PageDown, Down, Up], "好的，回去继续", "1.  您这次"),
    ];
    for (keys, seen, unseen) in cases {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        for key in [UiKey::Help].iter().chain(*keys) {
            assert!(
                matches!(desk.key(&scene, *key), UiAction::Edited),
                "{keys:?}"
            );
            desk.draw(&scene);
        }
        let text = desk.text(&scene);
        assert!(text.contains(seen), "{keys:?}: no {seen} in\n{text}");
        assert!(!text.contains(unseen), "{keys:?}: {unseen} in\n{text}");
    }
}

#[test]
fn taps_and_pastes() {
    let scene = changed();
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    desk.paste(&scene, "验证码\n");
    assert!(desk.text(&scene).contains("1. 收不到验证码"));
    desk.tap(&scene, "收不到验证码");
    assert!(desk.text(&scene).contains("先看号码"));
    desk.tap(&scene, "全部问题");
    assert!(desk.text(&scene).contains("1. 收不到验证码"));
    desk.key(&scene, UiKey::ClearField);
    desk.tap(&scene, "[ F6 先离开，回头再来");
    assert!(desk.text(&scene).contains("要离开吗"));
    desk.paste(&scene, &"x".repeat(1_000_000));
}

#[test]
fn a_list_that_is_not_seen_whole_says_where_in_it_one_is() {
    for lang in [Lang::Zh, Lang::En] {
        let mut scene = Scene::of(scenes::Desk::Free);
        scene.lang = lang;
        // The topics, the keys, the call.
        let all = scene.view().topics().len() + 2;
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        desk.key(&scene, UiKey::Help);
        let text = desk.text(&scene);
        assert!(text.contains(&format!(" 1/{all}")), "{all}: {text}");
        desk.tap(&scene, &format!("1/{all}"));
        assert!(desk.text(&scene).contains(&format!(" 2/{all}")));
        desk.key(&scene, UiKey::Up);
        desk.key(&scene, UiKey::Up);
        let text = desk.text(&scene);
        assert!(text.contains(&format!("> {all}.")), "{text}");
        assert!(text.contains(&format!(" {all}/{all}")), "{text}");
    }
    // Where all are seen there is nothing to say.
    let scene = Scene::of(scenes::Desk::Free);
    let all = scene.view().topics().len() + 2;
    let mut desk = Desk::new(100, 45);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    let text = desk.text(&scene);
    assert!(text.contains(&format!("  {all}.")), "{text}");
    assert!(!text.contains(&format!(" 1/{all}")), "{text}");
}

#[test]
fn a_long_answer_is_scrolled_to_its_end_and_no_further() {
    let mut scene = changed().troubled(Trouble::FateUnknown);
    scene.practice = true;
    scene.pack.faq[0].text = (0..40)
        .map(|n| crate::campus::pack::Localized {
            zh: format!("第 {n} 段"),
            en: format!("paragraph {n}"),
        })
        .collect();
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    desk.keys(&scene, "qchc1");
    let text = desk.text(&scene);
    assert!(
        text.contains("第 0 段") && text.contains("PgDn") && text.contains("服务电话"),
        "{text}"
    );
    for _ in 0..60 {
        desk.key(&scene, UiKey::PageDown);
        desk.draw(&scene);
    }
    let text = desk.text(&scene);
    assert!(
        text.contains("第 39 段") && !text.contains("往下看"),
        "{text}"
    );
    desk.key(&scene, UiKey::Up);
    assert!(desk.text(&scene).contains("还有 1 行"));
}

#[test]
fn no_size_breaks_help() {
    let sizes = [
        (80, 24),
        (81, 25),
        (109, 24),
        (110, 24),
        (200, 60),
        (300, 24),
        (20, 5),
    ];
    for (_, scene, keys) in pages() {
        for (columns, rows) in sizes {
            let mut desk = Desk::new(columns, rows);
            for key in keys
                .iter()
                .chain(&[UiKey::PageDown, UiKey::Down, UiKey::Esc, UiKey::PageUp])
            {
                desk.draw(&scene);
                desk.key(&scene, *key);
            }
            desk.draw(&scene);
        }
    }
}

#[test]
fn a_long_route_is_counted_in_a_narrow_header_and_told_beside_where_there_is_room() {
    let scene = changed();
    let narrow = Desk::new(80, 24).text(&scene);
    assert!(
        narrow.lines().next().unwrap().contains("> 2/9 解绑 <"),
        "{narrow}"
    );
    let wide = Desk::new(120, 40).text(&scene);
    for words in [
        "✓ 1. 清缓存",
        "> 2. 解绑 <",
        "  9. 验证",
        "还有 8 步",
        "缓存清干净了",
    ] {
        assert!(wide.contains(words), "{words}:\n{wide}");
    }
    // While the answers leave several routes, none is reasoned for.
    let open = Desk::new(120, 40).text(&at_step(StepKind::Identity, Way::Phone, 0));
    assert!(open.contains("后面几步"), "{open}");
}

/// A number alone says nothing: each step has its name, or the present one has it beside its place among all.
#[test]
fn no_step_in_the_header_is_a_bare_number() {
    let sizes = [(80, 24), (100, 30), (132, 43)];
    numbering::every_header(&sizes, |page, header, desk_name| {
        let rest = header.replace(desk_name, "");
        let is_bare = |word: &str| word.parse::<u8>().is_ok();
        assert!(!rest.split_whitespace().any(is_bare), "{page}: {header}");
    });
    // Five steps have their names at the least size too.
    let text = Desk::new(80, 24).text(&at_step(StepKind::Verify, Way::Desk, 0));
    let header = text.lines().next().unwrap();
    for words in [
        "内蒙古工业大学",
        "17 号台",
        "✓ 1.告知",
        "✓ 4.关注",
        "> 5.验证 <",
    ] {
        assert!(header.contains(words), "{header}");
    }
}

/// Nothing is found: Enter opens nothing, and its button keeps its place beside the others.
#[test]
fn a_button_that_opens_nothing_keeps_its_place() {
    let scene = at_step(StepKind::Number, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    desk.key(&scene, UiKey::Esc);
    desk.keys(&scene, "qqqq");
    let text = desk.text(&scene);
    for button in ["( Enter 打开 )", "[ F7 开工单 ]", "[ F8 叫志愿者 ]"] {
        assert!(text.contains(button), "{button}: {text}");
    }
}

#[test]
fn the_help_of_a_visit_has_every_button_at_the_least_size() {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    for lang in [Lang::Zh, Lang::En] {
        scene.lang = lang;
        for (columns, rows) in [(80, 24), (100, 30)] {
            for keys in [&[UiKey::Help][..], &[UiKey::Help, UiKey::Esc]] {
                let mut desk = Desk::new(columns, rows);
                desk.draw(&scene);
                for key in keys {
                    desk.key(&scene, *key);
                }
                let text = desk.text(&scene);
                for name in ["[ Enter ", "[ F6 ", "[ F7 ", "[ F8 "] {
                    assert!(
                        text.contains(name),
                        "{name} {lang:?} {columns}x{rows}: {text}"
                    );
                }
            }
        }
    }
}
