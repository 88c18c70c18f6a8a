//! `yingxin help [TOPIC]`: a reference, or the help of a command, in a pager if stdout is a terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

use clap::CommandFactory;
use rustix::fs::{MemfdFlags, memfd_create};

use super::say;
use crate::cli::Cli;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::environment;
use crate::help::{TOPICS, find, plain_text};
use crate::table::suggest;

/// The widest text, in cells: longer lines are hard to read.
const WIDEST: usize = 100;
/// The width if stdout is no terminal, in cells.
const DEFAULT_WIDTH: usize = 80;

/// Prints the topics, a topic, or the help of a command. A command and a topic of the same name, such as `store`, are
/// printed one after the other.
///
/// # Errors
/// There is no such topic or command, or stdout cannot be written.
pub fn run(words: &[String]) -> CliResult<()> {
    if words.is_empty() {
        return show(&list());
    }
    let width = width();
    let command = command_help(words);
    let topic = match words {
        [word] => find(word).map(|topic| plain_text(topic.markdown, width)),
        _ => None,
    };
    let parts: Vec<String> = [command, topic].into_iter().flatten().collect();
    if parts.is_empty() {
        return Err(unknown(&words.join(" ")));
    }
    show(&parts.join("\n\n"))
}

/// The list of topics.
fn list() -> String {
    let topics: String = TOPICS
        .iter()
        .map(|topic| format!("  {:<11}{}\n", topic.name, topic.about))
        .collect();
    format!(
        "Topics, by `yingxin help TOPIC`:\n\n{topics}\nCommands: `yingxin --help` lists them, `yingxin help COMMAND` \
         explains one.\n"
    )
}

/// clap's help of the command that these words name, such as `store backup`.
fn command_help(words: &[String]) -> Option<String> {
    let mut command = Cli::command();
    command.build();
    let mut found = &mut command;
    for word in words {
        found = found.find_subcommand_mut(word)?;
    }
    Some(found.render_long_help().to_string())
}

fn unknown(name: &str) -> CliError {
    let command = Cli::command();
    let names: Vec<&str> = TOPICS
        .iter()
        .flat_map(|topic| topic.aliases.iter().copied().chain([topic.name]))
        .chain(command.get_subcommands().map(|command| command.get_name()))
        .collect();
    let hint = suggest(name, &names);
    let remedy = if hint.starts_with("did you mean") {
        hint
    } else {
        "`yingxin help` lists the topics, `yingxin --help` the commands".to_owned()
    };
    CliError::new(
        Exit::Usage,
        format!("there is no topic or command {name:?}"),
        remedy,
    )
}

/// The width of the text, in cells.
fn width() -> usize {
    let columns = if io::stdout().is_terminal() {
        rustix::termios::tcgetwinsize(io::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
    } else {
        None
    };
    columns
        .filter(|columns| *columns > 0)
        .unwrap_or(DEFAULT_WIDTH)
        .min(WIDEST)
}

/// Prints the text: on a terminal with `$PAGER`, `less` or `more`, else directly.
fn show(text: &str) -> CliResult<()> {
    if io::stdout().is_terminal() {
        page(text);
    }
    say(text)
}

/// Replaces this process by a pager that reads the text; returns only if there is none. The pager takes the place of
/// the process so that Ctrl-C reaches the pager alone.
fn page(text: &str) {
    let Ok(file) = in_memory(text) else {
        return;
    };
    let chosen = environment("PAGER").unwrap_or_default();
    for candidate in [chosen.as_str(), "less -R", "more"] {
        let mut words = candidate.split_whitespace();
        let (Some(program), Ok(input)) = (words.next(), file.try_clone()) else {
            continue;
        };
        let mut pager = Command::new(program);
        pager.args(words).stdin(input);
        if environment("LESS").is_none() {
            // Ends by itself if the text fits the screen, and leaves it there.
            pager.env("LESS", "FRX");
        }
        // `exec` returns only if the program cannot be started.
        let _ = pager.exec();
    }
}

/// A file without a name that holds the text.
fn in_memory(text: &str) -> io::Result<File> {
    let mut file = File::from(memfd_create("yingxin-help", MemfdFlags::CLOEXEC)?);
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}
