//! What was drawn is read back, at every size.

use ratatui::buffer::Cell;

use super::*;
use crate::screen::cells::fill;
use crate::screen::theme::{Role, Theme};

const PALETTES: [QrPalette; 4] = [
    QrPalette::Rgb,
    QrPalette::Indexed,
    QrPalette::Ansi16,
    QrPalette::Console,
];

/// Like a registration address: what a campus prints on its posters.
fn payload(len: usize) -> String {
    let address =
        "https://open.weixin.example.edu.cn/connect/oauth2/authorize?appid=wx0123456789abcdef";
    address
        .chars()
        .chain("&Redirect_Uri=2026/".chars().cycle())
        .take(len)
        .collect()
}

fn drawn(art: &QrArt, area: Rect, theme: &Theme) -> Buffer {
    let mut buf = Buffer::filled(area, Cell::new("字"));
    fill(area, &mut buf, theme.style(Role::Screen));
    art.render(area, &mut buf);
    buf
}

#[test]
fn what_is_drawn_is_read_back_at_every_size() {
    let themes: Vec<Theme> = Theme::names(None)
        .iter()
        .filter_map(|name| Theme::builtin(name))
        .collect();
    let widths = [
        1, 20, 24, 25, 28, 29, 33, 40, 41, 58, 66, 74, 80, 82, 100, 123, 160, 200,
    ];
    let heights = [1, 10, 12, 13, 15, 17, 21, 24, 29, 37, 41, 45, 62, 80];
    let lengths = [1, 14, 26, 27, 42, 43, 60, 62, 84, 120, 213, 300];
    let mut read = 0;
    for (turn, width) in widths.into_iter().enumerate() {
        for (other, height) in heights.into_iter().enumerate() {
            // Every size with some lengths, palettes and themes in turn: all of them with each other would take an hour.
            let text = payload(lengths[(turn + other) % lengths.len()]);
            let palette = PALETTES[other % PALETTES.len()];
            let theme = &themes[(turn * 2 + other) % themes.len()];
            let area = Rect::new(0, 0, width, height);
            let Some(art) = QrArt::fit(&text, area.as_size(), palette) else {
                continue;
            };
            let buf = drawn(&art, area, theme);
            assert_eq!(
                QrArt::decode_back(&buf, area).as_deref(),
                Some(text.as_str()),
                "{art:?} in {width}x{height} with {}",
                theme.name()
            );
            read += 1;
        }
    }
    assert!(read > 80, "{read}");
}

#[test]
fn every_length_is_read_back() {
    let theme = Theme::builtin("dark").unwrap();
    let area = Rect::new(0, 0, 80, 40);
    for len in (1..=300).step_by(7) {
        let text = payload(len);
        let art = QrArt::fit(&text, area.as_size(), QrPalette::Rgb).unwrap();
        let buf = drawn(&art, area, &theme);
        assert_eq!(QrArt::decode_back(&buf, area), Some(text), "{len}: {art:?}");
    }
}

#[test]
fn other_letters_are_bytes_and_never_taken_for_kanji() {
    let theme = Theme::builtin("dark").unwrap();
    let area = Rect::new(0, 0, 120, 60);
    for text in [
        "扫一扫：内蒙古工业大学",
        "https://例子.cn/注册?学号=20260101",
        "日本語カタカナ",
        "é€漢",
    ] {
        let art = QrArt::fit(text, area.as_size(), QrPalette::Rgb).unwrap();
        let buf = drawn(&art, area, &theme);
        assert_eq!(QrArt::decode_back(&buf, area).as_deref(), Some(text));
    }
}

#[test]
fn the_largest_whole_multiple_is_taken() {
    let form = |text: &str, width, height, palette| {
        QrArt::fit(text, Size::new(width, height), palette).map(|art| {
            (
                art.modules(),
                art.scale(),
                art.quiet(),
                art.size().width,
                art.size().height,
            )
        })
    };
    let url = payload(60);
    let rgb = |width, height| form(&url, width, height, QrPalette::Rgb);
    assert_eq!(rgb(41, 21), Some((33, 1, 4, 41, 21)));
    assert_eq!(rgb(82, 41), Some((33, 2, 4, 82, 41)));
    assert_eq!(
        rgb(81, 41),
        Some((33, 2, 2, 74, 37)),
        "a step of scale is worth more than quiet zone"
    );
    assert_eq!(rgb(123, 62), Some((33, 3, 4, 123, 62)));
    assert_eq!(rgb(164, 82), Some((33, 4, 4, 164, 82)));
    assert_eq!(rgb(40, 100), Some((33, 1, 2, 37, 19)));
    assert_eq!(rgb(36, 100), None, "never in part");
    let low = form(&payload(43), 36, 100, QrPalette::Rgb);
    assert_eq!(
        low,
        Some((29, 1, 2, 33, 17)),
        "L where M does not fit at all"
    );
    let console = |width, height| form(&url, width, height, QrPalette::Console);
    assert_eq!(console(80, 24), None, "the console has no half blocks");
    assert_eq!(console(123, 62).map(|form| form.1), Some(2));
}

