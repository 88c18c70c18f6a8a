//! That themes can be read by people, and broken ones are named.

use std::fs;

use ratatui::style::{Color, Modifier};

use super::*;

const RGB: Terminal = Terminal {
    colours: Colours::Rgb,
    no_color: false,
    console: false,
};

/// A text role and the role whose background lies beneath it where it has none of its own.
const PAIRS: &[(Role, Role)] = &[
    (Role::Screen, Role::Screen),
    (Role::Text, Role::Screen),
    (Role::Dim, Role::Screen),
    (Role::Title, Role::Screen),
    (Role::Accent, Role::Screen),
    (Role::Button, Role::Screen),
    (Role::ButtonOff, Role::Screen),
    (Role::Selected, Role::Screen),
    (Role::Field, Role::Screen),
    (Role::FieldFocus, Role::Screen),
    (Role::Placeholder, Role::Field),
    (Role::Placeholder, Role::FieldFocus),
    (Role::Success, Role::Screen),
    (Role::Warning, Role::Screen),
    (Role::Danger, Role::Screen),
    (Role::Info, Role::Screen),
    (Role::Header, Role::Screen),
    (Role::FooterKey, Role::Screen),
    (Role::FooterText, Role::Screen),
    (Role::Practice, Role::Screen),
    (Role::Countdown, Role::Screen),
    (Role::Overlay, Role::Screen),
    (Role::OverlayTitle, Role::Overlay),
    (Role::Text, Role::Overlay),
    (Role::Dim, Role::Overlay),
    (Role::Accent, Role::Overlay),
    (Role::Call, Role::Screen),
    (Role::PhoneTitle, Role::Screen),
    (Role::PhoneScreen, Role::Screen),
    (Role::PhoneHeading, Role::PhoneScreen),
    (Role::PhoneChoice, Role::Screen),
    (Role::PhoneDim, Role::PhoneScreen),
    (Role::PhoneButton, Role::Screen),
    (Role::PhoneTap, Role::Screen),
    (Role::StepDone, Role::Screen),
    (Role::StepNow, Role::Screen),
    (Role::StepComing, Role::Screen),
    (Role::StepDone, Role::Header),
    (Role::StepNow, Role::Header),
    (Role::StepComing, Role::Header),
    (Role::Bound, Role::Screen),
    (Role::Bound, Role::Overlay),
    (Role::ByWord, Role::Screen),
    (Role::ByWord, Role::Overlay),
    (Role::Big, Role::Screen),
    (Role::Big, Role::Overlay),
];
/// Not words: WCAG 1.4.11 asks for 3.
const LINES: &[(Role, Role)] = &[
    (Role::Border, Role::Screen),
    (Role::Border, Role::Overlay),
    (Role::PhoneFrame, Role::Screen),
];

/// Relative luminance (WCAG 2.2).
fn luminance(colour: Color) -> f64 {
    let Color::Rgb(r, g, b) = colour else {
        panic!("{colour} in an RGB theme");
    };
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(theme: &Theme, (role, beneath): (Role, Role)) -> f64 {
    let (over, under) = (theme.style(role), theme.style(beneath));
    let bg = over.bg.or(under.bg).or(theme.style(Role::Screen).bg);
    ratio(over.fg.unwrap(), bg.unwrap())
}

/// The contrast of two colours (WCAG 2.2), from 1 to 21.
pub fn ratio(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_can_be_read_in_the_rgb_themes() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        let theme = Theme::builtin(name).unwrap();
        for pair in PAIRS {
            let ratio = contrast(&theme, *pair);
            assert!(ratio >= least, "{name}: {pair:?} has {ratio:.1}");
        }
        for pair in LINES {
            let ratio = contrast(&theme, *pair);
            assert!(ratio >= 3.0, "{name}: {pair:?} has {ratio:.1}");
        }
    }
    let covered = |role| PAIRS.iter().chain(LINES).any(|(tested, _)| *tested == role);
    assert!(
        roles().all(|(role, _)| covered(role)),
        "a new role needs its pair"
    );
}

#[test]
fn built_in_themes_parse_and_name_every_role() {
    for (name, text) in BUILTIN {
        let layer = file::parse(name, text).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(layer.roles(), ROLES.len(), "{name}");
    }
}

