//! What this desk is told to be: `yingxin.toml`, the environment and the command line, resolved into a [`Config`].
//!
//! Each error names the file, the line, the key and the remedy. Secrets are read when they are needed and are never
//! shown. Nothing is connected here.

mod markdown;
mod read;
mod secret;
mod settings;
mod values;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use markdown::settings_markdown;
pub use secret::read_private;
pub use settings::settings;
pub use write::{init, table};

use crate::campus::setting::Setting;
use crate::cli_error::CliResult;
use crate::text::Lang;
use crate::visit::DeskLetter;

/// Looks a variable of the environment up; tests bring their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub store: Option<PathBuf>,
    pub lang: Option<Lang>,
    pub theme: Option<String>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The file's line, counted from 1.
    File(usize),
    Variable(String),
    Flag(&'static str),
    /// A file of the service manager's.
    Credential(PathBuf),
    Unset,
}

/// One setting's value, still as text; for secrets the file's name and never the secret.
#[derive(Clone, Debug)]
pub struct Value {
    pub setting: &'static Setting,
    pub text: Option<String>,
    pub origin: Origin,
}

/// A checked configuration.
#[derive(Debug)]
pub struct Config {
    /// The file it was read from, if any.
    pub file: Option<PathBuf>,
    pub pack: Option<PathBuf>,
    pub letter: DeskLetter,
    pub lang: Lang,
    /// `None` for the theme that fits the terminal.
    pub theme: Option<String>,
    pub themes_dir: Option<PathBuf>,
    pub idle: Duration,
    pub pin_file: PathBuf,
    pub store_dir: PathBuf,
    pub key_file: Option<PathBuf>,
    /// Every setting in the table's order, with its origin.
    pub values: Vec<Value>,
}

/// Finds, reads and checks the configuration. Secrets are not read yet: see [`Config::connections`].
///
/// # Errors
/// Names the file, line, key and remedy.
pub fn load(flags: &Flags, environment: Environment<'_>) -> CliResult<Config> {
    read::load(flags, environment)
}

/// Looks up the real environment.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where the file is looked for, first one first.
pub fn places(environment: Environment<'_>) -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(home) = base(environment, "XDG_CONFIG_HOME", ".config") {
        places.push(home.join("yingxin/yingxin.toml"));
    }
    places.push(PathBuf::from("/etc/yingxin/yingxin.toml"));
    places
}

/// The store's folder where nobody names one; `practice` has another.
pub fn default_store(environment: Environment<'_>, practice: bool) -> Option<PathBuf> {
    let name = if practice {
        "yingxin-practice"
    } else {
        "yingxin"
    };
    let given = environment("STATE_DIRECTORY").filter(|_| !practice);
    match given.as_deref().and_then(|dirs| dirs.split(':').next()) {
        Some(dir) => Some(PathBuf::from(dir)),
        None => base(environment, "XDG_STATE_HOME", ".local/state").map(|home| home.join(name)),
    }
}

/// An XDG base directory; a relative one is ignored, as the specification wants.
fn base(environment: Environment<'_>, variable: &str, under_home: &str) -> Option<PathBuf> {
    environment(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| environment("HOME").map(|home| Path::new(&home).join(under_home)))
}
