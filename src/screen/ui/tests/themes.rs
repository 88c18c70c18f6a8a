//! Every page in every embedded theme: it can be read, and colours alone never show a state.

use ratatui::buffer::Cell;
use ratatui::style::Modifier;

use super::drawing::overlays;
use super::scenes::{Lock, all, at_step, coded, offered, secs};
use super::*;
use crate::screen::theme::tests::ratio;
use crate::screen::theme::{Colours, Terminal as Ability};
use crate::visit::{ActKind, Gateway, StepKind};

const THEMES: [&str; 5] = ["dark", "light", "high-contrast", "16-colour", "monochrome"];

/// What a theme is drawn with; `None` is the default where colours are not wanted.
fn theme(name: Option<&str>) -> Theme {
    let ability = Ability {
        colours: Colours::Rgb,
        no_color: name.is_none(),
        console: false,
    };
    let (theme, fault) = Theme::load_in(name.unwrap_or("auto"), None, ability);
    assert_eq!(fault, None);
    theme
}

/// Every page and every overlay, in both languages, drawn in a theme.
fn each(name: Option<&str>, look: impl Fn(&str, &Buffer)) {
    let pages = all().into_iter().map(|(name, scene)| (name, scene, vec![]));
    let pages = pages.chain(overlays()).chain(day::pages());
    let mut pages: Vec<(&str, Scene, Vec<UiKey>)> = pages.collect();
    let mut desk = Desk::new(80, 24);
    desk.ui.set_theme(theme(name));
    for (lang, columns, rows) in [(Lang::Zh, 80, 24), (Lang::En, 120, 40)] {
        desk.resize(columns, rows);
        for (page, scene, keys) in &mut pages {
            scene.lang = lang;
            desk.ui.wipe();
            desk.draw(scene);
            for key in keys.iter() {
                desk.key(scene, *key);
                desk.draw(scene);
            }
            let at = format!("{page} in {name:?}, {columns}x{rows}");
            look(&at, desk.draw(scene));
        }
    }
}

/// The colours that are seen: reversed ones are exchanged.
fn seen(cell: &Cell) -> (Color, Color) {
    if cell.modifier.contains(Modifier::REVERSED) {
        (cell.bg, cell.fg)
    } else {
        (cell.fg, cell.bg)
    }
}

fn is_line(symbol: &str) -> bool {
    symbol
        .chars()
        .all(|c| ('\u{2500}'..='\u{259f}').contains(&c))
}

#[test]
fn every_cell_of_every_page_can_be_read_in_the_rgb_themes() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        each(Some(name), |at, buffer| {
            for cell in buffer.content() {
                let symbol = cell.symbol();
                if symbol.trim().is_empty() {
                    continue;
                }
                let (over, under) = seen(cell);
                let is_set = over != Color::Reset && under != Color::Reset;
                assert!(is_set, "{at}: {symbol:?} is the terminal's to colour");
                // Not words: WCAG 1.4.11 asks for 3.
                let least = if is_line(symbol) { 3.0 } else { least };
                let ratio = ratio(over, under);
                assert!(
                    ratio >= least,
                    "{at}: {symbol:?} is {over} on {under}, {ratio:.2}"
                );
            }
        });
    }
}

/// The pages with marks and bars: blank cells in a colour that is a foreground elsewhere.
const PAINTED: [&str; 5] = [
    "bound",
    "noted_by_word",
    "already_bound_by_word",
    "day",
    "day_end",
];

/// The colours of what is painted beside another, each with the one of the cell around it.
fn painted(buffer: &Buffer) -> impl Iterator<Item = (Color, Color)> {
    let places = buffer.area.rows().flat_map(Rect::columns);
    places.flat_map(move |at| {
        let around = [
            (at.x.wrapping_sub(1), at.y),
            (at.x.saturating_add(1), at.y),
            (at.x, at.y.wrapping_sub(1)),
            (at.x, at.y.saturating_add(1)),
        ];
        // A band's cells have the page's foreground, if they are blank as well.
        let cell = buffer.cell(at);
        let cell = cell.filter(|cell| cell.symbol() == " " && cell.fg == cell.bg);
        let beside = move |place: (u16, u16)| Some((cell?.bg, seen(buffer.cell(place)?).1));
        around.into_iter().filter_map(beside)
    })
}

