//! Reading a theme file: TOML, a table of parts for each role, names for colours under `[colours]`.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{ThemeFault, ThemeFaultKind as Kind};
use super::role::{ROLES, Role};

/// A theme file: what it says of some roles or of all.
#[derive(Debug, Default)]
pub(super) struct Layer {
    /// The built-in theme it is laid over, where it names one.
    pub base: Option<String>,
    styles: Vec<(Role, Style)>,
}

impl Layer {
    /// How many roles it names.
    #[cfg(test)]
    pub fn roles(&self) -> usize {
        self.styles.len()
    }

    /// A role that is mentioned replaces the one beneath, whole: half of a style is seldom readable.
    pub fn lay_over(&self, styles: &mut [Style; ROLES.len()]) {
        for (role, style) in &self.styles {
            if let Some(place) = styles.get_mut(role.index()) {
                *place = *style;
            }
        }
    }
}

/// Reads the text of a theme; `file` is for the fault.
pub(super) fn parse(file: &str, text: &str) -> Result<Layer, Box<ThemeFault>> {
    let reader = Reader { file, text };
    let table = DeTable::parse(text).map_err(|error| {
        reader.fault(error.span(), None, Kind::Syntax(one_line(error.message())))
    })?;
    let table = table.get_ref();
    let colours = reader.colours(table)?;
    let mut layer = Layer::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "colours" => {}
            "base" => layer.base = Some(reader.base(value)?),
            name => match Role::of_key(name) {
                Some(role) => layer
                    .styles
                    .push((role, reader.style(name, value, &colours)?)),
                None => return Err(reader.fault(Some(key.span()), Some(name), Kind::UnknownRole)),
            },
        }
    }
    Ok(layer)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn fault(&self, span: Option<Range<usize>>, key: Option<&str>, what: Kind) -> Box<ThemeFault> {
        let line = span.map(|span| {
            let before = self.text.bytes().take(span.start);
            before
                .filter(|byte| *byte == b'\n')
                .count()
                .saturating_add(1)
        });
        Box::new(ThemeFault {
            file: self.file.to_owned(),
            line,
            key: key.map(one_line),
            what,
            used: String::new(),
        })
    }

    fn base(&self, value: &Spanned<DeValue<'_>>) -> Result<String, Box<ThemeFault>> {
        let fault = |what| self.fault(Some(value.span()), Some("base"), what);
        let name = value
            .get_ref()
            .as_str()
            .ok_or_else(|| fault(Kind::NotAText))?;
        match super::builtin_text(name) {
            Some(_) => Ok(name.to_owned()),
            None => Err(fault(Kind::UnknownBase)),
        }
    }

    /// The file's own names for colours.
    fn colours(&self, table: &DeTable<'_>) -> Result<BTreeMap<String, Color>, Box<ThemeFault>> {
        let mut colours = BTreeMap::new();
        let Some(named) = table.get("colours") else {
            return Ok(colours);
        };
        let entries = named
            .get_ref()
            .as_table()
            .ok_or_else(|| self.fault(Some(named.span()), Some("colours"), Kind::NotAStyle))?;
        for (name, value) in entries {
            let key = format!("colours.{}", name.get_ref());
            let colour = self.colour(&key, value, &BTreeMap::new())?;
            colours.insert(name.get_ref().to_string(), colour);
        }
        Ok(colours)
    }

    fn style(
        &self,
        role: &str,
        value: &Spanned<DeValue<'_>>,
        colours: &BTreeMap<String, Color>,
    ) -> Result<Style, Box<ThemeFault>> {
        let parts = value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.fault(Some(value.span()), Some(role), Kind::NotAStyle))?;
        let mut style = Style::new();
        for (part, value) in parts {
            let key = format!("{role}.{}", part.get_ref());
            let modifier = match part.get_ref().as_ref() {
                "fg" => {
                    style = style.fg(self.colour(&key, value, colours)?);
                    continue;
                }
                "bg" => {
                    style = style.bg(self.colour(&key, value, colours)?);
                    continue;
                }
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "italic" => Modifier::ITALIC,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                _ => return Err(self.fault(Some(part.span()), Some(&key), Kind::UnknownPart)),
            };
            match value.get_ref().as_bool() {
                Some(true) => style = style.add_modifier(modifier),
                Some(false) => {}
                None => return Err(self.fault(Some(value.span()), Some(&key), Kind::NotABool)),
            }
        }
        Ok(style)
    }

    fn colour(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        named: &BTreeMap<String, Color>,
    ) -> Result<Color, Box<ThemeFault>> {
        let fault = |what| self.fault(Some(value.span()), Some(key), what);
        let text = value
            .get_ref()
            .as_str()
            .ok_or_else(|| fault(Kind::NotAText))?;
        named
            .get(text)
            .copied()
            .or_else(|| plain_colour(text))
            .ok_or_else(|| fault(Kind::Colour(one_line(text))))
    }
}

fn plain_colour(text: &str) -> Option<Color> {
    if let Some(hex) = text.strip_prefix('#') {
        let all_hex = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| all_hex)?;
        return Some(Color::from_u32(value));
    }
    Some(match text {
        "default" => Color::Reset,
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::Gray,
        "bright-black" => Color::DarkGray,
        "bright-red" => Color::LightRed,
        "bright-green" => Color::LightGreen,
        "bright-yellow" => Color::LightYellow,
        "bright-blue" => Color::LightBlue,
        "bright-magenta" => Color::LightMagenta,
        "bright-cyan" => Color::LightCyan,
        "bright-white" => Color::White,
        _ => return None,
    })
}

/// What a file says, safe to print in one line.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(120)
        .collect()
}
