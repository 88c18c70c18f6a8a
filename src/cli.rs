//! The command line: its commands, options and help texts. It runs nothing.

pub mod chinese;
mod overview;
mod practice;
mod refused;
mod subcommands;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValue;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::cli_lang::{self, both};
use crate::config::Flags;
use crate::escape;
use crate::text::Lang;
use crate::visit::DeskNumber;
pub use practice::PracticeArgs;
pub use refused::CliRefusal;
pub use subcommands::{
    AuditCommand, ClockCommand, ConfigCommand, DeskCommand, ExportArgs, ExportFormat, ImportArgs,
    PackCommand, RosterCommand, RosterImportArgs, StoreCommand, ThemeCommand, TicketsCommand,
    VisitsCommand,
};

/// 迎新台: a registration kiosk for orientation week.
#[derive(Debug, Parser)]
#[command(
    name = "yingxin",
    version = env!("YINGXIN_VERSION"),
    about = "yingxin (迎新台): a registration kiosk for orientation week, in a terminal",
    help_template = overview::TEMPLATE,
    before_help = overview::COMMANDS,
    after_help = overview::AFTER,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// The options that every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command; without one the kiosk runs.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

impl Cli {
    /// Reads a command line. What its error quotes is escaped: a shell's `*` may have put any file's name there.
    ///
    /// # Errors
    /// clap's, which also stands for `--help` and `--version`, in the language of the command line.
    pub fn read(words: Vec<OsString>) -> Result<Cli, CliRefusal> {
        Cli::try_parse_from(&words).map_err(|error| {
            let harmless: Vec<String> = words
                .iter()
                .map(|word| escape::line(&word.to_string_lossy()))
                .collect();
            match cli_lang::lang() {
                Lang::En => {
                    CliRefusal::English(Cli::try_parse_from(harmless).err().unwrap_or(error))
                }
                Lang::Zh => CliRefusal::in_chinese(&harmless, error),
            }
        })
    }

    /// The tree of commands with the words of this language.
    pub fn command_in(lang: Lang) -> clap::Command {
        match lang {
            Lang::En => Cli::command(),
            Lang::Zh => chinese::command(Cli::command()),
        }
    }
}