#[test]
fn sixteen_colours_are_ansi_and_monochrome_is_none() {
    let ansi = Theme::builtin("16-colour").unwrap();
    let mono = Theme::builtin("monochrome").unwrap();
    for (role, key) in roles() {
        let style = ansi.style(role);
        for colour in [style.fg, style.bg].into_iter().flatten() {
            assert!(
                !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                "{key}"
            );
        }
        let over = style.bg.or(ansi.style(Role::Screen).bg);
        let is_on_phone = matches!(role, Role::PhoneDim | Role::PhoneHeading);
        assert!(is_on_phone || style.fg != over, "{key}");
        let plain = mono.style(role);
        assert_eq!((plain.fg, plain.bg), (None, None), "{key}");
    }
    // What must differ from its neighbours without colours.
    assert!(
        mono.style(Role::Selected)
            .add_modifier
            .contains(Modifier::REVERSED)
    );
    assert_ne!(mono.style(Role::Selected), mono.style(Role::Button));
    assert_ne!(mono.style(Role::Field), mono.style(Role::FieldFocus));
}

#[test]
fn the_default_is_what_the_terminal_promises() {
    let with = |vars: &[(&str, &str)]| {
        let vars: Vec<(String, String)> = vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let terminal = Terminal::from_vars(|name| {
            vars.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        });
        (terminal.default_theme(), terminal.qr())
    };
    assert_eq!(with(&[("TERM", "foot")]), ("dark", QrPalette::Rgb));
    assert_eq!(
        with(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
        ("dark", QrPalette::Rgb)
    );
    assert_eq!(
        with(&[("TERM", "xterm-256color")]),
        ("16-colour", QrPalette::Indexed)
    );
    assert_eq!(with(&[("TERM", "xterm")]), ("16-colour", QrPalette::Ansi16));
    assert_eq!(
        with(&[("TERM", "linux"), ("COLORTERM", "truecolor")]),
        ("16-colour", QrPalette::Console)
    );
    assert_eq!(
        with(&[("TERM", "linux-16color")]),
        ("16-colour", QrPalette::Console)
    );
    assert_eq!(
        with(&[("TERM", "foot"), ("NO_COLOR", "1")]),
        ("monochrome", QrPalette::Rgb)
    );
    assert_eq!(
        with(&[("TERM", "foot"), ("NO_COLOR", "")]),
        ("dark", QrPalette::Rgb)
    );
    assert_eq!(with(&[]), ("16-colour", QrPalette::Ansi16));
}

#[test]
fn a_users_file_adds_replaces_and_is_laid_over() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("campus.toml"),
        "base = \"light\"\ntitle = { fg = \"school\" }\n[colours]\nschool = \"#123456\"\n",
    )
    .unwrap();
    fs::write(dir.path().join("dark.toml"), "title = { fg = \"#abcdef\" }").unwrap();
    fs::write(dir.path().join(".hidden.toml"), "").unwrap();
    fs::write(dir.path().join("notes.txt"), "").unwrap();
    let names = Theme::names(Some(dir.path()));
    assert_eq!(
        names,
        [
            "dark",
            "light",
            "high-contrast",
            "16-colour",
            "monochrome",
            "campus"
        ]
    );
    let (campus, fault) = Theme::load_in("campus", Some(dir.path()), RGB);
    assert_eq!(fault, None);
    assert_eq!(
        campus.style(Role::Title).fg,
        Some(Color::Rgb(0x12, 0x34, 0x56))
    );
    assert_eq!(
        campus.style(Role::Text),
        Theme::builtin("light").unwrap().style(Role::Text)
    );
    let (dark, _) = Theme::load_in("dark", Some(dir.path()), RGB);
    assert_eq!(
        dark.style(Role::Title).fg,
        Some(Color::Rgb(0xab, 0xcd, 0xef))
    );
    assert_eq!(
        dark.style(Role::Text),
        Theme::builtin("dark").unwrap().style(Role::Text)
    );
    assert_eq!(Theme::next("monochrome", Some(dir.path())), "campus");
    assert_eq!(Theme::next("campus", Some(dir.path())), "dark");
    assert_eq!(Theme::next("gone", None), "dark");
}

