//! The text of `yingxin --help` that clap does not generate: the commands by task, examples, exit codes.

/// The order of the parts of `yingxin --help`.
pub const TEMPLATE: &str =
    "{about}\n\n{usage-heading} {usage}\n\n{before-help}\n{options}\n\n{after-help}";

/// Each command in a line, by the time of day it is needed.
pub const COMMANDS: &str = "\
\x1b[1;4mAt the desk:\x1b[0m
  kiosk        Run a real desk, as yingxin.toml configures it (the default)
  practice     Run a desk with a simulated campus: nothing in it is real
  pin          Set the volunteer's PIN
  visits       list visits, masked; forget NUMBER erases a student (asks for the PIN)
  tickets      list, show NUMBER or export the hotline tickets (asks for the PIN)
  card         Print the volunteer's page, or (--poster) the page for the wall
  report       The numbers of a day: text, csv, html or json

\x1b[1;4mBefore the doors open:\x1b[0m
  setup        Make a desk by a form, from answers or from an export; and check it
  desk         export FILE or import FILE: the same desk on the next machine
  config init  Write a commented yingxin.toml
  config check Print the settings in effect and their sources
  doctor       Check the terminal, the store, the clock and each gateway
  pack new     Write a commented campus pack
  pack check   Name the faults and the open values of a pack
  roster       import FILE, stats or clear: the list of expected students
  theme        list, or preview NAME
  qr           Print a QR code, or read one from an image

\x1b[1;4mFor trainers and administrators:\x1b[0m
  store        check, rebuild, backup, restore, stats or rekey
  clock        confirm: this machine's clock is right
  audit        verify or accept the journal, or show the events of a visit
  campus       Run the simulated campus alone
  completions  Print a shell completion script
  man          Print the man page, or write all of them to a folder
  help         Print a reference (help TOPIC) or the help of a command

\x1b[1;4mOptions, before or after a command:\x1b[0m";

/// Examples and exit codes.
pub const AFTER: &str = "\
\x1b[1;4mExamples:\x1b[0m
  yingxin practice                        try everything, on this machine alone
  yingxin config init && yingxin pin      prepare a real desk
  yingxin --lang en --theme light         begin in English, in light colours
  yingxin qr --read poster.jpg            print the text of the poster's code
  yingxin qr https://example.edu.cn/      as large as this window allows
  yingxin help config                     every setting of yingxin.toml

\x1b[1;4mExit codes:\x1b[0m
   0 success                  1 failure                 2 wrong command line
  65 wrong data              66 no such file or terminal
  69 the campus does not answer
  73 cannot create a file    74 reading or writing failed
  75 another desk runs here  77 no permission          78 wrong configuration";
