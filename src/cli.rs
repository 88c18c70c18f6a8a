//! The command line: what may be asked of the program, and its help. It does nothing.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Flags;
use crate::text::Lang;

const TEMPLATE: &str =
    "{about}\n\n{usage-heading} {usage}\n\n{before-help}\n{options}\n\n{after-help}";

const COMMANDS: &str = "\
\x1b[1;4mAt the desk:\x1b[0m
  kiosk        Run a real desk, as yingxin.toml tells it to be (the default)
  practice     Run a desk with a campus of its own: nothing in it is real
  pin          Set the volunteer's PIN
  visits       list, masked; forget NUMBER on request, with the PIN
  tickets      list, show NUMBER or export what is for the hotline, with the PIN

\x1b[1;4mBefore the doors open:\x1b[0m
  config init  Write a commented yingxin.toml
  config check Show what holds here and where it came from
  doctor       Check the terminal, the store, the clock and each gateway
  pack new     Write a commented campus pack
  pack check   Name what is wrong or left open in one
  roster       import FILE, stats or clear: who is expected
  theme        list, or preview NAME
  qr           Print a QR code, or read one from an image

\x1b[1;4mFor trainers and administrators:\x1b[0m
  store        check, rebuild, backup, restore, stats or rekey
  audit        verify the journal, or show a visit's story
  campus       Run the practice campus alone
  completions  Print the shell's completions
  help         Print this, or the help of a command

\x1b[1;4mOptions, before or after a command:\x1b[0m";

const AFTER: &str = "\
\x1b[1;4mExamples:\x1b[0m
  yingxin practice                        try everything, on this machine alone
  yingxin config init && yingxin pin      prepare a real desk
  yingxin --lang en --theme light         begin in English, in light colours
  yingxin qr --read poster.jpg            what does the poster's code say?
  yingxin qr https://example.edu.cn/      as large as this window allows

\x1b[1;4mExit codes:\x1b[0m
   0 all went well            1 failure                 2 wrong command line
  65 wrong data              66 a file or terminal that is not there
  69 the campus is not there 73 cannot create a file   74 reading or writing failed
  75 another desk runs here  77 no permission          78 wrong configuration";

/// 迎新台: a registration kiosk for orientation week.
#[derive(Debug, Parser)]
#[command(
    name = "yingxin",
    version,
    about = "yingxin (迎新台): a registration kiosk for orientation week, in a terminal",
    help_template = TEMPLATE,
    before_help = COMMANDS,
    after_help = AFTER,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub everywhere: Everywhere,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Everywhere {
    /// The configuration [~/.config/yingxin/yingxin.toml, else /etc/yingxin/yingxin.toml]
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where visits are kept
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The language the desk begins in
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "LANG")]
    pub lang: Option<LangName>,
    /// The desk's theme
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "NAME")]
    pub theme: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangName {
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
    #[value(name = "en")]
    En,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a real desk, as yingxin.toml tells it to be (the default)
    Kiosk,
    /// Run a desk with a campus of its own: nothing in it is real
    ///
    /// It has a store of its own and never reaches a real campus. The first PIN is printed and shown. Everybody's
    /// password is `practice-` and the last four digits of the student number: 20260001 signs in with practice-0001.
    Practice {
        /// Where the practice campus listens, on this machine alone
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Sign in on the practice phone (F9) by OpenID Connect's device grant, with the password form beside it
        #[arg(long)]
        oidc: bool,
    },
    /// Run the practice campus alone
    ///
    /// It prints where it listens and runs until it is told to stop.
    Campus {
        /// Where it listens, on this machine alone; port 0 takes a free one
        #[arg(long, value_name = "ADDRESS")]
        listen: SocketAddr,
        /// Where it keeps its state
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
    },
    /// Print a QR code, or read one from an image
    #[command(arg_required_else_help = true)]
    Qr(Qr),
    /// Write or check the configuration
    #[command(subcommand)]
    Config(Config),
    /// Check the terminal, the store, the clock and each gateway
    ///
    /// Each finding is pass, warn or fail, with what to do; the exit code is 1 where one is fail. Gateways are asked what
    /// changes nothing; with a test account ([doctor] in yingxin.toml) they are signed in to. A running desk shows the
    /// same in the volunteer's panel.
    Doctor(Doctor),
    /// Write or check a campus pack
    #[command(subcommand)]
    Pack(Pack),
    /// List the visits, or forget somebody
    #[command(subcommand)]
    Visits(Visits),
    /// Look the store over, mend it, back it up, change its key
    #[command(subcommand)]
    Store(Store),
    /// Verify the journal, or tell a visit's story
    #[command(subcommand)]
    Audit(Audit),
    /// List, show or export the tickets for the hotline
    ///
    /// The PIN is asked for and not shown; where the input is no terminal, its first line is the PIN.
    #[command(subcommand)]
    Tickets(Tickets),
    /// Import the list of those who are expected, or clear it
    ///
    /// While the campus does not answer, a desk finds a student's name in it. Being listed proves nothing.
    #[command(subcommand)]
    Roster(Roster),
    /// List or preview the themes
    #[command(subcommand)]
    Theme(Theme),
    /// Set the volunteer's PIN
    ///
    /// It is asked for twice and not shown; where the input is no terminal, its first line is the PIN. What is kept is
    /// an argon2id hash, in the file that desk.pin_file names.
    Pin,
    /// Print the shell's completions
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// As JSON, one finding a line; the terminal is not asked then
    #[arg(long)]
    pub json: bool,
    /// Send one message to this number, which should be your own
    #[arg(long, value_name = "NUMBER")]
    pub sms: Option<String>,
}

#[derive(Debug, Args)]
pub struct Qr {
    /// What the code says
    #[arg(required_unless_present = "read", conflicts_with = "read")]
    pub text: Option<String>,
    /// Print what an image's QR code says instead
    #[arg(long, value_name = "IMAGE", conflicts_with = "scale")]
    pub read: Option<PathBuf>,
    /// How many columns a module is wide: auto, 1, 2, ...
    #[arg(long, value_name = "N", default_value = "auto")]
    pub scale: Scale,
}

/// How large a code is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// As large as the window allows.
    #[default]
    Auto,
    /// Cells a module is wide.
    By(u16),
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        match text {
            "auto" => Ok(Scale::Auto),
            _ => match text.parse() {
                Ok(scale @ 1..=32) => Ok(Scale::By(scale)),
                _ => Err("write auto, or a number from 1 to 32".to_owned()),
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

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Write a commented yingxin.toml; an existing one is left alone
    Init,
    /// Show what holds here and where it came from; secrets are never shown
    Check,
}

#[derive(Debug, Subcommand)]
pub enum Pack {
    /// Write a commented campus pack; an existing file is left alone
    New {
        /// Where to; stdout where it is left out
        file: Option<PathBuf>,
    },
    /// Name each fault of a pack by line and key, and what it leaves open
    Check { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Visits {
    /// List the visits, masked
    List {
        /// As JSON: one array
        #[arg(long)]
        json: bool,
    },
    /// Destroy the keys of all visits of whoever has this student number
    ///
    /// The PIN is asked for. Visits that have ended are destroyed too, and the row of the roster. A receipt is printed;
    /// it names nobody.
    Forget { number: String },
}

#[derive(Debug, Subcommand)]
pub enum Store {
    /// Read everything, change nothing, and tell each kind of damage apart
    ///
    /// 0 where all is sound, 65 where something is damaged or lost, 73 where the disk cannot be written, 77 where the
    /// desk's key is lost or another's.
    Check,
    /// Build the database anew from the journal
    Rebuild,
    /// Write one sealed file, also while a desk runs
    ///
    /// It opens only with this desk's key, which is not in it. It holds the visits' keys of its day: whoever is forgotten
    /// later still stands in it, so it has an end.
    Backup {
        /// Where to; an existing file is left alone
        file: PathBuf,
        /// For how many days it may be restored
        #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires: u32,
    },
    /// Make the store anew from a backup, where there is none
    Restore { file: PathBuf },
    /// Print counts and sizes, of nobody
    Stats,
    /// Begin a new desk key; old records stay readable until they are dropped
    Rekey,
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Find removed, changed and reordered records, and a journal that was cut
    Verify,
    /// Tell a visit's story, masked
    Show {
        /// A pickup number, a ticket's number, or a visit's 32 characters
        visit: String,
        /// Name the person; the PIN is asked for, and the journal notes it
        #[arg(long)]
        unmasked: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Tickets {
    /// List the tickets, masked, solved ones too
    List,
    /// Show a ticket whole: the script of the call, and what was answered
    Show {
        /// Such as TA347XK; case and spaces do not matter
        number: String,
    },
    /// Print all tickets whole, a line a call
    Export {
        /// csv opens in Excel; json is one array
        #[arg(long, value_name = "FORMAT", default_value = "csv")]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Put a list in the place of the one before
    ///
    /// CSV as Excel writes it, in UTF-8 or GBK, or XLSX. The columns are found by their headings. A row with a fault is
    /// named by its line and column, and then none is imported.
    Import(RosterImport),
    /// Say how many are listed
    Stats,
    /// Take the list away
    Clear,
}

#[derive(Debug, Args)]
pub struct RosterImport {
    /// The list: .csv or .xlsx
    pub file: PathBuf,
    /// What stands over the student numbers [学号]
    #[arg(long, value_name = "HEADING")]
    pub number: Option<String>,
    /// What stands over the names [姓名]
    #[arg(long, value_name = "HEADING")]
    pub name: Option<String>,
    /// What stands over the mobile numbers [手机号, where there is such a column]
    #[arg(long, value_name = "HEADING")]
    pub mobile: Option<String>,
    /// The sheet of a workbook [the first]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Leave rows with a fault out and import the others
    #[arg(long)]
    pub skip_faulty: bool,
}

/// How tickets are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Csv,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Theme {
    /// List the themes there are
    List,
    /// Show a theme's colours
    Preview { name: String },
}

impl Everywhere {
    /// For the configuration.
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            store: self.store.clone(),
            lang: self.lang.map(|lang| match lang {
                LangName::Zh => Lang::Zh,
                LangName::En => Lang::En,
            }),
            theme: self.theme.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_its_help_names_every_command() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            let line = format!("\n  {}", command.get_name());
            assert!(COMMANDS.contains(&line), "{}", command.get_name());
        }
    }

    #[test]
    fn a_scale_is_auto_or_a_small_number() {
        assert_eq!("auto".parse(), Ok(Scale::Auto));
        assert_eq!("2".parse(), Ok(Scale::By(2)));
        for bad in ["0", "-1", "33", "large", ""] {
            assert!(bad.parse::<Scale>().is_err(), "{bad}");
        }
    }

    #[test]
    fn wrong_lines_are_refused() {
        let parse = |line: &str| Cli::try_parse_from(line.split_whitespace()).map(|_| ());
        for line in [
            "yingxin",
            "yingxin --lang en practice",
            "yingxin practice --store /tmp/x --listen 127.0.0.1:8080",
            "yingxin campus --listen 127.0.0.1:0 --state /tmp/x",
            "yingxin qr https://a.example/ --scale 2",
            "yingxin qr --read a.png",
            "yingxin visits list --json",
            "yingxin tickets export --format json",
            "yingxin tickets show ta347xk",
            "yingxin roster import list.csv --number 考号 --skip-faulty",
            "yingxin roster stats",
            "yingxin visits forget 20260001",
            "yingxin store backup a.backup --expires 3",
            "yingxin audit show A347XK --unmasked",
            "yingxin completions bash",
            "yingxin doctor",
            "yingxin doctor --json --sms 13800138000",
            "yingxin pack new",
            "yingxin pack new my.toml",
            "yingxin pack check my.toml",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
        for line in [
            "yingxin kosk",
            "yingxin --lang fr",
            "yingxin campus",
            "yingxin qr",
            "yingxin qr a --read a.png",
            "yingxin qr a --scale 0",
            "yingxin practice --listen nowhere",
            "yingxin visits",
            "yingxin tickets export --format xls",
            "yingxin roster import",
            "yingxin store",
            "yingxin store backup a.backup --expires 0",
            "yingxin audit show",
            "yingxin pack",
            "yingxin pack check",
        ] {
            assert_eq!(parse(line).map_err(|e| e.exit_code()), Err(2), "{line}");
        }
    }
}
