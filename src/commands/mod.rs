//! The subcommands, one file each. A command returns an exit code or a [`CliError`] with a remedy for stderr.

mod ask;
pub mod audit;
mod behind_pin;
pub mod campus;
mod card;
pub mod clock;
pub mod completions;
pub mod config;
pub mod copying;
mod csv_sheet;
mod desk_user;
pub mod doctor;
pub mod help;
pub mod kiosk;
pub mod man;
pub mod pack;
pub mod pin;
pub mod practice;
mod prepare;
mod print;
pub mod qr;
pub mod report;
pub mod roster;
pub mod setup;
pub mod store;
pub mod theme;
pub mod tickets;
pub mod visits;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use print::{say, say_as_is, say_bytes, tell};

use crate::cli::{
    AuditCommand, Cli, CliCommand, ClockCommand, ConfigCommand, DayRange, DeskCommand, PackCommand,
    QrArgs, RosterCommand, RosterImportArgs, StoreCommand, ThemeCommand, TicketsCommand,
    VisitsCommand,
};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{Flags, environment};
use crate::store::Location;
use crate::visit::report::{MOST_DAYS, ReportDays};

/// Runs the command and returns its exit code. An error is printed on stderr with its remedy.
pub fn run(cli: Cli) -> ExitCode {
    if let Err(refused) = crate::desk::terminal::process::harden() {
        tell(&both!(
            "yingxin: {refused}; it goes on all the same\n",
            "yingxin: {refused}；程序仍继续运行\n"
        ));
    }
    let flags = cli.global.flags();
    let command = cli.command.unwrap_or(CliCommand::Kiosk);
    let done = match desk_user::of(&command, &flags) {
        Some(user) => user.run(&command),
        None => dispatch(command, &flags),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("{error}\n"));
            error.exit.into()
        }
    }
}

fn dispatch(command: CliCommand, flags: &Flags) -> CliResult<ExitCode> {
    match command {
        CliCommand::Kiosk => success(kiosk::run(flags)),
        CliCommand::Practice(options) => success(practice::run(flags, &options)),
        CliCommand::Campus { listen, state } => {
            runtime().and_then(|runtime| success(runtime.block_on(campus::run(listen, state))))
        }
        CliCommand::Config(ConfigCommand::Init) => success(config::init(flags)),
        CliCommand::Config(ConfigCommand::Check) => success(config::check(flags)),
        CliCommand::Setup(options) => setup::run(flags, &options),
        CliCommand::Desk(command) => success(match command {
            DeskCommand::Export(options) => copying::export(flags, &options),
            DeskCommand::Import(options) => copying::update(flags, &options),
        }),
        CliCommand::Doctor(options) => doctor::run(flags, &options),
        CliCommand::Pack(PackCommand::New { file }) => success(pack::new(file.as_deref())),
        CliCommand::Pack(PackCommand::Check { file }) => pack::check(&file),
        CliCommand::Pin(options) => success(pin::run(flags, &options)),
        CliCommand::Completions { shell } => success(completions::run(shell)),
        CliCommand::Man { dir } => success(man::run(dir.as_deref())),
        CliCommand::Help { topic } => success(help::run(&topic)),
        CliCommand::Qr(QrArgs {
            read: Some(image), ..
        }) => success(qr::read(&image)),
        CliCommand::Qr(QrArgs { text, scale, .. }) => {
            success(qr::print(&text.unwrap_or_default(), scale))
        }
        CliCommand::Theme(command) => {
            let config = crate::config::load(flags, &environment)?;
            let themes = config.themes_dir.as_deref();
            match command {
                ThemeCommand::List => theme::list(themes),
                ThemeCommand::Preview { name } => theme::preview(&name, themes),
            }
        }
        CliCommand::Tickets(command) => success(match command {
            TicketsCommand::List => tickets::list(flags),
            TicketsCommand::Show { number } => tickets::show(flags, &number),
            TicketsCommand::Export { format } => tickets::export(flags, format),
        }),
        CliCommand::Card(options) => success(card::run(flags, &options)),
        CliCommand::Report(options) => success(report::run(flags, &options)),
        CliCommand::Roster(RosterCommand::Import(args)) => import_roster(flags, args),
        CliCommand::Roster(RosterCommand::Stats) => success(roster::stats(flags)),
        CliCommand::Roster(RosterCommand::Clear) => success(roster::clear(flags)),
        CliCommand::Store(command) => match command {
            StoreCommand::Check => store::check(flags),
            StoreCommand::Rebuild => success(store::rebuild(flags)),
            StoreCommand::Backup { file, expires } => success(store::backup(flags, &file, expires)),
            StoreCommand::Restore { file } => success(store::restore(flags, &file)),
            StoreCommand::Stats => success(store::stats(flags)),
            StoreCommand::Rekey => success(store::rekey(flags)),
        },
        CliCommand::Clock(ClockCommand::Confirm) => success(clock::confirm(flags)),
        CliCommand::Audit(AuditCommand::Verify { against }) => {
            audit::verify(flags, against.as_deref())
        }
        CliCommand::Audit(AuditCommand::Seal) => success(audit::seal(flags)),
        CliCommand::Audit(AuditCommand::Accept) => success(audit::accept(flags)),
        CliCommand::Audit(AuditCommand::Show { visit, unmasked }) => {
            success(audit::show(flags, &visit, unmasked))
        }
        CliCommand::Audit(AuditCommand::Shifts { day }) => success(audit::shifts(flags, day)),
        CliCommand::Visits(VisitsCommand::Forget { number }) => {
            success(visits::forget(flags, &number))
        }
        CliCommand::Visits(VisitsCommand::List { json }) => success(visits::run(flags, json)),
    }
}

