//! What is wrong with a theme, for stderr, the log and `theme preview`.

use std::fmt;

/// The names of colours that every theme file may use.
const ANSI_NAMES: &str =
    "black, red, green, yellow, blue, magenta, cyan, white, and bright- before each of them";

/// A theme that could not be used, and what was used in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFault {
    /// The file, or the name where there is no file.
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    /// The key in the file, as `role.part`.
    pub key: Option<String>,
    /// What is wrong.
    pub what: ThemeFaultKind,
    /// The theme that is used instead.
    pub used: String,
}

/// What is wrong, each with its remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeFaultKind {
    /// No theme has this name; the names there are.
    #[error("there is no theme of this name; there are: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// The file is larger than this many bytes.
    #[error("it is larger than {0} bytes; a theme is a short list of roles")]
    TooLarge(u64),
    /// The path is no regular file.
    #[error("it is not a regular file; put the theme itself there")]
    NotAFile,
    /// The file cannot be read; the system's reason.
    #[error("it cannot be read ({0}); see that this user may read it")]
    Unreadable(String),
    /// The file is not UTF-8.
    #[error("it is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// The file is not TOML; the parser's reason.
    #[error("it is not TOML: {0}")]
    Syntax(String),
    /// The role is not known.
    #[error("no such role; `yingxin theme preview` lists them")]
    UnknownRole,
    /// The part of the style is not known.
    #[error("no such part of a style; there are: fg, bg, bold, dim, italic, underline, reverse")]
    UnknownPart,
    /// The role's value is no table.
    #[error("a role is a table like {{ fg = \"#ffffff\", bg = \"blue\", bold = true }}")]
    NotAStyle,
    /// The text is no colour.
    #[error("{0:?} is no colour; write \"#rrggbb\", a name of [colours], \"default\", or one of: {names}", names = ANSI_NAMES)]
    Colour(String),
    /// The part must be true or false.
    #[error("it must be true or false")]
    NotABool,
    /// The value must be a text.
    #[error("it must be a text in quotes")]
    NotAText,
    /// The base is no built-in theme.
    #[error("base must be a built-in theme: dark, light, high-contrast, 16-colour, monochrome")]
    UnknownBase,
}

impl ThemeFault {
    pub(super) fn of(file: &str, what: ThemeFaultKind) -> Box<ThemeFault> {
        Box::new(ThemeFault {
            file: file.to_owned(),
            line: None,
            key: None,
            what,
            used: String::new(),
        })
    }
}

impl fmt::Display for ThemeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "theme {}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ", {key}")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.used.is_empty() {
            write!(f, " (using {})", self.used)?;
        }
        Ok(())
    }
}

impl std::error::Error for ThemeFault {}
