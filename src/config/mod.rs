//! The configuration of a desk: `yingxin.toml`, the environment and the command line, resolved into a [`Config`].
//!
//! Each error names the file, the line, the key and the remedy. Secrets are read when they are needed and are never
//! shown. Nothing is connected here. The settings of an adapter are in the adapter's own file.

mod markdown;
mod read;
mod secret;
mod settings;
mod values;
mod words;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use markdown::settings_markdown;
pub use read::{find_file, of_settings, read_settings};
pub use secret::{read_private, read_private_lines};
pub use settings::settings;
pub use values::trust_in;
pub use write::{filled, init, quoted, table};

use crate::campus::setting::Setting;
use crate::cli_error::CliResult;
use crate::text::Lang;
use crate::visit::DeskNumber;

/// Looks up an environment variable. Tests pass a function of their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The configuration from the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--store`
    pub store: Option<PathBuf>,
    /// `--lang`
    pub lang: Option<Lang>,
    /// `--theme`
    pub theme: Option<String>,
}

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The default of the setting.
    Default,
    /// The file's line, counted from 1.
    File(usize),
    /// The environment variable of this name.
    Variable(String),
    /// The flag of this name.
    Flag(&'static str),
    /// A credential file of the service manager.
    Credential(PathBuf),
    /// The setting has no value.
    Unset,
}

/// The value of one setting, as text; for a secret it is the file's name and never the secret.
#[derive(Clone, Debug)]
pub struct Value {
    /// The setting.
    pub setting: &'static Setting,
    /// The value; `None` where it is not set.
    pub text: Option<String>,
    /// The source of the value.
    pub origin: Origin,
}

/// A checked configuration.
#[derive(Debug)]
pub struct Config {
    /// The file it was read from, if any.
    pub file: Option<PathBuf>,
    /// The campus pack; `None` for the embedded one.
    pub pack: Option<PathBuf>,
    /// The desk's number, on every page and in its pickup numbers.
    pub number: DeskNumber,
    /// The language in which the desk starts.
    pub lang: Lang,
    /// `None` for the theme that fits the terminal.
    pub theme: Option<String>,
    /// The folder of the desk's own themes.
    pub themes_dir: Option<PathBuf>,
    /// How long without input until the countdown begins.
    pub idle: Duration,
    /// A barcode scanner types at this desk.
    pub has_scanner: bool,
    /// The file of the volunteer's PIN.
    pub pin_file: PathBuf,
    /// The folder of the store.
    pub store_dir: PathBuf,
    /// The file of the desk's key; `None` for the one in the store's folder.
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

/// The places of the configuration file, in the order in which they are searched.
pub fn places(environment: Environment<'_>) -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(home) = base(environment, "XDG_CONFIG_HOME", ".config") {
        places.push(home.join("yingxin/yingxin.toml"));
    }
    places.push(PathBuf::from("/etc/yingxin/yingxin.toml"));
    places
}

/// The store's folder without a configured one; `practice` has a folder of its own.
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
