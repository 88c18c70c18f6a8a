//! `yingxin`, `yingxin kiosk`: a real desk. It prepares all that can be prepared without the campus, and hands over.

use std::io::Write;

use super::make_private;
use crate::campus::pack::{self, Missing, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Config, Flags, environment, read_private};
use crate::desk::lock::PinHash;
use crate::desk::{self, Setup, log, terminal};
use crate::screen::theme::Terminal;
use crate::store::Location;

/// Runs a real desk until it is left.
///
/// # Errors
/// Where something is missing or wrong before the first frame, or the desk gives up.
pub fn run(flags: &Flags) -> CliResult<()> {
    terminal::check(&environment)?;
    let config = config::load(flags, &environment)?;
    let pack = pack::begin(config.pack.as_deref())?;
    let connections = config.connections(&environment)?;
    let orders = super::doctor::orders(&config)?;
    let pin = pin(&config)?;
    super::pack::tell(&pack.troubles);
    name_missing(&pack.missing());
    refuse_practice(&config.store_dir)?;
    open_store(&config.store_dir)?;
    desk::run(Setup {
        terminal: Terminal::from_vars(environment),
        pack,
        letter: config.letter,
        lang: config.lang,
        theme: config.theme,
        themes_dir: config.themes_dir,
        store: Location::new(config.store_dir),
        key_file: config.key_file,
        idle: config.idle,
        pin,
        connections,
        orders,
        practice: None,
    })
}

/// The configured pack, or the embedded one, whole.
pub(super) fn pack(config: &Config) -> CliResult<Pack> {
    match &config.pack {
        Some(path) => pack::load(path),
        None => Ok(pack::embedded()?),
    }
}

/// The volunteer's PIN: without one nobody could help a student, nor leave the program.
pub(super) fn pin(config: &Config) -> CliResult<PinHash> {
    let path = &config.pin_file;
    if !path.exists() {
        return Err(CliError::new(
            Exit::Configuration,
            format!(
                "no PIN is set: {} is not there, and a real desk does not start without one",
                path.display()
            ),
            "run: yingxin pin",
        ));
    }
    let text = read_private(path)?;
    PinHash::parse(text.expose()).map_err(|what| {
        CliError::new(
            Exit::BadData,
            format!("{} is no PIN file: {what}", path.display()),
            "run: yingxin pin",
        )
    })
}

/// A desk without its QR codes can still coach: it starts, and says what it lacks.
fn name_missing(missing: &[Missing]) {
    if missing.is_empty() {
        return;
    }
    let keys: Vec<String> = missing.iter().map(|missing| missing.key()).collect();
    let _ = writeln!(
        std::io::stderr(),
        "yingxin: the pack leaves open: {}\n   help: put them into a pack of your own (`yingxin pack check FILE` says how) and name it in \
         yingxin.toml",
        keys.join(", ")
    );
}

/// What practice has made up, and what waits there for its campus, never reaches a real one.
fn refuse_practice(dir: &std::path::Path) -> CliResult<()> {
    match super::practice::is_practice_store(dir) {
        false => Ok(()),
        true => Err(CliError::new(
            Exit::Configuration,
            format!(
                "{} is a practice store: its visits are made up",
                dir.display()
            ),
            "give a real desk a store of its own: --store DIR, or dir under [store]",
        )),
    }
}

/// The store's folder, the log in it and the panic hook.
pub(super) fn open_store(dir: &std::path::Path) -> CliResult<()> {
    make_private(dir)?;
    let path = dir.join("yingxin.log");
    log::open(&path)?;
    terminal::set_panic_hook(path);
    Ok(())
}
