//! Colours by meaning. A page asks for a role and never names a colour; a theme gives each role a style.
//!
//! The built-in themes are `themes/*.toml`, embedded; a folder of the user's own is read over them. A theme that cannot
//! be read is named with its line, and the terminal's default is used: a kiosk never fails to start over a colour.

mod fault;
mod file;
mod role;
mod sgr;
mod terminal;

use std::io::Read;
use std::path::Path;

use ratatui::style::Style;

pub use fault::{ThemeFault, ThemeFaultKind};
pub use role::Role;
pub use sgr::{push_colour, sgr};
pub use terminal::{Colours, QrPalette, Terminal};

use role::ROLES;

/// The built-in themes, in the order in which F3 goes through them.
const BUILTIN: [(&str, &str); 5] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../../themes/high-contrast.toml"),
    ),
    ("16-colour", include_str!("../../../themes/16-colour.toml")),
    (
        "monochrome",
        include_str!("../../../themes/monochrome.toml"),
    ),
];
/// A theme file larger than this (bytes) is not read: ours have 3 KiB.
const MAX_FILE: u64 = 64 * 1024;
/// At most so many files of the user's folder are listed.
const MAX_FILES: usize = 200;

/// A style for every role.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    name: String,
    styles: [Style; ROLES.len()],
    qr: QrPalette,
    is_at_rest: bool,
}

impl Theme {
    /// Reads a theme for this process's terminal: from the user's folder, else the built-in one. `""` and `"auto"` are
    /// the terminal's default. A fault comes with the default theme, so the first part can always be used.
    pub fn load(name: &str, user_dir: Option<&Path>) -> (Theme, Option<ThemeFault>) {
        Theme::load_in(name, user_dir, Terminal::from_env())
    }

    /// The same for a given terminal.
    pub fn load_in(
        name: &str,
        user_dir: Option<&Path>,
        terminal: Terminal,
    ) -> (Theme, Option<ThemeFault>) {
        let name = match name {
            "" | "auto" => terminal.default_theme(),
            name => name,
        };
        match read(name, user_dir, terminal) {
            Ok(styles) => (Theme::new(name, styles, terminal), None),
            Err(mut fault) => {
                // The user's own file may be what is broken, so the default is taken from within.
                let used = terminal.default_theme();
                fault.used = used.to_owned();
                (
                    Theme::new(used, builtin_styles(used), terminal),
                    Some(*fault),
                )
            }
        }
    }

    /// A built-in theme for this process's terminal; `None` where there is none of this name.
    pub fn builtin(name: &str) -> Option<Theme> {
        builtin_text(name)?;
        Some(Theme::new(name, builtin_styles(name), Terminal::from_env()))
    }

    /// All names: the built-in ones first, then the user's, sorted.
    pub fn names(user_dir: Option<&Path>) -> Vec<String> {
        let mut names: Vec<String> = BUILTIN.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut own: Vec<String> = user_dir
            .and_then(|dir| std::fs::read_dir(dir).ok())
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .take(MAX_FILES)
            .filter_map(|entry| {
                let file = entry.file_name().into_string().ok()?;
                Some(file.strip_suffix(".toml")?.to_owned())
            })
            .filter(|name| is_name(name) && builtin_text(name).is_none())
            .collect();
        own.sort();
        names.append(&mut own);
        names
    }

    /// The name after this one, round and round: F3. An unknown name leads to the first.
    pub fn next(name: &str, user_dir: Option<&Path>) -> String {
        let names = Theme::names(user_dir);
        let after = names
            .iter()
            .position(|known| known == name)
            .map_or(0, |at| at.saturating_add(1));
        names
            .get(after)
            .or(names.first())
            .cloned()
            .unwrap_or_default()
    }

    /// The name it was loaded by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How a role looks. A role without a background keeps the one beneath.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role.index()).copied().unwrap_or_default()
    }

    /// The same for a list on a drawn phone, whose screen is paper in every theme.
    pub fn on_phone(&self) -> Theme {
        let mut theme = self.clone();
        if let Some(style) = theme.styles.get_mut(Role::Button.index()) {
            *style = self.style(Role::PhoneChoice);
        }
        theme
    }

    /// How QR codes are coloured here. It depends on what the terminal can and never on the theme or `NO_COLOR`: a code
    /// that no scanner reads is not a matter of taste.
    pub fn qr(&self) -> QrPalette {
        self.qr
    }

    fn new(name: &str, styles: [Style; ROLES.len()], terminal: Terminal) -> Theme {
        Theme {
            name: name.to_owned(),
            styles,
            qr: terminal.qr(),
            is_at_rest: false,
        }
    }

    /// The same for what has no keys now: nothing is marked as what they act on.
    pub fn at_rest(&self) -> Theme {
        let mut resting = self.clone();
        for (marked, plain) in [
            (Role::Selected, Role::Button),
            (Role::FieldFocus, Role::Field),
        ] {
            if let Some(style) = resting.styles.get_mut(marked.index()) {
                *style = self.style(plain);
            }
        }
        resting.is_at_rest = true;
        resting
    }

    /// Whether the signs beside what has the keys are left out as well.
    pub fn is_at_rest(&self) -> bool {
        self.is_at_rest
    }
}

/// Every role with its key in theme files, for previews.
pub fn roles() -> impl Iterator<Item = (Role, &'static str)> {
    ROLES.into_iter()
}

fn builtin_text(name: &str) -> Option<&'static str> {
    BUILTIN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// A built-in theme's styles; a test holds that each of them reads.
fn builtin_styles(name: &str) -> [Style; ROLES.len()] {
    let mut styles = [Style::default(); ROLES.len()];
    if let Some(text) = builtin_text(name)
        && let Ok(layer) = file::parse(name, text)
    {
        layer.lay_over(&mut styles);
    }
    styles
}

fn read(
    name: &str,
    user_dir: Option<&Path>,
    terminal: Terminal,
) -> Result<[Style; ROLES.len()], Box<ThemeFault>> {
    let own = match user_dir {
        Some(dir) if is_name(name) => read_file(&dir.join(format!("{name}.toml")))?,
        _ => None,
    };
    let Some((path, text)) = own else {
        return match builtin_text(name) {
            Some(_) => Ok(builtin_styles(name)),
            None => Err(ThemeFault::of(
                name,
                ThemeFaultKind::Unknown(Theme::names(user_dir)),
            )),
        };
    };
    let layer = file::parse(&path, &text)?;
    let base = match layer.base.as_deref() {
        Some(base) => base,
        None if builtin_text(name).is_some() => name,
        None => terminal.default_theme(),
    };
    let mut styles = builtin_styles(base);
    layer.lay_over(&mut styles);
    Ok(styles)
}

/// The text of the user's file; `None` where there is no such file.
fn read_file(path: &Path) -> Result<Option<(String, String)>, Box<ThemeFault>> {
    let shown = path.display().to_string();
    let unreadable = |error: &std::io::Error| {
        ThemeFault::of(&shown, ThemeFaultKind::Unreadable(error.kind().to_string()))
    };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
        // Opening a pipe or a device may wait for ever.
        Ok(meta) if !meta.is_file() => {
            return Err(ThemeFault::of(&shown, ThemeFaultKind::NotAFile));
        }
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(ThemeFault::of(&shown, ThemeFaultKind::TooLarge(MAX_FILE)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((shown, text))),
        Err(_) => Err(ThemeFault::of(&shown, ThemeFaultKind::NotUtf8)),
    }
}

/// Whether a name is a plain file name: it comes from a configuration and must not lead out of the folder.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
pub(in crate::screen) mod tests;