#[test]
fn what_is_broken_is_named_with_its_line_and_the_default_used() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    let shown = path.display().to_string();
    let said = |text: &[u8]| {
        fs::write(&path, text).unwrap();
        let (theme, fault) = Theme::load_in("mine", Some(dir.path()), RGB);
        assert_eq!(
            theme.style(Role::Text),
            Theme::builtin("dark").unwrap().style(Role::Text)
        );
        let fault = fault.unwrap();
        assert_eq!(fault.used, "dark");
        fault.to_string().replace(&shown, "FILE")
    };
    let cases: &[(&str, &str)] = &[
        (
            "text = { fg = \"#fff\" }",
            "theme FILE, line 1, text.fg: \"#fff\" is no colour",
        ),
        (
            "\n\ntext = { fg = \"rosa\" }",
            "theme FILE, line 3, text.fg: \"rosa\" is no colour",
        ),
        (
            "\ntxet = { fg = \"red\" }",
            "theme FILE, line 2, txet: no such role",
        ),
        (
            "text = { colour = \"red\" }",
            "theme FILE, line 1, text.colour: no such part",
        ),
        (
            "text = \"red\"",
            "theme FILE, line 1, text: a role is a table",
        ),
        (
            "text = { fg = 7 }",
            "theme FILE, line 1, text.fg: it must be a text",
        ),
        (
            "[text]\nbold = 1",
            "theme FILE, line 2, text.bold: it must be true or false",
        ),
        ("base = \"none\"", "theme FILE, line 1, base: base must be"),
        (
            "[colours]\nink = \"blu\"",
            "theme FILE, line 2, colours.ink: \"blu\" is no colour",
        ),
        ("title = {}\ntext = {", "theme FILE, line 2: it is not TOML"),
        (
            "title = {}\ntitle = {}",
            "theme FILE, line 2: it is not TOML",
        ),
    ];
    for (text, expected) in cases {
        let said = said(text.as_bytes());
        assert!(said.starts_with(expected), "{said}");
        assert!(
            said.ends_with("(using dark)") && !said.contains('\n'),
            "{said}"
        );
    }
    assert!(said(&[0xff, 0xfe]).contains("not UTF-8"));
    assert!(said(&vec![b'#'; 70_000]).contains("larger than 65536"));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let (_, fault) = Theme::load_in("mine", Some(dir.path()), RGB);
    assert_eq!(fault.unwrap().what, ThemeFaultKind::NotAFile);
}

#[test]
fn a_name_leads_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("themes");
    fs::create_dir(&inner).unwrap();
    fs::write(dir.path().join("x.toml"), "").unwrap();
    for name in ["../x", "/etc/passwd", ".x", "nothing", "a/b"] {
        let (theme, fault) = Theme::load_in(name, Some(&inner), RGB);
        assert!(
            matches!(fault.unwrap().what, ThemeFaultKind::Unknown(_)),
            "{name}"
        );
        assert_eq!(theme.name(), "dark");
    }
    let (theme, fault) = Theme::load_in("auto", None, RGB);
    assert_eq!((theme.name(), fault), ("dark", None));
}

#[test]
fn fault_27_no_theme_with_colours_underlines_what_stands_row_upon_row() {
    for (name, _) in BUILTIN.iter().filter(|(name, _)| *name != "monochrome") {
        let theme = Theme::builtin(name).unwrap();
        for (role, key) in ROLES {
            let style = theme.style(role);
            assert!(
                !style.add_modifier.contains(Modifier::UNDERLINED),
                "{name}: {key}"
            );
        }
    }
}

#[test]
fn fault_27_a_button_that_cannot_be_used_has_the_ground_of_one() {
    for (name, _) in BUILTIN {
        let theme = Theme::builtin(name).unwrap();
        let (on, off) = (theme.style(Role::Button), theme.style(Role::ButtonOff));
        assert_eq!(on.bg, off.bg, "{name}");
        assert!(name == "monochrome" || on.bg.is_some(), "{name}");
        assert!(on != off, "{name}");
    }
}

#[test]
fn the_reference_has_these_limits() {
    let limits = crate::help::find("limits").unwrap().markdown;
    let bound = format!("{} KB; {MAX_FILES} in the folder", MAX_FILE >> 10);
    assert!(limits.contains(&bound), "{bound}");
}
