//! A style as the terminal's escape sequence: whole for commands that print and leave, a colour alone for the desk's wire.
//! Nothing is written here.

use std::fmt::Write;

use ratatui::style::{Color, Modifier, Style};

/// The sequence that sets exactly this style, after whatever was set before (ECMA-48 SGR; colours as ITU T.416 in the
/// form with semicolons, which every terminal takes).
pub fn sgr(style: Style) -> String {
    let mut text = String::from("\x1b[0");
    let modifiers = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    for (modifier, code) in modifiers {
        if style.add_modifier.contains(modifier) {
            let _ = write!(text, ";{code}");
        }
    }
    if let Some(colour) = style.fg {
        text.push(';');
        push_colour(&mut text, colour, 30);
    }
    if let Some(colour) = style.bg {
        text.push(';');
        push_colour(&mut text, colour, 40);
    }
    text.push('m');
    text
}

/// Adds a colour's SGR parameters. `base` is 30 for the foreground, 40 for the background.
pub fn push_colour(text: &mut String, colour: Color, base: u8) {
    let code = match colour {
        Color::Reset => base.saturating_add(9),
        Color::Black => base,
        Color::Red => base.saturating_add(1),
        Color::Green => base.saturating_add(2),
        Color::Yellow => base.saturating_add(3),
        Color::Blue => base.saturating_add(4),
        Color::Magenta => base.saturating_add(5),
        Color::Cyan => base.saturating_add(6),
        Color::Gray => base.saturating_add(7),
        Color::DarkGray => base.saturating_add(60),
        Color::LightRed => base.saturating_add(61),
        Color::LightGreen => base.saturating_add(62),
        Color::LightYellow => base.saturating_add(63),
        Color::LightBlue => base.saturating_add(64),
        Color::LightMagenta => base.saturating_add(65),
        Color::LightCyan => base.saturating_add(66),
        Color::White => base.saturating_add(67),
        Color::Indexed(index) => {
            let _ = write!(text, "{};5;{index}", base.saturating_add(8));
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(text, "{};2;{r};{g};{b}", base.saturating_add(8));
            return;
        }
    };
    let _ = write!(text, "{code}");
}
