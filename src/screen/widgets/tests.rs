//! Every widget at every size, and what all of them promise.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::*;
use crate::campus::pack::{Localized, PhoneItem, PhonePage};
use crate::screen::UiKey;
use crate::screen::cells::fill;
use crate::screen::theme::{Role, Theme};
use crate::text::Lang;

fn both(zh: &str, en: &str) -> Localized {
    Localized {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

pub(super) fn page() -> PhonePage {
    PhonePage {
        say_with_qr: None,
        warn: None,
        version: None,
        qr: None,
        title: both("用户身份验证", "Identity"),
        say: both("点【填写手机号】", "Tap the number"),
        shows: vec![
            PhoneItem::Text {
                text: both("您当前的手机号：当前没有绑定手机号", "No number is bound"),
            },
            PhoneItem::Picture {
                text: both("长按识别", "Press and hold"),
                tap: false,
            },
            PhoneItem::Row {
                text: both("在校师生", "Students and staff"),
                tap: true,
            },
            PhoneItem::Field {
                text: both("手机号", "Number"),
                mobile: true,
                tap: false,
            },
            PhoneItem::Button {
                text: both("下一步", "Next"),
                tap: true,
            },
        ],
        either: None,
        choices: Vec::new(),
    }
}

/// Draws one of everything into an area of a buffer.
fn draw_all(which: usize, area: Rect, buf: &mut Buffer, theme: &Theme) -> Hits<usize> {
    let mut hits = Hits::new();
    let style = theme.style(Role::Text);
    let words = "请用微信扫描二维码，然后点【在校师生】。 Scan it with WeChat.";
    let choices = [
        "统一身份认证登录页",
        "填写手机号",
        "别的，或者看不懂 (something else)",
    ];
    match which {
        0 => {
            TextBlock::new(words, style).centred().draw(area, buf);
        }
        1 => {
            for size in [
                BigSize::Small,
                BigSize::Tall,
                BigSize::Wide,
                BigSize::Doubled,
            ] {
                BigText::new("138 0013-8000", theme.style(Role::Big), size).draw(area, buf);
            }
            BigText::new("07", style, BigSize::Doubled).draw(area, buf);
        }
        2 => DoneMark::draw(area, theme.style(Role::Success), buf),
        3 => {
            for (focused, enabled) in [(true, true), (false, true), (false, false)] {
                let button = Button {
                    label: "下一步",
                    key: Some("Enter"),
                    focused,
                    enabled,
                };
                let place = button.draw(area, buf, theme);
                hits.push(place, 0);
            }
        }
        4 => {
            for selected in [None, Some(2), Some(9)] {
                let list = ChoiceList {
                    choices: &choices,
                    selected,
                    airy: selected.is_some(),
                };
                list.draw(area, buf, theme, &mut hits, |index| index);
            }
        }
        5 => {
            let mut line = LineField::new(40);
            line.paste("学号20260101学号20260101");
            let caret = line.field("学号", "如 2026", true).draw(area, buf, theme);
            assert!(caret.is_none_or(|caret| area.contains(caret)));
            LineField::new(3)
                .field("a", "占位", false)
                .draw(area, buf, theme);
        }
        6 => {
            let mut number = NumberField::new();
            number.paste("+8613800138000");
            let caret = number.draw("手机号", "", true, area, buf, theme);
            assert!(caret.is_none_or(|caret| area.contains(caret)));
        }
        7 => {
            let mut secret = SecretField::new();
            secret.paste("correct horse battery");
            secret.draw("密码", "", true, area, buf, theme);
            secret.reveal(true);
            let caret = secret.draw("密码", "", true, area, buf, theme);
            assert!(caret.is_none_or(|caret| area.contains(caret)));
        }
        8 => {
            let keypad = Keypad {
                delete: "删除",
                ok: "确定",
                can_ok: true,
            };
            keypad.draw(area, buf, theme, &mut hits, |_| 0);
        }
        9 => {
            let mut code = CodeField::new();
            code.paste("0482");
            let caret = code.draw(true, area, buf, theme);
            assert!(caret.is_none_or(|caret| area.contains(caret)));
        }
        10 => {
            let page = page();
            let phone = PhonePicture {
                title: &page.title,
                shows: &page.shows,
                lang: Lang::Zh,
                mobile: Some("138 0013 8000"),
                tap_word: "点这里",
            };
            phone.draw(area, buf, theme);
        }
        11 => {
            let steps = [
                ("身份", StepMark::Done),
                ("手机号", StepMark::Now),
                ("关注", StepMark::Coming),
            ];
            Progress {
                steps: &steps,
                remaining: "还有 1 步",
            }
            .draw(area, buf, theme);
        }
        12 => {
            let hints = [("Enter", "下一步", 0), ("Esc", "返回", 1)]
                .map(|(key, label, rank)| Hint::new(key, label, rank, 0));
            Footer { hints: &hints }.draw(area, buf, theme, &mut hits);
        }
        13 => {
            Banner {
                kind: BannerKind::Danger,
                word: "错误",
                text: words,
            }
            .draw(area, buf, theme);
        }
        14 => Countdown {
            text: "10 秒后清空",
            left: Duration::from_secs(10),
            of: Duration::from_secs(30),
        }
        .draw(area, buf, theme),
        15 => {
            let inside = Overlay {
                title: "帮助 Help",
                size: Size::new(20, 6),
            }
            .draw(area, buf, theme);
            TextBlock::new(words, style).draw(inside, buf);
        }
        _ => fill(area, buf, style),
    }
    hits
}

const ALL: usize = 17;

#[test]
fn every_widget_at_every_size_stays_in_its_area() {
    for name in ["dark", "monochrome"] {
        let theme = Theme::builtin(name).unwrap();
        for which in 0..ALL {
            for width in 0..=30 {
                for height in 0..=12 {
                    let whole = Rect::new(0, 0, width + 4, height + 2);
                    let area = Rect::new(3, 1, width, height);
                    let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("x"));
                    let hits = draw_all(which, area, &mut buf, &theme);
                    for (x, y) in
                        (0..whole.width).flat_map(|x| (0..whole.height).map(move |y| (x, y)))
                    {
                        if !area.contains((x, y).into()) {
                            assert_eq!(
                                buf[(x, y)].symbol(),
                                "x",
                                "widget {which} at {width}x{height}"
                            );
                            assert_eq!(hits.at(x, y), None, "widget {which} at {width}x{height}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn an_area_beyond_the_buffer_is_no_reason_to_panic() {
    let theme = Theme::builtin("dark").unwrap();
    for which in 0..ALL {
        for (width, height) in [(0, 0), (1, 1), (9, 3), (30, 12)] {
            let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
            for area in [
                Rect::new(0, 0, 90, 40),
                Rect::new(5, 2, 90, 40),
                Rect::new(200, 100, 20, 20),
                Rect::new(65_500, 65_500, 65_535, 65_535),
            ] {
                draw_all(which, area, &mut buf, &theme);
            }
        }
    }
}

#[test]
fn the_selected_choice_is_always_seen_and_tapped() {
    let theme = Theme::builtin("monochrome").unwrap();
    let choices: Vec<String> = (1..=12).map(|n| format!("第 {n} 项")).collect();
    for selected in 0..choices.len() {
        let area = Rect::new(0, 0, 20, 4);
        let mut buf = Buffer::empty(area);
        let mut hits = Hits::new();
        let list = ChoiceList {
            choices: &choices,
            selected: Some(selected),
            airy: false,
        };
        list.draw(area, &mut buf, &theme, &mut hits, |index| index);
        let row = (0..4)
            .find(|row| hits.at(0, *row) == Some(&selected))
            .unwrap();
        assert_eq!(buf[(0, row)].symbol(), ">");
    }
}

#[test]
fn everything_is_said_without_colours() {
    let theme = Theme::builtin("monochrome").unwrap();
    let whole = Rect::new(0, 0, 60, 12);
    for which in 0..ALL {
        let mut buf = Buffer::empty(whole);
        draw_all(which, whole, &mut buf, &theme);
        let coloured = buf.content().iter().any(|cell| {
            use ratatui::style::Color::Reset;
            cell.fg != Reset || cell.bg != Reset
        });
        assert!(!coloured, "widget {which}");
    }
}

#[test]
fn the_caret_stands_where_the_next_character_comes() {
    let theme = Theme::builtin("monochrome").unwrap();
    let area = Rect::new(2, 3, 20, 2);
    let mut line = LineField::new(60);
    let caret = |line: &LineField| {
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 6));
        line.field("学号", "", true)
            .draw(area, &mut buf, &theme)
            .unwrap()
    };
    assert_eq!(caret(&line), (3, 4).into());
    line.paste("学号1");
    assert_eq!(caret(&line), (8, 4).into());
    line.paste("学号学号学号学号学号");
    let end = caret(&line);
    assert!(
        end.x == 20 || end.x == 19,
        "{end}: in the last cells before the bracket"
    );
    line.key(UiKey::Home);
    assert_eq!(caret(&line), (3, 4).into());
}
