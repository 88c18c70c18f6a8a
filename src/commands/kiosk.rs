//! `yingxin`, `yingxin kiosk`: a real desk. It prepares what needs no campus and hands over to `desk`.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use super::prepare::{is_practice_store, open_store, orders, pins};
use super::{setup, tell};
use crate::campus::pack::{self, Missing};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Flags, environment};
use crate::desk::doctor::House;
use crate::desk::locked::LockedDesk;
use crate::desk::{self, DeskEnd, Setup, terminal};
use crate::screen::theme::Terminal;
use crate::store::Location;
use crate::text::{FluentValue, Lang, Text};

/// Runs a real desk until a volunteer or a signal ends it.
///
/// # Errors
/// Something is missing or wrong before the first frame, or the desk fails.
pub fn run(flags: &Flags) -> CliResult<()> {
    terminal::check(&environment)?;
    finish_setup(flags)?;
    let config = config::load(flags, &environment)?;
    let pack = pack::begin(config.pack.as_deref())?;
    let connections = config.connections(&environment)?;
    let orders = orders(&config)?;
    let pins = pins(&config)?;
    super::pack::print_faults(&pack.front().troubles);
    name_missing(&pack.front().missing());
    if orders.house == House::RealAsRoot {
        warn_root(&config.store_dir);
    }
    refuse_practice(&config.store_dir)?;
    open_store(&config.store_dir)?;
    let ended = desk::run(Setup {
        terminal: Terminal::from_vars(environment),
        pack,
        number: config.number,
        lang: config.lang,
        theme: config.theme,
        themes_dir: config.themes_dir,
        store: Location::new(config.store_dir),
        key_file: config.key_file,
        idle: config.idle,
        pins,
        has_scanner: config.has_scanner,
        connections,
        orders,
        locked: LockedDesk::around(&environment),
        practice: None,
    })?;
    match ended {
        DeskEnd::Left => Ok(()),
        DeskEnd::Anew => Err(begin_anew()),
    }
}

/// What a setup had made ready before a power cut is put in place first.
fn finish_setup(flags: &Flags) -> CliResult<()> {
    match setup::staging::place(flags.config.as_deref(), &environment) {
        Ok(place) => setup::staging::finish_ready(&place),
        // A desk that was not set up by this program.
        Err(_) => Ok(()),
    }
}

/// Puts this program, or the one that was installed in its place, into this process once more. It returns only where
/// that fails.
fn begin_anew() -> CliError {
    let program = std::env::current_exe().map(|path| {
        // Linux marks a program that was replaced while it ran.
        let text = path.to_string_lossy();
        let installed = text.strip_suffix(" (deleted)").map(PathBuf::from);
        installed.unwrap_or(path)
    });
    let error = match program {
        Ok(program) => Command::new(program)
            .args(std::env::args_os().skip(1))
            .exec(),
        Err(error) => error,
    };
    CliError::io(
        pick(
            "the desk cannot begin anew with its new files",
            "迎新台不能用新的文件重新运行",
        ),
        &error,
    )
}

/// Says that the desk should not run as root, before the screen opens; the screen and the log say it as well.
fn warn_root(store: &std::path::Path) {
    let texts = [Lang::En, Lang::Zh].map(Text::new);
    let path = crate::ours::quoted(store);
    let say = |key, values: &[(&str, FluentValue<'_>)]| {
        let said = texts.each_ref().map(|text| text.with(key, values));
        said.join(" / ")
    };
    tell(&format!(
        "yingxin: {}\n   help: {}\n",
        say("told-root", &[]),
        say("remedy-root", &[("path", path.into())])
    ));
}

/// Prints the values that the pack leaves open. A desk without its QR codes can still coach, so it starts.
fn name_missing(missing: &[Missing]) {
    if missing.is_empty() {
        return;
    }
    let keys: Vec<String> = missing.iter().map(|missing| missing.key()).collect();
    tell(&both!(
        "yingxin: the pack leaves open: {}\n   help: put them into a pack of your own (`yingxin pack check FILE` says how) and name it in \
         yingxin.toml\n",
        "yingxin: 数据包没有填：{}\n   办法: 请填进您自己的数据包（`yingxin pack check 文件` 说明怎样填），并在 yingxin.toml 里写明它\n",
        keys.join(", ")
    ));
}

/// Refuses a practice store: its invented visits and outbox entries must never reach a real campus.
fn refuse_practice(dir: &std::path::Path) -> CliResult<()> {
    if !is_practice_store(dir) {
        return Ok(());
    }
    Err(CliError::new(
        Exit::Configuration,
        both!(
            "{} is a practice store: its visits are made up",
            "{} 是练习的存储：其中的办理都是编的",
            dir.display()
        ),
        both!(
            "give a real desk a store of its own: --store DIR, or dir under [store]",
            "请给正式的迎新台自己的存储：--store 文件夹，或 [store] 里的 dir"
        ),
    ))
}
