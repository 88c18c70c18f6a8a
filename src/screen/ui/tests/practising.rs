//! The practice phone in hand: whose the keys are is seen, it covers nothing of the page that it is used with, and none of
//! its keys is left out. The drill's pages at their least size.

use ratatui::style::Style;

use super::scenes::{all, at_step, drilled, practised};
use super::*;
use crate::visit::StudentNumber;

/// The actions of each page of the practice phone.
const PHONE_PAGES: [&[&str]; 9] = [
    &[
        "scan-grant",
        "scan-register",
        "scan-follow",
        "assistant",
        "read-sms",
        "reset",
    ],
    &["grant-approve", "grant-deny", "home"],
    &["tap-role", "home"],
    &["sign-in", "sign-in-wrong", "home"],
    &["fill-number", "fill-other-number", "home"],
    &["follow", "home"],
    &["assistant-verify", "home"],
    &["assistant-number", "assistant-other-number", "home"],
    &["assistant-code", "assistant-wrong-code", "home"],
];
const ROWS_TAKEN: [u16; 2] = [1, 0];

/// The rows of the page without the signs of what is marked.
fn page_rows(buffer: &Buffer, below: u16, above: u16) -> Vec<String> {
    let text = text_of(buffer);
    let rows: Vec<&str> = text.lines().collect();
    let last = rows.len().saturating_sub(usize::from(above) + 1);
    rows[usize::from(below) + 1..last]
        .iter()
        .map(|row| row.replace(['>', '<'], " ").trim_end().to_owned())
        .collect()
}

#[test]
fn fault_22_the_phone_covers_nothing_at_80_and_100_columns() {
    for (columns, rows) in [(80, 24), (100, 30), (125, 40)] {
        let mut desk = Desk::new(columns, rows);
        for lang in [Lang::Zh, Lang::En] {
            for (name, scene) in all() {
                // What is dimmed or counted down lies over the page by itself.
                if name == "idle" || name == "starting" || name.starts_with("drill") {
                    continue;
                }
                let mut scene = practised(scene);
                scene.lang = lang;
                desk.ui.wipe();
                let before = desk.frame(&scene).clone();
                desk.key(&scene, UiKey::Phone);
                let held = desk.frame(&scene);
                let [below, above] = ROWS_TAKEN;
                assert_eq!(
                    page_rows(held, below, above),
                    page_rows(&before, below, above),
                    "{name} at {columns}x{rows}"
                );
            }
        }
    }
}

/// Whether a cell of the body is drawn as what Enter or typing acts on.
fn marked(buffer: &Buffer, styles: &[Style], columns: std::ops::Range<u16>) -> bool {
    let rows = 2..buffer.area.height.saturating_sub(1);
    rows.into_iter().any(|row| {
        columns.clone().any(|column| {
            let cell = &buffer[(column, row)];
            let is_marked = |style: &Style| (Some(cell.fg), Some(cell.bg)) == (style.fg, style.bg);
            styles.iter().any(is_marked)
        })
    })
}

#[test]
fn fault_22_nothing_of_the_desk_is_marked_while_the_keys_are_the_phones() {
    let theme = Theme::builtin("dark").unwrap();
    let styles = [Role::Selected, Role::FieldFocus].map(|role| theme.style(role));
    for (columns, rows) in [(80, 24), (132, 43)] {
        for scene in [
            at_step(StepKind::Identity, Way::Desk, 0),
            at_step(StepKind::Follow, Way::Desk, 0),
            at_step(StepKind::Identity, Way::Phone, 1),
            placed(Place::Ask(Question::WechatNumber)),
        ] {
            let scene = practised(scene);
            let mut desk = Desk::new(columns, rows);
            let page = 0..columns.min(80);
            assert!(marked(desk.frame(&scene), &styles, page.clone()));
            desk.key(&scene, UiKey::Phone);
            let held = desk.frame(&scene);
            assert!(!marked(held, &styles, page.clone()), "{}", text_of(held));
            let text = text_of(held);
            assert!(!text.contains("> ["), "{text}");
            assert!(text.contains("放下手机") && !text.contains("F10"), "{text}");
            // The phone beside the page is marked instead.
            let says = text.contains("现在按键归手机");
            assert_eq!(says, columns >= 126, "{text}");
            // Laid down, the desk has them again.
            desk.key(&scene, UiKey::Esc);
            assert!(marked(desk.frame(&scene), &styles, page));
        }
    }
}

