//! `yingxin man [DIR]`: the man pages, generated from the definitions of the command line, in its language.

use std::io;
use std::path::Path;

use clap::Command;

use super::say;
use crate::cli::Cli;
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::{both, lang};
use crate::text::Lang;

/// The headings that the generator writes, and what else is its own, with the Chinese for it.
const OWN_WORDS: [(&str, &str); 12] = [
    (".SH NAME\n", ".SH 名称\n"),
    (".SH SYNOPSIS\n", ".SH 用法\n"),
    (".SH DESCRIPTION\n", ".SH 说明\n"),
    (".SH OPTIONS\n", ".SH 选项\n"),
    (".SH SUBCOMMANDS\n", ".SH 命令\n"),
    (".SH EXTRA\n", ".SH 例子与退出码\n"),
    (".SH VERSION\n", ".SH 版本\n"),
    ("[\\fIOPTIONS\\fR]", "[\\fI选项\\fR]"),
    ("[default: ", "[默认："),
    ("[possible values: ", "[可以是："),
    ("Possible values:", "可以是："),
    ("[\\fISUBCOMMAND\\fR]", "[\\fI命令\\fR]"),
];

/// Prints the man page of the program, or writes it and those of all commands to a folder.
///
/// # Errors
/// The folder does not exist or cannot be written, or stdout cannot be written.
pub fn run(dir: Option<&Path>) -> CliResult<()> {
    let mut command = Cli::command_in(lang());
    match dir {
        Some(dir) => {
            command = command.disable_help_subcommand(true);
            command.build();
            write(&command, dir).map_err(|e| {
                let doing = both!("cannot write to {}", "写不进 {}", dir.display());
                CliError::io(doing, &e)
            })
        }
        None => {
            let page = page(&command).map_err(|e| {
                CliError::io(both!("cannot generate the man page", "手册页生成不了"), &e)
            })?;
            say(&page)
        }
    }
}

/// Writes the pages of a command and of those below it.
fn write(command: &Command, dir: &Path) -> io::Result<()> {
    for inner in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        write(inner, dir)?;
    }
    let name = command.get_display_name().unwrap_or(command.get_name());
    std::fs::write(dir.join(format!("{name}.1")), page(command)?)
}

/// The page of a command.
fn page(command: &Command) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    Ok(match lang() {
        Lang::En => page,
        Lang::Zh => OWN_WORDS
            .iter()
            .fold(page, |page, (en, zh)| page.replace(en, zh)),
    })
}