/// The options that every command takes.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// The configuration file (default: ~/.config/yingxin/yingxin.toml, else /etc/yingxin/yingxin.toml)
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of the store
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The language of the desk when it starts, and of this command (default: by the configuration, else by the locale)
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "LANG")]
    pub lang: Option<Lang>,
    /// The desk's theme
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "NAME")]
    pub theme: Option<String>,
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        Lang::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let value = PossibleValue::new(self.tag());
        Some(if *self == Lang::Zh {
            value.alias("zh")
        } else {
            value
        })
    }
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Run a real desk, as yingxin.toml configures it (the default)
    Kiosk,
    /// Run a desk with a simulated campus: nothing in it is real
    ///
    /// It uses a separate store and never connects to a real campus. The first PIN is printed and shown on the PIN page.
    /// The password of each student is `practice-` and the last four digits of the student number: 20260001 signs in with
    /// practice-0001.
    Practice(PracticeArgs),
    /// Run the simulated campus alone
    ///
    /// It prints its address and runs until it receives SIGTERM, SIGINT or SIGHUP.
    Campus {
        /// The loopback address to listen on; port 0 takes a free one
        #[arg(long, value_name = "ADDRESS")]
        listen: SocketAddr,
        /// The folder of its state
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
    },
    /// Print a QR code, or read one from an image
    #[command(arg_required_else_help = true)]
    Qr(QrArgs),
    /// Write or check the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Make a desk: by a form, from a file of answers or of an export; and check it
    ///
    /// Without options it shows a form, which goes on where it was left. It writes yingxin.toml, the pack, the secrets and the PIN together, or nothing. `yingxin help setup` has the rest.
    Setup(SetupArgs),
    /// Check the terminal, the store, the clock and each gateway
    ///
    /// Each finding is pass, warn or fail, with a remedy; the exit code is 1 if one of them is fail. The requests to the
    /// gateways change nothing; with a test account (section `doctor` of yingxin.toml) the checks also sign in. A running desk
    /// shows the same checks in the volunteer's panel.
    Doctor(DoctorArgs),
    /// Copy this desk to others, or take over what another has
    #[command(subcommand)]
    Desk(DeskCommand),
    /// Write or check a campus pack
    #[command(subcommand)]
    Pack(PackCommand),
    /// List the visits, or erase a student
    #[command(subcommand)]
    Visits(VisitsCommand),
    /// Check, rebuild, back up or restore the store, or change its key
    #[command(subcommand)]
    Store(StoreCommand),
    /// Confirm the clock of this machine
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Verify the journal, or show the events of a visit
    #[command(subcommand)]
    Audit(AuditCommand),
    /// List, show or export the tickets for the hotline
    ///
    /// The command asks for the PIN and does not echo it; if stdin is not a terminal, its first line is the PIN.
    #[command(subcommand)]
    Tickets(TicketsCommand),
    /// Print the volunteer's page for this desk, or the poster for the wall
    ///
    /// HTML that needs no other file and prints on A4: each key, each trouble with what to do, the hotline, this desk's
    /// number. In both languages, or in the one that --lang names.
    Card(CardArgs),
    /// Print the numbers of a day, or of several
    ///
    /// Who was served, bound (seen, or by the student's word) and still waits, by quarter hours; how long it took; where
    /// students stopped; what the campus answered. It names no student, unless --persons is given and the PIN is right.
    Report(ReportArgs),
    /// Import, count or clear the list of expected students
    ///
    /// While the campus does not answer, the desk finds a student's name in this list. An entry proves no identity.
    #[command(subcommand)]
    Roster(RosterCommand),
    /// List or preview the themes
    #[command(subcommand)]
    Theme(ThemeCommand),
    /// Set a PIN for all volunteers, or one for each by name
    ///
    /// The command asks for the PIN twice and does not echo it; if stdin is not a terminal, its first line is the PIN. The
    /// file that desk.pin_file names holds an argon2id hash of it. A PIN with a name is a volunteer's own: what is done with
    /// it bears the name in the audit. A running desk takes the change at its next start.
    Pin(PinArgs),
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page, or write the pages of all commands to a folder
    Man {
        /// An existing folder; one file for each command is written there
        dir: Option<PathBuf>,
    },
    /// Print a reference, or the help of a command
    ///
    /// Without a topic it lists the topics. On a terminal the text is shown by $PAGER, or by less.
    Help {
        /// A topic (`yingxin help` lists them), or a command such as `store backup`
        topic: Vec<String>,
    },
}

/// The options of `yingxin pin`.
#[derive(Debug, Args)]
pub struct PinArgs {
    /// Set the PIN of this volunteer: a name or a number, at most ten Chinese characters
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// List the names that have a PIN
    #[arg(long, conflicts_with_all = ["name", "remove"])]
    pub list: bool,
    /// Take the PIN of this volunteer away; `-` for the PIN for all
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "name",
        allow_hyphen_values = true
    )]
    pub remove: Option<String>,
    /// Set the administrator's secret instead, 12 characters or more: typed like a PIN, it ends the pause after wrong ones
    #[arg(long, conflicts_with_all = ["name", "list", "remove"])]
    pub lift: bool,
}

/// The options of `yingxin setup`.
#[derive(Debug, Args)]
pub struct SetupArgs {
    /// The answers, a TOML file
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Make this desk of an export; it asks for the passphrase and the desk's number
    #[arg(long, value_name = "FILE", conflicts_with = "answers")]
    pub from: Option<PathBuf>,
    /// A private file with the export's passphrase, in place of typing it
    #[arg(long, value_name = "FILE", requires = "from")]
    pub passphrase_file: Option<PathBuf>,
    /// Print a commented file of answers to fill in
    #[arg(long, exclusive = true)]
    pub template: bool,
    /// The number of this desk, 1 to 999, whatever the answers say
    #[arg(long, value_name = "NUMBER", value_parser = desk_number)]
    pub desk: Option<DeskNumber>,
    /// Put the new settings in the place of others that are there
    #[arg(long)]
    pub replace: bool,
    /// Make this machine a desk and nothing else afterwards, from its next start on (as root, with yingxin-kiosk)
    #[arg(long)]
    pub lock: bool,
}