#[test]
fn no_key_of_the_phone_is_left_out_and_each_can_be_tapped() {
    for lang in [Lang::Zh, Lang::En] {
        for actions in PHONE_PAGES {
            let mut scene = practised(Scene::of(scenes::Desk::Free));
            scene.lang = lang;
            scene.phone.as_mut().unwrap().actions = actions.iter().map(|id| (*id).into()).collect();
            let mut desk = Desk::new(80, 24);
            desk.draw(&scene);
            desk.key(&scene, UiKey::Phone);
            desk.draw(&scene);
            let tapped = |desk: &Desk, hit: Hit| {
                let mut places = desk.ui.hits.places().iter();
                places.any(|(place, there)| *there == hit && place.y == 23)
            };
            for index in 0..actions.len() {
                assert!(tapped(&desk, Hit::Phone(index)), "{actions:?} {lang:?}");
            }
            assert!(tapped(&desk, Hit::Key(UiKey::Esc)), "{actions:?} {lang:?}");
        }
    }
}

/// Whatever the phone shows and however long its news are.
#[test]
fn bad_days_drill_and_number_are_named_wherever_their_keys_work() {
    let news = ["follow-stranger", "number-differs", "sms-read", "reset"];
    for (lang, names) in [
        (Lang::Zh, ["故障", "演练", "换号码"]),
        (Lang::En, ["Bad day", "Drill", "Number"]),
    ] {
        for (columns, rows) in [(80, 24), (100, 30), (125, 40), (126, 40), (132, 43)] {
            let mut desk = Desk::new(columns, rows);
            for (actions, said) in PHONE_PAGES
                .iter()
                .flat_map(|page| news.map(|said| (page, said)))
            {
                let mut scene = practised(Scene::of(scenes::Desk::Free));
                scene.lang = lang;
                let phone = scene.phone.as_mut().unwrap();
                phone.actions = actions.iter().map(|id| (*id).into()).collect();
                phone.said = Some(said.into());
                phone.messages = vec!["【练习】您的验证码是 123456，五分钟内有效".repeat(3)];
                desk.ui.wipe();
                desk.draw(&scene);
                desk.key(&scene, UiKey::Phone);
                let text = desk.text(&scene);
                for (key, name) in ['b', 'd', 'n'].into_iter().zip(names) {
                    let letter = key.to_ascii_uppercase();
                    let is_named = text.contains(&format!("{letter} {name}"))
                        || text.contains(&format!("{letter}  {name}"));
                    assert!(is_named, "{letter} at {columns}x{rows}: {text}");
                    let hit = Hit::Key(UiKey::Char(key));
                    let mut places = desk.ui.hits.places().iter();
                    assert!(places.any(|(_, there)| *there == hit), "{letter}: {text}");
                }
            }
        }
    }
}

