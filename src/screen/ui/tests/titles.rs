//! Titles: large from a window of 100x30 on and in plain words always. A code and its words stand together in the middle.

use ratatui::layout::Rect;

use super::scenes::{
    at_step, coded, follow_not_seen, granting, offered, other_number, unbinding, without_qr,
};
use super::*;
use crate::screen::qr::QrArt;
use crate::text::Text;
use crate::visit::{ActKind, Answer, Question};

/// What the title of a page is, in plain words.
fn titled() -> Vec<(Scene, [&'static str; 2])> {
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    let by_desk = |step| at_step(step, Way::Desk, 0);
    let free = || Scene::of(scenes::Desk::Free);
    vec![
        (free(), ["欢迎新同学", "Welcome, new students"]),
        (without_qr(), ["欢迎新同学", "Welcome, new students"]),
        (by_desk(Notice), ["开始之前，请您知道", "Before we begin"]),
        (
            by_desk(Identity),
            ["登录统一身份认证", "Sign in with your unified"],
        ),
        (by_desk(Number), ["填写手机号", "Your mobile number"]),
        (by_desk(Follow), ["用微信关注", "Follow 【"]),
        (
            by_desk(Verify),
            ["输入短信验证码", "Type the code from the SMS"],
        ),
        (coded(), ["输入短信验证码", "Type the code from the SMS"]),
        (
            at_step(Identity, Way::Phone, 0),
            ["请看您的手机", "Look at your phone"],
        ),
        (
            at_step(Number, Way::Phone, 0),
            ["请看您的手机", "Look at your phone"],
        ),
        (
            other_number(),
            ["解绑老学号：先登录", "Unbind the old number"],
        ),
        (unbinding(), ["请看清楚再确认", "read before you confirm"]),
        (
            placed(Place::AlreadyBound),
            ["您已经绑定过了", "You are bound already"],
        ),
        (
            placed(Place::Stuck),
            ["请叫志愿者", "Please call a volunteer"],
        ),
        (
            offered(false),
            ["接着刚才的办？", "Go on where you stopped?"],
        ),
    ]
}

/// The rows that hold points of large characters; a code is drawn from lower halves alone.
fn large_rows(text: &str) -> usize {
    text.lines().filter(|row| row.contains(['█', '▀'])).count()
}

#[test]
fn fault_26_titles_are_large_from_100x30_on_and_stand_in_plain_words_too() {
    for (mut scene, titles) in titled() {
        for (lang, title) in [Lang::Zh, Lang::En].into_iter().zip(titles) {
            scene.lang = lang;
            for (columns, rows) in [(80, 24), (99, 45), (132, 29)] {
                let text = Desk::new(columns, rows).text(&scene);
                assert_eq!(large_rows(&text), 0, "{columns}x{rows}: {text}");
                assert!(text.contains(title), "{title}: {text}");
            }
            for (columns, rows) in [(100, 30), (132, 43), (200, 60)] {
                let text = Desk::new(columns, rows).text(&scene);
                // Beside a large code and the card of the route there is no room for it.
                let has_card = text.contains("您这次要办的") || text.contains("Your steps");
                if columns == 132 && has_card {
                    continue;
                }
                assert!(large_rows(&text) >= 4, "{columns}x{rows}: {text}");
                assert!(text.contains(title), "{title} {columns}x{rows}: {text}");
            }
        }
    }
}

/// The sign-in on the phone: its code is what is to be compared, and the largest where there is the room for it.
#[test]
fn fault_26_the_code_to_compare_is_large() {
    let scene = granting(at_step(StepKind::Identity, Way::Desk, 0), true);
    for (columns, rows) in [(132, 43), (200, 60)] {
        let text = Desk::new(columns, rows).text(&scene);
        let plain = text.lines().position(|row| row.contains("WDJB-MJHT"));
        let plain = plain.unwrap_or_else(|| panic!("{text}"));
        // A blank row, and the lower half of the code above it.
        let above: Vec<&str> = text.lines().skip(plain.saturating_sub(3)).take(2).collect();
        assert!(
            above.iter().any(|row| row.contains('█')),
            "{columns}x{rows}: {text}"
        );
    }
}

/// The cells of the code, its white ground.
fn code(buffer: &Buffer) -> Rect {
    let whites = [Color::Rgb(255, 255, 255), Color::Indexed(231), Color::White];
    let white = |at: &(u16, u16)| whites.contains(&buffer[*at].bg);
    let rows = 0..buffer.area.height;
    let cells = rows.flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)));
    let cells: Vec<(u16, u16)> = cells.filter(white).collect();
    let one = |(x, y): &(u16, u16)| Rect::new(*x, *y, 1, 1);
    let code = cells.iter().map(one).reduce(Rect::union);
    code.unwrap_or_else(|| panic!("no code on {}", text_of(buffer)))
}

