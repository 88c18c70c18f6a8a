//! One file a subcommand. Each gives an exit code; errors name a remedy and go to stderr.

mod ask;
pub mod audit;
mod behind_pin;
pub mod campus;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod kiosk;
pub mod pack;
pub mod pin;
pub mod practice;
pub mod qr;
pub mod roster;
pub mod store;
pub mod theme;
pub mod tickets;
pub mod visits;

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::{Audit, Cli, Command, Config, Pack, Qr, Roster, Store, Theme, Tickets, Visits};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::environment;
use crate::store::Location;

/// Does what the command line asks.
pub fn run(cli: Cli) -> ExitCode {
    if let Err(refused) = crate::desk::terminal::process::harden() {
        let _ = writeln!(io::stderr(), "yingxin: {refused}; it goes on all the same");
    }
    let flags = cli.everywhere.flags();
    let done = match cli.command.unwrap_or(Command::Kiosk) {
        Command::Kiosk => well(kiosk::run(&flags)),
        Command::Practice { listen, oidc } => well(practice::run(&flags, listen, oidc)),
        Command::Campus { listen, state } => {
            runtime().and_then(|runtime| well(runtime.block_on(campus::run(listen, state))))
        }
        Command::Config(Config::Init) => well(self::config::init(&flags)),
        Command::Config(Config::Check) => well(self::config::check(&flags)),
        Command::Doctor(options) => doctor::run(&flags, &options),
        Command::Pack(Pack::New { file }) => well(pack::new(file.as_deref())),
        Command::Pack(Pack::Check { file }) => pack::check(&file),
        Command::Pin => well(pin::run(&flags)),
        Command::Completions { shell } => well(completions::run(shell)),
        Command::Qr(Qr {
            read: Some(image), ..
        }) => well(qr::read(&image)),
        Command::Qr(Qr { text, scale, .. }) => well(qr::print(&text.unwrap_or_default(), scale)),
        Command::Theme(theme) => crate::config::load(&flags, &environment).and_then(|config| {
            let themes = config.themes_dir.as_deref();
            match theme {
                Theme::List => theme::list(themes),
                Theme::Preview { name } => theme::preview(&name, themes),
            }
        }),
        Command::Tickets(tickets) => well(match tickets {
            Tickets::List => tickets::list(&flags),
            Tickets::Show { number } => tickets::show(&flags, &number),
            Tickets::Export { format } => tickets::export(&flags, format),
        }),
        Command::Roster(Roster::Import(import)) => {
            let headings = roster::Headings {
                number: import.number,
                name: import.name,
                mobile: import.mobile,
            };
            let sheet = import.sheet.as_deref();
            well(roster::import(
                &flags,
                &import.file,
                sheet,
                &headings,
                import.skip_faulty,
            ))
        }
        Command::Roster(Roster::Stats) => well(roster::stats(&flags)),
        Command::Roster(Roster::Clear) => well(roster::clear(&flags)),
        Command::Store(store) => match store {
            Store::Check => self::store::check(&flags),
            Store::Rebuild => well(self::store::rebuild(&flags)),
            Store::Backup { file, expires } => well(self::store::backup(&flags, &file, expires)),
            Store::Restore { file } => well(self::store::restore(&flags, &file)),
            Store::Stats => well(self::store::stats(&flags)),
            Store::Rekey => well(self::store::rekey(&flags)),
        },
        Command::Audit(Audit::Verify) => audit::verify(&flags),
        Command::Audit(Audit::Show { visit, unmasked }) => {
            well(audit::show(&flags, &visit, unmasked))
        }
        Command::Visits(Visits::Forget { number }) => well(visits::forget(&flags, &number)),
        Command::Visits(Visits::List { json }) => well(visits::run(&flags, json)),
    };
    match done {
        Ok(code) => code,
        Err(complaint) => {
            // Where stderr is closed too there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{complaint}");
            complaint.exit.into()
        }
    }
}

/// Where the configured desk's store is.
fn location(config: &crate::config::Config) -> Location {
    Location {
        dir: config.store_dir.clone(),
        key: config.key_file.clone(),
        retention_days: None,
    }
}

/// A command that has no exit codes of its own.
fn well(done: CliResult<()>) -> CliResult<ExitCode> {
    done.map(|()| ExitCode::SUCCESS)
}

/// A runtime on the caller's own thread.
fn runtime() -> CliResult<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io("cannot start the runtime", &e))
}

/// Prints to stdout. A reader that closed the pipe has read enough.
fn say(text: &str) -> CliResult<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(CliError::io("cannot print", &e)),
        _ => Ok(()),
    }
}

/// Makes a folder that only its owner enters; one that is there is left as it is.
fn make_private(dir: &Path) -> CliResult<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| {
            let complaint = CliError::io(format!("cannot create {}", dir.display()), &e);
            let exit = match complaint.exit {
                Exit::NoPermission => Exit::NoPermission,
                _ => Exit::CannotCreate,
            };
            CliError { exit, ..complaint }
        })
}