/// The practice campus's own: whole beside the keys that are named, at the least size as well.
#[test]
fn a_text_message_is_whole_on_the_phone() {
    let messages = [
        "【练习大学】735104为您的验证码，5分钟内有效，请勿告诉他人。",
        "【企业微信】735104，关注身份验证的验证码，5分钟内有效。",
    ];
    for (lang, bad_day) in [(Lang::Zh, "B 故障"), (Lang::En, "B Bad day")] {
        for (columns, rows) in [(80, 24), (100, 30), (125, 40)] {
            for message in messages {
                let mut scene = practised(Scene::of(scenes::Desk::Free));
                scene.lang = lang;
                let phone = scene.phone.as_mut().unwrap();
                phone.said = Some("sms-read".into());
                phone.messages = vec![message.into()];
                let mut desk = Desk::new(columns, rows);
                desk.draw(&scene);
                desk.key(&scene, UiKey::Phone);
                let text = desk.text(&scene);
                let lines: Vec<&str> = text.lines().skip(1).take(2).collect();
                let [first, second] = lines.as_slice() else {
                    panic!("{text}");
                };
                let (first, _) = first.split_once(bad_day).expect(first);
                let said = format!("{}{}", first.trim_end(), second.trim_start());
                assert!(said.contains(message), "{lang:?} {columns}: {text}");
            }
        }
    }
}

#[test]
fn a_bad_day_is_set_by_its_digit_or_by_a_tap_and_shown_as_on() {
    let mut scene = practised(Scene::of(scenes::Desk::Free));
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Phone);
    desk.key(&scene, UiKey::Char('b'));
    let text = desk.text(&scene);
    assert!(
        text.contains("现在一切正常") && text.contains("断网"),
        "{text}"
    );
    let set = desk.key(&scene, UiKey::Char('2'));
    assert!(matches!(
        set,
        UiAction::Desk(DeskCommand::BadDay { day: 1 })
    ));
    let tapped = desk.tap(&scene, "慢");
    assert!(matches!(
        tapped,
        UiAction::Desk(DeskCommand::BadDay { day: 1 })
    ));
    let none = desk.key(&scene, UiKey::Char('9'));
    assert!(matches!(none, UiAction::Edited));
    scene.phone.as_mut().unwrap().bad_days[1].on = true;
    assert!(desk.text(&scene).contains("[练习手机] 正在模拟：慢"));
    desk.key(&scene, UiKey::Esc);
    desk.key(&scene, UiKey::Esc);
    assert!(desk.text(&scene).contains("[练习] 正在模拟：慢"));
    // Beside the page the list says it too.
    let mut wide = Desk::new(132, 43);
    wide.draw(&scene);
    wide.key(&scene, UiKey::Phone);
    wide.key(&scene, UiKey::Char('b'));
    assert!(wide.text(&scene).contains("学校的系统很慢（正在模拟）"));
}

/// A student who cannot register on any day is no fault that somebody set, and none to look for.
#[test]
fn a_trouble_of_the_students_own_is_named_where_they_are() {
    let mut scene = practised(at_step(StepKind::Identity, Way::Desk, 0));
    let mut desk = Desk::new(80, 24);
    let words = "[练习] 正在模拟：这位同学的账号本来就锁定着";
    assert!(desk.text(&scene).contains("[练习] 一切都是模拟的"));
    scene.visit_mut().tried_as = Some(StudentNumber::from_campus("20260005"));
    assert!(desk.text(&scene).contains(words), "{}", desk.text(&scene));
    scene.visit_mut().tried_as = Some(StudentNumber::from_campus("20260001"));
    assert!(!desk.text(&scene).contains("正在模拟"));
    // Beside what goes wrong for everybody.
    scene.visit_mut().tried_as = Some(StudentNumber::from_campus("20260005"));
    scene.phone.as_mut().unwrap().bad_days[1].on = true;
    assert!(desk.text(&scene).contains("正在模拟：慢、这位同学的账号"));
}