#[test]
fn marks_and_bars_stand_out_from_their_ground() {
    for name in ["dark", "light", "high-contrast"] {
        let theme = theme(Some(name));
        let [done, noted, big] =
            [Role::Bound, Role::ByWord, Role::Big].map(|role| theme.style(role).fg);
        let colours_of = |page: &str| match page {
            "bound" => vec![done],
            "day" | "day_end" => vec![big, done, noted],
            _ => vec![noted],
        };
        let shown = std::cell::RefCell::new(Vec::new());
        each(Some(name), |at, buffer| {
            let (page, _) = at.split_once(" in ").unwrap();
            if !PAINTED.contains(&page) {
                return;
            }
            let colours = colours_of(page);
            let is_meant = |colour: &Color| colours.contains(&Some(*colour));
            let pairs: Vec<(Color, Color)> = painted(buffer)
                .filter(|(one, other)| is_meant(one) && !is_meant(other))
                .collect();
            for colour in colours.into_iter().flatten() {
                assert!(
                    pairs.iter().any(|(one, _)| *one == colour),
                    "{at}: no {colour}"
                );
            }
            for (one, other) in pairs {
                // Not words: WCAG 1.4.11 asks for 3.
                let ratio = ratio(one, other);
                assert!(ratio >= 3.0, "{at}: {one} on {other}, {ratio:.2}");
            }
            shown.borrow_mut().push(page.to_owned());
        });
        for page in PAINTED {
            let times = shown.borrow().iter().filter(|shown| *shown == page).count();
            assert_eq!(times, 2, "{page}");
        }
    }
}

/// Green is what was seen: no theme with colours paints what is noted by word, or a number, in the same one.
#[test]
fn what_is_bound_has_a_colour_of_its_own_in_every_theme() {
    for name in ["dark", "light", "high-contrast", "16-colour"] {
        let theme = theme(Some(name));
        let [bound, noted, big] =
            [Role::Bound, Role::ByWord, Role::Big].map(|role| theme.style(role).fg);
        assert!(
            bound.is_some() && bound != noted && bound != big && noted != big,
            "{name}"
        );
    }
}

#[test]
fn sixteen_colours_are_enough_for_every_page() {
    each(Some("16-colour"), |at, buffer| {
        for cell in buffer.content() {
            let (over, under) = seen(cell);
            // A code's black and white are the terminal's to promise.
            let is_code =
                |colour| matches!(colour, Color::Rgb(0, 0, 0) | Color::Rgb(255, 255, 255));
            if is_code(over) || is_code(under) {
                continue;
            }
            for colour in [over, under] {
                assert!(
                    !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                    "{at}: {colour}"
                );
            }
            let blank = cell.symbol().trim().is_empty();
            assert!(blank || over != under, "{at}: {:?}", cell.symbol());
        }
    });
}

#[test]
fn without_colours_nothing_but_a_code_is_coloured() {
    for name in [Some("monochrome"), None] {
        each(name, |at, buffer| {
            for cell in buffer.content() {
                let is_code =
                    |colour| matches!(colour, Color::Rgb(0, 0, 0) | Color::Rgb(255, 255, 255));
                for colour in [cell.fg, cell.bg] {
                    assert!(colour == Color::Reset || is_code(colour), "{at}: {colour}");
                }
            }
        });
    }
}

/// The signs alone: neither colours nor bold nor reversed.
fn signs(desk: &mut Desk, scene: &Scene, keys: &[UiKey]) -> String {
    desk.ui.wipe();
    desk.draw(scene);
    for key in keys {
        desk.key(scene, *key);
    }
    let buffer = desk.draw(scene);
    let rows = buffer.content().chunks(100);
    rows.map(|row| row.iter().map(Cell::symbol).collect::<String>() + "\n")
        .collect()
}