#[test]
fn the_level_is_medium_raised_for_nothing_and_lowered_for_a_step() {
    let room = Size::new(200, 100);
    // Two characters at M need version 1, which holds them at H too.
    let art = QrArt::fit("ab", room, QrPalette::Rgb).unwrap();
    let high = encode::modules(b"ab", encode::smallest(b"ab", encode::MEDIUM).unwrap());
    assert_eq!(Some(art.dark), high);
    assert_eq!(art.modules, 21);
    // 43 bytes: version 4 at M, version 3 at L. In 80 rows both draw 4x and M is kept; where L gains a step it is taken.
    let text = payload(43);
    let at = |columns| QrArt::fit(&text, Size::new(columns, 200), QrPalette::Rgb).unwrap();
    assert_eq!((at(82).modules(), at(82).scale()), (33, 2));
    assert_eq!(
        (at(73).modules(), at(73).scale()),
        (29, 2),
        "M would fall to 1x"
    );
}

#[test]
fn black_on_white_on_every_cell_and_half_blocks_only_where_two_meet() {
    let area = Rect::new(0, 0, 140, 70);
    let theme = Theme::builtin("light").unwrap();
    for scale in 1..=4 {
        let art = QrArt::at_scale("https://example.edu.cn", scale, QrPalette::Rgb).unwrap();
        let place = art.place(area).unwrap();
        let buf = drawn(&art, area, &theme);
        let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
        let mut halves = 0;
        for position in place.positions() {
            let cell = &buf[position];
            assert!(cell.bg == black || cell.bg == white);
            assert!((cell.fg == black || cell.fg == white) && cell.fg != cell.bg);
            assert!([" ", "▄"].contains(&cell.symbol()));
            halves += usize::from(cell.symbol() == "▄");
        }
        assert_eq!(halves > 0, scale % 2 == 1, "scale {scale}");
        let edge = |x, y| buf[(x, y)].bg == white && buf[(x, y)].symbol() == " ";
        assert!(
            (place.left()..place.right())
                .all(|x| edge(x, place.top()) && edge(x, place.bottom() - 1))
        );
    }
}

#[test]
fn what_does_not_fit_whole_leaves_the_page_alone() {
    let art = QrArt::at_scale("https://example.edu.cn", 2, QrPalette::Rgb).unwrap();
    let size = art.size();
    for (width, height) in [
        (size.width - 1, size.height),
        (size.width, size.height - 1),
        (0, 0),
    ] {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        art.render(area, &mut buf);
        assert_eq!(buf, Buffer::empty(area));
        // An area larger than the buffer is as bad.
        art.render(Rect::new(0, 0, 500, 500), &mut buf);
        assert_eq!(buf, Buffer::empty(area));
    }
}

#[test]
fn too_much_for_any_code_is_none() {
    let room = Size::new(2000, 2000);
    assert!(
        QrArt::fit(vec![b'x'; 2953], room, QrPalette::Rgb).is_some(),
        "version 40 at L"
    );
    assert!(QrArt::fit(vec![b'x'; 2954], room, QrPalette::Rgb).is_none());
    assert!(QrArt::fit(vec![0xff; 5000], room, QrPalette::Rgb).is_none());
    assert!(QrArt::at_scale("x", 0, QrPalette::Rgb).is_none());
    assert!(QrArt::at_scale("x", 3, QrPalette::Console).is_none());
    assert!(QrArt::fit("", room, QrPalette::Rgb).is_some());
}

#[test]
fn printed_lines_are_read_back_by_a_terminal() {
    let art = QrArt::fit(
        "https://example.edu.cn/注册",
        Size::new(80, 23),
        QrPalette::Rgb,
    )
    .unwrap();
    let mut terminal = vt100::Parser::new(24, 80, 0);
    terminal.process(art.to_sgr().replace('\n', "\r\n").as_bytes());
    let luma = |colour| match colour {
        vt100::Color::Rgb(r, _, _) => r,
        _ => 0,
    };
    let found = decode_cells(80, 24, |column, row| {
        let cell = terminal.screen().cell(row, column).unwrap();
        let (fg, bg) = (luma(cell.fgcolor()), luma(cell.bgcolor()));
        match cell.contents() {
            "▄" => CellLook {
                upper: bg,
                lower: fg,
            },
            _ => CellLook {
                upper: bg,
                lower: bg,
            },
        }
    });
    assert_eq!(found, ["https://example.edu.cn/注册"]);
}