/// Whatever page the phone shows, and with whatever news.
#[test]
fn no_news_and_no_page_of_the_phone_is_cut_in_its_row() {
    let ids = |prefix: &str| -> Vec<String> {
        let lines = include_str!("../../../text/zh-CN.ftl").lines();
        let ids = lines.filter_map(|line| line.split_once(" = ")?.0.strip_prefix(prefix));
        ids.map(str::to_owned).collect()
    };
    let news = ids("phone-said-")
        .into_iter()
        .map(|said| ("grant".to_owned(), Some(said)));
    let pages = ids("phone-page-").into_iter().map(|page| (page, None));
    let all: Vec<(String, Option<String>)> = news.chain(pages).collect();
    assert!(all.len() > 30, "{}", all.len());
    for lang in [Lang::Zh, Lang::En] {
        let text = Text::new(lang);
        let mut desk = Desk::new(80, 24);
        for (page, said) in &all {
            let mut scene = practised(Scene::of(scenes::Desk::Free));
            scene.lang = lang;
            let phone = scene.phone.as_mut().unwrap();
            phone.messages.clear();
            phone.page = page.clone();
            phone.said = said.clone();
            desk.ui.wipe();
            desk.draw(&scene);
            desk.key(&scene, UiKey::Phone);
            let drawn = desk.text(&scene);
            let row = drawn.lines().nth(1).unwrap();
            let key = match said {
                Some(said) => format!("phone-said-{said}"),
                None => format!("phone-page-{page}"),
            };
            assert!(row.contains(&text.get(&key)), "{key}: {row}");
            desk.key(&scene, UiKey::Char('b'));
            let drawn = desk.text(&scene);
            assert!(drawn.contains(&text.get("phone-days-none")), "{drawn}");
        }
    }
}

#[test]
fn the_line_of_practice_takes_one_row_at_80_columns() {
    for (lang, fault) in [(Lang::Zh, "故障：断网"), (Lang::En, "Fault: no network")] {
        let mut scene = practised(Scene::of(scenes::Desk::Free));
        scene.lang = lang;
        let mut desk = Desk::new(80, 24);
        let row = |desk: &mut Desk, scene: &Scene| {
            let text = desk.text(scene);
            text.lines().nth(1).unwrap().to_owned()
        };
        let whole = Text::new(lang).get("practice-banner");
        let plain = row(&mut desk, &scene);
        assert!(plain.contains(&whole), "{plain}");
        let mut scene = drilled(Scene::of(scenes::Desk::Free), false);
        scene.lang = lang;
        scene.phone.as_mut().unwrap().bad_days[0].on = true;
        desk.draw(&scene);
        desk.key(&scene, UiKey::Esc);
        let drilled = row(&mut desk, &scene);
        assert!(
            drilled.contains("2/5") && drilled.contains(fault),
            "{drilled}"
        );
    }
}

/// Enter looks once more, and without a key it is seen too: the page says both.
#[test]
fn the_follow_says_what_enter_does_and_that_it_is_seen_without_it() {
    for (lang, words) in [
        (Lang::Zh, ["自己看到", "按 Enter 马上再看一次"]),
        (Lang::En, ["by itself", "once more now"]),
    ] {
        let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
        scene.lang = lang;
        let mut desk = Desk::new(132, 43);
        let text = desk.text(&scene);
        let text: String = text.replace('\n', " ");
        for words in words {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains("不用按键"), "{text}");
        let asked = desk.key(&scene, UiKey::Enter);
        assert!(
            matches!(asked, UiAction::Visit(Command::CheckAgain)),
            "{asked:?}"
        );
    }
}

#[test]
fn f9_takes_no_phone_in_hand_while_something_lies_over_the_page() {
    let scene = practised(at_step(StepKind::Identity, Way::Desk, 0));
    for over in [UiKey::Help, UiKey::Forgotten, UiKey::Volunteer] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        desk.key(&scene, over);
        let before = desk.text(&scene);
        assert!(matches!(desk.key(&scene, UiKey::Phone), UiAction::Ignored));
        assert_eq!(desk.text(&scene), before);
        while desk.ui.overlay.is_some() {
            desk.key(&scene, UiKey::Esc);
            desk.draw(&scene);
        }
        assert!(!desk.ui.phone.is_held(), "{over:?}");
        desk.key(&scene, UiKey::Phone);
        assert!(desk.ui.phone.is_held(), "{over:?}");
    }
}