/// The days that a command is asked for; today without any.
///
/// # Errors
/// There are too many of them.
fn report_days(asked: Option<DayRange>, zone: &TimeZone) -> CliResult<ReportDays> {
    let today = jiff::Timestamp::now().to_zoned(zone.clone()).date();
    let (first, last) = asked.map_or((today, today), |days| (days.first, days.last));
    ReportDays::new(first, last, zone).ok_or_else(|| {
        CliError::new(
            Exit::Usage,
            both!(
                "at most {MOST_DAYS} days are read at once",
                "一次最多读 {MOST_DAYS} 天"
            ),
            both!("ask for fewer days", "请减少天数"),
        )
    })
}

fn import_roster(flags: &Flags, args: RosterImportArgs) -> CliResult<ExitCode> {
    let headings = roster::Headings {
        number: args.number,
        name: args.name,
        mobile: args.mobile,
    };
    let options = roster::ImportOptions {
        file: &args.file,
        sheet: args.sheet.as_deref(),
        headings: &headings,
        skip_faulty: args.skip_faulty,
        check: args.check,
    };
    roster::import(flags, &options)
}

/// The store of the configured desk.
fn location(config: &crate::config::Config) -> Location {
    Location {
        dir: config.store_dir.clone(),
        key: config.key_file.clone(),
        retention_days: None,
    }
}

/// The exit code of a command that defines none.
fn success(done: CliResult<()>) -> CliResult<ExitCode> {
    done.map(|()| ExitCode::SUCCESS)
}

/// A single-threaded runtime.
fn runtime() -> CliResult<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io(both!("cannot start the runtime", "运行环境启动不了"), &e))
}

/// The error of a folder that could not be made.
fn not_made(dir: &Path, error: &io::Error) -> CliError {
    let complaint = CliError::io(both!("cannot create {}", "建不了 {}", dir.display()), error);
    let exit = match complaint.exit {
        Exit::NoPermission => Exit::NoPermission,
        _ => Exit::CannotCreate,
    };
    CliError { exit, ..complaint }
}