#[test]
fn no_state_is_told_by_colour_alone() {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let number = || at_step(StepKind::Number, Way::Desk, 0);
    let ask = || placed(Place::Ask(Question::WechatNumber));
    let panel = |gateway| {
        let mut scene = identity();
        scene.volunteer = Lock::Open;
        scene.reach.sms = gateway;
        scene
    };
    let free = |store| {
        let mut scene = Scene::of(scenes::Desk::Free);
        scene.store = store;
        scene
    };
    let typed = |text: &str| text.chars().map(UiKey::Char).collect::<Vec<_>>();
    let opened = |keys: &[UiKey]| {
        [
            vec![UiKey::Volunteer],
            typed("246810"),
            vec![UiKey::Enter],
            keys.to_vec(),
        ]
        .concat()
    };
    let mut sent = coded();
    sent.resend_in = Some(secs(0));
    let mut counting = identity();
    counting.idle_left = Some(secs(9));
    let down = Gateway::Down { since: secs(60) };
    type State = (Scene, Vec<UiKey>);
    let pairs: Vec<(&str, State, State)> = vec![
        (
            "a field's focus",
            (identity(), vec![]),
            (identity(), vec![UiKey::Tab]),
        ),
        (
            "a field's focus, offered",
            (offered(false), vec![]),
            (offered(false), vec![UiKey::Tab]),
        ),
        ("a choice", (ask(), vec![]), (ask(), vec![UiKey::Down])),
        (
            "a choice on the phone's page",
            (at_step(StepKind::Identity, Way::Phone, 0), vec![]),
            (
                at_step(StepKind::Identity, Way::Phone, 0),
                vec![UiKey::Down],
            ),
        ),
        (
            "a choice of the panel",
            (panel(Gateway::Up), opened(&[])),
            (panel(Gateway::Up), opened(&[UiKey::Down])),
        ),
        (
            "a row of the panel",
            (panel(Gateway::Up), opened(&[UiKey::Up])),
            (panel(Gateway::Up), opened(&[UiKey::Up, UiKey::Up])),
        ),
        (
            "a gateway",
            (panel(Gateway::Up), opened(&[])),
            (panel(down), opened(&[])),
        ),
        (
            "a slow gateway",
            (panel(Gateway::Up), opened(&[])),
            (panel(Gateway::Slow), opened(&[])),
        ),
        (
            "a wait",
            (identity(), vec![]),
            (identity().waits(ActKind::SignIn), vec![]),
        ),
        (
            "a number that is whole",
            (number(), typed("13800138000")),
            (number(), typed("13800138005")[..10].to_vec()),
        ),
        (
            "a number that is wrong",
            (number(), typed("13800138000")),
            (number(), typed("12800138000")),
        ),
        (
            "a code that may be sent again",
            (coded(), vec![]),
            (sent, vec![]),
        ),
        ("a typed code", (coded(), vec![]), (coded(), typed("1"))),
        (
            "the idle countdown",
            (identity(), vec![]),
            (counting, vec![]),
        ),
        (
            "a full store",
            (free(StoreHealth::Good), vec![]),
            (free(StoreHealth::Full), vec![]),
        ),
        (
            "a broken store",
            (free(StoreHealth::Full), vec![]),
            (free(StoreHealth::Failed), vec![]),
        ),
        (
            "a read-only disk",
            (free(StoreHealth::Failed), vec![]),
            (free(StoreHealth::ReadOnly), vec![]),
        ),
        ("practice", (free(StoreHealth::Good), vec![]), {
            let mut scene = free(StoreHealth::Good);
            scene.practice = true;
            (scene, vec![])
        }),
        (
            "a step that is done",
            (identity(), vec![]),
            (number(), vec![]),
        ),
        (
            "being bound",
            (placed(Place::Bound), vec![]),
            (placed(Place::AlreadyBound), vec![]),
        ),
    ];
    let mut desk = Desk::new(100, 32);
    desk.ui.set_theme(theme(None));
    for (what, (one, keys), (other, more)) in &pairs {
        let signs = signs(&mut desk, one, keys);
        assert_ne!(signs, self::signs(&mut desk, other, more), "{what}");
    }
}

#[test]
fn the_place_to_tap_is_marked_by_a_sign() {
    let mut desk = Desk::new(100, 32);
    for (name, scene, page) in [
        ("role", at_step(StepKind::Identity, Way::Phone, 1), "^^"),
        ("login", at_step(StepKind::Identity, Way::Phone, 2), "^^"),
        ("number", at_step(StepKind::Number, Way::Phone, 0), "^^"),
    ] {
        desk.ui.wipe();
        desk.ui.set_theme(theme(None));
        assert!(desk.text(&scene).contains(page), "{name}");
    }
}

#[test]
fn the_themes_tested_are_those_there_are() {
    assert_eq!(Theme::names(None), THEMES);
}