/// The cells right of a place, between header and footer, that hold something.
fn words(buffer: &Buffer, right_of: Rect) -> Rect {
    let is_there = |at: &(u16, u16)| !buffer[*at].symbol().trim().is_empty();
    let rows = 1..buffer.area.height - 1;
    let cells = rows.flat_map(|y| (right_of.right()..buffer.area.width).map(move |x| (x, y)));
    let cells: Vec<(u16, u16)> = cells.filter(is_there).collect();
    let one = |(x, y): &(u16, u16)| Rect::new(*x, *y, 1, 1);
    cells.iter().map(one).reduce(Rect::union).unwrap()
}

/// A question's page too: its short words are large, its sentence stands below them, and every answer and where to look
/// still have their place.
#[test]
fn a_question_has_a_large_title_and_keeps_its_answers() {
    for question in Question::ALL.iter().copied() {
        for lang in [Lang::Zh, Lang::En] {
            let mut scene = placed(Place::Ask(question));
            scene.lang = lang;
            let words = Text::new(lang);
            let said = |part: &str| words.get(&format!("ask-{}-{part}", question.name()));
            for (columns, rows) in [(100, 30), (132, 43), (200, 60)] {
                let mut desk = Desk::new(columns, rows);
                let first = desk.text(&scene);
                let at = format!("{question:?} {columns}x{rows}: {first}");
                assert!(large_rows(&first) >= 4, "{at}");
                let answers = question.answers();
                let (last, place) = (answers.last().unwrap(), answers.len());
                assert!(
                    first.contains(&format!("{place}. {}", said(last.name()))),
                    "{at}"
                );
                if *last == Answer::Unsure {
                    let key = char::from_digit(u32::try_from(place).unwrap(), 10).unwrap();
                    desk.key(&scene, UiKey::Char(key));
                    let looked = desk.text(&scene);
                    assert!(looked.contains(&said("look")), "{looked}");
                    let end = said("path-after");
                    let end = end.chars().rev().take(2).collect::<Vec<_>>();
                    let end: String = end.into_iter().rev().collect();
                    assert!(looked.contains(&end), "{end} {looked}");
                }
            }
        }
    }
}

#[test]
fn fault_25_a_code_and_its_words_stand_together_in_the_middle() {
    for scene in [
        Scene::of(scenes::Desk::Free),
        at_step(StepKind::Follow, Way::Desk, 0),
        follow_not_seen(),
        at_step(StepKind::Follow, Way::Desk, 0).waits(ActKind::FindMember),
        granting(at_step(StepKind::Identity, Way::Desk, 0), true),
    ] {
        for (columns, rows) in [(80, 24), (100, 30), (100, 45), (132, 43), (200, 60)] {
            let mut desk = Desk::new(columns, rows);
            let buffer = desk.frame(&scene);
            let text = text_of(buffer);
            let at = format!("{columns}x{rows}:\n{text}");
            let code = code(buffer);
            let words = words(buffer, code);
            assert!(words.x - code.right() <= 4, "apart at {at}");
            // From the code's first row on, or as much higher as they are more.
            let begins = words.y >= code.y || words.height >= code.height;
            assert!(begins && words.y <= code.y + code.height / 3 + 1, "{at}");
            // As much air at the left as at the right of 64 columns of words.
            let whole = (code.width + 2 + 64).min(columns - 2);
            let air = (columns - whole) / 2;
            assert!(code.x.abs_diff(air) <= 1, "{} of {air} at {at}", code.x);
        }
    }
}

/// Words first, largest first: a code is only as large as leaves them whole lines and, where titles are large, the title.
#[test]
fn a_code_leaves_the_words_beside_it_whole_lines_and_the_large_title() {
    let scenes = [
        Scene::of(scenes::Desk::Free),
        at_step(StepKind::Follow, Way::Desk, 0),
        at_step(StepKind::Identity, Way::Phone, 0),
    ];
    for mut scene in scenes {
        for lang in [Lang::Zh, Lang::En] {
            scene.lang = lang;
            check_room_beside_code(&scene);
        }
    }
}

fn check_room_beside_code(scene: &Scene) {
    let mut least = None;
    for (columns, rows) in [
        (80, 24),
        (100, 30),
        (100, 45),
        (120, 40),
        (132, 43),
        (200, 60),
    ] {
        let mut desk = Desk::new(columns, rows);
        let buffer = desk.frame(scene);
        let text = text_of(buffer);
        let at = format!("{columns}x{rows}:\n{text}");
        let code = code(buffer);
        // A gap of two columns, and one at the edge.
        let left = columns - 3 - code.right();
        assert!(left >= 36, "{left} columns for the words at {at}");
        assert!(QrArt::decode_back(buffer, buffer.area).is_some(), "{at}");
        // Never smaller than where there is the least room.
        assert!(code.width >= *least.get_or_insert(code.width), "{at}");
        assert_eq!(large_rows(&text) >= 4, columns >= 100, "{at}");
    }
}
