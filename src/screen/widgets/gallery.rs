//! All widgets on one page, for the eye: `THEME=light cargo test --lib gallery -- --ignored --nocapture`.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::*;
use crate::screen::cells::{fill, width};
use crate::screen::theme::{Role, Theme, sgr};
use crate::text::Lang;

#[test]
#[ignore = "for the eye, not for the machine"]
fn gallery() {
    let name = std::env::var("THEME").unwrap_or_else(|_| "dark".to_owned());
    let theme = Theme::builtin(&name).unwrap();
    let whole = Rect::new(0, 0, 100, 44);
    let mut buf = Buffer::empty(whole);
    fill(whole, &mut buf, theme.style(Role::Screen));
    left(&mut buf, &theme);
    right(&mut buf, &theme);
    for y in 0..whole.height {
        let mut line = String::new();
        let mut x = 0;
        while x < whole.width {
            let cell = &buf[(x, y)];
            line.push_str(&sgr(cell.style()));
            line.push_str(cell.symbol());
            x += width(cell.symbol()).max(1);
        }
        println!("{line}\x1b[0m");
    }
}

fn left(buf: &mut Buffer, theme: &Theme) {
    let mut hits = Hits::new();
    let steps = [
        ("身份", StepMark::Done),
        ("手机号", StepMark::Now),
        ("关注", StepMark::Coming),
    ];
    let progress = Progress {
        steps: &steps,
        remaining: "还有 1 步",
    };
    progress.draw(Rect::new(1, 0, 98, 1), buf, theme);
    let words = "请用微信扫描二维码，然后点【在校师生】。 Scan it with WeChat.";
    TextBlock::new(words, theme.style(Role::Text)).draw(Rect::new(1, 2, 44, 2), buf);
    let big = BigText::new("017-4822", theme.style(Role::Big), BigSize::Tall);
    big.draw(Rect::new(1, 3, 50, 7), buf);
    for (x, focused, enabled) in [(1, true, true), (21, false, true), (41, false, false)] {
        let button = Button {
            label: "下一步",
            key: Some("Enter"),
            focused,
            enabled,
        };
        button.draw(Rect::new(x, 11, 30, 1), buf, theme);
    }
    let choices = ["统一身份认证登录页", "填写手机号", "别的，或者看不懂"];
    let list = ChoiceList {
        choices: &choices,
        selected: Some(1),
        airy: true,
    };
    list.draw(Rect::new(1, 13, 40, 5), buf, theme, &mut hits, |_| 0);
    let mut line = LineField::new(40);
    line.paste("20260101");
    let field = |row| Rect::new(1, row, 40, 2);
    line.field("学号", "", true).draw(field(19), buf, theme);
    let mut secret = SecretField::new();
    secret.draw("密码", "统一身份认证的密码", false, field(22), buf, theme);
    secret.paste("correct horse");
    secret.draw("密码", "", false, field(25), buf, theme);
    let keypad = Keypad {
        delete: "删除",
        ok: "确定",
        can_ok: true,
    };
    keypad.draw(Rect::new(1, 28, 40, 15), buf, theme, &mut hits, |_| 0);
    let hints = [
        ("Enter", "下一步"),
        ("Esc", "返回"),
        ("F1", "帮助"),
        ("F2", "English"),
    ]
    .map(|(key, label)| Hint::new(key, label, 0, 0));
    Footer { hints: &hints }.draw(Rect::new(0, 43, 100, 1), buf, theme, &mut hits);
}

fn right(buf: &mut Buffer, theme: &Theme) {
    DoneMark::draw(Rect::new(66, 1, 26, 7), theme.style(Role::Bound), buf);
    let page = super::tests::page();
    let phone = PhonePicture {
        title: &page.title,
        shows: &page.shows,
        lang: Lang::Zh,
        mobile: Some("138 0013 8000"),
        tap_word: "点这里",
    };
    phone.draw(Rect::new(62, 9, 36, 22), buf, theme);
    let kinds = [
        BannerKind::Practice,
        BannerKind::Info,
        BannerKind::Warning,
        BannerKind::Danger,
    ];
    for (row, (kind, word)) in (32..).zip(kinds.into_iter().zip(["练习", "提示", "注意", "错误"]))
    {
        let banner = Banner {
            kind,
            word,
            text: "网络暂时不通，可以先登记。",
        };
        banner.draw(Rect::new(45, row, 50, 1), buf, theme);
    }
    let countdown = Countdown {
        text: "10 秒后清空，按任意键继续",
        left: Duration::from_secs(10),
        of: Duration::from_secs(30),
    };
    countdown.draw(Rect::new(45, 37, 50, 1), buf, theme);
    let mut code = CodeField::new();
    code.paste("0482");
    code.draw(true, Rect::new(44, 39, 54, 3), buf, theme);
    let overlay = Overlay {
        title: "帮助",
        size: Size::new(12, 3),
    };
    let inside = overlay.draw(Rect::new(44, 14, 16, 5), buf, theme);
    TextBlock::new("F1 帮助\nEsc 返回", theme.style(Role::Text)).draw(inside, buf);
}
