//! `yingxin config init|check`.

use super::say;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Flags, environment};
use crate::escape;

/// Writes a commented file to the path of `--config`, or to the first place that is searched.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn init(flags: &Flags) -> CliResult<()> {
    let path = flags
        .config
        .clone()
        .or_else(|| config::places(&environment).into_iter().next())
        .ok_or_else(|| {
            CliError::new(
                Exit::Configuration,
                "there is no place for the file: $HOME is not set",
                "give --config FILE",
            )
        })?;
    config::init(&path)?;
    say(&format!(
        "wrote {}\nNothing is set in it yet. Take the `#` from the lines you need, then run: yingxin config check\n",
        escape::path(&path)
    ))
}

/// Prints the settings in effect and their sources, and checks all that needs no connection.
///
/// # Errors
/// A setting is wrong. The table is printed before the error if it could be made.
pub fn check(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let mut text = match &config.file {
        Some(path) => format!("file  {}\n\n", escape::path(path)),
        None => {
            let places: Vec<String> = config::places(&environment)
                .iter()
                .map(|path| escape::path(path))
                .collect();
            format!("no file; looked for {}\n\n", places.join(" and "))
        }
    };
    text.push_str(&config::table(&config, &environment));
    say(&text)?;
    config.connections(&environment)?;
    let pack = super::prepare::pack(&config)?;
    super::pack::print_faults(&pack.troubles);
    let open: Vec<String> = pack.missing().into_iter().map(|m| m.key()).collect();
    let open = if open.is_empty() {
        "nothing is left open".to_owned()
    } else {
        format!("left open: {}", open.join(", "))
    };
    let pin = if config.pin_file.exists() {
        "set"
    } else {
        "not set: a real desk does not start without one (run: yingxin pin)"
    };
    say(&format!("\npack  {}; {open}\nPIN   {pin}\n", pack.id))
}