fn desk_number(text: &str) -> Result<DeskNumber, String> {
    let number = text
        .parse()
        .ok()
        .and_then(|number| DeskNumber::new(number).ok());
    number.ok_or_else(|| both!("a desk's number is 1 to 999", "台号是 1 到 999"))
}

/// The options of `yingxin doctor`.
#[derive(Debug, Default, Args)]
pub struct DoctorArgs {
    /// Print JSON, one finding on each line; the terminal is not queried then
    #[arg(long)]
    pub json: bool,
    /// Send one text message to this number, which should be your own
    #[arg(long, value_name = "NUMBER")]
    pub sms: Option<String>,
}

/// The options of `yingxin card`.
#[derive(Debug, Args)]
pub struct CardArgs {
    /// Print the page for the wall instead, with the registration code
    #[arg(long)]
    pub poster: bool,
    /// Print text instead of HTML
    #[arg(long, conflicts_with = "poster")]
    pub text: bool,
}

/// The options of `yingxin report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The day, or the first and the last: 2026-09-01, 2026-09-01..2026-09-07 (default: today)
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayRange>,
    /// text for a terminal, csv for Excel, html to print, json for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
    /// Also list each visit with its student; asks for the PIN, and the journal records the access
    #[arg(long)]
    pub persons: bool,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Text with bars.
    Text,
    /// Comma-separated values that Excel opens.
    Csv,
    /// One page that needs no other file.
    Html,
    /// One object.
    Json,
}

/// The days of a report; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl FromStr for DayRange {
    type Err = String;

    fn from_str(text: &str) -> Result<DayRange, String> {
        let date = |text: &str| -> Result<Date, String> {
            text.trim().parse().map_err(|_| {
                both!(
                    "write a day as 2026-09-01, or two as 2026-09-01..2026-09-07",
                    "日期写作 2026-09-01，两天写作 2026-09-01..2026-09-07"
                )
            })
        };
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (date(first)?, date(last)?);
        if last < first {
            return Err(both!(
                "the last day is before the first",
                "最后一天早于第一天"
            ));
        }
        Ok(DayRange { first, last })
    }
}

/// The options of `yingxin qr`.
#[derive(Debug, Args)]
pub struct QrArgs {
    /// The text of the code
    #[arg(required_unless_present = "read", conflicts_with = "read")]
    pub text: Option<String>,
    /// Print the text of the QR code in this image instead
    #[arg(long, value_name = "IMAGE", conflicts_with = "scale")]
    pub read: Option<PathBuf>,
    /// The width of a module in columns: auto, 1, 2, ...
    #[arg(long, value_name = "N", default_value = "auto")]
    pub scale: Scale,
}

/// The size of a printed QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// The largest size that fits the window.
    #[default]
    Auto,
    /// The width of a module in cells, 1 to 32.
    By(u16),
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        match text {
            "auto" => Ok(Scale::Auto),
            _ => match text.parse() {
                Ok(scale @ 1..=32) => Ok(Scale::By(scale)),
                _ => Err(both!(
                    "write auto, or a number from 1 to 32",
                    "请写 auto，或 1 到 32 的数"
                )),
            },
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scale::Auto => f.write_str("auto"),
            Scale::By(scale) => write!(f, "{scale}"),
        }
    }
}

impl GlobalArgs {
    /// The same options in the form that the configuration reads.
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            store: self.store.clone(),
            lang: self.lang,
            theme: self.theme.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
