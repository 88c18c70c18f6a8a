//! The commands below `config`, `desk`, `pack`, `visits`, `store`, `clock`, `audit`, `tickets`, `roster` and `theme`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DayRange;

/// The commands of `yingxin config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a commented yingxin.toml; an existing one is left alone
    Init,
    /// Print the settings in effect and their sources; secrets are never printed
    Check,
}

/// The commands of `yingxin desk`.
#[derive(Debug, Subcommand)]
pub enum DeskCommand {
    /// Write configuration, pack, secrets, PINs and roster into a file that a passphrase seals
    ///
    /// The file is in the age format. The desk's key and visits are never in it. On the next machine:
    /// `yingxin setup --from FILE`.
    Export(ExportArgs),
    /// Bring this desk up to date with a later export
    ///
    /// It keeps its number, its store and its visits. A running desk takes it when nobody stands there.
    Import(ImportArgs),
}

/// The options of `yingxin desk export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The file to write, or - for the standard output; an existing file is left alone
    pub file: PathBuf,
    /// Leave out the secrets of the gateways
    #[arg(long)]
    pub without_secrets: bool,
    /// Leave out the list of expected students
    #[arg(long)]
    pub without_roster: bool,
    /// A private file with the passphrase, in place of typing it
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// The options of `yingxin desk import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The export
    pub file: PathBuf,
    /// A private file with the passphrase, in place of typing it
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// The commands of `yingxin pack`.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Write a commented campus pack; an existing file is left alone
    New {
        /// The file to write; without it stdout
        file: Option<PathBuf>,
    },
    /// Name each fault of a pack by line and key, and the values that it leaves open
    Check {
        /// The pack
        file: PathBuf,
    },
}

/// The commands of `yingxin visits`.
#[derive(Debug, Subcommand)]
pub enum VisitsCommand {
    /// List the visits, masked
    List {
        /// Print JSON: one array
        #[arg(long)]
        json: bool,
    },
    /// Destroy the encryption keys of all visits of one student
    ///
    /// The command asks for the PIN. It also destroys the keys of visits that have ended and removes the student from the
    /// roster. It prints a receipt without personal data.
    Forget {
        /// The student number
        number: String,
    },
}

/// The commands of `yingxin store`.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Read the whole store, change nothing, and report each kind of damage
    ///
    /// Exit code 0: sound. 65: something is damaged or lost. 73: the disk cannot be written. 77: the desk key is missing
    /// or belongs to another desk.
    Check,
    /// Rebuild the database from the journal
    Rebuild,
    /// Write an encrypted backup file, also while a desk runs
    ///
    /// Only this desk's key opens it, and the key is not in it. The backup holds the visit keys of its day: a student who
    /// is erased later is still in it, so it expires.
    Backup {
        /// The file to write; an existing one is left alone
        file: PathBuf,
        /// The number of days until it expires
        #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires: u32,
    },
    /// Create the store from a backup; an existing store is left alone
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Print counts and sizes, without personal data
    Stats,
    /// Create a new desk key; old records stay readable until they expire
    Rekey,
}

/// The commands of `yingxin clock`.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Say that the clock is right: old visits are deleted and pickup numbers run out by it again
    ///
    /// A desk that finds a clock which does not fit its records deletes nothing until a server's clock agrees, a volunteer
    /// confirms it (F10, L), or this command does. It asks for the PIN; if stdin is not a terminal, its first line is the PIN.
    Confirm,
}

/// The commands of `yingxin audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Find removed, changed and reordered records, and a truncated journal
    Verify {
        /// Compare the journal with the seals in this file as well: lines of `audit seal`, a report or a receipt
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Print a signed line that says how far the journal goes: keep it elsewhere, on paper or on a stick
    Seal,
    /// Accept the journal as it is, after its end mark was lost
    ///
    /// Look at `audit verify` first, and compare the last record with what was kept elsewhere. The command asks for the PIN;
    /// no desk may run.
    Accept,
    /// Show the events of a visit, masked
    Show {
        /// A pickup number, a ticket number, or the 32 characters of a visit's id
        visit: String,
        /// Show personal data; asks for the PIN, and the journal records the access
        #[arg(long)]
        unmasked: bool,
    },
    /// List what volunteers did with PINs of their own, masked, and count it by name; a deletion bears no name
    Shifts {
        /// The day, or the first and the last: 2026-09-01, 2026-09-01..2026-09-07 (default: today)
        #[arg(long, value_name = "DAY")]
        day: Option<DayRange>,
    },
}

/// The commands of `yingxin tickets`.
#[derive(Debug, Subcommand)]
pub enum TicketsCommand {
    /// List all tickets, masked, also the solved ones
    List,
    /// Show one ticket: the script of the call, and its answers
    Show {
        /// A ticket's number, such as 017-4822: the pickup number; hyphens and spaces do not matter
        number: String,
    },
    /// Print all tickets, one line for each call
    Export {
        /// csv opens in Excel; json is one array
        #[arg(long, value_name = "FORMAT", default_value = "csv")]
        format: ExportFormat,
    },
}

/// The commands of `yingxin roster`.
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Replace the list
    ///
    /// CSV as Excel writes it, in UTF-8 or GBK, or XLSX. The columns are found by their headings, on every sheet that the
    /// workbook shows. A faulty row is reported with its line and column, and then no row is imported.
    Import(RosterImportArgs),
    /// Print the number of entries
    Stats,
    /// Remove the list
    Clear,
}

/// The options of `yingxin roster import`.
#[derive(Debug, Args)]
pub struct RosterImportArgs {
    /// The list: .csv or .xlsx
    pub file: PathBuf,
    /// The heading of the student numbers (default: 学号)
    #[arg(long, value_name = "HEADING")]
    pub number: Option<String>,
    /// The heading of the names (default: 姓名)
    #[arg(long, value_name = "HEADING")]
    pub name: Option<String>,
    /// The heading of the mobile numbers (default: 手机号, if the column exists)
    #[arg(long, value_name = "HEADING")]
    pub mobile: Option<String>,
    /// The only sheet of a workbook that is read (default: every sheet that it shows)
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Skip faulty rows and import the others
    #[arg(long)]
    pub skip_faulty: bool,
    /// Print what would be imported, and import nothing
    #[arg(long)]
    pub check: bool,
}

/// The formats of an export of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated values that Excel opens.
    Csv,
    /// One array.
    Json,
}

/// The commands of `yingxin theme`.
#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// List the available themes
    List,
    /// Show the colours of a theme
    Preview {
        /// The theme
        name: String,
    },
}
